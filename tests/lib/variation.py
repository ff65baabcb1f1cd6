"""Another set of published figures, as consistent as the real one: totals, splits and shares are drawn anew."""

import numpy as np
import pandas as pd

GROEPEN = {
    "GI": ("JBRA", "LDH", "WSS", "GI_ANDERS"),
    "LOKAAL_TEAM_AMSTERDAM": ("OKT", "BUURTTEAM", "SAMENDOEN"),
    "LOKAAL_TEAM_REGIO": ("LT_AALSMEER", "LT_AMSTELVEEN", "LT_DIEMEN", "LT_OUDER_AMSTEL", "LT_UITHOORN"),
    "BLIJVEND_VEILIG": ("BLIJVEND_VEILIG",),
}
JAREN = ("2020", "2021", "2022", "2023", "2024")


class Tabel:
    def __init__(self, cijfers: pd.DataFrame, seed: int):
        self.cijfers = cijfers.copy()
        self.rng = np.random.default_rng(seed)

    def _rij(self, indicator: str, periode: str, categorie: str, gebied: str, publicatie: str) -> pd.Series:
        c = self.cijfers
        rij = (c["indicator"] == indicator) & (c["periode"] == periode) & (c["categorie"] == categorie) & (c["gebied"] == gebied)
        return rij & c["publicatie"].str.startswith(publicatie)

    def zet(self, waarde: float, indicator: str, periode: str, categorie: str = "", gebied: str = "REGIO", publicatie: str = "") -> float:
        rij = self._rij(indicator, periode, categorie, gebied, publicatie)
        assert rij.sum() <= 1, (indicator, periode, categorie)
        self.cijfers.loc[rij, "waarde"] = waarde
        return waarde

    def lees(self, indicator: str, periode: str, categorie: str = "", gebied: str = "REGIO", publicatie: str = "") -> float:
        rij = self.cijfers.loc[self._rij(indicator, periode, categorie, gebied, publicatie), "waarde"]
        return float(rij.iloc[0]) if len(rij) else 0.0

    def schaal(self, speling: float, *sleutel: str, **rest: str) -> int:
        factor = 1 + self.rng.uniform(-speling, speling)
        return int(self.zet(round(self.lees(*sleutel, **rest) * factor), *sleutel, **rest))

    def schuif(self, speling: float, *sleutel: str) -> float:
        return self.zet(round(self.lees(*sleutel) + self.rng.uniform(-speling, speling)), *sleutel)


