"""The demo of another organisation: its gemeenten, its receivers, its size; whole, and nothing of it anywhere else."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from orchestration.demo import elsewhere, write_small
from orchestration.demo.errors import DemoError
from orchestration.settings import PROJECT
from tests.lib.deliveries import unpack

Rows = dict[str, list[dict[str, str]]]


def rows(path: Path) -> Rows:
    return {
        Path(name).stem: list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))
        for name, content in unpack(path).items()
        if name.endswith(".csv")
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return rows(write_small(tmp_path_factory.mktemp("thuis"))[1])


def moved(tmp_path: Path, households: int) -> Rows:
    """The second whole registration of the invented organisation with as many households, in one gemeente more than it has by itself."""
    own = tmp_path / "organisaties" / "voorbeeldregio"
    if not own.exists():
        shutil.copytree(PROJECT / "organisaties", tmp_path / "organisaties")
    lines = ["gemeente_code,gemeente,jaar,huishoudens,bron,meerpersoonshuishoudens"]
    lines += [f"{code},x,2024,{int(households * part)},verzonnen,1" for code, part in (("GM9901", 0.75), ("GM9902", 0.25))]
    (own / "households" / "huishoudens_gemeente.csv").write_text("\n".join(lines) + "\n")
    return rows(write_small(tmp_path / "inbox")[1])


@pytest.mark.parametrize("size", [0.5, 1.4])
def test_it_is_as_large_as_its_households_make_it(home: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: float) -> None:
    monkeypatch.setenv("VT_ORGANISATIE", "voorbeeldregio")
    monkeypatch.setenv("VT_ORGANISATIES", str(tmp_path / "organisaties"))
    with csv_of_home() as file:
        total = sum(int(r["huishoudens"]) for r in csv.DictReader(file) if r["jaar"] == "2024")
    here = moved(tmp_path, round(total * size))
    for entity in ("meldingen", "adviesvragen", "casussen"):
        assert len(here[entity]) == pytest.approx(size * len(home[entity]), rel=0.15), entity
    for entity, key in (("meldingen", "melding_nummer"), ("casussen", "casus_nummer"), ("adviesvragen", "advies_nummer")):
        assert len({r[key] for r in here[entity]}) == len(here[entity])
    cases, reports = ({r[key] for r in here[entity]} for entity, key in (("casussen", "casus_nummer"), ("meldingen", "melding_nummer")))
    assert {r["casus_nummer"] for r in here["meldingen"]} <= cases
    for entity in ("betrokkenen", "melding_vormen", "diensten", "veiligheidsbeoordelingen"):
        assert here[entity] and {r["melding_nummer"] for r in here[entity]} <= reports
    codes = [r["gemeente_code"] for r in here["meldingen"]]
    assert {"GM9901", "GM9902"} <= set(codes) and not {"GM0363", "GM0384"} & set(codes)
    assert codes.count("GM9901") > 2 * codes.count("GM9902")
    assert {r["stadsdeel_code"] for r in here["meldingen"]} | {r["buurt_code"] for r in here["meldingen"]} == {""}
    assert {r["ontvanger"] for r in here["overdrachten"]} <= {
        "GI_NOORD", "WIJKTEAM_STAD", "WIJKTEAM_LAND", "RVDK", "HULP", "CLIENTSYSTEEM", "GEEN_VERVOLG",
    }  # fmt: skip


def csv_of_home() -> io.TextIOWrapper:
    return (PROJECT / "seeds" / "households" / "huishoudens_gemeente.csv").open(encoding="utf-8", newline="")


def test_households_of_no_year_that_the_demo_has_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PROJECT / "organisaties", tmp_path / "organisaties")
    own = tmp_path / "organisaties" / "voorbeeldregio" / "households" / "huishoudens_gemeente.csv"
    own.write_text(own.read_text().splitlines()[0] + "\n")
    monkeypatch.setenv("VT_ORGANISATIE", "voorbeeldregio")
    monkeypatch.setenv("VT_ORGANISATIES", str(tmp_path / "organisaties"))
    with pytest.raises(DemoError, match="has no year that the demo has households of"):
        elsewhere.share()
