"""The landing on disk: one folder for each delivery, written beside and put in place whole, never changed afterwards.

``landing/<8 digits>/<entity>.parquet`` holds the rows taken in; beside them, only where there are any:

- ``quarantaine/<entity>.parquet``: rows in quarantine, without anything that identifies;
- ``vrijgekomen/<entity>.parquet``: rows of earlier deliveries that waited for a parent and come in with this one;
- ``verwijderd/<entity>.parquet``: keys that end with this delivery, and why;
- ``behouden/<entity>.parquet``: rows of the state before that stand in for a quarantined newer version, and (``_weggelaten``) those that
  the delivery left out and such a row hangs on;
- ``gesloten.parquet``: quarantine entries of earlier deliveries that this one closes;
- ``waarschuwingen.parquet``: lines with an implausible value;
- ``herkomst.parquet``: of a delivery that a mapping made, of which line of whose file each row was made;
- ``register.json``: where the register stood when the folder was made.

So every decision stands in the landing, and the state after any delivery follows from the last whole registration and what came since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from orchestration import duck
from orchestration.duck import in_parallel
from orchestration.intake import origin
from orchestration.intake.checks import FAULT, empty, extra_columns
from orchestration.intake.contract import DELETED, Contract, Entity
from orchestration.register.register import Levering, Register
from orchestration.settings import Settings
from orchestration.sql import listed

ORIGIN = {"_levering": "INTEGER", "_bestand": "VARCHAR", "_regel": "BIGINT"}
PENDING = ".wacht-"

TAKEN_IN, QUARANTAINE, FREED, RETAINED, GONE = "", "quarantaine", "vrijgekomen", "behouden", "verwijderd"
"""The kinds of Parquet file by their subfolder."""

CLOSED = {"_in_levering": "INTEGER", "entiteit": "VARCHAR", "levering": "INTEGER", "regel": "BIGINT", "sluiting": "VARCHAR"}
WARNING = {
    "_in_levering": "INTEGER",
    "entiteit": "VARCHAR",
    "controle": "VARCHAR",
    "veld": "VARCHAR",
    "bestand": "VARCHAR",
    "regel": "BIGINT",
}
THEIRS = {"_levering": "INTEGER", **origin.COLUMNS}


def folder_name(nummer: int) -> str:
    """The name of a delivery's folder: its number in eight digits."""
    return f"{nummer:08d}"


def next_map(name: str) -> str:
    """The name of the folder after ``name``: 00000212, 00000212.1, 00000212.2."""
    stem, _, generation = name.partition(".")
    return f"{stem}.{int(generation or 0) + 1}"


def free_name(log: Register, nummer: int) -> str:
    """The name of a new folder for a delivery: its number, or the next generation of it where that was used before."""
    used, name = log.folders(), folder_name(nummer)
    while name in used:
        name = next_map(name)
    return name


def row_columns(entity: Entity) -> dict[str, str]:
    """The columns of a row with its origin, with their types."""
    return {**entity.columns, **extra_columns(entity), **ORIGIN}


def schema(entity: Entity, soort: str) -> dict[str, str]:
    """The columns of one kind of file, with their types."""
    match soort:
        case "":
            return {**row_columns(entity), DELETED: "BOOLEAN", "_gewijzigd": "BOOLEAN"}
        case "quarantaine":
            return {**row_columns(entity), **FAULT, "ruw_id": "UUID"}
        case "verwijderd":
            return {k: entity.columns[k] for k in entity.primary_key_columns} | {"reden": "VARCHAR", "_in_levering": "INTEGER"}
        case "behouden":
            return {**row_columns(entity), "_in_levering": "INTEGER", "_weggelaten": "BOOLEAN"}
        case _:
            return {**row_columns(entity), "_in_levering": "INTEGER"}


# --- reading -----------------------------------------------------------------------------------------------------------------------------


def scan(paths: Sequence[Path], columns: dict[str, str]) -> str:
    """A select over Parquet files with exactly these columns; one that an older file lacks is null."""
    if not paths:
        return empty(columns)
    # The empty select gives every column its name and type; by name, so that an older landing may lack some and have others.
    found = f"{empty(columns)} union all by name select * from read_parquet([{listed(paths)}], union_by_name = true)"
    return f"select {', '.join(columns)} from ({found})"


