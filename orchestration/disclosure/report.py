"""The audit of what leaves as a page for people, in Dutch: cells by name, never a value. It belongs in the intern release."""

import html
from collections.abc import Sequence

from orchestration.disclosure import audit
from orchestration.disclosure.audit import Report
from orchestration.disclosure.rules import Parameters
from orchestration.quality.page import STYLE

WHAT = {
    audit.NARROW: "Te nauwkeurig af te leiden",
    audit.SMALL_SHOWN: "Onder de drempel, en toch getoond",
    audit.ASKEW: "Staat er anders dan de regels zeggen",
    audit.KEYS: "Rij te veel of te weinig",
    audit.UNEQUAL: "Parquet en DuckDB zeggen niet hetzelfde",
    audit.SHARE: "Aandeel volgt niet uit de gepubliceerde aantallen",
    audit.MEAN: "Gemiddelde of mediaan volgt de regels niet",
    audit.NO_TARGETS: "Er is niets dat beschermd wordt: de controle keek nergens naar",
    audit.STATUS: "Status en waarde kloppen niet met elkaar",
    audit.HEADLINE: "Een totaal dat exact hoort te staan, staat er niet",
    audit.LITTLE: "Te weinig getoond: wie alles verbergt, beschermt niemand",
    audit.SHAPE: "Bestand, tabel of volgorde die er niet hoort",
    audit.COUNT: "Niet elk klein aantal is bekeken",
}
LONGEST = 200


def facts(report: Report) -> list[tuple[str, str]]:
    """What the audit measured, by name."""
    width = f"{report.narrowest:g}" + (f" ({report.narrowest_key})" if report.narrowest_key else "")
    return [
        ("Cellen", _n(report.cells)),
        ("Kleine cellen (onder de drempel)", _n(report.small)),
        ("Doelen: kleine cellen en wat uit andere volgt", _n(report.targets)),
        ("waarvan nergens gepubliceerd", _n(report.unlisted_targets)),
        *([] if report.targets_then is None else [("waarvan zoals in de vorige jaargang, en nu anders", _n(report.targets_then))]),
        ("Vergelijkingen", _n(report.equations)),
        ("Blokken", _n(report.blocks)),
        ("Lineaire programma's", _n(report.programs)),
        ("Kleinste breedte (hooguit de gevraagde)", width),
        ("Onderdrukt omdat het aantal klein is", _n(report.first)),
        ("Onderdrukt om een ander te beschermen", _n(report.second)),
        ("Getoond van alle cellen", f"{report.shown:.1%}".replace(".", ",")),
        ("Getoond van de cellen vanaf de drempel", f"{report.shown_large:.1%}".replace(".", ",")),
        ("Al in druk, als aantal", _n(report.printed)),
        ("Al in druk, als aandeel", _n(report.printed_shares)),
        ("Door druk alleen al smal", _n(len(report.in_print))),
        ("In druk, en nu niet meer waar", _n(len(report.older))),
        ("In druk, en door geen regel genoemd", _n(len(report.outside))),
        ("Seconden", f"{report.seconds:.1f}".replace(".", ",")),
    ]


def lines(report: Report) -> str:
    """The same for a terminal."""
    return "\n".join(f"  {name}: {value}" for name, value in facts(report))


def render(report: Report, parameters: Parameters, release: str) -> str:
    """The page, in one file that opens without network."""
    title = f"Onthullingscontrole bij release {release}"
    failed = f"Gefaald: {len(report.findings)} bevindingen. Er wordt niets gepubliceerd."
    verdict = "Geslaagd: wat klein is, blijft onbekend." if report.passed else failed
    groups = {w: [f.key for f in report.findings if f.what == w] for w in WHAT}
    parts = [
        "<!doctype html>",
        f'<html lang="nl"><head><meta charset="utf-8"><title>{_t(title)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body><main>',
        f"<h1>{_t(title)}</h1>",
        f"<p><strong>{_t(verdict)}</strong></p>",
        f"<p>Drempel {parameters.threshold}, afronding op {parameters.base}, breedte {parameters.width}; eigenaar:"
        f" {_t(parameters.owner)}, {_t(parameters.decided)}. De aanvaller in deze controle kent de regels, alles wat eerder"
        " gepubliceerd is, en welke cellen onderdrukt zijn om andere te beschermen. Gelezen zijn de bestanden die de deur uit gaan. Deze"
        " pagina noemt cellen bij naam, nooit hun waarde.</p>",
        "<table class=kort><caption>Wat er bekeken is</caption><tbody>",
        *[f"<tr><th scope=row>{_t(name)}</th><td class=n>{_t(value)}</td></tr>" for name, value in facts(report)],
        "</tbody></table>",
        *[_listed(WHAT[what], keys, opened=True) for what, keys in groups.items() if keys],
        _listed(
            f"Reeds openbaar: door druk{'' if report.targets_then is None else ' of de vorige jaargang'} alleen al smal", report.in_print
        ),
        _listed("In druk, en nu niet meer waar: een oudere waarheid", report.older),
        _listed("In druk, en door geen regel genoemd", report.outside),
        "</main></body></html>",
        "",
    ]
    return "\n".join(p for p in parts if p) + "\n"


def _listed(title: str, keys: Sequence[str], *, opened: bool = False) -> str:
    if not keys:
        return ""
    more = f"<li>en {len(keys) - LONGEST} andere</li>" if len(keys) > LONGEST else ""
    items = "".join(f"<li>{_t(k)}</li>" for k in keys[:LONGEST])
    return f"<details{' open' if opened else ''}><summary>{_t(title)}: {len(keys)}</summary><ul>{items}{more}</ul></details>"


def _n(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _t(text: object) -> str:
    return html.escape(str(text))
