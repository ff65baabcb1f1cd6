"""A backup put back is the data folder as it was; a damaged, foreign or unwanted one is refused."""

import io
import json
import os
import shutil
import signal
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration.register.register import Register
from orchestration.release import store
from orchestration.release.backup import FILES, FOLDERS, UNPACKED, BackupError, backup, restore
from orchestration.release.writer import only_writer
from orchestration.settings import Omgeving, Settings
from tests.lib.dying import Dying, run_dying
from tests.lib.handmade import HandmadeDelivery
from tests.lib.small_disk import run_on_small_disk
from tests.lib.warehouse import Warehouse, warehouse_in


@pytest.fixture
def full(tmp_path: Path) -> Warehouse:
    """A data folder with a delivery taken in and a release."""
    warehouse = warehouse_in(tmp_path / "vt")
    assert warehouse.take_in_one(HandmadeDelivery()).uitkomst == "opgenomen"
    (warehouse.settings.releases / "r1").mkdir(parents=True)
    (warehouse.settings.releases / "r1" / "release.json").write_text("{}")
    store.switch(warehouse.settings, "r1")
    (warehouse.settings.landing / ".wacht-00000002").mkdir()
    (warehouse.settings.root / "omgeving").write_text("ontwikkeling")
    return warehouse


def test_what_is_put_back_is_what_was_there_and_the_next_delivery_goes_on(full: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    assert backup(full.settings, file) > 15
    assert file.stat().st_mode & 0o777 == 0o600
    back = warehouse_in(tmp_path / "terug")
    restore(back.settings, file)
    before, after = full.files(), back.files()
    lost = {n for n in before if n not in after}
    assert {n: after[n] for n in after if not n.endswith(".lock")} == {n: before[n] for n in after if not n.endswith(".lock")}
    assert lost == {"keys/sleutel"} or all(n.startswith("keys/") or n.endswith(".lock") for n in lost)
    assert store.current(back.settings) == "r1"
    assert stat.S_IMODE(back.settings.inbox.stat().st_mode) == 0o700, "a zip that is copied there does not become a file of that name"
    assert not (back.settings.landing / ".wacht-00000002").exists()
    shutil.copytree(full.settings.root / "keys", back.settings.root / "keys", dirs_exist_ok=True)
    assert back.take_in_one(HandmadeDelivery(2)).uitkomst == "opgenomen"
    assert [d.nummer for d in Register(back.settings).leveringen()] == [1, 2]


def test_a_file_in_the_place_of_the_inbox(full: Warehouse, tmp_path: Path) -> None:
    backup(full.settings, tmp_path / "b.tar")
    back = warehouse_in(tmp_path / "terug")
    back.settings.inbox.write_bytes(b"PK")
    with pytest.raises(
        BackupError, match=r"inbox is a file, where the folder of deliveries should be: move it away.* Nothing was put back"
    ):
        restore(back.settings, tmp_path / "b.tar")
    assert [p.name for p in back.settings.root.iterdir()] == ["inbox"]


CUT_OFF = """
import os, signal, sys
from pathlib import Path
from orchestration.landing import process, takein
from orchestration.settings import Settings

process.phase = lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == "geplaatst" else None
takein.take_in_waiting(Settings(home=Path(sys.argv[1])), lambda text: None)
"""


def test_a_backup_of_after_an_intake_that_was_cut_off_can_be_gone_on_from(full: Warehouse, tmp_path: Path) -> None:
    """Folders of a delivery lie in place that no event tells of yet; the register's plan, a hidden file, names them."""
    HandmadeDelivery(2).zip(full.settings.inbox)
    assert run_dying(CUT_OFF, [str(full.settings.root)], tmp_path, 0).code == -signal.SIGKILL
    assert (full.settings.landing / "00000002").exists()
    backup(full.settings, tmp_path / "b.tar")
    back = warehouse_in(tmp_path / "terug")
    restore(back.settings, tmp_path / "b.tar")
    shutil.copytree(full.settings.root / "keys", back.settings.root / "keys")
    assert back.take_in_one(HandmadeDelivery(2)).uitkomst == "opgenomen"


def test_an_older_backup_without_the_folders_themselves_comes_back(full: Warehouse, tmp_path: Path) -> None:
    (full.settings.root / "omgeving").unlink()
    backup(full.settings, tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar") as whole, tarfile.open(tmp_path / "ouder.tar", "w") as older:
        for found in whole:
            if found.name not in FOLDERS:
                older.addfile(found, whole.extractfile(found) if found.isreg() else None)
    restore(Settings(home=tmp_path / "terug"), tmp_path / "ouder.tar")
    assert names(tmp_path / "terug") == names(full.settings.root)
    assert {(tmp_path / "terug" / n).stat().st_mode & 0o777 for n in ("landing", "register", "vault")} == {0o700}


def test_a_folder_that_holds_something_is_left_alone(full: Warehouse, tmp_path: Path) -> None:
    backup(full.settings, tmp_path / "b.tar")
    before = full.files()
    with pytest.raises(BackupError, match="not empty"):
        restore(full.settings, tmp_path / "b.tar")
    assert full.files() == before


def test_a_backup_is_never_written_over(full: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("dear")
    with pytest.raises(BackupError, match="there already"):
        backup(full.settings, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_text() == "dear"


def test_one_of_another_environment_is_refused(full: Warehouse, tmp_path: Path) -> None:
    backup(full.settings, tmp_path / "b.tar")
    other = Settings(home=tmp_path / "prod", omgeving=Omgeving.PRODUCTIE)
    with pytest.raises(BackupError, match="backup of ontwikkeling"):
        restore(other, tmp_path / "b.tar")


def test_one_that_was_cut_off_or_damaged_is_refused(full: Warehouse, tmp_path: Path) -> None:
    backup(full.settings, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError, match="not a whole backup"):
        restore(Settings(home=tmp_path / "a"), tmp_path / "half.tar")
    assert nothing(tmp_path / "a")
    at = whole.index(b"PAR1") + 10
    (tmp_path / "flip.tar").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(BackupError, match="parquet' is damaged"):
        restore(Settings(home=tmp_path / "b"), tmp_path / "flip.tar")
    assert nothing(tmp_path / "b")


def nothing(home: Path) -> bool:
    """Whether nothing was put back: a restore may leave its lock, and the folder itself."""
    return [p.name for p in home.iterdir()] == ["intake.lock"]


def names(home: Path) -> set[str]:
    """Everything that a backup holds, by its name in the data folder."""
    found = {p.relative_to(home).as_posix() for p in home.rglob("*")}
    return {n for n in found if n.split("/")[0] in {*FOLDERS, *FILES} and "/." not in n}


# --- modes -------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    os.umask(before)
    yield os.umask
    os.umask(before)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_modes_are_those_of_before_whatever_the_umask(full: Warehouse, tmp_path: Path, umask: Callable[[int], int], mask: int) -> None:
    root = full.settings.root
    (root / "logboek").mkdir(mode=0o700)
    (root / "logboek" / "open.json").write_text("{}")
    (root / "logboek" / "open.json").chmod(0o640)
    (root / "releases" / "r1").chmod(0o750)
    (root / "landing" / "00000001" / "casussen.parquet").chmod(0o400)
    umask(mask)
    backup(full.settings, tmp_path / "b.tar")
    restore(Settings(home=tmp_path / "terug"), tmp_path / "b.tar")
    assert names(tmp_path / "terug") == names(root)
    for name in names(root):
        before, after = (root / name).lstat().st_mode, (tmp_path / "terug" / name).lstat().st_mode
        assert oct(after) == oct(before), name
    assert stat.S_IMODE((tmp_path / "terug").stat().st_mode) == 0o700


# --- links, and what else is no file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["landing/00000001/meldingen.parquet", "landing/00000001", "vault", "archive/x", "omgeving"])
def test_a_data_folder_with_links_is_not_backed_up(full: Warehouse, tmp_path: Path, where: str) -> None:
    path = full.settings.root / where
    elsewhere = tmp_path / "elders"
    path.rename(elsewhere) if path.exists() else elsewhere.mkdir()
    path.symlink_to(elsewhere)
    (tmp_path / "uit").mkdir()
    with pytest.raises(BackupError, match=f"{path} is a link"):
        backup(full.settings, tmp_path / "uit" / "b.tar")
    assert list((tmp_path / "uit").iterdir()) == []


@pytest.mark.parametrize("leads", ["/etc", "../elders", "r1/../.."])
def test_current_may_only_lead_to_a_release(full: Warehouse, tmp_path: Path, leads: str) -> None:
    link = full.settings.releases / "current"
    link.unlink()
    link.symlink_to(leads)
    with pytest.raises(BackupError, match="current is a link"):
        backup(full.settings, tmp_path / "b.tar")


def test_a_current_that_leads_to_a_release_that_is_gone_comes_back_as_it_was(full: Warehouse, tmp_path: Path) -> None:
    shutil.rmtree(full.settings.releases / "r1")
    backup(full.settings, tmp_path / "b.tar")
    restore(Settings(home=tmp_path / "terug"), tmp_path / "b.tar")
    assert (tmp_path / "terug" / "releases" / "current").readlink() == Path("r1")


def test_a_pipe_is_not_backed_up(full: Warehouse, tmp_path: Path) -> None:
    os.mkfifo(full.settings.landing / "pijp")
    with pytest.raises(BackupError, match="pijp is neither a file nor a folder"):
        backup(full.settings, tmp_path / "b.tar")


def test_a_file_of_two_names_comes_back_as_two_files(full: Warehouse, tmp_path: Path) -> None:
    one = full.settings.landing / "00000001" / "meldingen.parquet"
    os.link(one, full.settings.landing / "00000001" / "kopie.parquet")
    backup(full.settings, tmp_path / "b.tar")
    restore(Settings(home=tmp_path / "terug"), tmp_path / "b.tar")
    back = tmp_path / "terug" / "landing" / "00000001"
    assert (back / "kopie.parquet").read_bytes() == (back / "meldingen.parquet").read_bytes() == one.read_bytes()
    assert (back / "kopie.parquet").stat().st_nlink == 1


def test_a_log_that_grows_meanwhile_is_kept_as_far_as_it_was(full: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = full.settings.root / "logboek" / "gebeurtenissen.jsonl"
    log.parent.mkdir()
    log.write_text("first\n")
    original = tarfile.TarFile.addfile

    def write_on(self: tarfile.TarFile, member: tarfile.TarInfo, file: io.BytesIO | None = None) -> None:
        if member.name.endswith(log.name):
            with log.open("a") as other:
                other.write("second\n")
        original(self, member, file)

    monkeypatch.setattr(tarfile.TarFile, "addfile", write_on)
    backup(full.settings, tmp_path / "b.tar")
    restore(Settings(home=tmp_path / "terug"), tmp_path / "b.tar")
    assert (tmp_path / "terug" / "logboek" / log.name).read_text() == "first\n"


def test_nothing_is_restored_over_a_link(full: Warehouse, tmp_path: Path) -> None:
    backup(full.settings, tmp_path / "b.tar")
    (tmp_path / "terug").mkdir()
    (tmp_path / "elders").mkdir()
    (tmp_path / "terug" / "landing").symlink_to(tmp_path / "elders")
    with pytest.raises(BackupError, match="landing is a link"):
        restore(Settings(home=tmp_path / "terug"), tmp_path / "b.tar")
    assert not any((tmp_path / "elders").iterdir())


# --- a file that is not what a backup makes -----------------------------------------------------------------------------------------------

Members = list[tuple[tarfile.TarInfo, bytes]]


def member(name: str, data: bytes = b"x", kind: bytes = tarfile.REGTYPE, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    found = tarfile.TarInfo(name)
    found.type, found.linkname, found.size, found.mode = kind, link, len(data) if kind == tarfile.REGTYPE else 0, 0o600
    return found, data


def listed(members: Members, change: Callable[[dict[str, str]], None]) -> Members:
    """The same with its list of checksums changed."""
    contents = json.loads(members[-1][1])
    change(contents["bestanden"])
    return [*members[:-1], member("inhoud.json", json.dumps(contents).encode())]


ONE = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
"""Checksum of an x."""

HOSTILE: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a path outside": (lambda m: [member("landing/../../weg"), *m], "is no part of a data folder"),
    "an absolute path": (lambda m: [member("/tmp/weg"), *m], "is no part of a data folder"),
    "the data folder itself": (lambda m: [member(".", kind=tarfile.DIRTYPE), *m], "is no part of a data folder"),
    "a key": (lambda m: listed([member("keys/sleutel"), *m], lambda s: s.update({"keys/sleutel": ONE})), "is no part of a data folder"),
    "a hidden file": (lambda m: listed([member("landing/.x"), *m], lambda s: s.update({"landing/.x": ONE})), "is no part of a data folder"),
    "a link outside": (lambda m: [member("landing/x", kind=tarfile.SYMTYPE, link="/etc/passwd"), *m], "links are none of it"),
    "a link inside": (lambda m: [member("landing/x", kind=tarfile.SYMTYPE, link="00000001"), *m], "links are none of it"),
    "a current outside": (
        lambda m: [member("releases/current", kind=tarfile.SYMTYPE, link=".."), *[x for x in m if x[0].name != "releases/current"]],
        "links are none of it",
    ),
    "a hard link": (lambda m: [*m[:-1], member("landing/x", kind=tarfile.LNKTYPE, link="omgeving"), m[-1]], "links are none of it"),
    "a device": (lambda m: [member("landing/x", kind=tarfile.CHRTYPE), *m], "links are none of it"),
    "a pipe": (lambda m: [member("landing/x", kind=tarfile.FIFOTYPE), *m], "links are none of it"),
    "a folder that is a file": (lambda m: listed([member("vault"), *m], lambda s: s.update({"vault": ONE})), "links are none of it"),
    "a name twice": (lambda m: [*m[:-1], m[-2], m[-1]], "is in it twice"),
    "a list twice": (lambda m: [m[-1], *m], "is in it twice"),
    "a file that the list does not know": (lambda m: [member("landing/x"), *m], "is not in its list"),
    "a file on the list that is not there": (
        lambda m: listed(m, lambda s: s.update({"landing/x": ONE})),
        "files are missing: 1, 'landing/x' first",
    ),
    "a checksum that is not right": (lambda m: listed(m, lambda s: s.update(dict.fromkeys(s, ONE))), "is damaged"),
    "a file below a file": (
        lambda m: listed([member("landing/x"), member("landing/x/y"), *m], lambda s: s.update({"landing/x": ONE, "landing/x/y": ONE})),
        "restore stopped",
    ),
    "a register that is not whole": (
        lambda m: listed([member("register/00000001-x.json"), *m], lambda s: s.update({"register/00000001-x.json": ONE})),
        "the register in it is not whole",
    ),
    "no list": (lambda m: m[:-1], "is not a whole backup"),
    "a list that is none": (lambda m: [*m[:-1], member("inhoud.json", b"[" * 100_000)], "is not a whole backup"),
    "a list of something else": (lambda m: [*m[:-1], member("inhoud.json", b'{"bestanden": 1, "omgeving": 2}')], "is not a whole backup"),
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_what_a_backup_never_holds_is_refused_whole(full: Warehouse, tmp_path: Path, fault: str) -> None:
    backup(full.settings, tmp_path / "b.tar")
    change, sentence = HOSTILE[fault]
    with tarfile.open(tmp_path / "b.tar") as archive:
        members = [(m, f.read() if (f := archive.extractfile(m) if m.isreg() else None) else b"") for m in archive]
    with tarfile.open(tmp_path / "fout.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        for found, data in change(members):
            archive.addfile(found, io.BytesIO(data))
    with pytest.raises(BackupError, match=sentence):
        restore(Settings(home=tmp_path / "terug"), tmp_path / "fout.tar")
    assert nothing(tmp_path / "terug")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.tar", "fout.tar", "terug", "vt"]
    restore(Settings(home=tmp_path / "terug"), tmp_path / "b.tar")


def test_any_byte_that_changed_ends_in_a_sentence(full: Warehouse, tmp_path: Path) -> None:
    """A byte of every block of 512 of the first megabytes: headers, names, sizes, contents, the list."""
    backup(full.settings, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    settings, refused = Settings(home=tmp_path / "terug"), 0
    for at in range(0, len(whole), 512 * 3 + 37):
        (tmp_path / "fout.tar").write_bytes(whole[:at] + bytes([whole[at] ^ 0x11]) + whole[at + 1 :])
        try:
            restore(settings, tmp_path / "fout.tar")
        except BackupError:
            refused += 1
            assert nothing(settings.root)
        else:  # a byte that means nothing: between members, or a moment
            assert names(settings.root) == names(full.settings.root)
            shutil.rmtree(settings.root)
    assert refused > 20


# --- a full disk, and death ---------------------------------------------------------------------------------------------------------------

SMALL_DISK = """
import os, sys
from pathlib import Path
from orchestration.release.backup import FILES, FOLDERS, UNPACKED, BackupError, backup, restore
from orchestration.settings import Settings

disk = Path(sys.argv[1])
full, back = Settings(home=disk / "vt"), Settings(home=disk / "terug")
(full.root / "logboek").mkdir(parents=True)
for i in range(20):
    (full.root / "logboek" / f"{i}.json").write_bytes(os.urandom(20_000))
(disk / "uit").mkdir()
for name, work, left in (
    ("backup", lambda: backup(full, disk / "uit" / "b.tar"), lambda: list((disk / "uit").iterdir())),
    ("restore", lambda: restore(back, disk / "uit" / "b.tar"), lambda: [p for p in back.root.iterdir() if p.name != "intake.lock"]),
):
    for room in range(8, 2000, 40):
        free = os.statvfs(disk)
        (disk / "ballast").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room * 1024)))
        try:
            work()
        except BackupError as error:
            assert not left(), left()
            print(name, error)
        else:
            (disk / "ballast").unlink()
            print(name, "done")
            break
        (disk / "ballast").unlink()
"""


def test_a_full_disk_leaves_nothing_half(tmp_path: Path) -> None:
    done = run_on_small_disk(tmp_path, 4, SMALL_DISK)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.splitlines()
    for name, sentence in (("backup", "Nothing of it was kept. Make room"), ("restore", "Nothing was put back. Make room")):
        lines = [line for line in told if line.startswith(name)]
        assert lines[-1] == f"{name} done"
        assert len(lines) > 5
        assert all("No space left on device" in line and sentence in line for line in lines[:-1]), lines


BACKUP = "backup(Settings(home=Path(sys.argv[1])), Path(sys.argv[2]))"
RESTORE = "restore(Settings(home=Path(sys.argv[1])), Path(sys.argv[2]))"
IMPORTS = """
import os, sys
from pathlib import Path
from orchestration.release.backup import backup, restore
from orchestration.settings import Settings
os.fsync = lambda handle: None
"""


def test_a_backup_that_was_killed_leaves_no_backup_and_the_next_one_sweeps_up(full: Warehouse, tmp_path: Path) -> None:
    with Dying(BACKUP, tmp_path, imports=IMPORTS) as dying:
        (tmp_path / "heel").mkdir()
        whole = dying.run(str(full.settings.root), str(tmp_path / "heel" / "b.tar"))
        assert whole.code == 0, whole.err
        assert whole.events > 3
        for n in range(1, whole.events + 1):
            out = tmp_path / str(n)
            out.mkdir()
            assert dying.run(str(full.settings.root), str(out / "b.tar"), n=n).code == -signal.SIGKILL
            if (out / "b.tar").exists():
                assert restore(Settings(home=out / "terug"), out / "b.tar") > 15
                assert n == whole.events
            backup(full.settings, out / "c.tar")
            assert {p.name for p in out.iterdir()} - {"b.tar", "terug"} == {"c.tar"}
    assert (tmp_path / str(whole.events) / "b.tar").exists()


def test_a_restore_that_was_killed_goes_on_when_it_is_run_again(full: Warehouse, tmp_path: Path) -> None:
    backup(full.settings, tmp_path / "b.tar")
    expected = {n: p.read_bytes() for n in names(full.settings.root) if (p := full.settings.root / n).is_file()}
    with Dying(RESTORE, tmp_path, imports=IMPORTS) as dying:
        whole = dying.run(str(tmp_path / "heel"), str(tmp_path / "b.tar"))
        assert whole.code == 0, whole.err
        assert whole.events > 40
        placing = 0
        for n in range(1, whole.events + 1):
            settings = Settings(home=tmp_path / "terug")
            assert dying.run(str(settings.root), str(tmp_path / "b.tar"), n=n).code == -signal.SIGKILL
            if cut_off := (settings.root / UNPACKED).exists():
                placing += 1
                with pytest.raises(BackupError, match="Run the same vt restore again"), only_writer(settings):
                    pass
            restore(settings, tmp_path / "b.tar")
            found = {name: (settings.root / name).read_bytes() for name in names(settings.root) if (settings.root / name).is_file()}
            assert found == expected, (n, cut_off)
            assert not [p.name for p in settings.root.iterdir() if p.name.startswith(".")]
            shutil.rmtree(settings.root)
    assert placing > 5


def test_another_backup_does_not_go_on_where_one_was_cut_off(full: Warehouse, tmp_path: Path) -> None:
    backup(full.settings, tmp_path / "een.tar")
    assert full.take_in_one(HandmadeDelivery(2)).uitkomst == "opgenomen"
    backup(full.settings, tmp_path / "twee.tar")
    settings = Settings(home=tmp_path / "terug")
    with Dying(RESTORE, settings.root, events=("os.rename",), imports=IMPORTS) as dying:
        assert dying.run(str(settings.root), str(tmp_path / "een.tar"), n=3).code == -signal.SIGKILL
    with pytest.raises(BackupError, match="another backup was cut off"):
        restore(settings, tmp_path / "twee.tar")
    restore(settings, tmp_path / "een.tar")
    assert [d.nummer for d in Register(settings).leveringen()] == [1]
