"""The lines of a registration's own files that rows of a delivery were made of, where a mapping made it. Needs no key: no content."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from orchestration.intake.delivery import HERKOMST
from orchestration.landing import store
from orchestration.register.register import Levering, Register
from orchestration.settings import Settings

At = tuple[int, str, int]
"""Number of a delivery, entity, and line of our file."""


@dataclass(frozen=True, order=True)
class TheirLine:
    """A line of a file of theirs; the first of a row is that of its record, the others were joined to it."""

    bestand: str
    regel: int

    def __str__(self) -> str:
        return f"{self.bestand}:{self.regel}"


def mapped(settings: Settings, leveringen: Iterable[Levering]) -> list[Levering]:
    """Those of these deliveries that a mapping made."""
    name = f"{HERKOMST}.parquet"
    return [d for d in leveringen if (name in d.zegels["landing"] if d.zegels is not None else (settings.landing / d.map / name).exists())]


def joined(settings: Settings, leveringen: Iterable[Levering]) -> str:
    """SQL by delivery, entity and line: ``bron_bestand``, ``bron_regel`` and, where there is more, ``bron_ook``; for ``mapped`` ones."""
    lines = store.scan_shared(settings, leveringen, HERKOMST, store.THEIRS)
    return f"""
        select _levering, entiteit, op_regel, any_value(bron_bestand) filter (volgnummer = 1) as bron_bestand,
            any_value(bron_regel) filter (volgnummer = 1) as bron_regel,
            string_agg(bron_bestand || ':' || bron_regel, ', ' order by volgnummer) filter (volgnummer > 1) as bron_ook
        from ({lines}) group by all
    """


def their_lines(settings: Settings, wanted: Iterable[At]) -> dict[At, tuple[TheirLine, ...]]:
    """The lines of theirs behind these lines of ours; those of deliveries that no mapping made are left out."""
    places = list(wanted)
    numbers = {number for number, *_ in places}
    deliveries = mapped(settings, [d for d in Register(settings).leveringen() if d.nummer in numbers])
    if not deliveries:
        return {}
    columns = list(zip(*places, strict=True))
    import pyarrow as pa

    names, kinds = ("_levering", "entiteit", "op_regel"), (pa.int32(), pa.string(), pa.int64())
    asked = pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})
    with duckdb.connect() as con:
        con.register("gevraagd", asked)
        lines = store.scan_shared(settings, deliveries, HERKOMST, store.THEIRS)
        found: dict[At, tuple[TheirLine, ...]] = {}
        for number, entity, line, file, its_line in con.execute(
            f"select _levering, entiteit, op_regel, bron_bestand, bron_regel from ({lines}) semi join gevraagd "
            "using (_levering, entiteit, op_regel) order by _levering, entiteit, op_regel, volgnummer"
        ).fetchall():
            at = (number, entity, line)
            found[at] = (*found.get(at, ()), TheirLine(file, its_line))
    return found
