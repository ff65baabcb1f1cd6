"""Waiting times estimated by lifelines and by statsmodels, as JSON; run by the Python of .venv/tools, which has them.

On standard input cohorts, each a list of (days, whether it ended then); on standard output for each the curve of both, and the first day on
which no more than a half, and a tenth, still waits by both.
"""

import json
import sys
from collections.abc import Iterable

import numpy as np
from lifelines import KaplanMeierFitter
from statsmodels.duration.survfunc import SurvfuncRight

Curve = list[tuple[float, float]]


def first_opinion(days: Iterable[float], ended: Iterable[int]) -> Curve:
    """Day and the part that waits on after it, of days on which something ended: by lifelines."""
    fitted = KaplanMeierFitter().fit(days, ended)
    decided = fitted.event_table.query("observed > 0").index
    return [(float(day), float(fitted.survival_function_.loc[day].iloc[0])) for day in decided]


def second_opinion(days: Iterable[float], ended: Iterable[int]) -> Curve:
    """The same, by statsmodels."""
    fitted = SurvfuncRight(np.array(days), np.array(ended))
    return list(zip(map(float, fitted.surv_times), map(float, fitted.surv_prob), strict=True))


def first(curve: Curve, part: float) -> float | None:
    """The first day on which no more than that part waits."""
    return min((day for day, waiting in curve if waiting <= part + 1e-12), default=None)


if __name__ == "__main__":
    found = []
    for cohort in json.load(sys.stdin):
        days, ended = zip(*cohort, strict=True)
        curves = [of(days, ended) if any(ended) else [] for of in (first_opinion, second_opinion)]
        found.append([{"curve": curve, "days": [first(curve, part) for part in (0.5, 0.1)]} for curve in curves])
    json.dump(found, sys.stdout)
