"""The building blocks: calendar, allocation, exact choice, and targets that are refused."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.demo import DemoError, write_demo
from orchestration.demo import days as k
from orchestration.demo.allocation import allocate, choose, from_counts
from tests.lib.demo_figures import read_published

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def _working_day(d: date, free: holidays.HolidayBase) -> bool:
    return d.weekday() < 5 and d not in free and (d.month, d.day) != (5, 5) and d not in _good_fridays(d.year)


def _good_fridays(year: int) -> set[date]:
    return {
        d - timedelta(days=2)
        for d, name in holidays.country_holidays("NL", years=year, language="en_US").items()
        if name == "Easter Sunday"
    }


def test_working_days_as_the_holidays_package_has_them() -> None:
    free = holidays.country_holidays("NL", years=range(2015, 2028))
    for nummer in range(k.day("2015-01-01"), k.day("2027-12-31") + 1):
        d = k.as_date(nummer)
        assert bool(k.is_working_day(np.array([nummer]))[0]) == _working_day(d, free), d


@given(st.integers(k.day("2016-01-01"), k.day("2025-12-31")), st.integers(1, 200))
def test_a_day_so_many_working_days_on_is_that_many_working_days_away(begin: int, count: int) -> None:
    van = np.array([begin])
    tot = k.after_working_days(van, np.array([count]))
    assert k.working_days_between(van, tot)[0] == count
    assert k.is_working_day(tot)[0]


@given(st.datetimes(datetime(2016, 1, 1), datetime(2025, 12, 31)))
def test_moments_are_those_of_the_time_zone_database(local: datetime) -> None:
    seconds = int(local.replace(microsecond=0, tzinfo=UTC).timestamp())
    utc = k.to_utc(np.array([seconds]))
    moment = datetime.fromisoformat(str(k.moment_text(utc)[0]))
    assert moment.timestamp() == utc[0]
    assert moment.utcoffset() == moment.astimezone(AMSTERDAM).utcoffset()
    assert k.as_date(int(k.local_day(utc)[0])) == moment.date() == local.date()


@given(st.lists(st.tuples(st.floats(0.01, 100), st.integers(0, 50), st.integers(0, 500)), min_size=1, max_size=12), st.integers(0, 3000))
def test_allocation_is_exact_and_within_bounds_or_refused(parts: list[tuple[float, int, int]], total: int) -> None:
    weight = [g for g, _, _ in parts]
    low = np.array([a for _, a, _ in parts])
    high = low + np.array([b for _, _, b in parts])
    if low.sum() <= total <= high.sum():
        out = allocate(total, weight, low, high)
        assert out.sum() == total
        assert ((out >= low) & (out <= high)).all()
    else:
        with pytest.raises(DemoError):
            allocate(total, weight, low, high)


def test_allocation_is_proportional() -> None:
    assert allocate(100, [1, 1, 2]).tolist() == [25, 25, 50]


def test_choice_takes_exactly_so_many_and_never_what_has_no_weight() -> None:
    rng = np.random.default_rng(1)
    weight = np.array([0.0, 1.0, 1.0, 0.0, 5.0])
    assert choose(rng, weight, 3).tolist() == [1, 2, 4]
    with pytest.raises(DemoError):
        choose(rng, weight, 4)
    assert sorted(from_counts(rng, ["a", "b"], np.array([2, 1]))) == ["a", "a", "b"]


def _write(tmp_path: Path, **change: float) -> Path:
    table = read_published()
    for key, value in change.items():
        indicator, _, periode = key.partition("__")
        row = (table["indicator"] == indicator) & (table["periode"] == periode) & (table["gebied"] == "REGIO") & (table["categorie"] == "")
        table.loc[row, "waarde"] = value
    path = tmp_path / "gepubliceerd.csv"
    table.to_csv(path, index=False)
    return path


def test_figures_that_contradict_each_other_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match=r"meldingen 2024: 7433 with and 2518 without children do not make 9000"):
        write_demo(tmp_path, published=_write(tmp_path, meldingen__2024=9000))


def test_more_cases_than_the_reports_allow_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="casussen_met_melding 2021"):
        write_demo(tmp_path, published=_write(tmp_path, casussen_met_melding__2021=9839))


def test_a_published_figure_without_a_rule_is_refused_rather_than_missed(tmp_path: Path) -> None:
    table = read_published()
    extra = table.iloc[[0]].assign(indicator="betrokkenen", waarde=30000)
    path = tmp_path / "gepubliceerd.csv"
    pd.concat([table, extra]).to_csv(path, index=False)
    with pytest.raises(DemoError, match=r"no rule for 1 published figure.*betrokkenen 2024"):
        write_demo(tmp_path / "inbox", published=path)
    assert not (tmp_path / "inbox").exists()
