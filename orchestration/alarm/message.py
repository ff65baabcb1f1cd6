"""The message: what happened, what still stands, what to do. In Dutch or English, never with data of people."""

from orchestration.alarm.causes import TE_LAAT, Verschil
from orchestration.release.verdict import Uitkomst, Verdict

WOORDEN = {
    "nl": {
        Uitkomst.GEPUBLICEERD: "gepubliceerd, met aandacht",
        Uitkomst.NIETS_NIEUWS: "niets nieuws",
        Uitkomst.VASTGEHOUDEN: "vastgehouden",
        Uitkomst.MISLUKT: "mislukt",
        "hersteld": "hersteld",
        "bekend": "bekende fout aanvaard",
        "te_laat": "levering te laat",
        "gebeurd": "Wat er gebeurde",
        "voorbij": "Wat voorbij is",
        "aanvaard": "Wat als bekende fout is aanvaard",
        "staat": "Wat er staat",
        "doen": "Wat te doen",
        "release": "release {release}, stand van {peildatum}; lezers merken niets",
        "geen": "er is nog geen release",
    },
    "en": {
        Uitkomst.GEPUBLICEERD: "published, with attention",
        Uitkomst.NIETS_NIEUWS: "nothing new",
        Uitkomst.VASTGEHOUDEN: "held back",
        Uitkomst.MISLUKT: "failed",
        "hersteld": "recovered",
        "bekend": "known failure accepted",
        "te_laat": "delivery late",
        "gebeurd": "What happened",
        "voorbij": "What is over",
        "aanvaard": "What was accepted as a known failure",
        "staat": "What stands",
        "doen": "What to do",
        "release": "release {release}, state of {peildatum}; readers notice nothing",
        "geen": "there is no release yet",
    },
}
DOEN = {
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
        "nl": "Zoek de controle op in kwaliteit.controles. Blijft het zo, laat het aanvaarden: docs/runbooks/bekende_fouten.md.",
        "en": "Look the check up in kwaliteit.controles: who mends it? If it stays, have it accepted: docs/runbooks/bekende_fouten.md.",
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


def write(verdict: Verdict, difference: Verschil, taal: str) -> tuple[str, str]:
    """Subject and body of the message about ``difference``."""
    words = WOORDEN[taal]
    if difference.nieuw:
        late = all(cause.startswith(f"{TE_LAAT}:") for cause in difference.nieuw)
        subject = words[TE_LAAT] if late else words[verdict.uitkomst]
    else:
        subject = words["hersteld"] if difference.voorbij else words["bekend"]
    lines = []
    for head, sentences in (("gebeurd", difference.nieuw), ("voorbij", difference.voorbij), ("aanvaard", difference.aanvaard)):
        if sentences:
            lines += [f"{words[head]}:", *(f"- {s}" for s in sentences.values()), ""]
    standing = words["release"].format(release=verdict.release, peildatum=verdict.peildatum) if verdict.release else words["geen"]
    lines += [f"{words['staat']}: {standing}.", ""]
    if difference.nieuw:
        kinds = dict.fromkeys(cause.partition(":")[0] for cause in difference.nieuw)
        lines += [f"{words['doen']}:", *(f"- {DOEN[kind][taal]}" for kind in kinds)]
    return f"Veilig Thuis: {subject}", "\n".join(lines).strip() + "\n"
