"""Reports and requests for advice: how many, from whom, when, about what and from where."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo import profiles as p
from orchestration.demo.allocation import Integers, Reals, allocate, draw, from_counts
from orchestration.demo.days import (
    NEVER,
    SECONDS_PER_DAY,
    Days,
    before_school_holiday,
    day,
    is_school_holiday,
    local_day,
    to_utc,
    weekday_of,
)
from orchestration.demo.errors import DemoError
from orchestration.demo.gebieden import GEBIEDEN, Texts, codes, reports_per_gebied
from orchestration.demo.targets import Stretch, Targets, stretches

Flags = npt.NDArray[np.bool_]
_WEESP_JOINED = day(p.WEESP_JOINS_AMSTERDAM)


@dataclass(frozen=True)
class Meldingen:
    """All reports, in order of receipt; one row each in ``rows``, forms and natures beside it (row number, code)."""

    rows: pd.DataFrame
    vormen: pd.DataFrame
    aarden: pd.DataFrame


def make_meldingen(targets: Targets, rng: np.random.Generator, end: int) -> Meldingen:
    """The reports from 2016 up to and including day ``end``, meeting every published count and share of them."""
    parts, groups = [], []
    for stretch in stretches(targets, "meldingen", end):
        core = _allocate_features(targets, rng, stretch)
        core["lokaal"] = _moments(rng, stretch, core["melder"], core["gebied"])
        parts.append(pd.DataFrame(core))
        groups.append(_vorm_groups(targets, rng, stretch, core["kinderen"]))
    rows = pd.concat(parts, ignore_index=True)
    ordering = np.argsort(rows["lokaal"].to_numpy(), kind="stable")
    rows = rows.iloc[ordering].reset_index(drop=True)
    vorm_group = np.concatenate(groups)[ordering]
    rows["utc"] = to_utc(rows.pop("lokaal").to_numpy())
    rows["dag"] = local_day(rows["utc"].to_numpy())
    rows["gemeente_code"], rows["stadsdeel_code"], rows["buurt_code"] = codes(rng, _texts(rows, "gebied"), _days(rows))
    _urgentie(rng, rows)
    return Meldingen(rows, _vormen(rng, vorm_group), _aarden(rng, vorm_group))


def _texts(rows: pd.DataFrame, column: str) -> Texts:
    return rows[column].to_numpy().astype(str)


def _days(rows: pd.DataFrame) -> Days:
    return rows["dag"].to_numpy()


def _allocate_features(targets: Targets, rng: np.random.Generator, stretch: Stretch) -> dict[str, np.ndarray]:
    """Area, kind of household and reporter of each report of a period, in no order."""
    count_with = _with_children(targets, stretch)
    gebied = from_counts(rng, GEBIEDEN, reports_per_gebied(targets, stretch))
    buiten = np.flatnonzero(gebied == p.BUITEN)
    within = np.flatnonzero(gebied != p.BUITEN)
    with_buiten = _with_children_buiten(targets, stretch, len(buiten), count_with)
    children = np.zeros(stretch.count, bool)
    children[buiten[:with_buiten]] = True
    children[rng.permutation(within)[: count_with - with_buiten]] = True
    melder = np.empty(stretch.count, "U30")
    for with_ in (True, False):
        rows = np.flatnonzero(children == with_)
        names, counts = _melder_counts(targets, stretch, with_, len(rows))
        melder[rows] = from_counts(rng, names, counts)
    return {"gebied": gebied, "kinderen": children, "melder": melder}


def _household(with_: bool) -> str:
    return "met_kinderen" if with_ else "zonder_kinderen"


def _share(targets: Targets, indicator: str, stretch: Stretch, soort: str = "", categorie: str = "") -> float | None:
    """A published share (0-1) of this period, or of the year that it is half of."""
    values = [targets.aim(indicator, periode, soort, categorie) for periode in (stretch.periode, str(stretch.year))]
    value = values[0] if values[0] is not None else values[1]
    return None if value is None else value / 100


def _with_children(targets: Targets, stretch: Stretch) -> int:
    with_ = targets.count("meldingen", stretch.periode, "huishouden", "met_kinderen")
    without = targets.count("meldingen", stretch.periode, "huishouden", "zonder_kinderen")
    if with_ is not None and without is not None and with_ + without != stretch.count:
        raise DemoError(f"meldingen {stretch.periode}: {with_} with and {without} without children do not make {stretch.count}")
    if with_ is None and without is not None:
        with_ = stretch.count - without
    if with_ is None:
        part = _share(targets, "aandeel_meldingen_huishouden", stretch, "huishouden", "met_kinderen")
        if part is None:
            part_without = _share(targets, "aandeel_meldingen_huishouden", stretch, "huishouden", "zonder_kinderen")
            part = p.SHARE_WITH_CHILDREN.get(stretch.year, 0.747) if part_without is None else 1 - part_without
        with_ = round(stretch.count * part)
    return with_


def _with_children_buiten(targets: Targets, stretch: Stretch, buiten: int, count_with: int) -> int:
    with_ = targets.count("meldingen", stretch.periode, "huishouden", "met_kinderen", gebied=p.BUITEN)
    without = targets.count("meldingen", stretch.periode, "huishouden", "zonder_kinderen", gebied=p.BUITEN)
    if with_ is not None and without is not None and with_ + without != buiten:
        raise DemoError(f"meldingen {stretch.periode} BUITEN: {with_} with and {without} without children do not make {buiten}")
    if with_ is None:
        with_ = round(buiten * count_with / max(stretch.count, 1)) if without is None else buiten - without
    return with_


def _melder_counts(targets: Targets, stretch: Stretch, with_: bool, n: int) -> tuple[list[str], Integers]:
    """Reporters of one kind of household in a period: codes and their counts."""
    huishouden = _household(with_)
    what = f"meldingen {stretch.periode} {huishouden} by reporter"
    names = ["politie", *p.PROFESSIONALS_BUT_POLICE, *p.RESIDENTS, "onbekend"]
    fixed = {m: targets.count("meldingen", stretch.periode, "huishouden|melder", f"{huishouden}|{m}") for m in names}

    def part(group: str, profile: float) -> float:
        return _first(
            _share(targets, f"aandeel_meldingen_{group}", stretch, "huishouden", huishouden),
            _share(targets, f"aandeel_meldingen_{group}", stretch),
            profile,
        )

    police = fixed["politie"] if fixed["politie"] is not None else round(n * part("politie", p.SHARE_POLICE[with_][stretch.year]))
    residents = round(n * part("inwoners", p.SHARE_RESIDENTS.get(stretch.year, p.SHARE_RESIDENTS_LATER)))
    profs = _share(targets, "aandeel_meldingen_professionals", stretch, "huishouden", huishouden)
    if profs is None:
        profs = _share(targets, "aandeel_meldingen_professionals", stretch)
    unknown = min(round(n * p.SHARE_MELDER_UNKNOWN), max(n - police - residents, 0)) if profs is None else n - round(n * profs) - residents
    if unknown < 0:
        unknown, residents = 0, n - round(n * (profs or 0))
    others = n - police - residents - unknown
    weight = p.MELDER_WEIGHT[with_]
    per_professional = allocate(
        others,
        [max(weight[m], 1e-6) for m in p.PROFESSIONALS_BUT_POLICE],
        [fixed[m] or 0 for m in p.PROFESSIONALS_BUT_POLICE],
        [others if fixed[m] is None else fixed[m] or 0 for m in p.PROFESSIONALS_BUT_POLICE],
        what=what,
    )
    per_resident = allocate(residents, p.RESIDENT_WEIGHT, what=what)
    return names, np.concatenate([[police], per_professional, per_resident, [unknown]])


def _first(*values: float | None) -> float:
    return next(w for w in values if w is not None)


def _rhythm(melder: Texts) -> Texts:
    out = np.full(len(melder), "professionals", "U13")
    out[melder == "politie"] = "politie"
    out[np.isin(melder, p.EDUCATION)] = "onderwijs"
    out[np.isin(melder, p.RESIDENTS)] = "inwoners"
    return out


def _day_weight(days: Days, rhythm: str) -> Reals:
    """How likely a report of this kind of reporter is on each day."""
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    weight = np.asarray(p.WEEK_RHYTHM[rhythm])[weekday_of(days)] * np.asarray(p.MONTH_RHYTHM)[month]
    weight = weight * np.where(is_school_holiday(days), p.HOLIDAY_RHYTHM[rhythm], 1.0)
    if rhythm == "onderwijs":
        weight = weight * np.where(before_school_holiday(days), p.EDUCATION_BEFORE_HOLIDAY, 1.0)
    return np.asarray(weight)


def _moments(rng: np.random.Generator, stretch: Stretch, melder: Texts, gebied: Texts) -> Days:
    """Local seconds of receipt; Weesp's stadsdeel only from the day that it exists."""
    days = np.arange(stretch.begin, stretch.end + 1, dtype=np.int64)
    rhythm = _rhythm(melder)
    out = np.zeros(len(melder), np.int64)
    for soort in p.WEEK_RHYTHM:
        weight = _day_weight(days, soort)
        for weesp in (False, True):
            rows = np.flatnonzero((rhythm == soort) & ((gebied == "S") == weesp))
            if not len(rows):
                continue
            possible = weight * (days >= _WEESP_JOINED) if weesp else weight
            hours = np.asarray(p.HOUR_RHYTHM["professionals" if soort == "onderwijs" else soort])
            out[rows] = days[rng.choice(len(days), len(rows), p=possible / possible.sum())] * SECONDS_PER_DAY
            out[rows] += rng.choice(24, len(rows), p=hours / hours.sum()) * 3600
    return out + rng.integers(0, 3600, len(out))


