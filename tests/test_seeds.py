"""The seeds of an organisation in the place of those of everybody."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import seeds
from orchestration.code_version import code_version
from orchestration.intake.contract import load_contract
from orchestration.settings import PROJECT


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the invented organisation, to be changed; this process works for it."""
    shutil.copytree(PROJECT / "organisaties", tmp_path / "organisaties")
    monkeypatch.setenv("VT_ORGANISATIE", "voorbeeldregio")
    monkeypatch.setenv("VT_ORGANISATIES", str(tmp_path / "organisaties"))
    return tmp_path / "organisaties" / "voorbeeldregio"


def test_of_the_organisation_whose_seeds_they_are_nothing_stands_elsewhere() -> None:
    assert (seeds.folder(), seeds.own_files()) == (None, {})
    assert seeds.place("areas/gemeenten.csv") == PROJECT / "seeds" / "areas" / "gemeenten.csv"


def test_its_own_stand_in_the_place_of_those_of_everybody(own: Path) -> None:
    assert seeds.place("areas/gemeenten.csv") == own / "areas" / "gemeenten.csv"
    assert seeds.place("areas/gemeenten.csv", seeds.DEFAULT_ORGANISATION) == PROJECT / "seeds" / "areas" / "gemeenten.csv"
    assert seeds.place("catalogue/categorie_soorten.csv") == PROJECT / "seeds" / "catalogue" / "categorie_soorten.csv"
    assert {r["gemeente"] for r in seeds.rows("areas/gemeenten.csv")} == {"Voorbeeldstad", "Proefdorp", "Testerveen"}
    assert set(seeds.own_files()) == {p.relative_to(own).as_posix() for p in own.rglob("*.csv")}
    assert set(seeds.own_files().values()) == set(own.rglob("*.csv"))
    assert {p.relative_to(seeds.SEEDS).parts[0] for p in seeds.SEEDS.rglob("*.csv")} >= set(seeds.OF_ONE)


def test_of_code_lists_it_has_its_own_and_the_others_of_everybody(own: Path, tmp_path: Path) -> None:
    everybody = seeds.rows(seeds.SEEDS / "codes" / "codelijsten.csv")
    mine = {"ontvanger", "ontvanger_groep"}
    assert {r["codelijst"] for r in seeds.rows(own / "codes" / "codelijsten.csv")} == mine
    found = seeds.rows("codes/codelijsten.csv")
    assert [r for r in found if r["codelijst"] not in mine] == [r for r in everybody if r["codelijst"] not in mine]
    assert [r for r in found if r["codelijst"] in mine] == seeds.rows(own / "codes" / "codelijsten.csv")
    built = seeds.for_build(tmp_path / "bouw")
    assert seeds.rows(Path(built["codelijsten"])) == found
    assert built["gemeenten"] == str(own / "areas" / "gemeenten.csv")


def test_the_contract_is_of_the_organisation(own: Path) -> None:
    contract = load_contract()
    assert (contract.stadsdelen, contract.stadsdeel_gemeente, contract.buurten) == ({}, "", ())
    assert "GI_NOORD" in contract.code_lists["ontvanger"] and "JBRA" not in contract.code_lists["ontvanger"]


def test_what_changes_its_seeds_changes_the_code_that_figures_are_made_by(own: Path) -> None:
    code_version.cache_clear()
    before = code_version()
    code_version.cache_clear()
    with (own / "households" / "huishoudens_gemeente.csv").open("a") as file:
        file.write("GM9901,Voorbeeldstad,2025,1,verzonnen,1\n")
    try:
        assert code_version() != before
    finally:
        code_version.cache_clear()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda own: (own / "areas/buurten.csv").unlink(), "There is no .*areas/buurten.csv"),
        (lambda own: (own / "areas/wijken.csv").write_text("a\n"), "areas/wijken.csv stands in the place of no seed"),
        (lambda own: (own / "areas/regio.csv").write_text("name\nX\n"), "regio.csv, line 1: the columns are name; they must be naam"),
    ],
)
def test_a_file_that_lacks_that_is_of_nothing_or_has_other_columns_is_named(own: Path, change: Callable[[Path], object], told: str) -> None:
    change(own)
    with pytest.raises(seeds.SeedError, match=told):
        seeds.own_files()
