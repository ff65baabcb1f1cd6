"""The table of a choice: all that the chart has, as text, for eyes, keyboards and screen readers."""

import html

import pandas

from orchestration.outputs.dashboard import texts

STYLE = """
<style>
.cijfers { max-height: 26rem; overflow: auto; border: 1px solid #d9cfc0; border-radius: 4px; background: #fffdf9 }
.cijfers:focus-visible { outline: 3px solid #8f3f26 }
.cijfers table { border-collapse: collapse; width: 100%; font-size: .95rem; font-variant-numeric: tabular-nums }
.cijfers th, .cijfers td { padding: .38rem .75rem; border-bottom: 1px solid #ebe3d6; text-align: right; white-space: nowrap }
.cijfers thead th { position: sticky; top: 0; background: #f2ece2; font-weight: 600 }
.cijfers thead th { white-space: normal; min-width: 5.5rem; vertical-align: bottom; z-index: 1 }
.cijfers tbody th { position: sticky; left: 0; background: #fffdf9; text-align: left; font-weight: 500 }
.cijfers thead th:first-child { left: 0; text-align: left; z-index: 2 }
.cijfers em { color: #6d655c; font-size: .88rem } .cijfers sup { color: #8f3f26; font-weight: 600 }
</style>
"""


def render(found: pandas.DataFrame, caption: str) -> str:
    """The table as HTML: periods down and series across, or the other way round where there are more series; the newest period first."""
    periods, series = found["periode_naam"].nunique(), found["reeks"].nunique()
    named = found.assign(reeks=found["reeks"].map(html.escape))
    named["periode_naam"] = named["periode_naam"].where(~named["voorlopig"], named["periode_naam"] + f" <em>{texts.RUNNING}</em>")
    down, across, head = ("reeks", "periode_naam", "") if series > max(periods, 4) else ("periode_naam", "reeks", texts.PERIOD_HEAD)
    order = {name: list(dict.fromkeys(named[name])) for name in (down, across)}
    order["periode_naam"].reverse()  # the newest is what most people look for
    wide = named.pivot(index=down, columns=across, values="cel").loc[order[down], order[across]]
    wide = wide.rename_axis(columns=None, index=None).rename_axis(columns=head)
    body = wide.to_html(escape=False, border=0, classes=None)
    # what pandas has no word for: which way a heading goes, and what the table is of
    body = body.replace("<tr>\n      <th>", '<tr>\n      <th scope="row">').replace("<th>", '<th scope="col">')
    return f'{STYLE}<div class="cijfers" role="region" tabindex="0" aria-label="{html.escape(caption)}">{body}</div>'
