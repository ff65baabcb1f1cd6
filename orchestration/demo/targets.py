"""What the deliveries must add up to: the published figures, read from their table, and totals assumed where nothing was published."""

import csv
from dataclasses import dataclass
from pathlib import Path

from orchestration.demo.days import periode_dagen
from orchestration.demo.errors import DemoFout
from orchestration.settings import PROJECT

GEPUBLICEERD = PROJECT / "seeds" / "published" / "gepubliceerde_cijfers.csv"

VOLGORDE = ("jaarverslag-2017", "regioaanpak-2020-2025", "jaarrapportage-2021", "jaarcijfers-2024")
"""Publications from old to new: where two speak of the same figure, the newer one is a revision."""

OP_EERSTE_LEVERING = VOLGORDE[:3]
"""Publications that rest on the first full delivery (31 January 2022); a later one rests on the second."""

SAMENGESTELD = {"LOKALE_VELD": ("LOKAAL_TEAM_AMSTERDAM", "LOKAAL_TEAM_REGIO")}
"""Groups of receivers that a publication takes together under a name of its own."""

Sleutel = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Cijfer:
    """One published figure; ``precisie`` as in the table: exact, afgerond N, ongeveer, ondergrens, bovengrens."""

    publicatie: str
    waarde: float
    precisie: str

    @property
    def mikpunt(self) -> float:
        """The value to aim at: the figure itself, or well within the side that a bound allows."""
        if self.precisie == "ondergrens":
            return self.waarde + 0.1 * (100 - self.waarde)
        if self.precisie == "bovengrens":
            return 0.85 * self.waarde
        return self.waarde


def _rang(publicatie: str) -> int:
    return VOLGORDE.index(publicatie) if publicatie in VOLGORDE else len(VOLGORDE)


class Doelen:
    """The published figures by indicator, period, area and category; keeps count of which were asked for.

    ``schaal`` < 1 asks for a small registration in which no published figure is met (for tests that need only the shape).
    """

    def __init__(self, pad: Path | None = None, schaal: float = 1.0):
        self.schaal = schaal
        self._cijfers: dict[Sleutel, list[Cijfer]] = {}
        self._gevraagd: set[Sleutel] = set()
        if schaal == 1.0:
            self._lees(pad or GEPUBLICEERD)

    def _lees(self, pad: Path) -> None:
        with pad.open(encoding="utf-8", newline="") as bron:
            for rij in csv.DictReader(bron):
                if rij["precisie"] == "contradictie":
                    continue
                sleutel = (rij["indicator"], rij["periode"], rij["gebied"], rij["categorie_soort"], rij["categorie"])
                self._cijfers.setdefault(sleutel, []).append(Cijfer(rij["publicatie"], float(rij["waarde"]), rij["precisie"]))

    def _zoek(self, sleutel: Sleutel, eerste: bool) -> Cijfer | None:
        self._gevraagd.add(sleutel)
        cijfers = self._cijfers.get(sleutel, [])
        if eerste:
            cijfers = [c for c in cijfers if c.publicatie in OP_EERSTE_LEVERING]
        return max(cijfers, key=lambda c: _rang(c.publicatie), default=None)

    def aantal(
        self, indicator: str, periode: str, soort: str = "", categorie: str = "", gebied: str = "REGIO", *, eerste: bool = False
    ) -> int | None:
        """A published count, or None; ``eerste``: as the publications that rest on the first delivery have it."""
        cijfer = self._zoek((indicator, periode, gebied, soort, categorie), eerste)
        return None if cijfer is None else round(cijfer.mikpunt)

    def cijfer(
        self, indicator: str, periode: str, soort: str = "", categorie: str = "", gebied: str = "REGIO", *, eerste: bool = False
    ) -> Cijfer | None:
        """A published figure with its precision, or None."""
        return self._zoek((indicator, periode, gebied, soort, categorie), eerste)

    def mikpunt(
        self, indicator: str, periode: str, soort: str = "", categorie: str = "", gebied: str = "REGIO", *, eerste: bool = False
    ) -> float | None:
        """The value to aim at for a published share, mean or ratio, or None."""
        cijfer = self._zoek((indicator, periode, gebied, soort, categorie), eerste)
        return None if cijfer is None else cijfer.mikpunt

    def perioden(self, indicator: str) -> list[str]:
        """The periods for which an indicator was published."""
        return sorted({sleutel[1] for sleutel in self._cijfers if sleutel[0] == indicator})

    def is_gesplitst(self, jaar: int) -> bool:
        """Whether figures of halves of this year were published."""
        return any(sleutel[1].startswith(f"{jaar}-") for sleutel in self._cijfers)

    def controleer_alles_gevraagd(self) -> None:
        """Raise ``DemoFout`` when a published figure played no part: the generator has no rule for it and would miss it."""
        over = sorted(set(self._cijfers) - self._gevraagd)
        if over:
            voorbeeld = ", ".join(" ".join(deel for deel in sleutel if deel) for sleutel in over[:5])
            raise DemoFout(f"the demo has no rule for {len(over)} published figure(s), among them: {voorbeeld}")


