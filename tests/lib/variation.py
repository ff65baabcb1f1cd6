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
        self.figures = figures.copy()
        self.rng = np.random.default_rng(seed)

    def _row(self, indicator: str, periode: str, categorie: str, gebied: str, publicatie: str) -> pd.Series:
        c = self.figures
        row = (c["indicator"] == indicator) & (c["periode"] == periode) & (c["categorie"] == categorie) & (c["gebied"] == gebied)
        return row & c["publicatie"].str.startswith(publicatie)

    def put(self, value: float, indicator: str, periode: str, categorie: str = "", gebied: str = "REGIO", publicatie: str = "") -> float:
        row = self._row(indicator, periode, categorie, gebied, publicatie)
        assert row.sum() <= 1, (indicator, periode, categorie)
        self.figures.loc[row, "waarde"] = value
        return value

    def read(self, indicator: str, periode: str, categorie: str = "", gebied: str = "REGIO", publicatie: str = "") -> float:
        row = self.figures.loc[self._row(indicator, periode, categorie, gebied, publicatie), "waarde"]
        return float(row.iloc[0]) if len(row) else 0.0

    def scale(self, slack: float, *key: str, **rest: str) -> int:
        factor = 1 + self.rng.uniform(-slack, slack)
        return int(self.put(round(self.read(*key, **rest) * factor), *key, **rest))

    def shift(self, slack: float, *key: str) -> float:
        return self.put(round(self.read(*key) + self.rng.uniform(-slack, slack)), *key)


def changed(figures: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The table of published figures with other values in nearly every row."""
    t = VariedFigures(figures, seed)
    _instroom(t)
    _veiligheidsbeoordelingen(t)
    _overdrachten(t)
    return t.figures


def _instroom(t: VariedFigures) -> None:
    for periode in ("2017", "2019-H1", "2020", "2021", "2024"):
        total = t.scale(0.06, "meldingen", periode)
        t.scale(0.1, "adviesvragen", periode)
        if periode in {"2021", "2024"}:
            with_ = t.put(round(total * t.rng.uniform(0.70, 0.80)), "meldingen", periode, "met_kinderen")
            t.put(total - with_, "meldingen", periode, "zonder_kinderen")
            t.scale(0.4, "meldingen", periode, gebied="BUITEN")
    buiten = t.read("meldingen", "2024", gebied="BUITEN")
    with_ = t.put(round(buiten * 0.6), "meldingen", "2024", "met_kinderen", gebied="BUITEN")
    t.put(buiten - with_, "meldingen", "2024", "zonder_kinderen", gebied="BUITEN")
    t.put(round(t.read("meldingen", "2019-H1") * t.rng.uniform(0.8, 0.87)), "meldingen", "2019-H1", gebied="GM0363")
    t.scale(0.1, "adviesvragen", "2021", gebied="BUITEN")
    casussen = t.put(round(t.read("meldingen", "2021") / t.rng.uniform(1.24, 1.34)), "casussen_met_melding", "2021")
    t.put(round(t.read("meldingen", "2021") / casussen, 2), "meldingen_per_casus", "2021")
    for year in ("2023", "2024"):
        for huishouden in ("met_kinderen", "zonder_kinderen"):
            t.scale(0.3, "meldingen", year, f"{huishouden}|ggz_volwassenen")
    for key in (("2024", "met_kinderen"), ("2023", "zonder_kinderen"), ("2021", "zonder_kinderen"), ("2019-H1", "met_kinderen")):
        t.shift(3, "aandeel_meldingen_politie", *key)
    t.put(round(t.rng.uniform(85, 91), 1), "aandeel_meldingen_politie", "2024", "zonder_kinderen")
    for group in ("kindermishandeling", "partnergeweld", "andere_problematiek", "overig_huiselijk_geweld"):
        t.shift(4, "aandeel_meldingen_vorm", "2021", f"met_kinderen|{group}")
    for group in ("partnergeweld", "overig_huiselijk_geweld", "ouderenmishandeling"):
        t.shift(3, "aandeel_meldingen_vorm", "2021", f"zonder_kinderen|{group}")
    t.shift(3, "aandeel_hermeldingen", "2019-H1")


def _veiligheidsbeoordelingen(t: VariedFigures) -> None:
    shift = int(t.rng.integers(-4, 5))
    for uitkomst, direction in (("structureel", 1), ("eenmalig", -1)):
        t.put(t.read("aandeel_vb_uitkomst", "2021", uitkomst) + direction * shift, "aandeel_vb_uitkomst", "2021", uitkomst)
    t.put(round(t.rng.uniform(6.6, 9.4), 1), "vb_doorlooptijd_gemiddeld", "2021")
    t.put(round(t.rng.uniform(28, 40), 1), "vb_doorlooptijd_gemiddeld", "2024")
    t.shift(6, "aandeel_vb_binnen_termijn", "2021")
    t.shift(5, "aandeel_diensten_binnen_termijn", "2021")
    t.shift(5, "aandeel_vb_onveilig", "2019-H1")
    t.scale(0.04, "casussen_uitgestroomd", "2021")


def _overdrachten(t: VariedFigures) -> None:
    for year in YEARS:
        for group, ontvangers in GROUPS.items():
            sums = {"ja": 0, "nee": 0}
            for ontvanger in ontvangers:
                part = {b: t.scale(0.08, "overdrachten", year, f"{ontvanger}|{b}") for b in sums}
                t.put(sum(part.values()), "overdrachten", year, ontvanger)
                sums = {b: sums[b] + part[b] for b in sums}
            for betrokken, n in sums.items():
                if group != "BLIJVEND_VEILIG":
                    t.put(n, "overdrachten", year, f"{group}|{betrokken}")
            if group != "BLIJVEND_VEILIG":
                t.put(sum(sums.values()), "overdrachten", year, group, publicatie="jaarcijfers")
    for year in ("2020", "2024"):
        t.scale(0.2, "overdrachten", year, "RVDK")
    coordinating = t.read("overdrachten", "2021", "BLIJVEND_VEILIG")
    for name, members in (("GI", ["GI"]), ("LOKALE_VELD", ["LOKAAL_TEAM_AMSTERDAM", "LOKAAL_TEAM_REGIO"])):
        ja, nee = (sum(t.read("overdrachten", "2021", f"{g}|{b}") for g in members) for b in ("ja", "nee"))
        first = t.put(ja + nee - int(t.rng.integers(8, 60)), "overdrachten", "2021", name, publicatie="jaarrapportage")
        t.put(round(100 * ja / (ja + nee)), "aandeel_overdrachten_betrokken", "2021", name)
        coordinating += first
    total = t.scale(0.03, "overdrachten_en_afsluitingen", "2021")
    share = 100 * coordinating / total
    other_care, no_follow_up = int(t.rng.integers(17, 21)), int(t.rng.integers(8, 12))
    t.put(round(share), "aandeel_uitstroom", "2021", "regiehoudend")
    t.put(other_care, "aandeel_uitstroom", "2021", "overige_hulpverlening")
    t.put(no_follow_up, "aandeel_uitstroom", "2021", "geen_vervolg")
    t.put(int(100 - share - other_care - no_follow_up), "aandeel_uitstroom", "2021", "clientsysteem")
