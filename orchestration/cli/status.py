"""``vt status`` and ``vt check``: where things stand, and whether everything that a night needs is there."""

import os
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import out
from orchestration.settings import Settings


def status() -> None:
    """One screen: how the last refresh ended, what readers see, what is open, and what to type next."""
    from orchestration.alarm.wacht import late
    from orchestration.intake.delivery import not_understood, waiting
    from orchestration.landing import retention
    from orchestration.landing.register import Register
    from orchestration.release import logboek, store
    from orchestration.release.matters import still_open

    settings = Settings()
    standing = store.current(settings)
    last = next(iter(logboek.kept(settings, 1)), None)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    if last:
        table.add_row("last refresh", f"{last['uitkomst']}, {last['moment'][:16].replace('T', ' ')} UTC, {last['duur_s']:.0f} s")
    else:
        table.add_row("last refresh", "none yet")
    peildatum = store.read(settings, standing)["peildatum"] if standing else None
    table.add_row("readers see", f"{standing}, state of {peildatum}" if standing else "no release yet")
    inbox = waiting(settings.inbox)
    table.add_row("inbox", f"{len(inbox)} deliveries wait" if settings.inbox.is_dir() else f"{settings.inbox} is not there")
    days = late(settings, datetime.now(UTC))
    lines = [*not_understood(settings.inbox).values(), *still_open(settings), *retention.waiting(Register(settings))]
    if days:
        lines.append(f"{len(days)} deliveries are late, from peildatum {days[0]} on. Ask the registration (docs/runbooks/levering.md)")
    broken = last is not None and last["uitkomst"] in {"mislukt", "vastgehouden"}
    if last and broken:
        lines += [line for line in last["redenen"].values() if line not in lines]
    for line in lines:
        table.add_row("open", line)
    if not lines:
        table.add_row("open", "nothing")
    out.print(table)
    out.print(f"\nNext: {_next(bool(inbox), broken, bool(lines))}", markup=False)


def _next(inbox: bool, broken: bool, open_lines: bool) -> str:
    if broken:
        return "take the cause away that stands above (docs/runbooks/nacht.md), then vt refresh"
    if inbox:
        return "vt refresh"
    return "what the lines above say; nothing else" if open_lines else "nothing: the next delivery is taken in when it comes"


def check(
    alert: Annotated[bool, typer.Option("--alert/--no-alert", help="Send a test to every address in VT_ALARM_NAAR.")] = True,
) -> None:
    """Try everything that a night needs: settings, disk, key, register, inbox, databases, alerts. Exit code 2 when one is wrong."""
    from orchestration.health import examine

    table = Table("", "", "", show_header=False, box=None, pad_edge=False)
    table.columns[2].overflow = "fold"
    wrong = 0
    for finding in examine(Settings(), dict(os.environ), alert=alert):
        table.add_row("[green]in order[/]" if finding.good else "[bold red]wrong[/]", finding.what, finding.text)
        wrong += not finding.good
    out.print(table)
    if wrong:
        raise typer.Exit(2)