# Totals of years without a published figure (reports: as counted by the organisation; requests for advice: from the growth
# that the reports mention). Halves: the first half of 2019 lay 32% above that of 2018.
AANGENOMEN = {
    "meldingen": {"2016": 6423, "2018": 9747, "2018-H1": 4347, "2019": 11562, "2022": 9874, "2023": 9789},
    "adviesvragen": {"2016": 4714, "2018": 4610, "2019": 5012, "2020": 5488, "2022": 5907, "2023": 5612},
}


@dataclass(frozen=True)
class Tijdvak:
    """A stretch of days that is filled with an exact number of rows: a year, a half-year, or the days after the last full year."""

    periode: str
    jaar: int
    begin: int
    eind: int
    aantal: int


def tijdvakken(doelen: Doelen, indicator: str, eind: int) -> list[Tijdvak]:
    """The stretches from 2016 up to and including day ``eind``, with the number of rows of ``indicator`` in each."""
    uit: list[Tijdvak] = []
    for jaar in range(2016, 2025):
        begin, slot = periode_dagen(str(jaar))
        totaal = _totaal(doelen, indicator, str(jaar))
        if totaal is None:
            raise DemoFout(f"no total of {indicator} in {jaar} was published or assumed")
        eerste_helft = _totaal(doelen, indicator, f"{jaar}-H1")
        tweede_helft = _totaal(doelen, indicator, f"{jaar}-H2")
        if eerste_helft is None and tweede_helft is not None:
            eerste_helft = totaal - tweede_helft
        if eerste_helft is None and doelen.is_gesplitst(jaar):
            eerste_helft = totaal // 2
        if eerste_helft is None:
            uit.append(Tijdvak(str(jaar), jaar, begin, slot, totaal))
            continue
        if not 0 <= eerste_helft <= totaal or (tweede_helft is not None and eerste_helft + tweede_helft != totaal):
            raise DemoFout(f"{indicator} of the halves of {jaar} do not fit its total of {totaal}")
        midden = periode_dagen(f"{jaar}-H1")[1]
        uit.append(Tijdvak(f"{jaar}-H1", jaar, begin, midden, eerste_helft))
        uit.append(Tijdvak(f"{jaar}-H2", jaar, midden + 1, slot, totaal - eerste_helft))
    na = periode_dagen("2024")[1]
    uit.append(Tijdvak("2025", 2025, na + 1, eind, round(uit[-1].aantal * (eind - na) / (uit[-1].eind - uit[-1].begin + 1) * 0.98)))
    return uit


def _totaal(doelen: Doelen, indicator: str, periode: str) -> int | None:
    gepubliceerd = doelen.aantal(indicator, periode)
    if gepubliceerd is not None:
        return gepubliceerd
    aangenomen = (AANGENOMEN if doelen.schaal == 1.0 else _ALLES)[indicator].get(periode)
    return None if aangenomen is None else round(aangenomen * doelen.schaal)


# For a small registration: every year has an assumed total.
_ALLES = {
    "meldingen": AANGENOMEN["meldingen"] | {"2017": 7500, "2020": 11000, "2021": 9800, "2024": 9950},
    "adviesvragen": AANGENOMEN["adviesvragen"] | {"2017": 4400, "2021": 6100, "2024": 5400},
}
