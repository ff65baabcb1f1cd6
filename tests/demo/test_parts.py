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

from orchestration.demo import DemoFout, write_demo
from orchestration.demo import days as k
from orchestration.demo.allocation import kies, uit_tellingen, verdeel
from tests.lib.demo_figures import lees_gepubliceerd

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def _werkdag(d: date, vrij: holidays.HolidayBase) -> bool:
    return d.weekday() < 5 and d not in vrij and (d.month, d.day) != (5, 5) and d not in _goede_vrijdagen(d.year)


def _goede_vrijdagen(jaar: int) -> set[date]:
    return {
        d - timedelta(days=2)
        for d, naam in holidays.country_holidays("NL", years=jaar, language="en_US").items()
        if naam == "Easter Sunday"
    }


def test_working_days_as_the_holidays_package_has_them() -> None:
    vrij = holidays.country_holidays("NL", years=range(2015, 2028))
    for nummer in range(k.dag("2015-01-01"), k.dag("2027-12-31") + 1):
        d = k.als_datum(nummer)
        assert bool(k.is_werkdag(np.array([nummer]))[0]) == _werkdag(d, vrij), d


@given(st.integers(k.dag("2016-01-01"), k.dag("2025-12-31")), st.integers(1, 200))
def test_a_day_so_many_working_days_on_is_that_many_working_days_away(begin: int, aantal: int) -> None:
    van = np.array([begin])
    tot = k.na_werkdagen(van, np.array([aantal]))
    assert k.werkdagen_tussen(van, tot)[0] == aantal
    assert k.is_werkdag(tot)[0]


@given(st.datetimes(datetime(2016, 1, 1), datetime(2025, 12, 31)))
def test_moments_are_those_of_the_time_zone_database(lokaal: datetime) -> None:
    seconden = int(lokaal.replace(microsecond=0, tzinfo=UTC).timestamp())
    utc = k.naar_utc(np.array([seconden]))
    moment = datetime.fromisoformat(str(k.moment_tekst(utc)[0]))
    assert moment.timestamp() == utc[0]
    assert moment.utcoffset() == moment.astimezone(AMSTERDAM).utcoffset()
    assert k.als_datum(int(k.lokale_dag(utc)[0])) == moment.date() == lokaal.date()


@given(st.lists(st.tuples(st.floats(0.01, 100), st.integers(0, 50), st.integers(0, 500)), min_size=1, max_size=12), st.integers(0, 3000))
def test_allocation_is_exact_and_within_bounds_or_refused(delen: list[tuple[float, int, int]], totaal: int) -> None:
    gewicht = [g for g, _, _ in delen]
    laag = np.array([a for _, a, _ in delen])
    hoog = laag + np.array([b for _, _, b in delen])
    if laag.sum() <= totaal <= hoog.sum():
        uit = verdeel(totaal, gewicht, laag, hoog)
        assert uit.sum() == totaal
        assert ((uit >= laag) & (uit <= hoog)).all()
    else:
        with pytest.raises(DemoFout):
            verdeel(totaal, gewicht, laag, hoog)


def test_allocation_is_proportional() -> None:
    assert verdeel(100, [1, 1, 2]).tolist() == [25, 25, 50]


def test_choice_takes_exactly_so_many_and_never_what_has_no_weight() -> None:
    rng = np.random.default_rng(1)
    gewicht = np.array([0.0, 1.0, 1.0, 0.0, 5.0])
    assert kies(rng, gewicht, 3).tolist() == [1, 2, 4]
    with pytest.raises(DemoFout):
        kies(rng, gewicht, 4)
    assert sorted(uit_tellingen(rng, ["a", "b"], np.array([2, 1]))) == ["a", "a", "b"]


def _schrijf(tmp_path: Path, **wijziging: float) -> Path:
    tabel = lees_gepubliceerd()
    for sleutel, waarde in wijziging.items():
        indicator, _, periode = sleutel.partition("__")
        rij = (tabel["indicator"] == indicator) & (tabel["periode"] == periode) & (tabel["gebied"] == "REGIO") & (tabel["categorie"] == "")
        tabel.loc[rij, "waarde"] = waarde
    pad = tmp_path / "gepubliceerd.csv"
    tabel.to_csv(pad, index=False)
    return pad


def test_figures_that_contradict_each_other_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DemoFout, match=r"meldingen 2024: 7433 with and 2518 without children do not make 9000"):
        write_demo(tmp_path, published=_schrijf(tmp_path, meldingen__2024=9000))


def test_more_cases_than_the_reports_allow_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoFout, match="casussen_met_melding 2021"):
        write_demo(tmp_path, published=_schrijf(tmp_path, casussen_met_melding__2021=9839))


def test_a_published_figure_without_a_rule_is_refused_rather_than_missed(tmp_path: Path) -> None:
    tabel = lees_gepubliceerd()
    extra = tabel.iloc[[0]].assign(indicator="betrokkenen", waarde=30000)
    pad = tmp_path / "gepubliceerd.csv"
    pd.concat([tabel, extra]).to_csv(pad, index=False)
    with pytest.raises(DemoFout, match=r"no rule for 1 published figure.*betrokkenen 2024"):
        write_demo(tmp_path / "inbox", published=pad)
    assert not (tmp_path / "inbox").exists()
