"""``vt``: the warehouse from the command line."""

import os
import sys

import typer

from orchestration.cli.console import err
from orchestration.cli.late import LateGroup
from orchestration.files import PRIVATE
from orchestration.language import say, speak
from orchestration.settings import Settings

app = typer.Typer(
    cls=LateGroup,
    name="vt",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The Veilig Thuis warehouse: from nightly extract to figures that are right, safe and explained.\n\n"
    "A day's work: deliveries arrive in the inbox ($VT_HOME/inbox), [bold]vt refresh[/bold] takes them in, builds, checks and releases; "
    "[bold]vt release show[/bold] tells what readers see. Settings are environment variables (README).",
    rich_markup_mode="rich",
)


@app.callback()
def _vt() -> None:
    return


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
