"""Which reports are about the same household, in which case they were put, and who is involved.

A *gezin* is a family as it really is; the registration knows it by a household number (now and then by a second one) and by the
BSNs of its members. Reports of one gezin follow each other; each later one either joins the open case (follow-up report) or comes
after that was closed and opens a new one (repeat report).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo.allocation import Integers, choose, draw
from orchestration.demo.days import NEVER, SECONDS_PER_DAY, Days, day, days_of_periode
from orchestration.demo.errors import DemoError
from orchestration.demo.targets import Targets

THREE_YEARS = 1095
KNOWN_FAMILY_CHANCE = 0.69
MOST_MELDINGEN = 16
"""A family with more reports than this goes on as another one: nobody is reported a hundred times."""


@dataclass(frozen=True)
class Families:
    """``family_of_melding`` and ``casus_of_melding`` per report; ``casussen`` one row per case (in order of opening)."""

    family_of_melding: Integers
    casus_of_melding: Integers
    casussen: pd.DataFrame


def make_families(targets: Targets, rng: np.random.Generator, meldingen: pd.DataFrame, open_tot: Days) -> Families:
    """Link the reports into families and cases.

    ``open_tot``: the day on which the work on each report ends (``NEVER``: not yet); a report that comes later preferably opens a new
    case. Published numbers of cases with a report and shares of repeat reports are met.
    """
    family = _cut(_link(rng, meldingen))
    days = meldingen["dag"].to_numpy()
    ordering = np.lexsort((np.arange(len(family)), family))  # by family, then in order of receipt
    new_family = np.concatenate([[True], family[ordering][1:] != family[ordering][:-1]])
    previous = np.concatenate([[-1], ordering[:-1]])
    previous[new_family] = -1
    splits = _splits(targets, rng, days, ordering, previous, open_tot)
    casus_in_order = np.cumsum(splits | new_family) - 1
    casus = np.empty(len(family), np.int64)
    casus[ordering] = casus_in_order
    rows = pd.DataFrame({"casus": casus, "gezin": family, "dag": days, "klaar": open_tot})
    casussen = rows.groupby("casus").agg(
        gezin=("gezin", "first"), geopend=("dag", "min"), laatste=("dag", "max"), meldingen=("dag", "size"), klaar=("klaar", "max")
    )
    following = casussen["geopend"].shift(-1, fill_value=NEVER).to_numpy().copy()
    following[casussen["gezin"].to_numpy() != casussen["gezin"].shift(-1, fill_value=-1).to_numpy()] = NEVER
    casussen["volgende"] = following
    other_number = (casussen["gezin"].to_numpy() == casussen["gezin"].shift(1, fill_value=-1).to_numpy()) & (
        rng.random(len(casussen)) < 0.05
    )
    casussen["variant"] = np.where(other_number, np.arange(len(casussen)), -1)
    first_melding = rows.reset_index().groupby("casus")["index"].min().to_numpy()
    rank = np.argsort(np.argsort(first_melding))  # number the cases in order of opening
    casussen = casussen.iloc[np.argsort(first_melding)].reset_index(drop=True)
    return Families(family, rank[casus], casussen)


def _link(rng: np.random.Generator, meldingen: pd.DataFrame) -> Integers:
    """Attach most reports to an earlier one of a family of the same area and kind; the family is the first one's row number."""
    n = len(meldingen)
    gebied, _ = pd.factorize(meldingen["gebied"])
    group = gebied * 2 + meldingen["kinderen"].to_numpy()
    time = meldingen["utc"].to_numpy() - day("2016-01-01") * SECONDS_PER_DAY + SECONDS_PER_DAY
    jump = np.where(rng.random(n) < 0.5, rng.exponential(42, n), rng.exponential(330, n)) * SECONDS_PER_DAY + 5400
    moved = rng.random(n) < 0.03
    sought = np.where(moved, 2 * rng.integers(0, gebied.max() + 1, n) + group % 2, group)
    scale = 1 << 40
    key = group * scale + time
    ordering = np.argsort(key, kind="stable")
    position = np.searchsorted(key[ordering], sought * scale + np.maximum(time - jump.astype(np.int64), 0), side="right") - 1
    candidate = ordering[np.maximum(position, 0)]
    can = (position >= 0) & (group[candidate] == sought) & (rng.random(n) < KNOWN_FAMILY_CHANCE)
    parent = np.where(can, candidate, np.arange(n))
    while not np.array_equal(parent, parent[parent]):
        parent = parent[parent]
    return parent


def _cut(family: Integers) -> Integers:
    """Cut long rows of reports of one family: each ``MOST_MELDINGEN`` in turn become a family of their own."""
    ordering = np.argsort(family, kind="stable")
    begin = np.concatenate([[True], family[ordering][1:] != family[ordering][:-1]])
    place = np.arange(len(family)) - np.maximum.accumulate(np.where(begin, np.arange(len(family)), 0))
    first = place % MOST_MELDINGEN == 0
    out = np.empty_like(family)
    out[ordering] = ordering[np.maximum.accumulate(np.where(first, np.arange(len(family)), 0))]
    return out


