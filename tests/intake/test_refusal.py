"""Deliveries that are refused whole: every reason, with file, line and field, and nothing of them taken in."""

import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from orchestration.intake import delivery, reader
from orchestration.intake.delivery import not_understood, waiting
from orchestration.landing.takein import Outcome, take_in_waiting
from orchestration.register.register import Register
from tests.lib.handmade import BASIS, HandmadeDelivery, csv_file, mutaties
from tests.lib.warehouse import Warehouse


def refused(warehouse: Warehouse, *parts: str, code: str) -> Outcome:
    """Take in what lies there: exactly one delivery, refused, for the reason named; the inbox is empty afterwards."""
    (outcome,) = take_in_waiting(warehouse.settings, lambda _: None)
    assert (outcome.uitkomst, outcome.code) == ("geweigerd", code), outcome.reden
    for part in parts:
        assert part in outcome.reden
    assert Register(warehouse.settings).leveringen() == []
    assert not list(warehouse.settings.inbox.iterdir())
    for folder in (warehouse.settings.landing, warehouse.settings.vault, warehouse.settings.quarantine):
        assert not folder.exists() or [p.name for p in folder.iterdir()] in ([], ["register.json"])
    return outcome


AHEAD = {f"in {hours} hours": timedelta(hours=hours) for hours in (23, 25)}
"""Moments that go by the clock, written out when the test runs."""


def _by_the_clock(change: dict[str, object]) -> dict[str, object]:
    return {k: (datetime.now(UTC) + AHEAD[v]).isoformat() if isinstance(v, str) and v in AHEAD else v for k, v in change.items()}


MANIFEST: list[tuple[dict[str, object], str, str]] = [
    *(({name: None}, "manifest", name) for name in ("levering_nummer", "soort", "peildatum", "aangemaakt_op", "bestanden")),
    ({"contract_versie": None}, "manifest", "contract_versie"),
    ({"organisatie": None}, "manifest", "organisatie"),
    ({"contract_versie": "2.0"}, "contract_versie", "contract_versie"),
    ({"contract_versie": 1.0}, "manifest", "contract_versie"),
    ({"organisatie": "utrecht"}, "organisatie", "organisatie"),
    ({"levering_nummer": "1"}, "manifest", "levering_nummer"),
    ({"levering_nummer": True}, "manifest", "levering_nummer"),
    ({"levering_nummer": 0}, "manifest", "levering_nummer"),
    ({"levering_nummer": 100_000_000}, "manifest", "levering_nummer"),
    ({"soort": "alles"}, "manifest", "soort"),
    ({"peildatum": "2024-13-01"}, "manifest", "peildatum"),
    ({"peildatum": "31-12-2024"}, "manifest", "peildatum"),
    ({"aangemaakt_op": "2025-01-02T01:14:05"}, "manifest", "aangemaakt_op"),
    # what nobody can have meant: by the clock, by each other, by the contract's window
    ({"peildatum": "2025-01-02"}, "peildatum", "peildatum"),
    ({"peildatum": "2042-01-01"}, "peildatum", "peildatum"),
    ({"peildatum": "1989-12-31"}, "peildatum", "peildatum"),
    ({"aangemaakt_op": "2142-01-02T01:14:05+01:00"}, "aangemaakt_op", "aangemaakt_op"),
    ({"peildatum": "2142-01-01", "aangemaakt_op": "2142-01-02T01:14:05+01:00"}, "aangemaakt_op", "aangemaakt_op"),
    ({"aangemaakt_op": "in 25 hours"}, "aangemaakt_op", "aangemaakt_op"),
    ({"bestanden": {}}, "manifest", "bestanden"),
    ({"bestanden": ["x"]}, "manifest", "bestanden[0]"),
    ({"bestanden": []}, "entiteit_ontbreekt", "bestanden"),
]


@pytest.mark.parametrize(("change", "code", "field"), MANIFEST, ids=lambda v: str(v)[:40])
def test_manifest(warehouse: Warehouse, change: dict[str, object], code: str, field: str) -> None:
    HandmadeDelivery(manifest=_by_the_clock(change)).zip(warehouse.settings.inbox)
    refused(warehouse, "levering.json", f"field {field}", code=code)


