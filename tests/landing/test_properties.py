"""Deliveries as Hypothesis thinks them up: each is taken in, quarantined in part or refused; never a stack trace, always balanced.

An example is a data folder and a number of deliveries one after the other. In CI two hundred are made,
by ``make thorough`` over a thousand.
"""

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from orchestration.intake.contract import Field, load_contract
from orchestration.landing.takein import Outcome
from orchestration.register.register import Register
from tests.lib.handmade import BASIS, HandmadeDelivery, Row, csv_file, first_version
from tests.lib.size import THOROUGH
from tests.lib.warehouse import Warehouse, warehouse_in

EXAMPLES = 52 if THOROUGH else 10 if "CI" in os.environ else 4
DELIVERIES = 10
CONTRACT = load_contract()

NUMBERS = st.sampled_from(["1", "2", "3"]) | st.sampled_from(
    [" 1", "1\u00a0", "2\t", "x;y", 'q"uote', "A b", "a B", "é", "=1+1", "new\nline", "1\u200b", " ", "\u2028", "NULL", "n/a"]
)
MOMENTS = (
    "2024-01-04T10:00:00+01:00", "2024-03-31T02:30+0100", "2024-10-27T02:30:00,1234567Z", "2024-12-31T23:30:00Z",
    "2024-12-31T23:59:59.999999999+01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
)  # fmt: skip
JUNK = st.one_of(
    st.sampled_from(
        ["", " ", "0", "-1", "ja", "JA", "nee", "2024-02-30", "9999-12-31", "1e9", "99999999999999999999", "\r\n", '"', ";", "\\", "'"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12),
)


DAYS = (
    st.dates(date(1985, 1, 1), date(2036, 1, 1)).map(str)
    | st.dates().map(str)
    | st.sampled_from(["2024-01-01", "2024-01-08", "2024-12-31", "2025-01-01"])
)
GOOD: dict[str, st.SearchStrategy[str]] = {
    "nummer": NUMBERS,
    "datum": DAYS,
    "moment": st.sampled_from(MOMENTS),
    "maand": st.sampled_from(["2024-01", "2024-02", "2024-12", "2025-01"]),
    "boolean": st.sampled_from(["ja", "nee"]),
    "geheel": st.integers(0, 3).map(str),
    "decimaal": st.sampled_from(["0", "1.5", "1,50", "100", "100,1"]),
    "tekst": st.sampled_from(["Spoedteam", "Overig", " Overig", "x" * 41]),
    "bsn": st.sampled_from(["999990019", "000000000", "999999999"]),
    "geboortedatum": st.sampled_from(["19850312", "19850300", "19850000", "99999999", "19040101"]),
    "gemeente": st.sampled_from(["GM0363", "GM0384", "GM0457", ""]),
    "stadsdeel": st.sampled_from([*CONTRACT.stadsdelen, ""]),
    "buurt": st.sampled_from(["AA01", ""]),
}
"""Values by kind of field, but for codes; mostly good ones."""


def values(field: Field) -> st.SearchStrategy[str]:
    """Mostly a good value of the field, now and then something else."""
    good = st.sampled_from(CONTRACT.code_lists[field.codelijst]) if field.codelijst else GOOD[field.veldsoort]
    if not field.required:
        good = good | st.just("")
    return st.integers(0, 19).flatmap(lambda n: JUNK if n == 0 else good)


def rows(entity: str, soort: str) -> st.SearchStrategy[list[Row]]:
    fields: dict[str, st.SearchStrategy[str]] = {v.name: values(v) for v in CONTRACT.entity(entity).fields}
    if soort == "mutaties":
        fields["verwijderd"] = st.sampled_from(["", "", "", "ja", "nee"])
    row = st.fixed_dictionaries(fields) | st.sampled_from(BASIS[entity]).map(dict)
    return st.lists(row, max_size=4).flatmap(lambda found: st.sampled_from([found, found + found[:1]]))


@st.composite
def deliveries(draw: st.DrawFn) -> list[HandmadeDelivery]:
    """Deliveries of which most follow each other well; the first is a whole registration."""
    found = []
    number = 0
    for place in range(DELIVERIES):
        soort = "volledig" if place == 0 else draw(st.sampled_from(["mutaties", "mutaties", "mutaties", "volledig"]))
        number += draw(st.sampled_from([1, 1, 1, 1, 1, 1, 1, 0, 2, -1])) if place else 1
        chosen = list(BASIS) if soort == "volledig" else draw(st.lists(st.sampled_from(list(BASIS)), max_size=4, unique=True))
        delivery = HandmadeDelivery(max(number, 1), soort, "2024-12-31", {e: draw(rows(e, soort)) for e in chosen})
        if draw(st.integers(0, 3)) == 0:
            chosen = [e for e in chosen if e in first_version(delivery).rows]
        if chosen and draw(st.integers(0, 7)) == 0:
            spoil(draw, delivery, draw(st.sampled_from(chosen)))
        found.append(delivery)
    return found


def spoil(draw: st.DrawFn, delivery: HandmadeDelivery, entity: str) -> None:
    """Damage one file before its checksum is taken: what a bad writer would do."""
    content = bytearray(csv_file(entity, delivery.rows[entity]))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(content)))
        content[at : at + draw(st.integers(0, 3))] = draw(
            st.binary(max_size=3) | st.sampled_from([b'"', b";", b"\n", b"\r\n", b"\xef\xbb\xbf"])
        )
    delivery.files[f"{entity}.csv"] = bytes(content)


