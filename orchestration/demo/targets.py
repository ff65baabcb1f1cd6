"""What the deliveries must add up to: the published figures, read from their table, and totals assumed where nothing was published."""

from dataclasses import dataclass
from pathlib import Path

from orchestration import seeds
from orchestration.demo.days import days_of_periode
from orchestration.demo.errors import DemoError
from orchestration.seeds import SEEDS

PUBLISHED = SEEDS / "published" / "gepubliceerde_cijfers.csv"

ORDER = ("jaarverslag-2017", "regioaanpak-2020-2025", "jaarrapportage-2021", "jaarcijfers-2024")
"""Publications from old to new: where two speak of the same figure, the newer one is a revision."""

ON_FIRST_DELIVERY = ORDER[:3]
"""Publications that rest on the first full delivery (31 January 2022); a later one rests on the second."""

COMBINED = {"LOKALE_VELD": ("LOKAAL_TEAM_AMSTERDAM", "LOKAAL_TEAM_REGIO")}
"""Groups of receivers that a publication takes together under a name of its own."""

TargetKey = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure; ``precisie`` as in the table: exact, afgerond N, ongeveer, ondergrens, bovengrens."""

    publicatie: str
    waarde: float
    precisie: str

    @property
    def aim(self) -> float:
        """The value to aim at: the figure itself, or well within the side that a bound allows."""
        if self.precisie == "ondergrens":
            return self.waarde + 0.1 * (100 - self.waarde)
        if self.precisie == "bovengrens":
            return 0.85 * self.waarde
        return self.waarde


def _rank(publicatie: str) -> int:
    return ORDER.index(publicatie) if publicatie in ORDER else len(ORDER)


class Targets:
    """The published figures by indicator, period, area and category; keeps count of which were asked for.

    ``scale`` < 1 asks for a small registration in which no published figure is met (for tests that need only the shape).
    """

    def __init__(self, path: Path | None = None, scale: float = 1.0):
        self.scale = scale
        self._figures: dict[TargetKey, list[PublishedFigure]] = {}
        self._asked: set[TargetKey] = set()
        if scale == 1.0:
            self._read(path or PUBLISHED)

    def _read(self, path: Path) -> None:
        for row in seeds.rows(path):
            if row["precisie"] == "contradictie":
                continue
            key = (row["indicator"], row["periode"], row["gebied"], row["categorie_soort"], row["categorie"])
            self._figures.setdefault(key, []).append(PublishedFigure(row["publicatie"], float(row["waarde"]), row["precisie"]))

    def _find(self, key: TargetKey, first: bool) -> PublishedFigure | None:
        self._asked.add(key)
        figures = self._figures.get(key, [])
        if first:
            figures = [c for c in figures if c.publicatie in ON_FIRST_DELIVERY]
        return max(figures, key=lambda c: _rank(c.publicatie), default=None)

    def count(
        self, indicator: str, periode: str, soort: str = "", categorie: str = "", gebied: str = "REGIO", *, first: bool = False
    ) -> int | None:
        """A published count, or None; ``first``: as the publications that rest on the first delivery have it."""
        figure = self._find((indicator, periode, gebied, soort, categorie), first)
        return None if figure is None else round(figure.aim)

    def figure(
        self, indicator: str, periode: str, soort: str = "", categorie: str = "", gebied: str = "REGIO", *, first: bool = False
    ) -> PublishedFigure | None:
        """A published figure with its precision, or None."""
        return self._find((indicator, periode, gebied, soort, categorie), first)

    def aim(
        self, indicator: str, periode: str, soort: str = "", categorie: str = "", gebied: str = "REGIO", *, first: bool = False
    ) -> float | None:
        """The value to aim at for a published share, mean or ratio, or None."""
        figure = self._find((indicator, periode, gebied, soort, categorie), first)
        return None if figure is None else figure.aim

    def periods(self, indicator: str) -> list[str]:
        """The periods for which an indicator was published."""
        return sorted({key[1] for key in self._figures if key[0] == indicator})

    def is_split(self, year: int) -> bool:
        """Whether figures of halves of this year were published."""
        return any(key[1].startswith(f"{year}-") for key in self._figures)

    def verify_all_asked(self) -> None:
        """Raise ``DemoError`` when a published figure played no part: the generator has no rule for it and would miss it."""
        over = sorted(set(self._figures) - self._asked)
        if over:
            example = ", ".join(" ".join(part for part in key if part) for key in over[:5])
            raise DemoError(f"the demo has no rule for {len(over)} published figure(s), among them: {example}")


# Totals of years without a published figure (reports: as counted by the organisation; requests for advice: from the growth
# that the reports mention). Halves: the first half of 2019 lay 32% above that of 2018.
ASSUMED = {
    "meldingen": {"2016": 6423, "2018": 9747, "2018-H1": 4347, "2019": 11562, "2022": 9874, "2023": 9789},
    "adviesvragen": {"2016": 4714, "2018": 4610, "2019": 5012, "2020": 5488, "2022": 5907, "2023": 5612},
}


@dataclass(frozen=True)
class Stretch:
    """A stretch of days that is filled with an exact number of rows: a year, a half-year, or the days after the last full year."""

    periode: str
    year: int
    begin: int
    end: int
    count: int


def stretches(targets: Targets, indicator: str, end: int) -> list[Stretch]:
    """The stretches from 2016 up to and including day ``end``, with the number of rows of ``indicator`` in each."""
    out: list[Stretch] = []
    for year in range(2016, 2025):
        begin, last_day = days_of_periode(str(year))
        total = _total(targets, indicator, str(year))
        if total is None:
            raise DemoError(f"no total of {indicator} in {year} was published or assumed")
        first_half = _total(targets, indicator, f"{year}-H1")
        second_half = _total(targets, indicator, f"{year}-H2")
        if first_half is None and second_half is not None:
            first_half = total - second_half
        if first_half is None and targets.is_split(year):
            first_half = total // 2
        if first_half is None:
            out.append(Stretch(str(year), year, begin, last_day, total))
            continue
        if not 0 <= first_half <= total or (second_half is not None and first_half + second_half != total):
            raise DemoError(f"{indicator} of the halves of {year} do not fit its total of {total}")
        middle = days_of_periode(f"{year}-H1")[1]
        out.append(Stretch(f"{year}-H1", year, begin, middle, first_half))
        out.append(Stretch(f"{year}-H2", year, middle + 1, last_day, total - first_half))
    na = days_of_periode("2024")[1]
    out.append(Stretch("2025", 2025, na + 1, end, round(out[-1].count * (end - na) / (out[-1].end - out[-1].begin + 1) * 0.98)))
    return out


def _total(targets: Targets, indicator: str, periode: str) -> int | None:
    published = targets.count(indicator, periode)
    if published is not None:
        return published
    assumed = (ASSUMED if targets.scale == 1.0 else _ALL_YEARS)[indicator].get(periode)
    return None if assumed is None else round(assumed * targets.scale)


# For a small registration: every year has an assumed total.
_ALL_YEARS = {
    "meldingen": ASSUMED["meldingen"] | {"2017": 7500, "2020": 11000, "2021": 9800, "2024": 9950},
    "adviesvragen": ASSUMED["adviesvragen"] | {"2017": 4400, "2021": 6100, "2024": 5400},
}
