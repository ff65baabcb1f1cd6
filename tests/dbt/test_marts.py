"""Every column of every subject mart is held to the long table by the tests of the night; here it is held that those notice."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.bench.models import multiply
from orchestration.keys.keyring import open_keyring
from orchestration.settings import PROJECT, Settings
from orchestration.transform import dbt
from tests.dbt.conftest import Built
from tests.lib.build import Build, copy_of

pytestmark = pytest.mark.xdist_group("gouden")

TESTS = (
    "marten_zeggen_wat_de_lange_tabel_zegt",
    "meerjarenbeeld_zegt_wat_de_lange_tabel_zegt",
    "overdrachten_partij_zegt_wat_de_lange_tabel_zegt",
    "vergelijking_met_een_jaar_eerder_noemt_elke_breuk",
)
LONG = (
    "indicatoren", "dim_indicator", "dim_gebied", "dim_periode", "dim_vergelijkbaarheid", "dim_breuk", "werkvoorraad_vooruitblik",
    "vooruitblik_terugblik",
)  # fmt: skip
"""Marts that are no table of a subject."""

KEYS = {"periode_soort", "periode", "gebied_soort", "gebied", "indicator", "categorie_soort", "categorie", "jaar", "ontvanger"}
"""Columns by which a row is found; one that is wrong is a row that is not there."""


def columns(build: Build) -> dict[str, dict[str, str]]:
    """Subject mart → its columns that are no keys → data type."""
    nodes = json.loads(dbt.MANIFEST.read_text())["nodes"].values()
    return {
        n["name"]: {c["name"]: c["data_type"] for c in n["columns"].values() if c["name"] not in KEYS}
        for n in nodes
        if n["resource_type"] == "model" and n["schema"] == "marts" and n["name"] not in LONG
    }


def wrong(build: Build) -> set[tuple[str, str]]:
    """Mart and column of all that the tests of the night find."""
    return {row for test in TESTS for row in build.query(f"select distinct mart, kolom from ({build.sql_of(test)})")}


def changed(build: Build, changes: dict[str, dict[str, str]]) -> set[tuple[str, str]]:
    """What the tests find once every mart has these columns; as a new mart would have them, all at once."""
    with build.open() as con:
        for mart, values in changes.items():
            replaced = ", ".join(f"{value} as {column}" for column, value in values.items())
            con.execute(f"create or replace table marts.{mart} as select * replace ({replaced}) from marts.{mart}")
    return wrong(build)


@pytest.fixture
def copy(built: Callable[[str], Built], tmp_path: Path) -> Build:
    """The golden registration that has rows in every mart, as built, to be changed."""
    return copy_of(built("gebieden")[0], tmp_path / "vt")


OTHER = {
    "bigint": "coalesce({}, 0) + 1",
    "integer": "coalesce({}, 0) + 1",
    "double": "coalesce({}, 0) + 1",
    "date": "coalesce({}, date '2000-01-01') + 1",
    "boolean": "{} is not true",
    "varchar": "coalesce({}, '') || '.'",
}


def test_a_wrong_value_in_any_column_is_found(copy: Build) -> None:
    known = columns(copy)
    changes = {mart: {c: OTHER[kind].format(c) for c, kind in of_mart.items()} for mart, of_mart in known.items()}
    found = changed(copy, changes)
    assert {(mart, c) for mart, of_mart in known.items() for c in of_mart} - found == set()


def test_any_column_in_the_place_of_another_is_found(copy: Build) -> None:
    """Each column in the place of the one before it of its type: found wherever that makes a difference."""
    changes: dict[str, dict[str, str]] = {}
    different: set[tuple[str, str]] = set()
    for mart, of_mart in columns(copy).items():
        for kind in set(of_mart.values()) - {"date"}:  # by its dates a row is found
            alike = [c for c, k in of_mart.items() if k == kind]
            pairs = dict(zip(alike, [*alike[1:], alike[0]], strict=True))
            changes[mart] = changes.get(mart, {}) | pairs
            ((*differ,),) = copy.query(
                f"select {', '.join(f'bool_or({a} is distinct from {b})' for a, b in pairs.items())} from marts.{mart}"
            )
            different |= {(mart, c) for c, d in zip(pairs, differ, strict=True) if d}
    assert len(different) > 100
    assert different - changed(copy, changes) == set()


def test_a_row_too_few_and_a_row_too_many_are_found(copy: Build) -> None:
    with copy.open() as con:
        for mart in columns(copy):
            con.execute(f"delete from marts.{mart} where gebied = 'REGIO' or gebied in (select gebied from marts.{mart} limit 1)")
    assert {mart for mart, _ in wrong(copy)} == set(columns(copy))


@pytest.mark.parametrize("golden", ["gebieden"], indirect=True)
def test_a_column_of_a_figure_that_is_none_is_told(golden: Built) -> None:
    sql = golden[0].sql_of(TESTS[0])
    assert golden[0].query(f"select * from ({sql})") == []
    misnamed = sql.replace("'meldingen huishouden=met_kinderen' as cijfer", "'meldingen huishouden=met_kinders' as cijfer")
    assert golden[0].query(f"select distinct mart, kolom from ({misnamed}) where kolom like '%geen cijfer%' order by all") == [
        (mart, "meldingen_met_kinderen (geen cijfer heet zo)")
        for mart in ("geweldsvormen", "instroom_buurt", "instroom_gemeente", "instroom_stadsdeel")
    ]


def test_a_column_that_is_not_called_after_its_figure_is_told(built: Callable[[str], Built], tmp_path: Path) -> None:
    """The figure of a column is typed once: one that is another's shows in its name."""
    for name in ("dbt_project", "seeds"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("target", "logs"))
    mart = tmp_path / "dbt_project" / "models" / "marts" / "instroom_stadsdeel.sql"
    right = "'meldingen_met_kinderen': 'meldingen huishouden=met_kinderen'"
    assert right in mart.read_text()
    mart.write_text(mart.read_text().replace(right, "'meldingen_met_kinderen': 'meldingen huishouden=zonder_kinderen'"))
    build = copy_of(built("gebieden")[0], tmp_path / "vt")
    chosen = ["instroom_stadsdeel", TESTS[0]]
    outcomes = build.dbt("build", "--select", *chosen, "--exclude-resource-type", "unit_test", project=tmp_path / "dbt_project")
    assert outcomes[TESTS[0]] == "fail"
    assert build.query(f"select distinct mart, kolom from ({build.sql_of(TESTS[0])})") == [
        ("instroom_stadsdeel", "meldingen_met_kinderen (heet niet naar zijn cijfer: meldingen huishouden=zonder_kinderen)")
    ]


