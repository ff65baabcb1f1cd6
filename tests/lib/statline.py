"""A server that answers as CBS' OData 4 does, with invented numbers, and every fault that such a service can have."""

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Page = dict[str, Any]


@dataclass
class Cube:
    """One table: dimensions (name → title), categories (name → code → title), measures (code → title, group), groups, cells."""

    dimensions: dict[str, str]
    categories: dict[str, dict[str, str]]
    measures: dict[str, tuple[str, str | None]]
    cells: list[dict[str, Any]]
    groups: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    modified: str = "2025-03-31T02:00:00+02:00"
    page: int = 400


class Server(http.server.ThreadingHTTPServer):
    """The service: ``cubes`` by table, ``asked`` the paths that were asked for, ``fault`` what answers in the place of some of them.

    A fault gets the handler and the path, and says whether it answered.
    """

    daemon_threads = True

    def __init__(self, handler: type[http.server.BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.cubes: dict[str, Cube] = {}
        self.asked: list[str] = []
        self.fault: Callable[[Any, str], bool] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/odata/v1/CBS"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.server.fault is None or not self.server.fault(self, unquote(self.path)):
            self.answer()

    def log_message(self, *args: Any) -> None:
        return

    def send(self, body: bytes, code: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True

    def send_json(self, data: Any, code: int = 200) -> None:
        self.send(json.dumps(data).encode(), code)

    def answer(self, change: Callable[[Page], None] | None = None) -> None:
        """The answer as it should be, ``change``d."""
        found = self._found()
        if found is None:
            self.send_json({"error": {"code": "404"}}, 404)
            return
        if change:
            change(found)
        self.send_json(found)

    def _found(self) -> Page | None:
        parts = urlsplit(self.path)
        table, _, what = parts.path.removeprefix("/odata/v1/CBS/").partition("/")
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        try:
            cube = self.server.cubes[table]
        except KeyError:
            return None
        if what == "Properties":
            return {"Identifier": table, "Modified": cube.modified}
        return self._paged(table, what, _rows(cube, what, asked.get("$filter", "")), asked, cube.page)

    def _paged(self, table: str, what: str, rows: list[Page] | None, asked: dict[str, str], size: int) -> Page | None:
        if rows is None:
            return None
        start = int(asked.get("$skip", 0))
        page: Page = {"@odata.context": f"{self.server.address}/{table}/$metadata#{what}", "value": rows[start : start + size]}
        if start + size < len(rows):
            rest = f"$skip={start + size}" + (f"&$filter={asked['$filter']}" if "$filter" in asked else "")
            page["@odata.nextLink"] = f"{self.server.address}/{table}/{what}?{rest}".replace(" ", "%20")
        return page


def _rows(cube: Cube, what: str, wanted: str) -> list[Page] | None:
    if what == "Dimensions":
        return [{"Identifier": name, "Title": title} for name, title in cube.dimensions.items()]
    if what == "MeasureCodes":
        return [{"Identifier": code, "Title": title, "MeasureGroupId": group} for code, (title, group) in cube.measures.items()]
    if what == "MeasureGroups":
        return [{"Id": code, "Title": title, "ParentId": within} for code, (title, within) in cube.groups.items()]
    if what.endswith("Codes") and what.removesuffix("Codes") in cube.categories:
        return [{"Identifier": code, "Title": title} for code, title in cube.categories[what.removesuffix("Codes")].items()]
    if what == "Observations":
        conditions = [c.strip("()").split(" or ") for c in wanted.split(" and ")] if wanted else []
        return [dict(cell) for cell in cube.cells if all(any(_holds(cell, c) for c in either) for either in conditions)]
    return None


def _holds(cell: Page, condition: str) -> bool:
    column, _, value = condition.partition(" eq ")
    return bool(cell[column] == value.strip("'").replace("''", "'"))


def cell(measure: str, value: float | None, attribute: str = "None", **dimensions: str) -> Page:
    """One observation as CBS writes it."""
    return {"Id": 1, "Measure": measure, "ValueAttribute": attribute, "Value": value, "StringValue": None, **dimensions}


@contextmanager
def statline() -> Iterator[Server]:
    """The service on this machine; its tables are to be filled in."""
    server = Server(Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# --- faults -------------------------------------------------------------------------------------------------------------------------------


def first(times: int, fault: Callable[[Handler], None], on: str) -> Callable[[Handler, str], bool]:
    """A fault the first so many times that ``on`` stands in what is asked for; after that all is well."""
    left = [times]

    def answer(handler: Handler, path: str) -> bool:
        if on not in path or left[0] == 0:
            return False
        left[0] -= 1
        fault(handler)
        return True

    return answer


def always(fault: Callable[[Handler], None], on: str) -> Callable[[Handler, str], bool]:
    """A fault each time."""
    return first(-1, fault, on)


def first_page(fault: Callable[[Handler], None], on: str) -> Callable[[Handler, str], bool]:
    """A fault each time that the first page of ``on`` is asked for, by one that asks by number: a slow machine asks twice."""

    def answer(handler: Handler, path: str) -> bool:
        if on not in path or "page=2" in path:
            return False
        fault(handler)
        return True

    return answer


def status(code: int) -> Callable[[Handler], None]:
    """An answer with this status."""
    return lambda handler: handler.send_json({"error": code}, code)


def silent(seconds: float) -> Callable[[Handler], None]:
    """No answer, for so long."""

    def fault(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


def cut_off(handler: Handler) -> None:
    """Half of what it says that comes."""
    handler.send(b'{"value": [{"Identifier"', length=100_000)


def no_json(handler: Handler) -> None:
    """A page for people."""
    handler.send(b"<html><body>Onderhoud</body></html>")


def huge(handler: Handler) -> None:
    """More than anybody wants."""
    handler.send(b'{"value": [' + b" " * 3_000_000 + b"]}")


def moved_to(address: str) -> Callable[[Handler], None]:
    """A redirect."""
    return lambda handler: handler.send(b"{}", 302, Location=address)


def changed(change: Callable[[Page], None]) -> Callable[[Handler], None]:
    """The right answer, with something wrong in it."""
    return lambda handler: handler.answer(change)
