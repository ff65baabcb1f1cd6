"""``vt trace``: from a figure to the lines it rests on, and from a line or a number back to every figure that it counts in."""

import csv
import os
import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import err, figure, out
from orchestration.files import why
from orchestration.landing import trace as landing
from orchestration.landing.theirs import TheirLine, their_lines
from orchestration.landing.trace import Place, TraceError
from orchestration.language import later, say
from orchestration.release.trace import WAITING_TIMES, FigureKey, LineFigure, Trace, TracedLine, Tracer, opened
from orchestration.settings import Settings
from orchestration.spreadsheet import as_text

LINES = 12
"""Stretches of line numbers that a table shows of a file; ``--naar`` gives all."""


def trace(
    indicator: Annotated[str | None, typer.Argument(help="Code or name of the indicator, as in docs/indicatoren.md: meldingen.")] = None,
    periode: Annotated[str | None, typer.Argument(help="2024, 2024-H1, 2024-Q3 or 2024-07.")] = None,
    gebied: Annotated[
        str, typer.Argument(help="Code or name: REGIO, BUITEN, a gemeente (Amsterdam), a stadsdeel (Zuidoost), a wijk or buurt.")
    ] = "REGIO",
    uitsplitsing: Annotated[str, typer.Argument(help="A breakdown and its value: melder=politie; left out for the total.")] = "",
    rij: Annotated[
        str | None, typer.Option(help="The other way: LEVERING:BESTAND:REGEL, such as 2:meldingen.csv:17, to every figure it counts in.")
    ] = None,
    nummer: Annotated[
        str | None,
        typer.Option(help="Kind of number (melding, casus, persoon, ...); the number is asked for. To its lines. Needs the key."),
    ] = None,
    persoon: Annotated[
        bool, typer.Option("--persoon", help="All that was taken over of one person, for who asks for it; the number is asked for.")
    ] = False,
    met_nummers: Annotated[bool, typer.Option("--met-nummers", help="With the report and case numbers. Needs the key; logged.")] = False,
    release: Annotated[str, typer.Option(help="Id of a release.")] = "current",
    naar: Annotated[Path | None, typer.Option(help="CSV file to write every line (or figure) to.")] = None,
) -> None:
    """From a figure to the deliveries, files and lines that it rests on; their count is the figure.

    [bold]vt trace meldingen 2024-07 Amsterdam melder=politie[/bold]: the lines. [bold]vt trace --rij 2:meldingen.csv:17[/bold]: every
    figure that this line counts in. [bold]vt trace --nummer melding[/bold]: the lines that hold a number.
    [bold]vt trace --persoon[/bold]: all that is kept of one person.
    """
    settings = Settings()
    if naar and naar.exists():
        raise TraceError(say("{file} is there already; name another file.", file=naar))
    if naar and not naar.absolute().parent.is_dir():
        raise TraceError(say("There is no folder {folder}; make it, or name another file.", folder=naar.absolute().parent))
    if sum(x is not None for x in (indicator, rij, nummer, persoon or None)) != 1 or (indicator and not periode):
        raise TraceError(
            say("Name a figure (INDICATOR PERIODE [GEBIED] [UITSPLITSING]), or --rij, --nummer or --persoon; see vt trace --help.")
        )
    if nummer is not None:
        _lines_of_number(settings, nummer, naar)
        return
    if persoon:
        _lines_of_person(settings, naar)
        return
    with opened(settings, release) as tracer:
        if rij is not None:
            _figures_of_line(settings, tracer, rij, naar)
        else:
            kind, _, value = uitsplitsing.partition("=")
            found = tracer.figure(tracer.key_of(indicator or "", periode or "", gebied, kind, value))
            _lines_of_figure(settings, found, tracer.area_name(found.key.gebied), met_nummers, naar)


# --- a figure ----------------------------------------------------------------------------------------------------------------------------


def _lines_of_figure(settings: Settings, found: Trace, area: str, with_numbers: bool, target: Path | None) -> None:
    numbers = _numbers(settings, found) if with_numbers else {}
    value = say("no value") if found.value is None else f"{figure(found.value)} {found.unit}"
    out.print(f"{found.key}: {value} ({area}; release {found.release})", markup=False)
    out.print(_explained(found), markup=False)
    fields = sorted({name for row in numbers.values() for name in row})
    waits = found.kind in WAITING_TIMES

    def waiting(line: TracedLine) -> list[str]:
        return [WAITS[bool(found.still_waits(line))]] if waits else []

    heading = ["wacht nog"] if waits else []
    theirs = _Theirs(settings, [r.place for r in found.lines])
    if target:
        more = [*(["wacht_nog"] if waits else []), *theirs.columns, *fields]
        header = ["levering", "entiteit", "bestand", "regel", "teller", "noemer", *more]
        rows = [
            [*_columns(r), *waiting(r), *theirs.cells(r.place), *(numbers.get(r.place, {}).get(f, "") for f in fields)] for r in found.lines
        ]
        _write(target, header, rows)
        err.print(say("Wrote {count} lines to {file}.", count=len(found.lines), file=target), markup=False)
        return
    if numbers:
        table = Table("levering", "bestand", "regel", *theirs.heading, *heading, *fields)
        for r in found.lines:
            cells = [numbers.get(r.place, {}).get(f) or "" for f in fields]
            at = [str(r.place.levering), escape(r.place.bestand), str(r.place.regel), *theirs.shown([r.place])]
            table.add_row(*at, *waiting(r), *map(escape, cells))
    else:
        table = Table("levering", "bestand", "regels", "aantal", *theirs.heading, *heading)

        def stretch(r: TracedLine) -> tuple[int, str, list[str]]:
            return r.place.levering, r.place.bestand, waiting(r)

        for (levering, file, state), together in groupby(sorted(found.lines, key=stretch), key=stretch):
            places = [r.place for r in together]
            lines = [p.regel for p in places]
            table.add_row(str(levering), escape(file), _stretches(lines), str(len(lines)), *theirs.shown(places), *state)
    if found.lines:
        out.print(table)


