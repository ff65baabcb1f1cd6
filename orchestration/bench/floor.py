"""The floor: the least that anybody would have to do with a delivery. One DuckDB reads its files and counts the main figures.

No checks, no history, no unlinkable numbers, nothing that is kept: ``python -m orchestration.bench.floor FOLDER RESULT``. The scripts in
``peers/`` do the same with other libraries; a test holds all of them to the same figures.
"""

import sys
from pathlib import Path

import duckdb

from orchestration.sql import text

MONTH = "strftime(ontvangen_op::timestamptz, '%Y-%m')"
FIGURES = {
    "meldingen": f"select {MONTH}, coalesce(gemeente_code, ''), count(*) from meldingen group by all",
    "melders": f"select {MONTH}, hoedanigheid, count(*) from meldingen group by all",
    "vormen": f"select {MONTH}, vorm, count(*) from meldingen join melding_vormen using (melding_nummer) group by all",
    "wachttijd": f"""
        select {MONTH}, 'gemiddeld', avg(besluit_op::date - gestart_op::date) from meldingen join veiligheidsbeoordelingen
        using (melding_nummer) where besluit_op is not null group by all
    """,
    "mediaan": f"""
        select {MONTH}, 'mediaan', median(besluit_op::date - gestart_op::date) from meldingen join veiligheidsbeoordelingen
        using (melding_nummer) where besluit_op is not null group by all
    """,
    "diensten": """
        select gestart_op[:4], soort, avg(afgesloten_op::date - gestart_op::date) from diensten where afgesloten_op is not null group by all
    """,
    "overdrachten": "select overgedragen_op[:7], ontvanger, count(*) from overdrachten group by all",
    "adviesvragen": "select gestart_op[:7], kanaal, count(*) from adviesvragen group by all",
    "huishoudens": """
        select strftime(ontvangen_op::timestamptz, '%Y'), '', count(distinct huishouden_nummer) from meldingen join casussen
        using (casus_nummer) group by all
    """,
}
"""Name → two keys and a value, straight from the text of the files."""


def count_main_figures(files: Path) -> list[tuple[str, str, str, float]]:
    """The main figures of a ``volledig`` delivery: name, two keys and value, in order."""
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("set timezone = 'Europe/Amsterdam'")
        for path in sorted(files.glob("*.csv")):
            con.execute(f"create table {path.stem} as from read_csv({text(path)}, delim = ';', header = true, all_varchar = true)")
        each = (f"select '{name}', part.* from ({sql}) as part" for name, sql in FIGURES.items())
        return con.execute(f"{' union all '.join(each)} order by all").fetchall()


def write(figures: list[tuple[str, str, str, float]], path: Path) -> None:
    """As the peers write theirs."""
    path.write_text("".join(f"{name};{one};{other};{value:.6f}\n" for name, one, other, value in figures), encoding="utf-8")


if __name__ == "__main__":
    write(count_main_figures(Path(sys.argv[1])), Path(sys.argv[2]))