@pytest.mark.parametrize("golden", ["gebieden"], indirect=True)
def test_a_break_in_the_comparison_with_a_year_earlier_is_looked_at(golden: Built) -> None:
    """The registration has some, or the test of the night would look at nothing here."""
    assert golden[0].query("select count(vergelijkbaarheid_jaar_eerder) > 0 from marts.instroom_gemeente") == [(True,)]
    assert golden[0].query("select distinct indicator, norm from marts.meerjarenbeeld where norm is not null order by all") == [
        ("aandeel_diensten_binnen_termijn", 80.0),
        ("aandeel_vb_binnen_termijn", 90.0),
    ]


def test_a_registration_many_times_over_keeps_its_households_and_casussen(golden: Built, tmp_path: Path) -> None:
    """What ``vt bench models`` builds: three times the reports, casussen and persons, each copy apart from the others."""
    build = golden[0]
    larger = Settings(home=tmp_path / "groter")
    counts = """
        select count(*), count(distinct melding_id), count(distinct casus_id),
            (select count(distinct huishouden_id) from historie.casussen), (select count(distinct persoon_id) from historie.betrokkenen),
            (select count(*) from historie.meldingen semi join historie.casussen using (casus_id)),
            (select count(*) from historie.leveringen)
        from historie.meldingen
    """
    ((*once, deliveries),) = build.query(counts)
    assert multiply(build.settings, larger, open_keyring(larger.key_path), 3) == 3 * once[0]
    assert Build(larger).query(counts) == [(*(3 * n for n in once), deliveries)]
