"""Which reports are about the same household, in which case they were put, and who is involved.

A *gezin* is a family as it really is; the registration knows it by a household number (now and then by a second one) and by the
BSNs of its members. Reports of one gezin follow each other; each later one either joins the open case (follow-up report) or comes
after that was closed and opens a new one (repeat report).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo.allocation import Getallen, kies, trek
from orchestration.demo.days import NOOIT, SECONDEN_PER_DAG, Dagen, dag, periode_dagen
from orchestration.demo.errors import DemoFout
from orchestration.demo.targets import Doelen

DRIE_JAAR = 1095
KANS_BEKEND_GEZIN = 0.69
MEESTE_MELDINGEN = 16
"""A family with more reports than this goes on as another one: nobody is reported a hundred times."""


@dataclass(frozen=True)
class Gezinnen:
    """``melding_gezin`` and ``melding_casus`` per report; ``casussen`` one row per case (in order of opening)."""

    melding_gezin: Getallen
    melding_casus: Getallen
    casussen: pd.DataFrame


def maak_gezinnen(doelen: Doelen, rng: np.random.Generator, meldingen: pd.DataFrame, open_tot: Dagen) -> Gezinnen:
    """Link the reports into families and cases.

    ``open_tot``: the day on which the work on each report ends (``NOOIT``: not yet); a report that comes later preferably opens a new
    case. Published numbers of cases with a report and shares of repeat reports are met.
    """
    gezin = _beperk(_koppel(rng, meldingen))
    dagen = meldingen["dag"].to_numpy()
    volgorde = np.lexsort((np.arange(len(gezin)), gezin))  # by family, then in order of receipt
    nieuw_gezin = np.concatenate([[True], gezin[volgorde][1:] != gezin[volgorde][:-1]])
    vorige = np.concatenate([[-1], volgorde[:-1]])
    vorige[nieuw_gezin] = -1
    splitst = _splits(doelen, rng, dagen, volgorde, vorige, open_tot)
    casus_in_volgorde = np.cumsum(splitst | nieuw_gezin) - 1
    casus = np.empty(len(gezin), np.int64)
    casus[volgorde] = casus_in_volgorde
    rijen = pd.DataFrame({"casus": casus, "gezin": gezin, "dag": dagen, "klaar": open_tot})
    casussen = rijen.groupby("casus").agg(
        gezin=("gezin", "first"), geopend=("dag", "min"), laatste=("dag", "max"), meldingen=("dag", "size"), klaar=("klaar", "max")
    )
    volgende = casussen["geopend"].shift(-1, fill_value=NOOIT).to_numpy().copy()
    volgende[casussen["gezin"].to_numpy() != casussen["gezin"].shift(-1, fill_value=-1).to_numpy()] = NOOIT
    casussen["volgende"] = volgende
    ander_nummer = (casussen["gezin"].to_numpy() == casussen["gezin"].shift(1, fill_value=-1).to_numpy()) & (
        rng.random(len(casussen)) < 0.05
    )
    casussen["variant"] = np.where(ander_nummer, np.arange(len(casussen)), -1)
    eerste_melding = rijen.reset_index().groupby("casus")["index"].min().to_numpy()
    rang = np.argsort(np.argsort(eerste_melding))  # number the cases in order of opening
    casussen = casussen.iloc[np.argsort(eerste_melding)].reset_index(drop=True)
    return Gezinnen(gezin, rang[casus], casussen)


def _koppel(rng: np.random.Generator, meldingen: pd.DataFrame) -> Getallen:
    """Attach most reports to an earlier one of a family of the same area and kind; the family is the first one's row number."""
    n = len(meldingen)
    gebied, _ = pd.factorize(meldingen["gebied"])
    groep = gebied * 2 + meldingen["kinderen"].to_numpy()
    tijd = meldingen["utc"].to_numpy() - dag("2016-01-01") * SECONDEN_PER_DAG + SECONDEN_PER_DAG
    sprong = np.where(rng.random(n) < 0.5, rng.exponential(42, n), rng.exponential(330, n)) * SECONDEN_PER_DAG + 5400
    verhuisd = rng.random(n) < 0.03
    zoek = np.where(verhuisd, 2 * rng.integers(0, gebied.max() + 1, n) + groep % 2, groep)
    schaal = 1 << 40
    sleutel = groep * schaal + tijd
    volgorde = np.argsort(sleutel, kind="stable")
    plek = np.searchsorted(sleutel[volgorde], zoek * schaal + np.maximum(tijd - sprong.astype(np.int64), 0), side="right") - 1
    kandidaat = volgorde[np.maximum(plek, 0)]
    kan = (plek >= 0) & (groep[kandidaat] == zoek) & (rng.random(n) < KANS_BEKEND_GEZIN)
    ouder = np.where(kan, kandidaat, np.arange(n))
    while not np.array_equal(ouder, ouder[ouder]):
        ouder = ouder[ouder]
    return ouder


