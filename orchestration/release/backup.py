"""A backup of the data folder in one file, and back again.

What cannot be made anew is in it: landing, register, vault, quarantine, archive, releases, what was published, what was made for CBS,
reference data as read and accepted, log of verdicts, and which environment it is of.
The build is not: the next refresh makes it. Nor is the key, which belongs elsewhere: whoever has both can read the vault.
"""

import hashlib
import io
import json
import lzma
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from orchestration import files
from orchestration.errors import UserError
from orchestration.files import FILE_MODE, FOLDER_MODE, beside, make_folder, put, remove, sync, sync_folder
from orchestration.intake.delivery import inbox_fault, make_inbox
from orchestration.landing.sweep import sweep
from orchestration.language import later, say
from orchestration.register.lock import only_intake
from orchestration.register.register import Register, RegisterError
from orchestration.settings import Settings

FOLDERS = ("landing", "vault", "quarantine", "archive", "releases", "publicatie", "cbs", "reference", "logboek", "register")
"""In the order in which they are put back: what lies in the others counts once the register is there."""
FILES = ("omgeving",)
CURRENT = "releases/current"
"""The only link that a data folder holds."""
CONTENTS = "inhoud.json"
"""Last member of the file: checksum of every other one. Without it a backup was cut off."""

UNPACKING, UNPACKED = ".wordt-uitgepakt", ".uitgepakt"
"""Folders in the data folder that a backup is unpacked into: as long as it is not whole, and from then on until all is in place."""

NOT_KEPT = later("The backup stopped: {why}{where}. Nothing of it was kept. Make room or give the rights, then try again.")
NOTHING_BACK = later("The restore stopped: {why}{where}. Nothing was put back. Make room or give the rights, then try again.")
HALFWAY = later("The restore stopped: {why}{where}. Not everything is in place yet. Make room or give the rights, then try again.")
"""What is told when the disk or the rights on it end a backup or a restore."""

