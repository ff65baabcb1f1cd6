"""How the figures of two releases differ, read from their Parquet files.

Figures from stadsdeel up are compared: what changes in a buurt or wijk changes its stadsdeel too, and those millions of rows would cost the
night more than they tell.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from orchestration.release import store
from orchestration.release.trace import rows_of_facts
from orchestration.settings import Settings

KEY = ("indicator", "periode_soort", "periode", "gebied_soort", "gebied", "categorie_soort", "categorie")
FIGURES = Path("intern") / "parquet" / "marts" / "indicatoren.parquet"


@dataclass(frozen=True)
class FigureChanges:
    """Numbers of figures. ``vast`` are the figures of periods that had ended in the older release: those should hardly change."""

    gewijzigd: int
    nieuw: int
    vervallen: int
    vast: int
    vast_gewijzigd: int


ROUNDING = 1e-9
"""Relative difference below which two figures are one: means are sums of fractions, whose last digit depends on the order of the rows."""

_JOINED = f"""
    select {", ".join(f"coalesce(nu.{k}, toen.{k}) as {k}" for k in KEY)}, toen.waarde as waarde_toen, nu.waarde as waarde_nu,
        toen.indicator is null as is_nieuw, nu.indicator is null as is_vervallen,
        toen.indicator is not null and not toen.voorlopig as is_vast, nu.waarde is distinct from toen.waarde
            and coalesce(abs(nu.waarde - toen.waarde) > {ROUNDING} * greatest(abs(toen.waarde), 1), true) as is_anders
    from (from read_parquet(?) where gebied_soort not in ('wijk', 'buurt')) as nu
    full join (from read_parquet(?) where gebied_soort not in ('wijk', 'buurt')) as toen
        on {" and ".join(f"nu.{k} = toen.{k}" for k in KEY)}
"""


def count(old: Path, new: Path) -> FigureChanges:
    """How many figures differ between the releases in folders ``old`` and ``new``."""
    row = duckdb.execute(
        f"""
        select
            count(*) filter (is_anders and not is_nieuw and not is_vervallen), count(*) filter (is_nieuw), count(*) filter (is_vervallen),
            count(*) filter (is_vast), count(*) filter (is_vast and (is_anders or is_vervallen))
        from ({_JOINED})
        """,
        [str(new / FIGURES), str(old / FIGURES)],
    ).fetchone()
    assert row is not None
    return FigureChanges(*row)


class PerIndicator(NamedTuple):
    """How the figures of one indicator differ: numbers of figures, and how much those that changed did, in per cent of what they were."""

    indicator: str
    gewijzigd: int
    vast_gewijzigd: int
    nieuw: int
    vervallen: int
    mediaan_procent: float | None
    grootste_procent: float | None


def by_indicator(settings: Settings, old: str, new: str) -> list[PerIndicator]:
    """The indicators of which a figure is other, new or gone; most changes first."""
    relative = "100 * abs(waarde_nu - waarde_toen) / nullif(abs(waarde_toen), 0)"
    other = "is_anders and not is_nieuw and not is_vervallen"
    rows = duckdb.execute(
        f"""
        select indicator::varchar, count(*) filter ({other}) as gewijzigd, count(*) filter (is_vast and (is_anders or is_vervallen)),
            count(*) filter (is_nieuw), count(*) filter (is_vervallen),
            median({relative}) filter ({other}), max({relative}) filter ({other})
        from ({_JOINED}) where is_anders or is_nieuw or is_vervallen
        group by all order by gewijzigd desc, 4 desc, 1
        """,
        [str(settings.releases / new / FIGURES), str(settings.releases / old / FIGURES)],
    ).fetchall()
    return [PerIndicator(*row) for row in rows]


@dataclass(frozen=True)
class DiffCauses:
    """What lies between two releases and can have changed figures."""

    added: dict[int, int]
    """Delivery that the newer one has and the older has not → rows of facts that stand as it brought them."""
    removed: list[int]
    """Deliveries that only the older one has: withdrawn since, or the older release is the later one."""
    code: tuple[str, str]
    """Version of the code that made the older and the newer."""

    @property
    def same_code(self) -> bool:
        return self.code[0] == self.code[1]


def causes(settings: Settings, old: str, new: str) -> DiffCauses:
    """The deliveries and the code between two releases."""
    then, now = store.read(settings, old), store.read(settings, new)
    before, after = ({d["nummer"] for d in r["leveringen"]} for r in (then, now))
    rows = duckdb.execute(
        f"select _levering, count(*) from {rows_of_facts(settings.releases / new)} where list_contains(?, _levering) group by all",
        [sorted(after - before)],
    ).fetchall()
    added = dict.fromkeys(sorted(after - before), 0) | dict(rows)
    return DiffCauses(added, sorted(before - after), (then["code_versie"], now["code_versie"]))


def changed(settings: Settings, old: str, new: str, limit: int) -> list[tuple[Any, ...]]:
    """The figures that are other in release ``new`` than in ``old``, largest relative change first.

    A row: the seven key columns, the older value (None: it is new), the newer (None: it is gone).
    """
    return duckdb.execute(
        f"""
        select {", ".join(KEY)}, waarde_toen, waarde_nu from ({_JOINED})
        where is_anders or is_nieuw or is_vervallen
        order by is_nieuw, abs(coalesce(waarde_nu, 0) - waarde_toen) / greatest(abs(waarde_toen), 1) desc, all limit ?
        """.replace("desc, all", f"desc, {', '.join(KEY)}"),
        [str(settings.releases / new / FIGURES), str(settings.releases / old / FIGURES), limit],
    ).fetchall()
