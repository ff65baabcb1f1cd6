"""``vt report``: the yearly figures as a report, for the web and on paper."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import err, out
from orchestration.language import say
from orchestration.settings import Settings


def report(
    jaar: Annotated[int | None, typer.Option(help="Year that has ended: 2024.")] = None,
    halfjaar: Annotated[str | None, typer.Option(help="Half-year that has ended: 2024-H1.")] = None,
    gemeente: Annotated[str | None, typer.Option(help="Of one gemeente, by code or name: GM0451, Uithoorn.")] = None,
    intern: Annotated[bool, typer.Option("--intern", help="Exact figures, for the board and not to be passed on.")] = False,
    release: Annotated[str, typer.Option(help="Id of a release; without it the one that readers see.")] = "",
    tekst: Annotated[Path | None, typer.Option(help="Texts of the organisation in Markdown; else $VT_HOME/rapport/<edition>.md.")] = None,
    grenzen: Annotated[Path | None, typer.Option(help="Borders as GeoJSON; else $VT_HOME/rapport/grenzen.geojson, else tiles.")] = None,
    naar: Annotated[Path | None, typer.Option(help="Folder for the files; else $VT_HOME/rapport.")] = None,
) -> None:
    """Write a report of what may leave, in Dutch: one HTML file that asks nothing of a network, and a tagged PDF.

    [bold]vt report --jaar 2024[/bold] · [bold]vt report --halfjaar 2024-H1[/bold] · [bold]vt report --jaar 2024 --gemeente Uithoorn[/bold].
    The night writes that of the last year by itself. What stands in it and how to add texts: docs/report.md.
    """
    from orchestration.outputs.report.printed import Printer

    with Printer() as printer:  # it makes itself ready beside what follows
        from orchestration.outputs.report import write

        settings = Settings()
        asked = write.edition(jaar, halfjaar, gemeente, intern)
        origin = write.of_release(settings, intern, release)
        written = write.write(settings, asked, origin, naar or write.texts_of(settings), tekst, grenzen, printer)
    for path in written:
        out.print(say("Wrote {file}.", file=path), soft_wrap=True, highlight=False)
    if intern:
        err.print(say("These figures are exact: do not pass this report on."))
