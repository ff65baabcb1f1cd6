"""Whatever the caller's umask: what a night leaves behind is its user's alone, and no process shows a key meanwhile."""

import os
import subprocess
from pathlib import Path

import pytest

from orchestration.demo import write_small
from orchestration.files import FILE_MODE, FOLDER_MODE
from orchestration.keys.keyring import open_keyring
from tests.lib.processes import Watched
from tests.lib.vt import VT

pytestmark = pytest.mark.xdist_group("rights")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Watched]:
    """A refresh of a small delivery by someone with umask 000, watched from beside; its data folder did not exist."""
    home = tmp_path_factory.mktemp("nacht") / "data" / "vt"
    delivery = write_small(tmp_path_factory.mktemp("klein"))[0]
    environment = {**os.environ, "VT_HOME": str(home)}
    first = subprocess.run([VT, "refresh"], env=environment, umask=0, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stdout + first.stderr  # nothing waits: the folder is made
    (home / "inbox").mkdir(exist_ok=True)
    delivery.rename(home / "inbox" / delivery.name)
    with Watched() as watched:
        done = subprocess.run([VT, "refresh"], env=environment, umask=0, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return home, watched


def test_files_and_folders_are_their_owners_alone(night: tuple[Path, Watched]) -> None:
    home, _ = night
    made = {p for p in (home.parent, home, *home.rglob("*")) if not p.is_symlink()}
    made.discard(home / "inbox")  # made by whoever delivers
    assert {"build", "dagster", "keys", "landing", "logboek", "register", "releases", "tmp", "vault"} <= {p.name for p in home.iterdir()}
    wrong = {str(p.relative_to(home.parent)): oct(p.stat().st_mode & 0o777) for p in made if p.stat().st_mode & 0o777 != _mode(p)}
    assert wrong == {}


def _mode(path: Path) -> int:
    return FOLDER_MODE if path.is_dir() else FILE_MODE


def test_no_process_shows_a_key(night: tuple[Path, Watched]) -> None:
    home, watched = night
    keyring = open_keyring(home / "keys" / "sleutel")
    keys = [keyring.master, *(keyring.derive(p) for p in ("pseudoniem", "vault", "archive", "quarantine", "build"))]
    assert watched.of_dbt(), "dbt was not seen"
    for command, environment in watched.seen.values():
        for key in keys:
            assert key not in command + environment
            assert key.hex().encode() not in (command + environment).lower()
