"""CBS' figures beside ours: within the rounding the same, and each difference with its reason."""

import csv
from pathlib import Path

import duckdb
import pytest

from orchestration import seeds
from orchestration.reference import comparison
from orchestration.reference.comparison import DIFFERS, NOT_CBS, NOT_OURS, SAME, ComparedFigure, compare, declared
from orchestration.reference.web import SourceError
from tests.lib import statline
from tests.lib.statline import Cube, cell
from tests.reference.conftest import QUICK, World

REGION, CITY = "VT01      ", "GM0363    "
FACTS = {"T": 8975.0, "E": 2895.0, "H": 3105.0, "V": 2955.0, "N": 20.0, "VB": 1310.0, "NA": 975.0, "MO": 670.0}
"""Amsterdam in 2023, provisional, as CBS prints it (85361NED)."""


def earlier(**regional: float | None) -> Cube:
    """85361NED: 2023 of Amsterdam as it is; the region invented."""
    numbers = {**{k: v + 500 for k, v in FACTS.items()}, **regional}
    cells = [cell(m, v, RegioS=CITY, Perioden="2023JJ00") for m, v in FACTS.items()]
    for measure, value in numbers.items():
        cells.append(cell(measure, value, "None" if value is not None else "Confidential", RegioS=REGION, Perioden="2023JJ00"))
    return Cube(
        dimensions={"RegioS": "Regio's", "Perioden": "Perioden"},
        categories={"RegioS": {REGION: "Amsterdam-Amstelland (VT)", CITY: "Amsterdam"}, "Perioden": {"2023JJ00": "2023*"}},
        measures={
            "T": ("Ontvangen meldingen, totaal", "O"),
            "E": ("1e melding, geen betrokkenen bekend VT", "O"),
            "H": ("Totaal", "OH"),
            "V": ("Totaal", "OV"),
            "VB": ("Tijdens veiligheidsbeoordeling", "OV"),
            "NA": ("Na veiligheidsbeoordeling", "OV"),
            "MO": ("Tijdens monitoring door VT", "OV"),
            "N": ("Melding niet ingedeeld", "O"),
            "RT": ("Ontvangen meldingen, totaal", "R"),
            "RH": ("Totaal", "RHH"),
        },
        groups={
            "O": ("Ontvangen meldingen", None),
            "OH": ("Hermelding", "O"),
            "OV": ("Vervolgmelding tijdens betrokkenheid VT", "O"),
            "R": ("Ontvangen meldingen (relatief)", None),
            "RHH": ("Hermelding", "R"),
        },
        cells=cells,
    )


def key_figures() -> Cube:
    """84847NED, with half years."""
    periods = {"2023HJ01": "1e halfjaar 2023*", "2023HJ02": "2e halfjaar 2023*", "2023JJ00": "2023*", "2022JJ00": "2022"}
    amounts = {"2023HJ01": 4900.0, "2023HJ02": 4890.0, "2023JJ00": 9790.0, "2022JJ00": None}
    return Cube(
        dimensions={"RegioS": "Regio's", "Perioden": "Perioden"},
        categories={"RegioS": {REGION: "Amsterdam-Amstelland (VT)"}, "Perioden": periods},
        measures={"A": ("Gestarte adviezen", None), "M": ("Ontvangen meldingen", None)},
        cells=[cell("M", v, "None" if v else "Confidential", RegioS=REGION, Perioden=p) for p, v in amounts.items()]
        + [cell("A", None, "Confidential", RegioS=REGION, Perioden="2023JJ00")],
    )


def assessments() -> Cube:
    """84852NED."""
    return Cube(
        dimensions={"VT": "Veiligheidstaxatie", "VB": "Veiligheidsbeoordeling", "RegioS": "Regio's", "Perioden": "Perioden"},
        categories={
            "VT": {"T001  ": "Totaal", "X": "Acuut"},
            "VB": {"T001  ": "Totaal", "Y": "Onderzoek"},
            "RegioS": {REGION: "Amsterdam-Amstelland (VT)"},
            "Perioden": {"2023JJ00": "2023*"},
        },
        measures={"M": ("Ontvangen meldingen", None)},
        cells=[cell("M", n, VT=a, VB=b, RegioS=REGION, Perioden="2023JJ00") for n, a, b in ((9790.0, "T001  ", "T001  "), (5.0, "X", "Y"))],
    )


@pytest.fixture
def release(world: World, tmp_path: Path) -> Path:
    """A release with some figures of the region and Amsterdam; the three tables at CBS."""
    world.cbs.cubes |= {"85361NED": earlier(), "84847NED": key_figures(), "84852NED": assessments()}
    path = tmp_path / "uitgave.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(
            """
            create table marts.indicatoren as from (values
                ('meldingen', '', '', 'regio', 'REGIO', 'jaar', '2023', 9789.0),
                ('meldingen', '', '', 'regio', 'REGIO', 'halfjaar', '2023-H1', 4903.0),
                ('meldingen', '', '', 'regio', 'REGIO', 'halfjaar', '2023-H2', 4886.0),
                ('meldingen', '', '', 'regio', 'REGIO', 'jaar', '2022', 9874.0),
                ('adviesvragen', '', '', 'regio', 'REGIO', 'jaar', '2023', 9.0),
                ('meldingen', '', '', 'gemeente', 'GM0363', 'jaar', '2023', 8977.0),
                ('meldingen', 'betrokkenheid', 'eerste_melding', 'gemeente', 'GM0363', 'jaar', '2023', 2898.0),
                ('meldingen', 'betrokkenheid', 'hermelding', 'gemeente', 'GM0363', 'jaar', '2023', 3103.0),
                ('meldingen', 'betrokkenheid_fase', 'na_vb', 'gemeente', 'GM0363', 'jaar', '2023', null)
            ) as t(indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode, waarde)
            """
        )
    return path


