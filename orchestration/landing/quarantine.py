"""Quarantine and its life cycle: open → corrected by a later delivery, or → dismissed by a named person with a reason.

Where an entry stands follows from the landing (what was quarantined, what a later delivery closed) and the register (what was dismissed).
The raw line is kept encrypted; reading it needs the key, and each reading is logged.
"""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.errors import UserError
from orchestration.intake.contract import Contract, load_contract
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.landing import store, theirs
from orchestration.landing.store import scan_rows, scan_shared
from orchestration.language import later, say
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import WITHDRAWN, Levering, Register
from orchestration.settings import Settings
from orchestration.spreadsheet import as_texts
from orchestration.sql import text

DISMISSED = "quarantaine_afgewezen"
STATUSES = ("open", "gecorrigeerd", "afgewezen")
PURPOSE = "quarantine"


class QuarantineError(UserError):
    """There is no such entry, or it is not open any more."""


@dataclass(frozen=True)
class QuarantinedRow:
    """One quarantined row; never its content."""

    levering: int
    entiteit: str
    bestand: str
    regel: int
    controle: str
    veld: str
    reden: str
    controles: str
    """Every rule that the row broke, as rule:field."""
    status: str
    gesloten_door_levering: int | None
    sluiting: str | None
    """How a later delivery closed it: in_orde, ouder_in_orde, verwijderd, niet_meer_geleverd."""
    afgewezen_door: str | None
    afgewezen_reden: str | None
    eerste_levering: int
    """The delivery in which the row first came in bad order."""
    nieuwste: bool
    """The last entry of a row that came in bad order more than once."""
    sinds: datetime
    """When the row first came in bad order."""
    bron_bestand: str | None = None
    bron_regel: int | None = None
    """Of a delivery that a mapping made: file and line of theirs."""
    bron_ook: str | None = None
    """Lines of theirs that were joined to it."""


def make_entries(
    con: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract, log: Register, leveringen: list[Levering], table: str
) -> None:
    """Make the table ``table`` of every entry that these deliveries left, with what became of it."""
    make_dismissed(con, log)
    parts = []
    for entity in contract.entities:
        keys = ", ".join(f"{k}::varchar" for k in entity.primary_key_columns)
        bad = [d for d in leveringen if d.tellingen.get(entity.name, {}).get("quarantaine")]
        parts.append(
            f"select _levering, '{entity.name}' as entiteit, _bestand, _regel, controle, veld, reden, controles, ruw_id, "
            f"case when _sleutel then concat_ws('/', {keys}) else ruw_id::varchar end as wie "
            f"from ({scan_rows(settings, bad, entity, store.QUARANTAINE)})"
        )
    closed = scan_shared(settings, leveringen, "gesloten", store.CLOSED)
    moments = ", ".join(f"({d.nummer}, timestamptz '{d.verwerkt_op.isoformat()}')" for d in leveringen) or "(0, null::timestamptz)"
    con.execute(
        f"""
        create or replace table {table} as
        with alles as ({" union all ".join(parts)}),
        gesloten as (
            select entiteit, levering, regel, min(_in_levering) as door, arg_min(sluiting, _in_levering) as sluiting
            from ({closed}) group by all
        ),
        -- a dismissed row that comes again unchanged, with the same fault, stays dismissed
        afgewezen_inhoud as (
            select a.entiteit, a.ruw_id, a.controle, min(a._levering) as vanaf, any_value(x.door) as door, any_value(x.waarom) as waarom
            from alles a join afgewezen x on (x.entiteit, x.levering, x.regel) = (a.entiteit, a._levering, a._regel) group by all
        )
        select a._levering as levering_nummer, a.entiteit, a._bestand as bestand, a._regel as regel, a.controle, a.veld, a.reden,
            a.controles,
            case when g.door is not null then 'gecorrigeerd' when x.door is not null then 'afgewezen' else 'open' end as status,
            g.door as gesloten_door_levering, g.sluiting, x.door as afgewezen_door, x.waarom as afgewezen_reden,
            min(a._levering) over wie as eerste_levering, a._levering = max(a._levering) over wie as nieuwste,
            min(m.op) over wie as sinds
        from alles a
        join (values {moments}) m(nummer, op) on m.nummer = a._levering
        left join gesloten g on (g.entiteit, g.levering, g.regel) = (a.entiteit, a._levering, a._regel)
        left join afgewezen_inhoud x on (x.entiteit, x.ruw_id, x.controle) = (a.entiteit, a.ruw_id, a.controle) and x.vanaf <= a._levering
        window wie as (partition by a.entiteit, a.wie, g.door)
        """
    )


