"""How dbt is run, and what it is held to: every model built and every check run, or the build does not count."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration import files, seeds
from orchestration.code_version import MODELS, fingerprint
from orchestration.duck import httpfs
from orchestration.errors import UserError
from orchestration.files import beside, make_folder, write_over
from orchestration.keys.keyring import Keyring
from orchestration.language import say
from orchestration.reference import accepted
from orchestration.settings import PROJECT, Settings
from orchestration.transform import dbt_names, plan
from orchestration.transform.controle import Controle
from orchestration.transform.messages import in_one_line

DBT_PROJECT = PROJECT / "dbt_project"
MANIFEST = DBT_PROJECT / "target" / "build" / "manifest.json"
"""Made with the environment (``dbt compile``), so that nothing parses or compiles the project at the start of a run.

In a folder that nothing else writes to: in ``target``, where dbt works by itself, sqlfluff leaves what it parsed for another profile.
"""

PARSED = MANIFEST.with_name("partial_parse.msgpack")
"""What dbt remembers of the project as parsed. A build gets a copy, so that dbt finds nothing changed and parses nothing."""

PLAN = MANIFEST.with_name("plan.json")
"""What a build does, from the project as compiled (``plan``)."""

LOG = "plan.log"
"""What the process that runs a plan says when it breaks down, in the folder of its results."""

PARSED_FROM = MANIFEST.with_name("vingerafdruk")
"""The fingerprint of the project that the manifest was made from."""

EXECUTABLE = str(Path(sys.executable).parent / "dbt")
RUN_PLAN = "orchestration.transform.run_plan"
BUILT = ("model", "seed", "snapshot")
CHECKED = ("test",)


class OutdatedError(UserError):
    """The manifest is not of the project as it is, and this user may not make it."""


def manifest(path: Path = MANIFEST) -> dict[str, Any]:
    """What dbt says of the project; not to be changed. Read once, as long as the file stands."""
    return _manifest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _manifest(path: Path, _changed: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def nodes(path: Path = MANIFEST) -> dict[str, dict[str, Any]]:
    """Everything that the project holds, as the manifest has it, by unique id; not to be changed."""
    found: dict[str, dict[str, Any]] = manifest(path)["nodes"]
    return found


@contextmanager
def environment(settings: Settings, keyring: Keyring, truth: Settings | None = None) -> Iterator[dict[str, str]]:
    """The environment variables with which dbt finds and opens the encrypted build (see ``dbt_attach``), as long as this lasts.

    The key is in none of them: they name a file that holds it. ``truth``: whose accepted reference data count, where that is another data
    folder than the one that is built in. Raises ``AcceptedError`` when those are not what was accepted.
    """
    make_folder(settings.build)
    spill = make_folder(settings.root / "tmp")
    with _key_file(spill, keyring.derive("build").hex()) as key_file:
        yield {
            dbt_names.BUILD_DB: str(settings.build_db),
            dbt_names.BUILD_KEY: key_file,
            dbt_names.HTTPFS: httpfs(),
            dbt_names.SPILL: str(spill),
            dbt_names.MEMORY: settings.geheugen,
            dbt_names.ACCEPTED: accepted.for_dbt(truth or settings),
            dbt_names.SEEDS: json.dumps(seeds.for_build(settings.build / "seeds")),
            "DBT_LOG_PATH": str(settings.build / "dbt" / "logs"),
            **QUIET,
        }


@contextmanager
def _key_file(scratch: Path, key: str) -> Iterator[str]:
    """The path of a file with ``key`` that this user alone can read and that goes with this process.

    On Linux it lies in memory, and its path leads through this process; elsewhere it is a file in ``scratch``, which the next one sweeps
    when this process is killed.
    """
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        with os.fdopen(os.memfd_create("bouwsleutel", os.MFD_CLOEXEC), "w") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(key)
            file.flush()
            yield f"/proc/{os.getpid()}/fd/{file.fileno()}"
    else:
        with beside(scratch, "bouwsleutel") as hidden:
            hidden.write(key.encode())
            hidden.flush()
            yield hidden.name


QUIET = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "0", "DO_NOT_TRACK": "1"}


def parse() -> None:
    """Make the manifest and the plan, unless those that are there were made from the project as it is now.

    From the whole project: of what has changed alone, dbt loses what the project says of singular tests (severity, text, asset).
    Raises ``subprocess.CalledProcessError`` when the project does not parse, ``OutdatedError`` when another user must do it.
    """
    now = fingerprint(MODELS)
    if _parsed(now):  # without the lock: the checkout may be one that this user can only read
        return
    with _parsing():
        if _parsed(now):
            return
        PARSED_FROM.unlink(missing_ok=True)
        PARSED.unlink(missing_ok=True)
        _compile(MANIFEST.parent, {}, "--no-partial-parse", umask=0o022)  # part of the checkout, for whoever uses it
        plan.write(plan.of_manifest(manifest(), DBT_PROJECT), PLAN)
        PLAN.chmod(0o644)
        PARSED_FROM.write_text(now)
        PARSED_FROM.chmod(0o644)


def _compile(target: Path, names: Mapping[str, str], *options: str, umask: int = -1) -> None:
    """``dbt compile`` into ``target``. Raises ``subprocess.CalledProcessError``, after telling what dbt says is wrong."""
    folders = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(target)]
    environ = {**os.environ, **QUIET, **names, "DBT_LOG_PATH": str(target / "logs")}
    command = [EXECUTABLE, "--quiet", "compile", "--target", "build", *folders, *options]
    done = subprocess.run(command, check=False, env=environ, umask=umask, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()


@contextmanager
def _parsing() -> Iterator[None]:
    """Be the only one that parses; raises ``OutdatedError`` where this user may not."""
    with ExitStack() as held:
        try:
            MANIFEST.parent.mkdir(exist_ok=True, parents=True)
            held.enter_context(FileLock(MANIFEST.with_name("vingerafdruk.lock")))
        except OSError as error:
            raise OutdatedError(
                say(
                    "The dbt project was changed since it was last read, and {folder} cannot be written ({why}). Let the owner of the "
                    "checkout run: make -C {project} env",
                    folder=MANIFEST.parent,
                    why=files.why(error),
                    project=PROJECT,
                )
            ) from None
        yield


def _parsed(now: str) -> bool:
    with suppress(FileNotFoundError):
        return MANIFEST.exists() and PARSED.exists() and PLAN.exists() and PARSED_FROM.read_text() == now
    return False


def prepare(target: Path) -> None:
    """Make the folder of a dbt run ready: the project as parsed (``parse``), and nothing of an earlier outcome."""
    parse()
    make_folder(target)
    (target / "run_results.json").unlink(missing_ok=True)
    write_over(target / PARSED.name, PARSED.read_bytes())


def run_command(target: Path, names: Mapping[str, str], *options: str) -> list[str]:
    """The command that runs the plan with the environment ``names``, results in ``target``; two steps at once.

    Most models are too small for DuckDB to spread over its threads; three give nothing more (docs/measurements.md). Nothing of the folder
    in which somebody happens to stand is imported (``-P``).
    """
    return [sys.executable, "-P", "-m", RUN_PLAN, str(_plan(target, names)), str(target / "run_results.json"), *options]


def _plan(target: Path, names: Mapping[str, str]) -> Path:
    """The plan for this environment: where something was accepted of the reference data, with the models that read it compiled for it."""
    if not json.loads(names[dbt_names.ACCEPTED]):
        return PLAN
    own = make_folder(target / "aanvaard")
    made_of = hashlib.sha256((names[dbt_names.ACCEPTED] + PARSED_FROM.read_text()).encode()).hexdigest()
    found = own / f"plan-{made_of}.json"
    if not found.exists():
        chosen = [n["name"] for n in nodes().values() if plan.ACCEPTS in n["depends_on"].get("macros", [])]
        write_over(own / PARSED.name, PARSED.read_bytes())
        _compile(own, {dbt_names.ACCEPTED: names[dbt_names.ACCEPTED]}, "--select", *chosen)
        made = {n["unique_id"]: n["compiled_code"] for n in nodes(own / MANIFEST.name).values() if n["name"] in chosen}
        for outdated in own.glob("plan-*.json"):
            outdated.unlink()
        plan.write([replace(s, sql=made.get(s.key, s.sql)) for s in plan.read(PLAN)], found)
    return found


def build(settings: Settings, keyring: Keyring, truth: Settings | None = None) -> "BuildReport":
    """A build of the history in this data folder, in a process of its own; held against the manifest as every night.

    ``truth``: see ``environment``.
    """
    target = settings.build / "dbt"
    prepare(target)
    _run_plan(settings, keyring, truth)
    return report(MANIFEST, target / "run_results.json")


def make_figures(settings: Settings, keyring: Keyring, truth: Settings | None = None) -> None:
    """Make the long table of figures and all that it rests on, in this data folder's build; nothing is checked.

    ``truth``: see ``environment``. Raises ``UserError`` with DuckDB's own message, values out, when a model fails.
    """
    target = settings.build / "dbt"
    prepare(target)
    if _run_plan(settings, keyring, truth, "--without-checks", "--up-to", "indicatoren", "dim_indicator", "dim_periode"):
        failed = [f["toelichting"] for f in report(MANIFEST, target / "run_results.json").gefaald if f["uitkomst"] == "gefaald"]
        raise UserError(failed[0] if failed else say("dbt made no figures."))


def _run_plan(settings: Settings, keyring: Keyring, truth: Settings | None, *options: str) -> int:
    """Run the plan; the exit code. What failed stands in the results, without a value."""
    with environment(settings, keyring, truth) as names:
        command = run_command(settings.build / "dbt", names, "--quiet", *options)
        with (settings.build / "dbt" / LOG).open("wb") as log:
            return subprocess.run(command, env={**os.environ, **names}, check=False, stdout=log, stderr=log).returncode


@dataclass(frozen=True)
class BuildReport:
    """What dbt should have done, held against what it did. Counts are numbers of models and of checks."""

    modellen_verwacht: int
    modellen_gebouwd: int
    controles_verwacht: int
    controles: dict[str, int]
    """outcome (geslaagd, gewaarschuwd, gefaald, niet_uitgevoerd) → number"""
    gefaald: list[dict[str, Any]] = field(default_factory=list)
    """one row for each model or check that did not pass: naam, soort, uitkomst, aantal (failing rows), toelichting"""

    @property
    def complete(self) -> bool:
        """All models were built, all checks were run, and none failed."""
        return (
            self.modellen_verwacht > 0
            and self.modellen_gebouwd == self.modellen_verwacht
            and sum(self.controles.get(k, 0) for k in ("geslaagd", "gewaarschuwd")) == self.controles_verwacht
        )


OUTCOME = {"pass": "geslaagd", "success": "geslaagd", "warn": "gewaarschuwd", "fail": "gefaald", "error": "gefaald"}


def report(manifest: Path, run_results: Path) -> BuildReport:
    """Hold dbt's run results against the manifest.

    A node that is in the manifest and missing in the results, or skipped, counts as not done: dbt may end in success without it.
    """
    wanted = {
        key: node
        for key, node in nodes(manifest).items()
        if node["resource_type"] in BUILT + CHECKED and node["config"].get("enabled", True)
    }
    results = {r["unique_id"]: r for r in json.loads(run_results.read_text())["results"]} if run_results.exists() else {}
    built, checks, failed = 0, Counter[str](), []
    for key, node in wanted.items():
        result = results.get(key)
        outcome = OUTCOME.get(result["status"], "niet_uitgevoerd") if result else "niet_uitgevoerd"
        if node["resource_type"] in CHECKED:
            checks[outcome] += 1
        elif outcome == "geslaagd":
            built += 1
        if outcome != "geslaagd":
            failed.append(
                {
                    "naam": node["name"],
                    "soort": "controle" if node["resource_type"] in CHECKED else "model",
                    "uitkomst": outcome,
                    "aantal": (result or {}).get("failures"),
                    "toelichting": explain(node, result),
                }
            )
    kinds = Counter(node["resource_type"] in CHECKED for node in wanted.values())
    return BuildReport(kinds[False], built, kinds[True], dict(checks), failed)


def explain(node: dict[str, Any], result: dict[str, Any] | None) -> str:
    """One sentence on what did not pass and where to look: dbt's own message, never with rows or values."""
    if result is None or result["status"] == "skipped":
        return say("was not run, because something before it failed")
    file = node["original_file_path"]
    if result.get("failures"):
        return say("{count} rows fail; definition: {file}", count=result["failures"], file=file)
    message = result.get("message") or ""
    if "No space left on device" in message:
        return say("the disk is full: make room, then run the refresh again")
    if "Out of Memory Error" in message:
        return say("memory came short: give DuckDB more (VT_GEHEUGEN), then run the refresh again")
    if words := in_one_line(message):
        return say("failed: {words}; definition: {file}", words=words, file=file)
    return say("failed; definition: {file}", file=file)


