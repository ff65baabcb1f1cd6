"""A full disk, a delivery that grows while it is read, a mountain of bad rows: a clear sentence, an intact landing, a next run."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest

from orchestration.intake.delivery import FolderSource
from orchestration.register.register import Register
from orchestration.settings import PROJECT
from tests.lib.handmade import HandmadeDelivery
from tests.lib.small_disk import run_on_small_disk
from tests.lib.warehouse import Warehouse

SMALL_DISK = """
import os, sys
from pathlib import Path
from orchestration.errors import UserError
from orchestration.register.register import Register
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import Warehouse
from orchestration.settings import Settings

disk = Path(sys.argv[1])
settings = Settings(home=disk / "vt", threads=1)
settings.root.mkdir()
warehouse = Warehouse(settings)
assert warehouse.take_in_one(HandmadeDelivery(1)).uitkomst == "opgenomen"
before = {k: v for k, v in warehouse.files().items() if not k.endswith("jsonl")}
stopped = 0
number = 2
for room in range(0, 400, 8):
    HandmadeDelivery(number).zip(settings.inbox)
    free = os.statvfs(disk)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room * 1024)))
    try:
        (outcome,) = warehouse.take_in()
    except UserError as error:
        stopped += 1
        print(room, "KiB left:", error)
    else:
        print(room, "KiB left:", outcome.uitkomst)
        number += 1
    ballast.unlink()
    after = warehouse.files()
    assert {k: after.get(k) for k in before} == before
    assert [d.nummer for d in Register(settings).leveringen()] == list(range(1, number))
    if number > 4:
        break
else:
    raise AssertionError("never went on")
assert stopped > 5, stopped
print("stopped", stopped)
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """On a file system of 4 MiB, with ever more room: every phase runs into its end once."""
    done = run_on_small_disk(tmp_path, 4, SMALL_DISK)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if "KiB left" in line]
    assert sum(line.endswith(": opgenomen") for line in told) == 3
    for line in told:
        assert line.endswith(": opgenomen") or "Make room" in line or "See that there is room on the disk" in line, line
    assert "Traceback" not in done.stderr


NOBODY = """
import os, shutil, sys
from pathlib import Path
from orchestration.errors import UserError
from orchestration.settings import Settings
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import Warehouse

root = Path(sys.argv[1])
warehouse = Warehouse(Settings(home=root / "vt", threads=1))
warehouse.settings.root.mkdir()
assert warehouse.take_in_one(HandmadeDelivery(1)).uitkomst == "opgenomen"
before = {k: v for k, v in warehouse.files().items() if not k.endswith("jsonl")}
if os.geteuid() == 0:
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    os.seteuid(65534)
for number, name in enumerate(("landing", "vault", "register", "archive", "inbox"), 2):
    HandmadeDelivery(number).zip(warehouse.settings.inbox)
    folder = warehouse.settings.root / name
    folder.chmod(0o500)
    try:
        warehouse.take_in()
        print(name, "no error")
    except UserError as error:
        print(name, error)
    folder.chmod(0o700)
    after = warehouse.files()
    assert {k: after.get(k) for k in before} == before, name
    found = warehouse.take_in()
    assert [u.uitkomst for u in found] in (["opgenomen"], ["al_opgenomen"]), (name, found)
path = HandmadeDelivery(7).zip(warehouse.settings.inbox)
path.chmod(0)
try:
    warehouse.take_in()
except UserError as error:
    print("delivery", error)
path.chmod(0o600)
assert warehouse.take_in()[0].uitkomst == "opgenomen"
"""


def test_no_permission() -> None:
    """Without the right to write in any of the folders, or to read the delivery: as an ordinary user, whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="vt-rechten-") as folder:
        Path(folder).chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", NOBODY, folder],
            cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert set(told) == {"landing", "vault", "register", "archive", "inbox", "delivery"}
    for line in told.values():
        assert "Permission denied" in line
        assert "give the rights, then run the refresh again" in line


def test_a_field_of_two_gigabytes(warehouse: Warehouse) -> None:
    """A real one in CI, a thirty-second of it elsewhere: refused at its first mebibyte."""
    folder = HandmadeDelivery().map(warehouse.settings.inbox)
    with (folder / "casussen.csv").open("ab") as file:
        for _ in range(2048 if os.environ.get("CI") else 64):
            file.write(b"x" * (1 << 20))
    (outcome,) = warehouse.take_in()
    assert (outcome.uitkomst, outcome.code) == ("geweigerd", "te_lang")
    assert "file casussen.csv, line 4: a record is longer than 1 MiB" in outcome.reden
    assert Register(warehouse.settings).leveringen() == []


def test_a_delivery_that_grows_while_it_is_read(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = HandmadeDelivery().map(warehouse.settings.inbox)
    original = FolderSource.open

    def write_on(self: FolderSource, name: str) -> IO[bytes]:
        file = original(self, name)
        if name == "meldingen.csv":
            with (folder / name).open("ab") as other:
                other.write(b"M9;C1;2024-01-04T10:00:00+01:00;politie;ja;GM0363;A;AA01;1;2;;\n")
        return file

    monkeypatch.setattr(FolderSource, "open", write_on)
    (outcome,) = warehouse.take_in()
    assert (outcome.uitkomst, outcome.code) == ("geweigerd", "controlesom")
    assert Register(warehouse.settings).leveringen() == []


def test_a_mountain_of_bad_rows(warehouse: Warehouse) -> None:
    rows = 1_000_000 if os.environ.get("CI") else 50_000
    content = b"huisverbod_nummer;casus_nummer;opgelegd_op;aanvrager\n" + b"".join(b"X%d;C1;2024-01-04;buurman\n" % i for i in range(rows))
    delivery = HandmadeDelivery(files={"huisverboden.csv": content}, counts={"huisverboden": rows})
    count = warehouse.take_in_one(delivery).entiteiten["huisverboden"]
    assert (count.gelezen, count.opgenomen, count.quarantaine) == (rows, 0, rows)
    assert warehouse.take_in_one(HandmadeDelivery(2)).uitkomst == "opgenomen"
    assert warehouse.query("select status, count(*) from quarantaine group by all") == [("gecorrigeerd", rows)]