CHUNK = 1 << 20
DAMAGED = (
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What a file that is no backup, or is one no more, makes tarfile and json raise."""


class BackupError(UserError):
    """A backup cannot be made or put back; the message says why."""


def backup(settings: Settings, target: Path) -> int:
    """Write the backup to ``target`` (mode 0600) while nothing is taken in. Returns the number of files in it.

    The caller sees to it that no release is made meanwhile. Raises ``BackupError`` when ``target`` is there already, the data folder holds
    links or the disk is full, ``UnknownFilesError`` when it holds what the register does not know, ``BusyError`` when an intake is at work.
    Nothing is left behind then.
    """
    sums: dict[str, str] = {}
    with only_intake(settings), _disk_errors(NOT_KEPT):
        if target.exists():
            raise BackupError(say("{file} is there already; name another file.", file=target))
        if not target.absolute().parent.is_dir():
            raise BackupError(say("There is no folder {folder}; make it, or name another file.", folder=target.absolute().parent))
        list(_kept(settings))  # no links, before anything is removed
        # a register that is not whole is no backup; what a run that was cut off left is settled first: half of it has hidden names
        sweep(settings, Register(settings))
        paths = list(_kept(settings))
        # under a name that is no one file's, so that any later backup there sweeps up what a killed one left
        with beside(target.absolute().parent, "vt-backup") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                for path, name in paths:
                    if sha := _add(archive, path, name):
                        sums[name] = sha
                contents = {"gemaakt_op": datetime.now(UTC).isoformat(), "omgeving": settings.omgeving.value, "bestanden": sums}
                _add_bytes(archive, CONTENTS, json.dumps(contents).encode())
            put(file, target.absolute())
    return len(sums)


def restore(settings: Settings, source: Path) -> int:
    """Put a backup back into an empty data folder, with the modes that files and folders had. Returns the number of files.

    All of it is unpacked beside and held to its checksums first; then it is put in place, the register last. Cut off before, nothing was
    put back; cut off meanwhile, the same command goes on. Raises ``BackupError`` when the data folder holds anything that a backup holds,
    when the file is not a whole backup of this environment and nothing else, and when the disk is full; ``BusyError`` when an intake is at
    work.
    """
    if fault := inbox_fault(settings.inbox):
        raise BackupError(say("{fault}. Nothing was put back.", fault=fault))
    with _disk_errors(NOTHING_BACK):
        make_folder(settings.root)
    with only_intake(settings):
        unpacked = settings.root / UNPACKED
        with _disk_errors(NOTHING_BACK):
            contents = _contents(settings, source)
            if not unpacked.exists():
                _in_the_way(settings, [*FOLDERS, *FILES])
                _unpack(settings, source, contents)
        with _disk_errors(HALFWAY):
            if json.loads((unpacked / CONTENTS).read_bytes()) != contents:
                raise BackupError(
                    say(
                        "A restore of another backup was cut off: restore that one, or remove everything in {folder}.", folder=settings.root
                    )
                )
            rest = [name for name in (*FILES, *FOLDERS) if (unpacked / name).exists()]
            _in_the_way(settings, rest)
            for name in rest:
                (unpacked / name).rename(settings.root / name)
            make_inbox(settings.inbox)
            sync_folder(settings.root)
            remove(unpacked)
    return len(contents["bestanden"])


@contextmanager
def _disk_errors(text: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if isinstance(error.filename, str) else ""
        raise BackupError(say(text, why=files.why(error), where=where)) from None


# --- making ------------------------------------------------------------------------------------------------------------------------------


def _kept(settings: Settings) -> Iterator[tuple[Path, str]]:
    """Everything to keep, with its name in the backup; what a killed writer left behind is left out."""
    for top in (*FILES, *FOLDERS):
        path = settings.root / top
        if path.is_symlink() or path.exists():
            for found in (path, *(sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else ())):
                name = found.relative_to(settings.root).as_posix()
                if not any(part.startswith(".") for part in name.split("/")):
                    _only_files(found, name)
                    yield found, name


def _only_files(path: Path, name: str) -> None:
    if path.is_symlink() and not (name == CURRENT and _is_name(str(path.readlink()))):
        raise BackupError(
            say("{path} is a link: what it leads to is no part of this data folder. Put the files themselves there.", path=path)
        )
    if not path.is_symlink() and not path.is_dir() and not path.is_file():
        raise BackupError(say("{path} is neither a file nor a folder. Remove it.", path=path))


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str | None:
    """Add a folder, a file or the link; returns the checksum of what was added of a file, which may grow meanwhile."""
    member = tarfile.TarInfo(name)
    if path.is_symlink():
        member.type, member.linkname = tarfile.SYMTYPE, str(path.readlink())
        archive.addfile(member)
    elif path.is_dir():
        member.type, member.mode = tarfile.DIRTYPE, path.stat().st_mode & 0o777
        archive.addfile(member)
    else:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            member.size, member.mode, member.mtime = found.st_size, found.st_mode & 0o777, int(found.st_mtime)
            reader = _Sha256(file)
            archive.addfile(member, reader)
        return reader.sum.hexdigest()
    return None


class _Sha256:
    """A file that takes its checksum while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sum = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.sum.update(data)
        return data


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), FILE_MODE
    archive.addfile(member, io.BytesIO(data))


# --- putting back ------------------------------------------------------------------------------------------------------------------------


def _contents(settings: Settings, source: Path) -> dict[str, Any]:
    """The list of the backup; it is of this environment."""
    if not source.is_file():
        raise BackupError(say("There is no file {file}.", file=source))
    try:
        with tarfile.open(source) as archive:
            file = archive.extractfile(CONTENTS)
            found: dict[str, Any] = json.load(file) if file else {}
        if not all(isinstance(name, str) and isinstance(sha, str) for name, sha in found["bestanden"].items()):
            raise ValueError
        environment = found["omgeving"]
    except DAMAGED as error:
        raise BackupError(
            say("{file} is not a whole backup ({kind}). Nothing was put back.", file=source, kind=type(error).__name__)
        ) from None
    if environment != settings.omgeving.value:
        raise BackupError(
            say(
                "{file} is a backup of {environment}, and this is {own}. Nothing was put back.",
                file=source,
                environment=environment,
                own=settings.omgeving.value,
            )
        )
    return found


