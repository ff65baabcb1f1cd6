"""Superset from the data folder, on loopback: PostgreSQL with the release that readers see, Superset's own state in it, and its pages.

PostgreSQL is one of its own, in the data folder, with a password for each user: other users of the machine reach loopback too. Superset
reads marts as a member of ``vt_analist``, and cannot write there.
"""

import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg2
from filelock import FileLock, Timeout
from psycopg2 import sql
from pydantic import SecretStr

from orchestration.errors import UserError
from orchestration.files import FILE_MODE, make_folder, write_over
from orchestration.language import say
from orchestration.outputs import postgres
from orchestration.outputs.superset import files
from orchestration.release import store
from orchestration.settings import PROJECT, Settings

HERE, USER = "127.0.0.1", "beheer"
CODE = Path(__file__).parent
PROGRAMS = PROJECT / ".venv" / "superset" / "bin"
READER, OWN, FIGURES = "vt_superset", "superset", "veilig_thuis"
"""Who reads the figures; who keeps Superset's state, and its database; the database of the figures."""
PASSWORD, KEPT, LOG = "wachtwoord", "geheim.json", "log"
PASSED = 0o711
PATIENCE_S = 120
CLOSING_S = 20
FOLLOW_S = 60
"""How often a newer release is looked for."""


class SupersetError(UserError):
    """Superset cannot be shown: what is missing, and what to do."""


def folder(settings: Settings) -> Path:
    """What is kept beside PostgreSQL."""
    return settings.root / "superset"


def password(settings: Settings) -> Path:
    """The file with the administrator's first password."""
    return folder(settings) / PASSWORD


def hold(settings: Settings, port: int) -> None:
    """Raise ``SupersetError`` when something is missing."""
    if not (PROGRAMS / "gunicorn").exists():
        raise SupersetError(say("Superset is not installed here: make superset installs it and opens it."))
    if not store.current(settings):
        raise SupersetError(
            say("There is no release to show in {folder}. vt refresh makes one; VT_HOME names the data folder.", folder=settings.releases)
        )
    if not _free(port):
        raise SupersetError(say("Port {port} is in use: name another, as in vt superset --port {other}", port=port, other=port + 1))


def _free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HERE, port))
        except OSError:
            return False
        return True


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[tuple[str, Settings, "subprocess.Popen[bytes]"]]:
    """Superset's address, the settings that publish to its PostgreSQL, and its process; all that was started is stopped at the end."""
    hold(settings, port)
    for which in (signal.SIGINT, signal.SIGTERM):  # from here on there is something to stop
        signal.signal(which, _end)
    make_folder(folder(settings))
    try:
        with FileLock(folder(settings) / "lock", mode=FILE_MODE, timeout=0, fallback_to_soft=False), _postgres(settings) as kept:
            published = settings.model_copy(update={"postgres_url": SecretStr(_address(kept, FIGURES))})
            _databases(kept)
            asked = sql.SQL("select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = 'marts'")
            if _run(kept, FIGURES, asked) != [(f"{postgres.MARK}{store.current(settings)}",)]:
                postgres.publish(published)
            _reader(kept)
            _load(settings, kept)
            with _pages(settings, port) as process:
                yield f"http://{HERE}:{port}/", published, process
    except Timeout:
        raise SupersetError(say("Superset is being shown from {folder} already.", folder=settings.root)) from None


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def follow(published: Settings, process: "subprocess.Popen[bytes]") -> None:
    """Until the pages end or this process is to: put each newer release that readers of files see into PostgreSQL too."""
    log = folder(published) / LOG
    while True:
        try:
            code = process.wait(FOLLOW_S)
        except subprocess.TimeoutExpired:
            postgres.catch_up(published)
        else:
            raise SupersetError(say("Superset ended ({code}): {log} says why.", code=code, log=log))


# --- PostgreSQL ---------------------------------------------------------------------------------------------------------------------------


def _secrets(settings: Settings) -> dict[str, Any]:
    """Passwords and key, made once."""
    path = folder(settings) / KEPT
    if not path.exists():
        made = {name: secrets.token_urlsafe(32) for name in ("key", "owner", OWN, READER)}
        write_over(password(settings), f"{secrets.token_urlsafe(12)}\n".encode())
        write_over(path, json.dumps(made).encode())
    kept: dict[str, Any] = json.loads(path.read_bytes())
    return kept


@contextmanager
def _postgres(settings: Settings) -> Iterator[dict[str, Any]]:
    """PostgreSQL as long as it is wanted, and what is kept of it."""
    kept, place = _secrets(settings), settings.root / "postgres"
    if os.geteuid() == 0:  # it runs as a user of its own then, who has to pass
        settings.root.chmod(PASSED)
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    script = str(PROJECT / "scripts" / "postgres")
    started = subprocess.run([script, "keep", place, str(port)], input=kept["owner"], capture_output=True, text=True, check=False)
    if started.returncode:
        missing = started.stderr.strip().rpartition("\n")[2]  # of scripts/install_package, what to install
        raise SupersetError(missing if started.returncode == 3 else say("PostgreSQL does not start: {log} says why.", log=place / "log"))
    try:
        kept["port"] = int(started.stdout.rpartition(":")[2].partition("/")[0])
        write_over(folder(settings) / KEPT, json.dumps(kept).encode())
        yield kept
    finally:
        subprocess.run([script, "stop", place], check=False, capture_output=True)


