"""``vt deliveries``: the register of deliveries."""

from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import out, steps
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
def reintake(
    vanaf: Annotated[int, typer.Argument(help="Number of the first delivery to take in anew; all that followed it are too.")],
    door: Annotated[str, typer.Option(help="Name of the person who decides; kept in the register.", prompt="Who decides")],
    reden: Annotated[str, typer.Option(help="Why; kept in the register.", prompt="Why")],
) -> None:
    """Take archived deliveries in anew, after a change of rules. Nothing changes when one would be refused now. Then: vt refresh."""
    from orchestration.defs.resources import only_writer
    from orchestration.landing.reintake import HeropnameFout, take_in_again

    settings = Settings()
    if not door.strip() or not reden.strip():
        raise HeropnameFout("Taking in anew needs the name of the person who decides and the reason.")
    with only_writer(settings), steps() as progress:
        found = take_in_again(settings, vanaf, door.strip(), reden.strip(), progress)
    table = Table("levering", "entiteit", "opgenomen", "was", "quarantaine", "was")
    for difference in found:
        for entity, now in difference.is_nu.items():
            before = difference.was.get(entity, {})
            pairs = [(now.opgenomen, before.get("opgenomen", 0)), (now.quarantaine, before.get("quarantaine", 0))]
            if any(a != b for a, b in pairs):
                table.add_row(str(difference.nummer), entity, *(f"{n:,}" for pair in pairs for n in pair))
    out.print(f"Took {len(found)} deliveries in anew." + ("" if table.rows else " Every count is what it was.") + " Now: vt refresh.")
    if table.rows:
        out.print(table)


@app.command()
def accept(
    nummer: Annotated[int, typer.Argument(help="Number of the delivery that was refused for holding less than 80% of what was there.")],
    door: Annotated[str, typer.Option(help="Name of the person who decides; kept in the register.", prompt="Who decides")],
    reden: Annotated[str, typer.Option(help="Why; kept in the register.", prompt="Why")],
) -> None:
    """Let a `volledig` delivery through that was refused because it holds much less than was there. Then: vt refresh."""
    from orchestration.landing.takein import AcceptatieFout
    from orchestration.landing.takein import accept as let_through

    if not door.strip() or not reden.strip():
        raise AcceptatieFout("Accepting needs the name of the person who decides and the reason.")
    path = let_through(Settings(), nummer, door.strip(), reden.strip())
    here, gone = "It lies in the inbox again: run vt refresh.", "The archive does not hold it any more: have it sent again."
    where = here if path else gone
    out.print(f"Delivery {nummer} is let through. {where}")
