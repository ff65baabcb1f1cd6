"""Why figures differ between two states: by hand, of a late, a corrected and a deleted row; and the parts always add up."""

from pathlib import Path

import duckdb
import pytest

from orchestration.disclosure import publish, vintage
from orchestration.disclosure.cells import KEY
from orchestration.disclosure.vintage import VintageError
from orchestration.release import public, revisions
from orchestration.settings import Settings
from orchestration.sql import text
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.warehouse import warehouse_in

DIFFERS = """
    select indicator, gebied, definitie, nagekomen, gecorrigeerd, verwijderd from read_parquet(?)
    where categorie_soort = '' and periode = '2024' and indicator in ('meldingen', 'adviesvragen') order by all
"""


def explained(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        return con.execute(query, [str(path)]).fetchall()


def test_what_came_late_what_was_corrected_and_what_was_deleted(settings: Settings) -> None:
    first = HandmadeDelivery(1)
    late = first.row("meldingen") | {"melding_nummer": "M3"}
    moved = first.rows["meldingen"][1] | {"gemeente_code": "GM0437"}
    gone = first.rows["adviesvragen"][1] | {"verwijderd": "ja"}
    second = mutaties(2, meldingen=[late, moved], adviesvragen=[gone])
    warehouse_in(settings.root).take_in(first, second)
    told: list[str] = []
    before = sorted(p for p in settings.landing.rglob("*") if p.is_file())
    path = revisions.explain(settings, "levering:1", "levering:2", told.append)
    assert sorted(p for p in settings.landing.rglob("*") if p.is_file()) == before != []
    both = {"van": "levering:1", "naar": "levering:2"}
    assert told == [step.format(**both) for step in revisions.STEPS]
    assert explained(path, DIFFERS) == [
        ("adviesvragen", "BUITEN", 0.0, 0.0, 0.0, -1.0),
        ("adviesvragen", "REGIO", 0.0, 0.0, 0.0, -1.0),
        ("meldingen", "A", 0.0, 1.0, 0.0, 0.0),
        ("meldingen", "AA", 0.0, 1.0, 0.0, 0.0),
        ("meldingen", "AA01", 0.0, 1.0, 0.0, 0.0),
        ("meldingen", "GM0363", 0.0, 1.0, 0.0, 0.0),
        ("meldingen", "GM0384", 0.0, 0.0, -1.0, 0.0),
        ("meldingen", "GM0437", 0.0, 0.0, 1.0, 0.0),
        ("meldingen", "REGIO", 0.0, 1.0, 0.0, 0.0),
    ]
    gap = "select count(*), max(abs(waar_naar - waar_van - (definitie + nagekomen + gecorrigeerd + verwijderd))) from read_parquet(?)"
    ((count, widest),) = explained(path, gap)
    assert count > 20 and widest < 1e-9, "shares too"
    assert not (settings.build / revisions.FOLDER).exists(), "rows of then stay nowhere"
    with duckdb.connect() as con:
        con.execute("create schema kwaliteit")
        revisions.table(con, settings, "kwaliteit.herzieningen")
        assert con.execute("select count(*), any_value(naar) from kwaliteit.herzieningen").fetchone() == (count, "levering:2")


@pytest.mark.parametrize(
    ("van", "naar", "told"),
    [
        ("2021", "levering:1", "There is no vintage 2021"),
        ("levering:9", "levering:1", "levering:9 rests on delivery 9, which does not stand"),
        ("levering:x", "levering:1", "levering:x rests on delivery x"),
        ("levering:1", "levering:1", "levering:1 is not of before levering:1"),
    ],
)
def test_states_that_cannot_be_explained(settings: Settings, van: str, naar: str, told: str) -> None:
    warehouse_in(settings.root).take_in_one(HandmadeDelivery(1))
    with pytest.raises(VintageError, match=told):
        revisions.explain(settings, van, naar, lambda _: None)


# --- what two vintages published and kept -------------------------------------------------------------------------------------------------

FIGURE = ("meldingen", "", "", "regio", "REGIO", "jaar", "2024")
NAMED = ", ".join(f"{text(value)} as {column}" for value, column in zip(FIGURE, KEY.split(", "), strict=True))


def kept(folder: Path, true: int, shown: str) -> Path:
    """The folder of a vintage with one figure."""
    (folder / publish.PARQUET).parent.mkdir(parents=True)
    (folder / vintage.WITHIN).mkdir()
    with duckdb.connect() as con:
        con.execute(f"attach {text(folder / vintage.WITHIN / public.TRUTH)} as file; create schema file.waarheid")
        con.execute(f"create table file.waarheid.indicatoren as select {NAMED}, {true}::double as waarde, false as voorlopig")
        con.execute(f"copy (select {NAMED}, {shown}::double as waarde) to {text(folder / publish.PARQUET)} (format parquet)")
    return folder


@pytest.mark.parametrize(("shown", "parts"), [("15", (4.0, 2.0, -1.0, 3.0, -3.0)), ("null", (4.0, 2.0, -1.0, 3.0, None))])
def test_of_two_vintages_the_definition_and_the_rounding_have_their_parts(
    settings: Settings, tmp_path: Path, shown: str, parts: tuple[float | None, ...]
) -> None:
    """Then 11, shown as 10, and now 19; by today's code it was 14, 16 with what came late, 15 corrected, 18 in all."""
    settings.root.mkdir(parents=True)
    with duckdb.connect() as con:
        for step, value in enumerate((14, 16, 15, 18)):
            con.execute(f"copy (select {NAMED}, {value}::double as waarde) to {text(settings.root / f'{step}.parquet')} (format parquet)")
        con.execute(
            f"copy (select 'meldingen' as indicator, 'aantal' as soort) to {text(settings.root / 'soorten.parquet')} (format parquet)"
        )
        ended = "select 'jaar' as periode_soort, unnest(['2023', '2024']) as periode"
        con.execute(f"copy ({ended}) to {text(settings.root / 'perioden.parquet')} (format parquet)")
    states = (
        revisions.State("een", 1, kept(tmp_path / "een", 11, "10")),
        revisions.State("twee", 2, kept(tmp_path / "twee", 19, shown)),
    )
    with duckdb.connect() as con:  # 2023 stands in the second alone
        path = text(tmp_path / "twee" / publish.PARQUET)
        both = f"select * from read_parquet({path}) union all select * replace ('2023' as periode) from read_parquet({path})"
        con.execute(f"create table t as {both}; copy t to {path} (format parquet)")
    revisions.write(settings, *states, tmp_path / "uit.parquet")
    found = explained(tmp_path / "uit.parquet", "select definitie, nagekomen, gecorrigeerd, verwijderd, weergave from read_parquet(?)")
    assert found == [parts]
    if None not in parts:
        assert sum(p or 0 for p in parts) == 15 - 10
