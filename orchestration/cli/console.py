"""What commands share: the two consoles (what was asked for goes to standard output, the rest to standard error), and who decides."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console

from orchestration.errors import UserError
from orchestration.language import later, say

err = Console(stderr=True, highlight=False)
out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
"""Wide where no terminal sets a width: tables in files and tests keep their columns whole."""


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Progress on standard error: a spinner on a terminal, a line per step elsewhere."""
    if not err.is_terminal:
        yield lambda text: err.print(f"· {text}", markup=False, soft_wrap=True)  # a line is a step, in a log too
        return
    with err.status(say("starting")) as status:
        yield status.update


def figure(value: float) -> str:
    """A figure whole, without an exponent."""
    if value == int(value):
        return f"{value:.0f}"
    return format(Decimal(f"{value:.6g}"), "f") if abs(value) < 100_000 else f"{value:.1f}"


def percent(value: float) -> str:
    """A percentage as Dutch readers write it: 1.450%, 12,3%."""
    text = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 0.1 else f"{value:.2g}"
    text = figure(float(text)) if value < 0.1 else text
    return f"{text.translate(str.maketrans(',.', '.,'))}%"


def _said(text: str) -> str:
    if not text.strip():
        raise UserError(say("This needs the name of the person who decides and the reason; the register keeps both."))
    return text.strip()


def _asked(question: str) -> Callable[[typer.Context, typer.CallbackParam, str], str]:
    """Asks what was not given, in the language of the day: typer's own prompt is fixed when the program starts."""

    def ask(context: typer.Context, parameter: typer.CallbackParam, given: str) -> str:
        source = context.get_parameter_source(str(parameter.name))
        return _said(given if source and source.name != "DEFAULT" else typer.prompt(say(question)))

    return ask


ASKED = ""
"""Default of ``Door`` and ``Reden``: it is asked for."""
Door = Annotated[
    str,
    typer.Option(help="Name of the person who decides; kept in the register.", show_default=False, callback=_asked(later("Who decides"))),
]
Reden = Annotated[str, typer.Option(help="Why; kept in the register. No personal data.", show_default=False, callback=_asked(later("Why")))]