class _Theirs:
    """The lines of the registration's own files beside ours, for rows of deliveries that a mapping made; nothing where there are none."""

    def __init__(self, settings: Settings, places: list[Place]) -> None:
        self.lines = their_lines(settings, [(p.levering, p.entiteit, p.regel) for p in places])
        self.heading = ["herkomst"] if self.lines else []
        self.columns = ["bron_bestand", "bron_regel", "bron_ook"] if self.lines else []

    def of(self, place: Place) -> tuple[TheirLine, ...]:
        return self.lines.get((place.levering, place.entiteit, place.regel), ())

    def cells(self, place: Place) -> list[Any]:
        """Under ``columns``: the record's file and line, and what was joined to it."""
        if not self.lines:
            return []
        first, *others = self.of(place) or (None,)
        return [*((first.bestand, first.regel) if first else ("", "")), ", ".join(map(str, others))]

    def shown(self, places: list[Place]) -> list[str]:
        """Under ``heading``: the records' lines by file, what follows on joined."""
        if not self.lines:
            return []
        firsts = sorted({of[0] for p in places if (of := self.of(p))})
        files = groupby(firsts, key=lambda line: line.bestand)
        return [escape(", ".join(f"{file}: {_stretches([line.regel for line in lines])}" for file, lines in files))]


def _explained(found: Trace) -> str:
    """How the lines make the figure."""
    text = EXPLAINED.get(found.kind, "")
    if found.kind == "per_1000" and found.noemer is None:
        text = NO_HOUSEHOLDS
    if found.kind == "per_fte" and found.noemer is None:
        text = NO_POSTS
    return say(
        text or OF_VALUES,
        count=found.counted,
        below=found.in_noemer,
        below_the_line=figure(found.noemer or 0),
        sum=figure(found.teller or 0),
        kind=found.kind,
        lines=len(found.lines),
        added=found.counted - found.taken_off,
        off=found.taken_off,
        waiting=sum(bool(found.still_waits(r)) for r in found.lines),
    )


WAITS = {True: "ja", False: "nee"}
WAITING = later("estimated (product-limit) of {lines} reports, of which {waiting} still waited at the peildatum")
NO_POSTS = later("{count} assessments over filled posts that are not known of every month")
COUNTED, SHARE = later("{count} lines, each counts as one"), later("{count} of {below} lines count above the line")
EXPLAINED = {
    "aantal": COUNTED,
    "voorraad": COUNTED,
    "uniek": later("{count} casussen, each counts as one, whatever the number of its reports"),
    "aandeel": SHARE,
    "aandeel_naar": SHARE,
    "verhouding": later("{count} reports over {below} casussen"),
    "per_1000": later("{count} reports over {below_the_line} households (from CBS, in seeds/households, not from a delivery)"),
    "gemiddelde": later("the sum over {below} lines, {sum}, over their number"),
    "verschil": later("{added} lines, each counts as one, less {off}"),
    "wachttijd_mediaan": WAITING,
    "wachttijd_p90": WAITING,
    "maandgemiddelde": later("the sum over {lines} lines of teams and months, over the number of months"),
    "gewogen_gemiddelde": later("the mean of {lines} lines of teams and months, weighted by filled posts, {below_the_line} in all"),
    "per_fte": later("{count} assessments over {below_the_line} filled posts"),
}
"""Kind of indicator → how the lines make the figure."""
NO_HOUSEHOLDS = later("{count} reports over a number of households that is not known")
OF_VALUES = later("the {kind} of the values of {lines} lines")


def _numbers(settings: Settings, found: Trace) -> dict[Place, dict[str, str | None]]:
    """Report, case and other numbers of the lines, from the vault; never what identifies a person."""
    rows = landing.originals(settings, [r.place for r in found.lines], str(found.key))
    return {at: {k: v for k, v in row.items() if k.endswith("_nummer")} for at, row in rows.items()}


def _stretches(lines: list[int]) -> str:
    """Line numbers, what follows on joined: 2-5, 9, 12."""
    stretches: list[list[int]] = []
    for line in sorted(lines):
        if stretches and line == stretches[-1][1] + 1:
            stretches[-1][1] = line
        else:
            stretches.append([line, line])
    shown = [f"{a}" if a == b else f"{a}-{b}" for a, b in stretches[:LINES]]
    return ", ".join([*shown, say("... (all with --naar FILE)")] if len(stretches) > LINES else shown)


