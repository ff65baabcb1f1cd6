"""Writing so that a kill, a full disk or a power cut leaves the old state or the new one, nothing between; for its owner alone."""

import errno
import fcntl
import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from orchestration.language import later, say

FOLDER_MODE, FILE_MODE = 0o700, 0o600
PRIVATE = 0o077
"""The umask of every process of the warehouse: what libraries write is for its owner alone too."""


def make_folder(path: Path) -> Path:
    """The folder ``path``; it and the folders above it are made with mode 0700 where they are not there."""
    for folder in (*reversed(path.parents), path):
        folder.mkdir(exist_ok=True, mode=FOLDER_MODE)
    return path


def sync(path: Path) -> None:
    """Force a file or a folder, and all that is in it, to disk. A link is a name in its folder."""
    if path.is_symlink():
        return
    if path.is_dir():
        for below in path.iterdir():
            sync(below)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Force the names in a folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The checksum of a file as it lies on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; links are not followed. Nothing happens when it is not there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


SAYS = (
    later("No space left on device"),
    later("Disk quota exceeded"),
    later("Permission denied"),
    later("Operation not permitted"),
    later("Read-only file system"),
    later("Input/output error"),
    later("No such file or directory"),
    later("File name too long"),
    later("Is a directory"),
)
"""What a system says mostly when it refuses; it does so in English."""


def why(error: OSError) -> str:
    """What the system says of it, in the language that is spoken where that is one of ``SAYS``."""
    return say(os.strerror(error.errno)) if error.errno else type(error).__name__


def write_new(path: Path, content: bytes) -> None:
    """Write a new file (mode 0600) in one atomic step; raises ``FileExistsError`` when ``path`` is there already.

    Of two processes that write the same file, one gets it and the other the error: it can read what is there, which is whole.
    """
    with beside(path.parent, path.name) as file:
        file.write(content)
        _to_disk(file)
        os.link(file.name, path)
    sync_folder(path.parent)


def write_over(path: Path, content: bytes) -> None:
    """Write a file (mode 0600) in one atomic step, in the place of one that is there: a reader sees the old one or the new one."""
    with beside(path.parent, path.name) as file:
        file.write(content)
        put(file, path)


def put(file: IO[bytes], path: Path) -> None:
    """Give a file made ``beside`` its name, in the place of one that is there."""
    _to_disk(file)
    os.replace(file.name, path)  # noqa: PTH105  # of a name in a string
    sync_folder(path.parent)


@contextmanager
def beside(folder: Path, name: str) -> Iterator[IO[bytes]]:
    """A new file ``.<name>.<random>`` in ``folder``, mode 0600; removed at the end when it got no other name (``put``).

    It is locked as long as it is written, so that ``sweep`` can tell it from what a killed process left behind; that goes first. An error
    of the disk names ``folder/name``.
    """
    try:
        sweep(folder, glob.escape(name))
        while True:
            with tempfile.NamedTemporaryFile(prefix=f".{name}.", dir=folder, delete=False) as file:
                with suppress(OSError):  # a file system without locks: nothing is swept there
                    fcntl.flock(file, fcntl.LOCK_EX)
                if not os.fstat(file.fileno()).st_nlink:  # swept before it was locked
                    continue
                try:
                    yield file.file
                finally:
                    Path(file.name).unlink(missing_ok=True)
                return
    except OSError as error:
        raise _named(error, folder / name) from None


def sweep(folder: Path, names: str) -> None:
    """Remove what killed processes left of files made ``beside``, for the names that the pattern ``names`` matches."""
    for path in folder.glob(f".{names}.*"):
        if path.is_file() and not path.is_symlink():
            with suppress(OSError), path.open("rb+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


def append_line(path: Path, line: str, *, force: bool) -> None:
    """Add a line to a file (made with mode 0600), whole or not at all; with ``force`` it is on disk when this returns.

    It begins on a line of its own, also after one that was cut off. Lines of two processes do not mix. Raises ``OSError`` for a full disk.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, FILE_MODE)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            end = os.fstat(handle).st_size
            cut_off = end > 0 and os.pread(handle, 1, end - 1) != b"\n"
            text = b"\n" * cut_off + line.encode() + b"\n"
            if os.write(handle, text) < len(text):
                os.ftruncate(handle, end)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if force:
                os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise _named(error, path) from None


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _named(error: OSError, path: Path) -> OSError:
    """The same error with the file it is about, which writing to an open one does not tell."""
    return error if error.filename or not error.errno else OSError(error.errno, error.strerror, str(path))
