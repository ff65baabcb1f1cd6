"""What a night costs with the code of two moments, side by side: both built from git, the same deliveries, in turns."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import duckdb

from orchestration import duck
from orchestration.bench.intake import write_delivery
from orchestration.bench.running import PYTHON, Cost, environment, measure, write_result
from orchestration.errors import UserError
from orchestration.files import make_folder, remove
from orchestration.intake.contract import versions
from orchestration.language import say
from orchestration.release import store
from orchestration.settings import PROJECT
from orchestration.sql import text

BEFORE, AFTER = "voor", "na"
FIRST, NIGHT, NOTHING, HELP, LOAD = "first refresh", "mutaties night", "nothing new", "vt --help", "definitions load"
WHOLE, MORE = "whole registration", "mutaties night of it"
"""Of the size of the country: its first refresh, and a night after it."""
GOALS = {FIRST: 0.60, NIGHT: 0.40, WHOLE: 0.50}
"""What the ratio of the two should be at most."""
MOST = {NOTHING: 2.0, HELP: 0.5, LOAD: 3.0}
"""Seconds that the second should take at most."""
OF_FLOOR, OF_WHOLE, PEAK_MIB = 3.5, 0.25, 4096
"""Of the size of the country, the second at most: in times the floor; its night in times its first refresh; memory."""
COUNTRY = 1_300_000
"""Reports: the Netherlands since 2016."""
FLOOR = "orchestration.bench.floor"
CHANGED = 100
"""New reports in a night of the country, some 900 rows."""


@dataclass(frozen=True)
class NightsMeasurement:
    """Everything that was run: revision of each side, and command → side → its costs, in the order of the rounds."""

    revisions: dict[str, str]
    costs: dict[str, dict[str, list[Cost]]]
    floor: dict[str, Cost]
    """Command → what the floor of it costs."""
    differing: dict[str, int]
    """Table that both releases have → rows of the columns that both have, in one of them alone."""

    def typical(self, what: str, side: str) -> Cost:
        """Medians of the rounds; of the memory the highest."""
        found = self.costs[what][side]
        return Cost(median(c.seconds for c in found), median(c.cpu_s for c in found), max(c.mib for c in found))

    def ratio(self, what: str) -> float:
        """How much of the seconds of the first the second takes."""
        return self.typical(what, AFTER).seconds / self.typical(what, BEFORE).seconds

    def goal(self, what: str) -> float | None:
        """Seconds that the second should take at most; None where there is no goal."""
        goals = [GOALS[what] * self.typical(what, BEFORE).seconds] if what in GOALS else []
        goals += [MOST[what]] if what in MOST else []
        goals += [OF_FLOOR * self.floor[WHOLE].seconds] if what == WHOLE else []
        goals += [OF_WHOLE * self.typical(WHOLE, AFTER).seconds] if what == MORE else []
        return min(goals, default=None)

    @property
    def missed(self) -> list[str]:
        """Commands of which the second takes more than it should."""
        return [
            what
            for what in self.costs
            if ((goal := self.goal(what)) is not None and self.typical(what, AFTER).seconds > goal)
            or (what in (WHOLE, MORE) and self.typical(what, AFTER).mib > PEAK_MIB)
        ]


def bench_nights(
    before: str,
    after: str,
    rounds: int,
    folder: Path,
    progress: Callable[[str], None],
    *,
    country: bool = False,
    keep: Callable[[NightsMeasurement], None] = lambda _: None,
) -> NightsMeasurement:
    """Build both revisions in ``folder`` and run the nights of each in turns. Raises ``UserError`` when one does not run to its end.

    Deliveries are those that the first makes (``vt demo``). ``country``: a registration of the size of the country too, once. ``keep`` is
    given what there is so far, after each round: an hour is not lost for what breaks down at its end.
    """
    trees, revisions = {}, {}
    for side, revision in ((BEFORE, before), (AFTER, after)):
        progress(say("building {revision}", revision=revision))
        trees[side], revisions[side] = _build(folder / f"code-{side}", revision)
    progress(say("making deliveries"))
    maker = make_folder(folder / "leveringen")
    measure(maker, "vt", "demo", tree=trees[BEFORE])
    deliveries = sorted((maker / "inbox").iterdir())
    costs: dict[str, dict[str, list[Cost]]] = {}
    for number in range(rounds):
        for side in (BEFORE, AFTER) if number % 2 == 0 else (AFTER, BEFORE):
            progress(say("round {number} of {rounds}: {side}", number=number + 1, rounds=rounds, side=revisions[side]))
            for what, cost in _round(trees[side], folder / f"thuis-{side}", deliveries).items():
                costs.setdefault(what, {}).setdefault(side, []).append(cost)
        keep(NightsMeasurement(revisions, costs, {}, {}))
    progress(say("the floor"))
    floor = {FIRST: _floor(folder, max(deliveries, key=lambda d: d.stat().st_size))}  # the last whole registration
    if country:
        for side in (BEFORE, AFTER):
            progress(say("a registration of the size of the country: {side}", side=revisions[side]))
            for what, cost in _country(trees[side], folder, side).items():
                costs.setdefault(what, {})[side] = [cost]
            keep(NightsMeasurement(revisions, costs, floor, {}))
        floor[WHOLE] = _floor(folder, folder / "land")
    progress(say("the tables of both releases"))  # last: what a process starts counts its memory as its own at first
    differing = differing_rows(*(folder / f"thuis-{side}" for side in (BEFORE, AFTER)))
    return NightsMeasurement(revisions, costs, floor, differing)


def write_raw(m: NightsMeasurement, path: Path) -> None:
    """Everything that was measured, as JSON."""
    write_result(path, json.dumps(asdict(m), indent=1) + "\n")


def _build(tree: Path, revision: str) -> tuple[Path, str]:
    """A checkout of a revision with its environment, and what the revision is called in short."""
    short = check_out(PROJECT, tree, revision)
    _must(["make", "env"], tree)
    return tree, short


def check_out(project: Path, tree: Path, revision: str) -> str:
    """Make ``tree`` a checkout of a revision of ``project``, as that is called there now; its short name."""
    if not (tree / ".git").exists():
        _must(["git", "clone", "--quiet", str(project), str(tree)], tree.parent)
    wanted = _must(["git", "rev-parse", "--verify", f"{revision}^{{commit}}"], project).strip()
    _must(["git", "fetch", "--quiet", "origin"], tree)
    _must(["git", "checkout", "--quiet", "--detach", wanted], tree)
    return _must(["git", "rev-parse", "--short", "HEAD"], tree).strip()


def _must(command: list[str], at: Path) -> str:
    done = subprocess.run(command, cwd=at, env=environment(at), capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or [""])[-1]
        raise UserError(say("{command} in {folder} did not go well: {told}", command=" ".join(command), folder=at, told=told))
    return done.stdout


def _round(tree: Path, home: Path, deliveries: list[Path]) -> dict[str, Cost]:
    """The demo's first refresh but for its last delivery; the night of that one; and what is run without any."""
    remove(home)
    inbox = make_folder(home / "inbox")
    for delivery in deliveries[:-1]:
        shutil.copy(delivery, inbox)
    _let_through(tree, home)
    found = {FIRST: measure(home, "vt", "refresh", tree=tree)}
    shutil.copy(deliveries[-1], inbox)
    found[NIGHT] = measure(home, "vt", "refresh", tree=tree)
    found[NOTHING] = measure(home, "vt", "refresh", tree=tree)
    found[HELP] = measure(home, "vt", "--help", tree=tree)
    found[LOAD] = measure(home, PYTHON, "-c", "import orchestration.definitions", tree=tree)
    return found


