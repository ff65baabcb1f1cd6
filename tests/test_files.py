"""A file is there whole or not at all, whoever dies or comes in between; a line is never swallowed by one that was cut off."""

import fcntl
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.files import append_line, beside, make_folder, put, sweep, sync, write_new, write_over
from tests.lib.dying import Dying
from tests.lib.small_disk import run_on_small_disk


@pytest.fixture(params=[0o000, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.usefixtures("umask")
def test_all_is_its_owners_alone(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "a" / "b")
    write_new(folder / "new", b"1")
    write_over(folder / "over", b"1")
    append_line(folder / "log", "1", force=False)
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "a", folder)} == {0o700}
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}


def test_what_is_there_is_not_written_over_unless_that_is_meant(tmp_path: Path) -> None:
    write_new(tmp_path / "x", b"first")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "x", b"second")
    assert (tmp_path / "x").read_bytes() == b"first"
    write_over(tmp_path / "x", b"third")
    assert (tmp_path / "x").read_bytes() == b"third"
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("work", ["write_new", "write_over"])
def test_killed_at_any_moment_there_is_the_old_or_the_new_one(tmp_path: Path, work: str) -> None:
    code = f"{work}(Path(sys.argv[1]), b'new' * 100_000)"
    imports = "import sys\nfrom pathlib import Path\nfrom orchestration.files import write_new, write_over"
    with Dying(code, tmp_path, imports=imports) as dying:
        events = dying.run(str(tmp_path / "x")).events
        assert events == 4
        for n in range(1, events + 1):
            path = tmp_path / str(n) / "x"
            path.parent.mkdir()
            if work == "write_over":
                path.write_bytes(b"old")
            died = dying.run(str(path), n=n)
            assert (died.code, died.events) == (-signal.SIGKILL, n - 1)
            assert (path.read_bytes() if path.exists() else None) in {b"new" * 100_000, b"old" if work == "write_over" else None}
            write_over(path, b"newer")
            assert (path.read_bytes(), names(path.parent)) == (b"newer", ["x"])


def test_what_is_being_written_is_not_swept_and_what_was_left_is(tmp_path: Path) -> None:
    (tmp_path / ".x.dead").write_text("")
    (tmp_path / ".y.dead").write_text("")
    (tmp_path / "x").write_text("")
    with beside(tmp_path, "x") as file:
        sweep(tmp_path, "x")
        assert names(tmp_path) == sorted([Path(file.name).name, ".y.dead", "x"])
        file.write(b"whole")
        put(file, tmp_path / "z")
    assert names(tmp_path) == [".y.dead", "x", "z"]
    assert (tmp_path / "z").read_bytes() == b"whole"


def test_one_that_was_swept_before_it_was_locked_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    original = tempfile.NamedTemporaryFile

    def swept(**how: object) -> object:
        file = original(**how)  # type: ignore[call-overload]
        made.append(file.name)
        if len(made) == 1:
            Path(file.name).unlink()
        return file

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", swept)
    write_new(tmp_path / "x", b"1")
    assert (len(made), names(tmp_path)) == (2, ["x"])


def test_a_link_is_no_file_to_force_to_disk(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to("nowhere")
    sync(tmp_path)


# --- lines --------------------------------------------------------------------------------------------------------------------------------


def test_a_line_after_one_that_was_cut_off_begins_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "log"
    append_line(path, "one", force=True)
    with path.open("a") as file:
        file.write("half")
    append_line(path, "two", force=True)
    append_line(path, "three", force=True)
    assert path.read_text() == "one\nhalf\ntwo\nthree\n"


def test_a_line_waits_for_the_line_of_another_process(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("half")
    code = "append_line(Path(sys.argv[1]), 'theirs', force=False)"
    imports = "import sys\nfrom pathlib import Path\nfrom orchestration.files import append_line"
    with path.open("a") as file, Dying(code, tmp_path, imports=imports) as other:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert other.process.stdin is not None and other.process.stdout is not None
        other.process.stdin.write('[0, ["' + str(path) + '"]]\n')
        other.process.stdin.flush()
        file.write(" and whole\n")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_UN)
        assert other.process.stdout.readline() == "0\n"
    assert path.read_text() == "half and whole\ntheirs\n"


FULL = """
import os, sys
from pathlib import Path
from orchestration.files import append_line, write_new, write_over

disk = Path(sys.argv[1])
log, whole = disk / "log", disk / "whole"
append_line(log, "first", force=True)
write_over(whole, b"old")
with (disk / "ballast").open("wb", buffering=0) as ballast:
    try:
        while True:
            ballast.write(bytes(4096))
    except OSError:
        pass
for work, path in ((lambda *a: append_line(*a, force=True), log), (write_over, whole), (write_new, disk / "new")):
    try:
        work(path, "x" * 9000 if path == log else bytes(9000))
        raise AssertionError("there was room")
    except OSError as error:
        print(error.strerror, error.filename)
assert log.read_text() == "first\\n"
assert whole.read_bytes() == b"old"
print(sorted(p.name for p in disk.iterdir()))
"""


def test_a_full_disk_leaves_what_was_there_and_the_error_names_the_file(tmp_path: Path) -> None:
    done = run_on_small_disk(tmp_path, 1, FULL)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.splitlines()
    assert [line.rpartition("/")[2] for line in told[:3]] == ["log", "whole", "new"]
    assert all(line.startswith("No space left on device ") for line in told[:3])
    assert told[3] == "['ballast', 'log', 'whole']"


# --- the helper that kills ----------------------------------------------------------------------------------------------------------------


def test_a_file_that_is_made_and_then_filled_is_caught_half(tmp_path: Path) -> None:
    """The way a key was once made: there is a moment at which it is empty."""
    code = "handle = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600); os.fdopen(handle, 'w').write('whole')"
    with Dying(code, tmp_path, imports="import os, sys") as dying:
        assert dying.run(str(tmp_path / "a")).events == 2
        assert dying.run(str(tmp_path / "b"), n=2).code == -signal.SIGKILL
        failed = dying.run(str(tmp_path / "a"))
    assert (tmp_path / "b").read_bytes() == b""
    assert failed.code == 1 and "FileExistsError" in failed.err
