"""``vt cbs``: the half-year delivery to CBS, and reports on it before CBS sends its own."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import ASKED, Door, out, steps
from orchestration.language import grouped, say
from orchestration.settings import Settings

app = typer.Typer(
    help="The half-year delivery to CBS (Informatieprotocol Beleidsinformatie Veilig Thuis). Needs the key; each use is logged."
)

HALF_YEAR = "Half-year that has ended: 2024-H2."
Halfjaar = Annotated[str, typer.Option(help=HALF_YEAR, show_default=False)]
Nummer = Annotated[int | None, typer.Option(help="Number of the delivery of that half-year; without it the last one.")]
Indeling = Annotated[Path | None, typer.Option(help="Layout of the file; without it cbs/bestandsdefinitie.yml.")]
Release = Annotated[str, typer.Option(help="Id of a release.")]


@app.callback(invoke_without_command=True)
def cbs(
    context: typer.Context,
    halfjaar: Annotated[str | None, typer.Option(help=HALF_YEAR, show_default=False)] = None,
    vervangt: Annotated[int | None, typer.Option(help="Number of the delivery that this one replaces, whole.")] = None,
    rijen: Annotated[Path | None, typer.Option(help="With --vervangt: CSV file for the numbers of the records that differ.")] = None,
    indeling: Indeling = None,
    release: Release = "current",
) -> None:
    """Make the delivery of a half-year: one fixed-width file, encrypted; what it holds is counted beside it.

    [bold]vt cbs --halfjaar 2024-H2[/bold] makes it, [bold]vt cbs report --halfjaar 2024-H2[/bold] shows what CBS will ask about,
    [bold]vt cbs hand-over --halfjaar 2024-H2 --naar FILE[/bold] writes it in the clear, to be uploaded.
    """
    if context.invoked_subcommand:
        return
    if halfjaar is None:
        out.print(context.get_help(), markup=False)
        raise typer.Exit(2)
    from orchestration.outputs.cbs import layout as layouts
    from orchestration.outputs.cbs import write
    from orchestration.outputs.cbs.half_year import HalfYear

    settings = Settings()
    with steps() as progress:
        progress(say("reading facts and vault"))
        made = write.make(
            settings, HalfYear.of(halfjaar), layout=indeling or layouts.DEFAULT, replaces=vervangt, rows_to=rijen, release=release
        )
    told, form = made.account, made.account["indeling"]
    out.print(
        say(
            "Delivery {name} of release {release}, state of {day}, by layout {layout} {version}; encrypted in {folder}.",
            name=made.name,
            release=told["release"],
            day=told["peildatum"],
            layout=form["naam"],
            version=form["versie"],
            folder=settings.cbs,
        ),
        soft_wrap=True,
        markup=False,
    )
    table = Table("verzameling", "records", *(["nieuw", "gewijzigd", "weg", "gelijk"] if made.differences else []))
    by_set = {d.of: d for d in made.differences}
    for name, count in told["records"].items():
        d = by_set.get(name)
        table.add_row(name, grouped(count), *map(grouped, (d.new, d.changed, d.gone, d.same) if d else ()))
    out.print(table)
    for d in made.differences:
        for field, count in d.fields.items():
            out.print(say("{set}: field {field} differs in {count} records.", set=d.of, field=field, count=count))
    for code, count in told["zonder_plaats"].items():
        out.print(say("The layout has no place for {code}: left out {count} times.", code=code, count=count))
    if told["instelling"].strip("0") == "":
        out.print(say("The number of the organisation at CBS is not filled in (organisaties/): noughts stand there."))
    out.print(say("Now: vt cbs report --halfjaar {period}, and then vt cbs hand-over --halfjaar {period} --naar FILE.", period=halfjaar))


@app.command("hand-over")
def hand_over(
    halfjaar: Halfjaar,
    naar: Annotated[Path, typer.Option(help="New file, outside the data folder; remove it when it was uploaded.", show_default=False)],
    nummer: Nummer = None,
    door: Door = ASKED,
) -> None:
    """Write a delivery in the clear, for the upload to CBS. The register keeps who did; the watch takes it for delivered."""
    from orchestration.outputs.cbs import write
    from orchestration.outputs.cbs.half_year import HalfYear

    found = write.hand_over(Settings(), HalfYear.of(halfjaar), nummer, naar, door)
    out.print(
        say(
            "Wrote delivery {number} of {period} to {file}, in the clear: it holds personal data. Upload it and remove it; no copy stays.",
            number=found["nummer"],
            period=found["halfjaar"],
            file=naar,
        ),
        soft_wrap=True,
        markup=False,
    )


@app.command("list")
def list_() -> None:
    """The deliveries that were made: of what, by whom, and whether somebody handed them over."""
    from orchestration.outputs.cbs import write

    table = Table("halfjaar", "nummer", "vervangt", "gemaakt op", "door", "peildatum", "records", "overhandigd")
    for a in write.deliveries(Settings()):
        replaced = "" if a["vervangt"] is None else str(a["vervangt"])
        handed = f"{a['overhandigd']['op'][:10]} ({a['overhandigd']['door']})" if a["overhandigd"] else ""
        table.add_row(
            a["halfjaar"], str(a["nummer"]), replaced, a["gemaakt_op"][:16].replace("T", " "), a["gemaakt_door"], a["peildatum"],
            grouped(sum(a["records"].values())), handed,
        )  # fmt: skip
    out.print(table if table.rows else say("No delivery to CBS was made yet."))


@app.command()
def layout(bestand: Annotated[Path, typer.Argument(help="A layout, as cbs/bestandsdefinitie.yml.")]) -> None:
    """Whether a layout can be written by; with its records, or the line of its first fault."""
    from orchestration.outputs.cbs import layout as layouts

    form, _ = layouts.read(bestand)
    table = Table("record", "verzameling", "velden", "posities", title=f"{form.name} {form.version}", title_justify="left")
    for record in form.records:
        table.add_row(record.code, record.of, str(len(record.fields)), str(record.length))
    out.print(table)


@app.command()
def report(
    halfjaar: Halfjaar,
    naar: Annotated[Path, typer.Option(help="Folder for the reports; made when it is not there.", show_default=False)],
    met_nummers: Annotated[
        bool, typer.Option("--met-nummers", help="Beside them the numbers of the records that a combination holds of.")
    ] = False,
    indeling: Indeling = None,
    release: Release = "current",
) -> None:
    """Write spiegelrapport (how far fields are filled) and kwaliteitsrapport (combinations that cannot be), before CBS sends its own."""
    from orchestration.outputs.cbs import layout as layouts
    from orchestration.outputs.cbs import report_files
    from orchestration.outputs.cbs.half_year import HalfYear

    with steps() as progress:
        progress(say("reading facts and vault"))
        written = report_files.write(
            Settings(), HalfYear.of(halfjaar), naar, with_numbers=met_nummers, layout=indeling or layouts.DEFAULT, release=release
        )
    for path in written:
        out.print(say("Wrote {file}.", file=path), soft_wrap=True, highlight=False)
