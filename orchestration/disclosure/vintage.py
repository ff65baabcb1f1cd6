"""Vintages: what was published stays as it was, to the byte, until a next one is made on purpose; and then small changes are not shown.

A vintage is a folder of files that never changes; the ledger has the checksum of each. A night repeats the newest one. In a new vintage an
old figure stays as long as it is near enough to today's, so that the difference of two vintages does not tell of one report.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.disclosure import ledger, publish
from orchestration.disclosure.cells import KEY
from orchestration.disclosure.ledger import RELEASE, Entry
from orchestration.disclosure.protect import System
from orchestration.errors import UserError, did_you_mean
from orchestration.files import FILE_MODE, make_folder, remove, sha256, sync, sync_folder
from orchestration.language import say
from orchestration.sql import text

LEDGER, VINTAGES, WITHIN = "grootboek", "jaargangen", "intern"


class VintageError(UserError):
    """A vintage cannot be made, found or trusted."""


@dataclass(frozen=True)
class Vintage:
    """A vintage as the ledger has it."""

    name: str
    day: str
    release: str
    files: dict[str, str]


def freeze(
    root: Path, name: str, day: date, release: str, rules: str, public: Path, within: Path | None = None, held: Sequence[str] = ()
) -> Vintage:
    """Keep what was written in ``public`` as the vintage ``name``; ``rules`` is a checksum of the rules and definitions it was made by.

    ``within`` is a folder with what stays in the house: the true figures, the rules, the audit; the ledger has the checksum of the files of
    it that are named in ``held`` too.
    """
    published = vintages(root)
    if name in {v.name for v in published}:
        raise taken(name, published)
    folder = root / VINTAGES / name
    part = root / VINTAGES / f".{name}"
    remove(part)
    remove(folder)  # of a run that was killed before the ledger had it
    for file in publish.FILES:
        make_folder((part / file).parent)
        shutil.copyfile(public / file, part / file)
        (part / file).chmod(FILE_MODE)
    if within:
        shutil.copytree(within, part / WITHIN)
    sync(part)
    part.rename(folder)
    sync_folder(folder.parent)
    kept = [*publish.FILES, *(Path(WITHIN) / file for file in held)]
    entries = [Entry(name, RELEASE, str(file), release, rules, "", day.isoformat(), sha256(folder / file), "sha256") for file in kept]
    ledger.append(root / LEDGER, entries)
    return next(v for v in vintages(root) if v.name == name)


def taken(name: str, published: Sequence[Vintage]) -> VintageError:
    """The error for a name that another vintage has."""
    return VintageError(
        say(
            "There is a vintage {name} already, and it never changes. Give the new one another name; known: {known}.",
            name=name,
            known=", ".join(sorted(v.name for v in published)),
        )
    )


def vintages(root: Path) -> list[Vintage]:
    """All vintages, oldest first. Raises ``PublicationLedgerError`` when the ledger is not whole."""
    found: dict[str, Vintage] = {}
    for entry in ledger.read(root / LEDGER):
        if entry.kind == RELEASE:
            vintage = found.setdefault(entry.source, Vintage(entry.source, entry.period, entry.breakdown, {}))
            vintage.files[entry.indicator] = entry.value
    return sorted(found.values(), key=lambda v: v.day)


def files(root: Path, vintage: Vintage) -> dict[str, Path]:
    """The files of a vintage, each held to the ledger. Raises ``VintageError`` for one that is gone or was changed."""
    there = {name: root / VINTAGES / vintage.name / name for name in vintage.files}
    for name, path in there.items():
        if not path.exists() or sha256(path) != vintage.files[name]:
            raise VintageError(
                say(
                    "{path} is not what was published. Put the vintage {vintage} back from a backup: nothing is published until then.",
                    path=path,
                    vintage=vintage.name,
                )
            )
    return there


def repeat(root: Path, public: Path) -> Vintage:
    """Put the newest vintage in ``public``, byte for byte: what a night publishes."""
    every = vintages(root)
    if not every:
        raise VintageError(say("There is no vintage yet, so nothing is published. Make one: its date stands in the publication calendar."))
    lacking = [str(name) for name in publish.FILES if str(name) not in every[-1].files]
    there = files(root, every[-1])
    with duckdb.connect() as con:
        columns = {c for c, *_ in con.execute(f"describe from read_parquet({text(there[str(publish.PARQUET)])})").fetchall()}
    lacking = lacking or [c for c in publish.COLUMNS if c not in columns]
    if lacking:
        raise VintageError(
            say(
                "Vintage {vintage} was published before there was {files}, so it cannot be repeated. Announce a next one in the publication"
                " calendar, or go on with the version that made it.",
                vintage=every[-1].name,
                files=", ".join(lacking),
            )
        )
    for name, path in there.items():
        if Path(name) not in publish.FILES:
            continue
        make_folder((public / name).parent)
        shutil.copyfile(path, public / name)
    return every[-1]


def as_of(root: Path, day: date) -> Vintage:
    """The vintage that was the newest on a day."""
    before = [v for v in vintages(root) if v.day <= day.isoformat()]
    if not before:
        raise VintageError(say("Nothing was published on or before {day}.", day=day.isoformat()))
    return before[-1]


def said(root: Path, day: date, figure: Mapping[str, str]) -> tuple[Vintage, float | None, str]:
    """What a figure (columns of its key, by name) said on a day: the vintage, the value, the status. Raises ``VintageError``."""
    vintage = as_of(root, day)
    path = files(root, vintage)[str(publish.PARQUET)]
    with duckdb.connect() as con:
        where = " and ".join(f"{column} = ?" for column in figure)
        found: tuple[float | None, str] | None = con.execute(
            f"select waarde, status from read_parquet({text(path)}) where {where}", list(figure.values())
        ).fetchone()
    if not found:
        told = " ".join(value for value in figure.values() if value)
        raise VintageError(
            say(
                "Vintage {vintage} has no figure {told}: no publication rule names it, or its period had not ended.",
                vintage=vintage.name,
                told=told,
            )
        )
    return vintage, *found


def difference(root: Path, one: str, two: str) -> list[tuple[Any, ...]]:
    """Published figures that two vintages have differently: key, what the first said and what the second; empty is not shown."""
    paths = []
    for name in (one, two):
        known = {v.name: v for v in vintages(root)}
        if name not in known:
            raise VintageError(say("There is no vintage {name}.{hint}", name=name, hint=did_you_mean(name, known)))
        paths.append(files(root, known[name])[str(publish.PARQUET)])
    with duckdb.connect() as con:
        return con.execute(
            f"""
            select {KEY}, a.waarde, b.waarde, a.status, b.status
            from read_parquet({text(paths[0])}) as a full outer join read_parquet({text(paths[1])}) as b using ({KEY})
            where (a.waarde, a.status) is distinct from (b.waarde, b.status) order by all
            """
        ).fetchall()


# --- a figure that stays ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sticky:
    """What each cell is published as, and which of them kept an older figure."""

    published: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    kept: NDArray[np.bool_]


def sticky(system: System, before: NDArray[np.float64]) -> Sticky:
    """A new vintage beside an old one (``before``: what each cell was published as, NaN where it was hidden, -1 where it is new).

    A shown figure stays while the true one is less than a base away and on its side of the threshold; a hidden one stays hidden until
    the true one is that far over it. Complementary cells are hidden again where they still bind: that is for the search, not for this rule.
    """
    p = system.parameters
    reach = p.base - 1
    rounded = system.rounded()
    old = np.nan_to_num(before, nan=-1.0).astype(np.int64)
    was_shown, was_hidden = old >= 0, np.isnan(before)
    loose = ~system.exact & ~system.unlisted
    stays_shown = loose & was_shown & (np.abs(old - system.truth) <= reach) & (system.truth >= p.threshold)
    stays_hidden = loose & was_hidden & (system.truth < p.threshold + reach)
    published = np.where(stays_shown, old, rounded)
    return Sticky(
        published, (system.small | stays_hidden) & ~system.unlisted, (stays_shown & (old != rounded)) | (stays_hidden & ~system.small)
    )
