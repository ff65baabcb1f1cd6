"""The figures as they leave: values, statuses and files in which nothing tells zero from hidden, or why something is hidden."""

import codecs
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration import standing
from orchestration.disclosure import beside, database
from orchestration.disclosure.cells import KEY, MEAN_KINDS, SHARE_KINDS, WAIT_KINDS
from orchestration.disclosure.protect import Pattern, System
from orchestration.disclosure.rules import COUNTS
from orchestration.files import make_folder, remove
from orchestration.formats import open_data
from orchestration.formats.edition import Edition
from orchestration.sql import text
from orchestration.transform.column_texts import column_text

TABLE, STORED = "publicatie.indicatoren", "opslag.indicatoren"
"""What readers read, and the rows that it shows: from a day on it says that they are out of date."""
PARQUET, DATABASE = Path("parquet") / "publicatie" / "indicatoren.parquet", "veilig_thuis_publiek.duckdb"
CSV = "indicatoren.csv"
"""For a spreadsheet in which numbers have a decimal comma."""
FILES = (PARQUET, Path(DATABASE), Path(CSV), *open_data.FILES)
"""All that leaves; each has the same rows, or describes one that has."""
IN_RECORD = {CSV: ("CSV voor een Nederlands rekenblad", "text/csv"), str(PARQUET): ("Parquet", "application/vnd.apache.parquet")}
"""Files that a data portal is told of beside the open data: title and media type."""

PUBLISHED, HIDDEN, MISSING, NONE = "gepubliceerd", "onderdrukt", "ontbreekt", "niet_van_toepassing"
STATUSES = (PUBLISHED, HIDDEN, MISSING, NONE)

DECIMALS = {"procent": 0, "per_1000": 1, "verhouding": 2, "aantal": 1, "werkdagen": 1, "weken": 1, "fte": 1}
"""Of a figure that is no count. Shares and rates follow from published counts, so that no decimal of theirs tells more."""
SMALLEST_MEAN, SMALLEST_MEDIAN = 30, 100
"""How many a mean, and a median or percentile, must be of; counted after rounding."""

COLUMNS = {
    "indicator": column_text("indicator"),
    "periode_soort": column_text("periode_soort"),
    "periode": "Periode",
    "gebied_soort": column_text("gebied_soort"),
    "gebied": "Code van het gebied",
    "categorie_soort": "Uitsplitsing; leeg voor het totaal",
    "categorie": "Waarde van de uitsplitsing; leeg voor het totaal",
    "waarde": "Het cijfer; leeg als het niet gepubliceerd is",
    "teller": "Gepubliceerd aantal boven de streep van een aandeel of verhouding",
    "noemer": "Gepubliceerd aantal onder de streep van een aandeel of verhouding",
    "eenheid": "Eenheid van de waarde",
    "status": "gepubliceerd, onderdrukt (te klein, of nodig om een klein aantal te beschermen), ontbreekt of niet_van_toepassing",
    **{column: column_text(column) for column in ("indicator_naam", "gebied_naam", "categorie_naam", "periode_start", "periode_eind")},
    "voorlopig": "Of de periode nog loopt; wat gepubliceerd wordt, is altijd voorbij",
    **{column: column_text(column) for column in ("vergelijkbaarheid", "vergelijkbaarheid_reden")},
    "peildatum": "Stand van de registratie waarvan het cijfer gemaakt is",
    **standing.TEXTS,
    "verouderd_vanaf": "Dag vanaf wanneer er een nieuwere publicatie hoort te zijn en dit cijfer verouderd is; leeg als dat niet zo is",
}
KEY_COLUMNS = list(COLUMNS)[:7]
"""The key of a row, in the order of the rows."""
NUMBERS = ("waarde", "teller", "noemer")
NO_TEXTS = (*NUMBERS, "periode_start", "periode_eind", "voorlopig", "peildatum", "verouderd_vanaf")
TEXTS = tuple(c for c in COLUMNS if c not in NO_TEXTS)
NOTE = (
    "Cijfers voor publicatie: aantallen onder de {drempel} staan er niet in, andere zijn afgerond op het dichtstbijzijnde"
    " veelvoud van {basis}, waardoor delen niet altijd optellen tot hun totaal"
)


def make(con: duckdb.DuckDBPyConnection, system: System, pattern: Pattern, edition: Edition, marts: str = "marts") -> None:
    """Make the table ``publicatie.indicatoren`` in ``con``, which holds what stands beside the figures (``beside.gather``)."""
    show(con, system.rounded() if pattern.published is None else pattern.published, ~pattern.hidden & ~system.unlisted)
    stay(con, pattern.means)
    figures(con, system.parameters.base, marts, edition)
    p = system.parameters
    con.execute(f"comment on table {TABLE} is {text(NOTE.format(drempel=p.threshold, basis=p.base))}")