def check_rows(target: Path) -> list[Controle]:
    """Every dbt test of the manifest with its outcome in the run whose ``run_results.json`` lies in ``target``."""
    path = target / "run_results.json"
    results = {r["unique_id"]: r for r in json.loads(path.read_text())["results"]} if path.exists() else {}
    return [
        Controle(
            naam=node["name"],
            uitgevoerd_met="dbt",
            onderwerp=subject(node),
            uitkomst=OUTCOME.get(results[key]["status"], "niet_uitgevoerd") if key in results else "niet_uitgevoerd",
            ernst="blokkeert" if node["config"]["severity"].lower() == "error" else "waarschuwt",
            aantal=results.get(key, {}).get("failures"),
            toelichting=node.get("description") or "",
        )
        for key, node in nodes().items()
        if node["resource_type"] in CHECKED
    ]


@dataclass(frozen=True)
class Contributions:
    """What figures are traced with: the model that says what every row adds to every figure, and what it reads beside the facts."""

    views: dict[str, str]
    """Schema and name of a view → its query as compiled for the run; one that another reads stands before it."""
    tables: list[str]
    """Schema and name of the tables of the build that they read and that no release shows."""


TRACED_BY = ("model.veilig_thuis.int_bijdrage", "model.veilig_thuis.int_figuur_deel")
"""What rows add to figures, and which figures are made of others."""