def by_line(figures: list[ComparedFigure]) -> dict[tuple[str, str, str, str], ComparedFigure]:
    return {
        (f.table, f.measure.split(" › ")[-1] if "Hermelding" not in f.measure else "Hermelding", f.gebied, f.periode): f for f in figures
    }


def test_what_is_known_of_amsterdam_in_2023(world: World, release: Path) -> None:
    found = compare(world.settings, release, patience=QUICK)
    assert found.notes == []
    city = {f.measure: f for f in found.figures if f.gebied == "GM0363"}
    printed = [city[" › ".join(line.measure)].published for line in declared().tables[2].lines[:4]]
    assert printed == [8975, 2895, 3105, 2955]
    assert sum(printed[1:]) + FACTS["N"] == printed[0]
    assert all(f.voorlopig for f in city.values())


def test_what_lies_within_the_rounding_is_the_same(world: World, release: Path) -> None:
    found = by_line(compare(world.settings, release, patience=QUICK).figures)
    words = {
        ("84847NED", "Ontvangen meldingen", "REGIO", "2023"): (SAME, 9790, 9789),
        ("84847NED", "Ontvangen meldingen", "REGIO", "2023-H1"): (DIFFERS, 4900, 4903),
        ("84847NED", "Ontvangen meldingen", "REGIO", "2023-H2"): (DIFFERS, 4890, 4886),
        ("84847NED", "Ontvangen meldingen", "REGIO", "2022"): (NOT_CBS, None, 9874),
        ("84847NED", "Gestarte adviezen", "REGIO", "2023"): (SAME, None, 9),  # nothing below 10 is printed
        ("84852NED", "Ontvangen meldingen", "REGIO", "2023"): (SAME, 9790, 9789),
        ("85361NED", "Ontvangen meldingen, totaal", "GM0363", "2023"): (SAME, 8975, 8977),
        ("85361NED", "1e melding, geen betrokkenen bekend VT", "GM0363", "2023"): (DIFFERS, 2895, 2898),
        ("85361NED", "Hermelding", "GM0363", "2023"): (SAME, 3105, 3103),
        ("85361NED", "Na veiligheidsbeoordeling", "GM0363", "2023"): (NOT_OURS, 975, None),
    }
    assert {key: (found[key].oordeel, found[key].published, found[key].ours) for key in words} == words
    assert not found["84847NED", "Ontvangen meldingen", "REGIO", "2022"].voorlopig
    first = found["85361NED", "1e melding, geen betrokkenen bekend VT", "GM0363", "2023"]
    assert first.difference == 3 and "drie jaar" in first.explanation


def test_without_cbs_the_copy_of_the_last_time_serves(world: World, release: Path) -> None:
    first = compare(world.settings, release, patience=QUICK)
    world.cbs.fault = statline.always(statline.status(500), "")
    again = compare(world.settings, release, patience=QUICK)
    assert again.figures == first.figures and len(again.notes) == 3
    assert all("answered 500, 3 times" in note for note in again.notes)
    assert again.read == first.read
    asked = len(world.cbs.asked)
    offline = compare(world.settings, release, offline=True)
    assert (offline.figures, offline.notes, len(world.cbs.asked)) == (first.figures, [], asked)


def test_nothing_to_compare_with(world: World, release: Path) -> None:
    world.cbs.fault = statline.always(statline.status(404), "")
    with pytest.raises(SourceError, match="No table of CBS was ever read here"):
        compare(world.settings, release, patience=QUICK)


def test_a_title_that_cbs_changed_is_told_and_the_rest_compared(world: World, release: Path) -> None:
    cube = world.cbs.cubes["85361NED"]
    cube.measures["E"] = ("Eerste melding", "O")
    cube.categories["RegioS"][REGION] = "Amsterdam e.o. (VT)"
    found = compare(world.settings, release, patience=QUICK)
    assert [n.split(";")[0] for n in found.notes] == [
        "85361NED has no category of RegioS «Amsterdam-Amstelland (VT)»",
        "85361NED has no measure «Ontvangen meldingen › 1e melding, geen betrokkenen bekend VT»",
    ]
    assert {f.gebied for f in found.figures if f.table == "85361NED"} == {"GM0363"}
    assert len([f for f in found.figures if f.table == "85361NED"]) == 6


def test_it_can_be_written(world: World, release: Path, tmp_path: Path) -> None:
    found, path = compare(world.settings, release, patience=QUICK), tmp_path / "vergelijking.csv"
    comparison.write(found, path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == len(found.figures)
    assert list(rows[0]) == ["tabel", "maat", "gebied", "periode", "voorlopig", "cbs", "ons", "verschil", "oordeel", "waarom"]
    (row,) = [
        r for r in rows if (r["tabel"], r["gebied"], r["maat"]) == ("85361NED", "GM0363", "Ontvangen meldingen › Hermelding › Totaal")
    ]
    assert (row["cbs"], row["ons"], row["verschil"], row["oordeel"], row["voorlopig"]) == ("3105", "3103", "-2", "gelijk", "ja")
    with pytest.raises(SourceError, match="is there already"):
        comparison.write(found, path)
    with pytest.raises(SourceError, match="There is no folder"):
        comparison.write(found, tmp_path / "weg" / "x.csv")


def test_every_line_is_a_figure_of_ours() -> None:
    derived = {(r["codelijst"], r["code"]) for r in seeds.rows(seeds.SEEDS / "catalogue/afgeleide_categorieen.csv")}
    for table in declared().tables:
        for line in table.lines:
            assert line.indicator in {"meldingen", "adviesvragen"}
            assert not line.categorie_soort or (line.categorie_soort, line.categorie) in derived
