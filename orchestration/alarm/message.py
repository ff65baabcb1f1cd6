"""What people are told of a night, in one language: the sentence on it, the same everywhere, and the message. Never with data of people."""

from orchestration.alarm.causes import TE_LAAT, CauseChanges, causes
from orchestration.release.verdict import Uitkomst, Verdict

WORDS = {
    "nl": {
        Uitkomst.GEPUBLICEERD: "gepubliceerd",
        Uitkomst.NIETS_NIEUWS: "niets nieuws",
        Uitkomst.VASTGEHOUDEN: "vastgehouden",
        Uitkomst.MISLUKT: "mislukt",
        "hersteld": "hersteld",
        "bekend": "bekende fout aanvaard",
        TE_LAAT: "levering te laat",
        "gebeurd": "Wat er nieuw is",
        "voorbij": "Wat voorbij is",
        "aanvaard": "Wat als bekende fout is aanvaard",
        "doen": "Wat te doen",
        "release": "release {release}, stand van {peildatum}",
        "geen": "lezers zien geen release",
        "oud": "De oude release blijft staan ({release}, stand van {peildatum}); lezers merken niets",
        "aandacht": "met aandacht",
        "meer": "en nog {n}",
        "niet_alles": "dbt bouwde en controleerde niet alles; zie build/dbt/logs in de datamap",
    },
    "en": {
        Uitkomst.GEPUBLICEERD: "published",
        Uitkomst.NIETS_NIEUWS: "nothing new",
        Uitkomst.VASTGEHOUDEN: "held back",
        Uitkomst.MISLUKT: "failed",
        "hersteld": "recovered",
        "bekend": "known failure accepted",
        TE_LAAT: "delivery late",
        "gebeurd": "What is new",
        "voorbij": "What is over",
        "aanvaard": "What was accepted as a known failure",
        "doen": "What to do",
        "release": "release {release}, state of {peildatum}",
        "geen": "readers see no release",
        "oud": "The old release stands ({release}, state of {peildatum}); readers notice nothing",
        "aandacht": "with attention",
        "meer": "and {n} more",
        "niet_alles": "dbt did not build and check everything; see build/dbt/logs in the data folder",
    },
}
TO_DO = {
    "geweigerd": {
        "nl": "Vraag de registratie een goede levering met hetzelfde nummer te sturen (docs/runbooks/levering.md).",
        "en": "Ask the registration for a good delivery with the same number (docs/runbooks/levering.md).",
    },
    "vastgehouden": {
        "nl": "Draai `vt checks show <naam van de controle>`: op welke rijen zij faalt; en volg docs/runbooks/nacht.md.",
        "en": "Run `vt checks show <name of the check>`: the rows on which it fails; and follow docs/runbooks/nacht.md.",
    },
    "mislukt": {
        "nl": "Doe wat de zin zegt, en draai `vt refresh`; `vt check` probeert alles wat een nacht nodig heeft (docs/runbooks/nacht.md).",
        "en": "Do as the sentence says, and run `vt refresh`; `vt check` tries everything that a night needs (docs/runbooks/nacht.md).",
    },
    "gewaarschuwd": {
        "nl": "Draai `vt checks show <naam van de controle>`: wie lost het op? Blijft het zo, laat het aanvaarden"
        " (docs/runbooks/bekende_fouten.md).",
        "en": "Run `vt checks show <name of the check>`: who mends it? If it stays, have it accepted (docs/runbooks/bekende_fouten.md).",
    },
    "bekende_fout": {
        "nl": "Werk expectations/bekende_fouten.yaml bij (docs/runbooks/bekende_fouten.md).",
        "en": "Bring expectations/bekende_fouten.yaml up to date (docs/runbooks/bekende_fouten.md).",
    },
    "opslag": {
        "nl": "Draai `vt landing verify` en zet terug wat ontbreekt of anders is (docs/runbooks/waarheid.md).",
        "en": "Run `vt landing verify` and put back what is missing or altered (docs/runbooks/waarheid.md).",
    },
    "wacht": {
        "nl": "Doe wat de zin zegt, of laat het zo (docs/runbooks/terugdraaien.md).",
        "en": "Do as the sentence says, or leave it so (docs/runbooks/terugdraaien.md).",
    },
    "inbox": {
        "nl": "Doe wat de zin zegt met wat in de inbox ligt; de volgende verversing neemt het dan op (docs/runbooks/levering.md).",
        "en": "Do with what lies in the inbox as the sentence says; the next refresh takes it in then (docs/runbooks/levering.md).",
    },
    "storing": {
        "nl": "De release staat; neem de oorzaak weg die de zin noemt (docs/runbooks/nacht.md).",
        "en": "The release stands; take the cause away that the sentence names (docs/runbooks/nacht.md).",
    },
    "bewaartermijn": {
        "nl": "Bekijk `vt retention show`, en laat vernietigen of stel uit (docs/runbooks/bewaartermijn.md).",
        "en": "Look at `vt retention show`, then approve or postpone (docs/runbooks/bewaartermijn.md).",
    },
    "te_laat": {
        "nl": "Vraag de registratie waar de levering blijft; er is niets stuk (docs/runbooks/levering.md).",
        "en": "Ask the registration where the delivery is; nothing is broken (docs/runbooks/levering.md).",
    },
}


