"""``vt quarantine``: rows that broke a rule, until a later delivery or a person settles them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import ASKED, Door, Reden, out
from orchestration.language import say
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Rows in quarantine: what broke a rule, and what became of it.")

Levering = Annotated[int, typer.Argument(help="Number of the delivery.")]
Entity = Annotated[str, typer.Argument(help="Entity, such as meldingen.")]


@app.command("list")
def list_(
    status: Annotated[str, typer.Option(help="open, gecorrigeerd, afgewezen, or alle.")] = "open",
    entiteit: Annotated[str | None, typer.Option(help="Only this entity.")] = None,
    limit: Annotated[int, typer.Option(help="How many rows to show.", min=1)] = 100,
) -> None:
    """Which rows, where they stand, and which rule they broke. Never what is in them."""
    from orchestration.intake.contract import load_contract
    from orchestration.landing import quarantine

    known = {"status": ("open", "gecorrigeerd", "afgewezen", "alle"), "entiteit": load_contract().names}
    for name, value in (("status", status), ("entiteit", entiteit)):
        if value is not None and value not in known[name]:
            there = ", ".join(known[name])
            raise quarantine.QuarantineError(say("There is no {kind} {value}. There are: {known}.", kind=name, value=value, known=there))
    found = quarantine.entries(Settings(), None if status == "alle" else status, entiteit, None, limit)
    theirs = ["herkomst"] if any(i.bron_bestand for i in found) else []
    table = Table("levering", "entiteit", "bestand", "regel", *theirs, "controle", "veld", "reden", "status")
    for i in found:
        where = [", ".join(filter(None, [f"{i.bron_bestand}:{i.bron_regel}", i.bron_ook])) if i.bron_bestand else ""] if theirs else []
        table.add_row(
            str(i.levering), i.entiteit, escape(i.bestand), str(i.regel), *map(escape, where), i.controle, i.veld or "", i.reden, i.status
        )
    out.print(table if table.rows else say("No rows in quarantine are {status}.", status=status))


@app.command()
def show(levering: Levering, entiteit: Entity, regel: Annotated[int, typer.Argument(help="Line number in the file.")]) -> None:
    """One row as it was delivered, with what is allowed in the field. Personal data: needs the key, and its use is logged."""
    from orchestration.intake.contract import allowed_values, load_contract
    from orchestration.landing import quarantine

    entry, raw = quarantine.show(Settings(), levering, entiteit, regel)
    where = quarantine.located(entry.bestand, entry.regel, entry.veld)
    out.print(f"{where}: {entry.reden} ({entry.status})", markup=False, soft_wrap=True)
    if entry.bron_bestand:
        at = ", ".join(filter(None, [f"{entry.bron_bestand}:{entry.bron_regel}", entry.bron_ook]))
        out.print(say("Made of: {lines}", lines=at), markup=False, soft_wrap=True)
    if entry.veld and (allowed := allowed_values(load_contract(), entiteit, entry.veld)):
        out.print(say("Allowed: {values}", values=allowed), markup=False, soft_wrap=True)
    out.print(raw, markup=False)


@app.command()
def dismiss(
    levering: Levering,
    entiteit: Entity,
    door: Door = ASKED,
    reden: Reden = ASKED,
    regel: Annotated[int | None, typer.Option(help="Only the row on this line.")] = None,
    controle: Annotated[str | None, typer.Option(help="Only rows that broke this rule.")] = None,
) -> None:
    """Settle rows that will not be corrected."""
    from orchestration.landing import quarantine

    count = quarantine.dismiss(Settings(), levering, entiteit, door, reden, regel, controle)
    out.print(say("Dismissed {count} rows of {entity} of delivery {number}.", count=count, entity=entiteit, number=levering))


@app.command()
def export(
    doel: Annotated[Path, typer.Argument(help="CSV file to write, for whoever keeps the registration.")],
    status: Annotated[str, typer.Option(help="open, gecorrigeerd, afgewezen, or alle.")] = "open",
    met_regels: Annotated[bool, typer.Option("--met-regels", help="With the rows themselves: personal data, its use is logged.")] = False,
) -> None:
    """Write rows in quarantine to a file."""
    from orchestration.landing import quarantine

    count = quarantine.export(Settings(), doel, None if status == "alle" else status, met_regels=met_regels)
    out.print(say("Wrote {count} rows to {file}.", count=count, file=doel))
