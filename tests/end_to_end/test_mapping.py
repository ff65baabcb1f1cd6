"""The whole chain on a delivery that a mapping made: the figures of its twin of the contract, every one, and their line behind them."""

import csv
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.demo import let_through
from orchestration.release import store
from orchestration.settings import Settings
from tests.end_to_end.conftest import Chain
from tests.lib.deliveries import unpack
from tests.lib.foreign import EXAMPLE, write_foreign

pytestmark = pytest.mark.xdist_group("bad_nights")
PEILDATUM = "2025-01-31"


KEYS = "indicator, periode_soort, periode, gebied, categorie_soort, categorie, status, eenheid, peildatum"
VALUES = ("waarde", "teller", "noemer")


def different(one: Chain, other: Chain) -> tuple[int, int, list[tuple[Any, ...]]]:
    """How many figures each release has, and some that the other has not. A mean's last bits go by the order in which rows are added."""
    rounded = f"{KEYS}, {', '.join(f'round({v}, 9) as {v}' for v in VALUES)}"
    with duckdb.connect() as con:
        for name, chain in (("een", one), ("ander", other)):
            con.execute(f"attach '{chain.home / 'releases' / 'current' / store.DATABASE}' as {name} (read_only)")
        counts = [con.execute(f"select count(*) from {name}.marts.indicatoren").fetchall()[0][0] for name in ("een", "ander")]
        sides = [f"(select {rounded} from {a}.marts.indicatoren except all select {rounded} from {b}.marts.indicatoren)" for a, b in PAIRS]
        return counts[0], counts[1], con.execute(f"{' union all '.join(sides)} limit 5").fetchall()


PAIRS = (("een", "ander"), ("ander", "een"))


def test_the_figures_are_those_of_its_twin(base: Chain, small: list[Path], tmp_path: Path) -> None:
    chain, inbox = Chain(tmp_path / "vt"), tmp_path / "vt" / "inbox"
    inbox.mkdir(parents=True)
    shutil.copy(small[0], inbox)
    theirs = write_foreign(unpack(small[1]), tmp_path / "van hen")
    mapping = tmp_path / "voorbeeldstad.yml"
    mapping.write_text(EXAMPLE.read_text().replace("organisatie: voorbeeldstad", "organisatie: amsterdam-amstelland"))
    chain.vt("mapping", "check", str(mapping), str(theirs))
    chain.vt("mapping", "make", str(mapping), str(theirs), "--nummer", "2", "--peildatum", PEILDATUM)
    let_through(Settings(home=chain.home))
    assert chain.refresh()["uitkomst"] == "gepubliceerd"

    found, expected, others = different(chain, base)
    assert others == []
    assert found == expected > 100_000

    chain.vt("trace", "meldingen", "2024-07", "Amsterdam", "--naar", str(tmp_path / "regels.csv"))
    with (tmp_path / "regels.csv").open(newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    reports = (theirs / "meldingen.csv").read_bytes().decode("cp1252").replace("\r\n", "\n").split("\n")
    assert len(lines) > 0 and {line["bron_bestand"] for line in lines} == {"meldingen.csv"}
    for line in lines:
        assert reports[int(line["bron_regel"]) - 1].split(";")[2][3:10] == "07-2024"
        assert line["bron_ook"].startswith("adressen.csv:")