def _beperk(gezin: Getallen) -> Getallen:
    """Cut long rows of reports of one family: each ``MEESTE_MELDINGEN`` in turn become a family of their own."""
    volgorde = np.argsort(gezin, kind="stable")
    begin = np.concatenate([[True], gezin[volgorde][1:] != gezin[volgorde][:-1]])
    plaats = np.arange(len(gezin)) - np.maximum.accumulate(np.where(begin, np.arange(len(gezin)), 0))
    eerste = plaats % MEESTE_MELDINGEN == 0
    uit = np.empty_like(gezin)
    uit[volgorde] = volgorde[np.maximum.accumulate(np.where(eerste, np.arange(len(gezin)), 0))]
    return uit


def _splits(
    doelen: Doelen, rng: np.random.Generator, dagen: Dagen, volgorde: Getallen, vorige: Getallen, open_tot: Dagen
) -> npt.NDArray[np.bool_]:
    """Whether each later report of a family (in ``volgorde``) opens a new case."""
    n = len(dagen)
    heeft = vorige >= 0
    nu, toen = dagen[volgorde], dagen[np.maximum(vorige, 0)]
    sinds = nu - open_tot[np.maximum(vorige, 0)]
    kans = np.select([sinds > 45, sinds >= 0, nu - toen > 300], [0.94, 0.74, 0.55], 0.13)
    kan = heeft & (nu > toen)
    binnen = kan & (nu - toen <= DRIE_JAAR)
    splitst = kan & (rng.random(n) < kans) | (kan & ~binnen)
    vast = np.zeros(n, bool)
    for periode in doelen.perioden("aandeel_hermeldingen"):
        begin, slot = periode_dagen(periode)
        erin = (nu >= begin) & (nu <= slot)
        doel = round((doelen.mikpunt("aandeel_hermeldingen", periode) or 0) / 100 * int(erin.sum()))
        _kies_splitsingen(rng, splitst, kans, erin & binnen, doel, f"aandeel_hermeldingen {periode}")
        vast |= erin
    jaren = {*doelen.perioden("casussen_met_melding"), *doelen.perioden("meldingen_per_casus")}
    for periode in sorted(jaren):
        begin, slot = periode_dagen(periode)
        erin = (nu >= begin) & (nu <= slot)
        doel = _casussen_met_melding(doelen, periode, int(erin.sum()))
        samen = erin & heeft & (toen >= begin)  # both this report and the one before it fall in the period
        doel -= int(erin.sum()) - int(samen.sum())  # families with a report in the period
        vrij = samen & kan & ~vast
        doel -= int((samen & kan & vast & splitst).sum())
        _kies_splitsingen(rng, splitst, kans, vrij, doel, f"casussen_met_melding {periode}")
    return splitst


def _casussen_met_melding(doelen: Doelen, periode: str, meldingen: int) -> int:
    casussen = doelen.aantal("casussen_met_melding", periode)
    verhouding = doelen.mikpunt("meldingen_per_casus", periode)
    if casussen is not None:
        return casussen
    return round(meldingen / (verhouding or 1))


