"""LibreOffice, without a window: what it makes of a workbook."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true,true,false,false,false,-1"
"""Semicolons, texts quoted, UTF-8, each sheet to a file of its own; numbers as they are shown, but for what
parts thousands, which it leaves out."""


def office() -> str:
    """The program. Without it a test is skipped, but not in CI."""
    found = subprocess.run([PROJECT / "scripts" / "libreoffice"], capture_output=True, text=True, check=False)
    if found.returncode == 3 and "CI" not in os.environ:
        pytest.skip(found.stderr.strip())
    assert found.returncode == 0, found.stderr
    return found.stdout.strip().splitlines()[-1]


def convert(folder: Path, kind: str, *files: Path) -> None:
    """Open files and save them in ``folder`` as another kind."""
    profile = folder / "profile"
    command = [office(), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind, "--outdir", folder, *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    shutil.rmtree(profile, ignore_errors=True)
    assert done.returncode == 0, done.stderr


def sheets_as_csv(folder: Path, *files: Path) -> None:
    """Each sheet of each file as ``<file>-<sheet>.csv`` in ``folder``."""
    convert(folder, EVERY_SHEET, *files)