def _splits(
    targets: Targets, rng: np.random.Generator, days: Days, ordering: Integers, previous: Integers, open_tot: Days
) -> npt.NDArray[np.bool_]:
    """Whether each later report of a family (in ``ordering``) opens a new case."""
    n = len(days)
    has_earlier = previous >= 0
    now, then = days[ordering], days[np.maximum(previous, 0)]
    since = now - open_tot[np.maximum(previous, 0)]
    chance = np.select([since > 45, since >= 0, now - then > 300], [0.94, 0.74, 0.55], 0.13)
    can = has_earlier & (now > then)
    within = can & (now - then <= THREE_YEARS)
    splits = can & (rng.random(n) < chance) | (can & ~within)
    fixed = np.zeros(n, bool)
    for periode in targets.periods("aandeel_hermeldingen"):
        begin, last_day = days_of_periode(periode)
        inside = (now >= begin) & (now <= last_day)
        goal = round((targets.aim("aandeel_hermeldingen", periode) or 0) / 100 * int(inside.sum()))
        _choose_splits(rng, splits, chance, inside & within, goal, f"aandeel_hermeldingen {periode}")
        fixed |= inside
    years = {*targets.periods("casussen_met_melding"), *targets.periods("meldingen_per_casus")}
    for periode in sorted(years):
        begin, last_day = days_of_periode(periode)
        inside = (now >= begin) & (now <= last_day)
        goal = _casussen_met_melding(targets, periode, int(inside.sum()))
        both = inside & has_earlier & (then >= begin)  # both this report and the one before it fall in the period
        goal -= int(inside.sum()) - int(both.sum())  # families with a report in the period
        free = both & can & ~fixed
        goal -= int((both & can & fixed & splits).sum())
        _choose_splits(rng, splits, chance, free, goal, f"casussen_met_melding {periode}")
    return splits


def _casussen_met_melding(targets: Targets, periode: str, meldingen: int) -> int:
    casussen = targets.count("casussen_met_melding", periode)
    ratio = targets.aim("meldingen_per_casus", periode)
    if casussen is not None:
        return casussen
    return round(meldingen / (ratio or 1))


def _choose_splits(
    rng: np.random.Generator,
    splits: npt.NDArray[np.bool_],
    chance: npt.NDArray[np.float64],
    pool: npt.NDArray[np.bool_],
    goal: int,
    what: str,
) -> None:
    """Let exactly ``goal`` of the reports in ``pool`` open a new case, the likeliest first."""
    weight = np.where(pool, chance / (1 - chance), 0.0)
    chosen = choose(rng, weight, goal, what=what)
    splits[pool] = False
    splits[chosen] = True


def close_casussen(targets: Targets, rng: np.random.Generator, casussen: pd.DataFrame, end: int) -> Days:
    """The day each case was closed (``NEVER``: open): after its last report, no later than the family's next case was opened.

    The published number of cases closed in a year is met.
    """
    n = len(casussen)
    low = casussen["laatste"].to_numpy() + (casussen["meldingen"].to_numpy() > 1)
    high = np.maximum(casussen["volgende"].to_numpy(), low)
    done = casussen["klaar"].to_numpy()
    closing = np.where(done == NEVER, NEVER, done + rng.geometric(0.12, n) - 1)
    closing = np.clip(closing, low, high)
    for periode in targets.periods("casussen_uitgestroomd"):
        begin, last_day = days_of_periode(periode)
        goal = targets.count("casussen_uitgestroomd", periode) or 0
        inside = (closing >= begin) & (closing <= last_day)
        difference = goal - int(inside.sum())
        if difference > 0:
            can = (closing > last_day) & (low <= last_day)
            rows = choose(rng, can / (1.0 + np.maximum(closing - last_day, 0)) ** 1.5, difference, what=f"casussen_uitgestroomd {periode}")
            closing[rows] = np.maximum(low[rows], last_day - rng.integers(0, 75, len(rows)))
        elif difference < 0:
            can = inside & (high > last_day)
            rows = choose(
                rng, can / (1.0 + last_day - closing.clip(max=last_day)) ** 1.5, -difference, what=f"casussen_uitgestroomd {periode}"
            )
            closing[rows] = np.minimum(high[rows], last_day + 1 + rng.integers(0, 70, len(rows)))
    return np.where(closing > end, NEVER, closing)


# --- the people --------------------------------------------------------------------------------------------------------------------


