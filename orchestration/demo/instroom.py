"""Reports and requests for advice: how many, from whom, when, about what and from where."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo import profiles as p
from orchestration.demo.allocation import Getallen, Reeel, trek, uit_tellingen, verdeel
from orchestration.demo.days import (
    NOOIT,
    SECONDEN_PER_DAG,
    Dagen,
    dag,
    is_schoolvakantie,
    lokale_dag,
    naar_utc,
    voor_schoolvakantie,
    weekdag,
)
from orchestration.demo.errors import DemoFout
from orchestration.demo.gebieden import GEBIEDEN, Tekst, aantallen_per_gebied, codes
from orchestration.demo.targets import Doelen, Tijdvak, tijdvakken

Vlaggen = npt.NDArray[np.bool_]
_OVERGANG = dag(p.WEESP_BIJ_AMSTERDAM)


@dataclass(frozen=True)
class Meldingen:
    """All reports, in order of receipt; one row each in ``rijen``, forms and natures beside it (row number, code)."""

    rijen: pd.DataFrame
    vormen: pd.DataFrame
    aarden: pd.DataFrame


def maak_meldingen(doelen: Doelen, rng: np.random.Generator, eind: int) -> Meldingen:
    """The reports from 2016 up to and including day ``eind``, meeting every published count and share of them."""
    delen, groepen = [], []
    for vak in tijdvakken(doelen, "meldingen", eind):
        kern = _verdeel_kenmerken(doelen, rng, vak)
        kern["lokaal"] = _momenten(rng, vak, kern["melder"], kern["gebied"])
        delen.append(pd.DataFrame(kern))
        groepen.append(_vormgroepen(doelen, rng, vak, kern["kinderen"]))
    rijen = pd.concat(delen, ignore_index=True)
    volgorde = np.argsort(rijen["lokaal"].to_numpy(), kind="stable")
    rijen = rijen.iloc[volgorde].reset_index(drop=True)
    vormgroep = np.concatenate(groepen)[volgorde]
    rijen["utc"] = naar_utc(rijen.pop("lokaal").to_numpy())
    rijen["dag"] = lokale_dag(rijen["utc"].to_numpy())
    rijen["gemeente_code"], rijen["stadsdeel_code"], rijen["buurt_code"] = codes(rng, _tekst(rijen, "gebied"), _dagen(rijen))
    _urgentie(rng, rijen)
    return Meldingen(rijen, _vormen(rng, vormgroep), _aarden(rng, vormgroep))


def _tekst(rijen: pd.DataFrame, kolom: str) -> Tekst:
    return rijen[kolom].to_numpy().astype(str)


def _dagen(rijen: pd.DataFrame) -> Dagen:
    return rijen["dag"].to_numpy()


def _verdeel_kenmerken(doelen: Doelen, rng: np.random.Generator, vak: Tijdvak) -> dict[str, np.ndarray]:
    """Area, kind of household and reporter of each report of a period, in no order."""
    aantal_met = _met_kinderen(doelen, vak)
    gebied = uit_tellingen(rng, GEBIEDEN, aantallen_per_gebied(doelen, vak))
    buiten = np.flatnonzero(gebied == p.BUITEN)
    binnen = np.flatnonzero(gebied != p.BUITEN)
    met_buiten = _met_kinderen_buiten(doelen, vak, len(buiten), aantal_met)
    kinderen = np.zeros(vak.aantal, bool)
    kinderen[buiten[:met_buiten]] = True
    kinderen[rng.permutation(binnen)[: aantal_met - met_buiten]] = True
    melder = np.empty(vak.aantal, "U30")
    for met in (True, False):
        rijen = np.flatnonzero(kinderen == met)
        namen, tellingen = _melders(doelen, vak, met, len(rijen))
        melder[rijen] = uit_tellingen(rng, namen, tellingen)
    return {"gebied": gebied, "kinderen": kinderen, "melder": melder}


def _huishouden(met: bool) -> str:
    return "met_kinderen" if met else "zonder_kinderen"


def _aandeel(doelen: Doelen, indicator: str, vak: Tijdvak, soort: str = "", categorie: str = "") -> float | None:
    """A published share (0-1) of this period, or of the year that it is half of."""
    waarden = [doelen.mikpunt(indicator, periode, soort, categorie) for periode in (vak.periode, str(vak.jaar))]
    waarde = waarden[0] if waarden[0] is not None else waarden[1]
    return None if waarde is None else waarde / 100


def _met_kinderen(doelen: Doelen, vak: Tijdvak) -> int:
    met = doelen.aantal("meldingen", vak.periode, "huishouden", "met_kinderen")
    zonder = doelen.aantal("meldingen", vak.periode, "huishouden", "zonder_kinderen")
    if met is not None and zonder is not None and met + zonder != vak.aantal:
        raise DemoFout(f"meldingen {vak.periode}: {met} with and {zonder} without children do not make {vak.aantal}")
    if met is None and zonder is not None:
        met = vak.aantal - zonder
    if met is None:
        deel = _aandeel(doelen, "aandeel_meldingen_huishouden", vak, "huishouden", "met_kinderen")
        if deel is None:
            zonder_deel = _aandeel(doelen, "aandeel_meldingen_huishouden", vak, "huishouden", "zonder_kinderen")
            deel = p.AANDEEL_MET_KINDEREN.get(vak.jaar, 0.747) if zonder_deel is None else 1 - zonder_deel
        met = round(vak.aantal * deel)
    return met


def _met_kinderen_buiten(doelen: Doelen, vak: Tijdvak, buiten: int, aantal_met: int) -> int:
    met = doelen.aantal("meldingen", vak.periode, "huishouden", "met_kinderen", gebied=p.BUITEN)
    zonder = doelen.aantal("meldingen", vak.periode, "huishouden", "zonder_kinderen", gebied=p.BUITEN)
    if met is not None and zonder is not None and met + zonder != buiten:
        raise DemoFout(f"meldingen {vak.periode} BUITEN: {met} with and {zonder} without children do not make {buiten}")
    if met is None:
        met = round(buiten * aantal_met / max(vak.aantal, 1)) if zonder is None else buiten - zonder
    return met


def _melders(doelen: Doelen, vak: Tijdvak, met: bool, n: int) -> tuple[list[str], Getallen]:
    """Reporters of one kind of household in a period: codes and their counts."""
    huishouden = _huishouden(met)
    wat = f"meldingen {vak.periode} {huishouden} by reporter"
    namen = ["politie", *p.PROFESSIONALS_NIET_POLITIE, *p.INWONERS, "onbekend"]
    vast = {m: doelen.aantal("meldingen", vak.periode, "huishouden|melder", f"{huishouden}|{m}") for m in namen}

    def deel(groep: str, profiel: float) -> float:
        return _eerste(
            _aandeel(doelen, f"aandeel_meldingen_{groep}", vak, "huishouden", huishouden),
            _aandeel(doelen, f"aandeel_meldingen_{groep}", vak),
            profiel,
        )

    politie = vast["politie"] if vast["politie"] is not None else round(n * deel("politie", p.AANDEEL_POLITIE[met][vak.jaar]))
    inwoners = round(n * deel("inwoners", p.AANDEEL_INWONERS.get(vak.jaar, p.AANDEEL_INWONERS_LATER)))
    profs = _aandeel(doelen, "aandeel_meldingen_professionals", vak, "huishouden", huishouden)
    if profs is None:
        profs = _aandeel(doelen, "aandeel_meldingen_professionals", vak)
    onbekend = (
        min(round(n * p.AANDEEL_MELDER_ONBEKEND), max(n - politie - inwoners, 0)) if profs is None else n - round(n * profs) - inwoners
    )
    if onbekend < 0:
        onbekend, inwoners = 0, n - round(n * (profs or 0))
    andere = n - politie - inwoners - onbekend
    gewicht = p.MELDER_GEWICHT[met]
    per_prof = verdeel(
        andere,
        [max(gewicht[m], 1e-6) for m in p.PROFESSIONALS_NIET_POLITIE],
        [vast[m] or 0 for m in p.PROFESSIONALS_NIET_POLITIE],
        [andere if vast[m] is None else vast[m] or 0 for m in p.PROFESSIONALS_NIET_POLITIE],
        wat=wat,
    )
    per_inwoner = verdeel(inwoners, p.INWONER_GEWICHT, wat=wat)
    return namen, np.concatenate([[politie], per_prof, per_inwoner, [onbekend]])


def _eerste(*waarden: float | None) -> float:
    return next(w for w in waarden if w is not None)


def _ritme(melder: Tekst) -> Tekst:
    uit = np.full(len(melder), "professionals", "U13")
    uit[melder == "politie"] = "politie"
    uit[np.isin(melder, p.ONDERWIJS)] = "onderwijs"
    uit[np.isin(melder, p.INWONERS)] = "inwoners"
    return uit


def _daggewicht(dagen: Dagen, ritme: str) -> Reeel:
    """How likely a report of this kind of reporter is on each day."""
    maand = dagen.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    gewicht = np.asarray(p.WEEKRITME[ritme])[weekdag(dagen)] * np.asarray(p.MAANDRITME)[maand]
    gewicht = gewicht * np.where(is_schoolvakantie(dagen), p.VAKANTIERITME[ritme], 1.0)
    if ritme == "onderwijs":
        gewicht = gewicht * np.where(voor_schoolvakantie(dagen), p.VOOR_VAKANTIE_ONDERWIJS, 1.0)
    return np.asarray(gewicht)


def _momenten(rng: np.random.Generator, vak: Tijdvak, melder: Tekst, gebied: Tekst) -> Dagen:
    """Local seconds of receipt; Weesp's stadsdeel only from the day that it exists."""
    dagen = np.arange(vak.begin, vak.eind + 1, dtype=np.int64)
    ritme = _ritme(melder)
    uit = np.zeros(len(melder), np.int64)
    for soort in p.WEEKRITME:
        gewicht = _daggewicht(dagen, soort)
        for weesp in (False, True):
            rijen = np.flatnonzero((ritme == soort) & ((gebied == "S") == weesp))
            if not len(rijen):
                continue
            mogelijk = gewicht * (dagen >= _OVERGANG) if weesp else gewicht
            uren = np.asarray(p.UURRITME["professionals" if soort == "onderwijs" else soort])
            uit[rijen] = dagen[rng.choice(len(dagen), len(rijen), p=mogelijk / mogelijk.sum())] * SECONDEN_PER_DAG
            uit[rijen] += rng.choice(24, len(rijen), p=uren / uren.sum()) * 3600
    return uit + rng.integers(0, 3600, len(uit))


