"""Another set of published figures, as consistent as the real one: totals, splits and shares are drawn anew."""

import numpy as np
import pandas as pd

GROUPS = {
    "GI": ("JBRA", "LDH", "WSS", "GI_ANDERS"),
    "LOKAAL_TEAM_AMSTERDAM": ("OKT", "BUURTTEAM", "SAMENDOEN"),
    "LOKAAL_TEAM_REGIO": ("LT_AALSMEER", "LT_AMSTELVEEN", "LT_DIEMEN", "LT_OUDER_AMSTEL", "LT_UITHOORN"),
    "BLIJVEND_VEILIG": ("BLIJVEND_VEILIG",),
}
YEARS = ("2020", "2021", "2022", "2023", "2024")


class VariedFigures:
    def __init__(self, figures: pd.DataFrame, seed: int):
        self.cijfers = figures.copy()
        self.rng = np.random.default_rng(seed)

    def _rij(self, indicator: str, periode: str, categorie: str, gebied: str, publicatie: str) -> pd.Series:
        c = self.cijfers
        row = (c["indicator"] == indicator) & (c["periode"] == periode) & (c["categorie"] == categorie) & (c["gebied"] == gebied)
        return row & c["publicatie"].str.startswith(publicatie)

    def zet(self, value: float, indicator: str, periode: str, categorie: str = "", gebied: str = "REGIO", publicatie: str = "") -> float:
        row = self._rij(indicator, periode, categorie, gebied, publicatie)
        assert row.sum() <= 1, (indicator, periode, categorie)
        self.cijfers.loc[row, "waarde"] = value
        return value

    def lees(self, indicator: str, periode: str, categorie: str = "", gebied: str = "REGIO", publicatie: str = "") -> float:
        row = self.cijfers.loc[self._rij(indicator, periode, categorie, gebied, publicatie), "waarde"]
        return float(row.iloc[0]) if len(row) else 0.0

    def schaal(self, slack: float, *key: str, **rest: str) -> int:
        factor = 1 + self.rng.uniform(-slack, slack)
        return int(self.zet(round(self.lees(*key, **rest) * factor), *key, **rest))

    def schuif(self, slack: float, *key: str) -> float:
        return self.zet(round(self.lees(*key) + self.rng.uniform(-slack, slack)), *key)


