"""The verdict believes what lies on disk, and nobody's word."""

import json
from typing import Any

import pytest

from orchestration.alarm.conclude import conclude
from orchestration.alarm.message import sentence
from orchestration.defs.common import held
from orchestration.release import store
from orchestration.release.verdict import Uitkomst, draw, told
from orchestration.settings import Settings
from orchestration.transform import steps

BUILD = {"modellen_verwacht": 3, "modellen_gebouwd": 3, "controles_verwacht": 2, "controles": {"geslaagd": 2}, "gefaald": []}
CHECKS = {"verwacht": 1, "uitslagen": [], "controles": {"geslaagd": 1, "gewaarschuwd": 0, "gefaald": 0}, "gefaald": []}
FAILED = {"naam": "t", "soort": "controle", "uitkomst": "gefaald", "aantal": 2, "toelichting": "2 rows fail"}


def levering(nummer: int, uitkomst: str) -> dict[str, Any]:
    return {"nummer": nummer, "soort": "volledig", "peildatum": "2025-01-31", "uitkomst": uitkomst, "reden": "meldingen.csv: checksum"}


def stand_of(settings: Settings, **results: dict[str, Any]) -> None:
    steps.begin(settings, "run")
    for step, result in results.items():
        steps.record(settings, step, result)


def release(settings: Settings, name: str) -> None:
    (settings.releases / name).mkdir(parents=True)
    steps.write_json(settings.releases / name / "release.json", {"peildatum": "2025-01-31", "aansluiting": {"gelijk": 300, "verklaard": 3}})
    store.switch(settings, name)


def test_published(settings: Settings) -> None:
    release(settings, "r2")
    intake = {"bouwen": True, "leveringen": [levering(1, "opgenomen")]}
    stand_of(settings, intake=intake, dbt=BUILD, controles=CHECKS, release={"release": "r2", "vorige_release": "r1", "wacht": {}})
    v = draw(settings, "run", 12.34)
    assert (v.uitkomst, v.uitkomst.exit_code, v.release, v.vorige_release) == (Uitkomst.GEPUBLICEERD, 0, "r2", "r1")
    assert v.modellen == {"verwacht": 3, "gebouwd": 3}
    assert v.controles == {"verwacht": 3, "geslaagd": 3, "gewaarschuwd": 0, "gefaald": 0}
    assert v.aansluiting == {"gelijk": 300, "verklaard": 3, "afwijkend": 0}
    assert (v.peildatum, v.duur_s) == ("2025-01-31", 12.3)


def test_a_refused_delivery_beside_a_good_one_is_told(settings: Settings) -> None:
    release(settings, "r2")
    intake = {"bouwen": True, "leveringen": [levering(1, "opgenomen"), levering(2, "geweigerd")]}
    stand_of(settings, intake=intake, dbt=BUILD, controles=CHECKS, release={"release": "r2", "vorige_release": None, "wacht": {}})
    v = draw(settings, "run", 1)
    assert v.uitkomst is Uitkomst.GEPUBLICEERD
    assert v.aandacht == ["Delivery 2 was refused: meldingen.csv: checksum"]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [([], Uitkomst.NIETS_NIEUWS), (["al_opgenomen"], Uitkomst.NIETS_NIEUWS), (["geweigerd"], Uitkomst.VASTGEHOUDEN)],
)
def test_nothing_to_build(settings: Settings, outcomes: list[str], expected: Uitkomst) -> None:
    release(settings, "r1")
    stand_of(settings, intake={"bouwen": False, "leveringen": [levering(1, o) for o in outcomes]})
    v = draw(settings, "run", 1)
    assert (v.uitkomst, v.release, v.vorige_release) == (expected, "r1", "r1")


def test_a_failed_check_holds_back(settings: Settings) -> None:
    release(settings, "r1")
    stand_of(settings, intake={"bouwen": True, "leveringen": [levering(1, "opgenomen")]}, dbt=BUILD | {"gefaald": [FAILED]})
    v = draw(settings, "run", 1)
    assert (v.uitkomst, v.uitkomst.exit_code, v.release) == (Uitkomst.VASTGEHOUDEN, 1, "r1")
    assert v.aandacht == ["check t: 2 rows fail"]