def _vorm_groups(targets: Targets, rng: np.random.Generator, stretch: Stretch, children: Flags) -> Flags:
    """Which groups of forms each report has (rows x ``VORM_GROUPS``), each share met, nobody left out but the unregistered."""
    out = np.zeros((len(children), len(p.VORM_GROUPS)), bool)
    for with_ in (True, False):
        rows = np.flatnonzero(children == with_)
        asked = [
            _share(targets, "aandeel_meldingen_vorm", stretch, "huishouden|vorm_groep", f"{_household(with_)}|{group}")
            for group in p.VORM_GROUPS
        ]
        part = [profile if g is None else g for g, profile in zip(asked, p.SHARE_VORM[with_], strict=True)]
        counts = np.array([round(len(rows) * d) for d in part])
        out[rows] = _deal_round(rng, len(rows), counts)
    return out


def _deal_round(rng: np.random.Generator, n: int, counts: Integers) -> Flags:
    """Deal each group's marks round a circle of reports in random order: counts exact, no report twice in a group, all covered."""
    covered = min(n, max(int(counts.max(initial=0)), round(n * (1 - p.SHARE_WITHOUT_VORM))), int(counts.sum()))
    seats = rng.permutation(n)[:covered]
    flags = np.zeros((n, len(counts)), bool)
    position = 0
    for group, count in enumerate(counts):
        flags[seats[(position + np.arange(count)) % max(covered, 1)], group] = True
        position += int(count)
    return flags


