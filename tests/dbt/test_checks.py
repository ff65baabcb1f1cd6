"""A night that was held back by a check: what it names, what ``vt checks`` tells of it, and the page that it leaves."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from typer.testing import CliRunner

from orchestration.build import dbt, failing, stand
from orchestration.cli import app
from orchestration.release import logboek
from orchestration.release.verdict import Uitkomst, Verdict, draw
from tests.dbt.bouw import Bouw, kopie
from tests.dbt.conftest import Gebouwd

pytestmark = pytest.mark.xdist_group("gouden")

WRONG = "marten_zeggen_wat_de_lange_tabel_zegt"


@pytest.fixture(scope="module")
def night(gebouwd: Callable[[str], Gebouwd], tmp_path_factory: pytest.TempPathFactory) -> tuple[Bouw, Verdict]:
    """A column of a mart has the figures of another one, and one report has no reporter."""
    bouw = kopie(gebouwd("gebieden")[0], tmp_path_factory.mktemp("vastgehouden") / "vt")
    with bouw.open() as con:
        changed = "select * replace (meldingen_zonder_kinderen as meldingen_met_kinderen) from marts.instroom_stadsdeel"
        con.execute(f"create or replace table marts.instroom_stadsdeel as {changed}")
        con.execute("update facts.fct_meldingen set hoedanigheid = null where _regel = 2")
    stand.begin(bouw.settings, "nacht")
    stand.record(bouw.settings, "intake", {"leveringen": [], "bouwen": True})
    bouw.dbt("test", "--select", WRONG, "fct_meldingen,test_name:gevuld")
    report = asdict(dbt.report(dbt.MANIFEST, bouw.target / "run_results.json"))
    report["gefaald"] = failing.name_columns(bouw.settings, bouw.keyring, bouw.target, report["gefaald"])
    stand.record(bouw.settings, "dbt", report)
    verdict = draw(bouw.settings, "nacht", 1)
    logboek.keep(bouw.settings, verdict)
    return bouw, verdict


def vt(bouw: Bouw, monkeypatch: pytest.MonkeyPatch, *args: str) -> str:
    monkeypatch.setenv("VT_HOME", str(bouw.settings.root))
    monkeypatch.setenv("COLUMNS", "200")
    done = CliRunner().invoke(app, args)
    return done.output if done.exception is None or isinstance(done.exception, SystemExit) else str(done.exception)


def test_the_night_is_held_back_and_names_mart_and_column(night: tuple[Bouw, Verdict]) -> None:
    assert night[1].uitkomst is Uitkomst.VASTGEHOUDEN
    (told,) = [line for line in night[1].aandacht if WRONG in line and "instroom" in line]
    assert told.endswith("; op instroom_stadsdeel.meldingen_met_kinderen")


def test_the_list_has_what_did_not_pass(night: tuple[Bouw, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    listed = vt(night[0], monkeypatch, "checks", "list")
    assert WRONG in listed.replace("\n", "") and "gefaald" in listed
    assert "controles-" in listed


def test_the_rows_are_shown_by_their_keys_alone(night: tuple[Bouw, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    shown = vt(night[0], monkeypatch, "checks", "show", WRONG)
    assert "meldingen_met_kinderen" in shown and "instroom_stadsdeel" in shown
    assert "Only keys are shown; the build has more of each row: waarde, waarde_lang." in shown
    uses = (night[0].settings.root / "register" / "sleutelgebruik.jsonl").read_text()
    assert f"checks: rows of {WRONG}" in uses


def test_of_a_row_of_a_delivery_the_line_is_shown(night: tuple[Bouw, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    failed = [f["naam"] for f in stand.recorded(night[0].settings, "dbt")["gefaald"] if f["uitkomst"] == "gefaald" and f["naam"] != WRONG]
    shown = vt(night[0], monkeypatch, "checks", "show", failed[0])
    assert "meldingen.csv" in shown and "vt trace --rij" in shown
    assert "ontvangen_op" in shown.partition("Only keys are shown")[2]


def test_a_name_that_is_nearly_right(night: tuple[Bouw, Verdict], monkeypatch: pytest.MonkeyPatch) -> None:
    told = vt(night[0], monkeypatch, "checks", "show", "marten_zeggen_wat_de_lange_tabel")
    assert f"Did you mean {WRONG}" in told


def test_the_night_has_a_page_of_its_own(night: tuple[Bouw, Verdict]) -> None:
    (page,) = (night[0].settings.root / "logboek").glob("controles-*.html")
    text = page.read_text()
    assert "vastgehouden" in text.partition("</h1>")[0]
    assert "op instroom_stadsdeel.meldingen_met_kinderen" in text.partition("Wat aandacht vraagt")[2].partition("<h2>Alles")[0]
    assert page.stat().st_mode & 0o777 == 0o600


def test_without_a_run_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.dbt.bouw import bouw_in

    told = vt(bouw_in(tmp_path_factory.mktemp("niets")), monkeypatch, "checks", "list")
    assert "is not there yet" in told


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
    ("binnen_grenzen_veiligheidsbeoordeling_", "veiligheidsbeoordeling set doorlooptijd_mediaan = -1"),
    ("binnen_grenzen_diensten_doorlooptijd", "diensten set gestart = -1"),
]


def test_what_must_hold_on_each_row_of_a_mart(gebouwd: Callable[[str], Gebouwd], tmp_path_factory: pytest.TempPathFactory) -> None:
    """One fault for each rule; a dienst alone may have a duration below 0."""
    source = gebouwd("gebieden")[0]
    queries = {name: source.sql_van(name) for name, _ in ROW_FAULTS}
    bouw = kopie(source, tmp_path_factory.mktemp("rijen") / "vt")
    with bouw.open() as con:
        con.execute("create table marts.lang as from marts.indicatoren; drop view marts.indicatoren cascade")
        con.execute("alter table marts.lang rename to indicatoren")
        for sql in queries.values():
            assert con.execute(sql).fetchall() == []
        for name, change in ROW_FAULTS:
            con.execute(f"begin; update marts.{change}")
            assert con.execute(f"select 1 from ({queries[name]}) limit 1").fetchall() == [(1,)], (name, change)
            con.execute("rollback")
        con.execute("update marts.diensten set doorlooptijd_mediaan = -1")
        assert con.execute(queries["binnen_grenzen_diensten_doorlooptijd"]).fetchall() == []
        for mart in ("indicatoren", "meerjarenbeeld"):
            con.execute(f"update marts.{mart} set waarde = -1 where indicator = 'dienst_doorlooptijd_mediaan' and waarde is not null")
            assert con.execute(queries[f"{mart}_binnen_grenzen"]).fetchall() == []
