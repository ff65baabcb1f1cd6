"""A page of docs/ that tells how something is added, followed in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import PROJECT

FOLDERS = ("dbt_project", "seeds", "orchestration", "expectations", "docs", "metrics")
MADE = "make docs"


@dataclass(frozen=True)
class Part:
    """Lines that a page adds to a file: after what they stand ``under``, in the place of lines that it takes away, or at the end."""

    file: str
    under: str
    removed: str
    added: str


def parts(page: str) -> list[Part]:
    """What the first diff of docs/``page`` does, in its order."""
    diff = re.search(r"```diff\n(.*?)```", (PROJECT / "docs" / page).read_text(), re.DOTALL)
    assert diff
    found = []
    for part in re.split(r"(?m)^# ", diff[1])[1:]:
        heading, *lines = part.strip("\n").splitlines()
        file, _, under = heading.partition(": ")
        removed, added = ("".join(f"{line[1:]}\n" for line in lines if line.startswith(sign)) for sign in "-+")
        found.append(Part(file, under, removed, added))
    return found


def follow(page: str, folder: Path, before: dict[str, str], *, without: str = "") -> Path:
    """Do what the page says in a copy of the project in ``folder``, and ``make docs``; but for the step ``without``.

    ``before``: what a part stands under → what comes after the end of that, a regular expression. Returns dbt's project in the copy.
    """
    for name in FOLDERS:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    for part in parts(page):
        if without in (part.under, part.file) and without:
            continue
        path = folder / part.file
        text = path.read_text()
        if part.removed:
            assert text.count(part.removed) == 1, part
            text = text.replace(part.removed, part.added)
        else:
            there = re.search(before.get(part.under, r"\Z"), text)
            assert there, part
            text = text[: there.start()] + part.added + text[there.start() :]
        path.write_text(text)
    if without != MADE:
        done = run(folder, "-m", "orchestration.documentation")
        assert done.returncode == 0 or without, done.stdout + done.stderr
    return folder / "dbt_project"


def run(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Python with the code of the copy."""
    environ = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{PROJECT}", **environment}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False)
