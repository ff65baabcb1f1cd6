"""A file system of a few megabytes of its own, for what happens when a disk is full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import PROJECT


def run_on_small_disk(folder: Path, mebibytes: int, script: str, patience_s: int = 300) -> subprocess.CompletedProcess[str]:
    """Run a Python script that finds the disk in its argument.

    Where nobody may mount one, the test is skipped, but not in CI.
    """
    disk = folder / "schijf"
    disk.mkdir()
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    tried = subprocess.run([*alone, "mount", "-t", "tmpfs", "tmpfs", str(disk)], capture_output=True, text=True, check=False)
    if tried.returncode:
        why = f"this system lets nobody mount a small file system (as root, or with user namespaces): {tried.stderr.strip()}"
        assert "CI" not in os.environ, why
        pytest.skip(why)
    shell = f'mount -t tmpfs -o size={mebibytes}m tmpfs "{disk}" && exec "{sys.executable}" -c "$0" "{disk}"'
    return subprocess.run(
        [*alone, "sh", "-c", shell, script],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=patience_s,
    )
