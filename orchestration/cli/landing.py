"""``vt landing`` and ``vt retention``: whether what lies on disk is what the register says, and what is past its term."""

from datetime import date, datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import ASKED, Door, Reden, out, steps
from orchestration.language import later, say
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The landing on disk.")
retention_app = typer.Typer(no_args_is_help=True, help="Cases and requests for advice that are past their term of keeping.")


@app.command()
def verify() -> None:
    """Hold every file of landing, vault, quarantine and archive to its checksum in the register, and list what it does not know.

    Exit code 1 when there is anything to tell.
    """
    from orchestration.landing.verify import look, strangers
    from orchestration.register.register import ADVICE, Register
    from orchestration.release.store import hold_to_register

    settings = Settings()
    log = Register(settings)
    hold_to_register(settings, log)
    with steps() as progress:
        progress(say("taking checksums"))
        found = look(settings, log, folders=("landing", "vault", "quarantine", "archive"))
        others = strangers(settings, log)
    deliveries = log.leveringen()
    files = sum(len(names) for d in deliveries for names in (d.zegels or {}).values()) + len(log.archive_seals())
    if unsealed := [str(d.nummer) for d in deliveries if d.zegels is None]:
        older = later("Taken in by code that did not seal, so not looked at; the next vt refresh seals them: {numbers}.")
        out.print(say(older, numbers=", ".join(unsealed)))
    if not found and not others:
        whole = later("{files} files of {deliveries} deliveries are what the register says.")
        out.print(say(whole, files=files, deliveries=len(deliveries)))
        return
    table = Table("levering", "bestand", "")
    for f in [*found, *others]:
        table.add_row(str(f.levering or ""), escape(f.bestand), f.what)
    out.print(table)
    if found:
        out.print(
            say(
                "{wrong} of {files} files are not what the register says. Put them back from a backup, or take the delivery and all after "
                "it in anew: vt deliveries reintake NUMBER (docs/runbooks/waarheid.md).",
                wrong=len(found),
                files=files,
            )
        )
    if others:
        stray = say(
            "{count} folders and files are not known to the register, and no night begins while they are there. What someone put there, "
            "move out of the data folder. Is it what deliveries brought, then the register is older than they are.",
            count=len(others),
        )
        out.print(f"{stray} {say(ADVICE)}")
    raise typer.Exit(1)


@retention_app.command()
def show() -> None:
    """What is announced to be destroyed by its term, on which day, and what waits for a person."""
    from orchestration.privacy import retention
    from orchestration.register.register import Register

    log = Register(Settings())
    table = Table(say("closed from"), say("closed before"), say("destroyed from"), "casussen", "adviesvragen", "")
    for a in retention.announced(log):
        counts = (str(a.counts.get(kind, 0)) for kind in ("casus", "advies"))
        table.add_row(
            str(a.closed_from),
            str(a.closed_before),
            str(a.destroyed_on),
            *counts,
            say("waits for vt retention approve") if a.too_many else "",
        )
    out.print(table if table.rows else say("Nothing is announced to be destroyed by its term."))
    until = retention.postponed_until(log)
    if until > date.today():
        out.print(say("Postponed: nothing is destroyed by its term before {day}.", day=until))


@retention_app.command()
def approve(door: Door = ASKED, reden: Reden = ASKED) -> None:
    """Let a destruction go on that is more than a night does by itself. It is done by the next night from its day on."""
    from orchestration.privacy.retention import approve as let_go

    done = let_go(Settings(), door, reden)
    going = later("To be destroyed by the first night with a delivery from {day} on: {what}. There is no way back after that.")
    out.print(say(going, day=done.destroyed_on, what=done))


@retention_app.command()
def postpone(
    tot: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The first day on which anything may go again; today ends it.")],
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """Destroy nothing by its term before a day, and announce anew then what was announced."""
    from orchestration.privacy.retention import postpone as put_off

    day, today = tot.date(), date.today()
    put_off(Settings(), day, door, reden)
    if day > today:
        out.print(
            say(
                "Nothing is destroyed by its term before {day}. What was announced is not any more, so there is nothing to approve; it is "
                "announced anew from then on. To end this sooner: vt retention postpone {today}, or the day that it is then.",
                day=day,
                today=today,
            )
        )
    else:
        out.print(
            say(
                "Nothing is postponed any more. The next night with a delivery announces anew what is past its term; it is destroyed "
                "VT_VERNIETIG_NA_DAGEN days later, or when a person approves of it."
            )
        )
