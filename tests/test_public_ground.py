"""What the project uses of Dagster, dbt, Great Expectations and DuckDB is public, but for what two modules list with the reason.

``defs/dagster_inside.py`` and ``transform/dbt_inside.py``; what is used of dbt-spark, which has an environment of its own, stands in
``spark/session.py`` and is held to that by ``tests/spark``. Each name there is held to what is installed: that it is
there still, and that somebody looked at it since the library changed in more than a patch.
"""

import ast
import importlib
import importlib.util
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from packaging.version import Version

from orchestration.defs import dagster_inside
from orchestration.inside import Inside
from orchestration.settings import PROJECT
from orchestration.transform import dbt_inside

INSIDE = [*dagster_inside.INSIDE, *dbt_inside.INSIDE]
MODULES = [*(Path(str(m.__file__)) for m in (dagster_inside, dbt_inside)), PROJECT / "orchestration" / "spark" / "session.py"]
OURS = ("orchestration", "tests")

LIBRARIES = re.compile(r"_?(dagster|dbt|great_expectations|duckdb)(_[a-z]+)*")
"""First part of the name of a module of theirs."""

DOCUMENTED = {
    "dagster": None,
    "dagster_dbt": None,
    "great_expectations": None,
    "duckdb": None,
    "dbt.cli.main": {"dbtRunner", "dbtRunnerResult"},
    "dbt.adapters.duckdb.plugins": {"BasePlugin"},
}
"""Module → the names in it that its documentation gives; None: all without an underscore."""

OF_NAMED_TUPLES = {"_fields", "_replace", "_asdict", "_make"}
PRIVATE_PATH = re.compile(r"\b(dagster|dbt|great_expectations|duckdb)\w*(\.\w+)*\._[a-z]\w*")


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


# --- what is used -------------------------------------------------------------------------------------------------------------------------


def defined(tree: ast.AST) -> set[str]:
    """Private names that a module of ours gives to something itself: functions, classes, variables, fields."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                found.add(name)
    return {name for name in found if private(name)}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for folder in OURS:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


@cache
def own() -> frozenset[str]:
    """Private names of the project, the modules that lie inside others left out: there they are somebody else's."""
    return frozenset().union(*(defined(tree) for path, tree in trees() if path not in MODULES))


def not_public(tree: ast.Module, ours: Iterable[str]) -> list[str]:
    """``line: what`` for each private name of a library in a module; ``ours`` are private names that are no library's."""
    known = {*ours, *OF_NAMED_TUPLES}
    return [f"{line}: {what}" for line, what in sorted({*_imported(tree), *_asked(tree, known), *_overridden(tree), *_written(tree)})]


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if _of_them(a.name) and a.name not in DOCUMENTED)
        if isinstance(node, ast.ImportFrom) and not node.level and _of_them(node.module or ""):
            module = node.module or ""
            names = DOCUMENTED.get(module, set())
            hidden = [a.name for a in node.names if (a.name not in names if names is not None else private(a.name))]
            yield from ((node.lineno, f"{module}.{name}") for name in hidden)


def _of_them(module: str) -> bool:
    return LIBRARIES.fullmatch(module.partition(".")[0]) is not None


