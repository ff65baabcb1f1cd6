"""``vt deliveries``: the register of deliveries."""

from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import out
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The register of deliveries.")


@app.command("list")
def deliveries_list() -> None:
    """Every attempt to take in a delivery, with its outcome."""
    from orchestration.landing.register import Register

    table = Table("levering", "soort", "peildatum", "opgenomen op", "rijen", "quarantaine")
    for r in Register(Settings()).leveringen():
        rows = sum(t["opgenomen"] for t in r.tellingen.values())
        held = sum(t["quarantaine"] for t in r.tellingen.values())
        table.add_row(str(r.nummer), r.soort, str(r.peildatum), f"{r.verwerkt_op:%Y-%m-%d %H:%M}", f"{rows:,}", f"{held:,}")
    out.print(table)


@app.command()
def accept(
    nummer: Annotated[int, typer.Argument(help="Number of the delivery that was refused for holding less than 80% of what was there.")],
    door: Annotated[str, typer.Option(help="Name of the person who decides; kept in the register.", prompt="Who decides")],
    reden: Annotated[str, typer.Option(help="Why; kept in the register.", prompt="Why")],
) -> None:
    """Let a `volledig` delivery through that was refused because it holds much less than was there. Then: vt refresh."""
    from orchestration.landing.takein import accept as let_through

    path = let_through(Settings(), nummer, door, reden)
    here, gone = "It lies in the inbox again: run vt refresh.", "The archive does not hold it any more: have it sent again."
    where = here if path else gone
    out.print(f"Delivery {nummer} is let through. {where}")
