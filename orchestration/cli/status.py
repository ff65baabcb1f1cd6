"""``vt status`` and ``vt check``: where things stand, and whether everything that a night needs is there."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import out
from orchestration.errors import UserError
from orchestration.settings import Settings


def status() -> None:
    """One screen: how the last refresh ended, what readers see, what is open, and what to type next."""
    from orchestration.breakdown import sentence
    from orchestration.intake.delivery import inbox_fault, not_understood, waiting
    from orchestration.privacy import retention
    from orchestration.register.register import Register
    from orchestration.release import store, verdict_log
    from orchestration.release.matters import cut_off, left_of, rewritten_since, still_open

    settings = Settings()

    def told(part: Callable[[], Iterable[str]]) -> list[str]:
        """What a part says, or why it cannot be looked at: the rest is shown all the same."""
        try:
            return [line.removesuffix(".") for line in part()]
        except (UserError, OSError) as error:
            return [sentence(error, settings).removesuffix(".")]

    last = next(iter(verdict_log.kept(settings, 1)), None)
    fault, missing = inbox_fault(settings.inbox), not settings.inbox.exists()
    inbox = 0 if fault or missing else len(waiting(settings.inbox))
    damaged = told(lambda: [store.damage(settings)] if store.damage(settings) else [])
    lines = damaged + ([fault] if fault else told(lambda: not_understood(settings.inbox).values()))
    lines += told(lambda: still_open(settings)) + told(lambda: retention.waiting(Register(settings)))
    lines += told(lambda: _late(settings))
    left = told(lambda: left_of(settings, last)) if last else []
    lines += left
    killed = told(lambda: cut_off(settings, last))
    lines += killed
    anew = (
        bool(killed) or (last is not None and last["uitkomst"] == "mislukt") or told(lambda: [ANEW] * rewritten_since(settings)) == [ANEW]
    )
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    how = f"{last['uitkomst']}, {last['moment'][:16].replace('T', ' ')} UTC, {last['duur_s']:.0f} s" if last else "none yet"
    table.add_row("last refresh", how)
    table.add_row("readers see", escape(told(lambda: [_seen(settings)])[0]))
    table.add_row("inbox", "cannot be used" if fault else "is not there" if missing else f"{inbox} deliveries wait")
    for line in dict.fromkeys(lines) or ["nothing"]:
        table.add_row("open", escape(line))
    out.print(table)
    mend = [f"mend the inbox, {settings.inbox}"] if fault else []
    holds = bool(told(lambda: [store.ends_a_night(settings)] if store.ends_a_night(settings) else []))
    mend += ["point releases/current at a release"] if holds else []
    mend += ["take the cause away (docs/runbooks/nacht.md)"] if set(left) - {fault, *damaged} else []
    make = f"make {settings.inbox} (mkdir -m 700, or vt refresh), and have deliveries put there" if missing else ""
    refresh = bool(inbox) or anew or bool(damaged)
    out.print(f"\nNext: {_next(mend, refresh, make, bool(lines))}", markup=False, soft_wrap=True)


ANEW = "the next refresh makes a release anew"


def _next(mend: list[str], refresh: bool, make: str, open_lines: bool) -> str:
    if mend:
        return ", then ".join([f"{mend[0]}, as stands above", *mend[1:], "vt refresh"])
    if refresh:
        return "vt refresh"
    return make or ("what the lines above say; nothing else" if open_lines else "nothing: the next delivery is taken in when it comes")


def _seen(settings: Settings) -> str:
    from orchestration.release import store

    if standing := store.current(settings):
        return f"{standing}, state of {store.read(settings, standing)['peildatum']}"
    if store.damage(settings):
        return "nothing: releases/current is damaged"
    return "nothing: releases/current is gone; vt refresh makes it" if store.release_ids(settings) else "no release yet"


def _late(settings: Settings) -> list[str]:
    from orchestration.alarm import watch

    late = watch.told(watch.late(settings, datetime.now(UTC)), "en")
    return [f"{text}: ask the registration (docs/runbooks/levering.md)" for text in late.values()]


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
