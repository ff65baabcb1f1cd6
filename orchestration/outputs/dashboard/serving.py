"""The page on loopback: nothing of it goes out, nothing comes in from elsewhere, and exact figures need the key of the address.

Other users of the machine reach loopback too. What leaves is for everyone; for exact figures the address has a key that was made for this
run and is told to who started it.
"""

import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orchestration.language import say
from orchestration.outputs.dashboard import texts
from orchestration.outputs.dashboard.source import DashboardError
from orchestration.settings import Settings

HERE = "127.0.0.1"
PAGE = Path(__file__).with_name("page.py")
KEY = "sleutel"
"""How the key is called in the address."""

CONFIG = {
    "server.address": HERE,
    "server.allowedHosts": [HERE, "localhost"],  # another name that leads here is a stranger's
    "server.headless": True,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "logger.level": "error",
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,  # it would put our own remarks on the page
    "theme.base": "light",
    "theme.primaryColor": "#8f3f26",
    "theme.backgroundColor": "#fbf8f3",
    "theme.secondaryBackgroundColor": "#f2ece2",
    "theme.textColor": "#2b2826",
    "theme.borderColor": "#cfc4b4",
    "theme.showWidgetBorder": True,
    "theme.baseRadius": "small",
    "theme.sidebar.backgroundColor": "#f4eee5",
}
"""What the library is told; it looks up nothing and sends nothing."""

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'; form-action 'none'; base-uri 'self'"
)
"""What the browser is told: to ask nobody else, whatever the library would."""


@dataclass(frozen=True)
class Served:
    """What this process shows."""

    settings: Settings
    intern: bool
    key: str


_NOW: list[Served] = []


def served() -> Served:
    """What this process shows: the page asks it, in the same process."""
    return _NOW[-1]


class Closed:
    """Puts the policy on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["Referrer-Policy"] = "no-referrer"  # the address may have a key
            await send(message)

        await self._app(scope, receive, with_policy if scope["type"] == "http" else send)


def prepare(settings: Settings, intern: bool, port: int) -> str:
    """Get ready to serve; the address for who may see it. Raises ``DashboardError`` when the library or the port is not to be had."""
    try:
        import streamlit  # noqa: F401
    except ImportError:
        raise DashboardError(
            say("The dashboard is an extra that is not installed here: make dashboard installs it and opens it.")
        ) from None
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HERE, port))
        except OSError:
            raise DashboardError(
                say("Port {port} is in use: name another, as in vt dashboard --port {other}", port=port, other=port + 1)
            ) from None
    _NOW.append(Served(settings, intern, secrets.token_urlsafe(24) if intern else ""))
    return f"http://{HERE}:{port}/" + (f"?{KEY}={served().key}" if intern else "")


def serve(port: int) -> None:
    """Serve until the process is ended."""
    import streamlit

    app = streamlit.App(PAGE, middleware=[Middleware(Closed)], on_script_error=_went_wrong)
    app.run(config=CONFIG | {"server.port": port})


def _went_wrong(error: Exception) -> bool:
    """In the place of the library's trace."""
    import streamlit

    from orchestration.breakdown import sentence

    streamlit.error(texts.BROKEN.format(why=sentence(error, served().settings)))
    return True
