"""The causes for which someone should be woken, drawn from a verdict; and which of them are new or over."""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from orchestration.language import say
from orchestration.outputs.cbs.due import CBS_DUE
from orchestration.release.verdict import WAITS, Uitkomst, Verdict, refusal

TE_LAAT = "te_laat"
"""Kind of cause that the watch over deliveries raises and ends (``alarm.watch``); no refresh says a word on it."""

WATCHED = {TE_LAAT, CBS_DUE}
"""Kinds of cause that the watch raises and ends."""

REFUSED = "geweigerd"
"""Kind of cause of a delivery that was refused."""

INTAKE = {"opslag", "bewaartermijn", "inbox", "postgres", "rapport", WAITS}
"""Causes that each refresh looks at that takes in what waits, also when there is nothing new."""

SIGNALEN = {"gewaarschuwd", "bekende_fout", "storing", *INTAKE}
"""Causes that hold nothing back; the others of them only a refresh that comes to a release can end."""


@dataclass(frozen=True)
class CauseChanges:
    """What is new, what is over and what was accepted as a known failure since the last time: cause → sentence."""

    new: dict[str, str]
    over: dict[str, str]
    accepted: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.new or self.over or self.accepted)


def causes(verdict: Verdict) -> dict[str, str]:
    """Cause → sentence. A cause has the same name every night for as long as it lasts, so that it is told once."""
    found: dict[str, str] = {}
    for u in verdict.leveringen:
        if u["uitkomst"] == "geweigerd":
            found[refusal_cause(u)] = refusal(u)
    if verdict.uitkomst in (Uitkomst.VASTGEHOUDEN, Uitkomst.MISLUKT):
        rest = verdict.redenen or ({} if found else {line: line for line in verdict.aandacht})
        found |= {_cause(verdict, name): sentence for name, sentence in rest.items()}
        if not found:
            found[f"{verdict.uitkomst}:"] = say("The refresh did not come to an end; no further reason is known.")
    return found | verdict.signalen


def refusal_cause(u: dict[str, Any]) -> str:
    """The cause that a refused delivery is; one whose number cannot be read is known by its reason, which names the file."""
    return f"{REFUSED}:{u['nummer'] if u['nummer'] is not None else u['reden']}"


def _cause(verdict: Verdict, name: str) -> str:
    """A release that waits is the same cause whichever night says so."""
    return f"{WAITS}:{name.removeprefix(f'{WAITS} ')}" if name.startswith(f"{WAITS} ") else f"{verdict.uitkomst}:{name}"


def compare(
    before: dict[str, str], verdict: Verdict, taken_in: int | None, settled: Container[str] = ()
) -> tuple[dict[str, str], CauseChanges]:
    """The causes that are open now, and how they differ from ``before``.

    A refused delivery stays a cause until it, or a later one, was taken in (``taken_in``: the highest number), or a person closed it
    (``settled``: such causes); one without a number that can be read, until any was. What held a release back stays a cause until a refresh
    says otherwise; one that had nothing to do says nothing.
    """
    now = causes(verdict)
    came_in = any(u["uitkomst"] == "opgenomen" for u in verdict.leveringen)
    for cause, sentence in before.items():
        kind, _, rest = cause.partition(":")
        still_refused = (
            kind == REFUSED and cause not in settled and (taken_in is None or taken_in < int(rest) if rest.isdigit() else not came_in)
        )
        # a night that comes to an end without anything new found everything built: what broke down is over
        unheard = kind not in {REFUSED, Uitkomst.MISLUKT, *SIGNALEN} and verdict.uitkomst is Uitkomst.NIETS_NIEUWS
        unheard |= kind in SIGNALEN - INTAKE and verdict.uitkomst is not Uitkomst.GEPUBLICEERD
        unheard |= kind in INTAKE and verdict.uitkomst is Uitkomst.MISLUKT
        if still_refused or unheard or kind in WATCHED:
            now.setdefault(cause, sentence)
    # the same delivery refused for another reason is news
    new = {c: s for c, s in now.items() if c not in before or (c.startswith(f"{REFUSED}:") and before[c] != s)}
    gone = {c: s for c, s in before.items() if c not in now}
    accepted = {c: verdict.bekend[name] for c in gone if (name := c.partition(":")[2]) in verdict.bekend}
    return now, CauseChanges(new, {c: s for c, s in gone.items() if c not in accepted}, accepted)