def _asked(tree: ast.Module, known: set[str]) -> Iterator[tuple[int, str]]:
    """``x._name`` and ``getattr(x, "_name")`` (or setattr, as of monkeypatch), of a name that nobody here gave."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if private(name) and name not in known:
                yield node.lineno, ast.unparse(node)
            case ast.Call(
                func=ast.Name(id="getattr" | "setattr" | "hasattr" | "delattr") | ast.Attribute(attr="setattr" | "delattr" | "object"),
                args=[_, ast.Constant(value=str(name)), *_],
            ) if private(name) and name not in known:
                yield node.lineno, ast.unparse(node)


def _overridden(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Private names of a class of theirs in one that is derived from it."""
    where = _names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = [found for base in node.bases if (found := _resolve(base, where)) is not None]
            names = {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
            names |= {
                n.attr
                for n in ast.walk(node)
                if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id in {"self", "cls"}
            }
            yield from ((node.lineno, f"{node.name}.{n}") for n in names if private(n) and any(there(base, n) for base in bases))


def _names(tree: ast.Module) -> dict[str, str]:
    """Name in the module → what of a library it is."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.asname or a.name: a.name for a in node.names if _of_them(a.name)}
        if isinstance(node, ast.ImportFrom) and _of_them(node.module or ""):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _resolve(base: ast.expr, where: dict[str, str]) -> object | None:
    """The class of a library that another is derived from."""
    path = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
    first, _, rest = path.partition(".")
    return find(f"{where[first]}.{rest}".rstrip(".")) if first in where else None


def _written(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Their insides named in a text: a path with an underscore, or a text that the modules have."""
    texts = {inside.text for inside in INSIDE if inside.text} | {dagster_inside.REPOSITORY, dagster_inside.ASSET_JOB}
    texts.add(dagster_inside.LOG_RECORD_METADATA_ATTR)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = PRIVATE_PATH.search(node.value)
            if found or any(text in node.value for text in texts):
                yield node.lineno, found[0] if found else node.value


def test_nothing_private_of_a_library_stands_outside_the_modules_that_say_why() -> None:
    looked_for = (Path(__file__), PROJECT / "tests" / "spark" / "test_overridden.py")  # both name what is looked for
    found = [
        f"{path.relative_to(PROJECT)}:{what}"
        for path, tree in trees()
        if path not in (*MODULES, *looked_for)
        for what in not_public(tree, own())
    ]
    assert not found, "; ".join(found) + (
        ". Use what the library documents, or move it to dagster_inside.py or dbt_inside.py with a line that says why nothing public does"
    )


@pytest.mark.parametrize(
    ("snippet", "what"),
    [
        ("from dagster._core.errors import DagsterError", "1: dagster._core.errors.DagsterError"),
        ("import dagster._utils", "1: dagster._utils"),
        ("from dagster import _check", "1: dagster._check"),
        ("from dagster_shared.record import replace", "1: dagster_shared.record.replace"),
        ("from dbt.events.types import LogTestResult", "1: dbt.events.types.LogTestResult"),
        ("from dbt.cli.main import dbtRunner, cli", "1: dbt.cli.main.cli"),
        ("from great_expectations.core.batch import Batch", "1: great_expectations.core.batch.Batch"),
        ("import _duckdb", "1: _duckdb"),
        ("storage._db_lock.acquire()", "1: storage._db_lock"),
        ("getattr(storage, '_db_lock')", "1: getattr(storage, '_db_lock')"),
        ("monkeypatch.setattr(storage, '_connect', None)", "1: monkeypatch.setattr(storage, '_connect', None)"),
        (
            "import dagster_dbt\nclass Dbt(dagster_dbt.DbtCliResource):\n    def _initialize_dbt_core_adapter(self): ...",
            "2: Dbt._initialize_dbt_core_adapter",
        ),
        ("import dagster as dg\nclass I(dg.DagsterInstance):\n    def f(self): return self._run_storage", "2: I._run_storage"),
        ("logging.getLogger('dagster._core.execution.plan.active')", "1: dagster._core"),
        ("record['orig_message']", "1: orig_message"),
        ("selector = '__ASSET_JOB'", "1: __ASSET_JOB"),
    ],
)
def test_a_private_name_is_noticed(snippet: str, what: str) -> None:
    assert any(found.startswith(what) for found in not_public(ast.parse(snippet), set())), not_public(ast.parse(snippet), set())


@pytest.mark.parametrize(
    "snippet",
    [
        "import dagster as dg\ndg.get_dagster_logger()",
        "from dbt.cli.main import dbtRunner",
        "from dbt.adapters.duckdb.plugins import BasePlugin\nclass Plugin(BasePlugin):\n    def _ours(self): return self._ours()",
        "import duckdb, great_expectations as gx",
        "row._asdict()",
        "module._ours()",
        "from orchestration.transform import dbt",
    ],
)
def test_what_is_public_or_our_own_is_none(snippet: str) -> None:
    assert not_public(ast.parse(snippet), {"_ours"}) == []


# --- what dbt's macros are used for -------------------------------------------------------------------------------------------------------

MACRO = re.compile(r"\bmacro\s+(\w+)\s*\(")
CALLED = re.compile(r"(?<![\w.])(\w+)\(")
DOCUMENTED_MACROS = {"generate_schema_name", "statement", "run_hooks", "persist_docs"}
"""https://docs.getdbt.com/docs/build/custom-schemas and https://docs.getdbt.com/guides/create-new-materializations"""
DOCUMENTED_MACROS |= {"any_value", "bool_or", "cast", "concat", "date_trunc", "dateadd", "last_day", "listagg", "replace", "split_part"}
"""Of https://docs.getdbt.com/reference/dbt-jinja-functions/cross-database-macros; here they are functions of an engine by that name."""
DOCUMENTED_MACROS |= {"run_query"}
"""https://docs.getdbt.com/reference/dbt-jinja-functions/run_query"""


def macros(folder: Path) -> set[str]:
    return {name for path in folder.rglob("*.sql") for name in MACRO.findall(path.read_text(encoding="utf-8"))}


def test_macros_of_dbt_that_are_overridden_or_called_are_documented_or_listed() -> None:
    ours = [
        path.read_text(encoding="utf-8")
        for folder in ("macros", "models", "tests")
        for path in (PROJECT / "dbt_project" / folder).rglob("*.sql")
    ]
    named = {name for text in ours for name in [*MACRO.findall(text), *CALLED.findall(text)]}
    theirs = set().union(*(macros(folder) for name in ("dbt.include.global_project", "dbt.include.duckdb") for folder in _folders(name)))
    assert len(theirs) > 300
    assert named & theirs - DOCUMENTED_MACROS == {i.text for i in dbt_inside.INSIDE if i.name.startswith("dbt.include.")}


# --- what is installed --------------------------------------------------------------------------------------------------------------------


def find(path: str) -> object | None:
    """What a path names; None when it is not there."""
    parts = path.split(".")
    for n in range(len(parts), 0, -1):
        with_module = ".".join(parts[:n])
        if importlib.util.find_spec(parts[0]) and _importable(with_module):
            found: object = importlib.import_module(with_module)
            for i, name in enumerate(parts[n:], n + 1):
                if not hasattr(found, name):
                    return found if i == len(parts) and there(found, name) else None
                found = getattr(found, name)
            return found
    return None


def _importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # what stands before the last dot is no package
        return False


def there(found: object, name: str) -> bool:
    """Whether an object has a name: one of a class, or one that its methods give to ``self``."""
    if hasattr(found, name):
        return True
    classes = [c for c in inspect.getmro(found) if c.__module__ != "builtins"] if inspect.isclass(found) else []
    return any(re.search(rf"\bself\.{name}\b", _source(c)) for c in classes)


def _source(found: object) -> str:
    """The code of a module, a class or a folder of macros."""
    if isinstance(found, ModuleType) and (folders := _folders(found.__name__)):
        return "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.sql")))
    try:
        return textwrap.dedent(inspect.getsource(found))  # type: ignore[arg-type]  # an object without code raises TypeError
    except (OSError, TypeError):
        return ""


