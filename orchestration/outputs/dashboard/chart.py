"""The chart of a choice. A running period is no part of the line, what cannot be shown has a mark of its own, breaks have a line."""

from typing import Any

import altair
import pandas

from orchestration.outputs.dashboard import texts

PALETTE = ("#8f3f26", "#2c6a6b", "#b98122", "#5d4a7a", "#66752f", "#b4637a", "#3f5f8a", "#7a736a")
INK, FAINT = "#2b2826", "#8a8178"
HEIGHT = 380
MANY = 40
"""Periods beside each other of which large dots would touch."""
DUTCH = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€ ", ""]}


def draw(found: pandas.DataFrame, figure: str, period: str) -> altair.Chart:
    """A line per series over the periods; of one period a bar per series."""
    series = list(dict.fromkeys(found["reeks"]))
    drawn = found[found["reeks"].isin(series[: len(PALETTE)])]
    periods = list(dict.fromkeys(found["periode_naam"]))
    layers = _bars(drawn) if len(periods) == 1 else _lines(drawn, periods)
    colour = altair.Color(
        "reeks:N",
        sort=series,
        scale=altair.Scale(domain=series[: len(PALETTE)], range=list(PALETTE)),
        legend=altair.Legend(orient="bottom", title=None, columns=2, labelLimit=280) if len(series) > 1 and len(periods) > 1 else None,
    )
    chart = altair.layer(*(layer.encode(color=colour) if coloured else layer for layer, coloured in layers))
    return (
        chart.properties(height=HEIGHT, width="container", description=texts.DESCRIPTION.format(figure=figure, period=period))
        .configure(locale={"number": DUTCH}, font="'Source Sans', sans-serif", background="transparent")
        .configure_axis(labelFontSize=13, labelColor=INK, gridColor="#e6ddd0", domainColor="#b8ad9d", tickColor="#b8ad9d", title=None)
        .configure_legend(labelFontSize=13, labelColor=INK)
        .configure_view(stroke=None)
    )


def most() -> int:
    """How many series a chart has at most."""
    return len(PALETTE)


def _tips() -> list[altair.Tooltip]:
    titles = {"reeks": " ", "periode_naam": texts.PERIOD_HEAD, "cijfer": texts.CONTROLS["cijfer"]}
    return [altair.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def _together(told: "pandas.Series[str]") -> str:
    return ", ".join(sorted(set(told)))


def _lines(found: pandas.DataFrame, periods: list[str]) -> list[tuple[Any, bool]]:
    along = altair.X(
        "periode_naam:N",
        sort=None,
        scale=altair.Scale(domain=periods, type="point"),
        axis=altair.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8, title=None),
    )
    up = altair.Y("waarde:Q", title=None, axis=altair.Axis(tickCount=6), scale=altair.Scale(zero=True, nice=True))
    ended, running = found[~found["voorlopig"]], found[found["voorlopig"] & found["getoond"]]
    gaps = found[~found["getoond"] & (found["cijfer"] != texts.NOTHING_TO_SHOW)]
    breaks = found.dropna(subset="noot").groupby("periode_naam", sort=False)[["noot", "breuk"]].agg(_together).reset_index()
    highest = running.sort_values("waarde", ascending=False).drop_duplicates("periode_naam")
    dots = altair.OverlayMarkDef(size=46 if len(periods) <= MANY else 12, filled=True)
    line = altair.Chart(ended).mark_line(strokeWidth=2.5, point=dots)
    hollow = altair.Chart(running).mark_point(size=90, strokeWidth=2, filled=False)
    label = altair.Chart(highest).mark_text(text=texts.RUNNING, dy=-14, fontSize=12, fontStyle="italic", color=INK)
    missing = altair.Chart(gaps).mark_text(text="×", fontSize=17, color=FAINT, baseline="bottom")
    rule = altair.Chart(breaks).mark_rule(strokeDash=[3, 4], color=FAINT)
    letter = altair.Chart(breaks.drop_duplicates("noot")).mark_text(dx=6, align="left", fontSize=12, fontWeight="bold", color=PALETTE[0])
    why = [altair.Tooltip("periode_naam:N", title=texts.PERIOD_HEAD), altair.Tooltip("breuk:N", title=texts.BREAK)]
    unfinished = found[found["is_nog_niet_af"] & ~found["voorlopig"]]
    ring = altair.Chart(unfinished).mark_circle(size=190, filled=False, strokeWidth=1.8)
    return [
        *([(ring.encode(x=along, y=up, tooltip=_tips()), True)] if len(unfinished) else []),
        (rule.encode(x=along, tooltip=why), False),
        (letter.encode(x=along, y=altair.value(4), text="noot:N", tooltip=why), False),
        (line.encode(x=along, y=up, tooltip=_tips()), True),
        (hollow.encode(x=along, y=up, tooltip=_tips()), True),
        (label.encode(x=along, y=up), False),
        (missing.encode(x=along, y=altair.value("height"), tooltip=_tips()), False),
    ]


def _bars(found: pandas.DataFrame) -> list[tuple[Any, bool]]:
    order = list(dict.fromkeys(found["reeks"]))
    across = altair.Y("reeks:N", sort=order, title=None, axis=altair.Axis(labelLimit=220))
    long = altair.X("waarde:Q", title=None, axis=altair.Axis(tickCount=5), scale=altair.Scale(zero=True, nice=True))
    bars = altair.Chart(found).mark_bar(size=20, color=PALETTE[0]).encode(y=across, x=long, tooltip=_tips())
    # the figure, or why there is none, beside the bar
    shown, gaps = found[found["getoond"]], found[~found["getoond"]]
    label = altair.Chart(shown).mark_text(align="left", dx=5, fontSize=13, color=INK).encode(y=across, x=long, text="cijfer:N")
    why = altair.Chart(gaps).mark_text(align="left", dx=5, fontSize=13, color=FAINT, fontStyle="italic")
    return [(bars, False), (label, False), (why.encode(y=across, x=altair.value(0), text="cijfer:N"), False)]