def test_a_failed_model_is_a_failure_whatever_checks_say(settings: Settings) -> None:
    broken = FAILED | {"naam": "m", "soort": "model"}
    stand_of(settings, intake={"bouwen": True, "leveringen": []}, dbt=BUILD | {"gefaald": [FAILED, broken]})
    assert draw(settings, "run", 1, "Step dbt broke down").uitkomst is Uitkomst.MISLUKT


def test_a_failed_model_is_told_once(settings: Settings) -> None:
    """The step that it failed in ends in the same sentence, with what to do."""
    broken = FAILED | {"naam": "m", "soort": "model", "toelichting": "memory came short: give it more, then run the refresh again"}
    stand_of(settings, intake={"bouwen": True, "leveringen": []}, dbt=BUILD | {"gefaald": [broken]})
    v = draw(settings, "run", 1, held([broken]))
    failed = "model m: memory came short: give it more, then run the refresh again"
    assert v.aandacht == [failed]
    to_do = "Do as the sentence says, and run `vt refresh`; `vt check` tries everything that a night needs (docs/runbooks/nacht.md)."
    assert sentence(v) == f"Failed: {failed}. Readers see no release. {to_do}"


def test_the_failed_check_explains_the_failed_step(settings: Settings) -> None:
    stand_of(settings, intake={"bouwen": True, "leveringen": []}, dbt=BUILD | {"gefaald": [FAILED]})
    v = draw(settings, "run", 1, "Step dbt broke down")
    assert (v.uitkomst, v.aandacht) == (Uitkomst.VASTGEHOUDEN, ["check t: 2 rows fail"])


def test_a_step_that_never_ended_is_a_failure(settings: Settings) -> None:
    stand_of(settings, intake={"bouwen": True, "leveringen": [levering(1, "opgenomen")]})
    v = draw(settings, "run", 1)
    assert (v.uitkomst, v.aandacht) == (Uitkomst.MISLUKT, ["It did not come to an end: dbt, controles, release"])


def test_no_step_at_all_is_a_failure(settings: Settings) -> None:
    assert draw(settings, "run", 1).uitkomst is Uitkomst.MISLUKT


def test_a_release_of_an_earlier_run_does_not_count(settings: Settings) -> None:
    release(settings, "r1")
    stand_of(settings, intake={"bouwen": True, "leveringen": []}, dbt=BUILD, controles=CHECKS)
    v = draw(settings, "run", 1)
    assert (v.uitkomst, v.uitkomst.exit_code) == (Uitkomst.MISLUKT, 2)


def test_success_with_models_missing_is_no_success(settings: Settings) -> None:
    release(settings, "r2")
    short = BUILD | {"modellen_gebouwd": 2}
    stand_of(
        settings,
        intake={"bouwen": True, "leveringen": []},
        dbt=short,
        controles=CHECKS,
        release={"release": "r2", "vorige_release": None, "wacht": {}},
    )
    assert draw(settings, "run", 1).uitkomst is Uitkomst.MISLUKT


def test_a_breakdown_is_told(settings: Settings) -> None:
    stand_of(settings, intake={"bouwen": False, "leveringen": []})
    v = draw(settings, "run", 1, "Step historie broke down")
    assert v.uitkomst is Uitkomst.MISLUKT
    assert v.aandacht == ["Step historie broke down"]


def test_a_breakdown_at_the_same_step_is_one_cause_whichever_run_it_was(settings: Settings) -> None:
    release(settings, "r1")
    stand_of(settings, intake={"bouwen": True, "leveringen": []})
    told = [draw(settings, "run", 1, f"Run {run} ended as FAILURE").redenen for run in "ab"]
    assert [list(reasons) for reasons in told] == [["storing dbt"], ["storing dbt"]]
    assert "Run b" in told[1]["storing dbt"]


def test_a_release_that_waits_for_approval_is_held_back(settings: Settings) -> None:
    release(settings, "r1")
    waiting = {"release": "r2", "vorige_release": "r1", "wacht": {"goedkeuring": "Release r2 wacht op goedkeuring"}}
    stand_of(settings, intake={"bouwen": True, "leveringen": [levering(1, "opgenomen")]}, dbt=BUILD, controles=CHECKS, release=waiting)
    v = draw(settings, "run", 1)
    assert (v.uitkomst, v.release, v.aandacht) == (Uitkomst.VASTGEHOUDEN, "r1", ["Release r2 wacht op goedkeuring"])


