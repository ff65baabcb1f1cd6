"""What was read of each source: the copy that stands, where it came from, and how the last attempt to read it ended.

``$VT_HOME/reference/bronnen/<source>/``: ``<version>-<checksum>.parquet``, ``bron.json`` (the copy that stands) and ``poging.json``. A copy
comes to stand in one step, whole and held to its contract; until then, and when anything is wrong with it, the one before stands.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.files import beside, make_folder, put, sha256, write_over
from orchestration.language import later, say
from orchestration.reference.web import SourceError
from orchestration.settings import Settings
from orchestration.sql import text

FOLDER = "bronnen"
STANDS, ATTEMPT = "bron.json", "poging.json"


@dataclass(frozen=True)
class Copy:
    """A copy that stands. ``versie`` is the source's own: of CBS when it changed the table, of Amsterdam the day that was asked for."""

    bron: str
    versie: str
    read_at: datetime
    seen_at: datetime
    """When the source was last asked, and had nothing else."""
    rijen: int
    sha256: str
    path: Path


@dataclass(frozen=True)
class Attempt:
    """How the last attempt ended: ``nieuw``, ``gelijk`` or ``mislukt``, with the reason."""

    op: datetime
    uitkomst: str
    reden: str = ""


def folder(settings: Settings, source: str) -> Path:
    """Where the copies of a source lie."""
    return settings.reference / FOLDER / source


def standing(settings: Settings, source: str) -> Copy | None:
    """The copy that stands; None when there is none. Raises ``SourceError`` when its file is not the one that was written."""
    raw = _read(folder(settings, source) / STANDS)
    if raw is None:
        return None
    try:
        path = folder(settings, source) / str(raw["bestand"])
        moments = (datetime.fromisoformat(raw["gelezen_op"]), datetime.fromisoformat(raw["bekeken_op"]))
        found = Copy(source, str(raw["versie"]), *moments, int(raw["rijen"]), str(raw["sha256"]), path)
        whole = path.parent == folder(settings, source) and sha256(path) == found.sha256
    except (KeyError, TypeError, ValueError, OSError):
        whole = False
    if not whole:
        told = later("The copy of {source} in {folder} is damaged; remove that folder, then: vt reference refresh")
        raise SourceError(say(told, source=source, folder=folder(settings, source)))
    return found


def attempt(settings: Settings, source: str) -> Attempt | None:
    """How the last attempt to read a source ended."""
    raw = _read(folder(settings, source) / ATTEMPT)
    try:
        return None if raw is None else Attempt(datetime.fromisoformat(raw["op"]), str(raw["uitkomst"]), str(raw["reden"]))
    except (KeyError, TypeError, ValueError):
        return None


def write(settings: Settings, con: duckdb.DuckDBPyConnection, source: str, version: str) -> bool:
    """Let the table ``gelezen`` stand as the copy of a source; whether it differs from the one that stood."""
    place = make_folder(folder(settings, source))
    with beside(place, "lezen.parquet") as file:
        con.execute(f"copy gelezen to {text(file.name)} (format parquet, compression zstd)")
        sum_, rows = sha256(Path(file.name)), duck.number(con, "select count(*) from gelezen")
        before = _stood(settings, source)
        same = before is not None and not duck.number(
            con,
            f"select count(*) from ((from gelezen except all from read_parquet({text(before.path)})) union all "
            f"(from read_parquet({text(before.path)}) except all from gelezen))",
        )
        if same and before is not None:
            looked(settings, before, version)
            return False
        name = f"{re.sub('[^0-9A-Za-z-]', '', version)[:40]}-{sum_[:12]}.parquet"
        put(file, place / name)
    now = datetime.now(UTC).isoformat()
    _stand(place, {"versie": version, "gelezen_op": now, "bekeken_op": now, "bestand": name, "rijen": rows, "sha256": sum_})
    return True


def _stood(settings: Settings, source: str) -> Copy | None:
    try:
        return standing(settings, source)
    except SourceError:  # a damaged copy is replaced
        return None


def looked(settings: Settings, copy: Copy, version: str) -> None:
    """Keep that the source was asked now and has what stands, as this version of its own."""
    kept = {"bestand": copy.path.name, "rijen": copy.rijen, "sha256": copy.sha256, "gelezen_op": copy.read_at.isoformat()}
    _stand(folder(settings, copy.bron), {"versie": version, "bekeken_op": datetime.now(UTC).isoformat(), **kept})


def keep_attempt(settings: Settings, source: str, outcome: str, reason: str = "") -> None:
    """Keep how an attempt ended."""
    content = asdict(Attempt(datetime.now(UTC), outcome, reason))
    write_over(make_folder(folder(settings, source)) / ATTEMPT, json.dumps(content, default=str, ensure_ascii=False).encode())


def _stand(place: Path, content: dict[str, Any]) -> None:
    write_over(place / STANDS, (json.dumps(content, indent=1) + "\n").encode())


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, OSError):
        return {}
    return found if isinstance(found, dict) else {}
