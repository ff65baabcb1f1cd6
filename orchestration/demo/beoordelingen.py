"""Safety assessments and diensten: when they were decided and closed, with what outcome, and the contacts while a report waits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.demo import profiles as p
from orchestration.demo.allocation import Reeel, kies, trek, verdeel
from orchestration.demo.days import NOOIT, Dagen, is_werkdag, jaar_van, na_werkdagen, periode_dagen, verschoven_einde, werkdagen_tussen
from orchestration.demo.errors import DemoFout
from orchestration.demo.targets import Doelen

TERMIJN = 5
DIENST_TERMIJN = 70


@dataclass(frozen=True)
class Beoordelingen:
    """``vb``: one row per report (day of start and decision, outcome); ``diensten`` and ``contacten`` refer to its row number."""

    vb: pd.DataFrame
    diensten: pd.DataFrame
    contacten: pd.DataFrame


def maak_beoordelingen(doelen: Doelen, rng: np.random.Generator, meldingen: pd.DataFrame, eind: int) -> Beoordelingen:
    """Assess every report; days after ``eind`` are ``NOOIT``. Published means, shares in time and shares by outcome are met."""
    dagen = meldingen["dag"].to_numpy()
    urgentie = meldingen["urgentie"].to_numpy()
    wacht = _wachttijden(rng, dagen, urgentie)
    for periode in doelen.perioden("aandeel_vb_binnen_termijn"):
        _stel_termijn_bij(doelen, rng, dagen, wacht, periode)
    for periode in doelen.perioden("vb_doorlooptijd_gemiddeld"):
        _stel_gemiddelde_bij(doelen, dagen, wacht, periode)
    besluit = na_werkdagen(dagen, wacht)
    besluit = np.where(besluit > eind, NOOIT, besluit)
    gestart = np.maximum(dagen, np.where(besluit == NOOIT, dagen + 12, besluit) - rng.integers(0, 9, len(dagen)))
    gestart = np.where((besluit == NOOIT) & ((rng.random(len(dagen)) < 0.7) | (gestart > eind)), NOOIT, gestart)
    uitkomst = _uitkomsten(doelen, rng, besluit, urgentie, eind)
    vb = pd.DataFrame({"gestart": gestart, "besluit": besluit, "uitkomst": uitkomst})
    return Beoordelingen(vb, _diensten(doelen, rng, vb, eind), _contacten(rng, dagen, urgentie, besluit, eind))


def _wachttijden(rng: np.random.Generator, dagen: Dagen, urgentie: Dagen) -> Dagen:
    """Working days until the decision: growing from 2021 on, short for what is urgent."""
    n = len(dagen)
    jaren = np.array(sorted(p.VB_WACHT))
    midden = np.array([sum(periode_dagen(str(j))) / 2 for j in jaren])
    gemiddeld = np.interp(dagen, midden, [p.VB_WACHT[j] for j in jaren])
    kans = np.interp(dagen, midden, [p.VB_OP_TIJD[j] for j in jaren]) * np.array([0, 1.9, 1.3, 0.93, 0.64])[urgentie]
    snel = np.array([[0.3, 0.35, 0.2, 0.1, 0.04, 0.01], [0.05, 0.13, 0.18, 0.2, 0.21, 0.23]])
    snel_wacht = np.where(urgentie == 1, rng.choice(6, n, p=snel[0]), rng.choice(6, n, p=snel[1]))
    factor = np.array([0, 0.4, 0.62, 1.0, 1.42])[urgentie]
    laat = 6 + rng.gamma(1.35, np.maximum(gemiddeld * factor - 6, 1.5) / 1.35)
    return np.where(rng.random(n) < np.minimum(kans, 0.985), snel_wacht, laat.astype(np.int64))


def _stel_termijn_bij(doelen: Doelen, rng: np.random.Generator, dagen: Dagen, wacht: Dagen, periode: str) -> None:
    """Make the published share of this period's decisions fall within the term, moving none out of the period."""
    deel = doelen.mikpunt("aandeel_vb_binnen_termijn", periode)
    if deel is None:
        return
    begin, slot = periode_dagen(periode)
    besluit = na_werkdagen(dagen, wacht)
    erin = (besluit >= begin) & (besluit <= slot)
    verschil = round(deel / 100 * int(erin.sum())) - int((erin & (wacht <= TERMIJN)).sum())
    nieuw = rng.integers(2, TERMIJN + 1, len(dagen)) if verschil > 0 else rng.integers(TERMIJN + 1, TERMIJN + 6, len(dagen))
    ander = na_werkdagen(dagen, nieuw)
    kan = erin & ((wacht > TERMIJN) == (verschil > 0)) & (ander >= begin) & (ander <= slot)
    rijen = kies(rng, kan / np.maximum(wacht, 1), abs(verschil), wat=f"assessments in time, {periode}")
    wacht[rijen] = nieuw[rijen]


