"""Posts, filled posts and sickness absence of teams by month.

What is known: 93 fte in 2017 with 7% absence, 104.26 fte needed in 2018 and then 114 (jaarverslag 2017); a shortage of some 20 fte brought
down to some 10 in 2022 and 2023, and absence from over 12% in the autumn of 2023 to under 9% in the spring of 2024 (bestuurlijke reactie op
het IGJ-rapport, 2024). What lies between is made up, and so is the division over teams.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from orchestration.demo.days import day

FIRST_MONTH = "2017-01"
REGISTERED_AFTER = 34
"""Days from the first of a month until its figures stand in the registration: early in the month after it."""

BUDGETED: Mapping[str, float] = {"2017-01": 93.0, "2018-01": 104.26, "2019-01": 114.0}
"""Posts from a month on."""
SHORT: Mapping[str, float] = {
    "2017-01": 0, "2017-12": 0, "2018-06": 6, "2018-12": 3, "2019-06": 8, "2021-01": 11, "2022-01": 20, "2024-01": 10, "2030-01": 10
}  # fmt: skip
"""Posts that are not filled, between these months in a straight line."""
ABSENT: Mapping[str, float] = {
    "2017-01": 7, "2017-12": 7, "2020-01": 7.4, "2022-01": 9.6, "2023-09": 12.3, "2023-11": 12.8, "2024-03": 8.4, "2024-06": 8.3,
    "2030-01": 8.3,
}  # fmt: skip
"""Sickness absence in percents, between these months in a straight line."""

TEAMS: Mapping[str, Mapping[str, float]] = {
    "2017-01": {"Advies en melding": 0.42, "Onderzoek en vervolg": 0.5, "Overig": 0.08},
    "2023-10": {"Spoedteam": 0.1, "Advies en melding": 0.38, "Onderzoek en vervolg": 0.44, "Overig": 0.08},
    "2024-10": {"Spoedteam": 0.1, "Advies & Ondersteuning": 0.34, "Beoordelen & Vervolg": 0.48, "Overig": 0.08},
}
"""Shares of the teams from a month on: the Spoedteam since October 2023, the division of now since October 2024 (bestuurlijke reactie)."""


def make_capaciteit(rng: np.random.Generator, end: int) -> pd.DataFrame:
    """One row per month (first day) and team up to the month of day ``end``; whole hundredths, which add up to the posts of all teams."""
    last = np.datetime64("1970-01-01") + np.timedelta64(end, "D")
    months = np.arange(np.datetime64(FIRST_MONTH), last.astype("datetime64[M]") + 1)
    first_days = months.astype("datetime64[D]").astype(np.int64)
    starts = [*TEAMS, str(months[-1] + 1)]
    budgeted = np.array([BUDGETED[max(m for m in BUDGETED if m <= str(month))] for month in months])
    filled = budgeted - _between(SHORT, months)
    absent = _between(ABSENT, months)
    parts = []
    for (start, until), shares in zip(pairwise(starts), TEAMS.values(), strict=True):
        inside = (months >= np.datetime64(start)) & (months < np.datetime64(until))
        cumulated = np.cumsum([0.0, *shares.values()])
        posts, taken = (np.diff(np.rint(100 * total[inside, None] * cumulated), axis=1) / 100 for total in (budgeted, filled))
        for i, team in enumerate(shares):
            known = first_days[inside]
            parts.append(pd.DataFrame({"maand": known, "team": team, "formatie": posts[:, i], "bezetting": taken[:, i]}))
            parts[-1]["verzuim"] = np.round(absent[inside] + rng.normal(0, 0.2, len(known)), 1)
    table = pd.concat(parts, ignore_index=True)
    table.loc[(table["team"] == "Overig") & (table["maand"] < day("2018-01-01")), "verzuim"] = np.nan  # was not kept for it
    return table.assign(van=table["maand"] + REGISTERED_AFTER).sort_values(["maand", "team"], ignore_index=True)


def _between(points: Mapping[str, float], months: np.ndarray) -> np.ndarray:
    known = np.array(list(points), "datetime64[M]").astype(np.int64)
    return np.interp(months.astype(np.int64), known, list(points.values()))
