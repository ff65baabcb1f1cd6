"""Files in YAML that people write: their content, and the line on which each value of it stands."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from orchestration import files
from orchestration.errors import UserError
from orchestration.language import later, say

Place = tuple[str | int, ...]
"""Where a value stands: names of members, numbers of items (from 0), from the top."""
Model = TypeVar("Model", bound=BaseModel)


class DeclaredError(UserError):
    """The file cannot be followed; the message says where and why."""


def composed(path: Path) -> tuple[str, yaml.Node | None]:
    """The text of a file in YAML, and its nodes, which know their lines. Raises ``DeclaredError``: it cannot be read, or is no YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as error:
        raise DeclaredError(say("{file} cannot be read: {why}.", file=path, why=files.why(error))) from None
    except UnicodeDecodeError:
        raise DeclaredError(say("{file} is not text in UTF-8.", file=path)) from None
    except (yaml.YAMLError, RecursionError) as error:
        mark, why = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        line = mark.line + 1 if mark else 1
        raise DeclaredError(say("{file}, line {line}: this is not YAML ({why}).", file=path, line=line, why=why or "?")) from None


def of_project(path: Path) -> Any:
    """The content of a YAML file of the project itself, read by libyaml: a tenth of the time, and worse words for what is wrong."""
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


class Declared:
    """One such file. ``content`` is what it holds; text, numbers, lists and members, as YAML's safe loader gives them."""

    def __init__(self, path: Path) -> None:
        """Raises ``DeclaredError`` when it cannot be read, is no YAML, or names a member twice."""
        self.path, self._lines = path, dict[Place, int]()
        text, node = composed(path)
        try:
            self.content: Any = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError):  # a day that does not exist
            raise self.wrong(say("this is not YAML"), line=1) from None
        if node is not None:
            self._walk(node, ())

    def line(self, place: Place) -> int:
        """The line (from 1) of a value, or of the nearest that it stands in."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def wrong(self, what: str, place: Place = (), line: int | None = None) -> DeclaredError:
        """The error that says ``what`` of the value at ``place``."""
        return DeclaredError(say("{file}, line {line}: {what}.", file=self.path, line=line or self.line(place), what=what))

    def of(self, model: type[Model]) -> Model:
        """The content as ``model`` has it. Raises ``DeclaredError`` for the first value that is not as it should be."""
        try:
            return model.model_validate(self.content)
        except ValidationError as error:
            first = error.errors()[0]
            place = tuple(part for part in first["loc"] if isinstance(part, str | int))
            field = ".".join(map(str, place)) or "-"
            raise self.wrong(say("field {field}: {problem}", field=field, problem=told(first)), place) from None

    def _walk(self, node: yaml.Node, place: Place) -> None:
        self._lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            seen: set[Hashable] = set()
            for key, value in node.value:
                if key.value in seen:
                    raise self.wrong(say("field {field}: it stands here twice", field=key.value), line=key.start_mark.line + 1)
                seen.add(key.value)
                self._walk(value, (*place, key.value))
                self._lines[(*place, key.value)] = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                self._walk(value, (*place, number))


WRONG = {
    "enum": later("must be one of {expected}"),
    "literal_error": later("must be one of {expected}"),
    "greater_than_equal": later("must be {ge} or more"),
    "less_than_equal": later("must be {le} or less"),
    "int_parsing": later("must be a whole number"),
    "int_type": later("must be a whole number"),
    "float_parsing": later("must be a number"),
    "bool_parsing": later("must be true or false"),
    "string_type": later("must be text; write it between quotes"),
    "string_too_short": later("is empty"),
    "string_pattern_mismatch": later("must be of the form {pattern}"),
    "missing": later("is missing"),
    "extra_forbidden": later("is no field that belongs here"),
    "model_type": later("must be a number of fields, each with its name"),
    "dict_type": later("must be a number of fields, each with its name"),
    "tuple_type": later("must be a list"),
    "list_type": later("must be a list"),
}
"""What pydantic finds of a value, in our words; of other kinds its own are told."""


def told(found: ErrorDetails) -> str:
    """What is wrong with one value that pydantic refused; without the value."""
    limits = {name: str(limit).replace(" or ", ", ") for name, limit in found.get("ctx", {}).items()}
    kind = found["type"]
    return say(WRONG[kind], **limits) if kind in WRONG else found["msg"].removeprefix("Value error, ")
