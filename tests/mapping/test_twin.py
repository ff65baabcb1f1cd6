"""A delivery that a mapping made and its twin of the contract give equal rows, and each row is found on their line; what a value is not
known of goes to quarantine with its rule."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.files import sha256, write_new
from orchestration.intake.contract import load_contract
from orchestration.landing import quarantine, store, trace
from orchestration.landing.quarantine import QuarantinedRow
from orchestration.landing.theirs import TheirLine, their_lines
from orchestration.landing.trace import Place
from orchestration.landing.verify import look
from orchestration.privacy.forget import forget
from orchestration.privacy.rotate import rotate
from orchestration.register import register
from orchestration.register.register import Register
from orchestration.settings import Settings
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse, take_in, warehouse_in
from tests.mapping.conftest import Translating


def landed(settings: Settings, entity: str) -> list[tuple[object, ...]]:
    """The rows of the last delivery, all columns of the contract, in no order."""
    found = load_contract().entity(entity)
    columns = [c for c in {**found.columns, "nummer_volgorde": ""} if c != "nummer_volgorde" or entity == "meldingen"]
    rows = store.scan_rows(settings, Register(settings).leveringen()[-1:], found, store.TAKEN_IN)
    with duckdb.connect() as con:
        return con.execute(f"select {', '.join(f'{c}::varchar' for c in columns)} from ({rows}) order by all").fetchall()


def herkomst(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((path / "herkomst.csv").read_text()), delimiter=";"))


def test_the_mapped_delivery_and_its_twin_land_the_same(warehouse: Warehouse, whole: Translating, tmp_path: Path) -> None:
    twin = warehouse_in(tmp_path / "tweeling", threads=1)
    twin.settings.key_path.parent.mkdir(parents=True)
    whole.deliver(warehouse.settings.inbox)
    (outcome,) = take_in(warehouse.settings)
    assert (outcome.uitkomst, outcome.reden) == ("opgenomen", "")
    assert sum(t.quarantaine for t in outcome.entiteiten.values()) == 0
    write_new(twin.settings.key_path, warehouse.settings.key_path.read_bytes())
    twin.take_in_one(HandmadeDelivery())
    for entity in load_contract().names:
        assert landed(warehouse.settings, entity) == landed(twin.settings, entity) != [], entity


def test_every_row_is_found_on_their_line(warehouse: Warehouse, whole: Translating) -> None:
    """Also behind a record of theirs that takes two lines, after a join, and where one line of theirs made several rows."""
    whole.deliver(warehouse.settings.inbox)
    take_in(warehouse.settings)
    report = (whole.folder / "meldingen.csv").read_bytes().decode("cp1252").split("\r\n")
    assert report[1].startswith("M1;") and report[2].startswith("M2;") and report[3].startswith("op twee regels")
    found = their_lines(
        warehouse.settings, [(1, "meldingen", 2), (1, "meldingen", 3), (1, "melding_vormen", 3), (1, "betrokkenen", 4), (1, "diensten", 2)]
    )
    assert found == {
        (1, "meldingen", 2): (TheirLine("meldingen.csv", 2), TheirLine("adressen.csv", 2)),
        (1, "meldingen", 3): (TheirLine("meldingen.csv", 3), TheirLine("adressen.csv", 3)),
        (1, "melding_vormen", 3): (TheirLine("meldingen.csv", 3),),
        (1, "betrokkenen", 4): (TheirLine("personen.csv", 4),),
        (1, "diensten", 2): (TheirLine("trajecten.txt", 2),),
    }
    assert their_lines(warehouse.settings, [(1, "meldingen", 99), (2, "meldingen", 2)]) == {}


def test_lines_behind_a_value_of_two_lines_are_right_on_both_sides(small: Translating, warehouse: Warehouse) -> None:
    first, second = 'M1;D1;"G\n1";04-01-2024;04-01-2024 10:00;POL;J', "M2;D2;G2;05-01-2024;06-01-2024 23:30;07;N"
    small.write(f"NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND\n{first}\n\n{second}\n")
    small.deliver(warehouse.settings.inbox)
    (outcome,) = take_in(warehouse.settings)
    (held, *_) = quarantine.entries(warehouse.settings, entity="casussen")
    assert (outcome.uitkomst, held.regel, held.controle) == ("opgenomen", 2, "onzichtbaar_teken")
    assert their_lines(warehouse.settings, [(1, "casussen", n) for n in (2, 3, 4)]) == {
        (1, "casussen", 2): (TheirLine("meld.csv", 2),),
        (1, "casussen", 4): (TheirLine("meld.csv", 5),),
    }


def test_an_unknown_code_and_a_date_that_is_none_are_quarantined_with_rule_and_field_and_their_line(
    small: Translating, warehouse: Warehouse
) -> None:
    small.write(
        """
        NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND
        M1;D1;G1;31-02-2024;04-01-2024 10:00;POL;J
        M2;D2;G2;05-01-2024;06-01-2024 23:30;politie;N
        M3;D3;G3;05-01-2024;06-01-2024 23:30;07;misschien
        M4;D4;G4;05-01-2024;06-01-2024 23:30;07;J
        """
    )
    done = small.run()
    assert [(f.bron, f"{f.entiteit}.{f.veld}", f.waarde, f.aantal, f.regel) for f in done.findings] == [
        ("meld.csv, OPEN", "casussen.geopend_op", None, 1, 2),
        ("meld.csv, MELDER", "meldingen.hoedanigheid", "politie", 1, 3),
        ("meld.csv, KIND", "meldingen.huishouden_met_kinderen", None, 1, 4),
    ]
    assert done.untranslated == 3
    small.deliver(warehouse.settings.inbox)
    (outcome,) = take_in(warehouse.settings)
    assert outcome.entiteiten["meldingen"].quarantaine == 3 and outcome.entiteiten["casussen"].quarantaine == 1

    def told(i: QuarantinedRow) -> tuple[object, ...]:
        return i.entiteit, i.regel, i.controle, i.veld, i.bron_bestand, i.bron_regel, i.bron_ook

    assert [told(i) for i in quarantine.entries(warehouse.settings)] == [
        ("casussen", 2, "type", "geopend_op", "meld.csv", 2, None),
        ("meldingen", 2, "ouder_in_quarantaine", "casus_nummer", "meld.csv", 2, None),
        ("meldingen", 3, "codelijst", "hoedanigheid", "meld.csv", 3, None),
        ("meldingen", 4, "type", "huishouden_met_kinderen", "meld.csv", 4, None),
    ]
    _, raw = quarantine.show(warehouse.settings, 1, "meldingen", 3)
    assert "onvertaald:politie" in raw
    goal = warehouse.settings.root / "quarantaine.csv"
    assert quarantine.export(warehouse.settings, goal) == 4
    assert goal.read_text().splitlines()[0].endswith(";sinds;bron_bestand;bron_regel;bron_ook")


def test_no_text_of_theirs_is_shown_but_codes(small: Translating) -> None:
    """A column with too many values, or too long ones, holds no codes, whatever the mapping says of it."""
    lines = [f"M{i};D{i};G;01-01-2024;04-01-2024 10:00;Jansen {i};J" for i in range(60)]
    small.write("NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND\n" + "\n".join(lines))
    ((finding,), told) = (small.run().findings, str(small.run()))
    assert (finding.waarde, finding.aantal) == (None, 60) and "60 values are none of the mapping's codes" in finding.what
    small.write(
        "NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND\nM1;D1;G1;01-01-2024;04-01-2024 10:00;" + "de heer Jansen die belde " * 3 + ";J\n"
    )
    (finding,) = small.run().findings
    assert finding.waarde is None
    assert "Jansen" not in told + str(small.run())


def test_a_delivery_without_a_mapping_is_as_it_was(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    delivery.row("meldingen")["urgentie"] = "?"
    warehouse.take_in_one(delivery)
    (event,) = Register(warehouse.settings).events(register.TAKEN_IN)
    assert "vertaling" not in event.inhoud and "herkomst.parquet" not in event.inhoud["zegels"]["landing"]
    assert list(warehouse.settings.landing.rglob("herkomst*")) == []
    assert their_lines(warehouse.settings, [(1, "meldingen", 2)]) == {}
    (first, *_) = quarantine.entries(warehouse.settings)
    assert (first.bron_bestand, first.bron_regel) == (None, None)
    goal = warehouse.settings.root / "quarantaine.csv"
    quarantine.export(warehouse.settings, goal)
    assert goal.read_text().splitlines()[0].endswith(";sinds")


def test_what_is_kept_of_it_is_file_names_and_line_numbers_known_to_the_register(warehouse: Warehouse, whole: Translating) -> None:
    made = whole.deliver(warehouse.settings.inbox)
    rows = herkomst(made.path)
    assert {tuple(row) for row in rows} == {("entiteit", "op_regel", "volgnummer", "bron_bestand", "bron_regel")}
    assert {row["bron_bestand"] for row in rows} == {p.name for p in whole.folder.iterdir()}
    take_in(warehouse.settings)
    (event,) = Register(warehouse.settings).events(register.TAKEN_IN)
    told = event.inhoud["vertaling"]
    assert (told["mapping"], told["sha256"]) == ("voorbeeldstad.yml", sha256(whole.path))
    path = warehouse.settings.landing / event.inhoud["map"] / "herkomst.parquet"
    seal = event.inhoud["zegels"]["landing"]["herkomst.parquet"]
    assert (seal["sha256"], seal["rijen"]) == (sha256(path), len(rows))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (mismatch,) = look(warehouse.settings, Register(warehouse.settings))
    assert mismatch.bestand.endswith("herkomst.parquet") and "was altered" in str(mismatch)


def test_it_goes_along_with_forgetting_and_a_new_key(warehouse: Warehouse, whole: Translating) -> None:
    whole.deliver(warehouse.settings.inbox)
    take_in(warehouse.settings)
    before = their_lines(warehouse.settings, [(1, "betrokkenen", n) for n in (2, 3, 4)])
    assert len(before) == 3
    forget(warehouse.settings, "persoon", "999990019", "J. Voorbeeld", "afgesproken", lambda _: None)
    after = their_lines(warehouse.settings, [(1, "betrokkenen", n) for n in (2, 3, 4)])
    assert after == {at: lines for at, lines in before.items() if at != (1, "betrokkenen", 2)}
    rotate(warehouse.settings, "J. Voorbeeld", "afgesproken", lambda _: None)
    assert their_lines(warehouse.settings, [(1, "betrokkenen", n) for n in (2, 3, 4)]) == after
    assert look(warehouse.settings, Register(warehouse.settings), folders=("landing", "vault", "quarantine")) == []


def test_landings_of_before_and_mapped_ones_go_together(warehouse: Warehouse, whole: Translating) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    whole.deliver(warehouse.settings.inbox, nummer=2)
    take_in(warehouse.settings)
    warehouse.take_in_one(mutaties(3, casussen=[HandmadeDelivery().row("casussen") | {"geopend_op": "x"}]))
    found = trace.places_of(warehouse.settings, "casus", "C1")
    lines = their_lines(warehouse.settings, [(p.levering, p.entiteit, p.regel) for p in found])
    assert {at[0] for at in lines} == {2}
    assert lines[2, "casussen", 2] == (TheirLine("dossiers.csv", 2),)
    assert trace.standing(warehouse.settings, Place(2, "casussen", "casussen.csv", 2)) == Place(1, "casussen", "casussen.csv", 2)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda rows: rows[:-1], "does not name line"),
        (lambda rows: [*rows, rows[-1]], "twice"),
        (lambda rows: [*rows, "meldingen;99;1;meldingen.csv;4"], "names line 99 of meldingen, on which no row starts"),
        (lambda rows: [*rows, "onzin;2;1;meldingen.csv;4"], "names line 2 of onzin, on which no row starts"),
        (lambda rows: [*rows[:-1], rows[-1].rsplit(";", 1)[0] + ";nul"], "field bron_regel: must be a whole number"),
        (lambda rows: [*rows[:-1], rows[-1].replace(".csv", "/../x.csv")], "field bron_bestand: must be a plain file name"),
        (lambda rows: [*rows[:-1], rows[-1].replace(";1;", ";;")], "field volgnummer: must be a whole number"),
        (lambda rows: [r.replace("bron_regel", "regel") for r in rows], "field bron_regel: the column is missing"),
    ],
)
def test_a_herkomst_that_does_not_tell_of_every_row_once_is_refused(
    warehouse: Warehouse, whole: Translating, spoil: Callable[[list[str]], list[str]], why: str
) -> None:
    path = whole.deliver(warehouse.settings.inbox).path
    rows = spoil((path / "herkomst.csv").read_text().splitlines())
    (path / "herkomst.csv").write_text("\n".join(rows) + "\n")
    manifest = json.loads((path / "levering.json").read_text())
    manifest["vertaling"]["herkomst"] |= {"rijen": len(rows) - 1, "sha256": sha256(path / "herkomst.csv")}
    (path / "levering.json").write_text(json.dumps(manifest))
    (outcome,) = take_in(warehouse.settings)
    assert outcome.uitkomst == "geweigerd" and "file herkomst.csv" in outcome.reden and why in outcome.reden, outcome.reden


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sha256": "0" * 63}, "field vertaling.sha256: must be 64"),
        ({"mapping": "../x.yml"}, "field vertaling.mapping: must be a plain file name"),
        ({"herkomst": 3}, "field vertaling.herkomst: must be an object"),
        ({"herkomst": {"bestand": "meldingen.csv", "rijen": 1, "sha256": "0" * 64}}, "is the file of an entity too"),
        ({"herkomst": {"bestand": "herkomst.csv", "rijen": 1, "sha256": "0" * 64}}, "file herkomst.csv: the checksum is not the one"),
        ({"herkomst": {"bestand": "weg.csv", "rijen": 1, "sha256": "0" * 64}}, "file weg.csv: is listed and missing"),
    ],
)
def test_what_the_manifest_says_of_it_is_checked(warehouse: Warehouse, whole: Translating, changes: dict[str, object], why: str) -> None:
    path = whole.deliver(warehouse.settings.inbox).path
    manifest = json.loads((path / "levering.json").read_text())
    manifest["vertaling"] |= changes
    (path / "levering.json").write_text(json.dumps(manifest))
    (outcome,) = take_in(warehouse.settings)
    assert outcome.uitkomst == "geweigerd" and why in outcome.reden, outcome.reden


def test_the_same_delivery_again_does_nothing(warehouse: Warehouse, whole: Translating) -> None:
    for expected in ("opgenomen", "al_opgenomen"):
        whole.deliver(warehouse.settings.inbox)
        (outcome,) = take_in(warehouse.settings)
        assert outcome.uitkomst == expected