def show(con: duckdb.DuckDBPyConnection, published: NDArray[np.int64], shown: NDArray[np.bool_]) -> None:
    """``shown_cells``: of each cell what is published, empty where it is hidden."""
    con.execute("create or replace table shown_cells (cel bigint, gepubliceerd bigint)")
    cells = np.arange(len(published))
    con.execute(
        "insert into shown_cells select unnest(?), unnest(?)",
        [cells.tolist(), [int(v) if s else None for v, s in zip(published, shown, strict=True)]],
    )


Means = Sequence[tuple[str | float | None, ...]]
"""Key and value of means."""


def stay(con: duckdb.DuckDBPyConnection, means: Means) -> None:
    """``kept_means``: those that stay as they were published before."""
    con.execute(f"create or replace table kept_means ({KEY.replace(',', ' text,')} text, waarde double)")
    if means:
        columns = [list(c) for c in zip(*means, strict=True)]
        con.execute(f"insert into kept_means select {', '.join(['unnest(?)'] * len(columns))}", columns)


def read(con: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """``written``: what stands in the Parquet file."""
    con.execute(f"create or replace temp table written as from read_parquet({text(parquet)})")


def read_cells(con: duckdb.DuckDBPyConnection) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What ``written`` says of each cell, from the count itself or from the share whose part it is, -1 where nothing; and whether these
    differ. Also as the table ``written_cells``."""
    con.execute(
        f"""
        create or replace temp table written_cells as
        with said as (
            select cel, waarde from (select cells.cel, written.waarde from cells join written
                on written.indicator = cells.reeks and written.categorie_soort = cells.categorie_soort
                and written.categorie = cells.categorie
                and written.gebied_soort = cells.gebied_soort and written.gebied = cells.gebied and written.periode = cells.periode)
            union all
            select cel, case part when 'teller' then written.teller else written.noemer end
            from (select *, count(*) over (partition by {KEY}, part) as terms from parts) as parts join written using ({KEY})
            where coefficient = 1 and terms = 1
        )
        select cel, max(waarde) as waarde, count(distinct waarde) > 1 or count(waarde) not in (0, count(*)) as onenig
        from said group by cel
        """
    )
    rows = con.execute(
        """select cells.cel, coalesce(w.waarde, -1) as waarde, coalesce(onenig, true) as onenig
        from cells left join written_cells as w using (cel) order by cel"""
    ).fetchnumpy()
    return np.asarray(rows["waarde"], dtype=np.float64), np.asarray(rows["onenig"], dtype=np.bool_)


def decimals(unit: str) -> str:
    """The decimals of a figure, as an expression over its unit."""
    return "case " + unit + " " + " ".join(f"when {text(u)} then {d}" for u, d in DECIMALS.items()) + " end"


def share(above: str, below: str) -> str:
    """The expression of a share or rate over published counts: empty where one of them is; rounding never makes it more than the whole."""
    value = f"figures.factor * {above} / case figures.soort when 'per_1000' then huishoudens else {below} end"
    return f"round(case when figures.eenheid = 'procent' and {value} > 100 then 100 else {value} end, {decimals('figures.eenheid')})"


HOUSEHOLDS = """
    households as (select indicator, gebied_soort, gebied, periode, noemer as huishoudens from truths
        where indicator in (select indicator from figures where soort = 'per_1000'))
"""

SHARES_SHOWN = """
    select
        indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode,
        case when count(gepubliceerd) filter (part = 'teller') = count(*) filter (part = 'teller')
            then sum(coefficient * gepubliceerd) filter (part = 'teller') end as teller,
        case when count(gepubliceerd) filter (part = 'noemer') = count(*) filter (part = 'noemer')
            then sum(coefficient * gepubliceerd) filter (part = 'noemer') end as noemer
    from parts join shown_cells using (cel)
    group by all
"""
"""Above and below the line of each share as published, empty where a count of it is hidden."""


def figures(con: duckdb.DuckDBPyConnection, base: int, marts: str, edition: Edition) -> None:
    """``publicatie.indicatoren`` of ``shown_cells``."""
    con.execute("create schema if not exists publicatie")
    con.execute(
        f"""
        create or replace table {TABLE} as
        select {", ".join(COLUMNS)} from (
        with shares as ({SHARES_SHOWN}),
        counts as (
            select reeks as indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode, gepubliceerd
            from cells join shown_cells using (cel)
        ),
        {HOUSEHOLDS},
        means as ({means(base)}),
        told as ({beside.select(marts)}),
        found as (
            select figures.*, counts.gepubliceerd as aantal,
                shares.teller, case figures.soort when 'per_1000' then null else shares.noemer end as noemer,
                huishoudens, means.gemiddelde, means.genoeg
            from figures
            left join counts using ({KEY})
            left join shares using ({KEY})
            left join households on figures.soort = 'per_1000' and households.indicator = figures.indicator
                and households.gebied_soort = figures.gebied_soort and households.gebied = figures.gebied
                and households.periode = figures.periode
            left join means using ({KEY})
        ),
        valued as (
            select figures.*,
                case
                    when soort in {COUNTS} then aantal
                    when soort in {MEAN_KINDS} then case when genoeg then round(gemiddelde, {decimals("eenheid")}) end
                    else {share("figures.teller", "figures.noemer")}
                end::double as waarde
            from found as figures
        )
        select
            valued.indicator, valued.periode_soort, valued.periode, valued.gebied_soort, valued.gebied, valued.categorie_soort,
            valued.categorie, case when valued.bestaat then valued.waarde end as waarde,
            case when valued.soort in {SHARE_KINDS} then valued.teller end::bigint as teller,
            case when valued.soort in {SHARE_KINDS} then valued.noemer end::bigint as noemer,
            valued.eenheid,
            case
                when not valued.bestaat then '{NONE}'
                when valued.soort = 'per_1000' and valued.huishoudens is null then '{MISSING}'
                when valued.waarde is null then '{HIDDEN}'
                else '{PUBLISHED}'
            end as status,
            told.* exclude ({KEY}), nullif('{edition.peildatum}', '')::date as peildatum,
            nullif('{edition.stale_from}', '')::date as verouderd_vanaf
        from valued join told using ({KEY})
        ) order by all
        """
    )


def means(base: int) -> str:
    """Query of each mean, median and percentile: its value, and whether it is of enough; one that stays is as it was."""
    return f"""
    select {KEY}, case when kept_means.indicator is null then gemiddelde else kept_means.waarde end as gemiddelde,
        -- rounded as a count is: what is shown tells no more of how many there are than that
        case when kept_means.indicator is null then round(aantal / {base}) * {base}
            >= case soort when 'gemiddelde' then {SMALLEST_MEAN} else {SMALLEST_MEDIAN} end else kept_means.waarde is not null end as genoeg
    from ({TRUE_MEANS}) left join kept_means using ({KEY})
"""


CAME_IN = "meldingen"
"""How many a waiting time is of: all that came in, in the same period."""
TRUE_MEANS = f"""
    select figures.indicator, figures.categorie_soort, figures.categorie, figures.gebied_soort, figures.gebied, figures.periode_soort,
        figures.periode, figures.soort, own.waarde as gemiddelde,
        case when figures.soort in {WAIT_KINDS} then beside.waarde else coalesce(own.noemer, beside.noemer) end as aantal
    from figures
    join truths as own using (indicator, categorie_soort, categorie, gebied_soort, gebied, periode)
    left join truths as beside on beside.indicator = case
            when figures.soort in {WAIT_KINDS} then '{CAME_IN}'
            else regexp_replace(figures.indicator, '_(mediaan|p90)$', '_gemiddeld')
        end
        and beside.categorie_soort = figures.categorie_soort and beside.categorie = figures.categorie
        and beside.gebied_soort = figures.gebied_soort and beside.gebied = figures.gebied and beside.periode = figures.periode
    where figures.soort in {MEAN_KINDS} and own.waarde is not null
"""
"""Each mean, median and percentile, and of how many it is."""


def write(con: duckdb.DuckDBPyConnection, folder: Path, edition: Edition) -> None:
    """Write ``publicatie.indicatoren`` into a folder: a Parquet file, and the others made of it."""
    make_folder((folder / PARQUET).parent)
    for path in FILES:
        remove(folder / path)
    con.execute("set preserve_insertion_order = true")
    con.execute(f"copy (from {TABLE}) to {text(folder / PARQUET)} (format parquet, compression zstd)")
    comment = con.execute("select comment from duckdb_tables() where schema_name = 'publicatie' and table_name = 'indicatoren'").fetchone()
    assert comment
    database.make(folder / PARQUET, folder / DATABASE, STORED, TABLE, {"": comment[0], **COLUMNS})
    derive(con, folder, comment[0], edition)


def derive(con: duckdb.DuckDBPyConnection, folder: Path, note: str, edition: Edition) -> None:
    """The files of text, of what stands in the Parquet file."""
    (folder / CSV).write_bytes(spreadsheet(con, folder / PARQUET))
    open_data.write(con, folder, PARQUET, IN_RECORD, COLUMNS, KEY_COLUMNS, note, edition)


def spreadsheet(con: duckdb.DuckDBPyConnection, parquet: Path) -> bytes:
    """The CSV file of what stands in a Parquet file: semicolons, decimal commas, texts quoted, and the mark by which Excel knows UTF-8."""
    scratch = parquet.with_suffix(".csv")
    numbers = [n for n, kind, *_ in con.execute(f"describe from read_parquet({text(parquet)})").fetchall() if kind in ("DOUBLE", "BIGINT")]
    texts = ", ".join(c for c in COLUMNS if c not in numbers)
    written = ", ".join(rf"replace(regexp_replace({n}::varchar, '\.0$', ''), '.', ',') as {n}" for n in numbers)
    written += ", if(voorlopig, 'ja', 'nee') as voorlopig"
    con.execute(
        f"""copy (select * replace ({written}) from read_parquet({text(parquet)}))
        to {text(scratch)} (format csv, header, delimiter ';', force_quote ({texts}))"""
    )
    try:
        return codecs.BOM_UTF8 + scratch.read_bytes()
    finally:
        remove(scratch)
