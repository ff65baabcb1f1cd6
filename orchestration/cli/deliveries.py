"""``vt deliveries``: the register of deliveries."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import ASKED, Door, Reden, out, steps
from orchestration.errors import UserError
from orchestration.language import grouped, later, say
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.landing.preview import Broken

app = typer.Typer(no_args_is_help=True, help="The register of deliveries; and one that is still to come: make, check.")


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


Peildatum = Annotated[str, typer.Option(help="The state of the registration at the end of this day: 2025-01-31.")]
Nummer = Annotated[int, typer.Option(help="Number of the delivery: one more than the last.")]
Soort = Annotated[str, typer.Option(help="volledig (the whole registration) or mutaties (what changed).")]


@app.command()
def make(
    folder: Annotated[Path, typer.Argument(help="Folder with CSV files of the contract, each called as its entity: meldingen.csv.")],
    nummer: Nummer,
    peildatum: Peildatum,
    soort: Soort = "volledig",
    contract: Annotated[str | None, typer.Option(help="Version of the contract; left out: the latest.")] = None,
) -> None:
    """Write levering.json around files of the contract: their rows and checksums. Then: vt deliveries check FOLDER."""
    from orchestration.intake.contract import versions
    from orchestration.intake.delivery import tidy
    from orchestration.intake.making import Wanted, make_manifest

    settings = Settings()
    wanted = Wanted(settings.organisatie, nummer, soort, peildatum, contract or versions()[-1])
    with tempfile.TemporaryDirectory(prefix="vt-") as scratch:
        listed, others = make_manifest(folder, wanted, Path(scratch))
    table = Table("entiteit", "bestand", "rijen")
    for file in listed:
        table.add_row(file.entiteit, file.bestand, grouped(file.rijen))
    out.print(table)
    if others:
        unlisted = say("Not in the delivery, for they are called as no entity: {names}.", names=", ".join(map(tidy, others)))
        out.print(unlisted, markup=False, soft_wrap=True)
    out.print(
        say("Wrote levering.json of delivery {number}. Next: vt deliveries check {folder}", number=nummer, folder=folder), markup=False
    )


@app.command()
def check(path: Annotated[Path, typer.Argument(help="The delivery: a folder or a zip.")]) -> None:
    """What the intake would do with a delivery, without taking it in and without the key.

    Exit code: 0 it would be taken in whole, 1 with rows in quarantine, 2 it would be refused.
    """
    from orchestration.landing.preview import preview

    if not path.exists():
        raise UserError(say("There is no {path}: name a delivery, a folder or a zip.", path=path))
    found = preview(Settings(), path)
    number = found.manifest.nummer if found.manifest else "?"
    if found.counts:
        table = Table("entiteit", "gelezen", "opgenomen", "kopieen", "quarantaine", "waarschuwingen")
        for entity, c in found.counts.items():
            warned = sum(w.aantal for w in found.warnings if w.entiteit == entity)
            table.add_row(entity, *map(grouped, (c.gelezen, c.opgenomen, c.identieke_kopieen, c.quarantaine, warned)))
        out.print(table)
    for title, groups in ((later("To be quarantined"), found.quarantine), (later("Warnings"), found.warnings)):
        if groups:
            _tell(say(title), groups)
    for remark in found.remarks:
        out.print(remark, markup=False, soft_wrap=True)
    if found.refused:
        refused = later("Delivery {number} would be refused: {reason}")
        out.print(say(refused, number=number, reason=found.refused), markup=False, soft_wrap=True)
        raise typer.Exit(2)
    if found.already:
        out.print(say("Delivery {number} was taken in before: nothing would happen.", number=number))
        return
    held = sum(c.quarantaine for c in found.counts.values())
    good = later("Delivery {number} would be taken in.")
    bad = later("Delivery {number} would be taken in, with {count} rows in quarantine.")
    out.print(say(bad if held else good, number=number, count=grouped(held)))
    raise typer.Exit(1 if held else 0)


def _tell(title: str, groups: "list[Broken]") -> None:
    theirs = ["herkomst"] if any(b.herkomst for b in groups) else []
    told = ["reden"] if any(b.reden for b in groups) else []
    table = Table("bestand", "controle", "veld", "aantal", "regels", *theirs, *told, title=title, title_justify="left")
    for b in groups:
        lines = ", ".join(map(str, b.regels)) + (", ..." if b.aantal > len(b.regels) else "")
        where = [escape(", ".join(b.herkomst))] if theirs else []
        table.add_row(escape(b.bestand), b.controle, b.veld, grouped(b.aantal), lines, *where, *([b.reden] if told else []))
    out.print(table)
