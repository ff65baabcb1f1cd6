"""``vt mapping`` and ``vt deliveries make`` and ``check`` as a user meets them."""

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import cli, seeds
from orchestration.landing.takein import take_in_waiting
from orchestration.settings import Settings
from tests.lib.foreign import EXAMPLE
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.mapping.conftest import Translating

Vt = Callable[..., tuple[int, str]]


@pytest.fixture
def vt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Vt:
    """``vt`` in this process, in English: its exit code, and all that it tells."""

    def run(*args: object, organisatie: str = "amsterdam-amstelland") -> tuple[int, str]:
        who = {"VT_ORGANISATIE": organisatie, "VT_ORGANISATIES": str(tmp_path / "organisaties")}
        for name, value in {"VT_HOME": str(tmp_path / "vt"), "VT_TAAL": "en", **who}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["vt", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        found = capsys.readouterr()
        assert "Traceback" not in found.err + found.out
        return int(ended.value.code or 0), " ".join((found.out + found.err).split())

    return run


MAKE = ("--nummer", 1, "--peildatum", "2024-12-31")


def test_from_their_files_to_the_register(vt: Vt, theirs: Path, tmp_path: Path) -> None:
    """As in docs/mapping.md: check, make, check what the intake would do, take in."""
    for own in seeds.OF_ONE:
        shutil.copytree(seeds.SEEDS / own, tmp_path / "organisaties" / "voorbeeldstad" / own)
    who = {"organisatie": "voorbeeldstad"}
    code, told = vt("mapping", "check", EXAMPLE, theirs, **who)
    assert code == 0 and "Nothing is missing. Next: vt mapping make" in told
    assert not (tmp_path / "vt").exists()
    code, told = vt("mapping", "make", EXAMPLE, theirs, *MAKE, **who)
    assert code == 0 and "Made delivery 1:" in told
    code, told = vt("deliveries", "check", tmp_path / "vt" / "inbox" / "voorbeeldstad-00000001", **who)
    assert code == 0 and "Delivery 1 would be taken in." in told
    settings = Settings()
    (outcome,) = take_in_waiting(settings, lambda _: None)
    assert outcome.uitkomst == "opgenomen"
    code, told = vt("mapping", "make", EXAMPLE, theirs, *MAKE)
    assert code == 2 and "The mapping is of voorbeeldstad, this warehouse is of amsterdam-amstelland (VT_ORGANISATIE)" in told
    code, told = vt("mapping", "make", EXAMPLE, theirs, *MAKE, "--naar", tmp_path / "elders")
    assert code == 0 and (tmp_path / "elders" / "voorbeeldstad-00000001" / "levering.json").exists()


def test_check_counts_what_is_not_mapped_and_make_tells_it_too(vt: Vt, whole: Translating) -> None:
    whole.change('"101": politie', '"1": politie')
    whole.path.write_text(whole.text)
    code, told = vt("mapping", "check", whole.path, whole.folder)
    assert code == 1
    assert "meldingen.csv, Melder │ meldingen.hoedanigheid │ 101 │ 1 │ 2 │ has no code in the mapping" in told
    code, told = vt("mapping", "make", whole.path, whole.folder, *MAKE)
    assert code == 0 and "1 values could not be translated: their rows will be quarantined" in told and "│ 101 │" in told


def test_a_mapping_with_faults(vt: Vt, whole: Translating, tmp_path: Path) -> None:
    whole.change('"101": politie', '"101": politei')
    whole.change("casus_nummer: Dossiernr", "casus_nummer: Dosier")
    whole.path.write_text(whole.text)
    code, told = vt("mapping", "check", whole.path, whole.folder)
    assert code == 1 and "Faults: 3. Nothing can be made" in told  # the codes are those of two entities
    line = whole.line("casus_nummer: Dosier")
    assert f"voorbeeldstad.yml, line {line}, entiteiten.casussen.velden.casus_nummer: dossiers.csv has no column Dosier" in told
    code, told = vt("mapping", "make", whole.path, whole.folder, *MAKE)
    assert code == 2 and f"line {line}" in told
    assert not (tmp_path / "vt" / "inbox").exists()


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("check", "weg.yml", "."), "weg.yml cannot be read"),
        (("check", str(EXAMPLE), "weg"), "There is no folder weg"),
        (("init", "weg"), "There is no folder weg"),
        (("init", ".", "--naar", "weg/x.yml"), "There is no folder"),
        (("make", str(EXAMPLE), "weg", "--nummer", "1", "--peildatum", "2024-12-31"), "There is no folder weg"),
    ],
)
def test_wrong_use(vt: Vt, args: tuple[str, ...], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "leeg").mkdir()
    monkeypatch.chdir(tmp_path / "leeg")
    code, told = vt("mapping", *args)
    assert code == 2 and why in told


def test_init_writes_a_proposal_once(vt: Vt, theirs: Path, tmp_path: Path) -> None:
    code, told = vt("mapping", "init", theirs)
    assert code == 0 and told.startswith("# A proposal")
    goal = tmp_path / "voorstel.yml"
    code, told = vt("mapping", "init", theirs, "--naar", goal, "--organisatie", "elders")
    assert code == 0 and "fields of the contract have a column" in told and "organisatie: elders" in goal.read_text()
    code, told = vt("mapping", "init", theirs, "--naar", goal)
    assert code == 2 and "is there already" in told


def test_deliveries_make_and_check(vt: Vt, tmp_path: Path) -> None:
    folder = HandmadeDelivery().map(tmp_path / "levering")
    (folder / "levering.json").unlink()
    code, told = vt("deliveries", "make", folder, *MAKE, "--soort", "volledig")
    assert code == 0 and "Wrote levering.json of delivery 1." in told
    code, told = vt("deliveries", "check", folder)
    assert code == 0 and "Delivery 1 would be taken in." in told and "judged as the first" in told
    code, told = vt("deliveries", "make", folder, *MAKE)
    assert code == 2 and "is there already" in told
    (folder / "meldingen.csv").write_bytes((folder / "meldingen.csv").read_bytes() + b"\n\n")
    code, told = vt("deliveries", "check", folder)
    assert code == 2 and "Delivery 1 would be refused: file meldingen.csv: the checksum is not the one in levering.json" in told
    bad = HandmadeDelivery()
    bad.row("meldingen")["urgentie"] = "9"
    code, told = vt("deliveries", "check", bad.zip(tmp_path))
    assert code == 1 and "meldingen.csv │ codelijst │ urgentie │ 1 │ 2 │ is not in code list urgentie" in told
    assert "with 8 rows in quarantine" in told
    code, told = vt("deliveries", "check", mutaties(1).zip(tmp_path, "nacht.zip"))
    assert code == 2 and "the first delivery must be volledig" in told
    code, told = vt("deliveries", "check", tmp_path / "weg")
    assert code == 2 and "There is no" in told
    shutil.rmtree(folder)
    assert not (tmp_path / "vt").exists()