def make_dismissed(con: duckdb.DuckDBPyConnection, log: Register) -> None:
    """Make the temporary table ``afgewezen`` (levering, entiteit, regel, door, waarom) of what was dismissed, from the register."""
    import pyarrow as pa

    # what was dismissed of a delivery that was withdrawn since says nothing of the one that came under its number
    withdrawn = {number: e.volgnummer for e in log.events(WITHDRAWN) for number in e.inhoud["uit"]}
    found = [
        (e.inhoud["levering"], e.inhoud["entiteit"], line_number, e.inhoud["door"], e.inhoud["reden"])
        for e in log.events(DISMISSED)
        if withdrawn.get(e.inhoud["levering"], 0) < e.volgnummer
        for line_number in e.inhoud["regels"]
    ]
    columns = list(zip(*found, strict=True)) or [(), (), (), (), ()]
    kinds = [pa.int32(), pa.string(), pa.int64(), pa.string(), pa.string()]
    names = ("levering", "entiteit", "regel", "door", "waarom")
    table = pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})
    con.register("afgewezen_regels", table)
    con.execute("create or replace temp table afgewezen as select * from afgewezen_regels")
    con.unregister("afgewezen_regels")


def entries(
    settings: Settings, status: str | None = "open", entity: str | None = None, controle: str | None = None, bound: int | None = None
) -> list[QuarantinedRow]:
    """The entries with that status (None: all), by delivery, entity and line; at most ``bound`` of them. Needs no key."""
    with _opened(settings) as con:
        return _select(con, status, entity, controle, bound)


def counts(settings: Settings) -> list[tuple[str, str, str, int, datetime]]:
    """(entity, rule, field, open rows, since when) for rows that are open: each row once, however often it was sent."""
    with _opened(settings) as con:
        return con.execute(
            "select entiteit, controle, veld, count(*), min(sinds) from ingangen where status = 'open' and nieuwste "
            "group by all order by all"
        ).fetchall()


PLACES = 3
"""Rows that a sentence on a delivery names."""


def told(settings: Settings, leveringen: list[int]) -> list[str]:
    """A sentence for each of these deliveries on its open rows: how many, where the first are, what they broke, and the next command."""
    if not leveringen:
        return []
    with _opened(settings) as con:
        # what only waits for its parent says less than what is wrong itself
        rows = con.execute(
            f"""
            select levering_nummer, entiteit, bestand, regel, veld, reden, count(*) over per_levering,
                count(*) filter (controle = 'ouder_in_quarantaine') over per_levering
            from ingangen where status = 'open' and list_contains(?, levering_nummer)
            window per_levering as (partition by levering_nummer)
            qualify row_number() over (
                partition by levering_nummer order by controle = 'ouder_in_quarantaine', entiteit, regel
            ) <= {PLACES}
            order by levering_nummer, controle = 'ouder_in_quarantaine', entiteit, regel
            """,
            [leveringen],
        ).fetchall()
    return [_sentence([row for row in rows if row[0] == number]) for number in dict.fromkeys(row[0] for row in rows)]