def _vormgroepen(doelen: Doelen, rng: np.random.Generator, vak: Tijdvak, kinderen: Vlaggen) -> Vlaggen:
    """Which groups of forms each report has (rows x ``VORM_GROEPEN``), each share met, nobody left out but the unregistered."""
    uit = np.zeros((len(kinderen), len(p.VORM_GROEPEN)), bool)
    for met in (True, False):
        rijen = np.flatnonzero(kinderen == met)
        gevraagd = [
            _aandeel(doelen, "aandeel_meldingen_vorm", vak, "huishouden|vorm_groep", f"{_huishouden(met)}|{groep}")
            for groep in p.VORM_GROEPEN
        ]
        deel = [profiel if g is None else g for g, profiel in zip(gevraagd, p.AANDEEL_VORM[met], strict=True)]
        tellingen = np.array([round(len(rijen) * d) for d in deel])
        uit[rijen] = _deel_rond(rng, len(rijen), tellingen)
    return uit


def _deel_rond(rng: np.random.Generator, n: int, tellingen: Getallen) -> Vlaggen:
    """Deal each group's marks round a circle of reports in random order: counts exact, no report twice in a group, all covered."""
    bezet = min(n, max(int(tellingen.max(initial=0)), round(n * (1 - p.AANDEEL_ZONDER_VORM))), int(tellingen.sum()))
    stoelen = rng.permutation(n)[:bezet]
    vlaggen = np.zeros((n, len(tellingen)), bool)
    plek = 0
    for groep, telling in enumerate(tellingen):
        vlaggen[stoelen[(plek + np.arange(telling)) % max(bezet, 1)], groep] = True
        plek += int(telling)
    return vlaggen


