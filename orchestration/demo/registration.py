"""The case registration as it stood on any day: each row with the days from and until which it (in this form) was registered.

What happened is turned into tables, one per entity of the delivery contract; ``van`` is the first day that a row (in this form) stands in
the registration, ``tot`` the day that it was changed or deleted. Days that lie after a delivery's peildatum are left out when that is
written, so one table serves every delivery.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo.allocation import Getallen
from orchestration.demo.beoordelingen import Beoordelingen, maak_beoordelingen
from orchestration.demo.days import NOOIT, Dagen, jaar_van, moment_tekst
from orchestration.demo.huishoudens import Gezinnen, maak_betrokkenen, maak_gezinnen, sluit_casussen
from orchestration.demo.instroom import Adviesvragen, Meldingen, maak_adviesvragen, maak_meldingen
from orchestration.demo.targets import Doelen
from orchestration.demo.uitstroom import besluiten, maak_huisverboden, maak_monitormomenten, maak_overdrachten

OUDERS: dict[str, tuple[tuple[str, str], ...]] = {
    "adviesvragen": (),
    "adviesvraag_vormen": (("advies", "adviesvragen"),),
    "casussen": (),
    "meldingen": (("casus", "casussen"),),
    "melding_vormen": (("melding", "meldingen"),),
    "melding_aarden": (("melding", "meldingen"),),
    "betrokkenen": (("melding", "meldingen"),),
    "veiligheidsbeoordelingen": (("melding", "meldingen"),),
    "diensten": (("melding", "meldingen"),),
    "overdrachten": (("casus", "casussen"), ("melding", "meldingen")),
    "veiligheidscontacten": (("melding", "meldingen"),),
    "monitormomenten": (("casus", "casussen"),),
    "huisverboden": (("casus", "casussen"),),
}
"""Entities in order, with their parents: (column, entity). Numbers are row numbers from 1; 0 = no parent named."""

EIGEN_NUMMER = {
    "adviesvragen": "advies",
    "casussen": "casus",
    "meldingen": "melding",
    "diensten": "dienst",
    "overdrachten": "overdracht",
    "veiligheidscontacten": "contact",
    "monitormomenten": "moment_nr",
    "huisverboden": "huisverbod",
}
"""Entities with a number of their own."""


@dataclass
class Registratie:
    """The tables by entity; ``eind``: the last day that was simulated."""

    tabellen: dict[str, pd.DataFrame]
    eind: int
    doelen: Doelen
    rng: np.random.Generator = field(repr=False)

    def corrigeer(self, entiteit: str, rijen: Getallen, oud: dict[str, npt.NDArray[Any]], op: Dagen) -> None:
        """Let rows (positions) have stood there with other values (``oud``) until the day ``op`` on which they were corrected."""
        tabel = self.tabellen[entiteit]
        mag = tabel["van"].to_numpy()[rijen] < op
        vorige = tabel.iloc[rijen].copy()
        for kolom, waarden in oud.items():
            vorige[kolom] = waarden
        vorige["tot"] = op
        nieuw = tabel["van"].to_numpy().copy()
        nieuw[rijen[mag]] = op[mag]
        tabel = tabel.assign(van=nieuw)
        self.tabellen[entiteit] = pd.concat([tabel, vorige[mag]], ignore_index=True)

    def verwijder(self, entiteit: str, rijen: Getallen, op: Dagen) -> None:
        """Delete rows (positions) on the day ``op``, and with them what hangs on them."""
        tabel = self.tabellen[entiteit]
        tot = tabel["tot"].to_numpy().copy()
        tot[rijen] = np.minimum(tot[rijen], op)
        self.tabellen[entiteit] = tabel.assign(tot=tot)
        sleutel = EIGEN_NUMMER.get(entiteit)
        if sleutel is None:
            return
        weg = dict(zip(tabel[sleutel].to_numpy()[rijen].tolist(), np.broadcast_to(op, len(rijen)).tolist(), strict=True))
        for kind, ouders in OUDERS.items():
            for kolom, ouder in ouders:
                if ouder == entiteit:
                    self._verwijder_kinderen(kind, kolom, weg)

    def _verwijder_kinderen(self, kind: str, kolom: str, weg: dict[int, int]) -> None:
        tabel = self.tabellen[kind]
        op = tabel[kolom].map(weg).fillna(NOOIT).astype(np.int64).to_numpy()
        geraakt = (op != NOOIT) & (op <= tabel["tot"].to_numpy())
        self.tabellen[kind] = tabel.assign(tot=np.where(geraakt, op, tabel["tot"]), met_ouder=tabel["met_ouder"].to_numpy() | geraakt)
        sleutel = EIGEN_NUMMER.get(kind)
        if sleutel is not None and geraakt.any():
            nummers = dict(zip(tabel.loc[geraakt, sleutel].tolist(), op[geraakt].tolist(), strict=True))
            for kleinkind, ouders in OUDERS.items():
                for veld, ouder in ouders:
                    if ouder == kind:
                        self._verwijder_kinderen(kleinkind, veld, nummers)

    def hernummer(self, entiteit: str, kopie: pd.DataFrame) -> pd.DataFrame:
        """Give copied rows the next free numbers of their entity."""
        sleutel = EIGEN_NUMMER[entiteit]
        return kopie.assign(**{sleutel: self.tabellen[entiteit][sleutel].max() + 1 + np.arange(len(kopie))})

    def voeg_toe(self, entiteit: str, rijen: pd.DataFrame) -> None:
        """Add rows that have ``van`` and ``tot`` already."""
        self.tabellen[entiteit] = pd.concat([self.tabellen[entiteit], rijen], ignore_index=True)


def maak_registratie(doelen: Doelen, seed: int, eind: int, progress: Callable[[str], None]) -> Registratie:
    """Simulate everything up to and including day ``eind`` and register it; the same seed gives the same tables."""
    bronnen = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(6)]
    meldingen = maak_meldingen(doelen, bronnen[0], eind)
    adviezen = maak_adviesvragen(doelen, bronnen[1], eind)
    progress(f"{len(meldingen.rijen)} meldingen, {len(adviezen.rijen)} adviesvragen")
    beoordeling = maak_beoordelingen(doelen, bronnen[2], meldingen.rijen, eind)
    rijen = meldingen.rijen
    klaar, dienst_soort = _klaar(beoordeling, len(rijen))
    gevolgd = (dienst_soort != "") & (klaar != NOOIT) & (bronnen[3].random(len(rijen)) < 0.22)
    dicht = klaar + bronnen[3].geometric(0.1, len(rijen)) + np.where(gevolgd, bronnen[3].integers(95, 190, len(rijen)), 0)
    dicht = np.where((klaar == NOOIT) | (dicht > eind), NOOIT, dicht)
    gezinnen = maak_gezinnen(doelen, bronnen[3], rijen, dicht)
    rijen["casus"] = gezinnen.melding_casus
    _zelfde_minuut(rijen)
    gezinnen.casussen["afgesloten"] = sluit_casussen(doelen, bronnen[3], gezinnen.casussen, eind)
    _te_vroeg_gesloten(doelen, gezinnen.casussen)
    progress(f"{len(gezinnen.casussen)} casussen")
    overdrachten = maak_overdrachten(doelen, bronnen[4], rijen, klaar, dienst_soort, eind)
    beoordeling.vb["beslissing"] = besluiten(bronnen[4], beoordeling.vb["besluit"].to_numpy(), dienst_soort, overdrachten)
    progress(f"{len(overdrachten)} overdrachten")
    casus_gevolgd = np.full(len(gezinnen.casussen), NOOIT)
    np.minimum.at(casus_gevolgd, gezinnen.melding_casus[gevolgd], klaar[gevolgd])
    rng = bronnen[5]
    tabellen = {
        **_adviestabellen(rng, adviezen),
        **_meldingtabellen(rng, meldingen, gezinnen, beoordeling),
        "overdrachten": _overdrachten(overdrachten),
        "monitormomenten": _met_casusnummer(maak_monitormomenten(rng, gezinnen.casussen, casus_gevolgd, eind)),
        "huisverboden": _met_casusnummer(maak_huisverboden(doelen, rng, rijen, meldingen.vormen, eind)).assign(van=lambda t: t["op"]),
    }
    return Registratie({naam: _afronden(naam, tabellen) for naam in OUDERS}, eind, doelen, rng)


def _klaar(beoordeling: Beoordelingen, n: int) -> tuple[Dagen, npt.NDArray[np.str_]]:
    """The day the work on each report ended (decision, or end of its dienst) and the kind of dienst ('' = none)."""
    klaar = beoordeling.vb["besluit"].to_numpy().copy()
    soort = np.full(n, "", "U20")
    klaar[beoordeling.diensten["melding"]] = beoordeling.diensten["afgesloten"]
    soort[beoordeling.diensten["melding"]] = beoordeling.diensten["soort"]
    return klaar, soort


def _zelfde_minuut(rijen: pd.DataFrame) -> None:
    """A few reports came in twice within the minute (a warning)."""
    vorige = rijen.groupby("casus").shift(1)
    paar = np.flatnonzero((vorige["dag"] == rijen["dag"]) & (vorige["melder"] == rijen["melder"]))[:9]
    utc = rijen["utc"].to_numpy().copy()
    utc[paar] = vorige["utc"].to_numpy()[paar].astype(np.int64)
    rijen["utc"] = utc
    rijen.loc[paar, ["acuut_utc", "acuut_dag"]] = [-1, NOOIT]


def _te_vroeg_gesloten(doelen: Doelen, casussen: pd.DataFrame) -> None:
    """A few cases were closed on the day before their last report (a warning), in years whose number of closed cases is free."""
    sluit = casussen["afgesloten"].to_numpy().copy()
    nieuw = casussen["laatste"].to_numpy() - 1
    vast = [int(periode[:4]) for periode in doelen.perioden("casussen_uitgestroomd")]
    vrij = ~np.isin(jaar_van(nieuw), vast) & ~np.isin(jaar_van(np.where(sluit == NOOIT, 0, sluit)), vast) & (sluit != NOOIT)
    rijen = np.flatnonzero(vrij & (casussen["meldingen"] > 2) & (nieuw > casussen["geopend"]))
    rijen = rijen[:: max(1, len(rijen) // 14)]
    sluit[rijen] = nieuw[rijen]
    casussen["afgesloten"] = sluit


def _adviestabellen(rng: np.random.Generator, adviezen: Adviesvragen) -> dict[str, pd.DataFrame]:
    rijen = adviezen.rijen.rename(columns={"dag": "gestart"})
    rijen["van"] = rijen["gestart"] + np.where(rng.random(len(rijen)) < 0.93, 0, rng.integers(1, 5, len(rijen)))
    return {"adviesvragen": rijen, "adviesvraag_vormen": adviezen.vormen.assign(advies=adviezen.vormen["advies"] + 1, van=0)}


def _meldingtabellen(
    rng: np.random.Generator, meldingen: Meldingen, gezinnen: Gezinnen, beoordeling: Beoordelingen
) -> dict[str, pd.DataFrame]:
    rijen = meldingen.rijen
    n = len(rijen)
    casussen = gezinnen.casussen[["gezin", "variant", "geopend", "afgesloten"]].copy()
    casussen["huishouden"] = np.where(casussen["variant"] < 0, casussen["gezin"] + 1, n + 1 + np.arange(len(casussen)))
    casussen["van"] = casussen["geopend"]
    tabel = rijen.drop(columns=["gebied", "utc", "acuut_utc"]).assign(casus=rijen["casus"] + 1)
    tabel["ontvangen_op"] = moment_tekst(rijen["utc"].to_numpy())
    acuut = rijen["acuut_utc"].to_numpy()
    tabel["acuut_beoordeeld_op"] = np.where(acuut < 0, "", moment_tekst(np.maximum(acuut, 0)))
    tabel["van"] = rijen["dag"] + np.where(rng.random(n) < 0.94, 0, rng.integers(1, 5, n))
    laat = rijen["dag"].to_numpy()
    vb = beoordeling.vb.assign(
        melding=np.arange(n) + 1, van=np.minimum(beoordeling.vb["gestart"], np.where(rng.random(n) < 0.3, laat, NOOIT))
    )
    aarden = meldingen.aarden.assign(van=laat[meldingen.aarden["melding"]] + _na(rng, len(meldingen.aarden), 0.8))
    vormen = meldingen.vormen.assign(van=laat[meldingen.vormen["melding"]] + _na(rng, len(meldingen.vormen), 0.9))
    betrokkenen = maak_betrokkenen(rng, rijen, gezinnen.melding_gezin, meldingen.vormen)
    betrokkenen["van"] = laat[betrokkenen["melding"]] + np.where(betrokkenen["volgnummer"] > 1, _na(rng, len(betrokkenen), 0.93), 0)
    uit = {
        "casussen": casussen,
        "meldingen": tabel,
        "veiligheidsbeoordelingen": vb[vb["van"] < NOOIT],
        "diensten": beoordeling.diensten.assign(van=beoordeling.diensten["gestart"]),
        "veiligheidscontacten": beoordeling.contacten.assign(van=beoordeling.contacten["op"]),
        "melding_vormen": vormen,
        "melding_aarden": aarden,
        "betrokkenen": betrokkenen,
    }
    for naam in ("diensten", "veiligheidscontacten", "melding_vormen", "melding_aarden", "betrokkenen"):
        uit[naam] = uit[naam].assign(melding=uit[naam]["melding"] + 1)
    return uit


def _na(rng: np.random.Generator, n: int, direct: float) -> Getallen:
    """Days that a part of the report was registered after the rest: mostly none, never more than three weeks."""
    return np.where(rng.random(n) < direct, 0, np.minimum(rng.geometric(0.25, n), 21))


def _overdrachten(rijen: pd.DataFrame) -> pd.DataFrame:
    uit = rijen.rename(columns={"dag": "op"}).drop(columns="met_melding")
    uit["casus"] += 1
    uit["melding"] = np.where(rijen["met_melding"], rijen["melding"] + 1, 0)
    return uit


def _met_casusnummer(rijen: pd.DataFrame) -> pd.DataFrame:
    return rijen.assign(casus=rijen["casus"] + 1)


def _afronden(naam: str, tabellen: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Number the rows and let no row be registered before its parents (which come earlier in ``OUDERS``)."""
    tabel = tabellen[naam].reset_index(drop=True)
    if naam in EIGEN_NUMMER:
        tabel[EIGEN_NUMMER[naam]] = np.arange(len(tabel)) + 1
    if "tot" not in tabel:
        tabel["tot"] = NOOIT
    tabel["met_ouder"] = False
    for kolom, ouder in OUDERS[naam]:
        vroegst = np.concatenate([[0], tabellen[ouder]["van"].to_numpy()])
        tabel["van"] = np.maximum(tabel["van"], vroegst[tabel[kolom]])
    tabellen[naam] = tabel
    return tabel