def _sentence(rows: list[tuple[Any, ...]]) -> str:
    """The sentence on one delivery, from its first rows as ``told`` selects them."""
    number, entity, _, line, *_, total, waiting = rows[0]
    if total == 1:
        alone = later("Delivery {number}: 1 row in quarantine.")
        without = later("Delivery {number}: 1 row in quarantine, only for want of a row that is there too.")
    else:
        alone = later("Delivery {number}: {total} rows in quarantine.")
        without = later("Delivery {number}: {total} rows in quarantine, {waiting} of them only for want of a row that is there too.")
    counted = say(without if waiting else alone, number=number, total=total, waiting=waiting)
    shown = [f"{located(file, line_number, field)}: {reden}" for _, _, file, line_number, field, reden, *_ in rows]
    shown += [say("and {count} more (vt quarantine list)", count=total - len(rows))] if total > len(rows) else []
    see = say("See vt quarantine show {number} {entity} {line}", number=number, entity=entity, line=line)
    return f"{counted} {'; '.join(shown)}. {see}"


def located(file: str, line: int, field: str | None) -> str:
    """Where a row in quarantine stands in its delivery, and what it broke a rule with."""
    where = [file, say("line {line}", line=line)]
    return ", ".join([*where, say("field {field}", field=field)] if field else where)


def show(settings: Settings, levering: int, entity: str, line_number: int) -> tuple[QuarantinedRow, str]:
    """One entry and the line as it was delivered: personal data, so the use of the key is logged.

    Raises ``QuarantineError`` when there is no such entry, or its raw line was destroyed.
    """
    with _opened(settings) as con:
        found = [i for i in _select(con, None, entity, None, None) if (i.levering, i.regel) == (levering, line_number)]
        if not found:
            raise QuarantineError(
                say(
                    "No row of {entity} on line {line} of delivery {number} is or was in quarantine; see vt quarantine list.",
                    entity=entity,
                    line=line_number,
                    number=levering,
                )
            )
        purpose = say("quarantine show: delivery {number}, {entity}, line {line}", number=levering, entity=entity, line=line_number)
        keyring = open_key(settings, purpose)
        raw = _raw(con, settings, keyring, levering, entity)
        row = con.execute(f"select ruw from ({raw}) where regel = {int(line_number)}").fetchone() if raw else None
        if row is None:
            gone = later("The raw line of {entity}, line {line} of delivery {number}, was destroyed.")
            raise QuarantineError(say(gone, entity=entity, line=line_number, number=levering))
        return found[0], str(row[0])


def dismiss(
    settings: Settings, levering: int, entity: str, door: str, reden: str, line_number: int | None = None, controle: str | None = None
) -> int:
    """Dismiss open entries of one delivery and entity: one line, or all that broke one rule first. Returns how many.

    ``door`` is the person who decides, ``reden`` why; both go to the register. A dismissed row that waits for a parent does not come in any
    more; one that comes again in good order does. Raises ``QuarantineError`` when nothing open matches.
    """
    if not door.strip() or not reden.strip():
        raise QuarantineError(say("Dismissing needs the name of the person who decides and the reason."))
    with only_intake(settings), disk_errors(say("Dismissing")), _opened(settings) as con:
        found = [i.regel for i in _select(con, "open", entity, controle, None) if i.levering == levering and line_number in {None, i.regel}]
        if not found:
            nothing = later("Nothing of {entity} in delivery {number} matches and is open; see vt quarantine list.")
            raise QuarantineError(say(nothing, entity=entity, number=levering))
        Register(settings).record(
            DISMISSED, {"levering": levering, "entiteit": entity, "regels": found, "door": door.strip(), "reden": reden.strip()}
        )
        return len(found)


