"""An audit of what leaves that finds something is a check that failed: the night is held back, and says which figures."""

from orchestration.defs.release import _failed
from orchestration.quality import outcomes
from orchestration.release.public import AuditError
from orchestration.release.verdict import Uitkomst, draw
from orchestration.settings import Settings
from orchestration.transform import steps


def test_a_finding_holds_the_night_back_and_is_among_the_checks(settings: Settings) -> None:
    steps.begin(settings, "nacht")
    steps.record(settings, "intake", {"leveringen": [], "bouwen": True})
    checks = {"verwacht": 3, "uitslagen": [], "controles": {"geslaagd": 3}, "gefaald": []}
    _failed(settings, checks, AuditError("te_smal: meldingen GM0384 2024"))
    verdict = draw(settings, "nacht", 1)
    assert verdict.uitkomst is Uitkomst.VASTGEHOUDEN
    assert verdict.redenen == {"publicatie.audit": "check publicatie.audit: te_smal: meldingen GM0384 2024"}
    assert (verdict.controles["verwacht"], verdict.controles["geslaagd"], verdict.controles["gefaald"]) == (4, 3, 1)
    assert [(c.naam, c.uitkomst) for c in outcomes.last_run(settings)] == [("publicatie.audit", "gefaald")], "vt checks show knows it"
