"""The release that a page is of, opened read-only: what leaves, or the exact figures."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb

from orchestration.disclosure import publish
from orchestration.duck import texts
from orchestration.errors import UserError
from orchestration.language import say
from orchestration.outputs.dashboard import figures
from orchestration.release import public, store
from orchestration.settings import Settings
from orchestration.sql import text

EXTERN = public.FOLDER / publish.DATABASE


class DashboardError(UserError):
    """There is nothing to show, or this user may not read it."""


@dataclass(frozen=True)
class Shown:
    """One release, and what a reader of it should know beside its figures. It stays open, whatever readers see later."""

    release: str
    intern: bool
    con: duckdb.DuckDBPyConnection
    peildatum: date | None
    note: str
    """What was done to the figures; empty where they are exact."""
    outcomes: dict[str, int]
    """Outcomes of the checks with their number; none in what leaves."""


def newest(settings: Settings) -> str:
    """The release that readers see now. By the link alone: who may read releases can pass through the folders above and not list them."""
    link = settings.releases / store.CURRENT
    try:
        return link.readlink().name
    except OSError:
        raise DashboardError(
            say("There is no release to show in {folder}. vt refresh makes one; VT_HOME names the data folder.", folder=settings.releases)
        ) from None


def hold(settings: Settings, release: str, intern: bool) -> Path:
    """The file with the figures. Raises ``DashboardError`` when it is not there, or not for this user."""
    path = settings.releases / release / (store.DATABASE if intern else EXTERN)
    try:
        with path.open("rb"):
            return path
    except PermissionError:
        raise DashboardError(
            say("This user may not read {path}: VT_GROEP_PUBLIEK and VT_GROEP_INTERN name the groups whose members may.", path=path)
        ) from None
    except OSError:
        if intern:
            raise DashboardError(say("Release {release} is not there any more: {path}", release=release, path=path)) from None
        raise DashboardError(
            say(
                "Release {release} has nothing that may leave: how that is made says docs/publicatie.md. The exact figures, for who may "
                "read them and not to be passed on: vt dashboard --intern",
                release=release,
            )
        ) from None


def opened(settings: Settings, release: str, intern: bool) -> Shown:
    """The release, read-only and sealed off from other files. Raises as ``hold``."""
    return _opened(hold(settings, release, intern), release, intern, settings.threads, settings.geheugen)


@lru_cache(maxsize=4)
def _opened(path: Path, release: str, intern: bool, threads: int, memory: str) -> Shown:
    con = attach(path, intern, threads, memory)
    if intern:
        ((peildatum,),) = con.execute("select peildatum from uitgave.kwaliteit.release").fetchall()
        outcomes = dict(con.execute("select uitkomst, count(*) from uitgave.kwaliteit.controles group by all order by all").fetchall())
        return Shown(release, intern, con, peildatum, "", outcomes)
    ((peildatum,),) = con.execute(f"select max(peildatum) from uitgave.{publish.TABLE}").fetchall()
    return Shown(release, intern, con, peildatum, texts(con, "uitgave", publish.TABLE)[""], {})


def attach(path: Path, intern: bool, threads: int, memory: str) -> duckdb.DuckDBPyConnection:
    """A connection with the view ``shown`` of the figures in a file, read-only and sealed off from other files."""
    con = duckdb.connect(config={"threads": threads, "memory_limit": memory})
    con.execute(f"attach {text(path)} as uitgave (read_only); set enable_external_access = false")
    (figures.of_marts if intern else figures.of_what_leaves)(con)
    return con
