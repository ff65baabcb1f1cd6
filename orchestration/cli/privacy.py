"""``vt forget`` and ``vt key``: what destroys, and what everything is sealed with."""

import sys
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import ASKED, Door, Reden, err, out, steps
from orchestration.errors import UserError
from orchestration.language import later, say
from orchestration.settings import Settings

key_app = typer.Typer(no_args_is_help=True, help="The key of this warehouse: which one it is, who used it, and how to change it.")


def forget(
    soort: Annotated[
        str, typer.Argument(help="persoon (by BSN) or casus (by its number); the number is asked for, so that no shell keeps it.")
    ],
    door: Door = ASKED,
    reden: Reden = ASKED,
    ja: Annotated[bool, typer.Option("--ja", help="Do not ask whether it is meant.")] = False,
) -> None:
    """Destroy everything of one person or case, keep it out when a later delivery brings it again, and prove it (art. 5.3.5 Wmo 2015).

    Landing, vault, quarantine, archive and build are written anew; a new release is made and the older ones are destroyed. What was
    published stays as it was. There is no way back.
    """
    from orchestration.privacy.forget import KINDS, ForgetError, number_of
    from orchestration.privacy.forget import forget as destroy
    from orchestration.refresh import refresh
    from orchestration.release import store, trace
    from orchestration.release.verdict import Uitkomst
    from orchestration.release.writer import only_writer

    settings = Settings()
    if soort not in KINDS:
        raise ForgetError(say("There is no {kind} {value}. There are: {known}.", kind="soort", value=soort, known=", ".join(KINDS)))
    number: str = typer.prompt("BSN" if soort == "persoon" else say("Number of the casus"), hide_input=sys.stdin.isatty())
    number = number_of(soort, number)
    if not ja and not typer.confirm(say("Everything of this number is destroyed, for good. Go on?")):
        raise ForgetError(say("Nothing was destroyed."))
    with only_writer(settings), steps() as progress:
        report = destroy(settings, soort, number, door, reden, progress)
        table = Table("entiteit", "rijen vernietigd")
        for entity, rows in sorted(report.rows.items()):
            table.add_row(entity, str(rows))
        if report.rows:
            out.print(table)
        out.print(
            say(
                "Destroyed {rows} rows in {deliveries} deliveries, and {archives} archived deliveries.",
                rows=sum(report.rows.values()),
                deliveries=len(report.leveringen),
                archives=report.archives,
            )
        )
        searched = ", ".join(say("{count} files of {folder}", count=n, folder=base) for base, n in report.searched.items())
        out.print(say("Searched afterwards, nothing found: {places}.", places=searched))
        if not store.release_ids(settings):
            return
        before = set(store.release_ids(settings))
        verdict = refresh(settings, progress)
        if verdict.uitkomst not in {Uitkomst.GEPUBLICEERD, Uitkomst.NIETS_NIEUWS}:
            err.print(
                say(
                    "The new release was not made ({outcome}); the old ones still hold those rows, without any number. Look at vt refresh, "
                    "and run vt forget again once a release stands: it then finds nothing more and destroys the old releases.",
                    outcome=verdict.uitkomst.value,
                )
            )
            raise typer.Exit(1)
        store.destroy_before_forgetting(settings)
        gone = before - set(store.release_ids(settings))
        if left := trace.lost_lines(settings):
            raise ForgetError(say("Releases still hold lines that the landing has not: {releases}. Report this.", releases=", ".join(left)))
        out.print(
            say(
                "Destroyed {count} older releases; every line that a release rests on is in the landing. Now standing: {release}.",
                count=len(gone),
                release=verdict.release,
            )
        )


@key_app.command()
def rotate(
    door: Door = ASKED,
    reden: Reden = ASKED,
) -> None:
    """Make a new key and write everything anew with it; links between persons, cases and households stay as they were.

    The old key opens nothing any more afterwards. Then back up the new key file, and run vt refresh.
    """
    from orchestration.privacy.rotate import rotate as change
    from orchestration.release.writer import only_writer

    settings = Settings()
    with only_writer(settings), steps() as progress:
        fingerprint = change(settings, door, reden, progress)
    done = later("The key is now {key}. Back up {path} at once, then run vt refresh.")
    out.print(say(done, key=fingerprint, path=settings.key_path), markup=False)


@key_app.command()
def show() -> None:
    """Which key the landing was made with, and whether the key file holds it. Shows nothing of the key itself."""
    from orchestration.keys.keyring import held_in, open_keyring
    from orchestration.register.register import Register

    settings = Settings()
    expected, there = Register(settings).key_fingerprint(), settings.key_path.exists()
    held = open_keyring(settings.key_path).fingerprint if there and held_in(settings.key_path) else None
    shown = held or (say("holds no key") if there else say("not there"))
    out.print(say("Landing   {key}", key=expected or say("no delivery was taken in yet")), markup=False)
    out.print(say("Key file  {key} ({path})", key=shown, path=settings.key_path), markup=False)
    if expected and held != expected:
        raise UserError(say("That is not the key that the landing was made with: put the right key file back, or point VT_KEY_FILE at it."))


@key_app.command()
def uses(limit: Annotated[int, typer.Option(help="How many of the last uses to show.", min=1)] = 40) -> None:
    """The log of uses of the key: when, who, and what for."""
    from orchestration.keys.use import uses as logged

    table = Table("op", "wie", "sleutel", "waarvoor")
    for use in logged(Settings())[-limit:]:
        table.add_row(use["op"], escape(use["wie"]), use["sleutel"], escape(use["waarvoor"]))
    out.print(table)
