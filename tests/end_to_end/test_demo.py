"""The whole chain on the demo of the real size: what it says it did, it did."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.release import publish
from tests.end_to_end.conftest import Chain

pytestmark = pytest.mark.xdist_group("demo")

Demo = tuple[Chain, dict[str, Any]]


def query(chain: Chain, sql: str) -> list[tuple[Any, ...]]:
    path = chain.home / "releases" / "current" / "intern" / "veilig_thuis.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_the_verdict(demo: Demo) -> None:
    _, verdict = demo
    assert verdict["uitkomst"] == "gepubliceerd"
    assert [u["uitkomst"] for u in verdict["leveringen"]] == ["opgenomen"] * 7
    assert [u["soort"] for u in verdict["leveringen"]] == ["volledig"] * 2 + ["mutaties"] * 5
    assert verdict["modellen"]["gebouwd"] == verdict["modellen"]["verwacht"] > 40
    assert verdict["controles"]["gefaald"] == 0
    assert verdict["controles"]["geslaagd"] + verdict["controles"]["gewaarschuwd"] == verdict["controles"]["verwacht"] > 100


def test_every_published_figure_ties_out_or_is_explained(demo: Demo) -> None:
    chain, verdict = demo
    assert query(chain, "from kwaliteit.aansluiting where oordeel not in ('gelijk', 'verklaard')") == []
    assert verdict["aansluiting"]["gelijk"] > 290
    assert verdict["aansluiting"]["afwijkend"] == 0
    unexplained = query(chain, "from kwaliteit.aansluiting where oordeel = 'verklaard' and coalesce(verklaring, '') = ''")
    assert unexplained == []


def test_the_2021_report_ties_out_on_the_delivery_of_its_own_time(first_delivery: Demo) -> None:
    chain, verdict = first_delivery
    assert verdict["uitkomst"] == "gepubliceerd"
    rows = query(
        chain,
        "select gepubliceerd, berekend from kwaliteit.aansluiting where publicatie = 'jaarrapportage-2021' and oordeel <> 'gelijk'",
    )
    # the source contradicts itself on one share: 41% where (2,243 + 1,086) / 7,994 = 41.6%
    assert len(rows) <= 1
    exact = query(
        chain,
        """
        select berekend from kwaliteit.aansluiting
        where publicatie = 'jaarrapportage-2021' and indicator in ('overdrachten', 'overdrachten_en_afsluitingen') order by berekend
        """,
    )
    assert [int(r[0]) for r in exact] == [1086, 2243, 7994]


def test_a_second_refresh_has_nothing_to_do(demo: Demo) -> None:
    chain, verdict = demo
    again = chain.refresh()
    assert (again["uitkomst"], again["release"], again["leveringen"]) == ("niets_nieuws", verdict["release"], [])


def test_a_night_starts_no_dbt(demo: Demo) -> None:
    """What dbt parsed and compiled with the environment is run; dbt itself would leave its log."""
    chain, _ = demo
    target = chain.home / "build" / "dbt"
    assert len(json.loads((target / "run_results.json").read_text())["results"]) > 250
    assert not (target / "logs").exists()


def test_the_list_of_runs_in_dagster_tells_how_each_ended(demo: Demo) -> None:
    chain, verdict = demo
    with dg.DagsterInstance.from_config(str(chain.home / "dagster")) as instance:
        told = {(run.tags["oordeel"], run.tags["release"], run.tags["peildatum"]) for run in instance.get_runs()}
    assert ("gepubliceerd", verdict["release"], verdict["peildatum"]) in told


def test_the_demo_is_not_written_over_real_deliveries(demo: Demo) -> None:
    chain, _ = demo
    chain.vt("demo")
    assert list((chain.home / "inbox").glob("*")) == []


def test_what_the_reports_say_in_words(demo: Demo) -> None:
    chain, _ = demo
    per_1000 = """
        select gebied from marts.indicatoren where indicator = 'meldingen_per_1000_huishoudens' and periode = '{}' and gebied_soort = '{}'
        order by waarde desc nulls last
    """
    assert [g for (g,) in query(chain, per_1000.format(2024, "gemeente"))][:2] == ["GM0451", "GM0363"]
    assert [g for (g,) in query(chain, per_1000.format(2021, "gemeente"))][:2] == ["GM0384", "GM0451"]
    assert [g for (g,) in query(chain, per_1000.format(2024, "stadsdeel"))][:3] == ["T", "N", "F"]
    most = """
        select gebied from marts.indicatoren
        where indicator = 'meldingen' and periode = '{}' and gebied_soort = 'stadsdeel' and categorie_soort = ''
        order by waarde desc
    """
    assert next(g for (g,) in query(chain, most.format(2024))) == "F"
    assert [g for (g,) in query(chain, most.format(2021))][:2] == ["F", "T"]


@pytest.mark.parametrize("schema", ["facts", "marts", "kwaliteit"])
def test_a_release_holds_what_others_read(demo: Demo, schema: str) -> None:
    promised = {
        "facts": "fct_meldingen fct_adviesvragen fct_veiligheidsbeoordelingen fct_diensten fct_overdrachten dim_datum dim_gemeente "
        "dim_stadsdeel dim_buurt dim_melder dim_vorm dim_aard dim_ontvanger brg_melding_vorm brg_melding_aard",
        "marts": "indicatoren dim_indicator dim_gebied dim_periode dim_vergelijkbaarheid instroom_gemeente instroom_stadsdeel melders "
        "geweldsvormen uitstroom overdrachten_partij meerjarenbeeld",
        "kwaliteit": "aansluiting leveringen quarantaine controles release",
    }
    chain, _ = demo
    tables = {t for (t,) in query(chain, f"select table_name from information_schema.tables where table_schema = '{schema}'")}
    assert set(promised[schema].split()) - tables == set()
    parquet = chain.home / "releases" / "current" / "intern" / "parquet" / schema
    extra = {publish.UP_TO_STADSDEEL.stem} if schema == "marts" else set()
    assert {p.stem for p in parquet.glob("*.parquet")} == tables | extra


def test_nothing_identifying_in_a_release(demo: Demo) -> None:
    """No report number of the demo (they begin with DEMO) and no text column that could be a hash of one."""
    chain, _ = demo
    identifying = "^(DEMO|99[0-9]{7}$|[0-9a-f]{32}|[0-9a-f-]{36}$)"
    for path in (chain.home / "releases" / "current" / "intern" / "parquet").rglob("*.parquet"):
        text = [c for c, t, *_ in duckdb.sql(f"describe from '{path}'").fetchall() if t in ("VARCHAR", "UUID", "BLOB")]
        for column in text:
            odd = duckdb.sql(f"""select count(*) from '{path}' where cast("{column}" as varchar) ~ '{identifying}'""").fetchone()
            assert odd == (0,), (path.name, column)


def test_the_build_cannot_be_read_without_the_key(demo: Demo) -> None:
    chain, _ = demo
    path: Path = chain.home / "build" / "veilig_thuis.duckdb"
    assert path.exists()
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(path), read_only=True)
