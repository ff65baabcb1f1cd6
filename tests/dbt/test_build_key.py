"""The key of the build reaches dbt by a file that this user alone can read, never by an environment or a command line."""

import base64
import os
from pathlib import Path

import pytest

from orchestration.transform import dbt
from tests.lib.build import Build, build_in
from tests.lib.processes import Watched


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build on an empty registration."""
    build = build_in(tmp_path_factory.mktemp("bouw") / "vt")
    build.historie()
    return build


def spellings(build: Build) -> list[bytes]:
    key = build.keyring.derive("build")
    return [key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key)]


@pytest.mark.parametrize("memory", [True, False])
def test_no_process_shows_the_key_and_the_build_opens(build: Build, monkeypatch: pytest.MonkeyPatch, memory: bool) -> None:
    if not memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    with Watched() as watched:
        assert build.dbt("seed", "--select", "codelijsten", "--target", "build") == {"codelijsten": "success"}
    assert watched.of_dbt(), "dbt was not seen"
    for command, environment in watched.seen.values():
        assert not any(key in command + environment for key in spellings(build))
    assert list((build.settings.root / "tmp").iterdir()) == []


@pytest.mark.parametrize("memory", [True, False])
def test_the_file_is_its_owners_alone_and_goes(build: Build, monkeypatch: pytest.MonkeyPatch, memory: bool) -> None:
    if not memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    before = dict(os.environ)
    spill = build.settings.root / "tmp"
    left = spill / ".bouwsleutel.dead"
    left.write_text("of a process that was killed")
    with dbt.environment(build.settings, build.keyring) as names:
        path = Path(names["VT_DBT_BUILD_KEY_FILE"])
        assert path.read_text() == build.keyring.derive("build").hex()
        assert path.stat().st_mode & 0o777 == 0o600
        assert (path.parent == spill) is not memory
        assert not any(key.decode("latin-1") in value for key in spellings(build) for value in names.values())
        assert left.exists() is memory
        with dbt.environment(build.settings, build.keyring):  # another run does not take it away
            assert path.exists()
    assert not path.exists()
    assert dict(os.environ) == before
