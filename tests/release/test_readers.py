"""Groups that may read a release: what they can open, and what they can not."""

import grp
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.files import make_folder
from orchestration.release import public, rights, store, trace
from orchestration.release.rights import RightsError
from orchestration.settings import Settings
from tests.lib.machine import needs

SOMEBODY = 65533
"""A user of no name and no group of its own."""
DATABASE, SHOWN = store.DATABASE, public.FOLDER / "veilig_thuis_publiek.duckdb"
TRACED, TRUTH = trace.FOLDER / "facts.fct_meldingen.parquet", public.WITHIN / public.TRUTH
EVERYTHING = (DATABASE, SHOWN, TRACED, TRUTH, Path("release.json"))


@pytest.fixture
def groups() -> tuple[str, str]:
    """Two groups of this machine that are not this user's own."""
    if os.geteuid() != 0:
        assert "CI" not in os.environ
        pytest.skip("only root may give files to a group that it is no member of: sudo .venv/bin/pytest tests/release/test_readers.py")
    names = [g.gr_name for g in grp.getgrall() if g.gr_gid not in {0, *os.getgroups()} and not g.gr_mem]
    return names[0], names[1]


@pytest.fixture
def settings(groups: tuple[str, str]) -> Iterator[Settings]:
    folder = Path(tempfile.mkdtemp(prefix="veilig-thuis-", dir="/tmp"))
    folder.chmod(0o711)
    yield Settings(home=folder / "data", groep_intern=groups[0], groep_publiek=groups[1])
    shutil.rmtree(folder)


@pytest.fixture
def release(settings: Settings) -> Path:
    for name in ("landing", "keys"):
        make_folder(settings.root / name)
    settings.key_path.write_bytes(bytes(32))
    settings.key_path.chmod(0o600)
    folder = make_folder(settings.releases / "r1")
    for name in EVERYTHING:
        make_folder((folder / name).parent)
        (folder / name).write_text("figures")
    rights.give(settings, folder)
    (settings.releases / store.CURRENT).symlink_to("r1")
    return folder


def reads(group: str, *command: Path | str) -> bool:
    """Whether somebody who is a member of one group can run a command."""
    needs("setpriv", "util-linux")
    who = ["setpriv", f"--reuid={SOMEBODY}", f"--regid={grp.getgrnam(group).gr_gid}", "--clear-groups", "--no-new-privs"]
    return subprocess.run([*who, *map(str, command)], capture_output=True, check=False).returncode == 0


def test_each_group_reads_its_own_part_and_nothing_else(settings: Settings, release: Path, groups: tuple[str, str]) -> None:
    intern, publiek = groups
    through = settings.releases / store.CURRENT
    assert {name for name in EVERYTHING if reads(intern, "cat", through / name)} == {DATABASE}
    assert {name for name in EVERYTHING if reads(publiek, "cat", through / name)} == {SHOWN}
    assert reads(intern, "ls", through / "intern") and reads(publiek, "ls", through / "publiek")
    for group in groups:
        assert not reads(group, "cat", settings.key_path)
        assert not any(reads(group, "ls", p) for p in (settings.root, settings.releases, through / ".", settings.root / "landing"))
        assert not reads(group, "touch", release / "intern" / "x") and not reads(group, "touch", release / DATABASE)


def test_without_a_group_a_release_is_for_its_owner_alone(settings: Settings, release: Path, groups: tuple[str, str]) -> None:
    rights.give(Settings(home=settings.root), release)
    assert {oct(p.stat().st_mode & 0o077) for p in release.rglob("*")} == {oct(0)}
    assert not any(reads(group, "cat", release / name) for group in groups for name in EVERYTHING)


@pytest.mark.parametrize("what", ["keys", "landing"])
@pytest.mark.parametrize("mode", [0o701, 0o704, 0o750])
def test_a_folder_that_a_group_could_enter_is_refused(
    settings: Settings, release: Path, groups: tuple[str, str], what: str, mode: int
) -> None:
    path = settings.root / what
    os.chown(path, -1, grp.getgrnam(groups[0]).gr_gid)
    path.chmod(mode)
    with pytest.raises(RightsError, match=f"{path} is open to them \\(mode {mode:o}\\). Close it: chmod go= {path}"):
        rights.give(settings, release)


def test_a_key_that_lies_elsewhere_is_held_to_the_same(settings: Settings, release: Path, tmp_path: Path) -> None:
    key = tmp_path / "sleutel"
    key.write_bytes(bytes(32))
    key.chmod(0o644)
    with pytest.raises(RightsError, match="is open to them"):
        rights.hold(Settings(home=settings.root, key_file=key, groep_publiek=settings.groep_publiek))
    key.chmod(0o600)
    assert rights.hold(Settings(home=settings.root, key_file=key, groep_publiek=settings.groep_publiek))


def test_another_group_may_deliver_into_the_inbox(settings: Settings, release: Path) -> None:
    inbox = make_folder(settings.inbox)
    inbox.chmod(0o770)
    assert len(rights.hold(settings)) == 2


def test_a_group_that_is_not_there(settings: Settings) -> None:
    with pytest.raises(RightsError, match="There is no group lezers9"):
        rights.hold(Settings(home=settings.root, groep_publiek="lezers9"))
