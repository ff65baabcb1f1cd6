"""Dagster's SQLite: no wait for the disk at each event, and another process reads what this one wrote."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

import orchestration.defs.storage  # noqa: F401  # works by being imported


def test_events_are_there_for_others(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    for nummer in range(3):
        engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
        with engine.begin() as con:
            assert con.execute(sa.text("pragma synchronous")).scalar() == 1  # normal
            con.execute(sa.text("create table if not exists gebeurtenis (nummer integer)"))
            con.execute(sa.text("insert into gebeurtenis values (:n)"), {"n": nummer})
        engine.dispose()
    with sqlite3.connect(path) as other:
        assert other.execute("select count(*) from gebeurtenis").fetchone() == (3,)
