"""``vt status`` and ``vt check``: where things stand, and whether everything that a night needs is there."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import out
from orchestration.errors import GebruikersFout
from orchestration.settings import Settings


def status() -> None:
    """One screen: how the last refresh ended, what readers see, what is open, and what to type next."""
    from orchestration.alarm.wacht import late
    from orchestration.breakdown import sentence
    from orchestration.intake.delivery import not_understood, waiting
    from orchestration.landing import retention
    from orchestration.landing.register import Register
    from orchestration.release import logboek, store
    from orchestration.release.matters import still_open

    settings = Settings()

    def told(part: Callable[[], Iterable[str]]) -> list[str]:
        """What a part says, or why it cannot be looked at: the rest is shown all the same."""
        try:
            return list(part())
        except (GebruikersFout, OSError) as error:
            return [sentence(error, settings)]

    last = next(iter(logboek.kept(settings, 1)), None)
    standing = store.current(settings)
    readable = os.access(settings.inbox, os.R_OK | os.X_OK)
    inbox = len(waiting(settings.inbox)) if readable else 0
    lines = told(lambda: not_understood(settings.inbox).values()) if readable else []
    lines += told(lambda: still_open(settings)) + told(lambda: retention.waiting(Register(settings)))
    lines += told(lambda: _late(late(settings, datetime.now(UTC))))
    broken = last is not None and last["uitkomst"] in {"mislukt", "vastgehouden"}
    lines += last["redenen"].values() if last and broken else []
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    how = f"{last['uitkomst']}, {last['moment'][:16].replace('T', ' ')} UTC, {last['duur_s']:.0f} s" if last else "none yet"
    table.add_row("last refresh", how)
    seen = told(lambda: [f"{standing}, state of {store.read(settings, standing)['peildatum']}"]) if standing else ["no release yet"]
    table.add_row("readers see", seen[0])
    table.add_row("inbox", f"{inbox} deliveries wait" if readable else f"{settings.inbox} is not there, or may not be read")
    for line in dict.fromkeys(lines) or ["nothing"]:
        table.add_row("open", line)
    out.print(table)
    out.print(f"\nNext: {_next(bool(inbox), broken, bool(lines))}", markup=False)


def _late(days: list[date]) -> list[str]:
    if not days:
        return []
    return [f"{len(days)} deliveries are late, from peildatum {days[0]} on: ask the registration (docs/runbooks/levering.md)"]


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
