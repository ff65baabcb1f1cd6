"""Forgetting a person or a case: gone everywhere, kept out, proven by a search; the balance stays closed."""

import base64
import zipfile
from pathlib import Path

import pytest

from orchestration import duck
from orchestration.intake import checks
from orchestration.keys.use import open_key
from orchestration.landing import quarantine
from orchestration.privacy import forget, rotate
from orchestration.privacy.forget import ForgetError
from orchestration.register.register import Register
from tests.lib.handmade import BASIS, HandmadeDelivery, Row, eleven_test, mutaties
from tests.lib.warehouse import Warehouse

BSN = "999990019"


def second() -> HandmadeDelivery:
    """The person in two reports, once in bad order; a case in bad order too."""
    delivery = HandmadeDelivery(2)
    person = delivery.row("betrokkenen")
    delivery.rows["betrokkenen"] += [
        person | {"melding_nummer": "M2", "volgnummer": "2"},
        person | {"volgnummer": "9", "geslacht": "?"},
    ]
    delivery.rows["huisverboden"].append(delivery.row("huisverboden") | {"huisverbod_nummer": "X2", "aanvrager": "?"})
    return delivery


def balanced(warehouse: Warehouse) -> bool:
    counts = warehouse.query("select gelezen = opgenomen + identieke_kopieen + quarantaine + vergeten from levering_entiteiten")
    return all(row == (True,) for row in counts)


def test_a_person(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), second())
    others = {e: warehouse.query(f"select count(*) from {e}") for e in BASIS if e != "betrokkenen"}
    report = forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert report.rows == {"betrokkenen": 4}
    assert report.leveringen == (1, 2)
    assert report.archives == 2
    assert report.searched["landing"] > 0 and report.searched["vault"] > 0
    assert warehouse.query("select persoon_id from betrokkenen where persoon_id is not null") == []
    assert warehouse.query("select count(*) from betrokkenen where _is_actueel") == [(2,)]
    assert {e: warehouse.query(f"select count(*) from {e}") for e in others} == others
    assert [i for i in quarantine.entries(warehouse.settings) if i.entiteit == "betrokkenen"] == []
    counts = "select levering_nummer, opgenomen, quarantaine, vergeten from levering_entiteiten where entiteit = 'betrokkenen'"
    assert warehouse.query(counts) == [
        (1, 2, 0, 1), (2, 2, 0, 3),
    ]  # fmt: skip
    assert balanced(warehouse)
    assert BSN not in "".join(p.read_text() for p in warehouse.settings.register.iterdir())


def test_a_person_stays_out(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    copies = second()
    copies.rows["betrokkenen"].append(copies.row("betrokkenen"))
    outcome = warehouse.take_in_one(copies)
    count = outcome.entiteiten["betrokkenen"]
    assert (count.gelezen, count.opgenomen, count.vergeten, count.quarantaine) == (6, 2, 4, 0)
    assert "stayed out" in outcome.opmerkingen[0]
    assert not list(warehouse.settings.archive.iterdir())
    assert warehouse.query("select persoon_id from betrokkenen where persoon_id is not null") == []
    assert balanced(warehouse)
    # and once more says the search that nothing is there
    assert forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "again", lambda _: None).rows == {}
    # also with a new key
    rotate.rotate(warehouse.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert warehouse.take_in_one(mutaties(3, betrokkenen=[BASIS["betrokkenen"][0]])).entiteiten["betrokkenen"].vergeten == 1


def test_an_older_version_of_the_row_does_not_rise_again(warehouse: Warehouse) -> None:
    person = BASIS["betrokkenen"][0]
    other: Row = person | {"bsn": "000000000"}
    first = HandmadeDelivery(1)
    first.rows["betrokkenen"][0] = other
    warehouse.take_in(first, mutaties(2, betrokkenen=[person]))
    forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert warehouse.query("select _geldig_van, _geldig_tot from betrokkenen where _regel = 2 and bsn_onbekend") == [(1, 2)]
    warehouse.take_in_one(mutaties(3, betrokkenen=[other]))
    assert warehouse.query("select count(*) from betrokkenen where _is_actueel") == [(3,)]


def test_a_case_and_all_that_hangs_on_it(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), second())
    report = forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert set(report.rows) == {
        "casussen", "meldingen", "melding_vormen", "melding_aarden", "betrokkenen", "veiligheidsbeoordelingen", "diensten", "overdrachten",
        "huisverboden",
    }  # fmt: skip
    assert warehouse.query("select count(*) from casussen union all select count(*) from meldingen") == [(1,), (1,)]
    assert warehouse.query("select count(*) from diensten") == [(0,)]
    assert warehouse.query("select count(*) from monitormomenten") == [(2,)]
    assert quarantine.entries(warehouse.settings) == []
    assert balanced(warehouse)
    # it stays out, with what a later delivery hangs on it, also when it comes alone or new
    again = HandmadeDelivery(3)
    again.rows["meldingen"].append(again.row("meldingen") | {"melding_nummer": "M7"})
    again.rows["diensten"].append(again.row("diensten") | {"dienst_nummer": "D7", "melding_nummer": "M7"})
    outcomes = warehouse.take_in(
        again, mutaties(4, diensten=[BASIS["diensten"][0], BASIS["diensten"][0] | {"dienst_nummer": "D8", "melding_nummer": "M7"}])
    )
    assert [outcomes[0].entiteiten[e].vergeten for e in ("casussen", "meldingen", "diensten", "huisverboden")] == [1, 2, 2, 1]
    assert outcomes[1].entiteiten["diensten"].vergeten == 2
    assert warehouse.query("select count(*) from diensten") == [(0,)]
    assert quarantine.entries(warehouse.settings) == []