def _vormen(rng: np.random.Generator, vormgroep: Vlaggen) -> pd.DataFrame:
    delen = []
    for kolom, groep in enumerate(p.VORM_GROEPEN):
        rijen = np.flatnonzero(vormgroep[:, kolom])
        namen = [v for v, _ in p.VORMEN[groep]]
        delen.append(pd.DataFrame({"melding": rijen, "vorm": trek(rng, namen, [k for _, k in p.VORMEN[groep]], len(rijen))}))
        if groep == "kindermishandeling":  # some have a second kind of child abuse
            extra = rijen[rng.random(len(rijen)) < 0.06]
            delen.append(pd.DataFrame({"melding": extra, "vorm": trek(rng, namen, [1, 1, 1], len(extra))}))
    return pd.concat(delen).drop_duplicates().sort_values(["melding", "vorm"], ignore_index=True)


def _aarden(rng: np.random.Generator, vormgroep: Vlaggen) -> pd.DataFrame:
    km = vormgroep[:, p.VORM_GROEPEN.index("kindermishandeling")]
    anders = vormgroep[:, p.VORM_GROEPEN.index("andere_problematiek")] & (vormgroep.sum(axis=1) == 1)
    soort = np.select([km, anders, vormgroep.any(axis=1)], [0, 1, 2], 3)
    kans = np.array([p.AARD_KANS["kindermishandeling"], p.AARD_KANS["anders"], p.AARD_KANS["geweld"], (0.0,) * len(p.AARDEN)])
    vlaggen = rng.random((len(km), len(p.AARDEN))) < kans[soort]
    getuige = p.AARDEN.index("getuige")  # a nature that only goes with child abuse: a warning
    vlaggen[np.flatnonzero(soort == 2)[:: max(1, int((soort == 2).sum()) // 12)], getuige] = True
    rijen, kolommen = np.nonzero(vlaggen)
    return pd.DataFrame({"melding": rijen, "aard": np.asarray(p.AARDEN)[kolommen]})


def _urgentie(rng: np.random.Generator, rijen: pd.DataFrame) -> None:
    n = len(rijen)
    urgentie = 1 + rng.choice(4, n, p=np.asarray(p.URGENTIE_KANS))
    rijen["urgentie"] = urgentie
    rijen["eerdere_incidenten"] = np.where(rng.random(n) < 0.71, rng.geometric(0.32, n) - 1, -1)
    beoordeeld = rng.random(n) < 0.97
    op_tijd = rng.random(n) < 0.95
    seconden = np.where(op_tijd, 60 * (3 + 100 * rng.beta(1.3, 2.6, n)), 7200 + rng.exponential(9000, n)).astype(np.int64)
    rijen["acuut_utc"] = np.where(beoordeeld, rijen["utc"] + seconden, -1)
    rijen["acuut_dag"] = np.where(beoordeeld, lokale_dag((rijen["utc"] + seconden).to_numpy()), NOOIT)
    rijen["acuut_vermoeden"] = rng.random(n) < np.array([0.0, 0.93, 0.12, 0.02, 0.01])[urgentie]


@dataclass(frozen=True)
class Adviesvragen:
    """All requests for advice, in order of their start; forms beside them (row number, code)."""

    rijen: pd.DataFrame
    vormen: pd.DataFrame


def maak_adviesvragen(doelen: Doelen, rng: np.random.Generator, eind: int) -> Adviesvragen:
    """The requests for advice from 2016 up to and including day ``eind``; published totals and totals of BUITEN are met."""
    delen = []
    for vak in tijdvakken(doelen, "adviesvragen", eind):
        buiten = doelen.aantal("adviesvragen", vak.periode, gebied=p.BUITEN)
        if buiten is None:
            buiten = round(vak.aantal * p.AANDEEL_ADVIES_BUITEN.get(vak.jaar, 0.40))
        dagen = np.arange(vak.begin, vak.eind + 1, dtype=np.int64)
        gewicht = _daggewicht(dagen, "professionals")
        deel = pd.DataFrame({"dag": dagen[rng.choice(len(dagen), vak.aantal, p=gewicht / gewicht.sum())]})
        deel["buiten"] = rng.permutation(np.arange(vak.aantal) < buiten)
        delen.append(deel)
    rijen = pd.concat(delen, ignore_index=True).sort_values("dag", kind="stable", ignore_index=True)
    n = len(rijen)
    elders = rijen.pop("buiten").to_numpy()
    rijen["anoniem"] = elders & (rng.random(n) < p.AANDEEL_ADVIES_ANONIEM)
    binnen = trek(rng, p.GEMEENTEN, (2.4, 8.5, 82, 3.3, 1.2, 2.6), n)
    bekend = np.where(rng.random(n) < 0.12, trek(rng, p.BUITENGEMEENTEN, (1,) * len(p.BUITENGEMEENTEN), n), "")
    rijen["gemeente_code"] = np.where(elders, np.where(rijen["anoniem"], "", bekend), binnen)
    jaren = np.clip((_dagen(rijen) - dag("2016-01-01")) / 365.25, 0, 9)
    chat = np.clip(0.02 + 0.03 * jaren, 0, 0.2)
    worp = rng.random(n)
    rijen["kanaal"] = np.select([worp < chat, worp < chat + 0.08, worp < chat + 0.1], ["chat", "mail", "anders"], "telefoon")
    rijen["melder"] = _advies_melders(rng, n)
    duur = np.where(rng.random(n) < 0.72, 0, rng.geometric(0.08, n))
    rijen["afgesloten"] = np.where(rng.random(n) < 0.997, _dagen(rijen) + duur, NOOIT)
    vlaggen = rng.random((n, len(p.VORM_GROEPEN))) < np.asarray(p.ADVIES_VORM_KANS)
    return Adviesvragen(rijen, _vormen(rng, vlaggen).rename(columns={"melding": "advies"}))


def _advies_melders(rng: np.random.Generator, n: int) -> Tekst:
    groep = trek(rng, list(p.ADVIES_GROEP), list(p.ADVIES_GROEP.values()), n)
    uit = groep.astype("U30")
    for naam, namen in p.MELDER_GROEPEN.items():
        rijen = np.flatnonzero(groep == naam)
        gewicht = p.INWONER_GEWICHT if naam == "inwoners" else [p.MELDER_GEWICHT[True][m] + p.MELDER_GEWICHT[False][m] for m in namen]
        uit[rijen] = trek(rng, namen, gewicht, len(rijen))
    return uit
