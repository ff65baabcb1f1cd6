"""Writing so that a power cut leaves the old state or the new one, nothing between."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from orchestration.errors import GebruikersFout

FOLDER_MODE = 0o700


class OpslagFout(GebruikersFout):
    """The disk or the rights on it do not allow what must be written; nothing was taken in, the message says what to do."""


def make_folder(path: Path) -> Path:
    """The folder ``path``; it and the folders above it are made with mode 0700 where they are not there."""
    for folder in (*reversed(path.parents), path):
        folder.mkdir(exist_ok=True, mode=FOLDER_MODE)
    return path


def sync(path: Path) -> None:
    """Force a file or a folder, and all that is in it, to disk."""
    if path.is_dir():
        for below in path.iterdir():
            sync(below)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_new(path: Path, content: bytes) -> None:
    """Write a new file in one atomic step; raises ``FileExistsError`` when ``path`` is there already."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_over(path: Path, content: bytes) -> None:
    """Write a file (mode 0600) in the place of the one that is there, in one atomic step: a reader sees the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Force the names in a folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; links are not followed. Nothing happens when it is not there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def disk_errors(doing: str) -> Iterator[None]:
    """Turn what the disk or the rights on it refuse into one clear sentence."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileExistsError | FileNotFoundError):
            raise
        why = os.strerror(error.errno) if error.errno else type(error).__name__
        where = f" ({error.filename})" if isinstance(error.filename, str) else ""
        raise OpslagFout(
            f"{doing} stopped: {why}{where}. What was taken in before stands. Make room or give the rights, then run the refresh again."
        ) from None


@contextmanager
def nameless_file(scratch: Path) -> Iterator[IO[bytes]]:
    """A file for content that must not touch a disk: in memory on Linux, elsewhere a temporary file in ``scratch`` without a name."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("inhoud", os.MFD_CLOEXEC), "w+b") as file:
            yield file
    else:
        make_folder(scratch)
        with tempfile.TemporaryFile(dir=scratch) as file:
            yield file
