"""``vt deliveries``: the register of deliveries."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import ASKED, Door, Reden, out, steps
from orchestration.language import grouped, later, say
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
        table.add_row(str(d.nummer), d.soort, str(d.peildatum), taken_on, d.code_versie, *map(grouped, sums), state)
    if taken:
        out.print(table)
    else:
        out.print(say("No delivery was taken in yet."))
    attempts = log.events(register.REFUSED) if geweigerd else open_refusals(log)
    if attempts:
        title = later("Refused") if geweigerd else later("Refused, and no good one since")
        refused = Table("levering", "op", "reden", title=say(title), title_justify="left")
        for e in attempts:
            word = let_through(log, e)
            reason = [e.inhoud["reden"]]
            if word:
                through = later("(let through on {day} by {person}: vt refresh takes it in)")
                reason.append(say(through, day=f"{word.op:%Y-%m-%d}", person=word.inhoud["door"]))
            refused.add_row(str(e.inhoud["nummer"] or e.inhoud.get("naam") or "?"), f"{e.op:%Y-%m-%d %H:%M}", escape(" ".join(reason)))
        out.print(refused)
    for text in watch.told(watch.late(settings, datetime.now(UTC))).values():
        out.print(f"{text}.")


@app.command()
def reintake(
    vanaf: Annotated[int, typer.Argument(help="Number of the first delivery to take in anew; all that followed it are too.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
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
                table.add_row(str(difference.nummer), entity, *(grouped(n) for pair in pairs for n in pair))
    done = later("Deliveries taken in anew: {count}. Now: vt refresh.")
    same = later("Deliveries taken in anew: {count}. Every count is what it was. Now: vt refresh.")
    out.print(say(done if table.rows else same, count=len(found)))
    if table.rows:
        out.print(table)


@app.command()
def accept(
    nummer: Annotated[int, typer.Argument(help="Number of the delivery that was refused, or that waits in the inbox.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """Let a delivery through that needs a person: far fewer rows than there were, a jump in number or peildatum, one that was withdrawn.

    Then: vt refresh.
    """
    from orchestration.landing.takein import accept as let_through

    path = let_through(Settings(), nummer, door, reden)
    here = later("Delivery {number} is let through. It lies in the inbox: run vt refresh.")
    gone = later("Delivery {number} is let through. The archive does not hold it any more: have it sent again.")
    out.print(say(here if path else gone, number=nummer))


@app.command()
def dismiss(
    levering: Annotated[str, typer.Argument(help="Number of the delivery that was refused, or the name of its file when it has none.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """Close a refusal for which no good delivery will come: sent by mistake, or numbered wrongly. Nothing of it was taken in."""
    from orchestration.register.lock import only_intake
    from orchestration.register.refusals import settle
    from orchestration.register.register import Register

    settings = Settings()
    with only_intake(settings):
        refusal = settle(Register(settings), levering, door, reden)
    closed = later("The refusal of {which} is closed; the register keeps by whom and why. It was: {reason}")
    out.print(say(closed, which=levering, reason=refusal.inhoud["reden"]), markup=False, soft_wrap=True)


@app.command()
def withdraw(
    nummer: Annotated[int, typer.Argument(help="Number of the delivery that should not have been taken in.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """Take a delivery out again, as if it had never come; it stays in the archive. Then: vt refresh."""
    from orchestration.landing.withdraw import withdraw as take_out
    from orchestration.release.writer import only_writer

    settings = Settings()
    with only_writer(settings), steps() as progress:
        done = take_out(settings, nummer, door, reden, progress)
    counts_no_more = later(
        "Delivery {number} counts no more. It stays in the archive; the same contents do not come in again by themselves."
    )
    out.print(say(counts_no_more, number=nummer))
    if done.waiting:
        out.print(say("Taken out with it, for they rest on it: {numbers}.", numbers=", ".join(map(str, done.waiting))))
        if done.again:
            out.print(say("Delivery {number} brings everything anew.", number=done.again[0]))
        else:
            out.print(say("They come in by themselves once {number} is delivered anew.", number=nummer))
    if done.again:
        out.print(say("Taken in anew without it: {numbers}.", numbers=", ".join(map(str, done.again))))
    if done.last is None:
        out.print(say("No delivery stands now: readers keep the release there is until one does."))
    else:
        now = later("The last delivery is now {last}. Run vt refresh: until then readers see what delivery {number} brought.")
        out.print(say(now, last=done.last, number=nummer))