def _let_through(tree: Path, home: Path) -> None:
    """The second whole registration lies three years after the first, which some revisions ask a person's word for."""
    command = [str(tree / ".venv/bin/vt"), "deliveries", "accept", "2", "--door", "vt bench", "--reden", "vt bench nights"]
    subprocess.run(command, cwd=tree, env=environment(home), capture_output=True, check=False)


def _country(tree: Path, folder: Path, side: str) -> dict[str, Cost]:
    home = folder / f"land-{side}"
    remove(home)
    inbox, version = make_folder(home / "inbox"), versions()[0]  # the contract that both know
    delivery = folder / "land"
    if not delivery.exists():
        write_delivery(delivery, COUNTRY, version=version)
        write_delivery(folder / "land-nacht", COUNTRY, more=CHANGED, version=version)
    shutil.copytree(delivery, inbox / "levering-1")
    found = {WHOLE: measure(home, "vt", "refresh", tree=tree)}
    shutil.copytree(folder / "land-nacht", inbox / "levering-2")
    found[MORE] = measure(home, "vt", "refresh", tree=tree)
    remove(home)
    return found


def _floor(folder: Path, delivery: Path) -> Cost:
    """The floor of a ``volledig`` delivery, in a process of its own."""
    home = make_folder(folder / "vloer")
    files = home / "bestanden"
    remove(files)
    if delivery.is_dir():
        files.symlink_to(delivery)
    else:
        shutil.unpack_archive(delivery, files)
    cost = measure(home, PYTHON, "-m", FLOOR, str(files), str(home / "cijfers"))
    remove(files)
    return cost


def differing_rows(*homes: Path) -> dict[str, int]:
    """Table → rows of the columns that both releases have that stand in one of them alone; keys of a release are its own and left out."""
    with duckdb.connect() as con:
        for side, home in zip((BEFORE, AFTER), homes, strict=True):
            con.execute(f"attach {text(home / 'releases' / 'current' / store.DATABASE)} as {side} (read_only)")
        shared = con.execute(
            f"""
            select table_schema || '.' || table_name, string_agg(column_name || '::varchar', ', ' order by column_name)
            from (
                select table_schema, table_name, column_name from information_schema.columns
                where table_catalog in ('{BEFORE}', '{AFTER}') and table_schema in ('facts', 'marts')
                    and not (column_name like '%\\_id' escape '\\' or column_name like '%\\_sleutel' escape '\\')
                group by all having count(*) = 2
            )
            group by all order by all
            """
        ).fetchall()
        return {table: _differing(con, table, columns) for table, columns in shared}


def _differing(con: duckdb.DuckDBPyConnection, table: str, columns: str) -> int:
    def only(one: str, other: str) -> str:
        return f"(select {columns} from {one}.{table} except all select {columns} from {other}.{table})"

    return duck.number(con, f"select count(*) from ({only(BEFORE, AFTER)} union all {only(AFTER, BEFORE)})")
