"""``vt demo``: deliveries to begin with."""

from typing import Annotated

import typer

from orchestration.cli.console import err, steps
from orchestration.language import say
from orchestration.settings import Omgeving, Settings


def demo(
    seed: Annotated[int, typer.Option(help="The same seed gives the same deliveries, byte for byte.")] = 2024,
    klein: Annotated[
        bool, typer.Option("--klein", help="Some hundreds of reports, for who works on the models: no figure is real.")
    ] = False,
) -> None:
    """Write the demo deliveries (generated, marked as such) into the inbox, when nothing was taken in yet.

    Two whole registrations (state of 31 January 2022 and of 31 January 2025) and five nights of mutations, of the real size.
    """
    from orchestration.demo import let_through, write_demo, write_small
    from orchestration.intake.delivery import make_inbox
    from orchestration.register.register import Register

    settings = Settings()
    if settings.omgeving is Omgeving.PRODUCTIE:
        err.print(say("This is productie (VT_OMGEVING): no demo deliveries are written here."))
        raise typer.Exit(2)
    if Register(settings).last_taken_in() is not None:
        err.print(
            say("Deliveries were taken in already in {folder}: no demo deliveries are written there.", folder=settings.root),
            soft_wrap=True,
        )
        return
    make_inbox(settings.inbox)
    if any(settings.inbox.glob("*")):
        err.print(
            say("There is something in {folder} already: no demo deliveries are written there.", folder=settings.inbox), soft_wrap=True
        )
        return
    with steps() as progress:
        paths = (write_small if klein else write_demo)(settings.inbox, seed=seed, progress=progress)
    let_through(settings)
    err.print(say("Wrote {count} demo deliveries into {folder}", count=len(paths), folder=settings.inbox), soft_wrap=True)
