"""What leaves: transfers to the exact published numbers per receiver, decisions of assessments, monitoring and huisverboden."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo import profiles as p
from orchestration.demo.allocation import Getallen, kies, trek, verdeel
from orchestration.demo.days import NOOIT, Dagen, dag, jaar_van, periode_dagen
from orchestration.demo.errors import DemoFout
from orchestration.demo.targets import SAMENGESTELD, Cijfer, Doelen

BETROKKEN = ("ja", "nee", "")

Cellen = dict[tuple[str, str], int]
"""Rows by receiver and betrokken (ja, nee, '' = unknown)."""


@dataclass(frozen=True)
class Jaarcellen:
    """The transfers of one year in the end, those of them missing from the first delivery, and those that stood in it by mistake."""

    jaar: int
    eind: Cellen
    laat: Cellen
    te_veel: Cellen


def jaarcellen(doelen: Doelen, jaar: int, eind: int) -> Jaarcellen:
    """How many rows of overdrachten a year has, per receiver and betrokken, so that every published figure comes out.

    Where the publication of 2021 has other numbers than that of 2024, the difference is what was registered in between.
    """
    periode = str(jaar)
    cellen = _regiehoudend(doelen, periode, eind)
    regie = sum(cellen.values())
    eerste_regie, laat, te_veel = _revisie(doelen, periode, cellen)
    totaal = doelen.aantal("overdrachten_en_afsluitingen", periode)
    if totaal is None:
        deel = 1.0 if jaar < 2025 else (eind - dag("2024-12-31")) / 366
        totaal = max(round(p.UITSTROOM_TOTAAL[min(jaar, 2024)] * doelen.schaal * deel), regie + 10)
        eerste_regie = regie
    rest = totaal - eerste_regie
    soorten = _soorten(doelen, periode, rest, (totaal, totaal - eerste_regie + regie))
    rvdk = doelen.aantal("overdrachten", periode, "ontvanger", "RVDK")
    if rvdk is None:
        rvdk = min(round(p.RVDK[min(jaar, 2024)] * totaal / p.UITSTROOM_TOTAAL[min(jaar, 2024)]), int(soorten[0]))
    overig = verdeel(int(soorten[0]) - rvdk, list(p.OVERIGE_HULP.values()), wat=f"OVERIGE_HULP {periode}")
    namen = ["RVDK", *p.OVERIGE_HULP, "CLIENTSYSTEEM", "GEEN_VERVOLG"]
    for ontvanger, n in zip(namen, [rvdk, *overig, *soorten[1:]], strict=True):
        if ontvanger in {"CLIENTSYSTEEM", "GEEN_VERVOLG"}:
            cellen[ontvanger, ""] = int(n)
        else:
            for betrokken, deel in zip(BETROKKEN, verdeel(int(n), (0.42, 0.33, 0.25)), strict=True):
                cellen[ontvanger, betrokken] = int(deel)
    return Jaarcellen(jaar, cellen, laat, te_veel)


def _regiehoudend(doelen: Doelen, periode: str, eind: int) -> Cellen:
    jaar = int(periode)
    cellen: Cellen = {}
    for groep, ontvangers in p.ONTVANGER_GROEPEN.items():
        for ontvanger in ontvangers:
            for betrokken, n in zip(BETROKKEN, _ontvanger(doelen, periode, ontvanger, eind), strict=True):
                cellen[ontvanger, betrokken] = n
        for soort, categorieen in (
            ("ontvanger_groep", [(groep, BETROKKEN)]),
            ("ontvanger_groep|betrokken", [(f"{groep}|ja", ("ja",)), (f"{groep}|nee", ("nee",))]),
        ):
            for categorie, welke in categorieen:
                gevraagd = doelen.aantal("overdrachten", periode, soort, categorie)
                heeft = sum(cellen[o, b] for o in ontvangers for b in welke)
                if gevraagd is not None and gevraagd != heeft:
                    raise DemoFout(f"overdrachten {jaar} {categorie}: published {gevraagd}, its receivers make {heeft}")
    return cellen


def _ontvanger(doelen: Doelen, periode: str, ontvanger: str, eind: int) -> tuple[int, int, int]:
    """Rows of one receiver: already involved, not yet, unknown."""
    ja = doelen.aantal("overdrachten", periode, "ontvanger|betrokken", f"{ontvanger}|ja")
    nee = doelen.aantal("overdrachten", periode, "ontvanger|betrokken", f"{ontvanger}|nee")
    totaal = doelen.aantal("overdrachten", periode, "ontvanger", ontvanger)
    if totaal is None and ja is not None and nee is not None:
        totaal = ja + nee
    jaar = int(periode)
    if totaal is None and jaar > 2024:
        vorig = _ontvanger(doelen, "2024", ontvanger, eind)
        deel = (eind - dag("2024-12-31")) / 366
        ja, nee, onbekend = (round(n * deel) for n in vorig)
        return ja, nee, onbekend
    if totaal is None:
        aandeel, betrokken = p.REGIEHOUDEND_VOOR_2020.get(ontvanger, (0.0, 0.5))
        totaal = round(p.UITSTROOM_TOTAAL[jaar] * doelen.schaal * aandeel)
        onbekend = round(0.08 * totaal)
        ja = round((totaal - onbekend) * betrokken)
        return ja, totaal - onbekend - ja, onbekend
    if ja is None:
        ja = round(0.6 * totaal) if nee is None else totaal - nee
    if nee is None:
        nee = totaal - ja
    if min(ja, nee) < 0 or ja + nee > totaal:
        raise DemoFout(f"overdrachten {periode} {ontvanger}: {ja} involved and {nee} not do not fit {totaal}")
    return ja, nee, totaal - ja - nee


def _revisie(doelen: Doelen, periode: str, cellen: Cellen) -> tuple[int, Cellen, Cellen]:
    """Rows of the receivers with a task in the first publication, and what it missed and had too many, per cell."""
    laat: Cellen = {}
    te_veel: Cellen = {}
    groepen = {**{g: (g,) for g in p.ONTVANGER_GROEPEN}, **SAMENGESTELD}
    for naam, leden in groepen.items():
        eerste = doelen.aantal("overdrachten", periode, "ontvanger_groep", naam, eerste=True)
        deel = doelen.mikpunt("aandeel_overdrachten_betrokken", periode, "ontvanger_groep", naam, eerste=True)
        if eerste is None:
            continue
        ontvangers = [o for lid in leden for o in p.ONTVANGER_GROEPEN[lid]]
        nu = {b: sum(cellen[o, b] for o in ontvangers) for b in BETROKKEN}
        if deel is None:
            deel = 100 * nu["ja"] / max(nu["ja"] + nu["nee"], 1)
        eerste_ja = min(round(deel / 100 * (eerste - nu[""])), eerste - nu[""])
        verschil = {"ja": nu["ja"] - eerste_ja, "nee": nu["nee"] - (eerste - nu[""] - eerste_ja)}
        for betrokken, n in verschil.items():
            per = verdeel(
                abs(n),
                [cellen[o, betrokken] or 1e-9 for o in ontvangers],
                None,
                [cellen[o, betrokken] if n > 0 else abs(n) for o in ontvangers],
            )
            for ontvanger, m in zip(ontvangers, per, strict=True):
                if m:
                    (laat if n > 0 else te_veel)[ontvanger, betrokken] = int(m)
    return sum(cellen.values()) - sum(laat.values()) + sum(te_veel.values()), laat, te_veel


def _soorten(doelen: Doelen, periode: str, rest: int, totalen: tuple[int, int]) -> Getallen:
    """Rows of the other kinds of outflow; each published share holds on the first total and on the one after the revision."""
    profiel = p.UITSTROOM_KANS[min(int(periode), 2024)]
    laag, hoog, gewicht = [], [], []
    for soort, kans in zip(p.UITSTROOM_SOORTEN, profiel, strict=True):
        cijfer = doelen.cijfer("aandeel_uitstroom", periode, "uitstroom_soort", soort)
        gewicht.append(kans if cijfer is None else max(cijfer.mikpunt / 100, 1e-6))
        onder, boven = (0.0, 100.0) if cijfer is None else _marge(cijfer)
        laag.append(max(int(np.ceil(onder / 100 * t)) for t in totalen))
        hoog.append(min(int(np.floor(boven / 100 * t)) for t in totalen))
    doelen.cijfer("aandeel_uitstroom", periode, "uitstroom_soort", "regiehoudend")  # follows from the receivers; checked by the tests
    return verdeel(rest, gewicht, np.array(laag), np.array(hoog), wat=f"aandeel_uitstroom {periode}")


def _marge(cijfer: Cijfer) -> tuple[float, float]:
    """The values (0-100) that count as meeting a published share, a hair inside the edges."""
    if cijfer.precisie.startswith("afgerond"):
        half = 0.5 * 10 ** -int(cijfer.precisie.split()[1])
        return cijfer.waarde - half + 0.003, cijfer.waarde + half - 0.003
    if cijfer.precisie == "ongeveer":
        return cijfer.waarde - 2.5, cijfer.waarde + 2.5
    return (cijfer.waarde, 100.0) if cijfer.precisie == "ondergrens" else (0.0, cijfer.waarde)


def maak_overdrachten(
    doelen: Doelen, rng: np.random.Generator, meldingen: pd.DataFrame, klaar: Dagen, dienst_soort: npt.NDArray[np.str_], eind: int
) -> pd.DataFrame:
    """All transfers: report (row number), casus, moment, day, receiver, betrokken; ``van``/``tot``: days between which it is registered.

    ``klaar``: the day the work on each report ended. The last report of a case is the likeliest to carry its transfer.
    """
    delen = []
    laatste_van_casus = meldingen.groupby("casus")["dag"].transform("max").to_numpy() == meldingen["dag"].to_numpy()
    jaren = jaar_van(np.minimum(klaar, eind))
    for jaar in range(2016, 2026):
        cellen = jaarcellen(doelen, jaar, eind)
        slot = min(periode_dagen(str(jaar))[1], eind)
        bron = np.flatnonzero((klaar <= eind) & (jaren == jaar))
        deel = _plaats(rng, meldingen, bron, laatste_van_casus[bron], cellen.eind, f"overdrachten {jaar}")
        van = klaar[deel["melding"]]
        deel["dag"] = van + np.minimum(
            np.minimum(rng.geometric(0.16, len(deel)) - 1, 40), np.floor(rng.random(len(deel)) * (slot - van + 1))
        )
        deel["dag"] = deel["dag"].astype(np.int64)
        deel["van"], deel["tot"] = deel["dag"], NOOIT
        _registreer_laat(rng, deel, cellen.laat)
        delen += [deel, _te_veel(rng, deel, cellen.te_veel)]
    uit = pd.concat(delen, ignore_index=True)
    uit["moment"] = np.where(dienst_soort[uit["melding"]] == "", "veiligheidsbeoordeling", dienst_soort[uit["melding"]])
    uit["casus"] = meldingen["casus"].to_numpy()[uit["melding"]]
    uit["met_melding"] = rng.random(len(uit)) < 0.93
    return uit.sort_values(["dag", "melding"], kind="stable", ignore_index=True)


def _plaats(
    rng: np.random.Generator, meldingen: pd.DataFrame, bron: Getallen, laatste: npt.NDArray[np.bool_], cellen: Cellen, wat: str
) -> pd.DataFrame:
    """Put the rows of every cell on reports of ``bron``: local teams where the household lives, youth protection where children are."""
    n = sum(cellen.values())
    if not len(bron) and n:
        raise DemoFout(f"{wat}: no report was finished in that year")
    gekozen = np.concatenate(
        [np.repeat(bron, n // max(len(bron), 1)), bron[kies(rng, np.where(laatste, 6.0, 1.0), n % max(len(bron), 1), wat=wat)]]
    )
    gemeente = meldingen["gemeente_code"].to_numpy().astype(str)[gekozen]
    kinderen = meldingen["kinderen"].to_numpy()[gekozen]
    vrij = np.ones(n, bool)
    delen = []
    for (ontvanger, betrokken), telling in sorted(cellen.items(), key=_moeilijkste_eerst):
        thuis = p.GEMEENTE_VAN_TEAM.get(ontvanger)
        past = np.ones(n) if thuis is None else np.where(gemeente == thuis, 1.0, 1e-5)
        if ontvanger in {*p.ONTVANGER_GROEPEN["GI"], "RVDK", "OKT", "JEUGDHULP", "GGZ_JEUGD"}:
            past = past * np.where(kinderen, 1.0, 0.01)
        plekken = kies(rng, np.where(vrij, past, 0.0), telling, wat=wat)
        vrij[plekken] = False
        delen.append(pd.DataFrame({"melding": gekozen[plekken], "ontvanger": ontvanger, "betrokken": betrokken}))
    return pd.concat(delen, ignore_index=True)


def _moeilijkste_eerst(cel: tuple[tuple[str, str], int]) -> tuple[int, str, str]:
    """Teams of one gemeente first, then other receivers, then what can go anywhere."""
    (ontvanger, betrokken), _ = cel
    rang = 0 if ontvanger.startswith("LT_") else 1 if ontvanger in p.REGIEHOUDEND else 2
    return rang, ontvanger, betrokken


def _registreer_laat(rng: np.random.Generator, deel: pd.DataFrame, laat: Cellen) -> None:
    """Of each cell so many rows, mostly of the last weeks of the year, came in only after the first delivery."""
    for (ontvanger, betrokken), n in laat.items():
        pool = (deel["ontvanger"] == ontvanger) & (deel["betrokken"] == betrokken)
        gewicht = np.where(pool, 1.0 / (1.0 + deel["dag"].max() - deel["dag"]), 0.0)
        rijen = kies(rng, gewicht, n, wat=f"late registrations {ontvanger}")
        deel.loc[rijen, "van"] = dag("2022-02-03") + rng.integers(0, 120, n)


def _te_veel(rng: np.random.Generator, deel: pd.DataFrame, te_veel: Cellen) -> pd.DataFrame:
    """Rows that stood in the first delivery by mistake and were deleted later."""
    extra = []
    for (ontvanger, betrokken), n in te_veel.items():
        kopie = deel.iloc[rng.integers(0, len(deel), n)].copy()
        kopie["ontvanger"], kopie["betrokken"] = ontvanger, betrokken
        kopie["van"], kopie["tot"] = kopie["dag"], dag("2022-03-01")
        extra.append(kopie)
    return pd.concat(extra, ignore_index=True) if extra else deel.iloc[:0]


def besluiten(
    rng: np.random.Generator, besluit: Dagen, dienst_soort: npt.NDArray[np.str_], overdrachten: pd.DataFrame
) -> npt.NDArray[np.str_]:
    """The decision of each assessment ('' = undecided), in line with the dienst or the outflow that followed."""
    uit = np.where(rng.random(len(besluit)) < 0.9, "overdracht", "omgezet_in_advies").astype("U20")
    uit[overdrachten["melding"]] = "overdracht"
    uit[overdrachten.loc[overdrachten["ontvanger"] == "GEEN_VERVOLG", "melding"]] = "geen_vervolg"
    uit = np.where(dienst_soort == "", uit, dienst_soort)
    return np.where(besluit == NOOIT, "", uit)


def maak_monitormomenten(rng: np.random.Generator, casussen: pd.DataFrame, gevolgd: Dagen, eind: int) -> pd.DataFrame:
    """Monitoring: of some cases while they are still open, of many others three and twelve months after they were closed.

    ``gevolgd``: per case the day from which it is monitored while open (``NOOIT``: it is not).
    """
    sluit = casussen["afgesloten"].to_numpy()
    lopend = np.flatnonzero(gevolgd <= eind)
    dicht = np.flatnonzero((sluit <= eind) & (rng.random(len(sluit)) < 0.34))
    later = dicht[rng.random(len(dicht)) < 0.4]
    gepland = (
        gevolgd[lopend] + rng.integers(14, 46, len(lopend)),
        sluit[dicht] + 90 + rng.integers(-6, 8, len(dicht)),
        sluit[later] + 365 + rng.integers(-10, 12, len(later)),
    )
    uit = pd.DataFrame(
        {
            "casus": np.concatenate([lopend, dicht, later]),
            "gepland": np.concatenate(gepland),
            "van": np.concatenate([gevolgd[lopend], sluit[dicht], sluit[later]]),
        }
    )
    n = len(uit)
    op = uit["gepland"] + rng.integers(-4, 22, n)
    uit["uitgevoerd"] = np.where((rng.random(n) < 0.76) & (op >= uit["van"]), op, NOOIT)
    for kolom, kans in (("directe_veiligheid", 0.90), ("structurele_veiligheid", 0.66), ("nieuw_geweld", 0.16)):
        uit[kolom] = np.where(rng.random(n) < 0.95, np.where(rng.random(n) < kans, "ja", "nee"), "")
    return uit.sort_values(["van", "casus"], kind="stable", ignore_index=True)


def maak_huisverboden(doelen: Doelen, rng: np.random.Generator, meldingen: pd.DataFrame, vormen: pd.DataFrame, eind: int) -> pd.DataFrame:
    """Temporary restraining orders after police reports of partner violence; no figure of them was published."""
    partner = np.zeros(len(meldingen), bool)
    partner[vormen.loc[vormen["vorm"] == "partnergeweld", "melding"].to_numpy()] = True
    kan = partner & (meldingen["melder"] == "politie").to_numpy() & (meldingen["dag"] < eind - 1).to_numpy()
    gewicht = np.where(kan, np.array([0, 6.0, 2.0, 0.4, 0.1])[meldingen["urgentie"].to_numpy()], 0.0)
    jaren = jaar_van(meldingen["dag"].to_numpy())
    rijen = np.concatenate(
        [
            kies(rng, np.where(jaren == j, gewicht, 0.0), round(n * doelen.schaal), wat=f"huisverboden {j}")
            for j, n in p.HUISVERBODEN.items()
        ]
    )
    uit = pd.DataFrame(
        {"casus": meldingen["casus"].to_numpy()[rijen], "op": meldingen["dag"].to_numpy()[rijen] + rng.integers(0, 2, len(rijen))}
    )
    uit["aanvrager"] = trek(rng, list(p.HUISVERBOD_AANVRAGER), list(p.HUISVERBOD_AANVRAGER.values()), len(uit))
    return uit.sort_values(["op", "casus"], kind="stable", ignore_index=True)
