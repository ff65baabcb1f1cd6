"""What shares and rates stand on, in counts that are published themselves; what is no such count is a cell of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

NUMERATOR, DENOMINATOR = "teller", "noemer"


@dataclass(frozen=True)
class Term:
    """A count above or below the line, in the same area and period: a breakdown and category beside those of the share."""

    series: str
    breakdown: str = ""
    """the breakdown of the count: ``=`` is that of the share, ``=|x`` is that crossed with x, ``<`` is the first of a crossed one"""
    category: str = ""
    coefficient: int = 1
    area: str = "="
    """the area: ``=`` is that of the share"""


@dataclass(frozen=True)
class Share:
    """Above and below the line; None is a cell of its own: the share's code and which of the two."""

    numerator: tuple[Term, ...] | None = None
    denominator: tuple[Term, ...] | None = None
    households: bool = False
    """below the line are the households of a public table"""


def _of(series: str, breakdown: str = "", category: str = "") -> tuple[Term, ...]:
    return (Term(series, breakdown, category),)


_SAME = "="
_REPORTS = _of("meldingen", _SAME)

SHARES: Mapping[str, Share] = {
    "aandeel_meldingen_politie": Share(_of("meldingen", "=|melder_groep", "politie"), _REPORTS),
    "aandeel_meldingen_professionals": Share(None, _REPORTS),
    "aandeel_meldingen_inwoners": Share(_of("meldingen", "=|melder_groep", "inwoners"), _REPORTS),
    "aandeel_meldingen_huishouden": Share(_REPORTS, _of("meldingen")),
    "aandeel_meldingen_vorm": Share(_REPORTS, _of("meldingen", "<")),
    "aandeel_hermeldingen": Share(_of("meldingen", "=|betrokkenheid", "hermelding"), _REPORTS),
    "meldingen_per_casus": Share(_of("meldingen"), _of("casussen_met_melding")),
    "meldingen_per_1000_huishoudens": Share(_of("meldingen"), households=True),
    "aandeel_vb_uitkomst": Share(_of("vb_afgerond", _SAME), _of("vb_afgerond")),
    "aandeel_vb_onveilig": Share(None, _of("vb_afgerond", _SAME)),
    "aandeel_vb_binnen_termijn": Share(None, _of("vb_afgerond", _SAME)),
    "aandeel_vb_binnen_termijn_instroom": Share(),
    "aandeel_acuut_binnen_2_uur": Share(),
    "aandeel_diensten_binnen_termijn": Share(),
    "aandeel_uitstroom": Share(_of("overdrachten_en_afsluitingen", _SAME), _of("overdrachten_en_afsluitingen")),
    "aandeel_overdrachten_betrokken": Share(_of("overdrachten", "=|betrokken", "ja"), None),
    "aandeel_inwoners_instroom": Share(),
    "aandeel_professionals_niet_politie": Share(None, _of("aandeel_inwoners_instroom:noemer")),
    "aandeel_zonder_hermelding_2jaar": Share(),
    "aandeel_structureel_veilig": Share(),
    "aandeel_directe_veiligheid": Share(),
    "aandeel_huisverboden_hulpverlening": Share(None, _of("huisverboden")),
}

OUTSIDE = Term("meldingen", coefficient=-1, area="BUITEN")
"""What a rate of the region leaves out: who lives outside it is in no count of households."""


def series_of(indicator: str, part: str) -> str:
    """The name of the cells above or below the line of a share that has its own."""
    return f"{indicator}:{part}"


def terms(indicator: str, part: str, breakdown: str, category: str, area: str) -> list[tuple[int, str, str, str, str]]:
    """What a share stands on: coefficient, series, breakdown, category and area (empty: that of the share) of each count.

    Empty for a part that is no count.
    """
    share = SHARES[indicator]
    if part == DENOMINATOR and share.households:
        return []
    given = share.numerator if part == NUMERATOR else share.denominator
    if given is None:
        return [(1, series_of(indicator, part), breakdown, category, "")]
    found = [*given, OUTSIDE] if share.households and area == "REGIO" else given
    return [(t.coefficient, t.series, *_broken_down(t, breakdown, category), "" if t.area == "=" else t.area) for t in found]


def _broken_down(term: Term, breakdown: str, category: str) -> tuple[str, str]:
    if term.breakdown == "<":
        crossed = "|" in breakdown
        return (breakdown.partition("|")[0], category.partition("|")[0]) if crossed else ("", "")
    if term.breakdown == "=":
        return breakdown, category
    if term.breakdown.startswith("=|"):
        own = term.breakdown[2:]
        return (f"{breakdown}|{own}", f"{category}|{term.category}") if breakdown else (own, term.category)
    return term.breakdown, term.category