def _stel_gemiddelde_bij(doelen: Doelen, dagen: Dagen, wacht: Dagen, periode: str) -> None:
    """Stretch or shrink the waits over the term of this period's decisions until their published mean comes out."""
    doel = doelen.mikpunt("vb_doorlooptijd_gemiddeld", periode)
    if doel is None:
        return
    begin, slot = periode_dagen(periode)
    besluit = na_werkdagen(dagen, wacht)
    erin = np.flatnonzero((besluit >= begin) & (besluit <= slot))
    eigen = wacht[erin]
    hoog = werkdagen_tussen(dagen[erin], np.full(len(erin), slot))
    begin_min = np.full(len(erin), begin - 1)
    laag = np.maximum(TERMIJN + 1, np.where(dagen[erin] < begin, werkdagen_tussen(np.minimum(dagen[erin], begin_min), begin_min) + 1, 0))
    vast = (eigen <= TERMIJN) | (laag > hoog)

    def met(factor: float) -> Dagen:
        return np.where(vast, eigen, np.clip(np.rint(eigen * factor).astype(np.int64), laag, hoog))

    onder, boven = 0.0, 1000.0
    for _ in range(60):
        midden = (onder + boven) / 2 if boven < 1000 else max(onder * 2, 1.0)
        onder, boven = (midden, boven) if met(midden).mean() < doel else (onder, min(boven, midden))
    keus, meer = met(onder), met(boven)
    tekort = doel * len(erin) - keus.sum()
    keus = np.where(np.cumsum(meer - keus) <= tekort, meer, keus)  # between the two, as far as the mean asks
    if abs(keus.mean() - doel) > 0.04:
        raise DemoFout(f"vb_doorlooptijd_gemiddeld {periode}: {doel} cannot be reached, {keus.mean():.2f} can")
    wacht[erin] = keus


def _uitkomsten(doelen: Doelen, rng: np.random.Generator, besluit: Dagen, urgentie: Dagen, eind: int) -> np.ndarray:
    """Outcomes dealt out per period of decision in exact numbers, the gravest to the most urgent."""
    uit = np.full(len(besluit), "", "U20")
    ernst = urgentie + rng.normal(0, 1.6, len(urgentie))
    for periode in _vakken(doelen, ("aandeel_vb_uitkomst", "aandeel_vb_onveilig"), eind):
        begin, slot = periode_dagen(periode)
        rijen = np.flatnonzero((besluit >= begin) & (besluit <= slot))
        kans = np.array(p.VB_UITKOMST_KANS)
        onveilig = doelen.mikpunt("aandeel_vb_onveilig", periode)
        if onveilig is not None:
            kans = np.concatenate([kans[:2] / kans[:2].sum() * onveilig / 100, kans[2:] / kans[2:].sum() * (1 - onveilig / 100)])
        vast = [doelen.mikpunt("aandeel_vb_uitkomst", periode, "vb_uitkomst", u) for u in p.VB_UITKOMSTEN]
        n = len(rijen)
        if all(v is not None for v in vast):  # rounded shares need not add up to 100: half a point of room each
            kans = np.array([v or 0 for v in vast]) / 100
            grens = [(np.ceil((k - 0.0045) * n), np.floor((k + 0.0045) * n)) for k in kans]
        else:
            grens = [(0, n) if v is None else (round(v / 100 * n),) * 2 for v in vast]
        laag = np.maximum(np.array([g[0] for g in grens], np.int64), 0)
        tellingen = verdeel(n, np.maximum(kans, 1e-9), laag, np.array([g[1] for g in grens], np.int64), wat=f"vb_uitkomst {periode}")
        uit[rijen[np.argsort(ernst[rijen], kind="stable")]] = np.repeat(np.asarray(p.VB_UITKOMSTEN), tellingen)
    return uit


def _vakken(doelen: Doelen, indicatoren: tuple[str, ...], eind: int) -> list[str]:
    """Years 2016 … of ``eind``; a year with figures of a half is taken in halves."""
    halven = {periode[:4] for i in indicatoren for periode in doelen.perioden(i) if "-" in periode}
    laatste = int(jaar_van(np.array([eind]))[0])
    uit: list[str] = []
    for jaar in map(str, range(2016, laatste + 1)):
        uit += [f"{jaar}-H1", f"{jaar}-H2"] if jaar in halven else [jaar]
    return uit


