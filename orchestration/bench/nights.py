"""What a night costs with the code of two moments, side by side: both built from git, the same deliveries, in turns.

Every command runs as a night does, in a process of its own; its seconds, processor time and peak of memory are those of that process and
what it starts. The floor is the least that anybody would have to do: one DuckDB that reads the files and counts the main figures.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import duckdb

from orchestration import duck
from orchestration.bench.intake import write_delivery
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
COUNTRY = 1_300_000
"""Reports: the Netherlands since 2016."""
CHANGED = 100
"""New reports in a night of the country, some 900 rows."""
FLOOR = """
create table m as select *, date_trunc('month', (ontvangen_op::timestamptz at time zone 'Europe/Amsterdam')) as maand from meldingen;
create table v as select melding_nummer, gestart_op::date as van, nullif(besluit_op, '')::date as op from veiligheidsbeoordelingen;
select maand, gemeente_code, stadsdeel_code, buurt_code, hoedanigheid, huishouden_met_kinderen, count(*)
from m group by grouping sets ((maand), (maand, gemeente_code), (maand, stadsdeel_code), (maand, buurt_code), (maand, hoedanigheid),
    (maand, huishouden_met_kinderen), (maand, gemeente_code, hoedanigheid), (maand, gemeente_code, huishouden_met_kinderen));
select maand, vorm, gemeente_code, count(*) from m join melding_vormen using (melding_nummer) group by cube (maand, vorm, gemeente_code);
select maand, aard, gemeente_code, count(*) from m join melding_aarden using (melding_nummer) group by cube (maand, aard, gemeente_code);
select maand, gemeente_code, count(*), count(op), avg(op - van), median(op - van), count_if(op - van <= 7)
from m join v using (melding_nummer) group by cube (maand, gemeente_code);
select maand, gemeente_code, soort, count(*), avg(nullif(d.afgesloten_op, '')::date - d.gestart_op::date)
from m join diensten as d using (melding_nummer) group by cube (maand, gemeente_code, soort);
select date_trunc('month', overgedragen_op::date), ontvanger, count(*) from overdrachten group by cube (1, 2);
select date_trunc('month', gestart_op::date), gemeente_code, kanaal, hoedanigheid, count(*) from adviesvragen group by cube (1, 2, 3, 4);
select maand, count(distinct huishouden_nummer), count(distinct bsn)
from m join casussen using (casus_nummer) join betrokkenen using (melding_nummer) group by rollup (maand);
"""
"""The main figures, straight from the text of the files: no checks, no history, no unlinkable numbers, nothing that is kept."""


@dataclass(frozen=True)
class Cost:
    """One command: wall seconds, processor seconds, peak of memory of its largest process in MiB."""

    seconds: float
    cpu_s: float
    mib: int


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


def bench_nights(
    before: str, after: str, rounds: int, folder: Path, progress: Callable[[str], None], *, country: bool = False
) -> NightsMeasurement:
    """Build both revisions in ``folder`` and run the nights of each in turns. Raises ``UserError`` when one does not run to its end.

    Deliveries are those that the first makes (``vt demo``). ``country``: a registration of the size of the country too, once.
    """
    trees, revisions = {}, {}
    for side, revision in ((BEFORE, before), (AFTER, after)):
        progress(say("building {revision}", revision=revision))
        trees[side], revisions[side] = _build(folder / f"code-{side}", revision)
    progress(say("making deliveries"))
    maker = make_folder(folder / "leveringen")
    _cost(trees[BEFORE], maker, "vt", "demo")
    deliveries = sorted((maker / "inbox").iterdir())
    costs: dict[str, dict[str, list[Cost]]] = {}
    for number in range(rounds):
        for side in (BEFORE, AFTER) if number % 2 == 0 else (AFTER, BEFORE):
            progress(say("round {number} of {rounds}: {side}", number=number + 1, rounds=rounds, side=revisions[side]))
            for what, cost in _round(trees[side], folder / f"thuis-{side}", deliveries).items():
                costs.setdefault(what, {}).setdefault(side, []).append(cost)
    differing = _compare(*(folder / f"thuis-{side}" for side in (BEFORE, AFTER)))
    progress(say("the floor"))
    floor = {FIRST: _floor(folder, deliveries[1])}
    if country:
        for side in (BEFORE, AFTER):
            progress(say("a registration of the size of the country: {side}", side=revisions[side]))
            for what, cost in _country(trees[side], folder, side).items():
                costs.setdefault(what, {})[side] = [cost]
        floor[WHOLE] = _floor(folder, folder / "land")
    return NightsMeasurement(revisions, costs, floor, differing)


def write_raw(m: NightsMeasurement, path: Path) -> None:
    """Everything that was measured, as JSON."""
    path.write_text(json.dumps(asdict(m), indent=1) + "\n", encoding="utf-8")


def _build(tree: Path, revision: str) -> tuple[Path, str]:
    """A checkout of a revision with its environment, and what the revision is called in short."""
    if not (tree / ".git").exists():
        _must(["git", "clone", "--quiet", str(PROJECT), str(tree)], tree.parent)
    _must(["git", "checkout", "--quiet", "--detach", revision], tree)
    _must(["make", "env"], tree)
    return tree, _must(["git", "rev-parse", "--short", "HEAD"], tree).strip()


def _must(command: list[str], at: Path) -> str:
    done = subprocess.run(command, cwd=at, env=_environment(at), capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or [""])[-1]
        raise UserError(say("{command} in {folder} did not go well: {told}", command=" ".join(command), folder=at, told=told))
    return done.stdout


def _environment(home: Path) -> dict[str, str]:
    """The environment without settings of ours, for a data folder; ``vt`` of another checkout keeps to its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VT_", "DAGSTER_", "PYTHON", "VIRTUAL_ENV"))}
    return kept | {"VT_HOME": str(home)}


