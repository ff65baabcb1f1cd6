"""Numbers that identify: one form in which they are compared, what is no number, and what only case tells apart."""

import base64
import unicodedata
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration import duck
from orchestration.intake import numbers
from orchestration.intake.contract import load_contract
from orchestration.keys.use import open_key
from orchestration.landing import quarantine
from tests.lib.handmade import BASIS, HandmadeDelivery, Row, mutaties
from tests.lib.warehouse import Warehouse

CON = duckdb.connect()
WHITE = [chr(c) for c in range(0x110000) if chr(c).isspace()]
TEXTS = st.text(st.sampled_from([*WHITE, "a", "B", "0", "é", "\u200b"]), max_size=8) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
)


def sql(expression: str, *texts: str) -> list[Any]:
    return [row[0] for row in CON.execute(f"select {expression} from (select unnest(?::varchar[]) as tekst)", [list(texts)]).fetchall()]


@settings(deadline=None, database=None)
@given(st.lists(TEXTS, max_size=20))
def test_the_normal_form_is_one_in_python_and_sql(texts: list[str]) -> None:
    expected = [t.strip() for t in texts]
    assert [numbers.normal_form(t) for t in texts] == expected
    assert sql(numbers.normal_sql("tekst"), *texts) == expected
    assert sql(numbers.normal_sql("tekst"), *expected) == expected


def test_every_white_space_of_python_falls_away() -> None:
    assert set(numbers.WHITE_SPACE) == set(WHITE)
    padded = [f"{w}a{w}b{w}{w}" for w in WHITE]
    assert sql(numbers.normal_sql("tekst"), *padded) == [f"a{w}b" for w in WHITE]


def improper(*texts: str) -> dict[str, bool]:
    """What is found to be no proper number, and whether it stands for nothing."""
    CON.execute("create or replace table nummers_casus as select unnest(?::varchar[]) as tekst", [list(texts)])
    numbers.find_improper(CON, "casus", load_contract().bounds.geen_nummer)
    return dict(CON.execute("select tekst, niets from onjuist_casus").fetchall())


def test_every_invisible_character_is_found_and_no_other() -> None:
    """Every code point there is, in the middle of a number."""
    ignorable = [0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2800, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)]
    ignorable += range(0xE0000, 0xE1000)
    points = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    found = {ord(t[1]) for t in improper(*(f"H{chr(c)}1" for c in points))}

    def unseen(c: int) -> bool:
        return unicodedata.category(chr(c)) in {"Cc", "Cf", "Zl", "Zp"} or (chr(c).isspace() and c != ord(" "))

    assigned = {c for c in points if unicodedata.category(chr(c)) != "Cn"}
    assert found & assigned == ({c for c in points if unseen(c)} | set(ignorable)) & assigned
    assert found >= set(ignorable)


def test_what_stands_for_nothing() -> None:
    nothing = ["", "NULL", "null", "NuLl", "N/A", "n/a", "#N/B", "#n/b", "0", "-", "?", "onbekend", "Onbekend", "nvt", "NVT"]
    something = ["00", "0 0", "NULL1", "n.v.t.", "--", "é", "H 1", "x;y", 'q"']
    assert improper(*nothing, *something) == dict.fromkeys(nothing, True)


# --- in a delivery ------------------------------------------------------------------------------------------------------------------

PAD = "\u00a0\t%s \u3000"


def padded() -> HandmadeDelivery:
    """The small delivery with white space around every number."""
    delivery = HandmadeDelivery()
    for entity in load_contract().entities:
        for field in entity.fields:
            for row in delivery.rows[entity.name]:
                if field.veldsoort == "nummer" and row.get(field.name):
                    row[field.name] = PAD % row[field.name]
    return delivery


