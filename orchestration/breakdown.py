"""Whatever broke, as one sentence: the same in the terminal, in Dagster, in the verdict and in the alert."""

import errno
import os
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import Timeout
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from orchestration.declared import told
from orchestration.errors import UserError
from orchestration.files import make_folder, why, write_over
from orchestration.language import say
from orchestration.settings import PROJECT, Settings

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_LOCKS = {errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK}
NO_RIGHTS = {errno.EACCES, errno.EPERM, errno.EROFS}


def sentence(error: BaseException, settings: Settings | None = None) -> str:
    """What is wrong, where, and what to do; never a value of the data. ``settings`` are None when it is they that are wrong.

    Of an error that nobody foresaw, the places in the code that it went through are kept in ``logboek/storing-<moment>.txt``.
    """
    return next((text for cause in _chain(error) if (text := _known(cause, settings))), "") or _unforeseen(error, settings)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from, as far as somebody said so."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _known(error: BaseException, settings: Settings | None) -> str:
    where = settings.root if settings else "VT_HOME"
    text = ""
    match error:
        case UserError():
            text = str(error)
        case ValidationError():
            text = "; ".join(_setting(problem) for problem in error.errors())
        case Timeout():
            text = say("Another process holds {file}. Wait until it is done; nothing was changed.", file=error.lock_file)
        case OSError() if error.errno in NO_LOCKS:
            text = say(
                "The file system of {folder} knows no locks (flock), so two runs could write at once. Put VT_HOME on a local disk.",
                folder=where,
            )
        case RuntimeError() if "home directory" in str(error):
            text = say("VT_HOME or VT_KEY_FILE begins with ~, and this user has no home folder. Write the whole path.")
        case duckdb.OutOfMemoryException():
            text = say(
                "DuckDB came short of memory. Give it more (VT_GEHEUGEN), or fewer threads (VT_THREADS), then run it again; what readers "
                "see did not change."
            )
        case duckdb.IOException() if os.strerror(errno.ENOSPC) in str(error):
            text = _of_disk(OSError(errno.ENOSPC, ""), where)
        case duckdb.Error():  # its own message can hold a value
            text = say(
                "The database engine stopped ({kind}). See that there is room on the disk of {folder} and memory (VT_GEHEUGEN), then run "
                "it again; what readers see did not change. If that does not help, report it.",
                kind=type(error).__name__,
                folder=where,
            )
        case MemoryError():
            text = say(
                "The machine came short of memory. End what else runs on it, or give DuckDB less (VT_GEHEUGEN), then run it again; what "
                "readers see did not change."
            )
        case OSError() if error.errno:
            text = _of_disk(error, where)
        case _ if isinstance(error, sqlite3.Error) or type(error).__module__.startswith("sqlalchemy."):
            text = _state_of_dagster(error, settings)  # sqlalchemy is not imported for it: every command would wait for that
    return text


def _setting(found: ErrorDetails) -> str:
    """A setting that is wrong; without a name it is several together, and the text names them."""
    loc, problem = found["loc"], told(found)
    if not loc:
        return say("Setting {problem}", problem=problem)
    return say("Setting {setting}: {problem}", setting=f"VT_{'_'.join(str(p) for p in loc).upper()}", problem=problem)


def _of_disk(error: OSError, where: Path | str) -> str:
    assert error.errno
    file = f": {error.filename}" if isinstance(error.filename, str | os.PathLike) else f" (in {where})"
    what = f"{why(error)}{file}"
    if error.errno in NO_ROOM:
        return say("{what}. Make room (df -h {folder}), then run it again; what readers see did not change.", what=what, folder=where)
    if error.errno in NO_RIGHTS:
        return say(
            "{what}. Give the user that runs this the rights on it (everything in {folder} is its own), then run it again; what readers "
            "see did not change.",
            what=what,
            folder=where,
        )
    return say("{what}. Take the cause away, then run it again; what readers see did not change.", what=what)


def _state_of_dagster(error: BaseException, settings: Settings | None) -> str:
    """SQLite's and PostgreSQL's own words hold no value: they are about files and connections."""
    cause = getattr(error, "orig", None) or error
    words = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    if settings and settings.dagster_postgres:
        return say(
            "Dagster's own state on PostgreSQL (VT_DAGSTER_POSTGRES) cannot be used: {words}. See that the server answers, then run it "
            "again; what readers see did not change.",
            words=words,
        )
    folder = settings.dagster if settings else "VT_HOME/dagster"
    if "malformed" in words or "not a database" in words:
        return say(
            "Dagster's own state in {folder} is damaged: {words}. It holds the history of runs and nothing else: move the folder aside "
            "(mv {folder} {folder}.damaged), then run it again; what readers see did not change.",
            folder=folder,
            words=words,
        )
    return say(
        "Dagster's own state in {folder} cannot be used: {words}. Make room or give the rights, then run it again; what readers see did "
        "not change.",
        folder=folder,
        words=words,
    )


def _unforeseen(error: BaseException, settings: Settings | None) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(PROJECT) and ".venv" not in f.filename] or frames
    what = type(error).__name__
    if ours:
        what = say("{kind} at {file}, line {line}", kind=what, file=Path(ours[-1].filename).name, line=ours[-1].lineno)
    if kept := _keep(error, settings) if settings else None:
        return say(
            "Something broke down that nobody foresaw: {what}. Run it again; if it stays, report it with {kept}, which holds places in the "
            "code and no data.",
            what=what,
            kept=kept,
        )
    return say("Something broke down that nobody foresaw: {what}. Run it again; if it stays, report it.", what=what)


def _keep(error: BaseException, settings: Settings) -> Path | None:
    """The types and places of an error and its causes, without their messages, which may hold a value."""
    lines = []
    for cause in _chain(error):
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}\n")
        lines += [f"  {f.filename}, line {f.lineno}, in {f.name}\n" for f in traceback.extract_tb(cause.__traceback__)]
    path = settings.root / "logboek" / f"storing-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z.txt"
    with suppress(OSError):
        make_folder(path.parent)
        write_over(path, "".join(lines).encode())
        return path
    return None
