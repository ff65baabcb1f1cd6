"""A server that answers as Amsterdam's API of areas does, in HAL, with squares for borders; faults are those of ``tests.lib.statline``."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from tests.lib.statline import Handler, Page

WEST, SOUTH, SIDE = 4.7, 52.2, 0.004
"""Where the first square lies, and how wide one is, in degrees."""


@dataclass(frozen=True)
class Place:
    """An area as the service has it; ``inside`` is the code of the area that it lies in. ``squares``: columns and rows of a grid."""

    code: str
    naam: str
    inside: str | None = None
    squares: tuple[tuple[float, float, float, float], ...] = ()
    begins: date = date(2022, 3, 24)


Division = dict[str, list[Place]]
"""By table: stadsdelen, wijken, buurten."""


def division(rows: list[dict[str, str]], begins: date = date(2022, 3, 24)) -> Division:
    """The division of rows in the form of the seed ``buurten``: each buurt a square, larger areas without a shape of their own."""
    found: Division = {"stadsdelen": [], "wijken": [], "buurten": []}
    seen = set[str]()
    for number, row in enumerate(rows):
        column, line = number % 25, number // 25
        square = (column, line, column + 1, line + 1)
        places = (
            ("stadsdelen", Place(row["stadsdeel_code"], row["stadsdeel"], None, (square,), begins)),
            ("wijken", Place(row["wijk_code"], row["wijk"], row["stadsdeel_code"], (square,), begins)),
            ("buurten", Place(row["buurt_code"], row["buurt"], row["wijk_code"], (square,), begins)),
        )
        for table, place in places:
            if place.code not in seen:
                seen.add(place.code)
                found[table].append(place)
    return found


def change(places: Division, code: str, *, table: str = "buurten", **fields: Any) -> Division:
    """The same division with another name, place or shape of one area."""
    return {**places, table: [replace(p, **fields) if p.code == code else p for p in places[table]]}


def without(places: Division, *codes: str, table: str = "buurten") -> Division:
    """The same division without some areas."""
    return {**places, table: [p for p in places[table] if p.code not in codes]}


def added(places: Division, *more: Place, table: str = "buurten") -> Division:
    """The same division with more areas."""
    return {**places, table: [*places[table], *more]}


class Areas(http.server.ThreadingHTTPServer):
    """The service: a division by the day from which it holds, ``asked`` the paths, ``headers`` of the last question, ``fault``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.divisions: dict[date, Division] = {}
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        self.fault: Callable[[Any, str], bool] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1/gebieden"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(Handler):
    server: Areas  # type: ignore[assignment]

    def do_GET(self) -> None:  # noqa: N802  # its name
        self.server.asked.append(self.path)
        self.server.headers = dict(self.headers)
        if "json" not in self.headers.get("Accept", ""):
            self.send_json({"detail": "Not Acceptable"}, 406)
        elif self.server.fault is None or not self.server.fault(self, unquote(self.path)):
            self.answer()

    def _found(self) -> Page | None:
        parts = urlsplit(self.path)
        table = parts.path.removeprefix("/v1/gebieden/").strip("/")
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        day, number, size = date.fromisoformat(asked["geldigOp"]), int(asked.get("page", 1)), int(asked.get("_pageSize", 20))
        places = self.server.divisions[max(d for d in self.server.divisions if d <= day)][table]
        chosen = places[(number - 1) * size : number * size]
        degrees = self.headers.get("Accept-Crs") == "EPSG:4326"
        page: Page = {
            "_links": {"self": {"href": f"{self.server.address}/{table}/"}},
            "_embedded": {table: [_item(table, place, degrees=degrees) for place in chosen]},
            "page": {"number": number, "size": size, "totalElements": len(places), "totalPages": -(-len(places) // size)},
        }
        if number * size < len(places):
            page["_links"]["next"] = {"href": f"{self.server.address}/{table}/?{urlencode({**asked, 'page': number + 1})}"}
        return page


def _item(table: str, place: Place, *, degrees: bool) -> Page:
    links: Page = {"self": {"identificatie": f"0363{place.code}", "volgnummer": 1}}
    if place.inside is not None:
        links["ligtInWijk" if table == "buurten" else "ligtInStadsdeel"] = {"identificatie": f"0363{place.inside}", "volgnummer": 1}
    return {
        "_links": links,
        "code": place.code,
        "naam": place.naam,
        "cbsCode": f"BU0363{place.code}",
        "geometrie": _shape(place, degrees=degrees),
        "beginGeldigheid": place.begins.isoformat(),
        "eindGeldigheid": None,
        "identificatie": f"0363{place.code}",
        "volgnummer": 1,
    }


def _shape(place: Place, *, degrees: bool) -> Page:
    """A Polygon of one square, or a MultiPolygon; in metres of the Dutch grid when degrees were not asked for."""
    polygons = []
    for west, south, east, north in place.squares:
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        if degrees:
            polygons.append([[[WEST + x * SIDE, SOUTH + y * SIDE] for x, y in corners]])
        else:
            polygons.append([[[120_000 + x * 300, 480_000 + y * 300] for x, y in corners]])
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


@contextmanager
def amsterdam() -> Iterator[Areas]:
    """The service on this machine; its divisions are to be filled in."""
    server = Areas()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
