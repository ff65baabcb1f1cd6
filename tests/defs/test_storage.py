"""Dagster's SQLite: nothing is lost, nothing waits, and another process reads what this one writes."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from orchestration.defs import storage


def test_events_are_there_for_others_while_one_connection_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    first = sqlite3.connect(path)
    first.execute("pragma journal_mode = wal")
    first.execute("create table gebeurtenis (nummer integer)")
    first.commit()
    first.close()
    for nummer in range(3):
        engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
        with engine.begin() as con:
            assert con.execute(sa.text("pragma synchronous")).scalar() == 1  # normal
            con.execute(sa.text("insert into gebeurtenis values (:n)"), {"n": nummer})
        engine.dispose()
    assert str(path) in storage._KEPT
    assert path.with_name("runs.db-wal").exists(), "the log was folded in at each close"
    with sqlite3.connect(path) as other:
        assert other.execute("select count(*) from gebeurtenis").fetchone() == (3,)


def test_a_database_without_a_log_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "plain.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as con:
        con.execute(sa.text("create table t (n integer)"))
    with engine.begin() as con:
        con.execute(sa.text("insert into t values (1)"))
    assert str(path) not in storage._KEPT
