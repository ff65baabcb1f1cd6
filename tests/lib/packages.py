"""Programs of others that a test asks, from Debian."""

import os
import shutil
import subprocess

import pytest

from orchestration.settings import PROJECT


def installed(program: str, *packages: str) -> str:
    """The path of a program, with the packages that it and the test need. Without them a test is skipped, but not in CI."""
    for package in packages:
        there = subprocess.run(["dpkg-query", "--show", "--showformat", "${Status}", package], capture_output=True, text=True, check=False)
        if there.stdout == "install ok installed":
            continue
        done = subprocess.run([PROJECT / "scripts" / "install_package", package, package], capture_output=True, text=True, check=False)
        if done.returncode == 3 and "CI" not in os.environ:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stderr
    found = shutil.which(program)
    assert found, f"{packages} brought no {program}"
    return found
