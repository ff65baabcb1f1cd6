"""Where households live: exact numbers of reports per area, and codes of gemeente, stadsdeel and buurt."""

import csv
from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from orchestration.demo import profiles as p
from orchestration.demo.allocation import Getallen, trek, verdeel
from orchestration.demo.days import Dagen, dag
from orchestration.demo.targets import Doelen, Tijdvak
from orchestration.settings import PROJECT

Tekst = npt.NDArray[np.str_]
STADSDELEN = tuple("ABEFKMNST")
GEBIEDEN = (p.BUITEN, *(g for g in p.GEMEENTEN if g != p.AMSTERDAM), *STADSDELEN)
"""The areas that reports are dealt over; a stadsdeel stands for Amsterdam."""
_OVERGANG = dag(p.WEESP_BIJ_AMSTERDAM)


@cache
def _huishoudens(bestand: str, kolom: str) -> Mapping[str, Mapping[int, int]]:
    uit: dict[str, dict[int, int]] = {}
    with (PROJECT / "seeds" / "households" / bestand).open(encoding="utf-8", newline="") as bron:
        for rij in csv.DictReader(bron):
            uit.setdefault(rij[kolom], {})[int(rij["jaar"])] = int(rij["huishoudens"])
    return uit


def _bij_jaar(reeks: Mapping[int, int], jaar: int) -> int:
    """The number of the nearest year; only a weight, never a figure."""
    return reeks[min(reeks, key=lambda j: (abs(j - jaar), j))]


def _van_profiel(reeks: Mapping[int, Mapping[str, float]], jaar: int) -> Mapping[str, float]:
    eerder = [j for j in reeks if j <= jaar]
    return reeks[max(eerder) if eerder else min(reeks)]


def aantallen_per_gebied(doelen: Doelen, vak: Tijdvak) -> Getallen:
    """Reports of a period in each of ``GEBIEDEN``: published numbers to the unit, the rest by rate and households."""
    gemeenten = (p.BUITEN, *p.GEMEENTEN)
    tarief = _van_profiel(p.MELDINGEN_PER_1000_GEMEENTE, vak.jaar)
    hh = _huishoudens("huishoudens_gemeente.csv", "gemeente_code")
    gewicht = [tarief[g] * _bij_jaar(hh[g], vak.jaar) / 1000 for g in p.GEMEENTEN]
    gewicht = [sum(gewicht) * p.AANDEEL_BUITEN, *gewicht]
    vast = [doelen.aantal("meldingen", vak.periode, gebied=g) for g in gemeenten]
    aantal = dict(zip(gemeenten, _verdeel_met_vaste(vak, gewicht, vast), strict=True))
    per_stadsdeel = _van_profiel(p.STADSDEEL_TARIEF, vak.jaar)
    hh = _huishoudens("huishoudens_stadsdeel.csv", "stadsdeel_code")
    deel = np.array([per_stadsdeel[s] * _bij_jaar(hh[s], vak.jaar) / 1000 for s in STADSDELEN])
    if vak.eind < _OVERGANG:
        deel[STADSDELEN.index("S")] = 0.0
    deel[0] += deel.sum() * p.STADSDEEL_ONBEKEND
    vast = [doelen.aantal("meldingen", vak.periode, gebied=s) for s in STADSDELEN]
    stadsdelen = _verdeel_met_vaste(vak, list(deel), vast, aantal[p.AMSTERDAM])
    return np.concatenate([[aantal[g] for g in GEBIEDEN if g in aantal], stadsdelen])


def _verdeel_met_vaste(vak: Tijdvak, gewicht: list[float], vast: list[int | None], totaal: int | None = None) -> Getallen:
    n = vak.aantal if totaal is None else totaal
    laag = [0 if v is None else v for v in vast]
    hoog = [n if v is None else v for v in vast]
    return verdeel(n, np.maximum(gewicht, [1e-9 if v else 0 for v in vast]), laag, hoog, wat=f"meldingen {vak.periode} by area")


@cache
def _buurten(indeling: str) -> Mapping[str, tuple[Tekst, npt.NDArray[np.float64]]]:
    uit: dict[str, list[tuple[str, float]]] = {}
    with (PROJECT / "seeds" / "areas" / "buurten.csv").open(encoding="utf-8", newline="") as bron:
        for rij in csv.DictReader(bron):
            if rij["indeling"] == indeling:
                uit.setdefault(rij["stadsdeel_code"], []).append((rij["buurt_code"], float(rij["huishoudens"] or 0) + 1))
    return {s: (np.array([b for b, _ in rijen]), np.array([g for _, g in rijen])) for s, rijen in uit.items()}


def codes(rng: np.random.Generator, gebied: Tekst, dagen: Dagen) -> tuple[Tekst, Tekst, Tekst]:
    """gemeente_code, stadsdeel_code and buurt_code ('' = empty) that make each report count in its area on its day."""
    n = len(gebied)
    in_amsterdam = np.isin(gebied, STADSDELEN)
    gemeente = np.where(in_amsterdam, p.AMSTERDAM, gebied).astype("U6")
    stadsdeel = np.where(in_amsterdam, gebied, "").astype("U1")
    buiten = np.flatnonzero(gebied == p.BUITEN)
    gemeente[buiten] = trek(rng, ("", *p.BUITENGEMEENTEN), (8, *(2,) * 4, *(1,) * 4), len(buiten))
    weesp = buiten[(dagen[buiten] < _OVERGANG) & (rng.random(len(buiten)) < 0.22)]
    gemeente[weesp] = p.WEESP
    buurt = np.full(n, "", "U6")
    for s in STADSDELEN:
        for indeling, oud in (("2015-01-01", True), ("2022-03-24", False)):
            rijen = np.flatnonzero((stadsdeel == s) & ((dagen < _OVERGANG) == oud))
            if len(rijen) and s in _buurten(indeling):
                namen, gewicht = _buurten(indeling)[s]
                buurt[rijen] = namen[rng.choice(len(namen), len(rijen), p=gewicht / gewicht.sum())]
    _maak_onvolledig(rng, gemeente, stadsdeel, buurt, dagen)
    return gemeente, stadsdeel, buurt


def _maak_onvolledig(rng: np.random.Generator, gemeente: Tekst, stadsdeel: Tekst, buurt: Tekst, dagen: Dagen) -> None:
    """Gaps and oddities that leave the area of a report as it is: empty codes, Weesp's old code, a stadsdeel elsewhere."""
    buurt[rng.random(len(buurt)) < 0.04] = ""
    centrum = np.flatnonzero(stadsdeel == "A")
    amsterdam = int((gemeente == p.AMSTERDAM).sum())
    leeg = rng.choice(centrum, min(len(centrum), round(amsterdam * p.STADSDEEL_ONBEKEND)), replace=False)
    stadsdeel[leeg] = ""
    buurt[leeg] = np.where(rng.random(len(leeg)) < 0.5, buurt[leeg], "")
    te_vroeg = leeg[dagen[leeg] < _OVERGANG - 400][:3]
    stadsdeel[te_vroeg] = "S"  # a warning, ignored: counts under Centrum
    oude_code = np.flatnonzero((stadsdeel == "S") & (dagen >= _OVERGANG))
    oude_code = oude_code[rng.random(len(oude_code)) < 0.08]
    gemeente[oude_code] = p.WEESP
    stadsdeel[oude_code] = ""
    elders = np.flatnonzero((gemeente == "GM0384") | (gemeente == "GM0362"))
    elders = elders[rng.random(len(elders)) < 0.002]
    stadsdeel[elders] = "M"  # a warning, ignored
