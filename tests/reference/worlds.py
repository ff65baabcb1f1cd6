"""CBS and Amsterdam as they might be: the areas of the seeds, with invented numbers of households."""

from datetime import date
from functools import partial

from orchestration import seeds
from orchestration.reference.sources import declared
from orchestration.seeds import SEEDS
from tests.lib.amsterdam import Division, division
from tests.lib.statline import Cube, cell

BUURTEN = seeds.rows(SEEDS / "areas/buurten.csv")
FIRST, NEWEST = "2015-01-01", "2022-03-24"
DIMENSION = "WijkenEnBuurten"
TOTAL, WITHOUT, WITH = "1050010_2", "1016040", "1016030"
HOUSEHOLDS = seeds.rows(SEEDS / "households/huishoudens_gemeente.csv")
GEMEENTEN = {r["gemeente_code"]: r["gemeente"] for r in seeds.rows(SEEDS / "areas/gemeenten.csv")}
WIDE = 10
"""Codes at CBS are this wide, filled up with spaces."""


def households_of(buurt_code: str) -> int:
    """An invented multiple of 5, the same each time."""
    return 5 * (20 + sum(map(ord, buurt_code)) % 200)


def number_of(code: str, year: int) -> int:
    """Households of a gemeente that is no Amsterdam: those of the seeds, invented where they have none."""
    found = [r["huishoudens"] for r in HOUSEHOLDS if (r["gemeente_code"], r["jaar"]) == (code, str(year))]
    return int(found[0]) if found else 1000 + 7 * int(code[2:]) + year


def rows_of(indeling: str) -> list[dict[str, str]]:
    """The buurten of a division."""
    return [r for r in BUURTEN if r["indeling"] == indeling]


def kwb(year: int, *, gemeenten: dict[str, str] | None = None) -> Cube:
    """A year of KWB: codes with letters from 2023 on, with digits before; the gemeente is the sum of its buurten, and one beside it."""
    newest = year >= 2023
    names, cells = {"NL00": "Nederland"}, list[dict[str, object]]()
    amounts = dict[str, int]()
    for row in rows_of(NEWEST if newest else FIRST):
        number = households_of(row["buurt_code"])
        wijk = f"WK0363{row['wijk_code']}" if newest else f"WK0363{row['wijk_code'][1:]}"
        buurt = f"BU0363{row['buurt_code']}" if newest else f"{wijk.replace('WK', 'BU')}{ord(row['buurt_code'][-1]) - 87:02d}"
        names |= {wijk: row["wijk"], buurt: row["buurt"]}
        for code in ("GM0363", wijk, buurt):
            amounts[code] = amounts.get(code, 0) + number
    names["GM0363"] = "Amsterdam"
    for code, name in (gemeenten or {c: n for c, n in GEMEENTEN.items() if c != "GM0457" or year <= 2022}).items():
        names[code] = name
        amounts.setdefault(code, number_of(code, year))
    for code, number in amounts.items():
        part = number // 5 // 3 * 5
        wide = {DIMENSION: code.ljust(WIDE)}
        cells += [cell(TOTAL, float(number), **wide), cell(WITHOUT, float(part), **wide), cell(WITH, float(part), **wide)]
    return Cube(
        dimensions={DIMENSION: "Wijken en buurten"},
        categories={DIMENSION: {code.ljust(WIDE): name for code, name in sorted(names.items())}},
        measures={
            TOTAL: ("Huishoudens totaal", "H1"),
            "1050015": ("Eenpersoonshuishoudens", "H1"),
            WITHOUT: ("Huishoudens zonder kinderen", "H1"),
            WITH: ("Huishoudens met kinderen", "H1"),
        },
        groups={"B1": ("Bevolking", None), "H1": ("Particuliere huishoudens", "B1")},
        cells=cells,
        modified=f"{year}-11-28T02:00:00+01:00",
    )


def several_of(code: str, year: int) -> int:
    """Invented households of several persons."""
    return 300 + int(code[2:]) + year


def composition(years: range = range(2016, 2026)) -> Cube:
    """Households by composition, as in ``kwb`` for the gemeenten beside Amsterdam."""
    cells = list[dict[str, object]]()
    for year in years:
        for code in GEMEENTEN:
            if code == "GM0457" and year > 2022:
                continue
            number = number_of(code, year)
            for age in ("10000 ", "53050 "):
                wide = {"Leeftijd": age, "RegioS": code.ljust(WIDE), "Perioden": f"{year}JJ00"}
                scale = 1 if age == "10000 " else 0
                cells += [cell("1050010", float(number * scale), **wide), cell("1016010", float(several_of(code, year) * scale), **wide)]
    return Cube(
        dimensions={"Leeftijd": "Leeftijd referentiepersoon", "RegioS": "Regio's", "Perioden": "Perioden"},
        categories={
            "Leeftijd": {"10000 ": "Totaal", "53050 ": "15 tot 20 jaar"},
            "RegioS": {"NL01      ": "Nederland"} | {code.ljust(WIDE): name for code, name in GEMEENTEN.items()},
            "Perioden": {f"{year}JJ00": str(year) for year in years},
        },
        measures={
            "1050010": ("Totaal particuliere huishoudens", "S"),
            "1016010": ("Totaal meerpersoonshuishoudens", "SM"),
            "2050010": ("Totaal particuliere huishoudens", "G"),
            "2016010": ("Totaal meerpersoonshuishoudens", "GM"),
        },
        groups={
            "S": ("Particuliere huishoudens: samenstelling", None),
            "SM": ("Meerpersoonshuishouden", "S"),
            "G": ("Particuliere huishoudens: grootte", None),
            "GM": ("Meerpersoonshuishouden", "G"),
        },
        cells=cells,
    )


class Cubes(dict[str, Cube]):
    """Every table of households that is declared, made when it is first asked for."""

    def __missing__(self, table: str) -> Cube:
        spec = declared()
        makers = {t.table: partial(kwb, t.year) for t in spec.kwb.tables} | {spec.samenstelling.table: composition}
        self[table] = makers[table]()
        return self[table]


def as_declared() -> Division:
    """Amsterdam as the newest division of the seeds has it."""
    return division(rows_of(NEWEST), date.fromisoformat(NEWEST))
