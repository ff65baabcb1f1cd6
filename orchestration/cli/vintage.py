"""``vt vintage``: what was published, when, from which release; what a figure said on a day; what two vintages say differently."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import err, figure, out, steps
from orchestration.disclosure import vintage
from orchestration.language import later, say
from orchestration.release import public
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Vintages: what was published, and when; what was published never changes.")


@app.command("list")
def vintage_list() -> None:
    """The vintages that were published, oldest first, each held to its checksums."""
    settings = Settings()
    root, found = public.root(settings), public.hold_published(settings)
    if not found:
        out.print(say("Nothing was published yet."))
        return
    table = Table("jaargang", "gepubliceerd op", "release", "map")
    table.columns[3].overflow = "fold"
    for v in found:
        table.add_row(escape(v.name), v.day, v.release, escape(str(root / vintage.VINTAGES / v.name)))
    out.print(table)


@app.command("show")
def vintage_show(
    indicator: Annotated[str, typer.Argument(help="Code or name of the indicator, as for vt trace.")],
    periode: Annotated[str, typer.Argument(help="2024, 2024-H1, 2024-Q3 or 2024-07.")],
    gebied: Annotated[str, typer.Argument(help="Code or name of the area.")] = "REGIO",
    uitsplitsing: Annotated[str, typer.Argument(help="A breakdown and its value; left out for the total.")] = "",
    op: Annotated[datetime | None, typer.Option(help="The day, as 2025-12-31; today when left out.", formats=["%Y-%m-%d"])] = None,
) -> None:
    """What a published figure said on a day, and in which vintage it stood."""
    from orchestration.release.trace import opened

    settings = Settings()
    kind, _, value = uitsplitsing.partition("=")
    with opened(settings) as tracer:
        key = tracer.key_of(indicator, periode, gebied, kind, value)
    day = op.date() if op else datetime.now(UTC).date()
    found, number, status = vintage.said(public.root(settings), day, key._asdict())
    told = status if number is None else figure(number)
    text = say(
        "{figure} on {day}: {told} (vintage {vintage}, published on {since})",
        figure=key,
        day=day,
        told=told,
        vintage=found.name,
        since=found.day,
    )
    out.print(text, markup=False)


@app.command("diff")
def vintage_diff(
    one: Annotated[str, typer.Argument(help="Name of a vintage.")],
    two: Annotated[str, typer.Argument(help="Name of another.")],
    limit: Annotated[int, typer.Option(help="How many figures to show.", min=1)] = 40,
) -> None:
    """The published figures that two vintages say differently. Of what neither shows, nothing is said."""
    found = vintage.difference(public.root(Settings()), one, two)
    table = Table("indicator", "uitsplitsing", "gebied", "periode", one, two)
    for code, kind, category, _, area, _, period, before, after, was, now in found[:limit]:
        cells = (was if before is None else figure(before), now if after is None else figure(after))
        table.add_row(code, f"{kind}={category}" if kind else "", area, period, *cells)
    if found:
        out.print(table)
    out.print(say("{n} published figures differ between {one} and {two}.", n=len(found), one=one, two=two))


@app.command("explain")
def vintage_explain(
    van: Annotated[str, typer.Argument(help="Name of a vintage, or levering:N for everything as it was after a delivery.")],
    naar: Annotated[str, typer.Argument(help="Name of a later one, or levering:N.")],
    periode: Annotated[str | None, typer.Option(help="Only this period.")] = None,
    limit: Annotated[int, typer.Option(help="How many figures to show.", min=1)] = 40,
) -> None:
    """Why the true figures of two vintages differ: what came late, was corrected or deleted in the registration, or is counted otherwise.

    Exact figures, for who may read `intern`. Every release from the next on has them all in kwaliteit.herzieningen. Takes minutes.
    """
    from orchestration.release import revisions
    from orchestration.release.writer import only_writer

    settings = Settings()
    with only_writer(settings), steps() as progress:
        path = revisions.explain(settings, van, naar, progress)
    count, found = revisions.largest(path, periode, limit)
    table = Table("indicator", "uitsplitsing", "gebied", "periode", van, naar, *revisions.PARTS)
    for code, kind, category, area, period, *numbers in found:
        table.add_row(code, f"{kind}={category}" if kind else "", area, period, *("" if n is None else figure(n) for n in numbers))
    if found:
        out.print(table)
    out.print(say("{count} figures differ between {van} and {naar}: all of them in {file}", count=count, van=van, naar=naar, file=path))


@app.command("freeze")
def vintage_freeze(
    naam: Annotated[str, typer.Argument(help="Name of the vintage, as in the publication calendar.")],
    ja: Annotated[bool, typer.Option("--ja", help="Do not ask whether to go on.")] = False,
) -> None:
    """Publish a vintage of the calendar from the release that readers see. The first night of its day does this by itself."""
    from orchestration.release.vintages import freeze, hold_plan

    settings = Settings()
    hold_plan(settings, naam)
    if not ja and not typer.confirm(say("What is published is published for good. Go on?")):
        raise vintage.VintageError(say("Nothing was published."))
    with steps() as progress:
        progress(say("protecting and auditing what leaves; some minutes"))
        made = freeze(settings, naam)
    told = later("Vintage {vintage} of {day} is published; it never changes. It lies in {folder}, and in every release from the next on.")
    folder = public.root(settings) / vintage.VINTAGES / made.name
    err.print(say(told, vintage=made.name, day=date.fromisoformat(made.day), folder=folder), soft_wrap=True)
