"""``vt reference``: households and areas as CBS and Amsterdam publish them; what a person accepted of them; CBS' figures beside ours."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import ASKED, Door, Reden, err, out, steps
from orchestration.errors import UserError
from orchestration.language import later, say
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.reference.comparison import ComparedFigure

app = typer.Typer(
    no_args_is_help=True, help="Reference data: households and areas, as their sources have them now and as they count here; CBS beside us."
)

DAY = ["%Y-%m-%d"]
WORDS = {
    "nieuw": later("read, with something new"),
    "gelijk": later("as it was"),
    "mislukt": later("not read"),
}
"""Outcome → what a person reads."""


@app.command()
def refresh(
    bron: Annotated[list[str] | None, typer.Option(help="Only this source, as vt reference show has it; can be given again.")] = None,
    geldig_op: Annotated[datetime | None, typer.Option(formats=DAY, help="Day of the areas of Amsterdam; today when not given.")] = None,
    opnieuw: Annotated[bool, typer.Option("--opnieuw", help="Also what its source says it did not change.")] = False,
) -> None:
    """Read households and areas anew. No figure changes by it: vt reference show says what differs, accept lets it count.

    Exit code: 0, or 1 when a source could not be read; what was read of it before stands then.
    """
    from orchestration.duck import TIME_ZONE
    from orchestration.reference.refresh import FAILED
    from orchestration.reference.refresh import refresh as read

    settings = Settings()
    day = (geldig_op or datetime.now(ZoneInfo(TIME_ZONE))).date()
    with steps() as progress:
        found = read(settings, bron or [], day, progress, anew=opnieuw)
    table = Table("bron", "uitkomst", "versie")
    for outcome in found:
        table.add_row(outcome.bron, say(WORDS[outcome.uitkomst]), outcome.versie or "")
    out.print(table)
    for outcome in found:
        if outcome.reden:
            err.print(f"· {outcome.bron}: {outcome.reden}", markup=False, soft_wrap=True)
    failed = sum(o.uitkomst == FAILED for o in found)
    if failed:
        told = later("{count} of {all} sources were not read; what was read of them before, or the seeds, count as they did.")
        err.print(say(told, count=failed, all=len(found)), soft_wrap=True)
    _proposals(settings)
    if failed:
        raise typer.Exit(1)


@app.command()
def show(
    voorstel: Annotated[str | None, typer.Argument(help="Name of a proposal: its changes, each.")] = None,
    limit: Annotated[int, typer.Option(help="How many changes of a proposal to show.", min=1)] = 60,
) -> None:
    """What counts and how old it is, the version of each source, what was found since and waits for a person, and what was accepted."""
    from orchestration.reference.proposals import named, opened

    settings = Settings()
    if voorstel is not None:
        with opened(settings) as (_, found):
            proposal = named(found, voorstel)
        out.print(say("{name}: {told}", name=proposal.naam, told=proposal.told), markup=False, soft_wrap=True)
        table = Table(*proposal.columns)
        for row in proposal.rows[:limit]:
            table.add_row(*("" if v is None else escape(str(v)) for v in row))
        out.print(table)
        if len(proposal.rows) > limit:
            out.print(say("The first {count}; --limit for more.", count=limit))
        for note in proposal.notes:
            out.print(f"· {note}", markup=False, soft_wrap=True)
        if proposal.refused:
            out.print(say("{name} cannot be accepted: {why}", name=proposal.naam, why=proposal.refused), markup=False, soft_wrap=True)
        else:
            out.print(say("To let it count: vt reference accept {name}, then vt refresh.", name=proposal.naam))
        return
    _embedded(settings)
    _sources(settings)
    _accepted(settings)
    _proposals(settings)


def _embedded(settings: Settings) -> None:
    from orchestration import duck
    from orchestration.reference import ours

    with duck.connect(settings) as con:
        ours.load(settings, con)
        gemeente, stadsdeel, division = duck.row(
            con,
            "select (select max(jaar) from huishoudens_gemeente), (select max(jaar) from huishoudens_stadsdeel), max(indeling) "
            "from buurten",
        )
        gaps = con.execute(
            """
            with jaren as (select distinct jaar from huishoudens_gemeente),
            leeg as (
                select gemeente, jaar from gemeenten cross join jaren
                where in_regio_van is not null and (gemeente_code, jaar) not in (select gemeente_code, jaar from huishoudens_gemeente)
            )
            select gemeente, string_agg(jaar::varchar, ', ' order by jaar) from leeg group by all order by all
            """
        ).fetchall()
    told = later("What counts: households of gemeenten to {gemeente}, of stadsdelen to {stadsdeel}; the division in buurten of {division}.")
    out.print(say(told, gemeente=gemeente, stadsdeel=stadsdeel, division=division), soft_wrap=True)
    if gaps:
        out.print(say("Without households: {gaps}.", gaps="; ".join(f"{name} {years}" for name, years in gaps)), soft_wrap=True)


def _sources(settings: Settings) -> None:
    from orchestration.reference import copies
    from orchestration.reference.sources import declared
    from orchestration.reference.web import SourceError

    table = Table("bron", "wat", "versie", "gelezen op", "laatst gezien", "laatste poging", title=say("Sources"), title_justify="left")
    failures = list[str]()
    for name in declared().names:
        last = copies.attempt(settings, name)
        try:
            copy = copies.standing(settings, name)
        except SourceError as error:
            copy = None
            failures.append(f"{name}: {error}")
        known = ("–", "–", "–") if copy is None else (copy.versie, _day(copy.read_at), _age(copy.seen_at))
        table.add_row(name, declared().describe(name), *known, "–" if last is None else f"{_day(last.op)} {say(WORDS[last.uitkomst])}")
        if last is not None and last.reden:
            failures.append(f"{name}: {last.reden}")
    out.print(table)
    for failure in failures:
        out.print(f"· {failure}", markup=False, soft_wrap=True)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _age(moment: datetime) -> str:
    return say("{day} ({days} days ago)", day=_day(moment), days=(datetime.now(UTC) - moment).days)


def _accepted(settings: Settings) -> None:
    from orchestration.reference.accepted import all_of

    found = all_of(settings)
    if not found:
        out.print(say("Nothing was accepted yet: the seeds alone count."))
        return
    table = Table("nummer", "voorstel", "op", "door", "reden", "bronnen", title=say("Accepted"), title_justify="left")
    for a in found:
        sources = ", ".join(f"{name} {version}" for name, version in a.sources.items())
        table.add_row(str(a.nummer), a.voorstel, _day(a.op), escape(a.door), escape(a.reden), sources)
    out.print(table)
    for path in (a.bestanden["grenzen"] for a in found[-1:] if "grenzen" in a.bestanden):
        out.print(say("Borders for maps: vt report --grenzen {path}", path=path), markup=False, soft_wrap=True)


def _proposals(settings: Settings) -> None:
    from orchestration.reference import copies
    from orchestration.reference.proposals import opened
    from orchestration.reference.sources import declared

    try:
        with opened(settings) as (_, found):
            pass
    except UserError as error:
        err.print(str(error), markup=False, soft_wrap=True)
        return
    if not found:
        read = any(copies.folder(settings, name).is_dir() for name in declared().names)
        nothing = later("What was read differs in nothing from what counts.")
        out.print(say(nothing if read else later("No source was read yet: vt reference refresh.")))
        return
    table = Table("voorstel", "wat", "", title=say("Proposals: what was read and does not count yet"), title_justify="left")
    for p in found:
        marks = [say("by hand")] if p.refused else []
        marks += [say("notes: {count}", count=len(p.notes))] if p.notes else []
        table.add_row(p.naam, escape(p.told), ", ".join(marks))
    out.print(table)
    out.print(say("vt reference show NAME tells each change; vt reference accept NAME lets it count."))


@app.command()
def accept(
    voorstel: Annotated[str, typer.Argument(help="Name of the proposal, as vt reference show has it.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
    vanaf: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Of a division: its first day, in the place of the proposed one.")
    ] = None,
    zonder_gewijzigd: Annotated[
        bool, typer.Option("--zonder-gewijzigd", help="Of households: what is missing alone; what counts already stays as it is.")
    ] = False,
) -> None:
    """Let a proposal count. The register keeps by whom and why. Then: vt refresh."""
    from orchestration.reference.proposals import accept as let_count

    day: date | None = vanaf.date() if vanaf else None
    proposal, event, rows = let_count(Settings(), voorstel, door, reden, from_day=day, without_changed=zonder_gewijzigd)
    told = later("{name} is accepted ({rows} rows; number {number} in the register). {then}")
    maps = set(proposal.seeds) == {"grenzen"}
    then = say("vt reference show says where the file for maps lies.") if maps else say("Figures follow it from the next vt refresh on.")
    out.print(say(told, name=proposal.naam, rows=rows, number=event.volgnummer, then=then), soft_wrap=True)


@app.command()
def withdraw(
    nummer: Annotated[int, typer.Argument(help="Number of the acceptance, as vt reference show has it.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """End an acceptance: what counted before it counts again. Then: vt refresh."""
    from orchestration.reference import accepted
    from orchestration.register.disk import disk_errors
    from orchestration.register.lock import only_intake

    settings = Settings()
    with only_intake(settings), disk_errors(say("Withdrawing")):
        proposal = accepted.withdraw(settings, nummer, door, reden)
    out.print(say("{name} counts no more. Figures follow it from the next vt refresh on.", name=proposal))


@app.command()
def compare(
    naar: Annotated[Path | None, typer.Option(help="CSV file to write it to.")] = None,
    release: Annotated[str, typer.Option(help="Id of a release.")] = "current",
    jaar: Annotated[int | None, typer.Option(help="Only this year.")] = None,
    alles: Annotated[bool, typer.Option("--alles", help="On the terminal also what is the same.")] = False,
    zonder_net: Annotated[bool, typer.Option("--zonder-net", help="Do not ask CBS; the copy of the last time.")] = False,
) -> None:
    """What CBS publishes of Veilig Thuis beside the figures of a release, each line with where the definitions part."""
    from dataclasses import replace

    from orchestration.reference import comparison
    from orchestration.release import store

    settings = Settings()
    database = settings.releases / store.read(settings, release)["release"] / store.DATABASE
    with steps() as progress:
        found = comparison.compare(settings, database, progress, offline=zonder_net)
    if jaar is not None:
        found = replace(found, figures=[f for f in found.figures if f.periode.startswith(str(jaar))])
    for note in found.notes:
        err.print(f"· {note}", markup=False, soft_wrap=True)
    for name, (version, seen) in found.read.items():
        out.print(say("CBS {table}: version {version}, last seen {age}", table=name, version=version, age=_age(seen)), soft_wrap=True)
    _compared(found.figures, everything=alles)
    if naar is not None:
        comparison.write(found, naar)
        out.print(say("Wrote {count} rows to {file}.", count=len(found.figures), file=naar), soft_wrap=True)


def _compared(figures: "list[ComparedFigure]", *, everything: bool) -> None:
    from orchestration.reference.comparison import SAME

    shown = [f for f in figures if everything or f.oordeel != SAME]
    table = Table("tabel", "maat", "gebied", "periode", "CBS", "ons", "oordeel")
    table.columns[1].overflow = "fold"
    for f in shown:
        numbers = ("" if v is None else f"{v:g}" for v in (f.published, f.ours))
        table.add_row(f.table, escape(f.measure), f.gebied, f.periode + ("*" if f.voorlopig else ""), *numbers, f.oordeel)
    if shown:
        out.print(table)
    same = sum(f.oordeel == SAME for f in figures)
    out.print(say("{count} figures, of which {same} are the same within the rounding of CBS.", count=len(figures), same=same))
    for measure, why in dict.fromkeys((f.measure, f.explanation) for f in shown):
        out.print(f"· {measure}: {why}", markup=False, soft_wrap=True)