def vault(warehouse: Warehouse, entity: str) -> list[tuple[Any, ...]]:
    with duck.connect(warehouse.settings) as con:
        key = base64.b64encode(open_key(warehouse.settings, "test").derive("vault")).decode()
        con.execute(f"pragma add_parquet_key('vault', '{key}')")
        path = str(warehouse.settings.vault / "*" / f"{entity}.parquet")
        return con.execute("select * from read_parquet(?, encryption_config = {footer_key: 'vault'}) order by all", [path]).fetchall()


def test_white_space_around_numbers_counts_for_nothing(warehouse: Warehouse) -> None:
    found = warehouse.take_in(padded(), HandmadeDelivery(2))
    for entity, count in found[0].entiteiten.items():
        assert (count.opgenomen, count.quarantaine) == (len(BASIS[entity]), 0)
    # the same rows without it change nothing
    assert warehouse.query(" union all ".join(f"select count(*) from {e} where not (_geldig_van = 1 and _is_actueel)" for e in BASIS)) == (
        [(0,)] * len(BASIS)
    )
    assert vault(warehouse, "overdrachten") == 2 * [(2, "O1", "C1", "M1")] + 2 * [(3, "O2", "C2", None)]


def test_rows_that_differ_in_white_space_alone_are_copies(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    row = delivery.row("casussen")
    delivery.rows["casussen"] += [row | {"casus_nummer": " C1"}, row | {"huishouden_nummer": "H1\u2003"}]
    assert warehouse.take_in_one(delivery).entiteiten["casussen"].identieke_kopieen == 2
    # and a double key where they differ in more
    again = HandmadeDelivery(2)
    again.rows["casussen"].append(row | {"casus_nummer": "C1 ", "huishouden_nummer": "H9"})
    warehouse.take_in_one(again)
    assert [q[:5] for q in warehouse.quarantined()] == [(2, "casussen", n, "sleutel_dubbel", "casus_nummer") for n in (2, 4)]


def test_the_raw_line_keeps_its_white_space(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    delivery.row("huisverboden").update(huisverbod_nummer=" X1\u00a0", aanvrager="?")
    warehouse.take_in_one(delivery)
    assert quarantine.show(warehouse.settings, 1, "huisverboden", 2)[1] == " X1\u00a0;C1;2024-01-04;?"


def test_what_is_no_number_names_nobody(warehouse: Warehouse) -> None:
    """A quarantined row holds no hash of it, and its key says nothing of other rows."""
    warehouse.take_in_one(HandmadeDelivery())
    second = HandmadeDelivery(2)
    for row in second.rows["casussen"]:
        row["casus_nummer"] = "NULL"
    warehouse.take_in_one(second)
    found = warehouse.query("select controle, controles, status from quarantaine where entiteit = 'casussen'")
    assert found == 2 * [("geen_nummer", "geen_nummer:casus_nummer, sleutel_dubbel:casus_nummer", "open")]
    path = str(warehouse.settings.landing / "00000002" / "quarantaine" / "casussen.parquet")
    assert duckdb.execute("select casus_id, _sleutel from read_parquet(?)", [path]).fetchall() == 2 * [(None, False)]


# --- warnings -----------------------------------------------------------------------------------------------------------------------


def warned(warehouse: Warehouse, levering: int, controle: str) -> set[tuple[str, str, int]]:
    path = warehouse.settings.landing / f"{levering:08d}" / "waarschuwingen.parquet"
    if not path.exists():
        return set()
    query = "select entiteit, veld, regel from read_parquet(?) where starts_with(controle, ?)"
    return set(duckdb.execute(query, [str(path), controle]).fetchall())


def test_numbers_that_differ_only_in_case(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    delivery.rows["casussen"] += [
        {"casus_nummer": "c1 ", "huishouden_nummer": "h2", "geopend_op": "2024-01-01"},
        {"casus_nummer": "É", "huishouden_nummer": "H3", "geopend_op": "2024-01-01"},
        {"casus_nummer": "é", "huishouden_nummer": "H3", "geopend_op": "2024-01-01"},
    ]
    count = warehouse.take_in_one(delivery).entiteiten["casussen"]
    assert (count.opgenomen, count.waarschuwingen) == (5, 6)
    on_case = {("casussen", "casus_nummer", line) for line in (2, 4, 5, 6)}
    assert warned(warehouse, 1, "hoofdletters") == on_case | {("casussen", "huishouden_nummer", line) for line in (3, 4)}


def test_numbers_that_differ_only_in_case_from_what_stands(warehouse: Warehouse) -> None:
    first = HandmadeDelivery()
    first.rows["diensten"].append(first.row("diensten") | {"dienst_nummer": "d2"})
    case: Row = {"huishouden_nummer": "H1", "geopend_op": "2024-01-01"}
    second = mutaties(
        2,
        casussen=[case | {"casus_nummer": "c1"}, case | {"casus_nummer": "C1"}, {"casus_nummer": "c2", "verwijderd": "ja"}],
        diensten=[first.row("diensten") | {"dienst_nummer": "D2"}],
        huisverboden=[first.row("huisverboden") | {"huisverbod_nummer": "X2"}],
    )
    warehouse.take_in(first, second)
    assert warned(warehouse, 1, "hoofdletters") == set()
    assert warned(warehouse, 2, "hoofdletters") == {
        ("casussen", "casus_nummer", 2), ("casussen", "casus_nummer", 3), ("casussen", "casus_nummer", 4), ("diensten", "dienst_nummer", 2),
    }  # fmt: skip
    # a whole registration is held against itself alone
    whole = HandmadeDelivery(3)
    whole.row("huisverboden")["huisverbod_nummer"] = "x1"
    warehouse.take_in_one(whole)
    assert warned(warehouse, 3, "hoofdletters") == set()


def cases(numbers: range, huishouden: str = "H9") -> list[Row]:
    return [{"casus_nummer": f"K{i}", "huishouden_nummer": huishouden, "geopend_op": "2024-01-01"} for i in numbers]


@pytest.mark.parametrize(("count", "expected"), [(50, set()), (51, {("casussen", "huishouden_nummer", 4 + i) for i in range(51)})])
def test_many_cases_of_one_household(warehouse: Warehouse, count: int, expected: set[tuple[str, str, int]]) -> None:
    delivery = HandmadeDelivery()
    delivery.rows["casussen"] += cases(range(count))
    assert warehouse.take_in_one(delivery).entiteiten["casussen"].opgenomen == 2 + count
    assert warned(warehouse, 1, "veel_casussen") == expected


def test_what_is_many_is_counted_over_the_state_after(warehouse: Warehouse) -> None:
    """The 51st comes alone; of what stood nothing is told again, and a deletion is not one more."""
    delivery = HandmadeDelivery()
    delivery.rows["casussen"] += cases(range(50), " H9")
    report = delivery.row("meldingen", 1)
    delivery.rows["meldingen"] += [report | {"melding_nummer": f"N{i}"} for i in range(49)]
    gone: Row = {"casus_nummer": "K1", "verwijderd": "ja"}
    warehouse.take_in(
        delivery,
        mutaties(2, casussen=cases(range(50, 51)), meldingen=[report | {"melding_nummer": "N99"}]),
        mutaties(3, casussen=[gone, *cases(range(2, 3))], meldingen=[report | {"melding_nummer": "N99", "urgentie": "1"}]),
    )
    assert warned(warehouse, 1, "veel_casussen") == warned(warehouse, 1, "veel_meldingen") == set()
    assert warned(warehouse, 2, "veel_casussen") == {("casussen", "huishouden_nummer", 2)}
    assert warned(warehouse, 2, "veel_meldingen") == {("meldingen", "casus_nummer", 2)}
    assert warned(warehouse, 3, "veel_casussen") == set()
    assert warned(warehouse, 3, "veel_meldingen") == {("meldingen", "casus_nummer", 2)}
