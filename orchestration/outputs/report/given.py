"""Files that people give: read whole, or refused with file and line."""

from pathlib import Path

from orchestration.errors import UserError
from orchestration.files import why
from orchestration.language import say


def at_line(path: Path, line: int, what: str) -> str:
    """What is wrong on a line of a file, as a sentence."""
    return say("{file}, line {line}: {what}", file=path, line=line, what=what)


def read_text(path: Path, most_bytes: int, error: type[UserError]) -> str:
    """The text of a file of at most ``most_bytes`` in UTF-8. Raises ``error`` for one that cannot be read, is larger, or is not UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as found:
        raise error(say("{file} cannot be read: {why}", file=path, why=why(found))) from None
    if len(content) > most_bytes:
        raise error(say("{file} is larger than {most} MB", file=path, most=most_bytes // 1_000_000))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as found:
        line = content.count(b"\n", 0, found.start) + 1
        raise error(at_line(path, line, say("this is not UTF-8; save the file as UTF-8"))) from None
