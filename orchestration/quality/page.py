"""The page of results of a run, in its release and in the log: every check, in Dutch, in one file that opens without network."""

import html
from collections import Counter
from typing import Any

from orchestration.transform.controle import NIET_TE_BEOORDELEN, Controle

ORDER = {
    "gefaald": "gefaald",
    "gewaarschuwd": "waarschuwing",
    "bekend": "bekende fout",
    "niet_te_beoordelen": "nog niet te beoordelen",
    "niet_uitgevoerd": "niet uitgevoerd",
    "geslaagd": "geslaagd",
}
"""Outcome → what the page calls it, worst first."""

RUN_WITH = {"dbt": "dbt", "great_expectations": "Great Expectations", "intake": "opname", "audit": "audit van wat naar buiten gaat"}

SIGN = {"gefaald": "✕", "gewaarschuwd": "!", "bekend": "≈", "niet_te_beoordelen": "?", "niet_uitgevoerd": "–", "geslaagd": "✓"}

STYLE = """
:root { color-scheme: light dark; --ink: #1d1d1f; --paper: #fff; --line: #c9ccd1; --accent: #14457d; --alarm: #a4240c }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --paper: #17181a; --line: #44474d; --accent: #8fbdf0; --alarm: #ff9d85 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
main { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
table { border-collapse: collapse; width: 100% } caption { text-align: left; padding: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line) }
td:first-child, th[scope=row] { white-space: nowrap } td.naam { overflow-wrap: anywhere; min-width: 12rem } table.kort { width: auto }
td.n { text-align: right; font-variant-numeric: tabular-nums }
.gefaald td:first-child, .gewaarschuwd td:first-child { color: var(--alarm); font-weight: 600 }
summary { cursor: pointer; color: var(--accent) }
.breed { overflow-x: auto }
"""


def render(controles: list[Controle], title: str, facts: dict[str, Any]) -> str:
    """The page. ``facts`` are those of the release or the run: peildatum, organisatie, omgeving, gemaakt_op."""
    counts = Counter(c.uitkomst for c in controles)
    told = [c for c in controles if c.uitkomst not in {"geslaagd", NIET_TE_BEOORDELEN}]
    unjudged = sorted((c for c in controles if c.uitkomst == NIET_TE_BEOORDELEN), key=lambda c: c.naam)
    told.sort(key=lambda c: (list(ORDER).index(c.uitkomst), c.naam))
    summary = "".join(f"<tr><th scope=row>{SIGN[o]} {word}</th><td class=n>{counts[o]}</td></tr>" for o, word in ORDER.items() if counts[o])
    lines = [
        "<!doctype html>",
        f'<html lang="nl"><head><meta charset="utf-8"><title>{_t(title)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body><main>',
        f"<h1>{_t(title)}</h1>",
        f"<p>Stand van {_t(facts['peildatum'])}, {_t(facts['organisatie'])}, {_t(facts['omgeving'])};"
        f" gemaakt op {_t(facts['gemaakt_op'])}."
        " Deze pagina noemt leveringen, bestanden en regels, nooit de inhoud ervan.</p>",
        f"<table class=kort><caption>{len(controles)} controles naar uitkomst</caption><tbody>{summary}</tbody></table>",
        "<h2>Wat aandacht vraagt</h2>",
        _table(told, "Controles die niet zonder meer slaagden") if told else "<p>Niets.</p>",
        _folded(f"Nog niet te beoordelen, te weinig geschiedenis: {len(unjudged)}", unjudged) if unjudged else "",
        "<h2>Alles</h2>",
    ]
    for subject in sorted({c.onderwerp for c in controles}):
        rows = sorted((c for c in controles if c.onderwerp == subject), key=lambda c: c.naam)
        good = sum(c.uitkomst == "geslaagd" for c in rows)
        lines.append(_folded(f"{subject}: {good} van {len(rows)} geslaagd", rows))
    return "\n".join([*lines, "</main></body></html>", ""])


def _folded(title: str, rows: list[Controle]) -> str:
    return f"<details><summary>{_t(title)}</summary>{_table(rows, title)}</details>"


def _table(rows: list[Controle], caption: str) -> str:
    head = "".join(f"<th scope=col>{h}</th>" for h in ("Uitkomst", "Controle", "Met", "Ernst", "Aantal", "Toelichting"))
    body = "".join(
        f'<tr class="{c.uitkomst}"><td>{SIGN[c.uitkomst]} {ORDER[c.uitkomst]}</td><td class=naam>{_t(c.naam)}</td>'
        f"<td>{RUN_WITH[c.uitgevoerd_met]}</td><td>{_t(c.ernst)}</td>"
        f"<td class=n>{'' if c.aantal is None else c.aantal}</td><td>{_t(c.toelichting)}</td></tr>"
        for c in rows
    )
    return f"<div class=breed><table><caption>{_t(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _t(text: object) -> str:
    return html.escape(str(text))
