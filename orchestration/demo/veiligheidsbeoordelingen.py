"""Safety assessments and diensten: when they were decided and closed, with what outcome, and the contacts while a report waits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo import profiles as p
from orchestration.demo.allocation import Reals, allocate, choose, draw
from orchestration.demo.days import (
    NEVER,
    Days,
    after_working_days,
    days_of_periode,
    is_working_day,
    shifted_end,
    working_days_between,
    year_of,
)
from orchestration.demo.errors import DemoError
from orchestration.demo.targets import Targets

TERM = 5
DIENST_TERM = 70


@dataclass(frozen=True)
class Veiligheidsbeoordelingen:
    """``vb``: one row per report (day of start and decision, outcome); ``diensten`` and ``contacts`` refer to its row number."""

    vb: pd.DataFrame
    diensten: pd.DataFrame
    contacts: pd.DataFrame


def make_veiligheidsbeoordelingen(
    targets: Targets, rng: np.random.Generator, meldingen: pd.DataFrame, end: int
) -> Veiligheidsbeoordelingen:
    """Assess every report; days after ``end`` are ``NEVER``. Published means, shares in time and shares by outcome are met."""
    days = meldingen["dag"].to_numpy()
    urgentie = meldingen["urgentie"].to_numpy()
    wait = _waiting_times(rng, days, urgentie)
    for periode in targets.periods("aandeel_vb_binnen_termijn"):
        _adjust_term(targets, rng, days, wait, periode)
    for periode in targets.periods("vb_doorlooptijd_gemiddeld"):
        _adjust_mean(targets, days, wait, periode)
    besluit = after_working_days(days, wait)
    besluit = np.where(besluit > end, NEVER, besluit)
    gestart = np.maximum(days, np.where(besluit == NEVER, days + 12, besluit) - rng.integers(0, 9, len(days)))
    gestart = np.where((besluit == NEVER) & ((rng.random(len(days)) < 0.7) | (gestart > end)), NEVER, gestart)
    uitkomst = _outcomes(targets, rng, besluit, urgentie, end)
    vb = pd.DataFrame({"gestart": gestart, "besluit": besluit, "uitkomst": uitkomst})
    return Veiligheidsbeoordelingen(vb, _diensten(targets, rng, vb, end), _contacts(rng, days, urgentie, besluit, end))


def _waiting_times(rng: np.random.Generator, days: Days, urgentie: Days) -> Days:
    """Working days until the decision: growing from 2021 on, short for what is urgent."""
    n = len(days)
    years = np.array(sorted(p.VB_WAIT))
    middle = np.array([sum(days_of_periode(str(j))) / 2 for j in years])
    mean = np.interp(days, middle, [p.VB_WAIT[j] for j in years])
    chance = np.interp(days, middle, [p.VB_IN_TIME[j] for j in years]) * np.array([0, 1.9, 1.3, 0.93, 0.64])[urgentie]
    quick = np.array([[0.3, 0.35, 0.2, 0.1, 0.04, 0.01], [0.05, 0.13, 0.18, 0.2, 0.21, 0.23]])
    quick_wait = np.where(urgentie == 1, rng.choice(6, n, p=quick[0]), rng.choice(6, n, p=quick[1]))
    factor = np.array([0, 0.4, 0.62, 1.0, 1.42])[urgentie]
    late = 6 + rng.gamma(1.35, np.maximum(mean * factor - 6, 1.5) / 1.35)
    return np.where(rng.random(n) < np.minimum(chance, 0.985), quick_wait, late.astype(np.int64))


def _adjust_term(targets: Targets, rng: np.random.Generator, days: Days, wait: Days, periode: str) -> None:
    """Make the published share of this period's decisions fall within the term, moving none out of the period."""
    part = targets.aim("aandeel_vb_binnen_termijn", periode)
    if part is None:
        return
    begin, last_day = days_of_periode(periode)
    besluit = after_working_days(days, wait)
    inside = (besluit >= begin) & (besluit <= last_day)
    difference = round(part / 100 * int(inside.sum())) - int((inside & (wait <= TERM)).sum())
    new = rng.integers(2, TERM + 1, len(days)) if difference > 0 else rng.integers(TERM + 1, TERM + 6, len(days))
    other = after_working_days(days, new)
    can = inside & ((wait > TERM) == (difference > 0)) & (other >= begin) & (other <= last_day)
    rows = choose(rng, can / np.maximum(wait, 1), abs(difference), what=f"assessments in time, {periode}")
    wait[rows] = new[rows]


