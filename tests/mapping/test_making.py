"""A delivery is there whole or not at all, made once, and right before it is written."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.intake.delivery import waiting
from orchestration.intake.making import MakingError, Wanted, make_manifest
from orchestration.landing.preview import Preview, preview
from orchestration.mapping import deliver as writing
from orchestration.mapping.errors import MappingError
from orchestration.settings import Settings
from tests.lib.handmade import BASIS, HandmadeDelivery, csv_file, first_version, mutaties
from tests.lib.warehouse import Warehouse, take_in
from tests.mapping.conftest import ORGANISATION, Translating


def test_a_run_that_was_cut_off_leaves_nothing_that_is_taken_in(
    small: Translating, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, write = warehouse.settings.inbox, writing.write_new

    def killed(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "write_new", killed)
    with pytest.raises(KeyboardInterrupt):
        small.deliver(inbox)
    assert list(inbox.iterdir()) == []
    left = inbox / f"{writing.BUSY}{ORGANISATION}-00000001"  # of a process that was killed outright
    left.mkdir()
    (left / "casussen.csv").write_text("half")
    assert waiting(inbox) == []
    monkeypatch.setattr(writing, "write_new", write)
    made = small.deliver(inbox)
    assert [p.name for p in inbox.iterdir()] == [made.path.name]
    with pytest.raises(MappingError, match="is there already: a delivery is made once"):
        small.deliver(inbox)


@pytest.mark.parametrize(
    ("nummer", "peildatum", "soort", "why"),
    [
        (0, "2024-12-31", "volledig", "field levering_nummer: must be a whole number from 1"),
        (1, "31-12-2024", "volledig", "field peildatum: must be a date"),
        (1, "2999-12-31", "volledig", "lies after"),
        (1, "2024-12-31", "alles", "field soort: must be volledig or mutaties"),
    ],
)
def test_what_the_intake_would_refuse_is_not_written(
    small: Translating, tmp_path: Path, nummer: int, peildatum: str, soort: str, why: str
) -> None:
    with pytest.raises(MakingError, match=why):
        small.deliver(tmp_path / "uit", nummer, peildatum, soort)
    assert list((tmp_path / "uit").iterdir()) == []
    folder = contract_folder(tmp_path)
    before = sorted(folder.iterdir())
    with pytest.raises(MakingError, match=why):
        make_manifest(folder, Wanted(ORGANISATION, nummer, soort, peildatum, "1.1"), tmp_path)
    assert sorted(folder.iterdir()) == before


def contract_folder(tmp_path: Path, *left_out: str) -> Path:
    """A folder with files of the contract and no manifest."""
    folder = tmp_path / "contract"
    folder.mkdir()
    for entity, rows in BASIS.items():
        if entity not in left_out:
            (folder / f"{entity}.csv").write_bytes(csv_file(entity, rows))
    return folder


def wanted(soort: str = "volledig", nummer: int = 1) -> Wanted:
    return Wanted(ORGANISATION, nummer, soort, "2024-12-31", "1.1")


def test_a_manifest_is_made_around_files_of_the_contract(tmp_path: Path, warehouse: Warehouse) -> None:
    folder = contract_folder(tmp_path)
    (folder / "lijst.txt").write_text("niets")
    text = '"M9\n";C1;2024-01-04T10:00:00+01:00;politie;ja;;;;1;;;\n'
    (folder / "meldingen.csv").write_bytes(csv_file("meldingen", BASIS["meldingen"]) + text.encode())
    listed, others = make_manifest(folder, wanted(), tmp_path)
    assert {f.entiteit: f.rijen for f in listed}["meldingen"] == 3, "a record of two lines is one row"
    assert others == ["lijst.txt"]
    with pytest.raises(MakingError, match="is there already"):
        make_manifest(folder, wanted(), tmp_path)
    warehouse.settings.inbox.mkdir()
    folder.rename(warehouse.settings.inbox / "levering")
    (outcome,) = take_in(warehouse.settings)
    assert (outcome.uitkomst, outcome.reden) == ("opgenomen", "")


def test_a_whole_registration_lists_every_entity_and_changes_need_not(tmp_path: Path) -> None:
    folder = contract_folder(tmp_path, "huisverboden")
    with pytest.raises(MakingError, match="missing: huisverboden"):
        make_manifest(folder, wanted(), tmp_path)
    assert not (folder / "levering.json").exists()
    listed, _ = make_manifest(folder, wanted("mutaties"), tmp_path)
    assert "huisverboden" not in {f.entiteit for f in listed}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = contract_folder(tmp_path)
    (folder / "casussen.csv").write_bytes(b"casus_nummer;huishouden_nummer\nC1\n")
    with pytest.raises(MakingError, match=r"file casussen\.csv, line 2: 1 fields where the header has 2"):
        make_manifest(folder, wanted(), tmp_path)
    with pytest.raises(MakingError, match="There is no folder"):
        make_manifest(tmp_path / "weg", wanted(), tmp_path)


# --- what the intake would do -------------------------------------------------------------------------------------------------------


def looked(settings: Settings, delivery: HandmadeDelivery, tmp_path: Path) -> Preview:
    return preview(settings, delivery.zip(tmp_path / "kijk"))


def quarantined(found: Preview) -> list[tuple[object, ...]]:
    return sorted((b.entiteit, b.controle, b.veld, b.aantal, b.regels) for b in found.quarantine)


def spoilt(number: int = 1) -> HandmadeDelivery:
    """A delivery with rows that break rules, rows that hang on one, identical copies and a warning."""
    delivery = HandmadeDelivery(number)
    delivery.row("casussen")["geopend_op"] = "onzin"
    delivery.row("adviesvragen", 1)["kanaal"] = "Jan Jansen"
    delivery.rows["diensten"].append(dict(delivery.row("diensten")))
    delivery.row("betrokkenen", 2)["geboortedatum"] = "18990101"
    return delivery


def test_it_says_what_the_intake_does(warehouse: Warehouse, tmp_path: Path) -> None:
    """The same counts, rules, fields and lines as when it is taken in: for a delivery with faults, without a key, with nothing written."""
    assert not warehouse.settings.key_path.exists()
    found = looked(warehouse.settings, spoilt(), tmp_path)
    assert list(warehouse.settings.root.iterdir()) == []
    outcome = warehouse.take_in_one(spoilt())
    assert found.refused is None
    # warnings stand beside the counts, and the register's are of the same lines
    assert found.counts == {e: c.__class__(**{**vars(c), "waarschuwingen": 0}) for e, c in outcome.entiteiten.items()}
    with duckdb.connect() as con:
        files = str(warehouse.settings.landing / "00000001" / "quarantaine" / "*.parquet")
        landed = con.execute(
            f"select parse_filename(filename, true), controle, veld, count(*), min(_regel, 3) from read_parquet('{files}', "
            "union_by_name = true, filename = true) group by all order by all"
        ).fetchall()
        warned = con.execute(
            f"select entiteit, controle, veld, count(*), min(regel, 3) from '{warehouse.settings.landing}/00000001/waarschuwingen.parquet' "
            "group by all order by all"
        ).fetchall()
    assert quarantined(found) == [(*row[:4], tuple(row[4])) for row in landed]
    assert sorted((w.entiteit, w.controle, w.veld, w.aantal, w.regels) for w in found.warnings) == [
        (*row[:4], tuple(row[4])) for row in warned
    ]
    assert found.counts["diensten"].identieke_kopieen == 1
    assert "Jansen" not in str(found)


@pytest.mark.parametrize(
    ("delivery", "why"),
    [
        (HandmadeDelivery(3, peildatum="2024-11-30"), "field peildatum: 2024-11-30 lies before"),
        (mutaties(5), "field levering_nummer: mutaties 5 does not follow 2"),
        (HandmadeDelivery(1, peildatum="2024-11-30"), "number 1 was never taken in and 2 was"),
        (HandmadeDelivery(2, peildatum="2025-01-01"), "number 2 was taken in on"),
        (HandmadeDelivery(5000), "lies more than 1000 after 2"),
        (HandmadeDelivery(3, manifest={"organisatie": "elders"}), "field organisatie"),
        (HandmadeDelivery(3, counts={"meldingen": 9}), "holds 2 rows, levering.json says 9"),
    ],
)
def test_it_refuses_what_the_intake_refuses(warehouse: Warehouse, tmp_path: Path, delivery: HandmadeDelivery, why: str) -> None:
    warehouse.take_in_one(HandmadeDelivery(2))
    before = warehouse.files()
    warehouse.settings.key_path.rename(tmp_path / "sleutel")
    found = looked(warehouse.settings, delivery, tmp_path)
    assert found.refused is not None and why in str(found.refused), found.refused
    (tmp_path / "sleutel").rename(warehouse.settings.key_path)
    assert warehouse.files() == before
    assert warehouse.take_in_one(delivery).reden.endswith(str(found.refused).split(": ", 1)[1])


def test_the_guard_against_a_registration_that_shrank_needs_no_key(warehouse: Warehouse, tmp_path: Path) -> None:
    large = HandmadeDelivery(1)
    large.rows["casussen"] += [large.row("casussen") | {"casus_nummer": f"K{i}"} for i in range(120)]
    warehouse.take_in_one(large)
    found = looked(warehouse.settings, HandmadeDelivery(2), tmp_path)
    assert found.refused is not None and found.refused.code == "te_weinig_rijen"


def test_of_changes_it_says_what_only_the_key_can_tell(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    report = HandmadeDelivery().row("meldingen") | {"melding_nummer": "M8"}
    bad = report | {"melding_nummer": "M9", "urgentie": "?"}
    forms = [{"melding_nummer": n, "vorm": "partnergeweld"} for n in ("M8", "M9", "M1", "BESTAAT_NIET")]
    night = mutaties(2, meldingen=[report, bad], melding_vormen=forms)
    found = looked(warehouse.settings, night, tmp_path)
    assert quarantined(found) == [
        ("melding_vormen", "ouder_in_quarantaine", "melding_nummer", 1, (3,)),
        ("meldingen", "codelijst", "urgentie", 1, (3,)),
    ]
    assert [r for r in found.remarks if "rows name" in r] == [
        "Not judged without the key: whether 2 rows name casussen that stand; this delivery does not bring them.",
        "Not judged without the key: whether 2 rows name meldingen that stand; this delivery does not bring them.",
    ]
    outcome = warehouse.take_in_one(night)
    assert outcome.entiteiten["melding_vormen"].quarantaine == 2, "the intake has the key, and knows that one of them stands nowhere"


def test_the_same_again_and_an_older_version(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    assert looked(warehouse.settings, HandmadeDelivery(1), tmp_path).already
    older = looked(warehouse.settings, first_version(HandmadeDelivery(2)), tmp_path)
    assert older.refused is None and "capaciteit" not in older.counts


def test_of_a_mapped_delivery_it_names_their_lines(whole: Translating, warehouse: Warehouse, tmp_path: Path) -> None:
    whole.change('"101": politie', '"1": politie')
    path = whole.deliver(tmp_path / "uit").path
    found = preview(warehouse.settings, path)
    (told,) = [b for b in found.quarantine if b.entiteit == "meldingen"]
    assert (told.controle, told.veld, told.regels, told.herkomst) == (
        "codelijst",
        "hoedanigheid",
        (2,),
        ("meldingen.csv:2 + adressen.csv:2",),
    )
    manifest = json.loads((path / "levering.json").read_text())
    assert manifest["vertaling"]["mapping"] == "voorbeeldstad.yml"
