"""Superset as somebody starts it, and what a page of it asked for and got."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from orchestration.outputs.superset.serving import PROGRAMS, USER
from tests.lib.browser import Browser
from tests.lib.dagster_pages import free_port
from tests.lib.vt import VT

KEEP = """
window.kept = {asked: [], refused: [], errors: []}
document.addEventListener('securitypolicyviolation', e => window.kept.refused.push(e.blockedURI))
window.addEventListener('error', e => window.kept.errors.push(e.message))
const send = window.fetch
window.fetch = async (...what) => {
    const answer = await send(...what)
    const address = String(what[0].url ?? what[0])
    if (address.includes('/chart/data')) {
        const body = (what[1] ?? {}).body ?? await what[0].clone().text()
        answer.clone().json().then(got => window.kept.asked.push({body: JSON.parse(body), status: answer.status, got}))
    }
    return answer
}
"""
"""On every page: the figures that its charts ask for and get, what its policy refused, and what went wrong."""
PRESS = "e => ['mousedown', 'mouseup', 'click'].forEach(kind => e.dispatchEvent(new MouseEvent(kind, {bubbles: true})))"
BUSY = "document.querySelectorAll('[data-test=loading-indicator], .loading').length"
PATIENCE_S = 180
"""For a page of Superset to come: it is slow where other tests take both cores, and how fast it is, is no test's bound."""


def needs_it() -> None:
    """``make test`` brings it along; without it skip, but not in CI."""
    if not (PROGRAMS / "gunicorn").exists():
        why = "Superset is not installed: make superset"
        assert "CI" not in os.environ, why
        pytest.skip(why)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """``vt superset``; its address as it is told. Nothing of it is there afterwards."""
    needs_it()
    port = free_port()
    environment = {**os.environ, "VT_HOME": str(home)}
    process = subprocess.Popen([VT, "superset", "--port", str(port)], env=environment, stderr=subprocess.PIPE, text=True, cwd="/")
    assert process.stderr is not None
    told = process.stderr.readline()
    if process.poll() not in (None, 0) and "apt-get install" in told and "CI" not in os.environ:
        pytest.skip(told)
    try:
        assert f"http://127.0.0.1:{port}/" in told, told + process.stderr.read()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)
        said = process.stderr.read()
    assert (process.returncode, said) == (0, "")
    assert running(home) == []


def running(home: Path) -> list[str]:
    """Processes that name this folder, on their command line or as where they work."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line, place = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(), os.readlink(process / "cwd")  # noqa: PTH115
        except OSError:
            continue
        if str(home) in line or place.startswith(str(home)):
            found.append(line)
    return found


def password(home: Path) -> str:
    return (home / "superset" / "wachtwoord").read_text(encoding="utf-8").strip()


class Api:
    """What a program asks of Superset, as its administrator."""

    def __init__(self, address: str, home: Path) -> None:
        self._address = address
        self._headers = {"Content-Type": "application/json", "Referer": address}
        self._opened = build_opener(HTTPCookieProcessor())
        given = {"username": USER, "password": password(home), "provider": "db"}
        self._headers["Authorization"] = f"Bearer {self.ask('security/login', given)['access_token']}"
        self._headers["X-CSRFToken"] = self.ask("security/csrf_token/")["result"]

    def ask(self, what: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        data = json.dumps(given).encode() if given is not None else None
        with self._opened.open(Request(f"{self._address}/api/v1/{what}", data, self._headers), timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


class Dashboards:
    """The dashboards in a browser, for somebody who logged in."""

    def __init__(self, browser: Browser, address: str, home: Path) -> None:
        self.browser, self.address = browser, address
        browser.ask("Page.enable")
        browser.ask("Page.addScriptToEvaluateOnNewDocument", source=KEEP)
        browser.watch()
        browser.open(f"{address}/login/")
        self.wait(lambda: browser.run("document.querySelector('input[type=password]') !== null"))
        for field, text in (("input:not([type=password])", USER), ("input[type=password]", password(home))):
            browser.run(f"document.querySelector('{field}').focus()")
            browser.ask("Input.insertText", text=text)
        browser.run("document.querySelector('button[type=submit]').click()")
        self.wait(lambda: browser.run("location.pathname") == "/superset/welcome/")

    def wait(self, until: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not until():
            assert time.monotonic() < end, self.browser.text()
            time.sleep(0.1)

    def open(self, slug: str, charts: int) -> None:
        """A dashboard, when each of its charts has what it asked for."""
        self.browser.open(f"{self.address}/superset/dashboard/{slug}/")
        self.wait(lambda: self.browser.run("location.pathname").endswith(f"/{slug}/"))
        self.settle(charts)

    def settle(self, charts: int) -> None:
        self.wait(lambda: len(self.figures()) >= charts and not self.browser.run(BUSY))

    def kept(self, what: str) -> list[Any]:
        found: list[Any] = self.browser.run(f"window.kept.{what}") or []
        return found

    def figures(self) -> list[dict[str, Any]]:
        """What charts asked for and got since the page was opened; not what the filters did."""
        return [a for a in self.kept("asked") if "slice_id" in a["body"]["form_data"]]

    def outside(self) -> set[str]:
        """Who was asked for anything, beside loopback and what the policy of the page refused."""
        refused = {urlsplit(address).hostname for address in self.kept("refused")}
        asked = {urlsplit(a).hostname or a for a in self.browser.addresses if urlsplit(a).scheme in {"http", "https", "ws", "wss"}}
        return asked - refused - {"127.0.0.1"}

    def choose(self, which: str, value: str) -> None:
        """Choose a value in a filter, and apply it."""
        box = f"document.querySelector('[data-test=NATIVE_FILTER-{which}] .ant-select-selector')"
        self.browser.run(f"({PRESS})({box})")
        option = f"[...document.querySelectorAll('.ant-select-item-option')].find(e => e.innerText.trim() === {json.dumps(value)})"
        self.wait(lambda: self.browser.run(f"{option} !== undefined"))
        self.browser.run(f"({PRESS})({option})")
        self.browser.run("window.kept.asked = []")
        self.apply()

    def apply(self) -> None:
        button = "document.querySelector('[data-test=filter-bar__apply-button]')"
        self.wait(lambda: self.browser.run(f"!{button}.disabled"))
        self.browser.run(f"{button}.click()")
