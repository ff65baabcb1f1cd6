"""``vt``: the warehouse from the command line."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from filelock import Timeout
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from orchestration.errors import GebruikersFout
from orchestration.release import diff, store
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import PROJECT, Settings

app = typer.Typer(
    name="vt",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The Veilig Thuis warehouse: from nightly extract to figures that are right, safe and explained.\n\n"
    "A day's work: deliveries arrive in the inbox ($VT_HOME/inbox), [bold]vt refresh[/bold] takes them in, builds, checks and releases; "
    "[bold]vt release show[/bold] tells what readers see. Settings are environment variables (README).",
    rich_markup_mode="rich",
)
deliveries_app = typer.Typer(no_args_is_help=True, help="The register of deliveries.")
release_app = typer.Typer(no_args_is_help=True, help="Releases: what readers see, and what they saw before.")
app.add_typer(deliveries_app, name="deliveries")
app.add_typer(release_app, name="release")

err = Console(stderr=True, highlight=False)
out = Console(highlight=False)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Progress on standard error: a spinner on a terminal, a line per step elsewhere."""
    if not err.is_terminal:
        yield lambda text: err.print(f"· {text}", markup=False)
        return
    with err.status("starting") as status:
        yield status.update


@app.command()
def demo(seed: Annotated[int, typer.Option(help="The same seed gives the same deliveries, byte for byte.")] = 2024) -> None:
    """Write the demo deliveries (generated, marked as such) into the inbox, when nothing was taken in yet.

    Two whole registrations (state of 31 January 2022 and of 31 January 2025) and five nights of mutations, of the real size.
    """
    from orchestration.demo import write_demo
    from orchestration.landing.register import Register

    settings = Settings()
    if Register(settings).laatste_opgenomen() is not None:
        err.print(f"Deliveries were taken in already in {settings.root}: no demo deliveries are written there.")
        return
    if any(settings.inbox.glob("*")):
        err.print(f"There is something in {settings.inbox} already: no demo deliveries are written there.")
        return
    with steps() as progress:
        paths = write_demo(settings.inbox, seed=seed, progress=progress)
    err.print(f"Wrote {len(paths)} demo deliveries into {settings.inbox}")


@app.command()
def refresh(
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as one line of JSON and nothing else.")] = False,
) -> None:
    """Take in what waits in the inbox, build and check everything, and release it. The same job as every night.

    Exit code: 0 gepubliceerd or niets_nieuws, 1 vastgehouden (a check failed, or every waiting delivery was refused; the old release
    stands), 2 mislukt.
    """
    from orchestration.refresh import refresh as run

    settings = Settings()
    with steps() as progress:
        verdict = run(settings, progress)
    if as_json:
        print(verdict.as_json())
    else:
        tell(settings, verdict)
    raise typer.Exit(verdict.uitkomst.exit_code)


HEADLINES = {
    Uitkomst.GEPUBLICEERD: "[bold green]gepubliceerd[/]: a new release stands",
    Uitkomst.NIETS_NIEUWS: "[bold]niets_nieuws[/]: nothing new was delivered; the release stands as it was",
    Uitkomst.VASTGEHOUDEN: "[bold red]vastgehouden[/]: what is new was held back; the old release stands",
    Uitkomst.MISLUKT: "[bold red]mislukt[/]: the refresh broke down; the old release stands",
}


