"""Moments as the contract writes them, held against Python's own arithmetic; one grammar in a file and in the manifest."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import duckdb
import pytest

from orchestration.intake import moments
from orchestration.register.register import Register
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import Warehouse

DIGITS = "987654321"
OFFSETS = {
    "Z": 0, "+02": 120, "+0200": 120, "+02:00": 120, "-05": -300, "-0330": -210, "-03:30": -210, "+00:00": 0, "-00": 0, "+14:00": 840,
    "+0545": 345,
}  # fmt: skip
DAYS = [(2024, 3, 31, 2, 30, 7), (2024, 10, 27, 2, 30, 59), (2024, 2, 29, 23, 59, 59), (1999, 12, 31, 0, 0, 0)]


def written() -> dict[str, datetime]:
    """Every way to write a moment, and the moment."""
    found = {}
    for (year, month, day, hour, minute, second), (offset, minutes) in product(DAYS, OFFSETS.items()):
        zone, start = timezone(timedelta(minutes=minutes)), f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}"
        found[start + offset] = datetime(year, month, day, hour, minute, tzinfo=zone)
        found[f"{start}:{second:02d}{offset}"] = whole = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        for count, mark in product(range(1, 10), ".,"):
            micros = int(DIGITS[:count].ljust(6, "0")[:6])
            found[f"{start}:{second:02d}{mark}{DIGITS[:count]}{offset}"] = whole + timedelta(microseconds=micros)
    return found


WRONG = [
    "2024-01-04T10:00:00", "2024-01-04T10:00", "2024-01-04", "2024-01-04T10:00:00+1", "2024-01-04T10:00:00+1:00",
    "2024-01-04T10:00:00+24:00", "2024-01-04T10:00:00+02:60", "2024-01-04T10:00:00+020", "2024-01-04T10:00:00+02:0",
    "2024-01-04T10:00:00+02:00:00", "2024-01-04T24:00:00Z", "2024-01-04T24:00Z",
    "2024-01-04t10:00:00Z", "2024-01-04 10:00:00Z", "2024-01-04T10:00:00z", "2024-01-04T10:00:00 +01:00",
    "2024-01-04T10:00:00.1234567891Z", "2024-01-04T10:00:00.Z", "2024-01-04T10:00.5Z", "2024-01-04T10:00,5+01:00", "2024-01-04T10:00:60Z",
    "2024-01-04T10:60Z", "2024-01-04T10Z", "2024-02-30T10:00:00Z", "2024-13-01T10:00:00Z", "24-01-04T10:00:00Z", "2024-1-4T10:00:00Z",
    "20240104T100000Z", "2024-W01-4T10:00:00Z", " 2024-01-04T10:00:00Z", "2024-01-04T10:00:00Z\n", "２024-01-04T10:00:00Z", "", "now",
]  # fmt: skip


def in_sql(texts: list[str]) -> list[datetime | None]:
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'Europe/Amsterdam'")
        micros = con.execute(
            f"select epoch_us({moments.read_sql('tekst')}) from (select unnest(?::varchar[]) as tekst)", [texts]
        ).fetchall()
    return [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=m) if m is not None else None for (m,) in micros]


def test_every_way_to_write_a_moment() -> None:
    expected = written()
    assert len(expected) == len(DAYS) * len(OFFSETS) * 20
    assert dict(zip(expected, in_sql(list(expected)), strict=True)) == expected
    assert {text: moments.parse(text) for text in expected} == expected


def test_what_is_no_moment() -> None:
    assert {text: found for text, found in zip(WRONG, in_sql(WRONG), strict=True) if found is not None} == {}
    assert {text: found for text in WRONG if (found := moments.parse(text)) is not None} == {}


def test_what_is_finer_than_a_microsecond_is_cut_off(warehouse: Warehouse) -> None:
    """The last moment of the peildatum stays on its day."""
    delivery = HandmadeDelivery(peildatum="2024-12-31")
    delivery.row("meldingen", 1)["ontvangen_op"] = "2024-12-31T23:59:59,999999999+01"
    warehouse.take_in_one(delivery)
    assert warehouse.query("select cast(ontvangen_op as date)::varchar from meldingen order by 1") == [("2024-01-04",), ("2024-12-31",)]


@pytest.mark.parametrize("text", ["2025-01-01T00:14:05.1234567Z", "2025-01-01T01:14+01", "2025-01-01T01:14:05,5+0100"])
def test_the_manifest_writes_moments_likewise(warehouse: Warehouse, text: str) -> None:
    assert warehouse.take_in_one(HandmadeDelivery(manifest={"aangemaakt_op": text})).uitkomst == "opgenomen"
    (delivery,) = Register(warehouse.settings).leveringen()
    assert delivery.nummer == 1


@pytest.mark.parametrize("text", [t for t in WRONG if "T10" in t][:8])
def test_a_manifest_without_a_moment_is_refused(warehouse: Warehouse, text: str) -> None:
    outcome = warehouse.take_in_one(HandmadeDelivery(manifest={"aangemaakt_op": text}))
    assert (outcome.uitkomst, outcome.code) == ("geweigerd", "manifest")
    assert "aangemaakt_op" in outcome.reden
