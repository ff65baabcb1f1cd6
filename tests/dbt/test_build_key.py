"""The key of the build reaches dbt by a file that this user alone can read, never by an environment or a command line."""

import base64
import os
from pathlib import Path

import pytest

from orchestration.transform import dbt
from tests.lib.build import Bouw, bouw_in
from tests.lib.processes import Watched


@pytest.fixture(scope="module")
def bouw(tmp_path_factory: pytest.TempPathFactory) -> Bouw:
    """A build on an empty registration."""
    bouw = bouw_in(tmp_path_factory.mktemp("bouw") / "vt")
    bouw.historie()
    return bouw


def spellings(bouw: Bouw) -> list[bytes]:
    key = bouw.keyring.derive("build")
    return [key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key)]


@pytest.mark.parametrize("memory", [True, False])
def test_no_process_shows_the_key_and_the_build_opens(bouw: Bouw, monkeypatch: pytest.MonkeyPatch, memory: bool) -> None:
    if not memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    with Watched() as watched:
        assert bouw.dbt("seed", "--select", "codelijsten", "--target", "build") == {"codelijsten": "success"}
    assert watched.of_dbt(), "dbt was not seen"
    for command, environment in watched.seen.values():
        assert not any(key in command + environment for key in spellings(bouw))
    assert list((bouw.settings.root / "tmp").iterdir()) == []


@pytest.mark.parametrize("memory", [True, False])
def test_the_file_is_its_owners_alone_and_goes(bouw: Bouw, monkeypatch: pytest.MonkeyPatch, memory: bool) -> None:
    if not memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    before = dict(os.environ)
    spill = bouw.settings.root / "tmp"
    left = spill / ".bouwsleutel.dead"
    left.write_text("of a process that was killed")
    with dbt.environment(bouw.settings, bouw.keyring) as names:
        path = Path(names["VT_DBT_BUILD_KEY_FILE"])
        assert path.read_text() == bouw.keyring.derive("build").hex()
        assert path.stat().st_mode & 0o777 == 0o600
        assert (path.parent == spill) is not memory
        assert not any(key.decode("latin-1") in value for key in spellings(bouw) for value in names.values())
        assert left.exists() is memory
        with dbt.environment(bouw.settings, bouw.keyring):  # another run does not take it away
            assert path.exists()
    assert not path.exists()
    assert dict(os.environ) == before