def _in_the_way(settings: Settings, names: list[str]) -> None:
    """Raises ``BackupError`` when anything is there already where these are to come."""
    paths = {name: settings.root / name for name in names}
    if links := [path for path in paths.values() if path.is_symlink()]:
        raise BackupError(
            say("{path} is a link. Restore into an empty data folder: remove it, or set VT_HOME to a new one.", path=links[0])
        )
    filled = [n for n, path in paths.items() if n in FOLDERS and path.exists() and (not path.is_dir() or any(path.iterdir()))]
    mark = settings.root / "omgeving"
    if "omgeving" in names and mark.exists() and mark.read_text() != settings.omgeving.value:
        filled.append("omgeving")
    if filled:
        raise BackupError(
            say(
                "{folder} is not empty ({names}). Restore into an empty data folder: set VT_HOME to a new one.",
                folder=settings.root,
                names=", ".join(filled),
            )
        )


def _unpack(settings: Settings, source: Path, contents: dict[str, Any]) -> None:
    """Unpack into ``UNPACKED``, which gets that name when everything is there and has its checksum."""
    folder = settings.root / UNPACKING
    remove(folder)
    folder.mkdir(mode=FOLDER_MODE)
    try:
        _extract(source, folder, contents["bestanden"])
        (folder / CONTENTS).write_text(json.dumps(contents))
        Register(Settings(home=folder)).events()
        sync(folder)
    except RegisterError:
        remove(folder)
        raise _refusal(source, say("the register in it is not whole")) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    folder.rename(settings.root / UNPACKED)
    sync_folder(settings.root)


def _extract(source: Path, folder: Path, sums: dict[str, str]) -> None:
    """Every member into ``folder``. Raises ``BackupError`` for one that no backup has, and for a file that does not have its checksum."""
    seen: set[str] = set()
    modes: dict[Path, int] = {}
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                if member.name in seen:
                    raise _refusal(source, say("{name} is in it twice", name=repr(member.name)))
                seen.add(member.name)
                if member.name != CONTENTS:
                    if why := _place(archive, member, folder, sums):
                        raise _refusal(source, why)
                    modes[folder / member.name] = member.mode & 0o777
    except DAMAGED as error:
        raise _refusal(source, say("it is damaged ({kind})", kind=type(error).__name__)) from None
    if missing := sums.keys() - seen:
        raise _refusal(source, say("files are missing: {count}, {name} first", count=len(missing), name=repr(min(missing))))
    for path, mode in reversed(modes.items()):  # a folder last: it may be one that nothing can be written in
        if not path.is_symlink():
            path.chmod(mode)


def _refusal(source: Path, why: str) -> BackupError:
    return BackupError(say("{file}: {why}. Nothing was put back; use another backup.", file=source, why=why))


def _place(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, sums: dict[str, str]) -> str:
    """Put one member below ``folder``; returns why it is not what a backup holds, empty when it is."""
    name, path, shown = member.name, folder / member.name, repr(member.name)
    if not _belongs(name):
        return say("{name} is no part of a data folder", name=shown)
    make_folder(path.parent)
    if member.isdir() and name not in FILES:
        make_folder(path)
    elif member.issym() and name == CURRENT and _is_name(member.linkname):
        path.symlink_to(member.linkname)
    elif not member.isreg() or name in FOLDERS:
        return say("{name} is not the file or folder that a backup has there; links are none of it", name=shown)
    elif name not in sums:
        return say("{name} is not in its list", name=shown)
    elif (content := archive.extractfile(member)) is None or _write(path, content) != sums[name]:
        return say("{name} is damaged", name=shown)
    return ""


def _belongs(name: str) -> bool:
    """Whether a name is one that ``_kept`` gives."""
    parts = PurePosixPath(name).parts
    return name in FILES or (
        bool(parts) and parts[0] in FOLDERS and "/".join(parts) == name and not any(part.startswith(".") for part in parts)
    )


def _is_name(link: str) -> bool:
    """Whether a link leads to something beside it."""
    return "/" not in link and not link.startswith(".") and bool(link)


def _write(path: Path, content: IO[bytes]) -> str:
    """Write a new file (mode 0600); returns its checksum."""
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE), "wb") as file:
        while data := content.read(CHUNK):
            digest.update(data)
            file.write(data)
    return digest.hexdigest()
