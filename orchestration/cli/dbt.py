"""``vt dbt``: any command of dbt on this data folder's build."""

from typing import Annotated

import typer
from rich.text import Text

from orchestration.cli.console import err, out
from orchestration.errors import UserError
from orchestration.language import say
from orchestration.settings import Settings


def dbt(
    opdracht: Annotated[
        list[str] | None,
        typer.Argument(metavar="COMMAND...", help="As after dbt itself: build -s +int_cijfers_meldingen", show_default=False),
    ] = None,
) -> None:
    """Run dbt on the build of this data folder, with its environment, key and lock as every night: no profile or path to give.

    [bold]vt dbt build -s +int_cijfers_meldingen[/bold], [bold]vt dbt test -s marts[/bold],
    [bold]vt dbt show -s instroom_gemeente --limit 5[/bold], [bold]vt dbt docs generate[/bold] and [bold]vt dbt docs serve[/bold],
    [bold]vt dbt ls -s +melders[/bold], and [bold]vt dbt build --help[/bold] for dbt's own. The key is used, and its use is logged.

    Nothing of it reaches a release: the next refresh makes the build again. docs/dbt.md: ten minutes for a dbt engineer.
    """
    from orchestration.keys.use import open_key
    from orchestration.release.writer import only_writer
    from orchestration.transform import by_hand

    settings, arguments = Settings(), opdracht or ["--help"]
    if not by_hand.opens_build(arguments):
        raise typer.Exit(by_hand.run_without_build(settings, arguments))
    with only_writer(settings):
        if not settings.build_db.exists():
            raise UserError(
                say(
                    "There is no build in {folder} yet: vt refresh makes it, once there is a delivery (make demo: a generated one).",
                    folder=settings.root,
                )
            )
        keyring = open_key(settings, f"dbt {arguments[0]}")
        code = by_hand.run(settings, keyring, arguments, lambda line: out.print(Text(line), soft_wrap=True))
    if arguments[:2] == ["docs", "generate"]:
        err.print(say("Read them with vt dbt docs serve."), markup=False)
    raise typer.Exit(code)
