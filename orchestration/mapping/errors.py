"""What is wrong with a mapping, or between it and the files it is of."""

from dataclasses import dataclass

from orchestration.errors import UserError
from orchestration.language import later, say


class MappingError(UserError):
    """The mapping cannot be used; nothing was made."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong, on a line of the mapping."""

    line: int
    """Line of the mapping file, from 1."""
    veld: str
    """Where in the mapping: ``entiteiten.meldingen.velden.urgentie``."""
    what: str
    """As ``say`` gave it; it may name a file and line of theirs, never a value of theirs."""

    def told(self, mapping: str) -> str:
        return say("{file}, line {line}, {field}: {what}", file=mapping, line=self.line, field=self.veld, what=self.what)


SHOWN = 5
"""Faults that a refusal names; ``vt mapping check`` names all."""


def refused(mapping: str, faults: list[Fault]) -> MappingError:
    """The refusal that these faults are."""
    shown = [fault.told(mapping) for fault in sorted(faults)[:SHOWN]]
    shown += [say("and {count} more", count=len(faults) - SHOWN)] if faults[SHOWN:] else []
    told = later("The mapping cannot be used; nothing was made. {faults}. All that is wrong: vt mapping check.")
    return MappingError(say(told, faults="; ".join(shown)))