def vault_holds(warehouse: Warehouse, entity: str, field: str, nummer: str) -> int:
    """How many rows in the vault hold this number."""
    keyring = open_key(warehouse.settings, "test")
    with duck.connect(warehouse.settings) as con:
        con.execute(f"pragma add_parquet_key('vault', '{base64.b64encode(keyring.derive('vault')).decode()}')")
        paths = [str(p) for p in warehouse.settings.vault.rglob(f"{entity}.parquet")]
        sql = f"select count(*) from read_parquet(?, encryption_config = {{footer_key: 'vault'}}) where {field} = ?"
        row = con.execute(sql, [paths, nummer]).fetchone()
    return row[0] if row else 0


@pytest.mark.parametrize(
    ("entity", "field", "nummer"),
    [("huisverboden", "huisverbod_nummer", "X1"), ("diensten", "dienst_nummer", "D1"), ("meldingen", "melding_nummer", "M1")],
)
def test_a_deletion_that_names_only_a_number_of_the_case_goes_too(warehouse: Warehouse, entity: str, field: str, nummer: str) -> None:
    deletion = mutaties(2, **{entity: [{field: nummer, "verwijderd": "ja"}]})
    warehouse.take_in(HandmadeDelivery(1), deletion)
    assert vault_holds(warehouse, entity, field, nummer) == 2
    report = forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert report.leveringen == (1, 2)
    assert report.archives == 2
    assert vault_holds(warehouse, entity, field, nummer) == 0
    # also when it comes after it, alone, of something that came after the case was forgotten
    again = HandmadeDelivery(3)
    again.rows["huisverboden"].append(again.row("huisverboden") | {"huisverbod_nummer": "X7"})
    later = mutaties(4, huisverboden=[{"huisverbod_nummer": n, "verwijderd": "ja"} for n in ("X1", "X7")])
    assert warehouse.take_in(again, later)[1].entiteiten["huisverboden"].vergeten == 2
    assert [vault_holds(warehouse, "huisverboden", "huisverbod_nummer", n) for n in ("X1", "X7")] == [0, 0]
    assert balanced(warehouse)


def test_numbers_are_looked_for_where_such_numbers_stand(warehouse: Warehouse) -> None:
    """Dienst 7 of the case that goes is no reason to destroy a row of another case that holds a 7."""
    first = HandmadeDelivery(1)
    first.row("diensten")["dienst_nummer"] = "7"
    first.rows["monitormomenten"][1]["directe_veiligheid"] = "7"
    warehouse.take_in_one(first)
    (entry,) = quarantine.entries(warehouse.settings)
    assert entry.entiteit == "monitormomenten"
    forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert len(quarantine.entries(warehouse.settings)) == 1


WHITE = ["\u00a0C1\t", "C1 ", "\u3000 C1", "C1\u2028"]


def test_a_case_in_whatever_white_space_it_was_delivered(warehouse: Warehouse) -> None:
    """Asked for with white space of its own; taken in, in quarantine, and in the archive of a delivery that was refused."""
    first = HandmadeDelivery(1)
    first.row("casussen")["casus_nummer"] = WHITE[0]
    first.row("meldingen")["casus_nummer"] = WHITE[1]
    first.rows["huisverboden"] = [{"huisverbod_nummer": f"X{i}", "casus_nummer": w, "aanvrager": "?"} for i, w in enumerate(WHITE)]
    refused = mutaties(9, huisverboden=[{"huisverbod_nummer": "X9", "casus_nummer": WHITE[0], "aanvrager": "politie"}])
    other = mutaties(8, huisverboden=[{"huisverbod_nummer": "C1 X", "casus_nummer": "C2", "aanvrager": "XC1"}])
    assert [u.uitkomst for u in warehouse.take_in(first, refused, other)] == ["opgenomen", "geweigerd", "geweigerd"]
    assert len(quarantine.entries(warehouse.settings)) == len(WHITE)
    report = forget.forget(warehouse.settings, "casus", " C1\u2003", "J. Voorbeeld", "request", lambda _: None)
    assert (report.rows["casussen"], report.rows["meldingen"], report.rows["huisverboden"]) == (1, 1, len(WHITE))
    assert report.archives == 2
    assert len(list(warehouse.settings.archive.iterdir())) == 1
    assert quarantine.entries(warehouse.settings) == []
    assert balanced(warehouse)


