"""``vt superset``: dashboards of the release in Apache Superset."""

from typing import Annotated

import typer

from orchestration.cli.console import err
from orchestration.language import say
from orchestration.settings import Settings


def superset(port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 8088) -> None:
    """Show exact figures in Apache Superset, on this machine alone, from a PostgreSQL in the data folder; not to be passed on.

    It asks nothing of the network. In an environment of its own: [bold]make superset[/bold] installs what it needs.
    """
    from orchestration.outputs.superset import serving

    settings = Settings()
    with serving.serving(settings, port) as (address, published, process):
        told = say(
            "Superset is on {address} until Ctrl-C: user {user}, password in {path}",
            address=address,
            user=serving.USER,
            path=serving.password(settings),
        )
        err.print(told, markup=False, soft_wrap=True)
        serving.follow(published, process)