def contributions(target: Path) -> Contributions:
    """What to trace figures with, from the run whose ``run_results.json`` lies in ``target``."""
    known = nodes()
    compiled = {r["unique_id"]: r.get("compiled_code") or "" for r in json.loads((target / "run_results.json").read_text())["results"]}
    found = Contributions({}, [])

    def add(key: str) -> None:
        name = f"{known[key]['schema']}.{known[key]['name']}"
        if known[key]["schema"] == "facts" or name in found.views or name in found.tables:
            return
        if known[key]["config"]["materialized"] != "view":
            found.tables.append(name)
            return
        for before in known[key]["depends_on"]["nodes"]:
            add(before)
        found.views[name] = compiled[key]

    for key in TRACED_BY:
        add(key)
    return found


def subject(test: dict[str, Any]) -> str:
    """The model or source that a test is about, by its name; the first one it reads when it hangs on none."""
    about = test.get("attached_node") or next(iter(test["depends_on"]["nodes"]), test["unique_id"])
    return str(about).split(".")[-1]


def descriptions() -> dict[str, dict[str, str]]:
    """Schema and name of every model (``facts.fct_meldingen``) → column → its text; the text of the table itself stands under ``""``.

    A release carries these as comments. dbt could write them into the build (persist_docs), at the price of some 700 statements a night.
    """
    return {
        f"{node['schema']}.{node['name']}": {"": node["description"]} | {name: c["description"] for name, c in node["columns"].items()}
        for node in nodes().values()
        if node["resource_type"] in BUILT
    }
