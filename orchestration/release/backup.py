"""A backup of the data folder in one file, and back again.

What cannot be made anew is in it: landing, register, vault, quarantine, archive, releases, log of verdicts. The build is not: the next
refresh makes it. Nor is the key, which belongs elsewhere: whoever has both can read the vault.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from orchestration.errors import GebruikersFout
from orchestration.landing.register import Register
from orchestration.landing.slot import only_intake
from orchestration.release import store
from orchestration.settings import Settings

FOLDERS = ("register", "landing", "vault", "quarantine", "archive", "releases", "logboek")
CONTENTS = "inhoud.json"
"""Last member of the file: checksum of every other one. Without it a backup was cut off."""


class BackupFout(GebruikersFout):
    """A backup cannot be made or put back; the message says why."""


def backup(settings: Settings, target: Path) -> int:
    """Write the backup to ``target`` (mode 0600) while nothing is taken in. Returns the number of files in it.

    Raises ``BackupFout`` when ``target`` is there already, ``BezetFout`` when an intake is at work.
    """
    if target.exists():
        raise BackupFout(f"{target} is there already; name another file.")
    temporary = target.with_name(f".{target.name}.wordt-geschreven")
    sums: dict[str, str] = {}
    with only_intake(settings):
        Register(settings).gebeurtenissen()  # a register that is not whole is no backup
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)
        try:
            with tarfile.open(temporary, "w", format=tarfile.PAX_FORMAT) as archive:
                for path, name in _files(settings):
                    archive.add(path, name, recursive=False)
                    if path.is_file() and not path.is_symlink():
                        sums[name] = _sha256(path)
                _add(archive, {"gemaakt_op": datetime.now(UTC).isoformat(), "omgeving": settings.omgeving.value, "bestanden": sums})
            store.sync(temporary)
            temporary.rename(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return len(sums)


def restore(settings: Settings, source: Path) -> int:
    """Put a backup back into an empty data folder; what does not have its checksum is refused. Returns the number of files.

    Raises ``BackupFout`` when the data folder holds anything that a backup holds, or the file is not a whole backup of this environment.
    """
    filled = [name for name in FOLDERS if any((settings.root / name).glob("*"))]
    if filled:
        raise BackupFout(
            f"{settings.root} is not empty ({', '.join(filled)}). Restore into an empty data folder: set VT_HOME to a new one."
        )
    contents = _contents(source)
    if contents["omgeving"] != settings.omgeving.value:
        raise BackupFout(f"{source} is a backup of {contents['omgeving']}, and this is {settings.omgeving.value}. Nothing was put back.")
    settings.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(source) as archive:
        for member in archive:
            parts = PurePosixPath(member.name).parts
            if member.name != CONTENTS and parts[0] in FOLDERS:
                archive.extract(member, settings.root, filter="tar")  # refuses paths and links that lead outside
    wrong = [n for n, sha in contents["bestanden"].items() if not (p := settings.root / n).is_file() or _sha256(p) != sha]
    if wrong:
        raise BackupFout(
            f"{source}: {len(wrong)} files are damaged or missing, {wrong[0]} first. Use another backup; empty {settings.root}."
        )
    Register(settings).gebeurtenissen()
    return len(contents["bestanden"])


def _files(settings: Settings) -> Iterator[tuple[Path, str]]:
    """Everything to keep, with its name in the backup; what a killed writer left behind is left out."""
    for folder in FOLDERS:
        for path in sorted((settings.root / folder).rglob("*")):
            name = path.relative_to(settings.root)
            if not any(part.startswith(".") for part in name.parts):
                yield path, name.as_posix()


def _add(archive: tarfile.TarFile, contents: dict[str, Any]) -> None:
    data = json.dumps(contents).encode()
    member = tarfile.TarInfo(CONTENTS)
    member.size, member.mode = len(data), 0o600
    archive.addfile(member, io.BytesIO(data))


def _contents(source: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as archive:
            file = archive.extractfile(CONTENTS)
            found: dict[str, Any] = json.load(file) if file else {}
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise BackupFout(f"{source} is not a whole backup ({type(error).__name__}). Nothing was put back.") from None
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