@pytest.mark.parametrize("nummer", ["C1", *WHITE])
def test_a_case_stays_out_in_whatever_white_space_it_comes_again(warehouse: Warehouse, nummer: str) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    again = HandmadeDelivery(2)
    again.row("casussen")["casus_nummer"] = nummer
    again.rows["huisverboden"].append({"huisverbod_nummer": "X7", "casus_nummer": nummer, "aanvrager": "?"})
    outcome = warehouse.take_in_one(again)
    assert (outcome.entiteiten["casussen"].vergeten, outcome.entiteiten["huisverboden"].vergeten) == (1, 2)
    assert quarantine.entries(warehouse.settings) == []
    assert not list(warehouse.settings.archive.iterdir())


def test_a_person_in_white_space(warehouse: Warehouse) -> None:
    """That is no BSN and goes to quarantine; the line there holds the person all the same."""
    person = BASIS["betrokkenen"][0]
    rows = [person | {"volgnummer": str(7 + i), "bsn": white.replace("C1", BSN)} for i, white in enumerate(WHITE)]
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, betrokkenen=rows))
    assert len(quarantine.entries(warehouse.settings)) == len(WHITE)
    assert forget.forget(warehouse.settings, "persoon", f" {BSN}", "J. Voorbeeld", "x", lambda _: None).rows == {"betrokkenen": 5}
    assert quarantine.entries(warehouse.settings) == []
    assert balanced(warehouse)


def test_a_person_stays_out_in_whatever_white_space(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "x", lambda _: None)
    person = BASIS["betrokkenen"][0]
    rows = [person | {"volgnummer": str(7 + i), "bsn": white.replace("C1", BSN)} for i, white in enumerate(WHITE)]
    assert warehouse.take_in_one(mutaties(2, betrokkenen=rows)).entiteiten["betrokkenen"].vergeten == len(WHITE)
    assert quarantine.entries(warehouse.settings) == []


