"""All of it on one release: rules, cells, relations, what is hidden, the files, the audit of these."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.disclosure import beside, cells, publish, relations, truth
from orchestration.disclosure.audit import Audit, Report
from orchestration.disclosure.joint import Before, Joint
from orchestration.disclosure.known import Known, hold
from orchestration.disclosure.ledger import Entry
from orchestration.disclosure.protect import Pattern, Protection, System, read_system
from orchestration.disclosure.rules import Parameters, Rule
from orchestration.duck import FRESH, TIME_ZONE
from orchestration.formats.edition import Edition, read_description
from orchestration.sql import text


@contextmanager
def opened(database: Path, threads: int = 2) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on memory with the database of a release attached as ``intern``, for reading only."""
    with duckdb.connect(
        config={"threads": str(threads), "autoinstall_known_extensions": "false", "autoload_known_extensions": "false", **FRESH}
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
    decided: str | None = None
    is_kept: bool = False
    """of what lies with a vintage, not of a release"""

    @classmethod
    def of(
        cls,
        con: duckdb.DuckDBPyConnection,
        rules: list[Rule],
        parameters: Parameters,
        ledger: list[Entry],
        marts: str = "intern.marts",
        facts: str | None = "intern.facts",
        until: date | None = None,
    ) -> "Publication":
        """Read what the rules name of periods that ended by ``until``, and hold every relation to it."""
        return cls._of(con, rules, parameters, ledger, marts, truth.DECIDED_BEFORE.format(facts=facts) if facts else None, until)

    @classmethod
    def of_kept(
        cls, con: duckdb.DuckDBPyConnection, rules: list[Rule], parameters: Parameters, ledger: list[Entry], until: date | None = None
    ) -> "Publication":
        """The same of what ``keep`` wrote, attached as ``intern``."""
        kept = f"intern.{truth.SCHEMA}"
        made = cls._of(con, rules, parameters, ledger, kept, f"from {kept}.decided_before", until)
        return replace(made, is_kept=True)

    @classmethod
    def _of(
        cls,
        con: duckdb.DuckDBPyConnection,
        rules: list[Rule],
        parameters: Parameters,
        ledger: list[Entry],
        marts: str,
        decided: str | None,
        until: date | None,
    ) -> "Publication":
        cells.build(con, rules, marts, until)
        relations.build(con, decided)
        known = hold(con, ledger)
        return cls(con, read_system(con, parameters, known), known, marts, decided)

    def protect(self, prune: bool = True, before: Before | None = None) -> Pattern:
        """What is published; beside what was published before, if anything was."""
        if not before:
            return Protection(self.system).run(prune)
        joint = Joint.of(self.system, before)
        return joint.pattern(Protection(joint).run(prune), before.means_that_stay(self.con, self.system))

    def write(self, pattern: Pattern, folder: Path, edition: Edition | None = None) -> None:
        """Without an edition, a trial."""
        edition = edition or Edition(read_description())
        self._gather()
        publish.make(self.con, self.system, pattern, edition, self.marts)
        publish.write(self.con, folder, edition)

    def keep(self, path: Path) -> None:
        """Keep the true figures in a file of their own."""
        self._gather()
        truth.keep(self.con, self.marts, self.decided, path)

    def _gather(self) -> None:
        """What stands beside the figures."""
        (beside.gather_kept if self.is_kept else beside.gather)(self.con, self.marts)

    def audit(self, folder: Path, *, utility: bool = True, before: Before | None = None) -> Report:
        """Of what was written; by an attacker who has the files of the vintage before too, if there was one."""
        joint = Joint.of(self.system, before) if before else None
        means = before.means_that_stay(self.con, self.system) if before else []
        self._gather()
        audit = Audit(self.con, self.system, self.known, folder, self.marts, utility=utility, attacked=joint, means=means)
        return audit.run()
