"""``vt export``: what may leave, as workbooks."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import out
from orchestration.language import say
from orchestration.settings import Settings


def export(
    doel: Annotated[Path, typer.Argument(help="Folder for indicatoren.xlsx and indicatoren.ods; made when it is not there.")],
    release: Annotated[str, typer.Option(help="Id of a release.")] = "current",
) -> None:
    """Write what may leave (publiek/) as workbooks, for Excel and LibreOffice: an explanation, years beside each other, the whole table."""
    from orchestration.outputs.workbook import export as run  # it brings the solver along

    for path in run(Settings(), doel, release):
        out.print(say("Wrote {file}.", file=path), soft_wrap=True, highlight=False)