HYPOTHESIS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@seed(1)
@HYPOTHESIS
@given(deliveries())
def test_deliveries_that_arrive_one_by_one_or_together(found: list[HandmadeDelivery]) -> None:
    half = len(found) // 2
    offer([found[:1], found[1:half], found[half:]])


@seed(2)
@HYPOTHESIS
@given(deliveries())
def test_deliveries_that_arrive_all_at_once(found: list[HandmadeDelivery]) -> None:
    offer([found])


def offer(nights: list[list[HandmadeDelivery]]) -> None:
    """Put each night's deliveries into the inbox of a new data folder and check what becomes of them."""
    home = Path(tempfile.mkdtemp(prefix="eigenschap-"))
    try:
        warehouse = warehouse_in(home / "vt", threads=1)
        for night in nights:
            for place, delivery in enumerate(night):
                delivery.zip(warehouse.settings.inbox, f"{place}.zip")
            found = warehouse.take_in()
            assert len(found) >= len(night)
            for outcome in found:
                note(f"{outcome.nummer} {outcome.soort} {outcome.uitkomst} {outcome.reden}")
                check_outcome(warehouse, outcome)
            check_landing(warehouse)
        check_history(warehouse)
    finally:
        shutil.rmtree(home)


def check_outcome(warehouse: Warehouse, outcome: Outcome) -> None:
    assert outcome.uitkomst in {"opgenomen", "geweigerd", "al_opgenomen"}
    assert not list(warehouse.settings.inbox.iterdir())
    if outcome.uitkomst == "geweigerd":
        assert outcome.reden and outcome.code
    if outcome.uitkomst != "opgenomen":
        return
    for t in outcome.entiteiten.values():
        assert t.gelezen == t.opgenomen + t.identieke_kopieen + t.quarantaine


def check_landing(warehouse: Warehouse) -> None:
    """Of every delivery there lies what the register says: a date long past may have put rows beyond their term of keeping."""
    with duckdb.connect() as con:
        for levering in Register(warehouse.settings).leveringen():
            folder = warehouse.settings.landing / levering.map
            for entity, t in levering.tellingen.items():
                assert t["gelezen"] == t["opgenomen"] + t["identieke_kopieen"] + t["quarantaine"] + t.get("vergeten", 0)
                for path, expected in (
                    (folder / f"{entity}.parquet", t["opgenomen"]),
                    (folder / "quarantaine" / f"{entity}.parquet", t["quarantaine"]),
                ):
                    found = con.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone() if path.exists() else (0,)
                    assert found == (expected,), path


def check_history(warehouse: Warehouse) -> None:
    """A key has one current version, versions follow each other, and every parent that is named stands."""
    if not Register(warehouse.settings).leveringen():
        return
    queries, expected = [], []
    for entity in CONTRACT.entities:
        e, keys = entity.name, ", ".join(entity.primary_key_columns)
        queries.append(f"select count(*) from (select {keys} from {e} where _is_actueel group by all having count(*) > 1)")
        queries.append(f"select count(*) from {e} where _geldig_tot <= _geldig_van or _levering > _geldig_van")
        expected += [0, 0]
        for field in entity.parents:
            column = next(iter(field.columns))
            queries.append(
                f"select count(*) from {e} c where _is_actueel and {column} is not null and not exists "
                f"(select 1 from {field.verwijst_naar} p where p._is_actueel and p.{column} = c.{column})"
            )
            expected.append(0)
    (answers,) = warehouse.query("select " + ", ".join(f"({q})" for q in queries))
    assert list(answers) == expected