def test_a_case_that_older_code_took_in_with_its_white_space(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its landing has the hash of another text; the vault says which."""
    first = HandmadeDelivery(1)
    for entity in ("casussen", "meldingen", "overdrachten", "huisverboden"):
        first.row(entity)["casus_nummer"] = "C1 "
    with monkeypatch.context() as older:
        older.setattr(checks, "find_improper", lambda con, soort, geen_nummer: (False, False))
        warehouse.take_in_one(first)
    assert vault_holds(warehouse, "casussen", "casus_nummer", "C1 ") == 1
    warehouse.take_in_one(HandmadeDelivery(2))
    report = forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert (report.leveringen, report.rows["casussen"], report.rows["meldingen"]) == ((1, 2), 2, 2)
    assert vault_holds(warehouse, "casussen", "casus_nummer", "C1 ") == 0
    assert warehouse.query("select count(*) from huisverboden") == [(0,)]


def test_a_report_that_moved_to_another_case_stays(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, meldingen=[BASIS["meldingen"][0] | {"casus_nummer": "C2"}]))
    forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert warehouse.query("select count(*) from meldingen where _is_actueel") == [(2,)]
    assert warehouse.query("select count(*) from betrokkenen where _is_actueel") == [(3,)]


@pytest.mark.parametrize(("soort", "nummer"), [("persoon", "12345"), ("huis", "1"), ("casus", " ")])
def test_what_is_no_person_or_case(warehouse: Warehouse, soort: str, nummer: str) -> None:
    with pytest.raises(ForgetError, match="BSN"):
        forget.forget(warehouse.settings, soort, nummer, "J. Voorbeeld", "request", lambda _: None)


def test_cut_off_before_it_counts_nothing_is_gone(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse.take_in(HandmadeDelivery(1), second())
    before = warehouse.query("select count(*), count(persoon_id) from betrokkenen")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Register, "record", die)
    with pytest.raises(KeyboardInterrupt):
        forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    monkeypatch.undo()
    warehouse.take_in()
    assert warehouse.query("select count(*), count(persoon_id) from betrokkenen") == before
    assert all("." not in p.name for p in warehouse.settings.landing.glob("0*"))


def test_an_archived_delivery_that_cannot_be_unpacked_goes_too(warehouse: Warehouse) -> None:
    """Nobody can tell whether the person is in it: refused because it was damaged, and kept as it came."""
    warehouse.take_in_one(HandmadeDelivery(1))
    path = mutaties(2, betrokkenen=[BASIS["betrokkenen"][0]]).zip(warehouse.settings.inbox)
    with zipfile.ZipFile(path) as packed:
        start = packed.getinfo("betrokkenen.csv").header_offset + 30 + len("betrokkenen.csv")
    data = bytearray(path.read_bytes())
    data[start] |= 0b110  # the kind of block that deflate does not know
    path.write_bytes(data)
    (refused,) = warehouse.take_in()
    assert (refused.uitkomst, refused.code) == ("geweigerd", "onleesbaar")
    assert len(list(warehouse.settings.archive.iterdir())) == 2
    report = forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert report.archives == 2
    assert not list(warehouse.settings.archive.iterdir())


def test_a_search_that_finds_something_says_so(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    monkeypatch.setattr(forget.Forgetting, "_without", lambda self, delivery, base, path, sql: sql)
    with pytest.raises(ForgetError, match=str(Path("vault") / "00000001.1")):
        forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)


@pytest.mark.parametrize("vorm", ["zip", "map", "loose", "damaged"])
def test_what_lies_in_the_inbox_is_searched_too(warehouse: Warehouse, vorm: str) -> None:
    warehouse.take_in(HandmadeDelivery(1))
    inbox = warehouse.settings.inbox
    match vorm:
        case "zip":
            path = HandmadeDelivery(2).zip(inbox)
        case "map":
            path = HandmadeDelivery(2).map(inbox)
        case "loose":
            path = inbox / "betrokkenen.csv"
            path.write_bytes(HandmadeDelivery(2).content()["betrokkenen.csv"])
        case _:
            path = inbox / "x.zip"
            path.write_bytes(b"PK damaged")
    before = {n: c for n, c in warehouse.files().items() if not n.endswith(".jsonl")}
    with pytest.raises(ForgetError, match=rf"inbox.*{path.name}.*Nothing was destroyed"):
        forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert {n: c for n, c in warehouse.files().items() if not n.endswith(".jsonl")} == before
    if vorm == "loose":
        path.unlink()
    else:
        warehouse.take_in()
    report = forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert report.searched["inbox"] == 0


def test_a_file_in_the_place_of_the_inbox_is_not_passed_over(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    warehouse.settings.inbox.rmdir()
    warehouse.settings.inbox.write_bytes(BSN.encode())
    with pytest.raises(ForgetError, match=r"inbox is a file.* Then forget again\. Nothing was destroyed"):
        forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)


def test_someone_else_in_the_inbox_does_not_stop_it(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1))
    other = HandmadeDelivery(2)
    other.row("betrokkenen")["bsn"] = eleven_test(77)
    other.zip(warehouse.settings.inbox)
    assert forget.forget(warehouse.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None).searched["inbox"] == 1


def test_a_typing_error_keeps_no_correct_row_out(warehouse: Warehouse) -> None:
    """A report that named a forgotten case for one night: it comes in when it names its own, and one that stood stands on."""
    warehouse.take_in_one(HandmadeDelivery(1))
    forget.forget(warehouse.settings, "casus", "C2", "J. Voorbeeld", "request", lambda _: None)
    report = BASIS["meldingen"][0] | {"melding_nummer": "M7"}
    dienst = BASIS["diensten"][0] | {"dienst_nummer": "D7", "melding_nummer": "M7"}
    wrong = mutaties(2, meldingen=[report | {"casus_nummer": "C2"}, BASIS["meldingen"][0] | {"casus_nummer": "C2"}])
    assert warehouse.take_in_one(wrong).entiteiten["meldingen"].vergeten == 2
    assert warehouse.take_in_one(mutaties(3, diensten=[dienst])).entiteiten["diensten"].vergeten == 1
    # what names nothing that stands stays out, and is not archived
    assert [p.name[:8] for p in warehouse.settings.archive.iterdir()] == []
    found = warehouse.take_in_one(mutaties(4, meldingen=[report], diensten=[dienst]))
    assert (found.entiteiten["meldingen"].opgenomen, found.entiteiten["diensten"].opgenomen) == (1, 1)
    whole = HandmadeDelivery(5)
    whole.rows = {e: [r for r in rows if "C2" not in r.values() and "M2" not in r.values()] for e, rows in whole.rows.items()}
    whole.rows["meldingen"].append(report)
    whole.rows["diensten"].append(dienst)
    assert sum(t.vergeten + t.quarantaine for t in warehouse.take_in_one(whole).entiteiten.values()) == 0
    assert warehouse.query("select count(*) from meldingen where _is_actueel") == [(2,)]
    assert len(list(warehouse.settings.archive.iterdir())) == 2
    assert balanced(warehouse)
