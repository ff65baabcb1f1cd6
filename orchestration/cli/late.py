"""The commands of ``vt``, each imported when it is run: a module of one command slows no other, nor ``vt --help``."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

PASSED_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}
"""For commands that pass on what they are given."""

COMMANDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "status": ("status", "status", {}),
    "check": ("status", "check", {}),
    "trace": ("trace", "trace", {}),
    "sql": ("sql", "sql", {}),
    "export": ("export", "export", {}),
    "report": ("report", "report", {}),
    "postgres": ("postgres", "postgres", {}),
    "dashboard": ("dashboard", "dashboard", {}),
    "superset": ("superset", "superset", {}),
    "dbt": ("dbt", "dbt", PASSED_ON),
    "metrics": ("metrics", "metrics", PASSED_ON),
    "spark": ("spark", "spark", {}),
    "backup": ("backup", "backup", {}),
    "restore": ("backup", "restore", {}),
    "forget": ("privacy", "forget", {}),
    "demo": ("demo", "demo", {}),
    "refresh": ("refresh", "refresh", {}),
    "ui": ("ui", "ui", {}),
    "deliveries": ("deliveries", "app", {}),
    "mapping": ("mapping", "app", {}),
    "quarantine": ("quarantine", "app", {}),
    "checks": ("checks", "app", {}),
    "release": ("release", "app", {}),
    "vintage": ("vintage", "app", {}),
    "cbs": ("cbs", "app", {}),
    "reference": ("reference", "app", {}),
    "landing": ("landing", "app", {}),
    "retention": ("landing", "retention_app", {}),
    "key": ("privacy", "key_app", {}),
    "national": ("national", "app", {}),
    "bench": ("bench", "app", {}),
}
"""Name: module of this package, function or group in it, settings of its context. In the order of ``vt --help``."""


def command(name: str) -> TyperCommand | TyperGroup:
    """The command itself, imported."""
    module, attribute, settings = COMMANDS[name]
    found = getattr(import_module(f"orchestration.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = typer.main.get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)
    alone.command(name, context_settings=settings or None)(found)
    made = typer.main.get_command(alone)
    assert isinstance(made, TyperCommand | TyperGroup)
    return made


def _told(name: str) -> str:
    """What a command says of itself, read from its text: nothing is imported for it."""
    module, attribute, _ = COMMANDS[name]
    for node in ast.parse((Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=found) if found == attribute:
                return ast.get_docstring(node) or ""
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Call(keywords=keywords)) if found == attribute:
                return str(next(ast.literal_eval(k.value) for k in keywords if k.arg == "help"))
    raise LookupError(f"{attribute} is not in {module}.py")


class LateGroup(TyperGroup):
    """A group that imports a command when it is run, and lists all of them by what they say of themselves.

    typer keeps the type of a context and of a command to itself: ``Any``.
    """

    def list_commands(self, context: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: Any, name: str) -> Any:
        return TyperCommand(name, help=_told(name), rich_markup_mode="rich") if name in COMMANDS else None

    def resolve_command(self, context: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        self.commands = {name: TyperCommand(name) for name in COMMANDS}  # of which the one that was meant is proposed
        name, described, rest = super().resolve_command(context, args)
        return name, command(name) if name and described else None, rest