def _bsn_stock(rng: np.random.Generator, count: int) -> npt.NDArray[np.str_]:
    """Distinct numbers that start with 99 and hold the eleven-test; no such number was ever issued to these made-up people."""
    core = rng.permutation(1_000_000)
    figures = np.stack([np.full(len(core), 9), np.full(len(core), 9), *[(core // 10**k) % 10 for k in range(5, -1, -1)]])
    last = (figures * np.arange(9, 1, -1)[:, None]).sum(axis=0) % 11
    good = np.flatnonzero(last < 10)[:count]
    if len(good) < count:
        raise DemoError(f"{count} made-up BSNs asked for, there are {len(good)}")
    return np.char.mod("%09d", 990_000_000 + core[good] * 10 + last[good])


def make_betrokkenen(rng: np.random.Generator, meldingen: pd.DataFrame, family: Integers, vormen: pd.DataFrame) -> pd.DataFrame:
    """The people on each report (row number of the report, volgnummer, bsn, geboortedatum, geslacht)."""
    n = len(meldingen)
    stem, nr = np.unique(family, return_inverse=True)
    children = meldingen["kinderen"].to_numpy()
    adults = 1 + (rng.random(len(stem)) < 0.88) + (rng.random(len(stem)) < 0.07)
    offspring = 1 + np.minimum(rng.geometric(0.52, len(stem)) - 1, 5)
    has_offspring = np.zeros(len(stem), bool)
    np.logical_or.at(has_offspring, nr, children)
    size = adults + np.where(has_offspring, offspring, 0)
    begin = np.concatenate([[0], np.cumsum(size)[:-1]])
    people = _people(rng, meldingen["dag"].to_numpy()[stem], adults, size, begin, _elderly(stem, nr, vormen))
    melding = np.repeat(np.arange(n), size[nr])
    place = np.arange(len(melding)) - np.repeat(np.concatenate([[0], np.cumsum(size[nr])[:-1]]), size[nr])
    person = begin[nr[melding]] + place
    is_child = place >= adults[nr[melding]]
    along = (place == 0) | (rng.random(len(melding)) < np.where(is_child, 0.9, 0.93))
    along &= ~is_child | children[melding]
    rows = pd.DataFrame({"melding": melding[along], "persoon": person[along]})
    rows["bsn"] = people["bsn"].to_numpy()[rows["persoon"]]
    rows["geboortedatum"] = people["geboortedatum"].to_numpy()[rows["persoon"]]
    rows["geslacht"] = people["geslacht"].to_numpy()[rows["persoon"]]
    rows.loc[(rng.random(len(rows)) < 0.02) & (place[along] > 0), "bsn"] = "000000000"
    pregnant = np.flatnonzero(children & (rng.random(n) < 0.012))
    unborn = pd.DataFrame({"melding": pregnant, "persoon": -1, "bsn": "999999999", "geboortedatum": "99999999", "geslacht": "O"})
    rows = pd.concat([rows, unborn]).sort_values("melding", kind="stable", ignore_index=True)
    rows["volgnummer"] = rows.groupby("melding").cumcount() + 1
    return rows


def _elderly(stem: Integers, nr: Integers, vormen: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Families with a report of elder abuse."""
    out = np.zeros(len(stem), bool)
    out[nr[vormen.loc[vormen["vorm"] == "ouderenmishandeling", "melding"].to_numpy()]] = True
    return out


def _people(
    rng: np.random.Generator, first_day: Days, adults: Integers, size: Integers, begin: Integers, elderly: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Every member of every family once; ages at the family's first report."""
    family = np.repeat(np.arange(len(size)), size)
    place = np.arange(len(family)) - begin[family]
    n = len(family)
    base = np.clip(rng.gamma(9, 4.2, len(size)), 18.5, 79)
    age = np.clip(base[family] + rng.normal(0, 4, n), 18.1, 88)
    age = np.where(elderly[family] & (place == 0), np.minimum(67 + rng.gamma(3, 4, n), 93), age)
    age = np.where(place >= adults[family], rng.random(n) * 16.5, age)
    born = first_day[family] - np.ceil(age * 365.25).astype(np.int64)
    born[rng.choice(n, 3)] = day("1902-05-12")  # implausible but possible: a warning
    dates = np.char.replace(np.datetime_as_string(born.astype("datetime64[D]")), "-", "")
    roll = rng.random(n)
    year_month = np.array([t[:6] for t in dates])
    year = np.array([t[:4] for t in dates])
    dates = np.select([roll < 0.03, roll < 0.04], [np.char.add(year, "0000"), np.char.add(year_month, "00")], dates)
    geslacht = np.where(place < 2, np.where((place == 0) ^ (rng.random(n) < 0.1), "V", "M"), draw(rng, ("V", "M", "O"), (49, 50, 1), n))
    bsn = _bsn_stock(rng, n)
    unknown = rng.random(n) < np.where(place == 0, 0.008, 0.05)
    return pd.DataFrame({"bsn": np.where(unknown, "000000000", bsn), "geboortedatum": dates, "geslacht": geslacht})