def test_a_run_that_ended_just_before_the_next_one_began_gets_its_own_verdict(settings: Settings) -> None:
    stand_of(settings, intake={"bouwen": False, "leveringen": [levering(3, "geweigerd")]})
    steps.begin(settings, "next")
    v = draw(settings, "run", 1, "Step intake stopped.")
    assert (v.uitkomst, v.aandacht) == (Uitkomst.VASTGEHOUDEN, ["Delivery 3 was refused: meldingen.csv: checksum"])
    steps.begin(settings, "the one after")
    assert draw(settings, "run", 1).uitkomst is Uitkomst.MISLUKT, "too late: nothing of it is left"


def test_what_another_run_left_behind_does_not_count(settings: Settings) -> None:
    release(settings, "r2")
    intake = {"bouwen": True, "leveringen": []}
    stand_of(settings, intake=intake, dbt=BUILD, controles=CHECKS, release={"release": "r2", "vorige_release": None, "wacht": {}})
    assert draw(settings, "another run", 1).uitkomst is Uitkomst.MISLUKT


def test_a_known_failure_is_told_and_alerts_nobody(settings: Settings) -> None:
    release(settings, "r2")
    known = FAILED | {"uitkomst": "bekend", "toelichting": "2 rows fail; aanvaard tot 3"}
    stand_of(
        settings,
        intake={"bouwen": True, "leveringen": []},
        dbt=BUILD | {"controles": {"geslaagd": 1, "gewaarschuwd": 1}, "gefaald": [known]},
        controles=CHECKS,
        release={"release": "r2", "vorige_release": None, "wacht": {}},
        bekende_fouten={"u": "bekende fout u: niet meer nodig"},
    )
    v = draw(settings, "run", 1)
    assert (v.uitkomst, v.controles["gewaarschuwd"]) == (Uitkomst.GEPUBLICEERD, 1)
    assert v.aandacht == ["known failure t: 2 rows fail; aanvaard tot 3", "bekende fout u: niet meer nodig"]
    assert v.signalen == {"bekende_fout:u": "bekende fout u: niet meer nodig"}
    assert "signalen" not in v.as_json()


def test_warnings_are_signals_and_reasons_are_what_failed(settings: Settings) -> None:
    release(settings, "r1")
    warned = FAILED | {"naam": "w", "uitkomst": "gewaarschuwd", "uitgevoerd_met": "great_expectations"}
    plausible = FAILED | {"naam": "i", "uitkomst": "gewaarschuwd", "uitgevoerd_met": "intake"}
    worse = plausible | {"naam": "j", "niet_aanvaard": True}  # than the ledger of known failures accepts
    short = FAILED | {"naam": "n", "uitkomst": "niet_te_beoordelen"}
    stand_of(
        settings,
        intake={"bouwen": True, "leveringen": []},
        dbt=BUILD | {"gefaald": [FAILED]},
        controles=CHECKS | {"gefaald": [warned, plausible, worse, short]},
    )
    v = draw(settings, "run", 1)
    assert v.uitkomst is Uitkomst.VASTGEHOUDEN
    assert v.redenen == {"t": "check t: 2 rows fail"}
    assert list(v.signalen) == ["gewaarschuwd:w", "gewaarschuwd:j"]
    assert any("1 checks cannot be judged yet" in line for line in v.aandacht)


def test_the_steps_and_the_verdict_are_logged_as_lines_of_json(settings: Settings) -> None:
    stand_of(settings, intake={"bouwen": False, "leveringen": []})
    conclude(settings, draw(settings, "run", 1))
    lines = [json.loads(line) for line in (settings.root / "logboek" / "gebeurtenissen.jsonl").read_text().splitlines()]
    assert [(x["gebeurtenis"], x.get("stap", x.get("uitkomst"))) for x in lines] == [
        ("stap_klaar", "begin"),
        ("stap_klaar", "intake"),
        ("oordeel", "niets_nieuws"),
    ]
    assert {x["omgeving"] for x in lines} == {"ontwikkeling"}


@pytest.mark.parametrize(("uitkomst", "sentence"), [("gewaarschuwd", "warning t: 3 rows"), ("gefaald", "check t: 3 rows")])
def test_a_warning_is_called_one_wherever_it_is_told(uitkomst: str, sentence: str) -> None:
    """``vt refresh --levering`` counts it as warned; calling it a check that failed would say otherwise."""
    assert told({"soort": "controle", "naam": "t", "toelichting": "3 rows", "uitkomst": uitkomst}) == sentence
