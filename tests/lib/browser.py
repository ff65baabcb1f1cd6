"""A real browser, for what a person sees on Dagster's pages: a headless Chromium, asked over its own debugging protocol."""

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

from orchestration.settings import PROJECT

SEEN = """text => {
    const holds = [...document.querySelectorAll('body *')].filter(e => e.textContent.includes(text)).pop()
    if (!holds) return false
    const box = holds.getBoundingClientRect()
    const whole = box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0
    const there = [box.top + 2, box.bottom - 2].map(y => document.elementFromPoint(box.left + 2, y))
    return whole && there.every(e => e && (holds.contains(e) || e.contains(holds)))
}"""
"""Whether the innermost element that holds a text lies within the window, its first and last line not covered or cut off."""

GONE = "Inspected target navigated or closed"


def chromium() -> str:
    """The program. Without it a test is skipped, but not in CI."""
    found = subprocess.run([PROJECT / "scripts" / "chromium"], capture_output=True, text=True, check=False)
    if found.returncode == 3 and "CI" not in os.environ:
        pytest.skip(found.stderr.strip())
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


class Browser:
    """One window. A context manager; ``profile`` is a folder of its own."""

    def __init__(self, profile: Path, width: int = 1440, height: int = 900) -> None:
        self._profile = profile
        self._size = f"--window-size={width},{height}"
        self._asked = 0
        self.addresses: list[str] = []
        """What the page asked of whomever, from ``watch`` on: web sockets, and what its own policy refused, too."""

    def __enter__(self) -> "Browser":
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"]
        self._profile.mkdir(parents=True, exist_ok=True)
        self._log = (self._profile / "chromium.log").open("w")
        self._process = subprocess.Popen(
            [chromium(), *flags, self._size, f"--user-data-dir={self._profile}", "--remote-debugging-port=0", "about:blank"],
            stdout=self._log,
            stderr=self._log,
        )
        self._page = self._connected()
        return self

    def _connected(self) -> ClientConnection:
        """Chromium writes down its port when it listens."""
        told = self._profile / "DevToolsActivePort"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if told.exists() and (lines := told.read_text().splitlines()):
                with urlopen(f"http://127.0.0.1:{lines[0]}/json", timeout=60) as answer:
                    (page,) = (p for p in json.load(answer) if p["type"] == "page")
                return connect(page["webSocketDebuggerUrl"], max_size=None, proxy=None)
            time.sleep(0.1)
        raise AssertionError(f"Chromium did not come up: {(self._profile / 'chromium.log').read_text()}")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._page.close()
        self._process.terminate()
        self._process.wait(timeout=60)
        self._log.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._asked += 1
        self._page.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._page.recv(timeout=60))
            match answer.get("params"):
                case {"request": {"url": str(address)}} | {"url": str(address)}:
                    self.addresses.append(address)
                case {"issue": {"details": {"contentSecurityPolicyIssueDetails": {"blockedURL": str(address)}}}}:
                    self.addresses.append(address)
            if answer.get("id") == self._asked:
                if answer.get("error", {}).get("message") == GONE:
                    return {"result": {}}  # asked of a page that was just left: it has no answer
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def watch(self) -> None:
        """From here on keep what the page asks, of whomever."""
        self.ask("Network.enable")
        self.ask("Audits.enable")

    def press(self, *keys: str) -> None:
        """Keys of the keyboard, by their names."""
        codes = {"Tab": 9, "Enter": 13, "ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35}
        for key in keys:
            for kind in ("rawKeyDown", "keyUp"):
                self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes[key])

    def open(self, address: str) -> None:
        self.ask("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression on the page."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def text(self) -> str:
        """What stands on the page, as a person reads it."""
        return str(self.run("document.body ? document.body.innerText : ''"))

    def see(self, text: str, patience_s: float = 60) -> None:
        """Wait until a text is to be seen, without scrolling and with nothing before it."""
        until = time.monotonic() + patience_s
        while not self.run(f"({SEEN})({json.dumps(text)})"):
            assert time.monotonic() < until, f"not to be seen: {text}\n\non a page that says:\n{self.text()}"
            time.sleep(0.2)

    def click(self, text: str) -> None:
        """Press what has that text."""
        self.see(text)
        self.run(f"[...document.querySelectorAll('*')].filter(e => e.textContent.trim() === {json.dumps(text)}).pop().click()")

    def resize(self, width: int, height: int) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))
