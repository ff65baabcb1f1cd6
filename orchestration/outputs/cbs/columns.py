"""The record sets (``cbs/record_sets``): which columns each has for a layout to name, and of what kind they are."""

from functools import cache
from typing import Literal

from orchestration.intake.contract import load_contract
from orchestration.intake.rules import ONBEKEND
from orchestration.seeds import rows
from orchestration.settings import PROJECT

FOLDER = PROJECT / "cbs"
RECORD_SETS = FOLDER / "record_sets"

Kind = Literal["tekst", "getal", "datum", "code", "codes"]

YES_NO = "ja_nee"
OUTCOMES = "uitkomsten"
OWN_CODES = {"anoniem": YES_NO, "acuut": YES_NO, "huishouden": "huishouden", "betrokkenheid": "betrokkenheid"}
"""Column that holds one code and is no field of the delivery contract with a code list → its code list."""
SEVERAL = {"vormen": "vorm", "aarden": "aard", "uitkomsten": OUTCOMES}
"""Column that holds any number of codes → their code list."""
NUMBERS = ("volgnummer", "eerdere_incidenten", "betrokkenen")
DAYS = ("gestart_op", "afgesloten_op", "ontvangen_op", "vb_gestart_op", "besluit_op")

SETS: dict[str, tuple[str, ...]] = {
    "adviezen": ("nummer", "gestart_op", "afgesloten_op", "kanaal", "hoedanigheid", "anoniem", "gemeente", "vormen"),
    "meldingen": (
        "nummer",
        "casus_nummer",
        "ontvangen_op",
        "hoedanigheid",
        "huishouden",
        "urgentie",
        "eerdere_incidenten",
        "betrokkenheid",
        "acuut",
        "gemeente",
        "vormen",
        "aarden",
        "vb_gestart_op",
        "besluit_op",
        "uitkomst",
        "besluit",
        "betrokkenen",
    ),
    "betrokkenen_meldingen": ("nummer", "volgnummer", "bsn", "geboortedatum", "geslacht"),
    "onderzoeken": (
        "nummer",
        "melding_nummer",
        "gestart_op",
        "afgesloten_op",
        "uitkomst_huiselijk_geweld",
        "uitkomst_kindermishandeling",
        "voortijdig",
        "uitkomsten",
        "hoedanigheid",
        "huishouden",
        "gemeente",
        "vormen",
        "aarden",
    ),
    "betrokkenen_onderzoeken": ("nummer", "volgnummer", "bsn", "geboortedatum", "geslacht"),
}
"""Record set → its columns; each set has ``instelling`` too, the number that CBS knows the organisation by."""

NUMBERED = {
    ("adviezen", "nummer"): "advies",
    ("meldingen", "nummer"): "melding",
    ("meldingen", "casus_nummer"): "casus",
    ("betrokkenen_meldingen", "nummer"): "melding",
    ("betrokkenen_meldingen", "bsn"): "persoon",
    ("onderzoeken", "nummer"): "dienst",
    ("onderzoeken", "melding_nummer"): "melding",
    ("betrokkenen_onderzoeken", "nummer"): "dienst",
    ("betrokkenen_onderzoeken", "bsn"): "persoon",
}
"""Columns that identify → the kind of number, as the delivery contract has them."""

UNKNOWN = {
    "bsn": (ONBEKEND,),
    "hoedanigheid": ("onbekend",),
    "geslacht": ("O",),
}
"""Column → values that say that nobody knows. Of a date of birth: a month or day that is 00."""


@cache
def one_code() -> dict[str, str]:
    """Column that holds one code → its code list: the fields of the contract that have one, and ``OWN_CODES``."""
    return {f.name: f.codelijst for e in load_contract().entities for f in e.fields if f.codelijst} | OWN_CODES


def kind(column: str) -> Kind:
    """What a column holds."""
    if column in one_code():
        return "code"
    if column in SEVERAL:
        return "codes"
    if column in DAYS:
        return "datum"
    return "getal" if column in NUMBERS else "tekst"


def code_list(column: str) -> str:
    """The code list of a column that holds codes."""
    return one_code().get(column) or SEVERAL[column]


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list, in its order."""
    if name == YES_NO:
        return ("ja", "nee")
    if name == OUTCOMES:
        both = [f"{of}_{code}" for of in ("huiselijk_geweld", "kindermishandeling") for code in codes("onderzoek_uitkomst")]
        return (*both, *(f"voortijdig_{code}" for code in codes("voortijdig")))
    files = ("codes/codelijsten.csv", "catalogue/afgeleide_categorieen.csv")
    return tuple(row["code"] for file in files for row in rows(file) if row["codelijst"] == name)
