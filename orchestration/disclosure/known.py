"""What stands in the ledger against the true figures of today: what an attacker knows exactly, and what was true once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np

from orchestration.disclosure.attacker import NEAR
from orchestration.disclosure.ledger import PRINT, Entry

EXACT = ("exact", "contradictie")
"""Print that gives a count to the unit; where a source contradicts itself, one of the two is true at most."""


@dataclass(frozen=True)
class Ratio:
    """A share that is known to some decimals: what is above the line lies between two multiples of what is below it."""

    above: tuple[tuple[int, int], ...]
    below: tuple[tuple[int, int], ...]
    low: float
    high: float

    @classmethod
    def of(cls, parts: "Sequence[Part]", value: float, decimals: int) -> "Ratio":
        half, factor = 0.5 * 10.0**-decimals, parts[0][-1]
        above, below = (tuple((cell, c) for part, c, cell, _, _ in parts if part == side) for side in ("teller", "noemer"))
        return cls(above, below, (value - half) / factor, (value + half) / factor)

    def rows(self) -> list[tuple[dict[int, float], float, float]]:
        """The two linear bounds: coefficients by cell, and between what their sum lies."""
        found = []
        for bound, lower, upper in ((self.low, -NEAR, np.inf), (self.high, -np.inf, NEAR)):
            terms: dict[int, float] = {}
            for cell, coefficient in self.above:
                terms[cell] = terms.get(cell, 0.0) + coefficient
            for cell, coefficient in self.below:
                terms[cell] = terms.get(cell, 0.0) - bound * coefficient
            found.append((terms, lower, upper))
        return found

    def holds(self, values: Mapping[int, int]) -> bool:
        sums = [(sum(c * values[cell] for cell, c in terms.items()), lower, upper) for terms, lower, upper in self.rows()]
        return all(lower - NEAR <= total <= upper + NEAR for total, lower, upper in sums)


@dataclass
class Known:
    """The print of the ledger, divided by what it is for today's cells."""

    exact: dict[int, int] = field(default_factory=dict)
    """cell → value, where print says what is still true"""
    ratios: list[Ratio] = field(default_factory=list)
    """rounded shares in print: between which bounds teller / noemer lies"""
    older: list[str] = field(default_factory=list)
    """figures that say what is no longer true: about another variable than today's, and so on none of them"""
    outside: list[str] = field(default_factory=list)
    """figures that no rule names"""


def hold(con: duckdb.DuckDBPyConnection, entries: Iterable[Entry]) -> Known:
    """Place each printed figure by what it says of the cells in ``con``."""
    known = Known()
    cells = {
        tuple(key): (cell, value)
        for *key, cell, value in con.execute("select reeks, categorie_soort, categorie, gebied, periode, cel, waarde from cells").fetchall()
    }
    for entry in entries:
        if entry.kind != PRINT:
            continue
        key = (entry.indicator, entry.breakdown, entry.category, entry.area, entry.period)
        name = " ".join(filter(None, (entry.indicator, f"{entry.breakdown}={entry.category}".strip("="), entry.area, entry.period)))
        kind, _, decimals = entry.precision.partition(" ")
        if kind in EXACT and key in cells:
            cell, value = cells[key]
            if value == float(entry.value):
                known.exact[cell] = value
            else:
                known.older.append(f"{name} ({entry.source})")
        elif kind == "afgerond" and (parts := _parts(con, key)):
            ratio = Ratio.of(parts, float(entry.value), int(decimals))
            if ratio.holds({cell: value for _, _, cell, value, _ in parts}):
                known.ratios.append(ratio)
            else:
                known.older.append(f"{name} ({entry.source})")
        else:
            known.outside.append(f"{name} ({entry.source})")
    return known


Part = tuple[str, int, int, int, float]
"""teller or noemer, coefficient, cell, true value, factor of the share"""


def _parts(con: duckdb.DuckDBPyConnection, key: tuple[str, ...]) -> list[Part]:
    """What a share stands on; nothing where the figure is none that the rules name, or stands on households."""
    return con.execute(
        """
        select part, coefficient, cel, parts.waarde, factor
        from parts join figures using (indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode)
        where soort in ('aandeel', 'aandeel_naar', 'verhouding') and indicator = ? and categorie_soort = ? and categorie = ? and gebied = ?
            and periode = ?
        order by part, cel
        """,
        list(key),
    ).fetchall()
