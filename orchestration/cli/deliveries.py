"""``vt deliveries``: the register of deliveries."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import Door, Reden, out, steps
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The register of deliveries.")


@app.command("list")
def deliveries_list(
    geweigerd: Annotated[bool, typer.Option("--geweigerd", help="Every attempt that was refused, also what is over.")] = False,
) -> None:
    """The deliveries taken in, whether a whole registration confirmed them since, what was refused and is open, and what is late."""
    from orchestration.alarm import watch
    from orchestration.register import register
    from orchestration.register.refusals import let_through, open_refusals

    settings = Settings()
    log = register.Register(settings)
    taken = log.leveringen()
    whole = max((d.nummer for d in taken if d.soort == "volledig"), default=0)
    table = Table("levering", "soort", "peildatum", "opgenomen op", "code", "rijen", "quarantaine", "vergeten", "")
    for d in taken:
        sums = (sum(t.get(k, 0) for t in d.tellingen.values()) for k in ("opgenomen", "quarantaine", "vergeten"))
        state = "" if d.nummer <= whole else "onbevestigd"
        taken_on = f"{d.verwerkt_op:%Y-%m-%d %H:%M}"
        table.add_row(str(d.nummer), d.soort, str(d.peildatum), taken_on, d.code_versie, *(f"{n:,}" for n in sums), state)
    out.print(table)
    attempts = log.events(register.REFUSED) if geweigerd else open_refusals(log)
    if attempts:
        refused = Table("levering", "op", "reden", title="Refused" if geweigerd else "Refused, and no good one since", title_justify="left")
        for e in attempts:
            word = let_through(log, e)
            since = f" (let through on {word.op:%Y-%m-%d} by {word.inhoud['door']}: vt refresh takes it in)" if word else ""
            refused.add_row(str(e.inhoud["nummer"] or "?"), f"{e.op:%Y-%m-%d %H:%M}", escape(f"{e.inhoud['reden']}{since}"))
        out.print(refused)
    for text in watch.told(watch.late(settings, datetime.now(UTC)), "en").values():
        out.print(f"{text}.")


@app.command()
def reintake(
    vanaf: Annotated[int, typer.Argument(help="Number of the first delivery to take in anew; all that followed it are too.")],
    door: Door,
    reden: Reden,
) -> None:
    """Take archived deliveries in anew, after a change of rules. Nothing changes when one would be refused now. Then: vt refresh."""
    from orchestration.landing.reintake import take_in_again
    from orchestration.release.writer import only_writer

    settings = Settings()
    with only_writer(settings), steps() as progress:
        found = take_in_again(settings, vanaf, door, reden, progress)
    table = Table("levering", "entiteit", "opgenomen", "was", "quarantaine", "was")
    for difference in found:
        for entity, now in difference.now.items():
            before = difference.was.get(entity, {})
            pairs = [(now.opgenomen, before.get("opgenomen", 0)), (now.quarantaine, before.get("quarantaine", 0))]
            if any(a != b for a, b in pairs):
                table.add_row(str(difference.nummer), entity, *(f"{n:,}" for pair in pairs for n in pair))
    out.print(f"Took {len(found)} deliveries in anew." + ("" if table.rows else " Every count is what it was.") + " Now: vt refresh.")
    if table.rows:
        out.print(table)


@app.command()
def accept(
    nummer: Annotated[int, typer.Argument(help="Number of the delivery that was refused, or that waits in the inbox.")],
    door: Door,
    reden: Reden,
) -> None:
    """Let a delivery through that needs a person: far fewer rows than there were, a jump in number or peildatum, one that was withdrawn.

    Then: vt refresh.
    """
    from orchestration.landing.takein import accept as let_through

    path = let_through(Settings(), nummer, door, reden)
    here, gone = "It lies in the inbox: run vt refresh.", "The archive does not hold it any more: have it sent again."
    where = here if path else gone
    out.print(f"Delivery {nummer} is let through. {where}")


@app.command()
def withdraw(
    nummer: Annotated[int, typer.Argument(help="Number of the delivery that should not have been taken in.")],
    door: Door,
    reden: Reden,
) -> None:
    """Take a delivery out again, as if it had never come; it stays in the archive. Then: vt refresh."""
    from orchestration.landing.withdraw import withdraw as take_out
    from orchestration.release.writer import only_writer

    settings = Settings()
    with only_writer(settings), steps() as progress:
        done = take_out(settings, nummer, door, reden, progress)
    out.print(f"Delivery {nummer} counts no more. It stays in the archive; the same contents do not come in again by themselves.")
    if done.waiting:
        listed = ", ".join(map(str, done.waiting))
        back = (
            f"They come in by themselves once {nummer} is delivered anew" if not done.again else f"{done.again[0]} brings everything anew"
        )
        out.print(f"Taken out with it, for they rest on it: {listed}. {back}.")
    if done.again:
        out.print(f"Taken in anew without it: {', '.join(map(str, done.again))}.")
    if done.last is None:
        out.print("No delivery stands now: readers keep the release there is until one does.")
    else:
        out.print(f"The last delivery is now {done.last}. Run vt refresh: readers see what it brought until then.")