def changed(figures: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The table of published figures with other values in nearly every row."""
    t = VariedFigures(figures, seed)
    _instroom(t)
    _veiligheidsbeoordelingen(t)
    _overdrachten(t)
    return t.cijfers


def _instroom(t: VariedFigures) -> None:
    for periode in ("2017", "2019-H1", "2020", "2021", "2024"):
        total = t.schaal(0.06, "meldingen", periode)
        t.schaal(0.1, "adviesvragen", periode)
        if periode in {"2021", "2024"}:
            with_ = t.zet(round(total * t.rng.uniform(0.70, 0.80)), "meldingen", periode, "met_kinderen")
            t.zet(total - with_, "meldingen", periode, "zonder_kinderen")
            t.schaal(0.4, "meldingen", periode, gebied="BUITEN")
    buiten = t.lees("meldingen", "2024", gebied="BUITEN")
    with_ = t.zet(round(buiten * 0.6), "meldingen", "2024", "met_kinderen", gebied="BUITEN")
    t.zet(buiten - with_, "meldingen", "2024", "zonder_kinderen", gebied="BUITEN")
    t.zet(round(t.lees("meldingen", "2019-H1") * t.rng.uniform(0.8, 0.87)), "meldingen", "2019-H1", gebied="GM0363")
    t.schaal(0.1, "adviesvragen", "2021", gebied="BUITEN")
    casussen = t.zet(round(t.lees("meldingen", "2021") / t.rng.uniform(1.24, 1.34)), "casussen_met_melding", "2021")
    t.zet(round(t.lees("meldingen", "2021") / casussen, 2), "meldingen_per_casus", "2021")
    for year in ("2023", "2024"):
        for huishouden in ("met_kinderen", "zonder_kinderen"):
            t.schaal(0.3, "meldingen", year, f"{huishouden}|ggz_volwassenen")
    for key in (("2024", "met_kinderen"), ("2023", "zonder_kinderen"), ("2021", "zonder_kinderen"), ("2019-H1", "met_kinderen")):
        t.schuif(3, "aandeel_meldingen_politie", *key)
    t.zet(round(t.rng.uniform(85, 91), 1), "aandeel_meldingen_politie", "2024", "zonder_kinderen")
    for group in ("kindermishandeling", "partnergeweld", "andere_problematiek", "overig_huiselijk_geweld"):
        t.schuif(4, "aandeel_meldingen_vorm", "2021", f"met_kinderen|{group}")
    for group in ("partnergeweld", "overig_huiselijk_geweld", "ouderenmishandeling"):
        t.schuif(3, "aandeel_meldingen_vorm", "2021", f"zonder_kinderen|{group}")
    t.schuif(3, "aandeel_hermeldingen", "2019-H1")


def _veiligheidsbeoordelingen(t: VariedFigures) -> None:
    shift = int(t.rng.integers(-4, 5))
    for uitkomst, direction in (("structureel", 1), ("eenmalig", -1)):
        t.zet(t.lees("aandeel_vb_uitkomst", "2021", uitkomst) + direction * shift, "aandeel_vb_uitkomst", "2021", uitkomst)
    t.zet(round(t.rng.uniform(6.6, 9.4), 1), "vb_doorlooptijd_gemiddeld", "2021")
    t.zet(round(t.rng.uniform(28, 40), 1), "vb_doorlooptijd_gemiddeld", "2024")
    t.schuif(6, "aandeel_vb_binnen_termijn", "2021")
    t.schuif(5, "aandeel_diensten_binnen_termijn", "2021")
    t.schuif(5, "aandeel_vb_onveilig", "2019-H1")
    t.schaal(0.04, "casussen_uitgestroomd", "2021")


def _overdrachten(t: VariedFigures) -> None:
    for year in YEARS:
        for group, ontvangers in GROUPS.items():
            sums = {"ja": 0, "nee": 0}
            for ontvanger in ontvangers:
                part = {b: t.schaal(0.08, "overdrachten", year, f"{ontvanger}|{b}") for b in sums}
                t.zet(sum(part.values()), "overdrachten", year, ontvanger)
                sums = {b: sums[b] + part[b] for b in sums}
            for betrokken, n in sums.items():
                if group != "BLIJVEND_VEILIG":
                    t.zet(n, "overdrachten", year, f"{group}|{betrokken}")
            if group != "BLIJVEND_VEILIG":
                t.zet(sum(sums.values()), "overdrachten", year, group, publicatie="jaarcijfers")
    for year in ("2020", "2024"):
        t.schaal(0.2, "overdrachten", year, "RVDK")
    coordinating = t.lees("overdrachten", "2021", "BLIJVEND_VEILIG")
    for name, members in (("GI", ["GI"]), ("LOKALE_VELD", ["LOKAAL_TEAM_AMSTERDAM", "LOKAAL_TEAM_REGIO"])):
        ja, nee = (sum(t.lees("overdrachten", "2021", f"{g}|{b}") for g in members) for b in ("ja", "nee"))
        first = t.zet(ja + nee - int(t.rng.integers(8, 60)), "overdrachten", "2021", name, publicatie="jaarrapportage")
        t.zet(round(100 * ja / (ja + nee)), "aandeel_overdrachten_betrokken", "2021", name)
        coordinating += first
    total = t.schaal(0.03, "overdrachten_en_afsluitingen", "2021")
    share = 100 * coordinating / total
    other_care, no_follow_up = int(t.rng.integers(17, 21)), int(t.rng.integers(8, 12))
    t.zet(round(share), "aandeel_uitstroom", "2021", "regiehoudend")
    t.zet(other_care, "aandeel_uitstroom", "2021", "overige_hulpverlening")
    t.zet(no_follow_up, "aandeel_uitstroom", "2021", "geen_vervolg")
    t.zet(int(100 - share - other_care - no_follow_up), "aandeel_uitstroom", "2021", "clientsysteem")
