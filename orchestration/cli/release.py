"""``vt release``: what readers see, and what they saw before."""

from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import ASKED, Door, Reden, err, figure, out, percent
from orchestration.language import say
from orchestration.release import diff, store
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Releases: what readers see, and what they saw before.")


@app.command("list")
def release_list() -> None:
    """All releases, oldest first; the one that readers see is marked."""
    settings = Settings()
    standing = store.current(settings)
    table = Table("", "release", "peildatum", "levering", "code", "gelijk", "verklaard", "gewijzigde cijfers")
    table.columns[1].no_wrap = True
    for release in store.release_ids(settings):
        r = store.read(settings, release)
        tie, change = r["aansluiting"], r["gewijzigde_cijfers"] or {}
        marks = ["→" if release == standing else "", release, r["peildatum"], str(r["levering"]), r["code_versie"]]
        table.add_row(*marks, str(tie.get("gelijk", 0)), str(tie.get("verklaard", 0)), str(change.get("gewijzigd", "")))
    out.print(table)


@app.command("show")
def release_show(release: Annotated[str, typer.Argument(help="Id of a release.")] = "current") -> None:
    """What is in a release: `release.json`."""
    out.print_json(data=store.read(Settings(), release))


@app.command("rollback")
def release_rollback(
    release: Annotated[str, typer.Argument(help="Id of the release that readers should see again.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """Point `current` at another release, in one atomic step, and pin it: nights go on making releases, and readers keep this one."""
    from orchestration.release import hold

    hold.roll_back(Settings(), release, door, reden)
    told = say("Readers now see {release}. It is pinned: later releases are made and wait. End it with: vt release unpin", release=release)
    out.print(told)
    _follow()


@app.command("unpin")
def release_unpin(door: Door = ASKED, reden: Reden = ASKED) -> None:
    """End a rollback: the newest release comes before the readers again."""
    from orchestration.release import hold

    seen = hold.unpin(Settings(), door, reden)
    out.print(say("Readers now see {release}; the next refresh goes on from there.", release=seen))
    _follow()


@app.command("diff")
def release_diff(
    older: Annotated[str, typer.Argument(help="Id of a release, or current.")],
    newer: Annotated[str, typer.Argument(help="Id of a release, or current.")],
    limit: Annotated[int, typer.Option(help="How many figures to show.", min=1)] = 40,
) -> None:
    """How the figures of two releases differ: what lies between them, each indicator, and the largest changes; new figures last."""
    settings = Settings()
    first, second = (store.read(settings, r)["release"] for r in (older, newer))
    count = diff.count(settings.releases / first, settings.releases / second)
    told = say(
        "{changed} figures changed ({ended} over ended periods), {new} new, {gone} gone.",
        changed=count.gewijzigd,
        ended=count.vast_gewijzigd,
        new=count.nieuw,
        gone=count.vervallen,
    )
    out.print(told)
    out.print(_why(diff.causes(settings, first, second)), markup=False)
    summary = Table("indicator", "gewijzigd", "over afgelopen perioden, ook vervallen", "nieuw", "vervallen", "mediaan", "grootste")
    for indicator, *numbers in diff.by_indicator(settings, first, second):
        summary.add_row(indicator, *("" if n is None else percent(n) if isinstance(n, float) else str(n) for n in numbers))
    if summary.row_count:
        out.print(summary)
    table = Table("indicator", "periode", "gebied", "uitsplitsing", first, second)
    for indicator, _, periode, _, gebied, soort, categorie, then, now in diff.changed(settings, first, second, limit):
        table.add_row(indicator, periode, gebied, f"{soort} {categorie}".strip(), *("" if w is None else figure(w) for w in (then, now)))
    if table.row_count:
        out.print(table)


def _why(causes: diff.DiffCauses) -> str:
    """What can have changed figures, and how to tell which of it did."""
    told = []
    if causes.added:
        each = (say("{number} ({rows} rows of facts stand as it brought them)", number=n, rows=rows) for n, rows in causes.added.items())
        told.append(say("deliveries added: {listed}", listed=", ".join(each)))
    if causes.removed:
        told.append(say("deliveries gone: {numbers}", numbers=", ".join(map(str, causes.removed))))
    if not causes.same_code:
        told.append(say("other code: {before}, then {after}", before=causes.code[0], after=causes.code[1]))
    if not told:
        return say("The same deliveries and the same code: nothing should differ but what depends on the day.")
    if len(told) == 1:
        return say("All of it by {cause}.", cause=told[0])
    return say(
        "By {causes}. Which by which: vt refresh --levering N --naar FOLDER builds the older deliveries with the code of now; what differs "
        "between that and the older release, the code did.",
        causes="; ".join(told),
    )


@app.command("approve")
def release_approve(
    release: Annotated[str, typer.Argument(help="Id of the release that waits.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """Put a release that waits before the readers: one that changes much of the past, or that stands behind a pin, which this ends."""
    from orchestration.release import hold

    pin = hold.approve(Settings(), release, door, reden)
    told = say("Readers now see {release}.", release=release)
    if pin:
        told += " " + say(
            "That ends the pin on {release} (of {day}, by {who}: {why}).",
            release=pin.release,
            day=pin.sinds,
            who=pin.door,
            why=pin.reden,
        )
    out.print(told, markup=False)
    _follow()


def _follow() -> None:
    """Readers of PostgreSQL see the same, where that is set."""
    from orchestration.outputs import postgres  # it brings the solver along

    for told in postgres.follow(Settings()):
        err.print(told, markup=False)


@app.command("prune")
def release_prune(keep: Annotated[int, typer.Option(help="How many of the newest releases stay.", min=1)] = 14) -> None:
    """Remove old releases now; every night does so by itself (VT_BEWAAR_RELEASES). The current one always stays, and one that waits."""
    from orchestration.release.writer import only_writer

    settings = Settings()
    with only_writer(settings):
        removed = store.prune(settings, keep)
    out.print(say("Removed {removed} releases, kept {kept}.", removed=len(removed), kept=len(store.release_ids(settings))))
