"""What a release and the vault hold for CBS: views of the facts and of the numbers behind their lines, and the record sets made of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration import duck
from orchestration.intake.contract import load_contract
from orchestration.keys.keyring import Keyring
from orchestration.landing.quarantine import add_key
from orchestration.language import say
from orchestration.outputs.cbs.columns import RECORD_SETS, SETS, YES_NO, code_list, kind
from orchestration.outputs.cbs.half_year import CbsError
from orchestration.register.register import Register
from orchestration.release import store
from orchestration.release.trace import FOLDER as LINES
from orchestration.settings import Settings
from orchestration.sql import text

FACTS = {
    "fct_adviesvragen": "adviesvragen",
    "fct_meldingen": "meldingen",
    "fct_diensten": "diensten",
    "fct_betrokkenen": "betrokkenen",
}
"""Fact → the entity whose numbers lie in the vault."""


@dataclass(frozen=True)
class RecordSource:
    """An open connection with a view for each record set, and what it was made of."""

    con: duckdb.DuckDBPyConnection
    release: str
    peildatum: date


@contextmanager
def opened(settings: Settings, keyring: Keyring, release: str = store.CURRENT) -> Iterator[RecordSource]:
    """The record sets of a release, each a view of its name with ``telt_op`` (the day by which it belongs to a period), the columns of
    ``columns.SETS`` as text, day, number or (list of) codes, ``periode`` and the place of its line.

    Raises ``CbsError`` when the release keeps no lines or the vault lacks a delivery.
    """
    told = store.read(settings, release)
    folder = settings.releases / told["release"] / LINES
    if not (folder / "facts.fct_betrokkenen.parquet").exists():
        raise CbsError(say("Release {release} keeps no lines: older code made it. Run vt refresh.", release=told["release"]))
    with duck.connect(settings) as con:
        add_key(con, keyring, "vault")
        con.execute("create schema facts; create schema kluis")
        shown = settings.releases / told["release"] / "intern" / "parquet" / "facts"
        views = {path.stem: path for path in folder.glob("facts.*.parquet")}
        views |= {f"facts.{path.stem}": path for path in shown.glob("dim_*.parquet")}
        for name, path in views.items():
            con.execute(f"create view {name} as from read_parquet({text(path)})")
        _open_vault(con, settings)
        for path in sorted((RECORD_SETS / "base").glob("*.sql")):
            con.execute(f"create view {path.stem} as {path.read_text(encoding='utf-8')}")
        for name in SETS:
            query = (RECORD_SETS / f"{name}.sql").read_text(encoding="utf-8")
            con.execute(f"create view {name} as select *, {period_sql('telt_op')} as periode from ({query}\n) as own")
        yield RecordSource(con, told["release"], date.fromisoformat(told["peildatum"]))


def period_sql(day: str) -> str:
    """SQL: the half-year of a day, as 2024-H1."""
    return f"strftime({day}, '%Y') || if(month({day}) <= 6, '-H1', '-H2')"


def _open_vault(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """``kluis.<entity>``: the numbers of each line that the facts name, with the delivery that it stands in."""
    deliveries = {d.nummer: d for d in Register(settings).leveringen()}
    for fact, e in FACTS.items():
        named = [number for (number,) in con.execute(f"select distinct _levering from facts.{fact} order by 1").fetchall()]
        parts = []
        for number in named:
            path = settings.vault / deliveries[number].map / f"{e}.parquet" if number in deliveries else None
            if path is None or not path.exists():
                lacks = say("The vault of delivery {number} lacks {entity}. Put it back from a backup.", number=number, entity=e)
                raise CbsError(lacks)
            parts.append(f"select {number} as _levering, * from read_parquet({text(path)}, encryption_config = {{footer_key: 'vault'}})")
        fields = [v.name for v in load_contract().entity(e).fields if v.identifies]
        nothing = f"select 0 as _levering, 0::bigint as regel, {', '.join(f'null::varchar as {f}' for f in fields)} where false"
        con.execute(f"create view kluis.{e} as {' union all by name '.join(parts) or nothing}")


def value_sql(column: str) -> str:
    """SQL: a column of a record set as text, or for several codes as a list of texts; null where nothing is known."""
    if kind(column) == "datum":
        return f"strftime({column}, '%Y%m%d')"
    if kind(column) == "code" and code_list(column) == YES_NO:
        return f"case {column} when true then 'ja' when false then 'nee' end"
    return column if kind(column) == "codes" else f"{column}::varchar"