def _columns(row: TracedLine) -> list[Any]:
    at = row.place
    return [at.levering, at.entiteit, at.bestand, at.regel, figure(row.teller), "" if row.noemer is None else figure(row.noemer)]


# --- a line, a number -------------------------------------------------------------------------------------------------------------------


def _figures_of_line(settings: Settings, tracer: Tracer, rij: str, target: Path | None) -> None:
    number, _, rest = rij.partition(":")
    name, _, line = rest.rpartition(":")
    if not (number.isascii() and number.isdigit() and name and line.isascii() and line.isdigit()):
        raise TraceError(say("--rij wants LEVERING:BESTAND:REGEL, such as 2:meldingen.csv:17; not {given}.", given=rij))
    at = tracer.place(int(number), name, int(line))
    figures = tracer.figures(at)
    counts = later("{file}, line {line} of delivery {number}: counts in {count} figures")
    out.print(say(counts, file=at.bestand, line=at.regel, number=at.levering, count=len(figures)), markup=False)
    if lines := _Theirs(settings, [at]).of(at):
        out.print(say("Made of: {lines}", lines=", ".join(map(str, lines))), markup=False)
    if target:
        header = [*FigureKey._fields, "waarde", "teller", "noemer"]
        _write(target, header, [[*c.key, c.waarde, c.teller, c.noemer] for c in figures])
        err.print(say("Wrote {count} figures to {file}.", count=len(figures), file=target), markup=False)
        return
    table = Table("indicator", "uitsplitsing", "periodes", "gebieden")

    def breakdown(c: LineFigure) -> tuple[str, str, str]:
        return c.key.indicator, c.key.categorie_soort, c.key.categorie

    for (indicator, kind, value), of_breakdown in groupby(sorted(figures, key=breakdown), key=breakdown):
        keys = [c.key for c in of_breakdown]
        periods, areas = (", ".join(dict.fromkeys(x)) for x in ((k.periode for k in keys), (k.gebied for k in keys)))
        table.add_row(indicator, f"{kind} {value}".strip(), periods, areas)
    if figures:
        out.print(table)


def _lines_of_number(settings: Settings, kind: str, target: Path | None) -> None:
    places = landing.places_of(settings, kind, _asked(kind))
    out.print(say("{count} lines hold it; vt trace --rij LEVERING:BESTAND:REGEL tells in which figures one counts", count=len(places)))
    theirs = _Theirs(settings, places)
    if target:
        header = ["levering", "entiteit", "bestand", "regel", *theirs.columns]
        _write(target, header, [[*vars(p).values(), *theirs.cells(p)] for p in places])
        err.print(say("Wrote {count} lines to {file}.", count=len(places), file=target), markup=False)
        return
    table = Table("levering", "bestand", "regels", *theirs.heading)
    for (levering, file), of_file in groupby(sorted(places), key=lambda p: (p.levering, p.bestand)):
        rows = list(of_file)
        table.add_row(str(levering), escape(file), _stretches([p.regel for p in rows]), *theirs.shown(rows))
    if places:
        out.print(table)


def _asked(kind: str) -> str:
    """A number, typed unseen."""
    typed: str = typer.prompt(say("Number of the {kind}", kind=kind), hide_input=sys.stdin.isatty())
    return typed.strip()


def _lines_of_person(settings: Settings, target: Path | None) -> None:
    found = landing.of_person(settings, _asked(landing.PERSON))
    told = later(
        "{own} lines hold the number; {reports} more are of the reports that the person is in, and {cases} of the cases of these."
        " The last two tell of others too: weigh their rights before anything is given (GDPR art. 15(4))."
    )
    out.print(say(told, own=len(found.own), reports=len(found.of_report), cases=len(found.of_case)))
    groups = [(landing.PERSON, found.own), ("melding", found.of_report), ("casus", found.of_case)]
    theirs = _Theirs(settings, [place for _, places in groups for place in places])
    if target:
        rows = [[of, *vars(place).values(), *theirs.cells(place)] for of, places in groups for place in places]
        _write(target, ["van", "levering", "entiteit", "bestand", "regel", *theirs.columns], rows)
        err.print(say("Wrote {count} lines to {file}.", count=len(rows), file=target), markup=False)
        return
    table = Table("van", "levering", "bestand", "regels", *theirs.heading)
    for of, places in groups:
        for (levering, file), rows_of in groupby(places, key=lambda p: (p.levering, p.bestand)):
            found_there = list(rows_of)
            table.add_row(of, str(levering), escape(file), _stretches([p.regel for p in found_there]), *theirs.shown(found_there))
    if found.own:
        out.print(table)


def _write(target: Path, header: list[str], rows: list[list[Any]]) -> None:
    """A CSV file that is its owner's alone, for a spreadsheet too."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise TraceError(say("{file} cannot be written: {why}.", file=target, why=why(error))) from None
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows([as_text(cell) for cell in row] for row in rows)
