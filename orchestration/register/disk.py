"""What the intake adds to ``orchestration.files``: errors of the disk as a sentence, and content that must not touch it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from orchestration.errors import UserError
from orchestration.files import make_folder, why
from orchestration.language import say


class DiskError(UserError):
    """The disk or the rights on it do not allow what must be written; nothing was taken in, the message says what to do."""


@contextmanager
def disk_errors(doing: str) -> Iterator[None]:
    """Turn what the disk or the rights on it refuse into one clear sentence; ``doing`` is its subject, as ``say`` gave it."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileExistsError | FileNotFoundError):
            raise
        where = f" ({error.filename})" if isinstance(error.filename, str) else ""
        raise DiskError(
            say(
                "{doing} stopped: {why}{where}. What was taken in before stands. Make room or give the rights, then run the refresh again.",
                doing=doing,
                why=why(error),
                where=where,
            )
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