def _vormen(rng: np.random.Generator, vorm_group: Flags) -> pd.DataFrame:
    parts = []
    for column, group in enumerate(p.VORM_GROUPS):
        rows = np.flatnonzero(vorm_group[:, column])
        names = [v for v, _ in p.VORMEN[group]]
        parts.append(pd.DataFrame({"melding": rows, "vorm": draw(rng, names, [k for _, k in p.VORMEN[group]], len(rows))}))
        if group == "kindermishandeling":  # some have a second kind of child abuse
            extra = rows[rng.random(len(rows)) < 0.06]
            parts.append(pd.DataFrame({"melding": extra, "vorm": draw(rng, names, [1, 1, 1], len(extra))}))
    return pd.concat(parts).drop_duplicates().sort_values(["melding", "vorm"], ignore_index=True)


def _aarden(rng: np.random.Generator, vorm_group: Flags) -> pd.DataFrame:
    km = vorm_group[:, p.VORM_GROUPS.index("kindermishandeling")]
    otherwise = vorm_group[:, p.VORM_GROUPS.index("andere_problematiek")] & (vorm_group.sum(axis=1) == 1)
    soort = np.select([km, otherwise, vorm_group.any(axis=1)], [0, 1, 2], 3)
    chance = np.array([p.AARD_CHANCE["kindermishandeling"], p.AARD_CHANCE["anders"], p.AARD_CHANCE["geweld"], (0.0,) * len(p.AARDEN)])
    flags = rng.random((len(km), len(p.AARDEN))) < chance[soort]
    witness = p.AARDEN.index("getuige")  # a nature that only goes with child abuse: a warning
    flags[np.flatnonzero(soort == 2)[:: max(1, int((soort == 2).sum()) // 12)], witness] = True
    rows, columns = np.nonzero(flags)
    return pd.DataFrame({"melding": rows, "aard": np.asarray(p.AARDEN)[columns]})


def _urgentie(rng: np.random.Generator, rows: pd.DataFrame) -> None:
    n = len(rows)
    urgentie = 1 + rng.choice(4, n, p=np.asarray(p.URGENTIE_CHANCE))
    rows["urgentie"] = urgentie
    rows["eerdere_incidenten"] = np.where(rng.random(n) < 0.71, rng.geometric(0.32, n) - 1, -1)
    assessed = rng.random(n) < 0.97
    in_time = rng.random(n) < 0.95
    seconds = np.where(in_time, 60 * (3 + 100 * rng.beta(1.3, 2.6, n)), 7200 + rng.exponential(9000, n)).astype(np.int64)
    rows["acuut_utc"] = np.where(assessed, rows["utc"] + seconds, -1)
    rows["acuut_dag"] = np.where(assessed, local_day((rows["utc"] + seconds).to_numpy()), NEVER)
    rows["acuut_vermoeden"] = rng.random(n) < np.array([0.0, 0.93, 0.12, 0.02, 0.01])[urgentie]


@dataclass(frozen=True)
class Adviesvragen:
    """All requests for advice, in order of their start; forms beside them (row number, code)."""

    rows: pd.DataFrame
    vormen: pd.DataFrame


def make_adviesvragen(targets: Targets, rng: np.random.Generator, end: int) -> Adviesvragen:
    """The requests for advice from 2016 up to and including day ``end``; published totals and totals of BUITEN are met."""
    parts = []
    for stretch in stretches(targets, "adviesvragen", end):
        buiten = targets.count("adviesvragen", stretch.periode, gebied=p.BUITEN)
        if buiten is None:
            buiten = round(stretch.count * p.SHARE_ADVIES_BUITEN.get(stretch.year, 0.40))
        days = np.arange(stretch.begin, stretch.end + 1, dtype=np.int64)
        weight = _day_weight(days, "professionals")
        part = pd.DataFrame({"dag": days[rng.choice(len(days), stretch.count, p=weight / weight.sum())]})
        part["buiten"] = rng.permutation(np.arange(stretch.count) < buiten)
        parts.append(part)
    rows = pd.concat(parts, ignore_index=True).sort_values("dag", kind="stable", ignore_index=True)
    n = len(rows)
    elsewhere = rows.pop("buiten").to_numpy()
    rows["anoniem"] = elsewhere & (rng.random(n) < p.SHARE_ADVIES_ANONYMOUS)
    within = draw(rng, p.GEMEENTEN, (2.4, 8.5, 82, 3.3, 1.2, 2.6), n)
    known = np.where(rng.random(n) < 0.12, draw(rng, p.OTHER_GEMEENTEN, (1,) * len(p.OTHER_GEMEENTEN), n), "")
    rows["gemeente_code"] = np.where(elsewhere, np.where(rows["anoniem"], "", known), within)
    years = np.clip((_days(rows) - day("2016-01-01")) / 365.25, 0, 9)
    chat = np.clip(0.02 + 0.03 * years, 0, 0.2)
    roll = rng.random(n)
    rows["kanaal"] = np.select([roll < chat, roll < chat + 0.08, roll < chat + 0.1], ["chat", "mail", "anders"], "telefoon")
    rows["melder"] = _advies_melder_of(rng, n)
    duration = np.where(rng.random(n) < 0.72, 0, rng.geometric(0.08, n))
    rows["afgesloten"] = np.where(rng.random(n) < 0.997, _days(rows) + duration, NEVER)
    flags = rng.random((n, len(p.VORM_GROUPS))) < np.asarray(p.ADVIES_VORM_CHANCE)
    return Adviesvragen(rows, _vormen(rng, flags).rename(columns={"melding": "advies"}))


def _advies_melder_of(rng: np.random.Generator, n: int) -> Texts:
    group = draw(rng, list(p.ADVIES_GROUP), list(p.ADVIES_GROUP.values()), n)
    out = group.astype("U30")
    for name, names in p.MELDER_GROUPS.items():
        rows = np.flatnonzero(group == name)
        weight = p.RESIDENT_WEIGHT if name == "inwoners" else [p.MELDER_WEIGHT[True][m] + p.MELDER_WEIGHT[False][m] for m in names]
        out[rows] = draw(rng, names, weight, len(rows))
    return out
