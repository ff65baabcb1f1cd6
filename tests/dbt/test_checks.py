"""A night that was held back by a check: what it names, what ``vt checks`` tells of it, and the page that it leaves."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.release import verdict_log
from orchestration.release.verdict import Uitkomst, Verdict, draw
from orchestration.transform import dbt, failing, steps
from tests.dbt.conftest import Built
from tests.lib.build import Build, copy_of

pytestmark = pytest.mark.xdist_group("gouden")

WRONG = "marten_zeggen_wat_de_lange_tabel_zegt"


@pytest.fixture(scope="module")
def night(built: Callable[[str], Built], tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Verdict]:
    """A column of a mart has the figures of another one, and one report has no reporter."""
    build = copy_of(built("gebieden")[0], tmp_path_factory.mktemp("vastgehouden") / "vt")
    with build.open() as con:
        changed = "select * replace (meldingen_zonder_kinderen as meldingen_met_kinderen) from marts.instroom_stadsdeel"
        con.execute(f"create or replace table marts.instroom_stadsdeel as {changed}")
        con.execute("update facts.fct_meldingen set hoedanigheid = null where _regel = 2")
    steps.begin(build.settings, "nacht")
    steps.record(build.settings, "intake", {"leveringen": [], "bouwen": True})
    build.dbt("test", "--select", WRONG, "fct_meldingen,test_name:gevuld")
    report = asdict(dbt.report(dbt.MANIFEST, build.target / "run_results.json"))
    report["gefaald"] = failing.name_columns(build.settings, build.keyring, build.target, report["gefaald"])
    steps.record(build.settings, "dbt", report)
    verdict = draw(build.settings, "nacht", 1)
    verdict_log.keep(build.settings, verdict)
    return build, verdict


def vt(build: Build, monkeypatch: pytest.MonkeyPatch, *args: str) -> str:
    monkeypatch.setenv("VT_HOME", str(build.settings.root))
    monkeypatch.setenv("COLUMNS", "200")
    done = CliRunner().invoke(app, args)
    return done.output if done.exception is None or isinstance(done.exception, SystemExit) else str(done.exception)


def test_the_night_is_held_back_and_names_mart_and_column(night: tuple[Build, Verdict]) -> None:
    assert night[1].uitkomst is Uitkomst.VASTGEHOUDEN
    (told,) = [line for line in night[1].aandacht if WRONG in line and "instroom" in line]
    assert told.endswith("; on instroom_stadsdeel.meldingen_met_kinderen")


def test_the_list_has_what_did_not_pass(night: tuple[Build, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    listed = vt(night[0], monkeypatch, "checks", "list")
    assert WRONG in listed.replace("\n", "") and "fails" in listed
    assert "controles-" in listed


def test_the_rows_are_shown_by_their_keys_alone(night: tuple[Build, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    shown = vt(night[0], monkeypatch, "checks", "show", WRONG)
    assert "meldingen_met_kinderen" in shown and "instroom_stadsdeel" in shown
    assert "Only keys are shown; the build has more of each row: waarde, waarde_lang." in shown
    uses = (night[0].settings.root / "register" / "sleutelgebruik.jsonl").read_text()
    assert f"checks: rows of {WRONG}" in uses


def test_of_a_row_of_a_delivery_the_line_is_shown(night: tuple[Build, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    failed = [f["naam"] for f in steps.recorded(night[0].settings, "dbt")["gefaald"] if f["uitkomst"] == "gefaald" and f["naam"] != WRONG]
    shown = vt(night[0], monkeypatch, "checks", "show", failed[0])
    assert "meldingen.csv" in shown and "vt trace --rij" in shown
    assert "ontvangen_dag" in shown.partition("Only keys are shown")[2]


def test_a_name_that_is_nearly_right(night: tuple[Build, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    told = vt(night[0], monkeypatch, "checks", "show", "marten_zeggen_wat_de_lange_tabel")
    assert f"Did you mean {WRONG}" in told


def test_the_night_has_a_page_of_its_own(night: tuple[Build, Verdict]) -> None:
    (page,) = (night[0].settings.root / "logboek").glob("controles-*.html")
    text = page.read_text()
    assert "vastgehouden" in text.partition("</h1>")[0]
    assert "on instroom_stadsdeel.meldingen_met_kinderen" in text.partition("Wat aandacht vraagt")[2].partition("<h2>Alles")[0]
    assert page.stat().st_mode & 0o777 == 0o600


def test_without_a_run_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.lib.build import build_in

    told = vt(build_in(tmp_path_factory.mktemp("niets")), monkeypatch, "checks", "list")
    assert "There is no last run yet" in told


ROW_FAULTS = [
    ("indicatoren_namen_gevuld", "indicatoren set indicator_naam = null where gebied = 'REGIO'"),
    ("indicatoren_binnen_grenzen", "indicatoren set waarde = 100.5 where eenheid = 'procent'"),
    ("indicatoren_binnen_grenzen", "indicatoren set waarde = -1 where indicator = 'adviesvragen'"),
    ("indicatoren_binnen_grenzen", "indicatoren set waarde = null where indicator = 'meldingen' and noemer is null"),
    ("indicatoren_binnen_grenzen", "indicatoren set status = 'ontbreekt' where indicator = 'diensten_gestart'"),
    ("indicatoren_binnen_grenzen", "indicatoren set voorlopig = true where indicator = 'vb_open'"),
    ("meerjarenbeeld_binnen_grenzen", "meerjarenbeeld set waarde = 100.5 where eenheid = 'procent'"),
    ("meerjarenbeeld_binnen_grenzen", "meerjarenbeeld set waarde = -1 where indicator = 'meldingen'"),
    ("binnen_grenzen_melders_", "melders set aandeel_politie = -1"),
    ("binnen_grenzen_melders_", "melders set met_kinderen_aandeel_politie = 101"),
    ("binnen_grenzen_melders_", "melders set meldingen = -1"),
    ("binnen_grenzen_veiligheidsbeoordeling_vb_instroom_min", "veiligheidsbeoordeling set doorlooptijd_mediaan = -1"),
    ("binnen_grenzen_capaciteit_vb_instroom_min", "capaciteit set vb_afgerond = -1"),
    ("binnen_grenzen_diensten_doorlooptijd", "diensten set gestart = -1"),
]


def test_what_must_hold_on_each_row_of_a_mart(built: Callable[[str], Built], tmp_path_factory: pytest.TempPathFactory) -> None:
    """One fault for each rule; the duration of a dienst and a difference alone may lie below 0."""
    source = built("gebieden")[0]
    queries = {name: source.sql_of(name) for name, _ in ROW_FAULTS}
    build = copy_of(source, tmp_path_factory.mktemp("rijen") / "vt")
    with build.open() as con:
        con.execute("create table marts.lang as from marts.indicatoren; drop view marts.indicatoren cascade")
        con.execute("alter table marts.lang rename to indicatoren")
        for sql in queries.values():
            assert con.execute(sql).fetchall() == []
        for name, change in ROW_FAULTS:
            con.execute(f"begin; update marts.{change}")
            assert con.execute(f"select 1 from ({queries[name]}) limit 1").fetchall() == [(1,)], (name, change)
            con.execute("rollback")
        con.execute("update marts.capaciteit set vb_instroom_min_afgerond = -1")
        assert con.execute(queries["binnen_grenzen_capaciteit_vb_instroom_min"]).fetchall() == []
        con.execute("update marts.diensten set doorlooptijd_mediaan = -1")
        assert con.execute(queries["binnen_grenzen_diensten_doorlooptijd"]).fetchall() == []
        for mart in ("indicatoren", "meerjarenbeeld"):
            con.execute(f"update marts.{mart} set waarde = -1 where indicator = 'dienst_doorlooptijd_mediaan' and waarde is not null")
            assert con.execute(queries[f"{mart}_binnen_grenzen"]).fetchall() == []
