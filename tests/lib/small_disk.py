"""A file system of a few megabytes of its own, for what happens when a disk is full."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import PROJECT


def small_disk(at: Path, mebibytes: int) -> list[str]:
    """What to put before a command, for which alone the folder ``at`` is a file system of that size, and empty.

    Where nobody may mount one, the test is skipped, but not in CI.
    """
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(at)]
    tried = subprocess.run([*alone, *mount], capture_output=True, text=True, check=False)
    if tried.returncode:
        why = f"this system lets nobody mount a small file system (as root, or with user namespaces): {tried.stderr.strip()}"
        assert "CI" not in os.environ, why
        pytest.skip(why)
    return [*alone, "sh", "-c", f'{shlex.join(mount)} && exec "$@"', "sh"]


def run_on_small_disk(folder: Path, mebibytes: int, script: str, patience_s: int = 300) -> subprocess.CompletedProcess[str]:
    """Run a Python script that finds the disk in its argument."""
    disk = folder / "schijf"
    disk.mkdir()
    return subprocess.run(
        [*small_disk(disk, mebibytes), sys.executable, "-c", script, str(disk)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=patience_s,
    )
