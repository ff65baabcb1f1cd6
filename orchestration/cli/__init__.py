"""``vt``: the warehouse from the command line."""

import json
import os
import shlex
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.alarm.conclude import STILL_OPEN
from orchestration.cli import (
    backup,
    bench,
    cbs,
    checks,
    dashboard,
    dbt,
    deliveries,
    export,
    landing,
    mapping,
    metrics,
    postgres,
    privacy,
    quarantine,
    reference,
    release,
    report,
    sql,
    status,
    superset,
    trace,
    vintage,
)
from orchestration.cli.console import err, out, steps
from orchestration.errors import UserError
from orchestration.files import PRIVATE
from orchestration.language import say, speak
from orchestration.outputs.report.place import PLACE
from orchestration.release import store
from orchestration.release.verdict import Uitkomst, Verdict, broken_down
from orchestration.settings import PROJECT, Omgeving, Settings

app = typer.Typer(
    name="vt",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The Veilig Thuis warehouse: from nightly extract to figures that are right, safe and explained.\n\n"
    "A day's work: deliveries arrive in the inbox ($VT_HOME/inbox), [bold]vt refresh[/bold] takes them in, builds, checks and releases; "
    "[bold]vt release show[/bold] tells what readers see. Settings are environment variables (README).",
    rich_markup_mode="rich",
)
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(mapping.app, name="mapping")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(checks.app, name="checks")
app.add_typer(release.app, name="release")
app.add_typer(vintage.app, name="vintage")
app.add_typer(cbs.app, name="cbs")
app.add_typer(reference.app, name="reference")
app.command()(status.status)
app.command()(status.check)
app.command()(trace.trace)
app.command()(sql.sql)
app.command()(export.export)
app.command()(report.report)
app.command()(postgres.postgres)
app.command()(dashboard.dashboard)
app.command()(superset.superset)
PASSED_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}
app.command(context_settings=PASSED_ON)(dbt.dbt)
app.command(context_settings=PASSED_ON)(metrics.metrics)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(privacy.forget)
app.add_typer(landing.app, name="landing")
app.add_typer(landing.retention_app, name="retention")
app.add_typer(privacy.key_app, name="key")
app.add_typer(bench.app, name="bench")


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="The same seed gives the same deliveries, byte for byte.")] = 2024,
    klein: Annotated[
        bool, typer.Option("--klein", help="Some hundreds of reports, for who works on the models: no figure is real.")
    ] = False,
) -> None:
    """Write the demo deliveries (generated, marked as such) into the inbox, when nothing was taken in yet.

    Two whole registrations (state of 31 January 2022 and of 31 January 2025) and five nights of mutations, of the real size.
    """
    from orchestration.demo import let_through, write_demo, write_small
    from orchestration.intake.delivery import make_inbox
    from orchestration.register.register import Register

    settings = Settings()
    if settings.omgeving is Omgeving.PRODUCTIE:
        err.print(say("This is productie (VT_OMGEVING): no demo deliveries are written here."))
        raise typer.Exit(2)
    if Register(settings).last_taken_in() is not None:
        err.print(
            say("Deliveries were taken in already in {folder}: no demo deliveries are written there.", folder=settings.root),
            soft_wrap=True,
        )
        return
    make_inbox(settings.inbox)
    if any(settings.inbox.glob("*")):
        err.print(
            say("There is something in {folder} already: no demo deliveries are written there.", folder=settings.inbox), soft_wrap=True
        )
        return
    with steps() as progress:
        paths = (write_small if klein else write_demo)(settings.inbox, seed=seed, progress=progress)
    let_through(settings)
    err.print(say("Wrote {count} demo deliveries into {folder}", count=len(paths), folder=settings.inbox), soft_wrap=True)


@app.command()
def refresh(
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as one line of JSON and nothing else.")] = False,
    levering: Annotated[int | None, typer.Option(help="Build as it was after this delivery; with --naar.")] = None,
    naar: Annotated[Path | None, typer.Option(help="New folder for that build and its release; what readers see is left alone.")] = None,
) -> None:
    """Take in what waits in the inbox, build and check everything, and release it. The same job as every night.

    Exit code: 0 gepubliceerd or niets_nieuws, 1 vastgehouden (a check failed, or every waiting delivery was refused; the old release
    stands), 2 mislukt.
    """
    from orchestration.breakdown import sentence
    from orchestration.refresh import refresh as run
    from orchestration.refresh import refresh_as_of

    if (levering is None) != (naar is None):
        raise UserError(say("--levering and --naar go together: vt refresh --levering 212 --naar FOLDER."))
    try:
        settings = Settings()
        with steps() as progress:
            verdict = run(settings, progress) if levering is None or naar is None else refresh_as_of(settings, levering, naar, progress)
    except Exception as error:  # settings that are wrong, or a build as of a delivery that could not be made
        if as_json:
            verdict = broken_down(None, sentence(error), 0)
            print(replace(verdict, zin=verdict.aandacht[0]).as_json())
        raise
    if naar is not None:
        settings = Settings(home=naar)
    if as_json:
        print(verdict.as_json())
    else:
        tell(settings, verdict)
    raise typer.Exit(verdict.uitkomst.exit_code)


