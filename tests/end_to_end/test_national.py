"""All organisations together: each by itself, their figures together, and nobody held up by another."""

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.national import figures
from orchestration.national.facts import make_seeds, put_together
from orchestration.national.organisations import NationalError, Participant, environment_of
from orchestration.release import store
from orchestration.settings import PROJECT, Settings
from orchestration.spark.run import SMALL
from orchestration.spark.together import compare_all
from tests.end_to_end.conftest import broken_delivery
from tests.lib.spark import spark_python
from tests.lib.vt import VT, run

pytestmark = pytest.mark.xdist_group("landelijk")

FIRST, SECOND = "amsterdam-amstelland", "voorbeeldregio"


@dataclass(frozen=True)
class Together:
    """A data folder with organisations in it, and ``vt`` on it; ``organisaties`` where their files are."""

    home: Path
    organisaties: Path = PROJECT / "organisaties"

    def vt(self, *args: str, code: int = 0, organisatie: str = "", **more: str) -> str:
        own = {"VT_HOME": str(self.of(organisatie)), "VT_ORGANISATIE": organisatie} if organisatie else {"VT_HOME": str(self.home)}
        done = run(*args, **{"VT_TAAL": "en", "VT_ORGANISATIES": str(self.organisaties), **own, **more})
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return " ".join((done.stdout + done.stderr).split())

    def of(self, code: str) -> Path:
        return self.home / "organisaties" / code

    def release(self, code: str) -> Path:
        return self.of(code) / "releases" / "current" / store.DATABASE

    def query(self, sql: str) -> list[tuple[object, ...]]:
        shown = self.home / "landelijk" / "releases" / "current" / figures.DATABASE
        with duckdb.connect(str(shown), read_only=True) as con:
            return con.execute(sql).fetchall()

    def copy(self, to: Path, organisaties: Path | None = None) -> "Together":
        shutil.copytree(self.home, to, symlinks=True)
        return Together(to, organisaties or self.organisaties)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the nights wait that the organisations did not have yet, in a folder of each."""
    return tmp_path_factory.mktemp("later")


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory, later: Path) -> Iterator[Together]:
    """Two organisations with small demos of their own, two whole registrations each, refreshed; and their figures together."""
    found = Together(tmp_path_factory.mktemp("samen"))
    for code in (FIRST, SECOND):
        found.of(code).mkdir(parents=True)
        found.vt("demo", "--klein", organisatie=code)
        (later / code).mkdir()
        for path in sorted((found.of(code) / "inbox").iterdir())[2:]:
            shutil.move(path, later / code)
    found.vt("national", "refresh")
    yield found


def own(together: Together, code: str, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(together.release(code)), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_counts_of_all_are_the_sum_of_the_rows_of_each(together: Together) -> None:
    """From the facts of each release, by year."""
    for fact, indicator, day in (
        ("fct_meldingen", "meldingen", "ontvangen_dag"),
        ("fct_adviesvragen", "adviesvragen", "gestart_op"),
        ("fct_diensten", "diensten_gestart", "gestart_op"),
    ):
        expected: dict[str, int] = {}
        for code in (FIRST, SECOND):
            for year, count in own(together, code, f"select year({day})::varchar, count(*) from facts.{fact} group by 1"):
                expected[str(year)] = expected.get(str(year), 0) + int(str(count))
        found = together.query(
            f"select periode, waarde::int from marts.indicatoren where organisatie = 'LANDELIJK' and indicator = '{indicator}' "
            "and periode_soort = 'jaar' and categorie_soort = '' and waarde > 0"
        )
        assert found and dict(found) == expected, indicator


def test_a_median_of_all_is_of_the_rows_of_all(together: Together) -> None:
    """Not of two medians: working days of the decisions of a year, counted out by hand."""
    sql = "select werkdagen from facts.fct_veiligheidsbeoordelingen where year(besluit_op) = 2023 and werkdagen is not null"
    days = [float(str(row[0])) for code in (FIRST, SECOND) for row in own(together, code, sql)]
    ((median,),) = together.query(
        "select waarde from marts.indicatoren where organisatie = 'LANDELIJK' and indicator = 'vb_doorlooptijd_mediaan' "
        "and periode = '2023' and categorie_soort = ''"
    )
    assert len(days) > 20
    assert median == pytest.approx(statistics.median(days))


def test_every_figure_of_an_organisation_is_that_of_its_release(together: Together) -> None:
    columns = "indicator::varchar, periode::varchar, categorie_soort::varchar, categorie::varchar, waarde, status::varchar"
    for code in (FIRST, SECOND):
        theirs = {r[:4]: r[4:] for r in own(together, code, f"select {columns} from marts.indicatoren where gebied_soort = 'regio'")}
        here = {r[:4]: r[4:] for r in together.query(f"select {columns} from marts.indicatoren where organisatie = '{code}'")}
        assert here.keys() == theirs.keys() and len(here) > 10_000
        for key, (value, status) in theirs.items():
            assert here[key][1] == status, key
            assert (here[key][0] is None) == (value is None) and (value is None or here[key][0] == pytest.approx(value)), key


def test_per_household_says_nothing_where_one_lacks_its_households(together: Together) -> None:
    sql = (
        "select organisatie, waarde, teller, noemer, status from marts.indicatoren where indicator = 'meldingen_per_1000_huishoudens' "
        "and categorie_soort = '' and periode = '{}'"
    )
    of_2023 = {r[0]: r[1:] for r in together.query(sql.format(2023))}
    assert (of_2023[FIRST][0], of_2023[FIRST][3]) == (None, "ontbreekt")
    assert (of_2023["LANDELIJK"][0], of_2023["LANDELIJK"][3]) == (None, "ontbreekt")
    of_2021 = {r[0]: r[1:] for r in together.query(sql.format(2021))}
    assert all(row[3] == "berekend" for row in of_2021.values()) and len(of_2021) == 3
    reports, households = (sum(float(str(of_2021[c][n])) for c in (FIRST, SECOND)) for n in (1, 2))
    assert of_2021["LANDELIJK"][0] == pytest.approx(1000 * reports / households)


def test_the_line_of_a_row_is_one_of_its_organisation(together: Together) -> None:
    """Both were delivered files of the same names and numbers; rows of the same line are two rows."""
    files = {code: together.release(code) for code in (FIRST, SECOND)}
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as veilig_thuis")
        put_together(con, files, date(2025, 2, 5))
        for table in ("fct_meldingen", "fct_adviesvragen", "fct_casussen", "fct_monitormomenten", "fct_huisverboden", "fct_overdrachten"):
            sql = f"select count(*), count(distinct (_bestand, _levering, _regel)) from veilig_thuis.facts.{table}"
            rows, lines = con.execute(sql).fetchone() or (0, 0)
            assert rows == lines > 0, table


@pytest.mark.thorough
def test_the_figures_of_all_are_the_same_on_spark(together: Together, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spark_python()
    for name, value in {"VT_HOME": together.home, "VT_ORGANISATIES": together.organisaties}.items():
        monkeypatch.setenv(name, str(value))
    found = compare_all(Settings(), lambda _: None, SMALL, tmp_path)
    assert found.failed == []
    assert len(found.tables) == found.checks["success"] > 50
    assert [held for held in found.tables if not held.agrees] == []
    assert list(tmp_path.iterdir()) == [], "no row of anybody stays"


def test_nothing_but_figures_is_together(together: Together) -> None:
    tables = {row[0] for row in together.query("select schema_name || '.' || table_name from duckdb_tables()")}
    assert tables == {"marts.indicatoren", "marts.dim_organisatie", "marts.dim_indicator", "marts.dim_periode"}
    assert not (together.home / "landelijk" / "build").exists()
    keys = {(together.of(code) / "keys" / "sleutel").read_bytes() for code in (FIRST, SECOND)}
    assert len(keys | {(together.home / "landelijk" / "keys" / "sleutel").read_bytes()}) == 3
    for path in (together.home / "landelijk").rglob("*"):
        assert path.is_symlink() or path.stat().st_mode & 0o077 == 0, path


def test_an_organisation_has_settings_of_its_own_and_no_key_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "een.yml").write_text("naam: Een\ninstellingen: {VT_KEY_FILE: /sleutels/een, VT_GROEP_INTERN: een}\n")
    (tmp_path / "twee.yml").write_text("naam: Twee\n")
    for name, value in {"VT_KEY_FILE": "/sleutels/alle", "VT_POSTGRES_URL": "postgresql://u:p@h/d", "VT_GEHEUGEN": "1GiB"}.items():
        monkeypatch.setenv(name, value)
    settings = Settings(home=tmp_path / "samen", organisaties=tmp_path)
    first, second = environment_of(settings, "een"), environment_of(settings, "twee")
    assert (first["VT_KEY_FILE"], first["VT_GROEP_INTERN"]) == ("/sleutels/een", "een")
    assert {"VT_KEY_FILE", "VT_POSTGRES_URL", "VT_GROEP_INTERN"}.isdisjoint(second)
    assert (second["VT_GEHEUGEN"], second["VT_ORGANISATIE"], second["VT_HOME"]) == (
        "1GiB",
        "twee",
        str(tmp_path / "samen/organisaties/twee"),
    )
    (tmp_path / "twee.yml").write_text("naam: Twee\ninstellingen: {VT_HOME: /ergens}\n")
    told = Together(tmp_path / "samen", tmp_path).vt("national", "refresh", "twee", code=2)
    assert "twee.yml, line 2" in told and "VT_HOME is no setting that an organisation can have of its own" in told


def test_one_that_is_refused_and_one_that_is_not_there_hold_up_nobody(together: Together, later: Path, tmp_path: Path) -> None:
    """The first brings a broken night, the second a good one; a third has never delivered."""
    shutil.copytree(PROJECT / "organisaties", tmp_path / "organisaties")
    (tmp_path / "organisaties" / "zonder.yml").write_text("naam: Nooit geleverd (verzonnen)\n")
    here = together.copy(tmp_path / "samen", tmp_path / "organisaties")
    night = min((later / FIRST).iterdir())
    broken_delivery(night, here.of(FIRST) / "inbox")
    shutil.copy(min((later / SECOND).iterdir()), here.of(SECOND) / "inbox")
    told = here.vt("national", "refresh", FIRST, SECOND, code=1)
    assert "vastgehouden" in told and "gepubliceerd" in told
    participants = {r[0]: r[1:] for r in here.query("select organisatie, release is not null, peildatum, reden from marts.dim_organisatie")}
    assert participants == {
        FIRST: (True, date(2025, 1, 31), ""), SECOND: (True, date(2025, 2, 1), ""), "zonder": (False, None, "it has no release"),
    }  # fmt: skip
    assert here.query("select distinct voorlopig from marts.indicatoren where organisatie = 'LANDELIJK' and periode = '2025-01'") == [
        (False,)
    ]
    assert here.query("select distinct voorlopig from marts.indicatoren where organisatie = 'LANDELIJK' and periode = '2025-02'") == [
        (True,)
    ]
    alone = here.query("select distinct organisaties from marts.indicatoren where organisatie = 'LANDELIJK' and periode = '2025-02'")
    assert alone == [(1,)]
    (here.organisaties / "kapot.yml").write_text("naam: [\n")
    assert "kapot.yml, line" in here.vt("national", "status")
    assert "Did you mean voorbeeldregio" in here.vt("national", "refresh", "voorbeeldregoi", code=2)


def test_a_release_of_other_code_is_left_out_and_named(together: Together, tmp_path: Path) -> None:
    """Its figures would not come out again, and would hold up all."""
    here = together.copy(tmp_path / "samen")
    path = here.of(FIRST) / "releases" / "current" / "release.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"code_versie": "ander"}))
    here.vt("national", "figures")
    found = dict(here.query("select organisatie, reden from marts.dim_organisatie"))
    assert "was made by other code; refresh it" in str(found[FIRST]) and found[SECOND] == ""
    assert here.query("select distinct organisatie from marts.indicatoren order by 1") == [("LANDELIJK",), (SECOND,)]


def test_a_figure_that_is_not_that_of_the_release_is_not_shown(together: Together, tmp_path: Path) -> None:
    here = together.copy(tmp_path / "samen")
    before = (here.home / "landelijk" / "releases" / "current").readlink()
    with duckdb.connect(str(here.release(SECOND))) as con:
        changed = "gebied_soort::varchar = 'regio' and periode::varchar = '2023' and categorie_soort::varchar = ''"
        con.execute(f"update opslag.indicatoren set waarde = waarde + 1 where indicator::varchar = 'meldingen' and {changed}")
    told = here.vt("national", "figures", code=2)
    assert "figures are not what the releases of the organisations have, and nothing is shown" in told
    assert "voorbeeldregio meldingen 2023" in told
    assert (here.home / "landelijk" / "releases" / "current").readlink() == before
    assert not list((here.home / "landelijk" / "releases").glob(f"{store.UNFINISHED}*.duckdb"))


def test_code_lists_that_contradict_each_other_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PROJECT / "organisaties", tmp_path / "organisaties")
    monkeypatch.setenv("VT_ORGANISATIES", str(tmp_path / "organisaties"))
    lists = tmp_path / "organisaties" / SECOND / "codes" / "codelijsten.csv"
    lists.write_text(lists.read_text().replace("ontvanger,RVDK,Raad voor de Kinderbescherming,RVDK", "ontvanger,RVDK,Raad,OVERIGE_HULP"))
    both = [Participant(code, code, "r", date(2025, 1, 31), "") for code in (FIRST, SECOND)]
    told = "ontvanger RVDK hangs on another group at amsterdam-amstelland than at voorbeeldregio"
    with pytest.raises(NationalError, match=told):
        make_seeds(Settings(home=tmp_path / "landelijk"), both)


def test_without_a_release_of_anybody_it_says_what_comes_first(tmp_path: Path) -> None:
    assert "First: vt national refresh" in Together(tmp_path).vt("national", "figures", code=2)


DAGSTER = """
import json, sys
import dagster as dg
from orchestration.defs import national
with dg.DagsterInstance.ephemeral() as instance:
    one = national.defs.resolve_job_def("organisaties_verversen").execute_in_process(partition_key=sys.argv[1], instance=instance)
    all_ = national.defs.resolve_job_def("landelijke_cijfers").execute_in_process(instance=instance)
    made = all_.asset_materializations_for_node("landelijk__indicatoren")[0].metadata["organisaties"].value
requested = [r.partition_key for r in national.every_night(dg.build_schedule_context())]
print(json.dumps([national.ORGANISATIES.get_partition_keys(), one.success, all_.success, made, requested]))
"""


def test_dagster_has_a_partition_for_each(together: Together, tmp_path: Path) -> None:
    here = together.copy(tmp_path / "samen")
    environment = {**os.environ, "VT_HOME": str(here.home)}
    done = subprocess.run(
        [str(Path(VT).with_name("python")), "-W", "ignore", "-c", DAGSTER, SECOND],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[FIRST, SECOND], True, True, 2, [FIRST, SECOND]]
