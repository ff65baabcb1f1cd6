"""Seals: what the register has of each file of a delivery, taken when it is written and held against it ever after."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from orchestration.files import sha256
from orchestration.register.register import Seal


def seal(path: Path, rows: int | None = None) -> dict[str, Any]:
    """The seal of one file, as an event holds it."""
    return asdict(Seal(sha256(path), path.stat().st_size, rows))


def seal_folder(folder: Path, rows: Mapping[Path, int]) -> dict[str, dict[str, Any]]:
    """The seals of every Parquet file below ``folder``, by its path in it. ``rows``: the rows of each, as they were written."""
    return {path.relative_to(folder).as_posix(): seal(path, rows[path]) for path in sorted(folder.rglob("*.parquet"))}