def _diensten(doelen: Doelen, rng: np.random.Generator, vb: pd.DataFrame, eind: int) -> pd.DataFrame:
    besluit = vb["besluit"].to_numpy()
    tilt = vb["uitkomst"].map({"acuut": 2.4, "structureel": 1.15}).fillna(0.15).to_numpy()
    worp = rng.random(len(vb))
    vv, onderzoek = (p.KANS_DIENST[s] * tilt for s in ("voorwaarden_vervolg", "onderzoek"))
    rijen = np.flatnonzero((besluit != NOOIT) & (worp < vv + onderzoek))
    soort = np.where(worp[rijen] < vv[rijen], "voorwaarden_vervolg", "onderzoek")
    van = besluit[rijen]
    n = len(rijen)
    jaren = np.array(sorted(p.DIENST_OP_TIJD))
    kans = np.interp(jaar_van(van), jaren, [p.DIENST_OP_TIJD[j] for j in jaren])
    op_tijd = rng.random(n) < kans
    sluit = np.where(op_tijd, van + rng.triangular(12, 62, 70, n).astype(np.int64), van + 73 + rng.exponential(38, n).astype(np.int64))
    for periode in doelen.perioden("aandeel_diensten_binnen_termijn"):
        _stel_diensten_bij(doelen, rng, van, sluit, periode)
    naar_werkdag = np.where(is_werkdag(np.minimum(sluit, eind)), sluit, np.maximum(sluit - 2, van))
    sluit = np.where(jaar_van(naar_werkdag) == jaar_van(sluit), naar_werkdag, sluit)
    gestart = np.minimum(van + rng.integers(0, 16, n), sluit)
    sluit = np.where(sluit > eind, NOOIT, sluit)
    is_onderzoek = (soort == "onderzoek") & (sluit != NOOIT)
    uit = pd.DataFrame({"melding": rijen, "soort": soort, "gestart": gestart, "afgesloten": sluit, "besluit": van})
    afgebroken = (sluit != NOOIT) & (rng.random(n) < 0.03)
    uit["voortijdig"] = np.where(afgebroken, trek(rng, ("onbekende_bestemming", "verhuisd_andere_regio", "overleden"), (5, 4, 1), n), "")
    for kolom in ("uitkomst_huiselijk_geweld", "uitkomst_kindermishandeling"):
        bekend = is_onderzoek & ~afgebroken & (rng.random(n) < 0.8)
        uit[kolom] = np.where(bekend, trek(rng, ("bevestigd", "niet_bevestigd", "weerlegd"), (56, 33, 11), n), "")
    return uit


def _stel_diensten_bij(doelen: Doelen, rng: np.random.Generator, van: Dagen, sluit: Dagen, periode: str) -> None:
    """Make the published share of the diensten closed in this period fall within ten weeks."""
    deel = doelen.mikpunt("aandeel_diensten_binnen_termijn", periode)
    if deel is None:
        return
    begin, slot = periode_dagen(periode)
    erin = (sluit >= begin) & (sluit <= slot)
    op_tijd = sluit <= verschoven_einde(van + DIENST_TERMIJN)
    verschil = round(deel / 100 * int(erin.sum())) - int((erin & op_tijd).sum())
    nieuw = van + (rng.integers(35, 69, len(van)) if verschil > 0 else rng.integers(78, 110, len(van)))
    kan = erin & (op_tijd == (verschil < 0)) & (nieuw >= begin) & (nieuw <= slot)
    rijen = kies(rng, kan.astype(float), abs(verschil), wat=f"diensten in time, {periode}")
    sluit[rijen] = nieuw[rijen]


def _contacten(rng: np.random.Generator, dagen: Dagen, urgentie: Dagen, besluit: Dagen, eind: int) -> pd.DataFrame:
    """Sight of safety while a report waits: now and then at first, every other week after the inspectorate's letter of 2024."""
    tot = np.minimum(besluit, eind)
    wacht = np.maximum(tot - dagen, 0)
    interval: Reeel = np.array([p.CONTACT_INTERVAL[j] for j in range(2016, 2026)])[jaar_van(dagen) - 2016]
    aantal = np.minimum(rng.poisson(wacht / (interval * np.array([1, 0.7, 0.8, 1.0, 1.15])[urgentie])), 9)
    melding = np.repeat(np.arange(len(dagen)), aantal)
    n = len(melding)
    op = dagen[melding] + np.ceil(rng.random(n) * wacht[melding]).astype(np.int64)
    weekend = ~is_werkdag(op)
    op = np.where(weekend, np.maximum(op - 2, dagen[melding]), op)
    uit = pd.DataFrame({"melding": melding, "op": op})
    uit["met"] = trek(rng, ("melder", "directbetrokkene", "ketenpartner"), (34, 48, 18), n)
    uit["urgentie_nieuw"] = np.where(rng.random(n) < 0.11, rng.integers(1, 5, n), 0)
    return uit.sort_values(["op", "melding"], kind="stable", ignore_index=True)
