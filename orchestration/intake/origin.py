"""Where the rows of a delivery come from that a mapping made of files of another shape: their file and line, beside ours.

``herkomst.csv`` has a row for each line of theirs that a row of ours was made of: entity and line of ours, and file and line of theirs
(the physical line on which a record starts). The record itself has ``volgnummer`` 1; those that a join added follow. No content.
"""

from pathlib import Path

import duckdb

from orchestration.intake.contract import Entity, Field
from orchestration.intake.delivery import HERKOMST, Manifest, RefusedError, Source, Vertaling, plain_name, tidy
from orchestration.language import later, say

COLUMNS = {"entiteit": "VARCHAR", "op_regel": "BIGINT", "volgnummer": "INTEGER", "bron_bestand": "VARCHAR", "bron_regel": "BIGINT"}
"""Columns of the file, with their DuckDB types."""
FILE_NAME = f"{HERKOMST}.csv"
NUMBERS = [name for name, kind in COLUMNS.items() if kind != "VARCHAR"]

SHAPE = Entity(
    HERKOMST,
    "of which line of whose file each row was made",
    tuple(Field(name, "tekst" if kind == "VARCHAR" else "geheel", True, None, name) for name, kind in COLUMNS.items()),
)
"""The file as the reader of the contract's files takes it."""


def read_origin(con: duckdb.DuckDBPyConnection, source: Source, manifest: Manifest, told: Vertaling, scratch: Path) -> None:
    """Make the table ``herkomst`` of a delivery whose entities are read (``ruw_<entity>``).

    Raises ``RefusedError`` when the file is not what the manifest says, or does not tell of every row of the delivery, once.
    """
    from orchestration.intake.reader import read_file

    read_file(con, source, told.herkomst, SHAPE, f"ruw_{HERKOMST}", scratch)
    _verify_shape(con, told)
    kinds = ", ".join(f"{name}::{kind} as {name}" for name, kind in COLUMNS.items())
    con.execute(f"create or replace table {HERKOMST} as select {kinds} from ruw_{HERKOMST}")
    for (name,) in con.execute(f"select distinct bron_bestand from {HERKOMST}").fetchall():
        if not plain_name(name):
            raise _refuse(told, say("must be a plain file name"), None, "bron_bestand")
    ours = " union all ".join(f"select '{b.entiteit}' as entiteit, regel as op_regel from ruw_{b.entiteit}" for b in manifest.bestanden)
    con.execute(f"create or replace table regels_van_ons as {ours or NOTHING}")
    own = f"select entiteit, op_regel from {HERKOMST} where volgnummer = 1"
    for found, wrong in (
        (f"{own} group by all having count(*) > 1", later("names line {line} of {entity} twice")),
        (
            f"select entiteit, op_regel from {HERKOMST} anti join regels_van_ons using (entiteit, op_regel)",
            later("names line {line} of {entity}, on which no row starts"),
        ),
        (f"from regels_van_ons anti join ({own}) using (entiteit, op_regel)", later("does not name line {line} of {entity}")),
    ):
        if at := con.execute(f"select entiteit, op_regel from ({found}) order by all limit 1").fetchone():
            raise _refuse(told, say(wrong, entity=tidy(at[0]), line=at[1]), None, "op_regel")


NOTHING = "select ''::varchar as entiteit, 0::bigint as op_regel where false"


def _verify_shape(con: duckdb.DuckDBPyConnection, told: Vertaling) -> None:
    whole = {n: f"coalesce(regexp_full_match({n}, '[1-9][0-9]{{0,8}}'), false)" for n in NUMBERS}
    filled = {n: f"{n} is not null" for n in COLUMNS if n not in NUMBERS}
    for name, right in (whole | filled).items():
        found = con.execute(f"select min(regel) from ruw_{HERKOMST} where not ({right})").fetchone()
        if found and found[0] is not None:
            reason = say("must be a whole number from 1 on") if name in NUMBERS else say("must be filled")
            raise _refuse(told, reason, int(found[0]), name)


def _refuse(told: Vertaling, reden: str, line: int | None, field: str) -> RefusedError:
    return RefusedError(HERKOMST, reden, file=told.herkomst.bestand, line=line, field=field)