@pytest.mark.parametrize(
    "change",
    [
        {"peildatum": "2025-01-01"},
        # 23:30 UTC on 31 December is 1 January here
        {"peildatum": "2025-01-01", "aangemaakt_op": "2024-12-31T23:30:00Z"},
        {"aangemaakt_op": "in 23 hours"},
        {"peildatum": "1990-01-01", "aangemaakt_op": "1990-01-01T23:59:59+01:00"},
    ],
    ids=str,
)
def test_a_manifest_at_the_edge_of_its_bounds(warehouse: Warehouse, change: dict[str, object]) -> None:
    delivery = HandmadeDelivery(manifest=_by_the_clock(change), rows={e: [] for e in BASIS})
    assert warehouse.take_in_one(delivery).uitkomst == "opgenomen"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"entiteit": "meldigen"}, "bestanden[0].entiteit"),
        ({"bestand": "../meldingen.csv"}, "bestanden[0].bestand"),
        ({"bestand": "/etc/passwd"}, "bestanden[0].bestand"),
        ({"bestand": ""}, "bestanden[0].bestand"),
        ({"rijen": "2"}, "bestanden[0].rijen"),
        ({"rijen": -1}, "bestanden[0].rijen"),
        ({"rijen": 2.0}, "bestanden[0].rijen"),
        ({"sha256": "abc"}, "bestanden[0].sha256"),
        ({"sha256": None}, "bestanden[0].sha256"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_listed_file(warehouse: Warehouse, change: dict[str, object], field: str) -> None:
    delivery = HandmadeDelivery()
    listed = json.loads(delivery.content()["levering.json"])["bestanden"]
    listed[0] |= change
    delivery.manifest["bestanden"] = listed
    delivery.zip(warehouse.settings.inbox)
    refused(warehouse, "levering.json", f"field {field}", code="manifest")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe{\x00}\x00", b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"levering_nummer": ' + b"9" * 10_000 + b"}"],
    ids=["empty", "half", "list", "null", "utf16", "double", "deep", "endless"],
)
def test_manifest_is_not_json(warehouse: Warehouse, content: bytes) -> None:
    warehouse.settings.inbox.mkdir()
    with zipfile.ZipFile(warehouse.settings.inbox / "x.zip", "w") as archive:
        archive.writestr("levering.json", content)
    assert refused(warehouse, "levering.json", code="manifest").nummer is None