def _folders(module: str) -> list[Path]:
    """The folder of a package that holds macros."""
    spec = importlib.util.find_spec(module) if module.startswith("dbt.include.") else None
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def gone(inside: Inside) -> str:
    """The sentence for a name that is not there any more; empty when it is."""
    found = find(inside.name)
    if found is not None and inside.text in _source(found):
        return ""
    what = f"{inside.text!r} in {inside.name}" if inside.text else inside.name
    return f"{what} is not in {inside.package} {metadata.version(inside.package)} any more. It was used for: {inside.why}"


def unseen(inside: Inside, installed: str) -> str:
    """The sentence for a name that nobody looked at since the library changed in more than a patch; empty when somebody did."""
    if Version(installed).release[:2] <= Version(inside.seen).release[:2]:
        return ""
    return (
        f"{inside.package} is {installed}; {inside.name} was last looked at in {inside.seen}. Look in its source whether it still does "
        f"what it is used for ({inside.why}), and whether something public does now; then write the new version beside it"
    )


@pytest.mark.parametrize("inside", INSIDE, ids=[f"{i.name}{f' {i.text}' if i.text else ''}" for i in INSIDE])
def test_each_private_name_is_there_and_was_looked_at(inside: Inside) -> None:
    assert not gone(inside), gone(inside)
    found = unseen(inside, metadata.version(inside.package))
    assert not found, found


def test_a_name_that_is_gone_and_one_that_nobody_looked_at_are_told() -> None:
    name = Inside("dagster", "1.13.27", "dagster._core.errors.NoSuchError", "nothing")
    assert gone(name).startswith("dagster._core.errors.NoSuchError is not in dagster 1.")
    assert gone(name._replace(name="dagster._core.no_such_module.Error"))
    assert gone(name._replace(name=f"dagster._core.{dagster_inside.SQLITE}._no_such_lock"))
    assert gone(name._replace(name="dagster._core.execution.plan.active", text="No such words."))
    assert gone(name._replace(name="dbt.include.global_project", text="no_such_macro"))
    told = {installed: unseen(name, installed) for installed in ("1.12.0", "1.13.99", "1.14.0", "2.0.1")}
    assert [installed for installed, sentence in told.items() if sentence] == ["1.14.0", "2.0.1"]
    assert told["1.14.0"].startswith(
        "dagster is 1.14.0; dagster._core.errors.NoSuchError was last looked at in 1.13.27. Look in its source"
    )
