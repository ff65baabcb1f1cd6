"""The seeds as the code reads them: code lists, areas, households, what was published. A build loads the same files.

Those in ``seeds/`` are of everybody or of Amsterdam-Amstelland. Another organisation (``VT_ORGANISATIE``) has its own in the place of some,
in a folder of its name beside its file in ``organisaties/``, by the same path: ``organisaties/voorbeeldregio/areas/gemeenten.csv``.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.language import later, say
from orchestration.settings import PROJECT, Settings, current

SEEDS = PROJECT / "seeds"
OF_ONE = ("areas", "households", "published")
"""Folders whose files are of one organisation: another one has each of them, or works for nobody."""
OF_LISTS = {"codes/codelijsten.csv": "codelijst"}
"""Seeds of several lists, by the column that names them: those in an organisation's file are its own, the others of everybody."""
DEFAULT_ORGANISATION = Settings.model_fields["organisatie"].default
"""The organisation whose files of one organisation lie in ``seeds/``."""


class SeedError(UserError):
    """An organisation lacks a file, or has one that stands in the place of none; the message says which."""


def folder(organisatie: str | None = None) -> Path | None:
    """Where the files of an organisation lie, of the one that this process works for if none is named; None: in ``seeds/``."""
    settings = current()
    code = organisatie or settings.organisatie
    return None if code == DEFAULT_ORGANISATION else settings.organisaties / code


def place(relative: str, organisatie: str | None = None) -> Path:
    """Where a seed of an organisation (see ``folder``) lies. Raises ``SeedError``: it lacks one of its own, or has other columns."""
    own = folder(organisatie)
    if own is None:
        return SEEDS / relative
    if (own / relative).is_file():
        _hold_columns(own / relative, SEEDS / relative)
        return own / relative
    if relative.split("/", maxsplit=1)[0] in OF_ONE:
        told = later("There is no {file}. Areas, households and what was published are of one organisation; a header alone says: none.")
        raise SeedError(say(told, file=own / relative))
    return SEEDS / relative


@cache
def _hold_columns(own: Path, everybody: Path) -> None:
    found, wanted = (path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r") for path in (own, everybody))
    if found != wanted:
        raise SeedError(say("{file}, line 1: the columns are {found}; they must be {wanted}.", file=own, found=found, wanted=wanted))


def rows(path: Path | str, organisatie: str | None = None) -> list[dict[str, str]]:
    """The rows of a seed, by column, as text. By its path below ``seeds/`` it is an organisation's; a path of a file is that file."""
    if isinstance(path, Path):
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    own = rows(place(path, organisatie))
    if (which := OF_LISTS.get(path)) is None or place(path, organisatie) == SEEDS / path:
        return own
    there = {row[which] for row in own}
    return [*(row for row in rows(SEEDS / path) if row[which] not in there), *own]


def write(path: Path, columns: Iterable[str], found: Iterable[Mapping[str, object]]) -> Path:
    """Write rows in the form of a seed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    return path


def columns(relative: str) -> list[str]:
    """The columns of a seed, in order."""
    with (SEEDS / relative).open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def own_files(organisatie: str | None = None) -> dict[str, Path]:
    """Path below ``seeds/`` → the file that an organisation (see ``folder``) has in its place.

    Raises ``SeedError``: one lacks, has other columns, or stands in the place of none.
    """
    own = folder(organisatie)
    if own is None:
        return {}
    there = {p.relative_to(SEEDS).as_posix() for p in SEEDS.rglob("*.csv")}
    if odd := sorted({p.relative_to(own).as_posix() for p in own.rglob("*.csv")} - there):
        raise SeedError(say("{folder}: {file} stands in the place of no seed (seeds/).", folder=own, file=odd[0]))
    return {name: at for name in sorted(there) if not (at := place(name, organisatie)).is_relative_to(SEEDS)}


def for_build(scratch: Path) -> dict[str, str]:
    """Name of a seed → the file that a build reads in its place; what is put together of two files is written into ``scratch``."""
    found = {}
    for relative, path in own_files().items():
        whole = write(make_folder(scratch) / path.name, columns(relative), rows(relative)) if relative in OF_LISTS else path
        found[path.stem] = str(whole)
    return found