def test_entity_listed_twice(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    listed = json.loads(delivery.content()["levering.json"])["bestanden"]
    delivery.manifest["bestanden"] = [*listed, listed[0]]
    delivery.zip(warehouse.settings.inbox)
    refused(warehouse, "adviesvragen", "more than once", code="manifest")


def test_volledig_without_an_entity(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    del delivery.rows["huisverboden"]
    delivery.zip(warehouse.settings.inbox)
    refused(warehouse, "huisverboden", code="entiteit_ontbreekt")


def test_listed_file_is_missing(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    folder = delivery.map(warehouse.settings.inbox)
    (folder / "meldingen.csv").unlink()
    refused(warehouse, "meldingen.csv", "missing", code="bestand_ontbreekt")


def test_listed_file_is_missing_from_the_zip(warehouse: Warehouse) -> None:
    files = HandmadeDelivery().content()
    warehouse.settings.inbox.mkdir()
    with zipfile.ZipFile(warehouse.settings.inbox / "x.zip", "w") as archive:
        for name in files.keys() - {"diensten.csv"}:
            archive.writestr(name, files[name])
    refused(warehouse, "diensten.csv", "missing", code="bestand_ontbreekt")


@pytest.mark.parametrize("rows", [1, 3])
def test_row_count(warehouse: Warehouse, rows: int) -> None:
    HandmadeDelivery(counts={"meldingen": rows}).zip(warehouse.settings.inbox)
    refused(warehouse, "meldingen.csv", "holds 2 rows", str(rows), code="aantal_rijen")


@pytest.mark.parametrize("position", [0.0, 0.3, 0.6, 0.999])
def test_one_flipped_byte(warehouse: Warehouse, position: float) -> None:
    folder = HandmadeDelivery().map(warehouse.settings.inbox)
    path = folder / "betrokkenen.csv"
    content = bytearray(path.read_bytes())
    content[int(len(content) * position)] ^= 0x20
    path.write_bytes(content)
    refused(warehouse, "betrokkenen.csv", "checksum", code="controlesom")


HEADER = csv_file("casussen", [])
ROW = b"C1;H1;2024-01-01;\n"
BROKEN: dict[str, tuple[bytes, str, int | None]] = {
    "utf-16": ((HEADER + ROW).decode().encode("utf-16"), "codering", 1),
    "utf-16 without mark": ((HEADER + ROW).decode().encode("utf-16-le"), "codering", 1),
    "latin-1": (HEADER + ROW + "C2;Hé;2024-01-01;\n".encode("latin-1"), "codering", 3),
    "cut off in a character": (HEADER + b"C1;H1;2024-01-01;\nC2;\xc3", "codering", 3),
    "nul": (HEADER + ROW + b"C2;H\x002;2024-01-01;\n", "codering", 3),
    "empty file": (b"", "kolom_ontbreekt", 1),
    "comma": (HEADER.replace(b";", b",") + ROW.replace(b";", b","), "kolom_ontbreekt", 1),
    "tab": (HEADER.replace(b";", b"\t") + ROW.replace(b";", b"\t"), "kolom_ontbreekt", 1),
    "comma in rows only": (HEADER + ROW.replace(b";", b","), "aantal_velden", 2),
    "no header": (ROW, "kolom_ontbreekt", 1),
    "column missing": (HEADER.replace(b";afgesloten_op", b"") + b"C1;H1;2024-01-01\n", "kolom_ontbreekt", 1),
    "column in capitals": (HEADER.replace(b"geopend_op", b"Geopend_op") + ROW, "kolom_ontbreekt", 1),
    "double column": (HEADER.replace(b"\n", b";geopend_op\n") + b"C1;H1;2024-01-01;;2024-01-01\n", "kolom_dubbel", 1),
    "double unknown column": (HEADER.replace(b"\n", b";x;x\n") + b"C1;H1;2024-01-01;;;\n", "kolom_dubbel", 1),
    "too few fields": (HEADER + ROW + b"C2;H2\n", "aantal_velden", 3),
    "too many fields": (HEADER + ROW + b"C2;H2;2024-01-01;;x\n", "aantal_velden", 3),
    "one separator too many": (HEADER + ROW + b"C2;H2;2024-01-01;;\n", "aantal_velden", 3),
    "too few and too many": (HEADER + b"C1;H1;2024-01-01\nC2;H2;2024-01-01;;\n", "aantal_velden", 2),
    "quote never closed": (HEADER + ROW + b'C2;"H2;2024-01-01;\nC3;H3;2024-01-01;\n', "aanhalingsteken", 3),
    "quote closed by the next": (HEADER + ROW + b'C2;"H2;2024-01-01;\nC3;"H3";2024-01-01;\n', "aanhalingsteken", 3),
    "quote within a field": (HEADER + ROW + b'C2;H"2;2024-01-01;\n', "aanhalingsteken", 3),
    "text after a quote": (HEADER + ROW + b'C2;"H2"x;2024-01-01;\n', "aanhalingsteken", 3),
    "space before a quote": (HEADER + ROW + b'C2; "H2";2024-01-01;\n', "aanhalingsteken", 3),
    "backslash escape": (HEADER + ROW + b'C2;"H\\"2";2024-01-01;\n', "aanhalingsteken", 3),
    "old mac line ends": ((HEADER + ROW).replace(b"\n", b"\r"), "regeleinde", 1),
    "stray carriage return": (HEADER + ROW + b"C2;H\r2;2024-01-01;\n", "regeleinde", 3),
    "spaces on a line": (HEADER + ROW + b"   \n", "aantal_velden", 3),
    "header never closed": (b'"casus_nummer;huishouden_nummer\n' * 5000, "kopregel", 1),
    "bad header quote": (b'casus_nummer;"huis"x;geopend_op;afgesloten_op\n' + ROW, "kopregel", 1),
}


@pytest.mark.parametrize(("content", "code", "line"), BROKEN.values(), ids=BROKEN)
def test_file_that_cannot_be_read(warehouse: Warehouse, content: bytes, code: str, line: int | None) -> None:
    HandmadeDelivery(files={"casussen.csv": content}).zip(warehouse.settings.inbox)
    outcome = refused(warehouse, "casussen.csv", code=code)
    if line:
        assert f"line {line}" in outcome.reden
    for value in ("C1", "C2", "H1", "H2"):
        assert value not in outcome.reden


def test_missing_column_is_named(warehouse: Warehouse) -> None:
    content = HEADER.replace(b";geopend_op", b"") + b"C1;H1;\n"
    HandmadeDelivery(files={"casussen.csv": content}).zip(warehouse.settings.inbox)
    refused(warehouse, "file casussen.csv, line 1, field geopend_op", code="kolom_ontbreekt")


def test_endless_line(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_RECORD", 1 << 16)
    content = HEADER + ROW + b"C2;" + b"x" * (1 << 21)
    HandmadeDelivery(files={"casussen.csv": content}).zip(warehouse.settings.inbox)
    refused(warehouse, "casussen.csv", "line 3", "longer than", code="te_lang")


def test_endless_quoted_record(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_RECORD", 1 << 16)
    content = HEADER + ROW + b'C2;"' + b"x\n" * (1 << 16) + b'";2024-01-01;\n'
    HandmadeDelivery(files={"casussen.csv": content}).zip(warehouse.settings.inbox)
    refused(warehouse, "casussen.csv", "line 3", "longer than", code="te_lang")


def test_endless_file(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_FILE", 1 << 16)
    HandmadeDelivery(files={"casussen.csv": HEADER + ROW * 10_000}).zip(warehouse.settings.inbox)
    refused(warehouse, "casussen.csv", code="te_groot")


# --- containers -----------------------------------------------------------------------------------------------------------------


def _zip(path: Path, change: Callable[[zipfile.ZipFile], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in HandmadeDelivery().content().items():
            archive.writestr(name, content)
        change(archive)


def _link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("link.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def _twice(archive: zipfile.ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("meldingen.csv", b"other")


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.writestr("../uit.csv", b"x"),
        lambda a: a.writestr("/etc/uit.csv", b"x"),
        lambda a: a.writestr("map/meldingen.csv", b"x"),
        lambda a: a.writestr("map/", b""),
        lambda a: a.writestr("c:\\uit.csv", b"x"),
        _link,
        _twice,
    ],
    ids=["parent", "root", "folder", "empty folder", "drive", "link", "double"],
)
def test_hostile_zip(warehouse: Warehouse, change: Callable[[zipfile.ZipFile], None]) -> None:
    _zip(warehouse.settings.inbox / "x.zip", change)
    outside = set(warehouse.settings.root.parent.rglob("uit.csv"))
    refused(warehouse, "x.zip", code="zip_onveilig")
    assert set(warehouse.settings.root.parent.rglob("uit.csv")) == outside


def test_zip_bomb(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BOMB", 1 << 20)
    _zip(warehouse.settings.inbox / "x.zip", lambda a: a.writestr("bom.csv", bytes(8 << 20)))
    refused(warehouse, "unpacks to far more", code="zip_onveilig")


def test_zip_that_lies_about_a_size(warehouse: Warehouse) -> None:
    _zip(warehouse.settings.inbox / "x.zip", lambda a: None)
    path = warehouse.settings.inbox / "x.zip"
    content = path.read_bytes()
    at = content.rindex(b"PK\x01\x02")
    path.write_bytes(content[: at + 24] + (7).to_bytes(4, "little") + content[at + 28 :])
    (outcome,) = take_in_waiting(warehouse.settings, lambda _: None)
    assert outcome.uitkomst == "geweigerd"


@pytest.mark.parametrize("content", [b"", b"geen zip", b"PK\x05\x06" + bytes(10), b"PK\x03\x04" + bytes(100)])
def test_no_zip_at_all(warehouse: Warehouse, content: bytes) -> None:
    warehouse.settings.inbox.mkdir()
    (warehouse.settings.inbox / "x.zip").write_bytes(content)
    refused(warehouse, "x.zip", code="geen_zip")


def test_zip_cut_off(warehouse: Warehouse) -> None:
    path = HandmadeDelivery().zip(warehouse.settings.inbox)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    refused(warehouse, path.name, code="geen_zip")


def test_damaged_member(warehouse: Warehouse) -> None:
    path = HandmadeDelivery().zip(warehouse.settings.inbox)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("meldingen.csv")
    content = bytearray(path.read_bytes())
    at = info.header_offset + 30 + len(info.filename) + 10
    content[at : at + 20] = bytes(20)
    path.write_bytes(content)
    refused(warehouse, "meldingen.csv", code="onleesbaar")


def test_encrypted_member(warehouse: Warehouse) -> None:
    path = HandmadeDelivery().zip(warehouse.settings.inbox)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)
    refused(warehouse, "encrypted", code="zip_onveilig")


def test_links_in_the_inbox_are_not_followed(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = HandmadeDelivery().map(tmp_path / "elders")
    warehouse.settings.inbox.mkdir()
    (warehouse.settings.inbox / "levering").symlink_to(folder)
    refused(warehouse, "is a link", code="link")
    assert (folder / "levering.json").exists()


def test_a_linked_zip_is_not_followed(warehouse: Warehouse, tmp_path: Path) -> None:
    path = HandmadeDelivery().zip(tmp_path / "elders")
    warehouse.settings.inbox.mkdir()
    (warehouse.settings.inbox / "levering.zip").symlink_to(path)
    refused(warehouse, code="link")
    assert path.exists()


@pytest.mark.parametrize("name", ["meldingen.csv", "levering.json"])
@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_a_file_of_a_folder_must_be_a_file(warehouse: Warehouse, tmp_path: Path, kind: str, name: str) -> None:
    folder = HandmadeDelivery().map(warehouse.settings.inbox)
    path = folder / name
    path.rename(tmp_path / name)
    if kind == "link":
        path.symlink_to(tmp_path / name)
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.mkdir()
    refused(warehouse, name, code="link")


# --- what is no delivery yet, and what is ---------------------------------------------------------------------------------------


def test_incomplete_deliveries_wait(warehouse: Warehouse) -> None:
    folder = HandmadeDelivery().map(warehouse.settings.inbox)
    (folder / "levering.json").rename(folder / "levering.json.tmp")
    HandmadeDelivery(2).zip(warehouse.settings.inbox, "levering-2.zip.part")
    HandmadeDelivery(3).zip(warehouse.settings.inbox, ".levering-3.zip")
    (warehouse.settings.inbox / "leesmij.txt").write_text("x")
    assert take_in_waiting(warehouse.settings, lambda _: None) == []
    assert len(list(warehouse.settings.inbox.iterdir())) == 4


def test_a_folder_is_taken_in_as_a_zip_is(warehouse: Warehouse) -> None:
    HandmadeDelivery().map(warehouse.settings.inbox)
    (outcome,) = take_in_waiting(warehouse.settings, lambda _: None)
    assert outcome.uitkomst == "opgenomen"
    assert not list(warehouse.settings.inbox.iterdir())


def test_other_files_and_fields_are_ignored(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery(manifest={"afzender": "x", "nieuw": {"a": [1]}})
    delivery.map(warehouse.settings.inbox)
    (warehouse.settings.inbox / "levering-1" / "notitie.txt").write_text("x")
    (warehouse.settings.inbox / "levering-1" / "map").mkdir()
    assert warehouse.take_in()[0].uitkomst == "opgenomen"


def test_bom_crlf_order_and_unknown_columns(warehouse: Warehouse) -> None:
    content = (
        b"\xef\xbb\xbfafgesloten_op;extra;huishouden_nummer;geopend_op;casus_nummer\r\n"
        b';x;H1;2024-01-01;C1\r\n\r\n2024-03-01;"y\r\nz";H2;2024-01-05;"C2"\r\n;;H3;2024-13-01;C3'
    )
    delivery = HandmadeDelivery(files={"casussen.csv": content}, counts={"casussen": 3})
    outcome = warehouse.take_in_one(delivery)
    assert outcome.uitkomst == "opgenomen", outcome.reden
    assert outcome.opmerkingen == ("file casussen.csv: unknown column extra is ignored",)
    assert warehouse.query("select _regel from casussen order by 1") == [(2,), (4,)]
    assert warehouse.quarantined() == [(1, "casussen", 6, "type", "geopend_op", "open")]


def test_mutaties_may_leave_entities_out_but_come_second(warehouse: Warehouse) -> None:
    mutaties(1, casussen=HandmadeDelivery().rows["casussen"]).zip(warehouse.settings.inbox)
    refused(warehouse, "volledig", code="gat")


def test_raw_records_are_those_of_the_file() -> None:
    data = io.BytesIO(csv_file("casussen", [{"casus_nummer": "C1", "huishouden_nummer": 'a"b\nc'}, {"casus_nummer": "C2"}]))

    class One(delivery.Source):
        def open(self, name: str) -> io.BytesIO:  # type: ignore[override]
            return io.BytesIO(data.getvalue())

    file = delivery.DeliveredFile("casussen", "casussen.csv", 2, hashlib.sha256(data.getvalue()).hexdigest())
    found = reader.raw_records(One(Path("x")), file, np.array([0, 1]), Path("/nonexistent"))
    assert found["ruw"].to_pylist() == [b'C1;"a""b\nc";;\n', b"C2;;;\n"]


# --- what lies in the inbox and is no delivery ------------------------------------------------------------------------------------------


def put_what_is_no_delivery(inbox: Path) -> dict[str, str]:
    """One of each kind, by name, with what is said of it."""
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "hoofdletter").mkdir()
    (inbox / "hoofdletter" / "Levering.json").touch()
    (inbox / "dieper" / "levering-3").mkdir(parents=True)
    (inbox / "dieper" / "levering-3" / "levering.json").touch()
    (inbox / "leeg").mkdir()
    for name in ("meldingen.csv", "levering.7z", "levering.tar.gz"):
        (inbox / name).touch()
    (inbox / "nergens").symlink_to("weg")
    (inbox / "nergens.zip").symlink_to("weg.zip")
    return {
        "hoofdletter": "holds Levering.json: name it levering.json",
        "dieper": "one folder deeper: move levering-3 into the inbox",
        "leeg": "has no levering.json",
        "meldingen.csv": "is a loose file",
        "levering.7z": "is not a zip",
        "levering.tar.gz": "is not a zip",
        "nergens": "is a link to nowhere",
        "nergens.zip": "is a link to nowhere",
    }


def test_what_is_no_delivery_is_named_with_what_to_do(tmp_path: Path) -> None:
    expected = put_what_is_no_delivery(tmp_path / "inbox")
    (tmp_path / "inbox" / ".half.zip").touch()
    (tmp_path / "inbox" / "goed.zip").touch()
    found = not_understood(tmp_path / "inbox")
    assert found.keys() == expected.keys()
    for name, why in expected.items():
        assert found[name].startswith(f"In the inbox: {name} ") and why in found[name]
    assert [p.name for p in waiting(tmp_path / "inbox")] == ["goed.zip"]


def test_what_may_not_be_read_is_named_and_keeps_nothing_else_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dicht").mkdir()
    for name in ("dicht.zip", "goed.zip"):
        (tmp_path / name).touch()
    monkeypatch.setattr("os.access", lambda path, _: Path(path).stem != "dicht")  # root may read anything
    assert {name: "give the user that runs this the rights" in text for name, text in not_understood(tmp_path).items()} == {
        "dicht": True,
        "dicht.zip": True,
    }
    assert [p.name for p in waiting(tmp_path)] == ["goed.zip"]


@pytest.mark.parametrize(("separator", "word"), [(",", "commas"), ("\t", "tabs"), ("|", "bars")])
def test_a_file_with_another_separator_says_so(warehouse: Warehouse, separator: str, word: str) -> None:
    HandmadeDelivery(files={"casussen.csv": (HEADER + ROW).replace(b";", separator.encode())}).zip(warehouse.settings.inbox)
    refused(warehouse, f"file casussen.csv, line 1: the columns are separated by {word}", code="kolom_ontbreekt")


def test_a_column_in_other_letters_says_which(warehouse: Warehouse) -> None:
    HandmadeDelivery(files={"casussen.csv": HEADER.replace(b"geopend_op", b" Geopend_op") + ROW}).zip(warehouse.settings.inbox)
    refused(warehouse, "column geopend_op is written in other letters or with spaces", code="kolom_ontbreekt")
