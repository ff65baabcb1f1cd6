"""What all tests share: a data folder of their own, and settings that point at it."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestration.language import speak
from orchestration.settings import Settings
from tests.lib.small_release import make_release


@pytest.fixture(autouse=True)
def spoken() -> None:
    """What is told is told in English, until a test or what it runs speaks Dutch."""
    speak("en")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty data folder."""
    monkeypatch.setenv("VT_HOME", str(tmp_path / "vt"))
    return Settings()


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with a release of a small registration; not to be changed. Its tests are of the group ``released``: made once."""
    return make_release(tmp_path_factory.mktemp("uitgave") / "vt")


@pytest.fixture
def webhook() -> Iterator[tuple[list[dict[str, Any]], str]]:
    with listening() as heard:
        yield heard


@contextmanager
def listening() -> Iterator[tuple[list[dict[str, Any]], str]]:
    """A web server on this machine, for alerts: the messages that it got, and its address as VT_ALARM_NAAR has it."""
    received: list[dict[str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield received, f"json://127.0.0.1:{server.server_address[1]}/alarm"
    finally:
        server.shutdown()