def _kies_splitsingen(
    rng: np.random.Generator,
    splitst: npt.NDArray[np.bool_],
    kans: npt.NDArray[np.float64],
    pool: npt.NDArray[np.bool_],
    doel: int,
    wat: str,
) -> None:
    """Let exactly ``doel`` of the reports in ``pool`` open a new case, the likeliest first."""
    gewicht = np.where(pool, kans / (1 - kans), 0.0)
    gekozen = kies(rng, gewicht, doel, wat=wat)
    splitst[pool] = False
    splitst[gekozen] = True


def sluit_casussen(doelen: Doelen, rng: np.random.Generator, casussen: pd.DataFrame, eind: int) -> Dagen:
    """The day each case was closed (``NOOIT``: open): after its last report, no later than the family's next case was opened.

    The published number of cases closed in a year is met.
    """
    n = len(casussen)
    laag = casussen["laatste"].to_numpy() + (casussen["meldingen"].to_numpy() > 1)
    hoog = np.maximum(casussen["volgende"].to_numpy(), laag)
    klaar = casussen["klaar"].to_numpy()
    sluit = np.where(klaar == NOOIT, NOOIT, klaar + rng.geometric(0.12, n) - 1)
    sluit = np.clip(sluit, laag, hoog)
    for periode in doelen.perioden("casussen_uitgestroomd"):
        begin, slot = periode_dagen(periode)
        doel = doelen.aantal("casussen_uitgestroomd", periode) or 0
        erin = (sluit >= begin) & (sluit <= slot)
        verschil = doel - int(erin.sum())
        if verschil > 0:
            kan = (sluit > slot) & (laag <= slot)
            rijen = kies(rng, kan / (1.0 + np.maximum(sluit - slot, 0)) ** 1.5, verschil, wat=f"casussen_uitgestroomd {periode}")
            sluit[rijen] = np.maximum(laag[rijen], slot - rng.integers(0, 75, len(rijen)))
        elif verschil < 0:
            kan = erin & (hoog > slot)
            rijen = kies(rng, kan / (1.0 + slot - sluit.clip(max=slot)) ** 1.5, -verschil, wat=f"casussen_uitgestroomd {periode}")
            sluit[rijen] = np.minimum(hoog[rijen], slot + 1 + rng.integers(0, 70, len(rijen)))
    return np.where(sluit > eind, NOOIT, sluit)


# --- the people --------------------------------------------------------------------------------------------------------------------


