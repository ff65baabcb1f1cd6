"""All of it on one release: rules, cells, relations, what is hidden, the files, the audit of these."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.disclosure import cells, publish, relations
from orchestration.disclosure.audit import Audit, Report
from orchestration.disclosure.known import Known, hold
from orchestration.disclosure.ledger import Entry
from orchestration.disclosure.protect import Pattern, Protection, System, read_system
from orchestration.disclosure.rules import Parameters, Rule
from orchestration.duck import TIME_ZONE
from orchestration.sql import text

DECIDED_BEFORE = """
    select date_trunc('month', besluit_op)::date as maand, 1 as term
    from {facts}.fct_veiligheidsbeoordelingen where besluit_op < ontvangen_dag
    union all
    select date_trunc('month', ontvangen_dag)::date, -1
    from {facts}.fct_veiligheidsbeoordelingen where besluit_op < ontvangen_dag
"""
"""An assessment decided before the day of its report, after a correction of that day, is in no stock."""


@contextmanager
def opened(database: Path, threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on memory with the database of a release attached as ``intern``, for reading only."""
    with duckdb.connect(
        config={"threads": str(threads), "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    ) as con:
        con.execute("set enable_progress_bar = false")
        con.execute(f"set TimeZone = '{TIME_ZONE}'")
        con.execute(f"attach {text(database)} as intern (read_only)")
        yield con


@dataclass
class Publication:
    """A release under its rules."""

    con: duckdb.DuckDBPyConnection
    system: System
    known: Known
    marts: str

    @classmethod
    def of(
        cls,
        con: duckdb.DuckDBPyConnection,
        rules: list[Rule],
        parameters: Parameters,
        ledger: list[Entry],
        marts: str = "intern.marts",
        facts: str | None = "intern.facts",
    ) -> "Publication":
        """Read what the rules name, and hold every relation to it."""
        cells.build(con, rules, marts)
        relations.build(con, DECIDED_BEFORE.format(facts=facts) if facts else None)
        known = hold(con, ledger)
        return cls(con, read_system(con, parameters, known), known, marts)

    def protect(self, prune: bool = True) -> Pattern:
        return Protection(self.system).run(prune)

    def write(self, pattern: Pattern, folder: Path) -> None:
        publish.make(self.con, self.system, pattern, self.marts)
        publish.write(self.con, folder)

    def audit(self, folder: Path, *, utility: bool = True) -> Report:
        return Audit(self.con, self.system, self.known, folder, utility=utility).run()
