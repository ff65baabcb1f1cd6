"""Another organisation, invented: other gemeenten, no stadsdelen, other receivers. The whole chain, the report included."""

import csv
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import write_demo
from orchestration.release import store
from orchestration.settings import PROJECT, Settings
from tests.end_to_end.conftest import Chain
from tests.lib.deliveries import unpack
from tests.lib.handmade import HandmadeDelivery
from tests.lib.vt import run

pytestmark = pytest.mark.xdist_group("voorbeeldregio")

CODE = "voorbeeldregio"
CALENDAR = "jaargang,publicatiedatum,tot_en_met,eigenaar,vastgesteld_op\n2021,2022-01-31,2021-12-31,test,2022-01-01\n"
NAMES = {"GM9901": "Voorbeeldstad", "GM9902": "Proefdorp", "GM9903": "Testerveen"}

Rows = dict[str, list[dict[str, str]]]
Elsewhere = tuple[Chain, Rows]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Its warehouse, with its demo of half the size taken in, published and reported on; and the rows that were delivered."""
    chain = Chain(tmp_path_factory.mktemp("elders") / "vt")
    calendar = chain.home.parent / "kalender.csv"
    calendar.write_text(CALENDAR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VT_ORGANISATIE", CODE)
        patch.setenv("VT_PUBLICATIEKALENDER", str(calendar))
        inbox = Settings(home=chain.home).inbox
        first, *others = write_demo(inbox, scale=0.5)
        for path in others:
            path.unlink()
        delivered = {
            Path(name).stem: list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))
            for name, content in unpack(first).items()
            if name.endswith(".csv")
        }
        assert chain.refresh()["uitkomst"] == "gepubliceerd"
        yield chain, delivered


def query(chain: Chain, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(chain.home / "releases" / "current" / store.DATABASE), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_its_areas_are_its_own(elsewhere: Elsewhere) -> None:
    chain, _ = elsewhere
    found = query(chain, "select gebied_soort::varchar, gebied::varchar, gebied_naam::varchar from marts.dim_gebied")
    assert len(found) == 5 and set(found) == {
        ("regio", "REGIO", "Voorbeeldregio"),
        *(("gemeente", code, name) for code, name in NAMES.items()),
        ("buiten", "BUITEN", "Buiten de regio of onbekend"),
    }
    assert query(chain, "select count(*) from marts.instroom_stadsdeel union all select count(*) from facts.dim_buurt") == [(0,), (0,)]


def test_reports_count_where_they_were_delivered(elsewhere: Elsewhere) -> None:
    """From the rows of the delivery, by year and gemeente; of elsewhere and unknown they count as BUITEN."""
    chain, delivered = elsewhere
    expected = Counter(
        (row["ontvangen_op"][:4], row["gemeente_code"] if row["gemeente_code"] in NAMES else "BUITEN") for row in delivered["meldingen"]
    )
    found = query(
        chain,
        "select periode::varchar, gebied::varchar, meldingen from marts.instroom_gemeente "
        "where periode_soort = 'jaar' and gebied_soort in ('gemeente', 'buiten') and meldingen > 0",
    )
    assert {(year, area): count for year, area, count in found} == dict(expected)


def test_its_receivers_are_its_own(elsewhere: Elsewhere) -> None:
    chain, delivered = elsewhere
    expected = Counter(row["ontvanger"] for row in delivered["overdrachten"] if row["ontvanger"] not in ("CLIENTSYSTEEM", "GEEN_VERVOLG"))
    found = query(
        chain,
        "select categorie::varchar, sum(waarde)::bigint from marts.indicatoren where indicator = 'overdrachten' "
        "and categorie_soort = 'ontvanger' and gebied = 'REGIO' and periode_soort = 'jaar' and waarde > 0 group by 1",
    )
    assert dict(found) == dict(expected)
    assert {"GI_NOORD", "WIJKTEAM_STAD", "WIJKTEAM_LAND"} <= expected.keys()


def test_households_are_its_own(elsewhere: Elsewhere) -> None:
    chain, delivered = elsewhere
    reports = sum(r["ontvangen_op"][:4] == "2021" and r["gemeente_code"] == "GM9901" for r in delivered["meldingen"])
    ((rate,),) = query(
        chain,
        "select waarde from marts.indicatoren where indicator = 'meldingen_per_1000_huishoudens' and gebied = 'GM9901' "
        "and periode = '2021' and categorie_soort = ''",
    )
    assert rate == pytest.approx(1000 * reports / (140000 + 5 * 1400))


def test_a_figure_is_traced_to_the_lines_of_its_delivery(elsewhere: Elsewhere) -> None:
    chain, delivered = elsewhere
    lines = sum(r["ontvangen_op"][:4] == "2021" and r["gemeente_code"] == "GM9902" for r in delivered["meldingen"])
    assert f"{lines}" in chain.vt("trace", "meldingen", "2021", "Proefdorp").split("\n\n")[0]


@pytest.mark.parametrize("options", [("--jaar", "2021"), ("--jaar", "2020", "--intern"), ("--halfjaar", "2021-H1", "--intern")])
def test_the_report_is_of_this_organisation(elsewhere: Elsewhere, tmp_path: Path, options: tuple[str, ...]) -> None:
    chain, _ = elsewhere
    chain.vt("report", *options, "--naar", str(tmp_path))
    (page,) = tmp_path.rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "Veilig Thuis Voorbeeldregio" in text
    for foreign in ("Amsterdam", "Amstelland", "tadsdeel", "Centrum", "Weesp", "Jeugdbescherming Regio"):
        assert foreign not in text, foreign


def test_the_night_made_its_report(elsewhere: Elsewhere) -> None:
    chain, _ = elsewhere
    (page,) = (chain.home / "releases" / "current" / "publiek" / "rapport").glob("*.html")
    assert "Veilig Thuis Voorbeeldregio" in page.read_text(encoding="utf-8")


def test_a_delivery_of_another_organisation_is_refused(elsewhere: Elsewhere, tmp_path: Path) -> None:
    chain = elsewhere[0].copy(tmp_path / "vt")
    HandmadeDelivery(2, peildatum="2022-02-01").zip(Settings(home=chain.home).inbox)
    (refused,) = chain.refresh(code=1)["leveringen"]
    assert refused["uitkomst"] == "geweigerd" and "voorbeeldregio" in refused["reden"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda own: (own / "areas/gemeenten.csv").unlink(), "areas/gemeenten.csv"),
        (lambda own: (own / "published/verklaringen.csv").unlink(), "published/verklaringen.csv"),
        (lambda own: (own / "areas/wijken.csv").write_text("wijk\n"), "areas/wijken.csv"),
        (lambda own: (own / "areas/gemeenten.csv").write_text("gemeente_code,gemeente\nGM9901,Voorbeeldstad\n"), "regel 1: de kolommen"),
    ],
)
def test_files_that_are_not_right_are_named(elsewhere: Elsewhere, tmp_path: Path, change: object, told: str) -> None:
    chain = elsewhere[0].copy(tmp_path / "vt")
    shutil.copytree(PROJECT / "organisaties", tmp_path / "organisaties")
    change(tmp_path / "organisaties" / CODE)  # type: ignore[operator]
    done = run("refresh", VT_HOME=str(chain.home), VT_ORGANISATIES=str(tmp_path / "organisaties"))
    assert done.returncode != 0
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