STYLE = {
    Uitkomst.GEPUBLICEERD: "bold green",
    Uitkomst.NIETS_NIEUWS: "bold",
    Uitkomst.VASTGEHOUDEN: "bold red",
    Uitkomst.MISLUKT: "bold red",
}


def tell(settings: Settings, verdict: Verdict) -> None:
    """The verdict in plain words."""
    out.print(f"\n[{STYLE[verdict.uitkomst]}]{verdict.uitkomst}[/] ({verdict.duur_s:.0f} s)\n")
    out.print(verdict.zin, markup=False, soft_wrap=True)
    before = say(STILL_OPEN, what="")
    attention = [line for line in verdict.aandacht if line.removeprefix(before).removesuffix(".") not in verdict.zin]
    if verdict.leveringen or verdict.modellen["verwacht"] or attention:
        out.print()
    if verdict.leveringen:
        table = Table("levering", "soort", "peildatum", "uitkomst", "reden", title=say("Deliveries"), title_justify="left")
        for u in verdict.leveringen:
            table.add_row(*(escape(str(u[k] if u[k] is not None else "")) for k in ("nummer", "soort", "peildatum", "uitkomst", "reden")))
        out.print(table)
    if verdict.modellen["verwacht"]:
        models, checks = verdict.modellen, verdict.controles
        out.print(say("Models   {built} of {expected} built", built=models["gebouwd"], expected=models["verwacht"]))
        out.print(
            say(
                "Checks   {passed} of {expected} passed, {warned} warned, {failed} failed",
                passed=checks["geslaagd"],
                expected=checks["verwacht"],
                warned=checks["gewaarschuwd"],
                failed=checks["gefaald"],
            )
        )
    if verdict.uitkomst is Uitkomst.GEPUBLICEERD:
        tie = verdict.aansluiting
        told = say(
            "Tie-out  with the published figures: {equal} equal, {explained} explained (revised later, or the source contradicts itself), "
            "{differ} differ",
            equal=tie["gelijk"],
            explained=tie["verklaard"],
            differ=tie["afwijkend"],
        )
        if outside := tie.get("niet_berekend"):
            told = say("{counts}, {outside} outside the data", counts=told, outside=outside)
        out.print(told)
    for line in attention:
        out.print("[yellow]" + say("Attention") + f"[/]  {escape(line)}")
    if verdict.release:
        path = settings.releases / "current" / store.DATABASE
        out.print("\n" + say("Release  {release}, state of {peildatum}", release=verdict.release, peildatum=verdict.peildatum))
        out.print(say("Where    {folder}", folder=settings.releases / "current"), soft_wrap=True)
        out.print(say("Read     {page}", page=settings.releases / "current" / store.SITE / "index.html"), soft_wrap=True)
        if report := next((settings.releases / verdict.release / PLACE).glob("*.html"), None):
            out.print(say("Report   {page}", page=settings.releases / "current" / PLACE / report.name), soft_wrap=True)
        query = f'import duckdb; duckdb.connect({json.dumps(str(path))}, read_only=True).sql("from marts.instroom_gemeente").show()'
        command = shlex.join([str(PROJECT / ".venv/bin/python"), "-c", query])
        out.print(say("Open it  {command}", command=command), soft_wrap=True, markup=False)
        out.print(say("         or from any DuckDB 1.4+ client, read-only; the Parquet files beside it open in anything else."))
    elif store.release_ids(settings):
        out.print("\n" + say("Readers see no release; there are some in {folder} (vt release list).", folder=settings.releases))
    else:
        out.print("\n" + say("There is no release yet in {folder}.", folder=settings.releases))


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on localhost.")] = 3000) -> None:
    """Open Dagster on localhost: the assets, the checks, the runs, the schedule and the inbox sensor."""
    from orchestration.intake.delivery import InboxError, make_inbox
    from orchestration.refresh import dagster_home

    settings = Settings()
    os.environ["DAGSTER_HOME"] = str(dagster_home(settings))
    with suppress(InboxError):  # the sensor says it
        make_inbox(settings.inbox)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    # what Dagster's own processes say of themselves; ours filter it when they begin (orchestration/__init__.py)
    quiet = ("ignore:Function `dev_command` is superseded", "ignore:Virtual assets is currently in preview")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), *quiet)))
    executable = str(Path(sys.executable).parent / "dagster")
    # a script's background process ignores Ctrl-C, and Dagster would treat SIGTERM likewise: nothing but SIGKILL would end it
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(executable, [executable, "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)])


def _settings() -> Settings | None:
    """The settings, where they can be read: what an unforeseen error went through is kept in their data folder."""
    try:
        return Settings()
    except ValueError:
        return None


def main() -> None:
    """Entry point: a user's mistake is a sentence, never a stack trace."""
    os.umask(PRIVATE)  # whatever the caller's
    settings = _settings()  # where they are wrong, that is told in the language that is nobody's choice
    speak(settings.taal if settings else Settings.model_fields["taal"].default)
    try:
        app()
    except Exception as error:
        from orchestration.breakdown import sentence

        err.print(sentence(error, _settings()), markup=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        err.print(say("Stopped. What readers see did not change; the next refresh goes on from here."))
        sys.exit(2)
