"""What leaves: transfers to the exact published numbers per receiver, decisions of assessments, monitoring and huisverboden."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo import profiles as p
from orchestration.demo.allocation import Integers, allocate, choose, draw
from orchestration.demo.days import NEVER, Days, day, days_of_periode, year_of
from orchestration.demo.errors import DemoError
from orchestration.demo.targets import COMBINED, PublishedFigure, Targets

BETROKKEN = ("ja", "nee", "")

Cells = dict[tuple[str, str], int]
"""Rows by receiver and betrokken (ja, nee, '' = unknown)."""


@dataclass(frozen=True)
class YearCells:
    """The transfers of one year in the end, those of them missing from the first delivery, and those that stood in it by mistake."""

    year: int
    final: Cells
    late: Cells
    surplus: Cells


def year_cells(targets: Targets, year: int, end: int) -> YearCells:
    """How many rows of overdrachten a year has, per receiver and betrokken, so that every published figure comes out.

    Where the publication of 2021 has other numbers than that of 2024, the difference is what was registered in between.
    """
    periode = str(year)
    cells = _regiehoudend(targets, periode, end)
    coordinating = sum(cells.values())
    first_coordinating, late, surplus = _revision(targets, periode, cells)
    total = targets.count("overdrachten_en_afsluitingen", periode)
    if total is None:
        part = 1.0 if year < 2025 else (end - day("2024-12-31")) / 366
        total = max(round(p.UITSTROOM_TOTAL[min(year, 2024)] * targets.scale * part), coordinating + 10)
        first_coordinating = coordinating
    rest = total - first_coordinating
    kinds = _kinds(targets, periode, rest, (total, total - first_coordinating + coordinating))
    rvdk = targets.count("overdrachten", periode, "ontvanger", "RVDK")
    if rvdk is None:
        rvdk = min(round(p.RVDK[min(year, 2024)] * total / p.UITSTROOM_TOTAL[min(year, 2024)]), int(kinds[0]))
    other_care = allocate(int(kinds[0]) - rvdk, list(p.OTHER_CARE.values()), what=f"OVERIGE_HULP {periode}")
    names = ["RVDK", *p.OTHER_CARE, "CLIENTSYSTEEM", "GEEN_VERVOLG"]
    for ontvanger, n in zip(names, [rvdk, *other_care, *kinds[1:]], strict=True):
        if ontvanger in {"CLIENTSYSTEEM", "GEEN_VERVOLG"}:
            cells[ontvanger, ""] = int(n)
        else:
            for betrokken, part in zip(BETROKKEN, allocate(int(n), (0.42, 0.33, 0.25)), strict=True):
                cells[ontvanger, betrokken] = int(part)
    return YearCells(year, cells, late, surplus)


def _regiehoudend(targets: Targets, periode: str, end: int) -> Cells:
    year = int(periode)
    cells: Cells = {}
    for group, ontvangers in p.ONTVANGER_GROUPS.items():
        for ontvanger in ontvangers:
            for betrokken, n in zip(BETROKKEN, _ontvanger(targets, periode, ontvanger, end), strict=True):
                cells[ontvanger, betrokken] = n
        for soort, categories in (
            ("ontvanger_groep", [(group, BETROKKEN)]),
            ("ontvanger_groep|betrokken", [(f"{group}|ja", ("ja",)), (f"{group}|nee", ("nee",))]),
        ):
            for categorie, which in categories:
                asked = targets.count("overdrachten", periode, soort, categorie)
                has_earlier = sum(cells[o, b] for o in ontvangers for b in which)
                if asked is not None and asked != has_earlier:
                    raise DemoError(f"overdrachten {year} {categorie}: published {asked}, its receivers make {has_earlier}")
    return cells


def _ontvanger(targets: Targets, periode: str, ontvanger: str, end: int) -> tuple[int, int, int]:
    """Rows of one receiver: already involved, not yet, unknown."""
    ja = targets.count("overdrachten", periode, "ontvanger|betrokken", f"{ontvanger}|ja")
    nee = targets.count("overdrachten", periode, "ontvanger|betrokken", f"{ontvanger}|nee")
    total = targets.count("overdrachten", periode, "ontvanger", ontvanger)
    if total is None and ja is not None and nee is not None:
        total = ja + nee
    year = int(periode)
    if total is None and year > 2024:
        last_year = _ontvanger(targets, "2024", ontvanger, end)
        part = (end - day("2024-12-31")) / 366
        ja, nee, unknown = (round(n * part) for n in last_year)
        return ja, nee, unknown
    if total is None:
        share, betrokken = p.REGIEHOUDEND_BEFORE_2020.get(ontvanger, (0.0, 0.5))
        total = round(p.UITSTROOM_TOTAL[year] * targets.scale * share)
        unknown = round(0.08 * total)
        ja = round((total - unknown) * betrokken)
        return ja, total - unknown - ja, unknown
    if ja is None:
        ja = round(0.6 * total) if nee is None else total - nee
    if nee is None:
        nee = total - ja
    if min(ja, nee) < 0 or ja + nee > total:
        raise DemoError(f"overdrachten {periode} {ontvanger}: {ja} involved and {nee} not do not fit {total}")
    return ja, nee, total - ja - nee


def _revision(targets: Targets, periode: str, cells: Cells) -> tuple[int, Cells, Cells]:
    """Rows of the receivers with a task in the first publication, and what it missed and had too many, per cell."""
    late: Cells = {}
    surplus: Cells = {}
    groups = {**{g: (g,) for g in p.ONTVANGER_GROUPS}, **COMBINED}
    for name, members in groups.items():
        first = targets.count("overdrachten", periode, "ontvanger_groep", name, first=True)
        part = targets.aim("aandeel_overdrachten_betrokken", periode, "ontvanger_groep", name, first=True)
        if first is None:
            continue
        ontvangers = [o for member in members for o in p.ONTVANGER_GROUPS[member]]
        now = {b: sum(cells[o, b] for o in ontvangers) for b in BETROKKEN}
        if part is None:
            part = 100 * now["ja"] / max(now["ja"] + now["nee"], 1)
        first_yes = min(round(part / 100 * (first - now[""])), first - now[""])
        difference = {"ja": now["ja"] - first_yes, "nee": now["nee"] - (first - now[""] - first_yes)}
        for betrokken, n in difference.items():
            each = allocate(
                abs(n),
                [cells[o, betrokken] or 1e-9 for o in ontvangers],
                None,
                [cells[o, betrokken] if n > 0 else abs(n) for o in ontvangers],
            )
            for ontvanger, m in zip(ontvangers, each, strict=True):
                if m:
                    (late if n > 0 else surplus)[ontvanger, betrokken] = int(m)
    return sum(cells.values()) - sum(late.values()) + sum(surplus.values()), late, surplus


def _kinds(targets: Targets, periode: str, rest: int, totals: tuple[int, int]) -> Integers:
    """Rows of the other kinds of outflow; each published share holds on the first total and on the one after the revision."""
    profile = p.UITSTROOM_CHANCE[min(int(periode), 2024)]
    low, high, weight = [], [], []
    for soort, chance in zip(p.UITSTROOM_KINDS, profile, strict=True):
        figure = targets.figure("aandeel_uitstroom", periode, "uitstroom_soort", soort)
        weight.append(chance if figure is None else max(figure.aim / 100, 1e-6))
        lower, upper = (0.0, 100.0) if figure is None else _marge(figure)
        low.append(max(int(np.ceil(lower / 100 * t)) for t in totals))
        high.append(min(int(np.floor(upper / 100 * t)) for t in totals))
    targets.figure("aandeel_uitstroom", periode, "uitstroom_soort", "regiehoudend")  # follows from the receivers; checked by the tests
    return allocate(rest, weight, np.array(low), np.array(high), what=f"aandeel_uitstroom {periode}")


def _marge(figure: PublishedFigure) -> tuple[float, float]:
    """The values (0-100) that count as meeting a published share, a hair inside the edges."""
    if figure.precisie.startswith("afgerond"):
        half = 0.5 * 10 ** -int(figure.precisie.split()[1])
        return figure.waarde - half + 0.003, figure.waarde + half - 0.003
    if figure.precisie == "ongeveer":
        return figure.waarde - 2.5, figure.waarde + 2.5
    return (figure.waarde, 100.0) if figure.precisie == "ondergrens" else (0.0, figure.waarde)


def make_overdrachten(
    targets: Targets, rng: np.random.Generator, meldingen: pd.DataFrame, done: Days, dienst_soort: npt.NDArray[np.str_], end: int
) -> pd.DataFrame:
    """All transfers: report (row number), casus, moment, day, receiver, betrokken; ``van``/``tot``: days between which it is registered.

    ``done``: the day the work on each report ended. The last report of a case is the likeliest to carry its transfer.
    """
    parts = []
    last_of_casus = meldingen.groupby("casus")["dag"].transform("max").to_numpy() == meldingen["dag"].to_numpy()
    years = year_of(np.minimum(done, end))
    for year in range(2016, 2026):
        cells = year_cells(targets, year, end)
        last_day = min(days_of_periode(str(year))[1], end)
        source = np.flatnonzero((done <= end) & (years == year))
        part = _place(rng, meldingen, source, last_of_casus[source], cells.final, f"overdrachten {year}")
        van = done[part["melding"]]
        part["dag"] = van + np.minimum(
            np.minimum(rng.geometric(0.16, len(part)) - 1, 40), np.floor(rng.random(len(part)) * (last_day - van + 1))
        )
        part["dag"] = part["dag"].astype(np.int64)
        part["van"], part["tot"] = part["dag"], NEVER
        _register_late(rng, part, cells.late)
        parts += [part, _surplus(rng, part, cells.surplus)]
    out = pd.concat(parts, ignore_index=True)
    out["moment"] = np.where(dienst_soort[out["melding"]] == "", "veiligheidsbeoordeling", dienst_soort[out["melding"]])
    out["casus"] = meldingen["casus"].to_numpy()[out["melding"]]
    out["met_melding"] = rng.random(len(out)) < 0.93
    return out.sort_values(["dag", "melding"], kind="stable", ignore_index=True)


def _place(
    rng: np.random.Generator, meldingen: pd.DataFrame, source: Integers, last: npt.NDArray[np.bool_], cells: Cells, what: str
) -> pd.DataFrame:
    """Put the rows of every cell on reports of ``source``: local teams where the household lives, youth protection where children are."""
    n = sum(cells.values())
    if not len(source) and n:
        raise DemoError(f"{what}: no report was finished in that year")
    chosen = np.concatenate(
        [np.repeat(source, n // max(len(source), 1)), source[choose(rng, np.where(last, 6.0, 1.0), n % max(len(source), 1), what=what)]]
    )
    gemeente = meldingen["gemeente_code"].to_numpy().astype(str)[chosen]
    children = meldingen["kinderen"].to_numpy()[chosen]
    free = np.ones(n, bool)
    parts = []
    for (ontvanger, betrokken), count in sorted(cells.items(), key=_hardest_first):
        home_gemeente = p.GEMEENTE_OF_TEAM.get(ontvanger)
        fits = np.ones(n) if home_gemeente is None else np.where(gemeente == home_gemeente, 1.0, 1e-5)
        if ontvanger in {*p.ONTVANGER_GROUPS["GI"], "RVDK", "OKT", "JEUGDHULP", "GGZ_JEUGD"}:
            fits = fits * np.where(children, 1.0, 0.01)
        positions = choose(rng, np.where(free, fits, 0.0), count, what=what)
        free[positions] = False
        parts.append(pd.DataFrame({"melding": chosen[positions], "ontvanger": ontvanger, "betrokken": betrokken}))
    return pd.concat(parts, ignore_index=True)


def _hardest_first(cell: tuple[tuple[str, str], int]) -> tuple[int, str, str]:
    """Teams of one gemeente first, then other receivers, then what can go anywhere."""
    (ontvanger, betrokken), _ = cell
    rank = 0 if ontvanger.startswith("LT_") else 1 if ontvanger in p.REGIEHOUDEND else 2
    return rank, ontvanger, betrokken


def _register_late(rng: np.random.Generator, part: pd.DataFrame, late: Cells) -> None:
    """Of each cell so many rows, mostly of the last weeks of the year, came in only after the first delivery."""
    for (ontvanger, betrokken), n in late.items():
        pool = (part["ontvanger"] == ontvanger) & (part["betrokken"] == betrokken)
        weight = np.where(pool, 1.0 / (1.0 + part["dag"].max() - part["dag"]), 0.0)
        rows = choose(rng, weight, n, what=f"late registrations {ontvanger}")
        part.loc[rows, "van"] = day("2022-02-03") + rng.integers(0, 120, n)


def _surplus(rng: np.random.Generator, part: pd.DataFrame, surplus: Cells) -> pd.DataFrame:
    """Rows that stood in the first delivery by mistake and were deleted later."""
    extra = []
    for (ontvanger, betrokken), n in surplus.items():
        copied = part.iloc[rng.integers(0, len(part), n)].copy()
        copied["ontvanger"], copied["betrokken"] = ontvanger, betrokken
        copied["van"], copied["tot"] = copied["dag"], day("2022-03-01")
        extra.append(copied)
    return pd.concat(extra, ignore_index=True) if extra else part.iloc[:0]


def decisions(
    rng: np.random.Generator, besluit: Days, dienst_soort: npt.NDArray[np.str_], overdrachten: pd.DataFrame
) -> npt.NDArray[np.str_]:
    """The decision of each assessment ('' = undecided), in line with the dienst or the outflow that followed."""
    out = np.where(rng.random(len(besluit)) < 0.9, "overdracht", "omgezet_in_advies").astype("U20")
    out[overdrachten["melding"]] = "overdracht"
    out[overdrachten.loc[overdrachten["ontvanger"] == "GEEN_VERVOLG", "melding"]] = "geen_vervolg"
    out = np.where(dienst_soort == "", out, dienst_soort)
    return np.where(besluit == NEVER, "", out)


def make_monitormomenten(rng: np.random.Generator, casussen: pd.DataFrame, followed: Days, end: int) -> pd.DataFrame:
    """Monitoring: of some cases while they are still open, of many others three and twelve months after they were closed.

    ``followed``: per case the day from which it is monitored while open (``NEVER``: it is not).
    """
    closing = casussen["afgesloten"].to_numpy()
    running = np.flatnonzero(followed <= end)
    shut = np.flatnonzero((closing <= end) & (rng.random(len(closing)) < 0.34))
    later = shut[rng.random(len(shut)) < 0.4]
    planned = (
        followed[running] + rng.integers(14, 46, len(running)),
        closing[shut] + 90 + rng.integers(-6, 8, len(shut)),
        closing[later] + 365 + rng.integers(-10, 12, len(later)),
    )
    out = pd.DataFrame(
        {
            "casus": np.concatenate([running, shut, later]),
            "gepland": np.concatenate(planned),
            "van": np.concatenate([followed[running], closing[shut], closing[later]]),
        }
    )
    n = len(out)
    op = out["gepland"] + rng.integers(-4, 22, n)
    out["uitgevoerd"] = np.where((rng.random(n) < 0.76) & (op >= out["van"]), op, NEVER)
    for column, chance in (("directe_veiligheid", 0.90), ("structurele_veiligheid", 0.66), ("nieuw_geweld", 0.16)):
        out[column] = np.where(rng.random(n) < 0.95, np.where(rng.random(n) < chance, "ja", "nee"), "")
    return out.sort_values(["van", "casus"], kind="stable", ignore_index=True)


def make_huisverboden(targets: Targets, rng: np.random.Generator, meldingen: pd.DataFrame, vormen: pd.DataFrame, end: int) -> pd.DataFrame:
    """Temporary restraining orders after police reports of partner violence; no figure of them was published."""
    partner = np.zeros(len(meldingen), bool)
    partner[vormen.loc[vormen["vorm"] == "partnergeweld", "melding"].to_numpy()] = True
    can = partner & (meldingen["melder"] == "politie").to_numpy() & (meldingen["dag"] < end - 1).to_numpy()
    weight = np.where(can, np.array([0, 6.0, 2.0, 0.4, 0.1])[meldingen["urgentie"].to_numpy()], 0.0)
    years = year_of(meldingen["dag"].to_numpy())
    rows = np.concatenate(
        [
            choose(rng, np.where(years == j, weight, 0.0), round(n * targets.scale), what=f"huisverboden {j}")
            for j, n in p.HUISVERBODEN.items()
        ]
    )
    out = pd.DataFrame(
        {"casus": meldingen["casus"].to_numpy()[rows], "op": meldingen["dag"].to_numpy()[rows] + rng.integers(0, 2, len(rows))}
    )
    out["aanvrager"] = draw(rng, list(p.HUISVERBOD_APPLICANT), list(p.HUISVERBOD_APPLICANT.values()), len(out))
    return out.sort_values(["op", "casus"], kind="stable", ignore_index=True)