def scan_rows(settings: Settings, leveringen: Iterable[Levering], entity: Entity, soort: str) -> str:
    """A select over one kind of file of one entity in these deliveries."""
    return scan(_files(settings, leveringen, Path(soort) / f"{entity.name}.parquet"), schema(entity, soort))


def scan_shared(settings: Settings, leveringen: Iterable[Levering], name: str, columns: dict[str, str]) -> str:
    """A select over ``gesloten.parquet``, ``waarschuwingen.parquet`` or ``herkomst.parquet`` of these deliveries."""
    return scan(_files(settings, leveringen, Path(f"{name}.parquet")), columns)


def _files(settings: Settings, leveringen: Iterable[Levering], name: Path) -> list[Path]:
    """The files of that name that these deliveries have: what the register says, so that one that is gone is no empty one."""
    found = []
    for levering in leveringen:
        path = settings.landing / levering.map / name
        if path.exists() if levering.zegels is None else name.as_posix() in levering.zegels["landing"]:
            found.append(path)
    return found


def since_whole(leveringen: list[Levering], entity: Entity) -> list[Levering]:
    """The last ``volledig`` delivery that has the entity and all after it: what its state follows from.

    One of an older version of the contract, which does not know the entity, leaves it as it was.
    """
    last = max((i for i, d in enumerate(leveringen) if d.soort == "volledig" and entity.name in d.bestanden), default=0)
    return leveringen[last:]


@dataclass(frozen=True)
class OpenState:
    """What ``open_state`` found: entities with waiting rows, and with open entries in quarantine."""

    waiting: frozenset[str]
    unsettled: frozenset[str]
    loose: frozenset[str]
    """Entities with rows that stand only for a child in quarantine."""


def open_state(con: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract, leveringen: list[Levering], soort: str) -> OpenState:
    """Make ``stand_<e>``, ``wacht_<e>`` and ``open_<e>`` (intake/checks) for a delivery of this kind that follows ``leveringen``.

    Wants the table ``afgewezen`` (levering, entiteit, regel): entries that were dismissed.
    """
    chains = {e.name: since_whole(leveringen, e) for e in contract.entities}
    con.execute(f"create or replace table gesloten_eerder as {scan_shared(settings, leveringen, 'gesloten', CLOSED)}")
    in_parallel(con, [partial(open_rows, settings=settings, entity=e, chain=chains[e.name]) for e in contract.entities], settings.threads)
    waiting, unsolved = set(), set()
    alone = {e.name for e in contract.entities if soort == "mutaties" and _open_alone(con, settings, e, chains[e.name])}
    for entity in contract.entities:
        if _open_entries(con, settings, entity, leveringen):
            unsolved.add(entity.name)
        if _open_waiting(con, entity, chains[entity.name] if soort == "mutaties" and entity.name in unsolved else []):
            waiting.add(entity.name)
    return OpenState(frozenset(waiting), frozenset(unsolved), frozenset(alone))


def open_rows(con: duckdb.DuckDBPyConnection, settings: Settings, entity: Entity, chain: list[Levering]) -> None:
    """Make ``stand_<e>``: the last whole registration, and over it the last word of each later delivery on each key.

    ``chain``: what ``since_whole`` gives.
    """
    e, names = entity.name, ", ".join(row_columns(entity))
    keys = ", ".join(entity.primary_key_columns)
    base = (
        f"select {names} from ({scan_rows(settings, chain[:1], entity, TAKEN_IN)}) where not {DELETED} "
        f"union all select {names} from ({scan_rows(settings, chain[:1], entity, RETAINED)})"
    )
    later = [d for d in chain[1:] if any(d.tellingen.get(e, {}).get(n) for n in ("opgenomen", "vrijgekomen", "verwijderd", "vergeten"))]
    if not later:
        con.execute(f"create or replace view stand_{e} as {base}")
        return
    con.execute(
        f"""
        create or replace table sinds_{e} as
        with woorden as (
            select {names}, _levering as _in_levering, {DELETED} as _weg from ({scan_rows(settings, later, entity, TAKEN_IN)})
            union all by name select {names}, _in_levering, false as _weg from ({scan_rows(settings, later, entity, FREED)})
            union all by name select {keys}, _in_levering, true as _weg from ({scan_rows(settings, later, entity, GONE)})
        )
        select * from woorden qualify row_number() over (partition by {keys} order by _in_levering desc, _weg desc) = 1
        """
    )
    con.execute(
        f"""
        create or replace view stand_{e} as
        select {names} from ({base}) anti join sinds_{e} using ({keys}) union all select {names} from sinds_{e} where not _weg
        """
    )


