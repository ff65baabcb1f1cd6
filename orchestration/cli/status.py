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
from orchestration.language import say
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
    how = f"{last['uitkomst']}, {last['moment'][:16].replace('T', ' ')} UTC, {last['duur_s']:.0f} s" if last else say("none yet")
    table.add_row(say("last refresh"), how)
    table.add_row(say("readers see"), escape(told(lambda: [_seen(settings)])[0]))
    waits = say("deliveries that wait: {count}", count=inbox)
    if fault or missing:
        waits = say("cannot be used") if fault else say("is not there")
    table.add_row("inbox", waits)
    for line in dict.fromkeys(lines) or [say("nothing")]:
        table.add_row(say("open"), escape(line))
    out.print(table)
    mend = [say("mend the inbox, {folder}", folder=settings.inbox)] if fault else []
    holds = bool(told(lambda: [store.ends_a_night(settings)] if store.ends_a_night(settings) else []))
    mend += [say("point releases/current at a release")] if holds else []
    mend += [say("take the cause away (docs/runbooks/nacht.md)")] if set(left) - {fault, *damaged} else []
    make = ""
    if missing:
        make = say("make {folder} (mkdir -m 700, or vt refresh), and have deliveries put there", folder=settings.inbox)
    refresh = bool(inbox) or anew or bool(damaged) or told(lambda: [GONE] * _gone(settings)) == [GONE]
    told_next = say("Next: {what}", what=_next(mend, refresh, make, bool(lines)))
    out.print(f"\n{told_next}", markup=False, soft_wrap=True)


GONE = "readers see nothing, and a release is not what waits"
ANEW = "the next refresh makes a release anew"


def _next(mend: list[str], refresh: bool, make: str, open_lines: bool) -> str:
    if mend:
        return say(", then ").join([say("{what}, as stands above", what=mend[0]), *mend[1:], "vt refresh"])
    if refresh:
        return "vt refresh"
    if open_lines:
        return make or say("what the lines above say; nothing else")
    return make or say("nothing: the next delivery is taken in when it comes")


def _seen(settings: Settings) -> str:
    from orchestration.release import store

    if standing := store.current(settings):
        return say("{release}, state of {peildatum}", release=standing, peildatum=store.read(settings, standing)["peildatum"])
    if store.damage(settings):
        return say("nothing: releases/current is damaged")
    if _gone(settings):
        return say("nothing: releases/current is gone; vt refresh makes it")
    if store.release_ids(settings):
        return say("nothing: releases/current is gone, and the newest release waits for a person")
    return say("no release yet")


def _gone(settings: Settings) -> bool:
    """Whether there are releases, readers see none, and the next refresh makes one."""
    from orchestration.release import hold, store

    return bool(store.release_ids(settings)) and not store.current(settings) and hold.waiting(settings) is None


def _late(settings: Settings) -> list[str]:
    from orchestration.alarm import watch

    late = watch.due(settings, datetime.now(UTC))
    return [say("{late}: ask the registration (docs/runbooks/levering.md)", late=text) for text in late.values()]


def check(
    alert: Annotated[bool, typer.Option("--alert/--no-alert", help="Send a test to every address in VT_ALARM_NAAR.")] = True,
) -> None:
    """Try everything that a night needs: settings, disk, key, register, inbox, databases, alerts. Exit code 2 when one is wrong."""
    from orchestration.health import examine

    table = Table("", "", "", show_header=False, box=None, pad_edge=False)
    table.columns[2].overflow = "fold"
    wrong = 0
    for finding in examine(Settings(), dict(os.environ), alert=alert):
        how = "[green]" + say("in order") if finding.good else "[bold red]" + say("wrong")
        table.add_row(how, finding.what, finding.text)
        wrong += not finding.good
    out.print(table)
    if wrong:
        raise typer.Exit(2)
