"""A full disk, a delivery that grows while it is read, a mountain of bad rows: a clear sentence, an intact landing, a next run."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from orchestration.intake.delivery import MapBron
from orchestration.landing.register import Register
from orchestration.settings import PROJECT
from tests.intake.aanlevering import Aanlevering
from tests.intake.magazijn import Magazijn, extensions

SMALL_DISK = """
import os, sys
from pathlib import Path
from orchestration.errors import GebruikersFout
from orchestration.landing.register import Register
from tests.intake.aanlevering import Aanlevering
from tests.intake.magazijn import Magazijn
from orchestration.settings import Settings

disk, extensions = Path(sys.argv[1]), sys.argv[2]
settings = Settings(home=disk / "vt", threads=1)
settings.root.mkdir()
(settings.root / "duckdb_extensions").symlink_to(extensions)
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
    disk = tmp_path / "schijf"
    disk.mkdir()
    script = f'mount -t tmpfs -o size=4m tmpfs "{disk}" && exec "{sys.executable}" -c "$0" "{disk}" "{extensions()}"'
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*alone, "mount", "-t", "tmpfs", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small file system")
    done = subprocess.run(
        [*alone, "sh", "-c", script, SMALL_DISK],
        cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for line in done.stdout.splitlines():
        assert "opgenomen" in line or "stopped" in line
    assert "Traceback" not in done.stderr


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