def _address(kept: dict[str, Any], database: str) -> str:
    return f"postgresql://dagster:{kept['owner']}@{HERE}:{kept['port']}/{database}"


def _run(kept: dict[str, Any], database: str, *statements: sql.Composable) -> list[Any]:
    """What the last of them answers."""
    with closing(psycopg2.connect(_address(kept, database))) as con, con.cursor() as cursor:
        con.autocommit = True
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _databases(kept: dict[str, Any]) -> None:
    """The two databases, and the user of Superset's own; nobody else gets into that one."""
    there = {name for (name,) in _run(kept, "postgres", sql.SQL("select datname from pg_database"))}
    names = {"figures": sql.Identifier(FIGURES), "own": sql.Identifier(OWN)}
    if FIGURES not in there:
        _run(kept, "postgres", sql.SQL("create database {figures}").format(**names))
    if OWN not in there:
        _login(kept, OWN)
        _run(
            kept,
            "postgres",
            sql.SQL("create database {own} owner {own}").format(**names),
            sql.SQL("revoke all on database {own} from public").format(**names),
        )


def _login(kept: dict[str, Any], role: str) -> None:
    if not _run(kept, "postgres", sql.SQL("select 1 from pg_roles where rolname = {}").format(sql.Literal(role))):
        made = sql.SQL("create role {} login password {}").format(sql.Identifier(role), sql.Literal(kept[role]))
        _run(kept, "postgres", made)


def _reader(kept: dict[str, Any]) -> None:
    _login(kept, READER)
    _run(kept, "postgres", sql.SQL("grant {} to {}").format(sql.Identifier(postgres.ANALYST), sql.Identifier(READER)))


# --- Superset -----------------------------------------------------------------------------------------------------------------------------


def _environment(settings: Settings) -> dict[str, str]:
    own = {
        "SUPERSET_HOME": str(folder(settings)),
        "SUPERSET_CONFIG_PATH": str(CODE / "superset_config.py"),
        "SCARF_ANALYTICS": "false",
        "FLASK_DEBUG": "0",
    }
    dropped = ("VT_", "PYTHONPATH")  # what is ours, passwords among it, is no business of Superset's
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)} | own


def _load(settings: Settings, kept: dict[str, Any]) -> None:
    """The dashboards and Superset's own tables, when they changed since; what is loaded is said beside it, in its database."""
    shown = files.filled()
    given = {"files": shown, "user": USER, "password": password(settings).read_text(encoding="utf-8").strip()}
    made_of = [*sorted(shown.items()), (CODE / "load.py").read_text(encoding="utf-8"), (PROJECT / files.LOCK).read_text(encoding="utf-8")]
    mark = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()
    asked = sql.SQL("select shobj_description(oid, 'pg_database') from pg_database where datname = {}").format(sql.Literal(OWN))
    if _run(kept, "postgres", asked) == [(mark,)]:
        return
    log = folder(settings) / "load.log"
    with log.open("wb") as out:
        done = subprocess.run(
            [PROGRAMS / "python", CODE / "load.py"],
            input=json.dumps(given).encode(),
            stdout=out,
            stderr=out,
            env=_environment(settings),
            cwd=folder(settings),
            check=False,
        )
    if done.returncode:
        raise SupersetError(say("The dashboards could not be put into Superset: {log} says why.", log=log))
    _run(kept, "postgres", sql.SQL("comment on database {} is {}").format(sql.Identifier(OWN), sql.Literal(mark)))


@contextmanager
def _pages(settings: Settings, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Superset under gunicorn, when it answers."""
    log = folder(settings) / LOG
    options = [
        "--bind",
        f"{HERE}:{port}",
        "--workers",
        "1",
        "--threads",
        "8",
        "--timeout",
        "120",
        "--graceful-timeout",
        "5",
        "--no-control-socket",
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [PROGRAMS / "gunicorn", *options, "superset.app:create_app()"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=_environment(settings),
            cwd=folder(settings),
            start_new_session=True,  # Ctrl-C is for us: what was started ends in turn
        )
        try:
            _await(process, port, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(CLOSING_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _await(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait until it listens and answers."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with socket.create_connection((HERE, port), timeout=PATIENCE_S) as asked:
                asked.sendall(f"GET /health HTTP/1.0\r\nHost: {HERE}\r\n\r\n".encode())
                if b" 200 " in asked.recv(64):
                    return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > until:
            raise SupersetError(say("Superset did not come up: {log} says why.", log=log))
        time.sleep(0.2)
