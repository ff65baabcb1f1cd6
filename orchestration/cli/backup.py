"""``vt backup`` and ``vt restore``."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import err
from orchestration.language import say
from orchestration.settings import Settings


def backup(file: Annotated[Path, typer.Argument(help="The file to write, on another disk than VT_HOME.")]) -> None:
    """Write everything in VT_HOME that cannot be made anew into one file. The key is not in it: keep it elsewhere."""
    from orchestration.release.backup import backup as make
    from orchestration.release.writer import only_writer

    settings = Settings()
    with only_writer(settings):  # no release comes or goes meanwhile
        count = make(settings, file)
    told = say(
        "Wrote {count} files into {file}. Not in it: the key ({key}); without it the vault cannot be read.",
        count=count,
        file=file,
        key=settings.key_path,
    )
    err.print(told, soft_wrap=True)


def restore(file: Annotated[Path, typer.Argument(help="A file that vt backup made.")]) -> None:
    """Put a backup back into an empty VT_HOME, every file held to its checksum. Then put the key back, and vt refresh."""
    from orchestration.release.backup import restore as put_back

    settings = Settings()
    count = put_back(settings, file)
    told = say(
        "Put {count} files back into {folder}. Put the key at {key}, then: vt refresh",
        count=count,
        folder=settings.root,
        key=settings.key_path,
    )
    err.print(told, soft_wrap=True)