def _adjust_mean(targets: Targets, days: Days, wait: Days, periode: str) -> None:
    """Stretch or shrink the waits over the term of this period's decisions until their published mean comes out."""
    goal = targets.aim("vb_doorlooptijd_gemiddeld", periode)
    if goal is None:
        return
    begin, last_day = days_of_periode(periode)
    besluit = after_working_days(days, wait)
    inside = np.flatnonzero((besluit >= begin) & (besluit <= last_day))
    own = wait[inside]
    high = working_days_between(days[inside], np.full(len(inside), last_day))
    begin_min = np.full(len(inside), begin - 1)
    low = np.maximum(TERM + 1, np.where(days[inside] < begin, working_days_between(np.minimum(days[inside], begin_min), begin_min) + 1, 0))
    fixed = (own <= TERM) | (low > high)

    def with_(factor: float) -> Days:
        return np.where(fixed, own, np.clip(np.rint(own * factor).astype(np.int64), low, high))

    lower, upper = 0.0, 1000.0
    for _ in range(60):
        middle = (lower + upper) / 2 if upper < 1000 else max(lower * 2, 1.0)
        lower, upper = (middle, upper) if with_(middle).mean() < goal else (lower, min(upper, middle))
    choice, more = with_(lower), with_(upper)
    shortage = goal * len(inside) - choice.sum()
    choice = np.where(np.cumsum(more - choice) <= shortage, more, choice)  # between the two, as far as the mean asks
    if abs(choice.mean() - goal) > 0.04:
        raise DemoError(f"vb_doorlooptijd_gemiddeld {periode}: {goal} cannot be reached, {choice.mean():.2f} can")
    wait[inside] = choice


def _outcomes(targets: Targets, rng: np.random.Generator, besluit: Days, urgentie: Days, end: int) -> np.ndarray:
    """Outcomes dealt out per period of decision in exact numbers, the gravest to the most urgent."""
    out = np.full(len(besluit), "", "U20")
    gravity = urgentie + rng.normal(0, 1.6, len(urgentie))
    for periode in _periods(targets, ("aandeel_vb_uitkomst", "aandeel_vb_onveilig"), end):
        begin, last_day = days_of_periode(periode)
        rows = np.flatnonzero((besluit >= begin) & (besluit <= last_day))
        chance = np.array(p.VB_OUTCOME_CHANCE)
        unsafe = targets.aim("aandeel_vb_onveilig", periode)
        if unsafe is not None:
            chance = np.concatenate([chance[:2] / chance[:2].sum() * unsafe / 100, chance[2:] / chance[2:].sum() * (1 - unsafe / 100)])
        fixed = [targets.aim("aandeel_vb_uitkomst", periode, "vb_uitkomst", u) for u in p.VB_OUTCOMES]
        n = len(rows)
        if all(v is not None for v in fixed):  # rounded shares need not add up to 100: half a point of room each
            chance = np.array([v or 0 for v in fixed]) / 100
            bound = [(np.ceil((k - 0.0045) * n), np.floor((k + 0.0045) * n)) for k in chance]
        else:
            bound = [(0, n) if v is None else (round(v / 100 * n),) * 2 for v in fixed]
        low = np.maximum(np.array([g[0] for g in bound], np.int64), 0)
        counts = allocate(n, np.maximum(chance, 1e-9), low, np.array([g[1] for g in bound], np.int64), what=f"vb_uitkomst {periode}")
        out[rows[np.argsort(gravity[rows], kind="stable")]] = np.repeat(np.asarray(p.VB_OUTCOMES), counts)
    return out


def _periods(targets: Targets, indicatoren: tuple[str, ...], end: int) -> list[str]:
    """Years 2016 … of ``end``; a year with figures of a half is taken in halves."""
    halves = {periode[:4] for i in indicatoren for periode in targets.periods(i) if "-" in periode}
    last = int(year_of(np.array([end]))[0])
    out: list[str] = []
    for year in map(str, range(2016, last + 1)):
        out += [f"{year}-H1", f"{year}-H2"] if year in halves else [year]
    return out