def gewijzigd(cijfers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The table of published figures with other values in nearly every row."""
    t = Tabel(cijfers, seed)
    _instroom(t)
    _beoordeling(t)
    _overdrachten(t)
    return t.cijfers


def _instroom(t: Tabel) -> None:
    for periode in ("2017", "2019-H1", "2020", "2021", "2024"):
        totaal = t.schaal(0.06, "meldingen", periode)
        t.schaal(0.1, "adviesvragen", periode)
        if periode in {"2021", "2024"}:
            met = t.zet(round(totaal * t.rng.uniform(0.70, 0.80)), "meldingen", periode, "met_kinderen")
            t.zet(totaal - met, "meldingen", periode, "zonder_kinderen")
            t.schaal(0.4, "meldingen", periode, gebied="BUITEN")
    buiten = t.lees("meldingen", "2024", gebied="BUITEN")
    met = t.zet(round(buiten * 0.6), "meldingen", "2024", "met_kinderen", gebied="BUITEN")
    t.zet(buiten - met, "meldingen", "2024", "zonder_kinderen", gebied="BUITEN")
    t.zet(round(t.lees("meldingen", "2019-H1") * t.rng.uniform(0.8, 0.87)), "meldingen", "2019-H1", gebied="GM0363")
    t.schaal(0.1, "adviesvragen", "2021", gebied="BUITEN")
    casussen = t.zet(round(t.lees("meldingen", "2021") / t.rng.uniform(1.24, 1.34)), "casussen_met_melding", "2021")
    t.zet(round(t.lees("meldingen", "2021") / casussen, 2), "meldingen_per_casus", "2021")
    for jaar in ("2023", "2024"):
        for huishouden in ("met_kinderen", "zonder_kinderen"):
            t.schaal(0.3, "meldingen", jaar, f"{huishouden}|ggz_volwassenen")
    for sleutel in (("2024", "met_kinderen"), ("2023", "zonder_kinderen"), ("2021", "zonder_kinderen"), ("2019-H1", "met_kinderen")):
        t.schuif(3, "aandeel_meldingen_politie", *sleutel)
    t.zet(round(t.rng.uniform(85, 91), 1), "aandeel_meldingen_politie", "2024", "zonder_kinderen")
    for groep in ("kindermishandeling", "partnergeweld", "andere_problematiek", "overig_huiselijk_geweld"):
        t.schuif(4, "aandeel_meldingen_vorm", "2021", f"met_kinderen|{groep}")
    for groep in ("partnergeweld", "overig_huiselijk_geweld", "ouderenmishandeling"):
        t.schuif(3, "aandeel_meldingen_vorm", "2021", f"zonder_kinderen|{groep}")
    t.schuif(3, "aandeel_hermeldingen", "2019-H1")


def _beoordeling(t: Tabel) -> None:
    verschuif = int(t.rng.integers(-4, 5))
    for uitkomst, richting in (("structureel", 1), ("eenmalig", -1)):
        t.zet(t.lees("aandeel_vb_uitkomst", "2021", uitkomst) + richting * verschuif, "aandeel_vb_uitkomst", "2021", uitkomst)
    t.zet(round(t.rng.uniform(6.6, 9.4), 1), "vb_doorlooptijd_gemiddeld", "2021")
    t.zet(round(t.rng.uniform(28, 40), 1), "vb_doorlooptijd_gemiddeld", "2024")
    t.schuif(6, "aandeel_vb_binnen_termijn", "2021")
    t.schuif(5, "aandeel_diensten_binnen_termijn", "2021")
    t.schuif(5, "aandeel_vb_onveilig", "2019-H1")
    t.schaal(0.04, "casussen_uitgestroomd", "2021")


def _overdrachten(t: Tabel) -> None:
    for jaar in JAREN:
        for groep, ontvangers in GROEPEN.items():
            som = {"ja": 0, "nee": 0}
            for ontvanger in ontvangers:
                deel = {b: t.schaal(0.08, "overdrachten", jaar, f"{ontvanger}|{b}") for b in som}
                t.zet(sum(deel.values()), "overdrachten", jaar, ontvanger)
                som = {b: som[b] + deel[b] for b in som}
            for betrokken, n in som.items():
                if groep != "BLIJVEND_VEILIG":
                    t.zet(n, "overdrachten", jaar, f"{groep}|{betrokken}")
            if groep != "BLIJVEND_VEILIG":
                t.zet(sum(som.values()), "overdrachten", jaar, groep, publicatie="jaarcijfers")
    for jaar in ("2020", "2024"):
        t.schaal(0.2, "overdrachten", jaar, "RVDK")
    regie = t.lees("overdrachten", "2021", "BLIJVEND_VEILIG")
    for naam, leden in (("GI", ["GI"]), ("LOKALE_VELD", ["LOKAAL_TEAM_AMSTERDAM", "LOKAAL_TEAM_REGIO"])):
        ja, nee = (sum(t.lees("overdrachten", "2021", f"{g}|{b}") for g in leden) for b in ("ja", "nee"))
        eerste = t.zet(ja + nee - int(t.rng.integers(8, 60)), "overdrachten", "2021", naam, publicatie="jaarrapportage")
        t.zet(round(100 * ja / (ja + nee)), "aandeel_overdrachten_betrokken", "2021", naam)
        regie += eerste
    totaal = t.schaal(0.03, "overdrachten_en_afsluitingen", "2021")
    aandeel = 100 * regie / totaal
    overig, geen = int(t.rng.integers(17, 21)), int(t.rng.integers(8, 12))
    t.zet(round(aandeel), "aandeel_uitstroom", "2021", "regiehoudend")
    t.zet(overig, "aandeel_uitstroom", "2021", "overige_hulpverlening")
    t.zet(geen, "aandeel_uitstroom", "2021", "geen_vervolg")
    t.zet(int(100 - aandeel - overig - geen), "aandeel_uitstroom", "2021", "clientsysteem")