def export(settings: Settings, goal: Path, status: str | None = "open", *, met_regels: bool = False) -> int:
    """Write the entries to the CSV file ``goal`` (separator ``;``), to be sent to whoever keeps the registration. Returns how many.

    With ``met_regels`` the raw lines stand beside them: personal data, so the use of the key is logged and the file is its owner's alone.
    Raises ``QuarantineError`` when ``goal`` exists.
    """
    if goal.exists():
        raise QuarantineError(say("{file} is there already; name another file.", file=goal))
    if not goal.absolute().parent.is_dir():
        raise QuarantineError(say("There is no folder {folder}; make it, or name another file.", folder=goal.absolute().parent))
    with disk_errors(say("The export")), _opened(settings) as con:
        chosen = f"select * from ingangen {_where(status, None, None)}"
        if met_regels:
            keyring = open_key(settings, say("quarantine export with raw lines"))
            present = con.execute(f"select distinct levering_nummer, entiteit from ({chosen})").fetchall()
            raws = [
                f"select {n} as levering_nummer, '{e}' as entiteit, regel, ruw from ({raw})"
                for n, e in present
                if (raw := _raw(con, settings, keyring, n, e))
            ]
            joined = " union all ".join(raws) or "select null::integer as levering_nummer, '' as entiteit, 0::bigint as regel, '' as ruw"
            chosen = f"select i.*, r.ruw from ({chosen}) i left join ({joined}) r using (levering_nummer, entiteit, regel)"
        os.close(os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        texts = as_texts(c for c, kind, *_ in con.execute(f"describe {chosen}").fetchall() if kind == "VARCHAR")
        ordered = f"select * replace ({texts}) from ({chosen}) order by levering_nummer, entiteit, regel"
        return duck.number(con, f"copy ({ordered}) to {text(goal)} (format csv, delimiter ';', header, use_tmp_file false)")


@contextmanager
def _opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the table ``ingangen``."""
    log = Register(settings)
    with duck.connect(settings) as con:
        make_entries(con, settings, load_contract(), log, log.leveringen(), "ingangen")
        if of_theirs := theirs.mapped(settings, log.leveringen()):
            con.execute(
                f"create or replace table ingangen as select i.*, h.* exclude (_levering, entiteit, op_regel) from ingangen i "
                f"left join ({theirs.joined(settings, of_theirs)}) h "
                "on (h._levering, h.entiteit, h.op_regel) = (i.levering_nummer, i.entiteit, i.regel)"
            )
        yield con


def _where(status: str | None, entity: str | None, controle: str | None) -> str:
    wanted = {"status": status, "entiteit": entity, "controle": controle}
    conditions = [f"{name} = {text(value)}" for name, value in wanted.items() if value is not None]
    return "where " + " and ".join(conditions) if conditions else ""


def _select(
    con: duckdb.DuckDBPyConnection, status: str | None, entity: str | None, controle: str | None, limit: int | None
) -> list[QuarantinedRow]:
    rows = con.execute(
        f"select * from ingangen {_where(status, entity, controle)} order by levering_nummer, entiteit, regel "
        + (f"limit {int(limit)}" if limit is not None else "")
    ).fetchall()
    return [QuarantinedRow(*row) for row in rows]


def _raw(con: duckdb.DuckDBPyConnection, settings: Settings, keyring: Keyring, levering: int, entity: str) -> str | None:
    """SQL for the raw lines (regel, ruw) of one entity of one delivery; None when there are none any more."""
    delivery = next(d for d in Register(settings).leveringen() if d.nummer == levering)
    path = settings.quarantine / delivery.map / f"{entity}.parquet"
    if not path.exists():
        return None
    add_key(con, keyring, PURPOSE)
    return f"select regel, ruw from read_parquet({text(path)}, encryption_config = {{footer_key: '{PURPOSE}'}})"


def add_key(con: duckdb.DuckDBPyConnection, keyring: Keyring, purpose: str) -> None:
    """Let this connection read and write Parquet files sealed for one purpose (``vault``, ``quarantine``)."""
    con.execute(f"pragma add_parquet_key('{purpose}', '{base64.b64encode(keyring.derive(purpose)).decode()}')")