def _diensten(targets: Targets, rng: np.random.Generator, vb: pd.DataFrame, end: int) -> pd.DataFrame:
    besluit = vb["besluit"].to_numpy()
    tilt = vb["uitkomst"].map({"acuut": 2.4, "structureel": 1.15}).fillna(0.15).to_numpy()
    roll = rng.random(len(vb))
    vv, onderzoek = (p.DIENST_CHANCE[s] * tilt for s in ("voorwaarden_vervolg", "onderzoek"))
    rows = np.flatnonzero((besluit != NEVER) & (roll < vv + onderzoek))
    soort = np.where(roll[rows] < vv[rows], "voorwaarden_vervolg", "onderzoek")
    van = besluit[rows]
    n = len(rows)
    years = np.array(sorted(p.DIENST_IN_TIME))
    chance = np.interp(year_of(van), years, [p.DIENST_IN_TIME[j] for j in years])
    in_time = rng.random(n) < chance
    closing = np.where(in_time, van + rng.triangular(12, 62, 70, n).astype(np.int64), van + 73 + rng.exponential(38, n).astype(np.int64))
    for periode in targets.periods("aandeel_diensten_binnen_termijn"):
        _adjust_diensten(targets, rng, van, closing, periode)
    to_working_day = np.where(is_working_day(np.minimum(closing, end)), closing, np.maximum(closing - 2, van))
    closing = np.where(year_of(to_working_day) == year_of(closing), to_working_day, closing)
    gestart = np.minimum(van + rng.integers(0, 16, n), closing)
    closing = np.where(closing > end, NEVER, closing)
    is_onderzoek = (soort == "onderzoek") & (closing != NEVER)
    out = pd.DataFrame({"melding": rows, "soort": soort, "gestart": gestart, "afgesloten": closing, "besluit": van})
    broken_off = (closing != NEVER) & (rng.random(n) < 0.03)
    out["voortijdig"] = np.where(broken_off, draw(rng, ("onbekende_bestemming", "verhuisd_andere_regio", "overleden"), (5, 4, 1), n), "")
    for column in ("uitkomst_huiselijk_geweld", "uitkomst_kindermishandeling"):
        known = is_onderzoek & ~broken_off & (rng.random(n) < 0.8)
        out[column] = np.where(known, draw(rng, ("bevestigd", "niet_bevestigd", "weerlegd"), (56, 33, 11), n), "")
    return out


def _adjust_diensten(targets: Targets, rng: np.random.Generator, van: Days, closing: Days, periode: str) -> None:
    """Make the published share of the diensten closed in this period fall within ten weeks."""
    part = targets.aim("aandeel_diensten_binnen_termijn", periode)
    if part is None:
        return
    begin, last_day = days_of_periode(periode)
    inside = (closing >= begin) & (closing <= last_day)
    in_time = closing <= shifted_end(van + DIENST_TERM)
    difference = round(part / 100 * int(inside.sum())) - int((inside & in_time).sum())
    new = van + (rng.integers(35, 69, len(van)) if difference > 0 else rng.integers(78, 110, len(van)))
    can = inside & (in_time == (difference < 0)) & (new >= begin) & (new <= last_day)
    rows = choose(rng, can.astype(float), abs(difference), what=f"diensten in time, {periode}")
    closing[rows] = new[rows]


def _contacts(rng: np.random.Generator, days: Days, urgentie: Days, besluit: Days, end: int) -> pd.DataFrame:
    """Sight of safety while a report waits: now and then at first, every other week after the inspectorate's letter of 2024."""
    tot = np.minimum(besluit, end)
    wait = np.maximum(tot - days, 0)
    interval: Reals = np.array([p.CONTACT_INTERVAL[j] for j in range(2016, 2026)])[year_of(days) - 2016]
    count = np.minimum(rng.poisson(wait / (interval * np.array([1, 0.7, 0.8, 1.0, 1.15])[urgentie])), 9)
    melding = np.repeat(np.arange(len(days)), count)
    n = len(melding)
    op = days[melding] + np.ceil(rng.random(n) * wait[melding]).astype(np.int64)
    weekend = ~is_working_day(op)
    op = np.where(weekend, np.maximum(op - 2, days[melding]), op)
    out = pd.DataFrame({"melding": melding, "op": op})
    out["met"] = draw(rng, ("melder", "directbetrokkene", "ketenpartner"), (34, 48, 18), n)
    out["urgentie_nieuw"] = np.where(rng.random(n) < 0.11, rng.integers(1, 5, n), 0)
    return out.sort_values(["op", "melding"], kind="stable", ignore_index=True)
