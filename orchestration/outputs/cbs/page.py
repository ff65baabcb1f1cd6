"""Both reports as pages: in Dutch, in one file each, to be read without network, by keyboard and by a screen reader."""

import html

from babel.dates import format_date

from orchestration.outputs.cbs.reports import Filling, Found, Reports
from orchestration.outputs.report.numbers import written
from orchestration.outputs.report.periods import label
from orchestration.outputs.site.layout import STYLE

SEVERITY = {"kan_niet": "kan niet", "kan_bijna_niet": "kan bijna niet"}
HEADS = {"kan_niet": "Wat niet kan", "kan_bijna_niet": "Wat bijna niet kan"}
OWN_STYLE = """
h1, h2 { hyphens: auto; overflow-wrap: anywhere }
table { width: 100% } caption { text-align: left; padding: .3rem 0; color: var(--quiet) } th[scope=row] { font-weight: 400 }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; width: 11% } .let_op { font-weight: 700 }
"""
LESS = 5.0
"""Points of a percentage by which a field is filled less than in the period before, from which it is pointed out."""
SMALLEST = 0.05
"""A percentage that would be written as nought."""
INTERN = "Exacte aantallen, ook kleine: alleen voor wie de registratie beheert, niet om door te geven."


def mirror(found: Reports, organisation: str) -> str:
    """The spiegelrapport: of each field how far it is filled, in five half-years; and which values stand in it."""
    title = f"Spiegelrapport {label(found.periods[-1])}"
    parts = [
        "<p>Van elk veld het deel van de records waarin iets staat, zonder wat voor onbekend staat; daaronder het deel dat onbekend is."
        f" Een veld dat minstens {written(LESS)} procentpunt minder gevuld is dan een halfjaar eerder, is gemerkt met ▼.</p>"
    ]
    for of in dict.fromkeys(f.of for f in found.filling):
        rows = [f for f in found.filling if f.of == of]
        parts += [f"<h2>{_name(of)}</h2>", _filling_table(found, of, rows), _values_table(found, of)]
    return _page(found, organisation, title, "\n".join(parts))


def quality(found: Reports, organisation: str) -> str:
    """The kwaliteitsrapport: combinations that cannot be or hardly be, with their counts in five half-years."""
    title = f"Kwaliteitsrapport {label(found.periods[-1])}"
    parts = []
    for severity, head in HEADS.items():
        rows = [f for f in found.found if f.combination.severity == severity]
        parts += [f"<h2>{head}</h2>", _combination_table(found, rows, f"{head}, met het deel van de records")]
    asks = sum(f.counts.get(found.periods[-1], 0) for f in found.found)
    head = f"<p>Gevonden in dit halfjaar: {written(asks)}. Om welke records het gaat: <code>vt cbs report --met-nummers</code>.</p>"
    return _page(found, organisation, title, head + "\n".join(parts))


def _filling_table(found: Reports, of: str, rows: list[Filling]) -> str:
    body = []
    by_field: dict[str, dict[str, Filling]] = {}
    for f in rows:
        by_field.setdefault(f.field, {})[f.periode] = f
    for field, by_period in by_field.items():
        cells = [_percent(by_period.get(p), "filled") for p in found.periods]
        now, before = (by_period.get(p) for p in (found.periods[-1], found.periods[-2]))
        less = now and before and now.records and before.records and _share(before) - _share(now) >= LESS
        mark = ' <span class="let_op" title="minder gevuld dan een halfjaar eerder">▼ minder</span>' if less else ""
        body.append(_row(f"{_t(field)}{mark}", cells))
        if any(f.unknown for f in by_period.values()):
            body.append(_row(f"{_t(field)}, onbekend", [_percent(by_period.get(p), "unknown") for p in found.periods]))
    counts = [written(found.records[of].get(p, 0)) for p in found.periods]
    return _table(f"Vulling van {_name(of).lower()}", "Veld", found.periods, [_row("Aantal records", counts), *body])


def _values_table(found: Reports, of: str) -> str:
    rows = [
        _row(f"{_t(field)}: {_t(code)}", [written(counts.get(p, 0)) for p in found.periods])
        for where, field, code, counts in found.values
        if where == of
    ]
    if not rows:
        return ""
    table = _table(f"Waarden in {_name(of).lower()}", "Veld en waarde", found.periods, rows)
    return f"<details><summary>Waarden per veld</summary>{table}</details>"


def _combination_table(found: Reports, rows: list[Found], caption: str) -> str:
    body = [
        _row(
            f'{_t(f.combination.sentence)} <span class="stil">({_name(f.combination.of).lower()})</span>',
            [_of(f.counts.get(p, 0), found.records[f.combination.of].get(p, 0)) for p in found.periods],
        )
        for f in rows
    ]
    return _table(caption, "Combinatie", found.periods, body)


def _of(count: int, records: int) -> str:
    if not count or not records:
        return written(count)
    share = 100 * count / records
    told = "&lt;0,1" if share < SMALLEST else written(share, 1)
    return f'{written(count)} <span class="stil">({told}%)</span>'


def _share(filling: Filling) -> float:
    return 100 * filling.filled / filling.records if filling.records else 0


def _percent(filling: Filling | None, part: str) -> str:
    if filling is None or not filling.records:
        return "geen records"
    return f"{written(100 * getattr(filling, part) / filling.records, 1)}%"


def _row(head: str, cells: list[str]) -> str:
    cells_told = "".join(f'<td class="n">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{head}</th>{cells_told}</tr>'


def _table(caption: str, first: str, periods: tuple[str, ...], rows: list[str]) -> str:
    heads = "".join(f'<th scope="col" class="n">{_t(label(p))}</th>' for p in periods)
    return (
        f'<section class="breed" tabindex="0" aria-label="{_t(caption)}"><table><caption>{_t(caption)}</caption>'
        f'<thead><tr><th scope="col">{_t(first)}</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></section>'
    )


def _name(of: str) -> str:
    return of.replace("betrokkenen_", "betrokkenen bij ").capitalize()


def _page(found: Reports, organisation: str, title: str, body: str) -> str:
    day = format_date(found.peildatum, "d MMMM y", "nl")
    return (
        f'<!DOCTYPE html>\n<html lang="nl"><head><meta charset="utf-8"><title>{_t(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}{OWN_STYLE}</style></head>\n<body><main>'
        f"<h1>{_t(title)}</h1><p>{_t(organisation)}, stand van {day}, release {_t(found.release)}. {INTERN}</p>\n{body}"
        "</main></body></html>\n"
    )


def _t(text: object) -> str:
    return html.escape(str(text))
