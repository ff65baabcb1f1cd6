"""``vt national``: all organisations, each refreshed by itself, and the figures of all together."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import out, steps
from orchestration.language import say
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="All organisations: refresh each, and the figures of all together (docs/organisations.md).")

Codes = Annotated[list[str] | None, typer.Argument(metavar="[ORGANISATIE]...", help="Codes; all that have a file when none is given.")]


@app.command()
def refresh(organisaties: Codes = None) -> None:
    """Refresh each organisation in its own data folder, then make the figures of all together.

    Exit code: 0 all are well, 1 one was held back, 2 one failed, or the figures of all were not made. None holds up another.
    """
    from orchestration.errors import UserError
    from orchestration.national.figures import make_figures
    from orchestration.national.organisations import refresh_each
    from orchestration.organisation import all_codes

    settings = Settings()
    with steps() as progress:
        outcomes = refresh_each(settings, organisaties or all_codes(settings), progress)
        try:
            made, wrong = make_figures(settings, progress), ""
        except UserError as error:
            made, wrong = None, str(error)
    table = Table("organisatie", "uitkomst")
    for o in outcomes:
        table.add_row(o.organisatie, o.uitkomst)
    out.print(table)
    for o in outcomes:
        if o.code:
            out.print(f"{o.organisatie}: {o.zin}", soft_wrap=True, markup=False)
    out.print(say("Figures of all together: {folder}", folder=made) if made else wrong, soft_wrap=True, markup=False)
    raise typer.Exit(max([2 if wrong else 0, *(o.code for o in outcomes)]))


@app.command()
def figures() -> None:
    """Make the figures of all together anew, of the releases that there are; nothing is refreshed."""
    from orchestration.national.figures import make_figures

    settings = Settings()
    with steps() as progress:
        made = make_figures(settings, progress)
    out.print(say("Figures of all together: {folder}", folder=made), soft_wrap=True, markup=False)


@app.command()
def status() -> None:
    """Which organisations there are, and the release of each that counts."""
    from orchestration.national.organisations import participants

    found = participants(Settings())
    table = Table("organisatie", "naam", "release", "peildatum")
    for p in found:
        table.add_row(p.organisatie, escape(p.naam), p.release or "", str(p.peildatum or ""))
    out.print(table)
    for p in found:
        if p.reden:
            out.print(f"{p.organisatie}: {p.reden}", soft_wrap=True, markup=False)
