"""Where households live: exact numbers of reports per area, and codes of gemeente, stadsdeel and buurt."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from orchestration import seeds
from orchestration.demo import profiles as p
from orchestration.demo.allocation import Integers, allocate, draw
from orchestration.demo.days import Days, day
from orchestration.demo.targets import Stretch, Targets
from orchestration.seeds import SEEDS

Texts = npt.NDArray[np.str_]
STADSDELEN = tuple("ABEFKMNST")
GEBIEDEN = (p.BUITEN, *(g for g in p.GEMEENTEN if g != p.AMSTERDAM), *STADSDELEN)
"""The areas that reports are dealt over; a stadsdeel stands for Amsterdam."""
_WEESP_JOINED = day(p.WEESP_JOINS_AMSTERDAM)


@cache
def _households(file: str, column: str) -> Mapping[str, Mapping[int, int]]:
    out: dict[str, dict[int, int]] = {}
    for row in seeds.rows(SEEDS / "households" / file):
        out.setdefault(row[column], {})[int(row["jaar"])] = int(row["huishoudens"])
    return out


def _nearest_year(series: Mapping[int, int], year: int) -> int:
    """The number of the nearest year; only a weight, never a figure."""
    return series[min(series, key=lambda j: (abs(j - year), j))]


def _of_profile(series: Mapping[int, Mapping[str, float]], year: int) -> Mapping[str, float]:
    earlier = [j for j in series if j <= year]
    return series[max(earlier) if earlier else min(series)]


def reports_per_gebied(targets: Targets, stretch: Stretch) -> Integers:
    """Reports of a period in each of ``GEBIEDEN``: published numbers to the unit, the rest by rate and households."""
    gemeenten = (p.BUITEN, *p.GEMEENTEN)
    rate = _of_profile(p.MELDINGEN_PER_1000_GEMEENTE, stretch.year)
    hh = _households("huishoudens_gemeente.csv", "gemeente_code")
    weight = [rate[g] * _nearest_year(hh[g], stretch.year) / 1000 for g in p.GEMEENTEN]
    weight = [sum(weight) * p.SHARE_BUITEN, *weight]
    fixed = [targets.count("meldingen", stretch.periode, gebied=g) for g in gemeenten]
    count = dict(zip(gemeenten, _allocate_around(stretch, weight, fixed), strict=True))
    rates = _of_profile(p.STADSDEEL_RATE, stretch.year)
    hh = _households("huishoudens_stadsdeel.csv", "stadsdeel_code")
    part = np.array([rates[s] * _nearest_year(hh[s], stretch.year) / 1000 for s in STADSDELEN])
    if stretch.end < _WEESP_JOINED:
        part[STADSDELEN.index("S")] = 0.0
    part[0] += part.sum() * p.STADSDEEL_UNKNOWN
    fixed = [targets.count("meldingen", stretch.periode, gebied=s) for s in STADSDELEN]
    stadsdelen = _allocate_around(stretch, list(part), fixed, count[p.AMSTERDAM])
    return np.concatenate([[count[g] for g in GEBIEDEN if g in count], stadsdelen])


def _allocate_around(stretch: Stretch, weight: list[float], fixed: list[int | None], total: int | None = None) -> Integers:
    n = stretch.count if total is None else total
    low = [0 if v is None else v for v in fixed]
    high = [n if v is None else v for v in fixed]
    return allocate(n, np.maximum(weight, [1e-9 if v else 0 for v in fixed]), low, high, what=f"meldingen {stretch.periode} by area")


@cache
def _buurten_of(indeling: str) -> Mapping[str, tuple[Texts, npt.NDArray[np.float64]]]:
    out: dict[str, list[tuple[str, float]]] = {}
    for row in seeds.rows(SEEDS / "areas" / "buurten.csv"):
        if row["indeling"] == indeling:
            out.setdefault(row["stadsdeel_code"], []).append((row["buurt_code"], float(row["huishoudens"] or 0) + 1))
    return {s: (np.array([b for b, _ in rows]), np.array([g for _, g in rows])) for s, rows in out.items()}


def codes(rng: np.random.Generator, gebied: Texts, days: Days) -> tuple[Texts, Texts, Texts]:
    """gemeente_code, stadsdeel_code and buurt_code ('' = empty) that make each report count in its area on its day."""
    n = len(gebied)
    in_amsterdam = np.isin(gebied, STADSDELEN)
    gemeente = np.where(in_amsterdam, p.AMSTERDAM, gebied).astype("U6")
    stadsdeel = np.where(in_amsterdam, gebied, "").astype("U1")
    buiten = np.flatnonzero(gebied == p.BUITEN)
    gemeente[buiten] = draw(rng, ("", *p.OTHER_GEMEENTEN), (8, *(2,) * 4, *(1,) * 4), len(buiten))
    weesp = buiten[(days[buiten] < _WEESP_JOINED) & (rng.random(len(buiten)) < 0.22)]
    gemeente[weesp] = p.WEESP
    buurt = np.full(n, "", "U6")
    for s in STADSDELEN:
        for indeling, old in (("2015-01-01", True), ("2022-03-24", False)):
            rows = np.flatnonzero((stadsdeel == s) & ((days < _WEESP_JOINED) == old))
            if len(rows) and s in _buurten_of(indeling):
                names, weight = _buurten_of(indeling)[s]
                buurt[rows] = names[rng.choice(len(names), len(rows), p=weight / weight.sum())]
    _make_incomplete(rng, gemeente, stadsdeel, buurt, days)
    return gemeente, stadsdeel, buurt


def _make_incomplete(rng: np.random.Generator, gemeente: Texts, stadsdeel: Texts, buurt: Texts, days: Days) -> None:
    """Gaps and oddities that leave the area of a report as it is: empty codes, Weesp's old code, a stadsdeel elsewhere."""
    buurt[rng.random(len(buurt)) < 0.04] = ""
    centre = np.flatnonzero(stadsdeel == "A")
    amsterdam = int((gemeente == p.AMSTERDAM).sum())
    empty = rng.choice(centre, min(len(centre), round(amsterdam * p.STADSDEEL_UNKNOWN)), replace=False)
    stadsdeel[empty] = ""
    buurt[empty] = np.where(rng.random(len(empty)) < 0.5, buurt[empty], "")
    too_early = empty[days[empty] < _WEESP_JOINED - 400][:3]
    stadsdeel[too_early] = "S"  # a warning, ignored: counts under Centrum
    old_code = np.flatnonzero((stadsdeel == "S") & (days >= _WEESP_JOINED))
    old_code = old_code[rng.random(len(old_code)) < 0.08]
    gemeente[old_code] = p.WEESP
    stadsdeel[old_code] = ""
    elsewhere = np.flatnonzero((gemeente == "GM0384") | (gemeente == "GM0362"))
    elsewhere = elsewhere[rng.random(len(elsewhere)) < 0.002]
    stadsdeel[elsewhere] = "M"  # a warning, ignored
