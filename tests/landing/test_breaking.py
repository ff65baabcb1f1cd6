"""A full disk, a delivery that grows while it is read, a mountain of bad rows: a clear sentence, an intact landing, a next run."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest

from orchestration.intake.delivery import MapBron
from orchestration.register.register import Register
from orchestration.settings import PROJECT
from tests.lib.handmade import Aanlevering
from tests.lib.small_disk import run_on_small_disk
from tests.lib.warehouse import Magazijn

SMALL_DISK = """
import os, sys
from pathlib import Path
from orchestration.errors import GebruikersFout
from orchestration.register.register import Register
from tests.lib.handmade import Aanlevering
from tests.lib.warehouse import Magazijn
from orchestration.settings import Settings

disk = Path(sys.argv[1])
settings = Settings(home=disk / "vt", threads=1)
settings.root.mkdir()
magazijn = Magazijn(settings)
assert magazijn.een(Aanlevering(1)).uitkomst == "opgenomen"
before = {k: v for k, v in magazijn.bestanden().items() if not k.endswith("jsonl")}
stopped = 0
number = 2
for room in range(0, 400, 8):
    Aanlevering(number).zip(settings.inbox)
    free = os.statvfs(disk)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room * 1024)))
    try:
        (uitslag,) = magazijn.neem()
    except GebruikersFout as error:
        stopped += 1
        print(room, "KiB left:", error)
    else:
        print(room, "KiB left:", uitslag.uitkomst)
        number += 1
    ballast.unlink()
    after = magazijn.bestanden()
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
from orchestration.errors import GebruikersFout
from orchestration.settings import Settings
from tests.lib.handmade import Aanlevering
from tests.lib.warehouse import Magazijn

root = Path(sys.argv[1])
magazijn = Magazijn(Settings(home=root / "vt", threads=1))
magazijn.settings.root.mkdir()
assert magazijn.een(Aanlevering(1)).uitkomst == "opgenomen"
before = {k: v for k, v in magazijn.bestanden().items() if not k.endswith("jsonl")}
if os.geteuid() == 0:
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    os.seteuid(65534)
for number, name in enumerate(("landing", "vault", "register", "archive", "inbox"), 2):
    Aanlevering(number).zip(magazijn.settings.inbox)
    folder = magazijn.settings.root / name
    folder.chmod(0o500)
    try:
        magazijn.neem()
        print(name, "no error")
    except GebruikersFout as error:
        print(name, error)
    folder.chmod(0o700)
    after = magazijn.bestanden()
    assert {k: after.get(k) for k in before} == before, name
    found = magazijn.neem()
    assert [u.uitkomst for u in found] in (["opgenomen"], ["al_opgenomen"]), (name, found)
path = Aanlevering(7).zip(magazijn.settings.inbox)
path.chmod(0)
try:
    magazijn.neem()
except GebruikersFout as error:
    print("delivery", error)
path.chmod(0o600)
assert magazijn.neem()[0].uitkomst == "opgenomen"
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


def test_a_field_of_two_gigabytes(magazijn: Magazijn) -> None:
    """A real one in CI, a thirty-second of it elsewhere: refused at its first mebibyte."""
    folder = Aanlevering().map(magazijn.settings.inbox)
    with (folder / "casussen.csv").open("ab") as file:
        for _ in range(2048 if os.environ.get("CI") else 64):
            file.write(b"x" * (1 << 20))
    (uitslag,) = magazijn.neem()
    assert (uitslag.uitkomst, uitslag.code) == ("geweigerd", "te_lang")
    assert "file casussen.csv, line 4: a record is longer than 1 MiB" in uitslag.reden
    assert Register(magazijn.settings).leveringen() == []


def test_a_delivery_that_grows_while_it_is_read(magazijn: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Aanlevering().map(magazijn.settings.inbox)
    original = MapBron.open

    def write_on(self: MapBron, naam: str) -> IO[bytes]:
        file = original(self, naam)
        if naam == "meldingen.csv":
            with (folder / naam).open("ab") as other:
                other.write(b"M9;C1;2024-01-04T10:00:00+01:00;politie;ja;GM0363;A;AA01;1;2;;\n")
        return file

    monkeypatch.setattr(MapBron, "open", write_on)
    (uitslag,) = magazijn.neem()
    assert (uitslag.uitkomst, uitslag.code) == ("geweigerd", "controlesom")
    assert Register(magazijn.settings).leveringen() == []


def test_a_mountain_of_bad_rows(magazijn: Magazijn) -> None:
    rows = 1_000_000 if os.environ.get("CI") else 50_000
    content = b"huisverbod_nummer;casus_nummer;opgelegd_op;aanvrager\n" + b"".join(b"X%d;C1;2024-01-04;buurman\n" % i for i in range(rows))
    aanlevering = Aanlevering(bestanden={"huisverboden.csv": content}, aantallen={"huisverboden": rows})
    telling = magazijn.een(aanlevering).entiteiten["huisverboden"]
    assert (telling.gelezen, telling.opgenomen, telling.quarantaine) == (rows, 0, rows)
    assert magazijn.een(Aanlevering(2)).uitkomst == "opgenomen"
    assert magazijn.vraag("select status, count(*) from quarantaine group by all") == [("gecorrigeerd", rows)]
