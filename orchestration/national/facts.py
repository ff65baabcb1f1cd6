"""The facts of all organisations in one build, each row under its organisation, and the seeds that go with them."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration import seeds
from orchestration.files import make_folder
from orchestration.intake.contract import CODES
from orchestration.language import later, say
from orchestration.national.organisations import NationalError, Participant
from orchestration.settings import Settings
from orchestration.sql import text

APART = 1_000_000_000_000
"""How far the numbers of one organisation lie from those of the next."""
AREAS = ("gebied_stadsdeel", "gebied_wijk", "gebied_buurt")
STAGING = {
    "stg_meldingen": "select ontvangen_dag from veilig_thuis.facts.fct_meldingen",
    "stg_adviesvragen": "select gestart_op from veilig_thuis.facts.fct_adviesvragen",
}
"""Of staging, what figures ask: the first day that there is something of."""
EMPTY = (
    "areas/stadsdelen.csv",
    "areas/buurten.csv",
    "areas/gemeente_overgangen.csv",
    "households/huishoudens_gemeente.csv",
    "households/huishoudens_stadsdeel.csv",
    "catalogue/breuken.csv",
)
"""Seeds of which there is nothing here: organisations have no areas, figures per 1,000 households come from the releases, and what is shown
says nothing of breaks."""


def put_together(con: duckdb.DuckDBPyConnection, files: dict[str, Path], peildatum: date) -> list[str]:
    """The facts of all, and what of staging is asked for, in the build; their names."""
    con.execute("create schema veilig_thuis.facts; create schema veilig_thuis.staging")
    for at, path in enumerate(files.values()):
        con.execute(f"attach {text(path)} as o{at} (read_only)")
    tables = [
        name
        for (name,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'o0' and schema_name = 'facts' "
            "and (starts_with(table_name, 'fct_') or starts_with(table_name, 'brg_')) order by 1"
        ).fetchall()
    ]
    for table in tables:
        # the facts of a release with the line of each row, which the figures are counted by
        rows = [f"read_parquet({text(path.parent / 'herleiding' / f'facts.{table}.parquet')})" for path in files.values()]
        columns = [row[0] for row in con.execute(f"describe from {rows[0]}").fetchall()]
        parts = [f"select {', '.join(_column(column, code, at) for column in columns)} from {rows[at]}" for at, code in enumerate(files)]
        con.execute(f"create table veilig_thuis.facts.{table} as {' union all '.join(parts)}")
    staging = STAGING | {
        "stg_peildatum": f"select 1 as levering_nummer, date '{peildatum}' as peildatum",
        "stg_levering_entiteiten": " union ".join(f"select entiteit from o{at}.kwaliteit.levering_entiteiten" for at in range(len(files))),
    }
    for name, query in staging.items():
        con.execute(f"create table veilig_thuis.staging.{name} as {query}")
    for at in range(len(files)):
        con.execute(f"detach o{at}")
    return [*tables, *staging]


def _column(column: str, code: str, at: int) -> str:
    """A column of a fact, as it counts here."""
    if column == "gebied_gemeente":
        return f"{text(code)} as {column}"
    if column in AREAS:
        return f"cast(null as varchar) as {column}"
    if column == "stadsdeel_toegerekend":
        return f"false as {column}"
    if column == "_bestand":  # the line of a row tells it from every other one
        return f"{text(code + '/')} || {column} as {column}"
    if column == "team":
        return f"{text(code + ': ')} || team as team"
    return f"{column} + {at * APART} as {column}" if column.endswith("_id") else column


def make_seeds(own: Settings, there: list[Participant]) -> dict[str, str]:
    """Seeds of this build, beside those of everybody: organisations as areas, the code lists of all; name → file."""
    found: dict[str, list[dict[str, object]]] = {
        **{relative: [] for relative in EMPTY},
        "areas/regio.csv": [{"naam": say("all organisations together")}],
        "areas/gemeenten.csv": [
            {"gemeente_code": p.organisatie, "gemeente": p.naam, "in_regio_van": date.min, "volgorde": at}
            for at, p in enumerate(there, start=1)
        ],
        CODES: _code_lists(there),
    }
    folder = make_folder(own.root / "seeds")
    return {
        Path(relative).stem: str(seeds.write(folder / Path(relative).name, seeds.columns(relative), rows))
        for relative, rows in found.items()
    }


def _code_lists(there: list[Participant]) -> list[dict[str, object]]:
    """The codes of all, each once. Raises ``NationalError``: one code hangs on two groups."""
    found = dict[tuple[str, str], tuple[dict[str, str], str]]()
    for p in there:
        for row in seeds.rows(CODES, p.organisatie):
            known, other = found.setdefault((row["codelijst"], row["code"]), (row, p.organisatie))
            if known["hoort_bij"] != row["hoort_bij"]:
                told = later("{list} {code} hangs on another group at {one} than at {other} (codes/codelijsten.csv).")
                raise NationalError(say(told, list=row["codelijst"], code=row["code"], one=other, other=p.organisatie))
    return [dict(row) for row, _ in found.values()]
