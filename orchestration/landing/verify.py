"""Whether what lies on disk is what the register says: every file of landing, vault, quarantine and archive, by its seal.

The figures rest on the landing: its checksums are taken each time before anything is judged by it or built of it, and what differs ends the
night. The other folders are looked at by name and size each night, and by checksum on request; what differs there is told.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.errors import UserError
from orchestration.files import sha256
from orchestration.landing import store
from orchestration.landing.sweep import unknown
from orchestration.language import later, say
from orchestration.register import seals
from orchestration.register.register import ANCHOR, SEALED, Anchor, Levering, Register, Seal
from orchestration.settings import Settings

SHOWN = 5
"""Files that a message names; ``vt landing verify`` names all."""

ALTERED, CUT, MISSING, EXTRA, UNKNOWN = (
    later("was altered: its checksum is not the one in the register"),
    later("has another size than the register says"),
    later("is missing"),
    later("does not belong there: it is none of the delivery's files"),
    later("the register does not know it"),
)


class LandingError(UserError):
    """What lies in the landing is not what the register says; nothing was built of it."""


@dataclass(frozen=True, order=True)
class Mismatch:
    """One file that is not as the register has it."""

    levering: int
    """0: of none that was taken in."""
    bestand: str
    """Path below the data folder."""
    what: str

    def __str__(self) -> str:
        if not self.levering:
            return f"{self.bestand} {self.what}"
        return say("{file} (delivery {number}) {what}", file=self.bestand, number=self.levering, what=self.what)


def strangers(settings: Settings, log: Register) -> list[Mismatch]:
    """Every folder and file beside those of deliveries that the register does not know; of no delivery, so its number is 0."""
    return [_finding(settings, 0, path, UNKNOWN) for path in unknown(settings, log)]


def look(
    settings: Settings,
    log: Register,
    leveringen: list[Levering] | None = None,
    *,
    folders: tuple[str, ...] = ("landing",),
    deep: bool = True,
) -> list[Mismatch]:
    """Every file of these deliveries (default: all) in these folders that is not as the register has it, by delivery and name.

    ``folders`` are of ``landing``, ``vault``, ``quarantine``, ``archive``. Without ``deep`` the checksums are not taken: names and sizes
    only.
    """
    deliveries = log.leveringen() if leveringen is None else leveringen
    wanted: list[tuple[int, Path, Seal]] = []
    found: list[Mismatch] = []
    for delivery in deliveries:
        for base in (f for f in folders if f != "archive" and delivery.zegels is not None):
            folder = settings.root / base / delivery.map
            if folder.is_symlink():
                found.append(_finding(settings, delivery.nummer, folder, later("is a link to somewhere else")))
            known = (delivery.zegels or {}).get(base, {})
            wanted += [(delivery.nummer, folder / name, seal) for name, seal in known.items()]
            found += [_finding(settings, delivery.nummer, p, EXTRA) for p in _files(folder) if _name(folder, p) not in known]
            if base == "landing":
                found += _anchor(settings, log, delivery)
    if "archive" in folders:
        numbers = {d.archief: d.nummer for d in log.leveringen()}
        wanted += [(numbers.get(name, 0), settings.archive / name, seal) for name, seal in log.archive_seals().items()]
    with ThreadPoolExecutor(settings.threads) as pool:  # taking a checksum lets go of Python
        found += [f for f in pool.map(lambda w: _judge(settings, *w, deep=deep), wanted) if f]
    return sorted(found)


def hold(settings: Settings, log: Register, leveringen: list[Levering] | None = None, folders: tuple[str, ...] = ("landing",)) -> None:
    """Raise ``LandingError`` when any file of these deliveries is not as the register has it."""
    found = look(settings, log, leveringen, folders=folders)
    if found:
        shown = [str(f) for f in found[:SHOWN]]
        shown += [say("and {count} more", count=len(found) - SHOWN)] if found[SHOWN:] else []
        raise LandingError(
            say(
                "{files}. Nothing was taken in or built; the release stands. Put the file back from a backup, or take the delivery and all "
                "after it in anew from the archive: vt deliveries reintake {number}; move away what does not belong there. Then vt "
                "refresh. All that is wrong: vt landing verify.",
                files="; ".join(shown),
                number=min(f.levering for f in found),
            )
        )


def seal_older(settings: Settings, log: Register) -> int:
    """Seal the deliveries that were taken in by code that did not; returns how many. The caller holds the intake's lock.

    Their files are held to the counts that the register has of them first. Raises ``LandingError`` when they do not match.
    """
    older = [d for d in log.leveringen() if d.zegels is None]
    if not older:
        return 0
    with duckdb.connect() as con:
        sealed = {str(d.nummer): _sealed(settings, con, d) for d in older}
    log.record(SEALED, {"zegels": sealed})
    return len(older)


def _sealed(settings: Settings, con: duckdb.DuckDBPyConnection, delivery: Levering) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for base in ("landing", "vault", "quarantine"):
        folder = settings.root / base / delivery.map
        paths = [p for p in _files(folder) if p.suffix == ".parquet"]
        rows = {p: _rows(con, settings, delivery, p) if base == "landing" else None for p in paths}
        found[base] = {_name(folder, p): seals.seal(p, rows[p]) for p in paths}
    for e, counts in delivery.tellingen.items():
        for kind, count in ((store.TAKEN_IN, counts["opgenomen"]), (store.QUARANTAINE, counts["quarantaine"])):
            name = (Path(kind) / f"{e}.parquet").as_posix()
            there = found["landing"].get(name, {"rijen": 0})["rijen"]
            if there != count:
                raise LandingError(
                    say(
                        "{file} (delivery {number}) holds {rows} rows, and the register says {count}. Put it back from a backup, or take "
                        "the delivery and all after it in anew: vt deliveries reintake {number}.",
                        file=f"landing/{delivery.map}/{name}",
                        number=delivery.nummer,
                        rows=there,
                        count=count,
                    )
                )
    return found


def _rows(con: duckdb.DuckDBPyConnection, settings: Settings, delivery: Levering, path: Path) -> int:
    try:
        return duck.number(con, "select count(*) from read_parquet(?)", [str(path)])
    except duckdb.Error:
        name = path.relative_to(settings.root)
        raise LandingError(
            say(
                "{file} (delivery {number}) is damaged. Put it back from a backup, or take the delivery and all after it in anew: "
                "vt deliveries reintake {number}.",
                file=name,
                number=delivery.nummer,
            )
        ) from None


def _anchor(settings: Settings, log: Register, delivery: Levering) -> list[Mismatch]:
    """Whether the folder says of the register what is so; folders of older code say nothing."""
    path = settings.landing / delivery.map / ANCHOR
    if not path.exists():
        return [] if delivery.zegels is None or not delivery.verankerd else [_finding(settings, delivery.nummer, path, MISSING)]
    try:
        known = log.holds(Anchor.read(path))
    except ValueError:
        return [_finding(settings, delivery.nummer, path, later("is damaged"))]
    other = later("knows another register than the one that is there: the register was changed, or the folder comes from elsewhere")
    return [] if known else [_finding(settings, delivery.nummer, path, other)]


def _judge(settings: Settings, levering: int, path: Path, seal: Seal, *, deep: bool) -> Mismatch | None:
    try:
        size = path.lstat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return _finding(settings, levering, path, MISSING)
    if path.is_symlink() or size != seal.bytes:
        return _finding(settings, levering, path, CUT)
    return _finding(settings, levering, path, ALTERED) if deep and sha256(path) != seal.sha256 else None


def _finding(settings: Settings, levering: int, path: Path, what: str) -> Mismatch:
    return Mismatch(levering, path.relative_to(settings.root).as_posix(), say(what))


def _files(folder: Path) -> Iterator[Path]:
    """The files of a delivery, its anchor and what is still being written left out."""
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and not path.name.startswith(store.PENDING) and path != folder / ANCHOR:
            yield path


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
