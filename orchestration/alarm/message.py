"""What people are told of a night, in one language: the sentence on it, the same everywhere, and the message. Never with data of people."""

from orchestration.alarm.causes import REFUSED, TE_LAAT, CauseChanges, causes, refusal_cause
from orchestration.landing.order import GAP
from orchestration.language import later, say
from orchestration.release.verdict import Uitkomst, Verdict

WORDS = {
    Uitkomst.GEPUBLICEERD: later("published"),
    Uitkomst.NIETS_NIEUWS: later("nothing new"),
    Uitkomst.VASTGEHOUDEN: later("held back"),
    Uitkomst.MISLUKT: later("failed"),
}
"""How a night ended; with a capital it begins the sentence on it."""

NOT_ALL = later("not everything was built and checked; see build/dbt/plan.log in the data folder")

TO_DO = {
    "geweigerd": later("Ask the registration for a good delivery with the same number (docs/runbooks/levering.md)."),
    GAP: later("Have what is missing sent, and this one comes in by itself after it (docs/runbooks/levering.md)."),
    "onleesbaar": later("Ask the registration for that delivery again, in a file that can be read (docs/runbooks/levering.md)."),
    "vastgehouden": later("Run `vt checks show <name of the check>`: on what it fails; and follow docs/runbooks/nacht.md."),
    "mislukt": later(
        "Do as the sentence says, and run `vt refresh`; `vt check` tries everything that a night needs (docs/runbooks/nacht.md)."
    ),
    "gewaarschuwd": later(
        "Run `vt checks show <name of the check>`: who mends it? If it stays, have it accepted (docs/runbooks/bekende_fouten.md)."
    ),
    "bekende_fout": later("Bring expectations/bekende_fouten.yaml up to date (docs/runbooks/bekende_fouten.md)."),
    "opslag": later("Run `vt landing verify` and put back what is missing or altered (docs/runbooks/waarheid.md)."),
    "wacht": later("Do as the sentence says, or leave it so (docs/runbooks/terugdraaien.md)."),
    "inbox": later("Do with what lies in the inbox as the sentence says; the next refresh takes it in then (docs/runbooks/levering.md)."),
    "storing": later("The release stands; take the cause away that the sentence names (docs/runbooks/nacht.md)."),
    "postgres": later("Do as the sentence says, and run `vt postgres`; the release in files stands (docs/readers.md)."),
    "rapport": later("Do as the sentence says; the release stands, and the next one has a report again (docs/report.md)."),
    "bewaartermijn": later("Look at `vt retention show`, then approve or postpone (docs/runbooks/bewaartermijn.md)."),
    "te_laat": later("Ask the registration where the delivery is; nothing is broken (docs/runbooks/levering.md)."),
    "cbs": later("Make it with `vt cbs --halfjaar` and hand it over (docs/cbs.md)."),
}
"""Kind of cause → what to do."""

AT_MOST = 3
"""Causes that the sentence names; the rest are counted."""


def named(verdict: Verdict) -> dict[str, str]:
    """Cause → sentence, of what the sentence on the night is about; of one that released nothing only what held it back."""
    found = causes(verdict)
    return {c: s for c, s in found.items() if c not in verdict.signalen} if verdict.uitkomst.exit_code else found


def reason(verdict: Verdict) -> str:
    """Why someone should look; empty when nobody need."""
    found = [s.removesuffix(".") for s in named(verdict).values()]
    return "; ".join(found[:AT_MOST] + [say("and {n} more", n=n) for n in [len(found) - AT_MOST] if n > 0])


def sentence(verdict: Verdict) -> str:
    """How the night ended, why, what readers see, and what to do, in one line."""
    why = reason(verdict)
    what = " ".join(say(TO_DO[kind]) for kind in _kinds(verdict, named(verdict)))
    head = say(WORDS[verdict.uitkomst]).capitalize()
    shown = {"release": verdict.release, "peildatum": verdict.peildatum}
    none = say("readers see no release")
    if not verdict.uitkomst.exit_code:
        standing = say("release {release}, state of {peildatum}", **shown) if verdict.release else none
        attention = say("with attention").capitalize()
        return f"{head}: {standing}." + (f" {attention}: {why}. {what}" if why else "")
    stands = none.capitalize()
    if verdict.release:
        stands = say("The old release stands ({release}, state of {peildatum}); readers notice nothing", **shown)
    return f"{head}: {why}. {stands}. {what}"


def stopped(uitkomst: Uitkomst, why: str, *kinds: str) -> str:
    """The sentence of a step that ends the night: as the night's own begins."""
    return f"{say(WORDS[uitkomst]).capitalize()}: {why.removesuffix('.')}. {' '.join(say(TO_DO[kind]) for kind in dict.fromkeys(kinds))}"


def kind_of_refusal(number: int | None, code: str) -> str:
    """What kind of cause a refused delivery is, as ``TO_DO`` has them."""
    return "onleesbaar" if number is None else GAP if code == GAP else REFUSED


def _kinds(verdict: Verdict, found: dict[str, str]) -> list[str]:
    refused = {refusal_cause(u): kind_of_refusal(u["nummer"], u.get("code", "")) for u in verdict.leveringen if u["uitkomst"] == REFUSED}
    return list(dict.fromkeys(refused.get(cause, cause.partition(":")[0]) for cause in found))


def write(verdict: Verdict, difference: CauseChanges) -> tuple[str, str]:
    """Subject and body of the message about ``difference``: the sentence on the night, and what that does not say of the difference."""
    said = named(verdict)
    if difference.new:
        late = all(cause.startswith(f"{TE_LAAT}:") for cause in difference.new)
        attention = "" if verdict.uitkomst.exit_code else ", " + say("with attention")
        subject = say("delivery late") if late else f"{say(WORDS[verdict.uitkomst])}{attention}"
    else:
        subject = say("recovered") if difference.over else say("known failure accepted")
    new = {} if list(difference.new) == list(said)[:AT_MOST] == list(said) else difference.new
    doing = {kind: say(TO_DO[kind]) for kind in _kinds(verdict, difference.new) if kind not in _kinds(verdict, said)}
    lines = [sentence(verdict)]
    parts = (
        (say("What is new"), new),
        (say("What to do"), doing),
        (say("What is over"), difference.over),
        (say("What was accepted as a known failure"), difference.accepted),
    )
    for head, sentences in parts:
        if sentences:
            lines += ["", f"{head}:", *(f"- {s}" for s in sentences.values())]
    return f"Veilig Thuis: {subject}", "\n".join(lines) + "\n"
