"""Every expectation of every suite has data that trips it: a check that cannot fail protects nobody."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from orchestration.quality import batches
from orchestration.quality.suites import load_suite, validate

GRENZEN = batches.bounds(date(2025, 1, 31))

Bederf = Callable[[pd.DataFrame], pd.DataFrame]


def meldingen() -> pd.DataFrame:
    """Twenty reports as landed, all in order."""
    n = 20
    return pd.DataFrame(
        {
            "melding_id": [f"m{i}" for i in range(n)],
            "casus_id": [f"c{i}" for i in range(n)],
            "ontvangen_op": pd.date_range("2024-05-01", periods=n, tz="Europe/Amsterdam"),
            "hoedanigheid": ["politie"] * n,
            "huishouden_met_kinderen": [True] * n,
            "gemeente_code": ["GM0363"] * n,
            "stadsdeel_code": ["A"] * n,
            "buurt_code": [None] * n,
            "urgentie": ["2"] * n,
            "eerdere_incidenten": [1] * n,
            "acuut_beoordeeld_op": pd.date_range("2024-05-01", periods=n, tz="Europe/Amsterdam"),
            "acuut_vermoeden": [False] * n,
            "_levering": [1] * n,
            "_bestand": ["meldingen.csv"] * n,
            "_regel": range(2, n + 2),
        }
    )


def indicatoren() -> pd.DataFrame:
    """120 figures of one indicator and one share, all in order."""
    rows = [
        {
            "indicator": indicator,
            "periode_soort": "maand",
            "periode": f"{jaar}-{maand:02d}",
            "gebied_soort": "regio",
            "gebied": "REGIO",
            "categorie_soort": "",
            "categorie": "",
            "waarde": 50.0,
            "teller": None,
            "noemer": None,
            "eenheid": eenheid,
            "status": "berekend",
            "voorlopig": False,
            "periode_start": date(jaar, maand, 1),
            "periode_eind": date(jaar, maand, 28),
            "indicator_naam": "Naam",
            "gebied_naam": "Regio",
            "categorie_naam": "",
            "volgorde": 1,
        }
        for indicator, eenheid in (("meldingen", "aantal"), ("aandeel_hermeldingen", "procent"))
        for jaar in range(2020, 2025)
        for maand in range(1, 13)
    ]
    return pd.DataFrame(rows)


def zet(column: str, value: object, where: int | slice = 0) -> Bederf:
    """A frame with ``value`` in ``column`` at row ``where``."""

    def bederf(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.astype({column: object})
        frame.loc[where, column] = value
        return frame

    return bederf


def samen(*delen: Bederf) -> Bederf:
    def bederf(frame: pd.DataFrame) -> pd.DataFrame:
        for deel in delen:
            frame = deel(frame)
        return frame

    return bederf


BEDERF: dict[str, dict[str, Bederf]] = {
    "landing_meldingen": {
        "kolommen": lambda f: f.drop(columns="acuut_vermoeden"),
        "rijen": lambda f: f.iloc[:0],
        "sleutel_gevuld": zet("melding_id", None),
        "casus_gevuld": zet("casus_id", None),
        "regel_uniek": zet("_regel", 3),
        "ontvangen_gevuld": zet("ontvangen_op", pd.NaT),
        "ontvangen_tot_peildatum": zet("ontvangen_op", pd.Timestamp("2025-02-01 08:00", tz="Europe/Amsterdam")),
        "hoedanigheid_bekend": zet("hoedanigheid", "buurman"),
        "urgentie_bekend": zet("urgentie", "5"),
        "gemeente_vorm": zet("gemeente_code", "0363"),
        "gemeente_bijna_altijd": zet("gemeente_code", None, slice(0, 4)),
        "incidenten_mogelijk": zet("eerdere_incidenten", 100_000),
        "acuut_beoordeeld": zet("acuut_beoordeeld_op", pd.NaT, slice(0, 5)),
    },
    "marts_indicatoren": {
        "kolommen": lambda f: f.drop(columns="volgorde"),
        "rijen": lambda f: f.iloc[:10],
        "sleutel_uniek": lambda f: pd.concat([f, f.iloc[:1]], ignore_index=True),
        "indicator_uit_catalogus": zet("indicator", "zelfbedacht"),
        "periode_soort": zet("periode_soort", "week"),
        "periode_vorm": zet("periode", "2024-13"),
        "gebied_soort": zet("gebied_soort", "straat"),
        "eenheid": zet("eenheid", "stuks"),
        "status": zet("status", "misschien"),
        "aandeel_0_100": zet("waarde", 100.5, 60),
        "waarde_niet_negatief": zet("waarde", -1.0),
        "aantal_gevuld": zet("waarde", None),
        "ontbreekt_is_leeg": zet("status", "ontbreekt"),
        "naam_gevuld": zet("indicator_naam", None),
        "gebied_naam_gevuld": zet("gebied_naam", None),
    },
}
GOED = {"landing_meldingen": meldingen, "marts_indicatoren": indicatoren}


@pytest.mark.parametrize("suite", GOED)
def test_good_data_pass(suite: str) -> None:
    assert {u.naam for u in validate(suite, GOED[suite](), GRENZEN) if u.uitkomst != "geslaagd"} == set()


@pytest.mark.parametrize("suite", GOED)
def test_every_expectation_has_data_that_trips_it(suite: str) -> None:
    assert set(BEDERF[suite]) == {e["meta"]["naam"] for e in load_suite(suite, GRENZEN)["expectations"]}


@pytest.mark.parametrize(("suite", "naam"), [(s, n) for s, per_naam in BEDERF.items() for n in per_naam])
def test_tripped(suite: str, naam: str) -> None:
    severity = {e["meta"]["naam"]: e["severity"] for e in load_suite(suite, GRENZEN)["expectations"]}[naam]
    outcomes = {u.naam.split(".")[1]: u for u in validate(suite, BEDERF[suite][naam](GOED[suite]()), GRENZEN)}
    assert outcomes[naam].uitkomst == ("gefaald" if severity == "critical" else "gewaarschuwd")
    assert outcomes[naam].toelichting


def test_a_failing_value_is_never_shown() -> None:
    outcomes = validate("landing_meldingen", zet("hoedanigheid", "de buurvrouw van nummer 7")(meldingen()), GRENZEN)
    assert "buurvrouw" not in str(outcomes)
