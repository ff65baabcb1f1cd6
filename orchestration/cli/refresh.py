"""``vt refresh``: the night's job, by hand."""

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.alarm.conclude import STILL_OPEN
from orchestration.cli.console import out, steps
from orchestration.errors import UserError
from orchestration.language import say
from orchestration.outputs.report.place import PLACE
from orchestration.release import store
from orchestration.release.verdict import Uitkomst, Verdict, broken_down
from orchestration.settings import PROJECT, Settings


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