def _cost(tree: Path, home: Path, command: str, *arguments: str) -> Cost:
    """Run a command of the environment of a checkout on a data folder."""
    whole = [str(tree / ".venv/bin" / command), *arguments]
    with (home / "uitvoer").open("wb") as told:
        started = time.monotonic()
        process = subprocess.Popen(whole, cwd=tree, env=_environment(home), stdout=told, stderr=told)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status):
        last = (home / "uitvoer").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise UserError(say("{command} in {folder} did not go well: {told}", command=" ".join(whole), folder=home, told="".join(last)))
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10))


def _round(tree: Path, home: Path, deliveries: list[Path]) -> dict[str, Cost]:
    """The demo's first refresh but for its last delivery; the night of that one; and what is run without any."""
    remove(home)
    inbox = make_folder(home / "inbox")
    for delivery in deliveries[:-1]:
        shutil.copy(delivery, inbox)
    _let_through(tree, home)
    found = {FIRST: _cost(tree, home, "vt", "refresh")}
    shutil.copy(deliveries[-1], inbox)
    found[NIGHT] = _cost(tree, home, "vt", "refresh")
    found[NOTHING] = _cost(tree, home, "vt", "refresh")
    found[HELP] = _cost(tree, home, "vt", "--help")
    found[LOAD] = _cost(tree, home, "python", "-c", "import orchestration.definitions")
    return found


def _let_through(tree: Path, home: Path) -> None:
    """The second whole registration lies three years after the first, which some revisions ask a person's word for."""
    command = [str(tree / ".venv/bin/vt"), "deliveries", "accept", "2", "--door", "vt bench", "--reden", "vt bench nights"]
    subprocess.run(command, cwd=tree, env=_environment(home), capture_output=True, check=False)


def _country(tree: Path, folder: Path, side: str) -> dict[str, Cost]:
    home = folder / f"land-{side}"
    remove(home)
    inbox, version = make_folder(home / "inbox"), versions()[0]  # the contract that both know
    delivery = folder / "land"
    if not delivery.exists():
        write_delivery(delivery, COUNTRY, version=version)
        write_delivery(folder / "land-nacht", COUNTRY, more=CHANGED, version=version)
    shutil.copytree(delivery, inbox / "levering-1")
    found = {WHOLE: _cost(tree, home, "vt", "refresh")}
    shutil.copytree(folder / "land-nacht", inbox / "levering-2")
    found[MORE] = _cost(tree, home, "vt", "refresh")
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
    cost = _cost(PROJECT, home, "python", "-m", "orchestration.bench.nights", str(files))
    remove(files)
    return cost


def count_main_figures(files: Path) -> None:
    """What the floor does."""
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("set timezone = 'Europe/Amsterdam'")
        for path in sorted(files.glob("*.csv")):
            con.execute(f"create table {path.stem} as from read_csv({text(path)}, delim = ';', header = true, all_varchar = true)")
        for statement in filter(str.strip, FLOOR.split(";")):
            con.execute(statement).fetchall()


def _compare(*homes: Path) -> dict[str, int]:
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


if __name__ == "__main__":
    count_main_figures(Path(sys.argv[1]))