def tell(settings: Settings, verdict: Verdict) -> None:
    """The verdict in plain words."""
    out.print(f"\n{HEADLINES[verdict.uitkomst]} ({verdict.duur_s:.0f} s)\n")
    if verdict.leveringen:
        table = Table("levering", "soort", "peildatum", "uitkomst", "reden", title="Deliveries", title_justify="left")
        for u in verdict.leveringen:
            table.add_row(*(str(u[k] if u[k] is not None else "") for k in ("nummer", "soort", "peildatum", "uitkomst", "reden")))
        out.print(table)
    if verdict.modellen["verwacht"]:
        checks = verdict.controles
        out.print(f"Models   {verdict.modellen['gebouwd']} of {verdict.modellen['verwacht']} built")
        out.print(
            f"Checks   {checks['geslaagd']} of {checks['verwacht']} passed, {checks['gewaarschuwd']} warned, {checks['gefaald']} failed"
        )
    if verdict.uitkomst is Uitkomst.GEPUBLICEERD:
        tie = verdict.aansluiting
        out.print(
            f"Tie-out  with the published figures: {tie['gelijk']} equal, {tie['verklaard']} explained (revised later, or the"
            f" source contradicts itself), {tie['afwijkend']} differ"
            + (f", {tie['niet_berekend']} outside the data" if tie.get("niet_berekend") else "")
        )
    for line in verdict.aandacht:
        out.print(f"[yellow]Attention[/]  {line}", markup=True)
    if verdict.release:
        path = settings.releases / "current" / store.DATABASE
        out.print(f"\nRelease  {verdict.release}, state of {verdict.peildatum}")
        out.print(f"Where    {settings.releases / 'current'}", soft_wrap=True)
        query = f"import duckdb; duckdb.connect('{path}', read_only=True).sql('from marts.instroom_gemeente').show()"
        python = f'{PROJECT / ".venv/bin/python"} -c "{query}"'
        out.print(f"Open it  {python}", soft_wrap=True, markup=False)
        out.print("         or from any DuckDB 1.4+ client, read-only; the Parquet files beside it open in anything else.")
    else:
        out.print(f"\nThere is no release yet in {settings.releases}.")


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on localhost.")] = 3000) -> None:
    """Open Dagster on localhost: the assets, the checks, the runs, the schedule and the inbox sensor."""
    from orchestration.refresh import dagster_home

    os.environ["DAGSTER_HOME"] = str(dagster_home(Settings()))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    executable = str(Path(sys.executable).parent / "dagster")
    os.execv(executable, [executable, "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)])


@deliveries_app.command("list")
def deliveries_list() -> None:
    """Every attempt to take in a delivery, with its outcome."""
    from orchestration.landing.register import Register

    table = Table("levering", "soort", "peildatum", "opgenomen op", "rijen", "quarantaine")
    for r in Register(Settings()).leveringen():
        rows = sum(t["opgenomen"] for t in r.tellingen.values())
        held = sum(t["quarantaine"] for t in r.tellingen.values())
        table.add_row(str(r.nummer), r.soort, str(r.peildatum), f"{r.verwerkt_op:%Y-%m-%d %H:%M}", f"{rows:,}", f"{held:,}")
    out.print(table)


@release_app.command("list")
def release_list() -> None:
    """All releases, oldest first; the one that readers see is marked."""
    settings = Settings()
    standing = store.current(settings)
    table = Table("", "release", "peildatum", "levering", "code", "gelijk", "verklaard", "gewijzigde cijfers")
    for release in store.release_ids(settings):
        r = store.read(settings, release)
        tie, change = r["aansluiting"], r["gewijzigde_cijfers"] or {}
        marks = ["→" if release == standing else "", release, r["peildatum"], str(r["levering"]), r["code_versie"]]
        table.add_row(*marks, str(tie.get("gelijk", 0)), str(tie.get("verklaard", 0)), str(change.get("gewijzigd", "")))
    out.print(table)


@release_app.command("show")
def release_show(release: Annotated[str, typer.Argument(help="Id of a release.")] = "current") -> None:
    """What is in a release: `release.json`."""
    out.print_json(data=store.read(Settings(), release))


@release_app.command("rollback")
def release_rollback(release: Annotated[str, typer.Argument(help="Id of the release that readers should see again.")]) -> None:
    """Point `current` at another release, in one atomic step. Going forward again is the same command."""
    from orchestration.defs.resources import only_writer

    settings = Settings()
    with only_writer(settings):
        store.switch(settings, release)
    out.print(f"Readers now see {release}.")


@release_app.command("diff")
def release_diff(
    older: Annotated[str, typer.Argument(help="Id of a release, or current.")],
    newer: Annotated[str, typer.Argument(help="Id of a release, or current.")],
    limit: Annotated[int, typer.Option(help="How many figures to show.", min=1)] = 40,
) -> None:
    """Which figures differ between two releases, largest change first; new ones last."""
    settings = Settings()
    first, second = (store.read(settings, r)["release"] for r in (older, newer))
    count = diff.count(settings.releases / first, settings.releases / second)
    table = Table("indicator", "periode", "gebied", "uitsplitsing", first, second)
    for indicator, _, periode, _, gebied, soort, categorie, then, now in diff.changed(settings, first, second, limit):
        table.add_row(indicator, periode, gebied, f"{soort} {categorie}".strip(), *("" if w is None else f"{w:g}" for w in (then, now)))
    out.print(table)
    out.print(f"{count.gewijzigd} figures changed ({count.vast_gewijzigd} over ended periods), {count.nieuw} new, {count.vervallen} gone.")


@release_app.command("approve")
def release_approve(release: Annotated[str, typer.Argument(help="Id of the release that waits.")]) -> None:
    """Put a release that waits, because it changes much of the past, before the readers."""
    from orchestration.defs.resources import only_writer

    settings = Settings()
    with only_writer(settings):
        store.switch(settings, release)
    out.print(f"Readers now see {release}.")


@release_app.command("prune")
def release_prune(keep: Annotated[int, typer.Option(help="How many of the newest releases stay.", min=1)] = 14) -> None:
    """Remove old releases; the current one always stays."""
    from orchestration.defs.resources import only_writer

    settings = Settings()
    with only_writer(settings):
        removed = store.prune(settings, keep)
    out.print(f"Removed {len(removed)} releases, kept {len(store.release_ids(settings))}.")


def main() -> None:
    """Entry point: a user's mistake is a sentence, never a stack trace."""
    try:
        app()
    except ValidationError as error:
        for problem in error.errors():
            err.print(f"Setting VT_{'_'.join(str(p) for p in problem['loc']).upper()}: {problem['msg']}", markup=False)
        sys.exit(2)
    except (GebruikersFout, Timeout) as error:
        err.print(str(error), markup=False)
        sys.exit(2)
    except KeyboardInterrupt:
        err.print("Stopped. The release stands as it was; the next refresh goes on from here.")
        sys.exit(2)