AT_MOST = 3
"""Causes that the sentence names; the rest are counted."""


def named(verdict: Verdict) -> dict[str, str]:
    """Cause → sentence, of what the sentence on the night is about; of one that released nothing only what held it back."""
    found = causes(verdict)
    return {c: s for c, s in found.items() if c not in verdict.signalen} if verdict.uitkomst.exit_code else found


def reason(verdict: Verdict, language: str) -> str:
    """Why someone should look; empty when nobody need."""
    found = [s.removesuffix(".") for s in named(verdict).values()]
    return "; ".join(found[:AT_MOST] + [WORDS[language]["meer"].format(n=n) for n in [len(found) - AT_MOST] if n > 0])


def sentence(verdict: Verdict, language: str) -> str:
    """How the night ended, why, what readers see, and what to do, in one line."""
    words, why = WORDS[language], reason(verdict, language)
    what = " ".join(TO_DO[kind][language] for kind in _kinds(named(verdict)))
    head = words[verdict.uitkomst].capitalize()
    standing = _filled(words["release"] if verdict.release else words["geen"], verdict)
    if not verdict.uitkomst.exit_code:
        return f"{head}: {standing}." + (f" {words['aandacht'].capitalize()}: {why}. {what}" if why else "")
    stands = _filled(words["oud"], verdict) if verdict.release else standing.capitalize()
    return f"{head}: {why}. {stands}. {what}"


def stopped(uitkomst: Uitkomst, why: str, kind: str, language: str) -> str:
    """The sentence of a step that ends the night: as the night's own begins."""
    return f"{WORDS[language][uitkomst].capitalize()}: {why.removesuffix('.')}. {TO_DO[kind][language]}"


def _filled(text: str, verdict: Verdict) -> str:
    return text.format(release=verdict.release, peildatum=verdict.peildatum)


def _kinds(found: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(cause.partition(":")[0] for cause in found))


def write(verdict: Verdict, difference: CauseChanges, language: str) -> tuple[str, str]:
    """Subject and body of the message about ``difference``: the sentence on the night, and what that does not say of the difference."""
    words, said = WORDS[language], named(verdict)
    if difference.new:
        late = all(cause.startswith(f"{TE_LAAT}:") for cause in difference.new)
        attention = "" if verdict.uitkomst.exit_code else f", {words['aandacht']}"
        subject = words[TE_LAAT] if late else f"{words[verdict.uitkomst]}{attention}"
    else:
        subject = words["hersteld"] if difference.over else words["bekend"]
    new = {} if list(difference.new) == list(said)[:AT_MOST] == list(said) else difference.new
    doing = {kind: TO_DO[kind][language] for kind in _kinds(difference.new) if kind not in _kinds(said)}
    lines = [sentence(verdict, language)]
    parts = (("gebeurd", new), ("doen", doing), ("voorbij", difference.over), ("aanvaard", difference.accepted))
    for head, sentences in parts:
        if sentences:
            lines += ["", f"{words[head]}:", *(f"- {s}" for s in sentences.values())]
    return f"Veilig Thuis: {subject}", "\n".join(lines) + "\n"
