"""What every page of the site has: its look, and the way to the others."""

import html

STYLE = """
:root { color-scheme: light dark; --ink: #1f1d1b; --paper: #fdfcfa; --soft: #f3efe9; --line: #d8d1c7; --accent: #14457d; --quiet: #5d554d }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8e2; --paper: #191817; --soft: #252321; --line: #45403a; --accent: #9cc4f2; --quiet: #b3aaa0 } }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
header { background: var(--soft); border-bottom: 1px solid var(--line); padding: .7rem 1.2rem }
header nav { max-width: 74rem; margin: 0 auto; display: flex; flex-wrap: wrap; gap: .3rem 1.3rem }
main { max-width: 74rem; margin: 0 auto; padding: .5rem 1.2rem 4rem } p, li { max-width: 46rem }
a { color: var(--accent) } a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
h1, h2, h3 { line-height: 1.2; scroll-margin-top: 1rem } h2 { margin-top: 2.3rem }
table { border-collapse: collapse } .breed { overflow-x: auto; margin: 1rem 0 }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line) }
code { font-size: .92em; background: var(--soft); padding: .05em .25em; border-radius: 3px; overflow-wrap: anywhere }
pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; border-radius: 4px } pre code { padding: 0; white-space: pre-wrap }
.tekening { width: calc(100vw - 2.4rem); max-width: 96rem; position: relative; left: 50%; transform: translateX(-50%) }
 @media print { .tekening svg { width: 100%; height: auto } }
img { max-width: 100%; height: auto } .stil { color: var(--quiet) } dt { font-weight: 600 } dd { margin: 0 }
@media (min-width: 48rem) { dl { display: grid; grid-template-columns: max-content 1fr; gap: .45rem 1.8rem } }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif } svg rect { fill: var(--soft); stroke: var(--line) }
svg path { fill: none; stroke: var(--quiet); stroke-opacity: .55 }
svg a:focus-visible rect, svg a:hover rect { stroke: var(--accent); stroke-width: 2 }
"""

HOME = "index.html"
WAYS = {
    HOME: "Alle cijfers",
    "project/docs/readers.html": "From figure to chart",
    "project/docs/marts.html": "Tabellen",
    "project/docs/aanlevering.html": "Levering",
    "project/docs/glossary.html": "Glossary",
    "dbt.html": "dbt",
}
"""Pages that every page names, by their place in the site."""


def page(place: str, title: str, body: str, language: str = "nl") -> str:
    """A page that stands at ``place`` in the site. ``body`` is HTML, ``title`` text."""
    up = "../" * place.count("/")
    ways = "".join(f'<a href="{up}{to}"{" aria-current=page" if to == place else ""}>{html.escape(name)}</a>' for to, name in WAYS.items())
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f'<body><header><nav aria-label="Site">{ways}</nav></header>\n<main>\n{body}\n</main></body></html>\n'
    )
