"""Which code made a figure: a hash over everything that can change one."""

import hashlib
from functools import cache

from orchestration import seeds
from orchestration.settings import PROJECT

MODELS = ("dbt_project/**/*.sql", "dbt_project/**/*.yml", "seeds/**/*.csv", "seeds/**/*.yml")
PARTS = (
    *MODELS,
    "expectations/**/*",
    "orchestration/**/*.py",
    "requirements.lock",
)
MADE = {"target", "logs", "__pycache__"}


@cache
def code_version(organisatie: str | None = None) -> str:
    """12 hex digits over models, seeds, expectations, code and lock file; the same in every checkout of the same content.

    Of an organisation that has seeds of its own (the one that this process works for, if none is named) over these too.
    """
    whole, own = fingerprint(PARTS), seeds.own_files(organisatie)
    if not own:
        return whole
    digest = hashlib.sha256(whole.encode())
    for name, path in own.items():
        digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def fingerprint(parts: tuple[str, ...]) -> str:
    """12 hex digits over names and contents of the files that match the patterns."""
    digest = hashlib.sha256()
    paths = {p for part in parts for p in PROJECT.glob(part) if p.is_file()}
    for path in sorted(p.relative_to(PROJECT) for p in paths):
        if not MADE.intersection(path.parts):
            digest.update(f"{path.as_posix()}\0".encode() + (PROJECT / path).read_bytes() + b"\0")
    return digest.hexdigest()[:12]
