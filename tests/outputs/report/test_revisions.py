"""The annex of revisions: what two vintages say differently, and the reasons that are known of print."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration.disclosure import publish, vintage
from orchestration.disclosure.cells import KEY
from orchestration.files import make_folder
from orchestration.outputs.report.revisions import REASONS, Revised, revisions

Row = tuple[str, str, str, str, str, str, str, float | None, str]

SHOWN, HIDDEN = publish.PUBLISHED, publish.HIDDEN


def published(root: Path, name: str, rows: list[Row], place: Path) -> None:
    """Publish a vintage with these rows; its other files are of no matter here."""
    for file in publish.FILES:
        make_folder((place / file).parent)
        (place / file).write_bytes(b"x")
    (place / publish.PARQUET).unlink()
    with duckdb.connect() as con:
        con.execute(f"create table t ({KEY.replace(',', ' text,')} text, waarde double, status text)")
        con.executemany("insert into t values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        con.execute(f"copy t to '{place / publish.PARQUET}' (format parquet)")
    vintage.freeze(root, name, date(int(name) + 1, 2, 3), f"r{name}", "rules", place)


def figure(indicator: str, year: str, value: float | None, area: str = "REGIO", kind: str = "regio", status: str = SHOWN) -> Row:
    return indicator, "", "", kind, area, "jaar", year, value, status


def test_totals_that_changed_are_told_one_by_one_and_the_others_counted(tmp_path: Path) -> None:
    root = tmp_path / "publicatie"
    before = [
        figure("meldingen", "2023", 9789),
        figure("adviesvragen", "2023", 5612),
        figure("aandeel_hermeldingen", "2023", 31),
        figure("huisverboden", "2022", None, status=HIDDEN),
        figure("meldingen", "2023", 60, "GM0437", "gemeente"),
        figure("vb_doorlooptijd_gemiddeld", "2023", 25.8),
    ]
    after = [
        figure("meldingen", "2023", 9802),
        figure("adviesvragen", "2023", 5612),
        figure("aandeel_hermeldingen", "2023", 32),
        figure("huisverboden", "2022", 15),
        figure("meldingen", "2023", 65, "GM0437", "gemeente"),
        figure("vb_doorlooptijd_gemiddeld", "2023", 26),
        figure("meldingen", "2024", 9951),
    ]
    published(root, "2023", before, tmp_path / "a")
    published(root, "2024", after, tmp_path / "b")
    found = revisions(root, "2024")
    assert found.told == (
        "Van de cijfers die ook in jaargang 2023 staan, zijn er 5 veranderd, waarvan 4 totalen van de regio per jaar.",
        REASONS,
    )
    assert set(found.rows) == {
        Revised("Meldingen", "2023", "9.789", "9.802"),
        Revised("Aandeel hermeldingen", "2023", "31%", "32%"),
        Revised("Tijdelijke huisverboden", "2022", "verborgen", "15"),
        Revised("Gemiddelde doorlooptijd veiligheidsbeoordeling", "2023", "25,8", "26,0"),
    }


def test_the_first_vintage_says_that_there_is_none_before_it(tmp_path: Path) -> None:
    published(tmp_path / "publicatie", "2023", [figure("meldingen", "2023", 9789)], tmp_path / "a")
    for root in (tmp_path / "publicatie", tmp_path / "nergens"):
        found = revisions(root, "2023")
        assert found.told == ("Dit is de eerste jaargang: er is geen eerdere om mee te vergelijken.", REASONS) and found.rows == ()


def test_what_is_known_of_print_is_told_with_its_reason(tmp_path: Path) -> None:
    found = revisions(tmp_path, "2024").of_print
    assert any(line.startswith("Overdrachten, 2021 (Gecertificeerde instellingen): overdrachten van 2021 zijn na de") for line in found)
    assert any("34 in de tabel met totalen en 8 + 32 = 40" in line for line in found)
    assert all(line.endswith(".") for line in found)
