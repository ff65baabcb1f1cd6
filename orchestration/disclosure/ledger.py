"""Everything that was ever published, one line each, in a chain: what is there stays.

``grootboek.jsonl`` is only added to; each line holds the hash of the line before it. ``grootboek.kop.json`` beside it has the number of
lines and the last hash, so that a line is missed at the end too. While lines are added it has both ends, the old and the new: a run that is
killed leaves one of them.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from orchestration import seeds
from orchestration.errors import UserError
from orchestration.files import make_folder, write_over
from orchestration.language import later, say

LEDGER, HEAD = "grootboek.jsonl", "grootboek.kop.json"
START = "0" * 64

PRINT, RELEASE = "druk", "uitgave"


class PublicationLedgerError(UserError):
    """The ledger of what was published was changed, or a line of it is gone."""


@dataclass(frozen=True)
class Entry:
    """A figure as it was published."""

    source: str
    """the report or the vintage that it stands in"""
    kind: str
    """``druk``: in a report, as precise as it says; ``uitgave``: by the rules"""
    indicator: str
    breakdown: str
    category: str
    area: str
    period: str
    value: str
    precision: str
    """of print: exact, afgerond with the number of decimals; of a vintage: its status"""
    previous: str = START
    hash: str = ""

    def sealed(self, previous: str) -> "Entry":
        unsealed = replace(self, previous=previous, hash="")
        return replace(unsealed, hash=hashlib.sha256(_text(unsealed).encode()).hexdigest())

    @property
    def figure(self) -> tuple[str, ...]:
        return (self.source, self.kind, self.indicator, self.breakdown, self.category, self.area, self.period)


def _text(entry: Entry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(folder: Path) -> list[Entry]:
    """All lines, held to their chain. Raises ``PublicationLedgerError`` for one that was changed, moved, added in between or taken away."""
    path = folder / LEDGER
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    entries, previous = [], START
    for number, line in enumerate(lines, start=1):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            raise PublicationLedgerError(
                say("{path}, line {number} cannot be read. {mend}", path=path, number=number, mend=say(MEND))
            ) from None
        if entry.sealed(previous) != entry:
            raise PublicationLedgerError(
                say("{path}, line {number} is not the one that was written there. {mend}", path=path, number=number, mend=say(MEND))
            )
        entries.append(entry)
        previous = entry.hash
    ends = _ends(folder)
    if ends and (len(entries), previous) not in ends:
        raise PublicationLedgerError(
            say("{path} has {n} lines, and {wanted} were written. {mend}", path=path, n=len(entries), wanted=ends[0][0], mend=say(MEND))
        )
    if not ends and entries:
        raise PublicationLedgerError(
            say("{path} is gone: nobody can tell whether the ledger is whole. {mend}", path=folder / HEAD, mend=say(MEND))
        )
    return entries


MEND = later("Put the ledger back from a backup: nothing is published until it is whole.")


def _ends(folder: Path) -> list[tuple[int, str]]:
    path = folder / HEAD
    if not path.exists():
        return []
    try:
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return [(int(end["regels"]), str(end["laatste"])) for end in found]
    except (ValueError, KeyError, TypeError):
        raise PublicationLedgerError(say("{path} cannot be read. {mend}", path=path, mend=say(MEND))) from None


def append(folder: Path, new: Iterable[Entry]) -> list[Entry]:
    """Add what is not there yet; returns the whole ledger. The same figure of the same source with another value is refused."""
    entries = read(make_folder(folder))
    there = {e.figure: e for e in entries}
    before = len(entries)
    for entry in new:
        if known := there.get(entry.figure):
            if (known.value, known.precision) != (entry.value, entry.precision):
                raise PublicationLedgerError(
                    say(
                        "{source} has {figure} in the ledger already, with another value."
                        " What was published stays as it was: give a correction a source of its own.",
                        source=entry.source,
                        figure=" ".join(filter(None, entry.figure[2:])),
                    )
                )
            continue
        sealed = entry.sealed(entries[-1].hash if entries else START)
        entries.append(sealed)
        there[sealed.figure] = sealed
    if len(entries) > before:
        _write_ends(folder, entries, entries[:before])
        write_over(folder / LEDGER, "".join(f"{_text(e)}\n" for e in entries).encode())
        _write_ends(folder, entries)
    return entries


def _write_ends(folder: Path, *states: Sequence[Entry]) -> None:
    ends = [{"regels": len(entries), "laatste": entries[-1].hash if entries else START} for entries in states]
    write_over(folder / HEAD, json.dumps(ends).encode())


OF_PRINT = ("indicator", "categorie_soort", "categorie", "gebied", "periode", "waarde", "precisie")


def of_print(path: Path | None = None) -> list[Entry]:
    """The figures of the printed reports, as the seed has them."""
    found = seeds.rows(path or "published/gepubliceerde_cijfers.csv")
    return [Entry(f"{row['publicatie']}, {row['paragraaf']}", PRINT, *(row[name] for name in OF_PRINT)) for row in found]
