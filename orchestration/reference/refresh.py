"""Read the sources anew: each by itself, so that one that cannot be had keeps none of the others from being read."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import duckdb
from filelock import FileLock, Timeout

from orchestration import duck
from orchestration.errors import UserError, did_you_mean
from orchestration.files import FILE_MODE, make_folder
from orchestration.language import say
from orchestration.reference import copies, ours
from orchestration.reference.amsterdam import read_areas
from orchestration.reference.divisions import source_of
from orchestration.reference.households import read_composition, read_kwb
from orchestration.reference.sources import GEBIEDEN, SAMENSTELLING, declared
from orchestration.reference.statline import Table
from orchestration.reference.web import Patience, SourceError
from orchestration.settings import Settings
from orchestration.sql import text

NEW, SAME, FAILED = "nieuw", "gelijk", "mislukt"


class ReferenceDataError(UserError):
    """What was asked of the reference data cannot be done; the message says why."""


@dataclass(frozen=True)
class SourceOutcome:
    """How reading one source ended, with its own version."""

    bron: str
    uitkomst: str
    versie: str | None = None
    reden: str = ""


def refresh(
    settings: Settings,
    only: Iterable[str],
    day: date,
    progress: Callable[[str], None],
    *,
    anew: bool = False,
    patience: Patience | None = None,
) -> list[SourceOutcome]:
    """Read the sources named, or all. ``day`` is the day of the areas; with ``anew`` also what its source did not change.

    Nothing is accepted by it, and no figure changes. Raises ``ReferenceDataError`` for a source that is not there, and while another one
    runs.
    """
    names = list(dict.fromkeys(only)) or list(declared().names)
    for name in names:
        if name not in declared().names:
            told = say("There is no source {name}.", name=name) + did_you_mean(name, declared().names)
            raise ReferenceDataError(f"{told} {say('See vt reference show.')}")
    make_folder(settings.reference)
    try:
        with FileLock(settings.root / "reference.lock", mode=FILE_MODE, timeout=0, fallback_to_soft=False):
            return [_one(settings, name, day, progress, anew=anew, patience=patience) for name in names]
    except Timeout:
        raise ReferenceDataError(
            say("Reference data are being read already in {root}. Wait until that is done.", root=settings.root)
        ) from None


def _one(
    settings: Settings, name: str, day: date, progress: Callable[[str], None], *, anew: bool, patience: Patience | None
) -> SourceOutcome:
    progress(say("reading {source}", source=declared().describe(name)))
    try:
        version, changed = _read(settings, name, day, anew=anew, patience=patience)
    except SourceError as error:
        copies.keep_attempt(settings, name, FAILED, str(error))
        return SourceOutcome(name, FAILED, None, str(error))
    outcome = NEW if changed else SAME
    copies.keep_attempt(settings, name, outcome)
    return SourceOutcome(name, outcome, version)


def _read(settings: Settings, name: str, day: date, *, anew: bool, patience: Patience | None) -> tuple[str, bool]:
    """The version that was found, and whether what was read differs from what stood."""
    if name == GEBIEDEN:
        changed = _write(settings, name, day.isoformat(), lambda con: read_areas(settings, con, day, patience))
        _read_borders_before(settings, patience)
        return day.isoformat(), changed
    spec = declared()
    year = next((t for t in spec.kwb.tables if f"kwb_{t.year}" == name), None)
    table = year.table if year else spec.samenstelling.table
    version = Table(settings, table, patience).modified()
    if not anew and (before := _standing(settings, name)) is not None and before.versie == version:
        copies.looked(settings, before, version)
        return version, False
    if year is not None:
        return version, _write(settings, name, version, lambda con: read_kwb(settings, con, year, patience))
    return version, _write(settings, SAMENSTELLING, version, lambda con: read_composition(settings, con, spec.samenstelling, patience))


def _read_borders_before(settings: Settings, patience: Patience | None) -> None:
    """Read the borders of the newest division that counts, once, when the areas of now are others: they tell what was split or merged.

    Without them that is told as gone and added, so that a failure of it is no failure of the source.
    """
    copy = _standing(settings, GEBIEDEN)
    with duck.connect(settings) as con:
        ours.load(settings, con)
        (newest,) = duck.row(con, "select max(indeling) from buurten")
        if copy is None or _standing(settings, source_of(newest)) or not _other_codes(con, copy):
            return
    with suppress(SourceError):
        _write(settings, source_of(newest), newest.isoformat(), lambda con: read_areas(settings, con, newest, patience))


def _other_codes(con: duckdb.DuckDBPyConnection, copy: copies.Copy) -> bool:
    now = f"select code from read_parquet({text(copy.path)}) where soort = 'buurt'"
    was = "select buurt_code from buurten where indeling = (select max(indeling) from buurten)"
    return bool(duck.number(con, f"select count(*) from (({now} except {was}) union all ({was} except {now}))"))


def _standing(settings: Settings, name: str) -> copies.Copy | None:
    try:
        return copies.standing(settings, name)
    except SourceError:
        return None


def _write(settings: Settings, name: str, version: str, read: Callable[[duckdb.DuckDBPyConnection], None]) -> bool:
    with duck.connect(settings) as con:
        try:
            read(con)
        except duckdb.Error as error:  # JSON that holds something else than is expected where no contract looks
            raise SourceError(
                say("{source}: what came cannot be read ({why})", source=declared().describe(name), why=type(error).__name__)
            ) from None
        return copies.write(settings, con, name, version)
