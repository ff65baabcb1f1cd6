"""The verdict on a refresh, in the same words for the command line, Dagster, the release and the exit code."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from orchestration.errors import UserError
from orchestration.language import say
from orchestration.register.refusals import refused
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.transform import steps
from orchestration.transform.controle import BEKEND, NIET_TE_BEOORDELEN

STORING = "storing"
"""What a step leaves behind that stopped for a reason that the reader can mend: the sentence (``zin``), the kind of error (``fout``)."""


WAITS = "wacht"
"""First word of the reasons why a release that was made waits for a person (``release.hold``); the names of checks are one word."""


class Uitkomst(StrEnum):
    """How a refresh ended."""

    GEPUBLICEERD = "gepubliceerd"
    NIETS_NIEUWS = "niets_nieuws"
    VASTGEHOUDEN = "vastgehouden"
    MISLUKT = "mislukt"

    @property
    def exit_code(self) -> int:
        return {"gepubliceerd": 0, "niets_nieuws": 0, "vastgehouden": 1, "mislukt": 2}[self.value]


@dataclass
class Verdict:
    """What ``vt refresh --json`` prints."""

    uitkomst: Uitkomst
    release: str | None
    vorige_release: str | None
    peildatum: str | None
    zin: str = ""
    """How it ended, why, what readers see and what to do: the same sentence wherever a night is told of (``alarm.message``)"""
    leveringen: list[dict[str, Any]] = field(default_factory=list)
    modellen: dict[str, int] = field(default_factory=lambda: {"verwacht": 0, "gebouwd": 0})
    controles: dict[str, int] = field(default_factory=lambda: {"verwacht": 0, "geslaagd": 0, "gewaarschuwd": 0, "gefaald": 0})
    aansluiting: dict[str, int] = field(default_factory=lambda: {"gelijk": 0, "verklaard": 0, "afwijkend": 0})
    aandacht: list[str] = field(default_factory=list)
    duur_s: float = 0.0
    redenen: dict[str, str] = field(default_factory=dict)
    """Of aandacht: what held the release back, by check or model, release that waits, or step that broke down. Not printed."""
    signalen: dict[str, str] = field(default_factory=dict)
    """Cause → sentence: what did not hold it back and should be told all the same. Not printed."""
    bekend: dict[str, str] = field(default_factory=dict)
    """Check → sentence: the known failures that stayed within what the ledger accepts. Not printed."""

    def as_json(self) -> str:
        return json.dumps({k: v for k, v in asdict(self).items() if k not in {"redenen", "signalen", "bekend"}}, ensure_ascii=False)


def broken_down(settings: Settings | None, sentence: str, seconds: float, cause: str = STORING) -> Verdict:
    """The verdict on a run that never began, or whose outcome cannot be read: ``sentence`` says why. None: the settings are wrong."""
    verdict = Verdict(Uitkomst.MISLUKT, None, None, None, duur_s=round(seconds, 1), aandacht=[sentence], redenen={cause: sentence})
    if settings is None:
        return verdict
    with suppress(OSError, UserError):
        verdict.release = verdict.vorige_release = store.current(settings)
        if verdict.release:
            verdict.peildatum = store.read(settings, verdict.release)["peildatum"]
    return verdict


def draw(settings: Settings, run_id: str, seconds: float, error: str | None = None) -> Verdict:
    """The verdict from what the steps left behind (``build/stand``) and from what stands in ``releases``; believes no one's word.

    Only what run ``run_id`` left behind counts: a run that never began cannot borrow the results of the one before. ``error`` is the
    sentence of an infrastructure failure (disk, memory, lock, a bug), if there was one.
    """
    left = steps.left_by(settings, run_id)
    intake, build, checks, published = (
        steps.recorded(settings, step, left) if left else None for step in ("intake", "dbt", "controles", "release")
    )
    standing = store.current(settings)
    verdict = Verdict(Uitkomst.MISLUKT, standing, None, None, duur_s=round(seconds, 1))
    if intake:
        verdict.leveringen = intake["leveringen"]
        verdict.aandacht += [refusal(u) for u in verdict.leveringen if u["uitkomst"] == "geweigerd"]
        verdict.aandacht += intake.get("aandacht", [])
        verdict.signalen |= intake.get("signalen", {})
    found: list[dict[str, Any]] = []
    if build:
        verdict.modellen = {"verwacht": build["modellen_verwacht"], "gebouwd": build["modellen_gebouwd"]}
        found += build["gefaald"]
    if build or checks:
        found += (checks or {}).get("gefaald", [])
        verdict.controles = _count_checks(build, checks)
    if standing:
        try:
            content = store.read(settings, standing)
        except store.ReleaseError as damaged:
            return broken_down(settings, str(damaged), seconds)
        verdict.peildatum = content["peildatum"]
        if published and published["release"] == standing:
            verdict.vorige_release = published["vorige_release"]
            verdict.aansluiting |= content["aansluiting"]
    if published:
        verdict.redenen |= {f"{WAITS} {name}": sentence for name, sentence in published["wacht"].items()}
    verdict.redenen |= {f["naam"]: line(f) for f in found if f["uitkomst"] == "gefaald"}
    verdict.aandacht += verdict.redenen.values()
    _tell_the_rest(verdict, found, (steps.recorded(settings, "bekende_fouten", left) or {}) if left else {})
    if not_run := sum(f["uitkomst"] == "niet_uitgevoerd" for f in found):
        verdict.aandacht.append(say("{count} models and checks were not run, because something before them failed", count=not_run))
    verdict.uitkomst = _outcome(settings, verdict, intake, found, published, error)
    if verdict.uitkomst is Uitkomst.MISLUKT:
        results = {"intake": intake, "dbt": build, "controles": checks, "release": published}
        unfinished = [step for step, result in results.items() if result is None]
        stopped = steps.recorded(settings, STORING, left) if left else None
        breakdown = (stopped["zin"] if stopped else error) or (
            say("It did not come to an end: {steps}", steps=", ".join(unfinished))
            if unfinished
            else say("Everything came to an end, and yet the release is not whole")
        )
        if stopped or not any(reason in breakdown for reason in verdict.redenen.values()):  # a step's own sentence on what failed in it
            verdict.aandacht.append(breakdown)
            name = f"{STORING} {', '.join(unfinished[:1])}"  # the sentence may name the run, and is another every night
            verdict.redenen[name] = breakdown
    elif error and verdict.uitkomst is Uitkomst.GEPUBLICEERD:  # the release stands; what came after it broke down
        verdict.aandacht.append(error)
        verdict.signalen[f"{STORING}:dagster"] = error
    if verdict.uitkomst is not Uitkomst.GEPUBLICEERD:
        verdict.vorige_release = standing
    return verdict


def refusal(levering: dict[str, Any]) -> str:
    """The sentence on a delivery that was refused, as it can be sent on to whoever delivers."""
    return refused(levering["nummer"], levering["reden"])


def line(found: dict[str, Any]) -> str:
    """A check or model that did not pass, in a sentence."""
    if found["soort"] == "model":
        return say("model {name}: {explanation}", name=found["naam"], explanation=found["toelichting"])
    return say("check {name}: {explanation}", name=found["naam"], explanation=found["toelichting"])


def told(found: dict[str, Any]) -> str:
    """The same, with a warning called one."""
    if found["uitkomst"] == "gewaarschuwd":
        return say("warning {name}: {explanation}", name=found["naam"], explanation=found["toelichting"])
    return line(found)


def _tell_the_rest(verdict: Verdict, found: list[dict[str, Any]], ledger: dict[str, str]) -> None:
    """Warnings, known failures, checks without enough history, and what is to be said about the ledger."""
    warned = [f for f in found if f["uitkomst"] == "gewaarschuwd"]
    verdict.aandacht += [told(f) for f in warned]
    # intake's warnings are counted and shown (delivery contract); they are told only when worse than what the ledger accepts
    loud = [f for f in warned if f.get("uitgevoerd_met") != "intake" or f.get("niet_aanvaard")]
    verdict.signalen |= {f"gewaarschuwd:{f['naam']}": told(f) for f in loud}
    verdict.bekend |= {
        f["naam"]: say("known failure {name}: {explanation}", name=f["naam"], explanation=f["toelichting"])
        for f in found
        if f["uitkomst"] == BEKEND
    }
    verdict.aandacht += verdict.bekend.values()
    if unjudged := sum(f["uitkomst"] == NIET_TE_BEOORDELEN for f in found):
        verdict.aandacht.append(say("{count} checks cannot be judged yet: too little history (kwaliteit.controles)", count=unjudged))
    verdict.aandacht += ledger.values()
    verdict.signalen |= {f"bekende_fout:{name}": text for name, text in ledger.items()}


def _count_checks(build: dict[str, Any] | None, checks: dict[str, Any] | None) -> dict[str, int]:
    counts = {"verwacht": 0, "geslaagd": 0, "gewaarschuwd": 0, "gefaald": 0}
    for step, prefix in ((build, "controles_"), (checks, "")):
        if step:
            counts["verwacht"] += step[f"{prefix}verwacht"]
            for outcome in ("geslaagd", "gewaarschuwd", "gefaald"):
                counts[outcome] += step["controles"].get(outcome, 0)
    return counts


def _outcome(
    settings: Settings,
    verdict: Verdict,
    intake: dict[str, Any] | None,
    found: list[dict[str, Any]],
    published: dict[str, Any] | None,
    error: str | None,
) -> Uitkomst:
    if published and published["release"] == store.current(settings):
        whole = verdict.modellen["verwacht"] == verdict.modellen["gebouwd"] > 0 and verdict.controles["gefaald"] == 0
        return Uitkomst.GEPUBLICEERD if whole else Uitkomst.MISLUKT
    failed = {f["soort"] for f in found if f["uitkomst"] == "gefaald"}
    if failed == {"controle"} or (published and published["wacht"]):
        return Uitkomst.VASTGEHOUDEN
    if intake and not intake["bouwen"] and any(u["uitkomst"] == "geweigerd" for u in verdict.leveringen):
        return Uitkomst.VASTGEHOUDEN  # its step ends in an error, which says so
    return Uitkomst.MISLUKT if intake is None or failed or error or intake["bouwen"] else Uitkomst.NIETS_NIEUWS
