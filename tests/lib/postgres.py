"""A PostgreSQL of our own, for the length of a module of tests."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

from orchestration.settings import PROJECT


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a server for the tests of a module."""
    with served() as address:
        yield address


def empty_database(server: str, name: str) -> str:
    """The address of an empty database on ``server``; one of that name that is there goes, whoever uses it."""
    with closing(psycopg2.connect(server)) as con:
        con.autocommit = True
        con.cursor().execute(f"drop database if exists {name} with (force)")
        con.cursor().execute(f"create database {name}")
    return f"{server.rpartition('/')[0]}/{name}"


@contextmanager
def served() -> Iterator[str]:
    """The address of a server, as long as it is wanted. Without PostgreSQL the tests are skipped, but not in CI."""
    folder = tempfile.mkdtemp(prefix="pg-", dir="/tmp")  # a short path: it holds a socket
    Path(folder).chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = str(PROJECT / "scripts" / "postgres")
    started = subprocess.run([script, "start", folder, str(port)], capture_output=True, text=True, check=False)
    if started.returncode == 3 and "CI" not in os.environ:
        pytest.skip(started.stderr.strip())
    assert started.returncode == 0, started.stderr
    try:
        yield started.stdout.strip()
    finally:
        subprocess.run([script, "stop", folder], check=True, capture_output=True)
        shutil.rmtree(folder)