def _bsn_voorraad(rng: np.random.Generator, aantal: int) -> npt.NDArray[np.str_]:
    """Distinct numbers that start with 99 and hold the eleven-test; no such number was ever issued to these made-up people."""
    kern = rng.permutation(1_000_000)
    cijfers = np.stack([np.full(len(kern), 9), np.full(len(kern), 9), *[(kern // 10**k) % 10 for k in range(5, -1, -1)]])
    laatste = (cijfers * np.arange(9, 1, -1)[:, None]).sum(axis=0) % 11
    goed = np.flatnonzero(laatste < 10)[:aantal]
    if len(goed) < aantal:
        raise DemoFout(f"{aantal} made-up BSNs asked for, there are {len(goed)}")
    return np.char.mod("%09d", 990_000_000 + kern[goed] * 10 + laatste[goed])


def maak_betrokkenen(rng: np.random.Generator, meldingen: pd.DataFrame, gezin: Getallen, vormen: pd.DataFrame) -> pd.DataFrame:
    """The people on each report (row number of the report, volgnummer, bsn, geboortedatum, geslacht)."""
    n = len(meldingen)
    stam, nr = np.unique(gezin, return_inverse=True)
    kinderen = meldingen["kinderen"].to_numpy()
    volwassenen = 1 + (rng.random(len(stam)) < 0.88) + (rng.random(len(stam)) < 0.07)
    kroost = 1 + np.minimum(rng.geometric(0.52, len(stam)) - 1, 5)
    heeft_kroost = np.zeros(len(stam), bool)
    np.logical_or.at(heeft_kroost, nr, kinderen)
    omvang = volwassenen + np.where(heeft_kroost, kroost, 0)
    begin = np.concatenate([[0], np.cumsum(omvang)[:-1]])
    personen = _personen(rng, meldingen["dag"].to_numpy()[stam], volwassenen, omvang, begin, _ouderen(stam, nr, vormen))
    melding = np.repeat(np.arange(n), omvang[nr])
    plaats = np.arange(len(melding)) - np.repeat(np.concatenate([[0], np.cumsum(omvang[nr])[:-1]]), omvang[nr])
    persoon = begin[nr[melding]] + plaats
    is_kind = plaats >= volwassenen[nr[melding]]
    mee = (plaats == 0) | (rng.random(len(melding)) < np.where(is_kind, 0.9, 0.93))
    mee &= ~is_kind | kinderen[melding]
    rijen = pd.DataFrame({"melding": melding[mee], "persoon": persoon[mee]})
    rijen["bsn"] = personen["bsn"].to_numpy()[rijen["persoon"]]
    rijen["geboortedatum"] = personen["geboortedatum"].to_numpy()[rijen["persoon"]]
    rijen["geslacht"] = personen["geslacht"].to_numpy()[rijen["persoon"]]
    rijen.loc[(rng.random(len(rijen)) < 0.02) & (plaats[mee] > 0), "bsn"] = "000000000"
    zwanger = np.flatnonzero(kinderen & (rng.random(n) < 0.012))
    ongeboren = pd.DataFrame({"melding": zwanger, "persoon": -1, "bsn": "999999999", "geboortedatum": "99999999", "geslacht": "O"})
    rijen = pd.concat([rijen, ongeboren]).sort_values("melding", kind="stable", ignore_index=True)
    rijen["volgnummer"] = rijen.groupby("melding").cumcount() + 1
    return rijen


def _ouderen(stam: Getallen, nr: Getallen, vormen: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Families with a report of elder abuse."""
    uit = np.zeros(len(stam), bool)
    uit[nr[vormen.loc[vormen["vorm"] == "ouderenmishandeling", "melding"].to_numpy()]] = True
    return uit


def _personen(
    rng: np.random.Generator, eerste_dag: Dagen, volwassenen: Getallen, omvang: Getallen, begin: Getallen, ouderen: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Every member of every family once; ages at the family's first report."""
    gezin = np.repeat(np.arange(len(omvang)), omvang)
    plaats = np.arange(len(gezin)) - begin[gezin]
    n = len(gezin)
    basis = np.clip(rng.gamma(9, 4.2, len(omvang)), 18.5, 79)
    leeftijd = np.clip(basis[gezin] + rng.normal(0, 4, n), 18.1, 88)
    leeftijd = np.where(ouderen[gezin] & (plaats == 0), np.minimum(67 + rng.gamma(3, 4, n), 93), leeftijd)
    leeftijd = np.where(plaats >= volwassenen[gezin], rng.random(n) * 16.5, leeftijd)
    geboren = eerste_dag[gezin] - np.ceil(leeftijd * 365.25).astype(np.int64)
    geboren[rng.choice(n, 3)] = dag("1902-05-12")  # implausible but possible: a warning
    datum = np.char.replace(np.datetime_as_string(geboren.astype("datetime64[D]")), "-", "")
    worp = rng.random(n)
    jaar_maand = np.array([t[:6] for t in datum])
    jaar = np.array([t[:4] for t in datum])
    datum = np.select([worp < 0.03, worp < 0.04], [np.char.add(jaar, "0000"), np.char.add(jaar_maand, "00")], datum)
    geslacht = np.where(plaats < 2, np.where((plaats == 0) ^ (rng.random(n) < 0.1), "V", "M"), trek(rng, ("V", "M", "O"), (49, 50, 1), n))
    bsn = _bsn_voorraad(rng, n)
    onbekend = rng.random(n) < np.where(plaats == 0, 0.008, 0.05)
    return pd.DataFrame({"bsn": np.where(onbekend, "000000000", bsn), "geboortedatum": datum, "geslacht": geslacht})
