"""A night with PostgreSQL beside it: the same release there, and a night that it cannot hold up."""

import shutil
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.end_to_end.conftest import Chain
from tests.lib.postgres import empty_database, postgres

__all__ = ["postgres"]
pytestmark = pytest.mark.xdist_group("bad_nights")


def seen(address: str) -> list[tuple[str, int]]:
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("select release, max(waarde)::int from marts.indicatoren where indicator = 'meldingen' group by 1")
        found: list[tuple[str, int]] = cursor.fetchall()
        return found


@pytest.fixture
def address(postgres: str) -> str:
    return empty_database(postgres, "nacht")


def test_readers_of_postgres_follow_and_hold_nothing_up(
    chain: Chain, small: list[Path], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No database in the first night: published all the same, and told; a quiet night tries again; by hand; the next."""
    monkeypatch.setenv("VT_POSTGRES_URL", address.replace("/nacht", "/weg"))
    shutil.copy(small[2], chain.home / "inbox")
    first = chain.refresh()
    assert first["uitkomst"] == "gepubliceerd"
    told = [line for line in first["aandacht"] if "PostgreSQL" in line]
    assert told == [
        "PostgreSQL heeft geen database met die naam (VT_POSTGRES_URL): maak haar met createdb. Wat lezers van PostgreSQL zien is niet "
        "veranderd, en de release in bestanden staat er."
    ]
    monkeypatch.setenv("VT_POSTGRES_URL", address)
    quiet = chain.refresh()
    assert (quiet["uitkomst"], [line for line in quiet["aandacht"] if "PostgreSQL" in line]) == ("niets_nieuws", [])
    assert [release for release, _ in seen(address)] == [first["release"]]
    assert first["release"] in chain.vt("postgres")
    shutil.copy(small[3], chain.home / "inbox")
    second = chain.refresh()
    assert (second["uitkomst"], [line for line in second["aandacht"] if "PostgreSQL" in line]) == ("gepubliceerd", [])
    assert [release for release, _ in seen(address)] == [second["release"]]
    chain.vt("release", "rollback", first["release"], "--door", "test", "--reden", "test")
    assert [release for release, _ in seen(address)] == [first["release"]]
    told = chain.vt("bench", "readers", "--postgres", address, "--lezers", "3", "--seconden", "2")
    assert "PostgreSQL" in told and "bestanden" in told, told