def _open_alone(con: duckdb.DuckDBPyConnection, settings: Settings, entity: Entity, chain: list[Levering]) -> int:
    """``los_<e>``: keys that the last whole registration left out and kept for what hangs on them, and no later delivery spoke of."""
    e, keys = entity.name, ", ".join(entity.primary_key_columns)
    if not chain or not chain[0].tellingen.get(e, {}).get("behouden"):
        return 0
    later = scan_rows(settings, chain[1:], entity, TAKEN_IN)
    ended = scan_rows(settings, chain[1:], entity, GONE)
    freed = scan_rows(settings, chain[1:], entity, FREED)
    con.execute(
        f"create or replace table los_{e} as select {keys} from ({scan_rows(settings, chain[:1], entity, RETAINED)}) "
        f"where coalesce(_weggelaten, false) and ({keys}) not in (select {keys} from ({later})) "
        f"and ({keys}) not in (select {keys} from ({ended}) union all select {keys} from ({freed}))"
    )
    return duck.number(con, f"select count(*) from los_{e}")


def open_entries(con: duckdb.DuckDBPyConnection, settings: Settings, entity: Entity, leveringen: list[Levering]) -> int:
    """Make ``open_<e>``: every quarantine entry that none of these deliveries closed. Returns how many."""
    con.execute(f"create or replace table gesloten_eerder as {scan_shared(settings, leveringen, 'gesloten', CLOSED)}")
    return _open_entries(con, settings, entity, leveringen)


def _open_entries(con: duckdb.DuckDBPyConnection, settings: Settings, entity: Entity, leveringen: list[Levering]) -> int:
    """``open_<e>``: every quarantine entry that no later delivery closed. Returns how many."""
    e, kind = entity.name, schema(entity, QUARANTAINE)
    bad = [d for d in leveringen if d.tellingen.get(e, {}).get("quarantaine")]
    if not bad:
        con.execute(f"create or replace view open_{e} as {empty(kind)}")
        return 0
    con.execute(
        f"""
        create or replace table open_{e} as
        select * from ({scan_rows(settings, bad, entity, QUARANTAINE)}) q
        anti join (select levering as _levering, regel as _regel from gesloten_eerder where entiteit = '{e}') g using (_levering, _regel)
        """
    )
    return duck.number(con, f"select count(*) from open_{e}")


def _open_waiting(con: duckdb.DuckDBPyConnection, entity: Entity, chain: list[Levering]) -> int:
    """``wacht_<e>``: the newest open entry of each key since the last whole registration, where its only fault was a parent."""
    e, names = entity.name, ", ".join(row_columns(entity))
    if not chain:
        con.execute(f"create or replace view wacht_{e} as {empty(row_columns(entity))}")
        return 0
    keys = ", ".join(entity.primary_key_columns)
    con.execute(
        f"""
        create or replace table wacht_{e} as
        with nieuwste as (
            select * from open_{e} where _sleutel and _levering >= {chain[0].nummer}
            qualify row_number() over (partition by {keys} order by _levering desc) = 1
        )
        select {names} from nieuwste n where wacht
            and not exists (select 1 from afgewezen x where x.entiteit = '{e}' and (x.levering, x.regel) = (n._levering, n._regel))
        """
    )
    return duck.number(con, f"select count(*) from wacht_{e}")
