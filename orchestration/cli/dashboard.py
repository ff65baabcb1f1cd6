"""``vt dashboard``: the figures of the release on a page in the browser."""

from typing import Annotated

import typer

from orchestration.cli.console import err
from orchestration.language import say
from orchestration.settings import Settings


def dashboard(
    intern: Annotated[bool, typer.Option("--intern", help="Exact figures, for who may read intern/; not to be passed on.")] = False,
    port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 8501,
) -> None:
    """Show the figures on a page, on this machine alone: inflow, waiting, outflow and effect, of what may leave.

    It asks nothing of the network. An extra: [bold]make dashboard[/bold] installs what it needs.
    """
    from orchestration.outputs.dashboard import serving, source

    settings = Settings()
    source.hold(settings, source.newest(settings), intern)
    address = serving.prepare(settings, intern, port)
    err.print(say("The figures are on {address} until Ctrl-C.", address=address), markup=False, soft_wrap=True)
    serving.serve(port)
