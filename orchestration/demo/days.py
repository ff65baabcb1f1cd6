"""Days, working days, school holidays and local moments, as plain integers for vectorised work.

A day is a whole number: days since 1 January 1970. A moment is a whole number of seconds since then, in UTC.
``NEVER`` is a day that never comes.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]

NEVER = 99_999
"""A day beyond every delivery: not decided, not closed, not deleted."""

FIRST_YEAR, LAST_YEAR = 2015, 2027
SECONDS_PER_DAY = 86_400


def day(text: str) -> int:
    """The day of an ISO date: ``day('1970-01-02')`` is 1."""
    return int(np.datetime64(text, "D").astype(np.int64))


def as_date(nummer: int) -> date:
    """The calendar date of a day."""
    return date(1970, 1, 1) + timedelta(days=int(nummer))


def year_of(days: Days) -> Days:
    """The calendar year of each day."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def days_of_periode(periode: str) -> tuple[int, int]:
    """First and last day of a year (``2024``) or half-year (``2019-H1``)."""
    year, _, half = periode.partition("-")
    begin, end = {"": ("01-01", "12-31"), "H1": ("01-01", "06-30"), "H2": ("07-01", "12-31")}[half]
    return day(f"{year}-{begin}"), day(f"{year}-{end}")


def _easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian rule)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    m = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, rest = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, rest + 1)


def holidays(year: int) -> set[date]:
    """The days of the Algemene termijnenwet, article 3."""
    easter = _easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.isoweekday() == 7:
        kings_day -= timedelta(days=1)
    fixed = {date(year, 1, 1), kings_day, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    return fixed | {easter + timedelta(days=difference) for difference in (-2, 1, 39, 50)}


_BEGIN = day(f"{FIRST_YEAR}-01-01")
_ALL_DAYS = np.arange(_BEGIN, day(f"{LAST_YEAR}-12-31") + 1, dtype=np.int64)
_OFF = np.array([day(d.isoformat()) for year in range(FIRST_YEAR, LAST_YEAR + 1) for d in holidays(year)], dtype=np.int64)
_IS_WORKING_DAY = ((_ALL_DAYS + 3) % 7 < 5) & ~np.isin(_ALL_DAYS, _OFF)  # 1 January 1970 was a Thursday
_COUNTED = np.cumsum(_IS_WORKING_DAY)
WORKING_DAYS = _ALL_DAYS[_IS_WORKING_DAY]


def weekday_of(days: Days) -> Days:
    """0 = Monday … 6 = Sunday."""
    return (days + 3) % 7


def is_working_day(days: Days) -> npt.NDArray[np.bool_]:
    """Monday to Friday and no day of the Algemene termijnenwet."""
    return np.asarray(_IS_WORKING_DAY[days - _BEGIN])


def working_days_between(van: Days, tot: Days) -> Days:
    """Working days after ``van`` up to and including ``tot``."""
    return np.asarray(_COUNTED[tot - _BEGIN] - _COUNTED[van - _BEGIN])


def after_working_days(van: Days, count: Days) -> Days:
    """The first day that is ``count`` working days after ``van`` (0: the same day); ``NEVER`` beyond the calendar."""
    goal = _COUNTED[van - _BEGIN] + count - 1
    within = goal < len(WORKING_DAYS)
    op = WORKING_DAYS[np.where(within, goal, 0)]
    return np.where(within, np.where(count <= 0, van, op), NEVER)


def shifted_end(days: Days) -> Days:
    """The day itself, or the first working day after it (Algemene termijnenwet, article 1)."""
    return np.where(is_working_day(days), days, after_working_days(days, np.ones_like(days)))


# School holidays, region Noord (Rijksoverheid): first and last day.
_SCHOOL_HOLIDAYS = """
2015-12-19 2016-01-03  2016-02-27 2016-03-06  2016-04-23 2016-05-08  2016-07-16 2016-08-28  2016-10-15 2016-10-23
2016-12-24 2017-01-08  2017-02-18 2017-02-26  2017-04-22 2017-04-30  2017-07-22 2017-09-03  2017-10-21 2017-10-29
2017-12-23 2018-01-07  2018-02-24 2018-03-04  2018-04-28 2018-05-06  2018-07-21 2018-09-02  2018-10-20 2018-10-28
2018-12-22 2019-01-06  2019-02-16 2019-02-24  2019-04-27 2019-05-05  2019-07-13 2019-08-25  2019-10-19 2019-10-27
2019-12-21 2020-01-05  2020-02-15 2020-02-23  2020-04-25 2020-05-03  2020-07-04 2020-08-16  2020-10-10 2020-10-18
2020-12-19 2021-01-03  2021-02-20 2021-02-28  2021-05-01 2021-05-09  2021-07-10 2021-08-22  2021-10-16 2021-10-24
2021-12-25 2022-01-09  2022-02-19 2022-02-27  2022-04-30 2022-05-08  2022-07-16 2022-08-28  2022-10-15 2022-10-23
2022-12-24 2023-01-08  2023-02-25 2023-03-05  2023-04-29 2023-05-07  2023-07-22 2023-09-03  2023-10-21 2023-10-29
2023-12-23 2024-01-07  2024-02-17 2024-02-25  2024-04-27 2024-05-05  2024-07-20 2024-09-01  2024-10-26 2024-11-03
2024-12-21 2025-01-05
"""
_EDGES = [day(text) for text in _SCHOOL_HOLIDAYS.split()]
_HOLIDAYS = list(zip(_EDGES[::2], _EDGES[1::2], strict=True))


def is_school_holiday(days: Days) -> npt.NDArray[np.bool_]:
    """The schools in the region are closed for a holiday."""
    return np.asarray(np.logical_or.reduce([(days >= a) & (days <= b) for a, b in _HOLIDAYS]))


def before_school_holiday(days: Days) -> npt.NDArray[np.bool_]:
    """One of the fourteen days before a school holiday."""
    return np.asarray(np.logical_or.reduce([(days >= a - 14) & (days < a) for a, _ in _HOLIDAYS]))


def _last_sunday(year: int, month: int) -> int:
    end = day(f"{year}-{month}-31" if month > 9 else f"{year}-0{month}-31")
    return end - (end + 4) % 7  # (day + 3) % 7 == 6 on a Sunday


_CHANGES = np.array(
    [_last_sunday(j, m) * SECONDS_PER_DAY + 3600 for j in range(FIRST_YEAR, LAST_YEAR + 1) for m in (3, 10)], dtype=np.int64
)


def _offset(utc: Days) -> Days:
    """Seconds that Amsterdam is ahead of UTC."""
    return np.where(np.searchsorted(_CHANGES, utc, side="right") % 2 == 1, 7200, 3600)


def to_utc(local: Days) -> Days:
    """Local seconds to UTC; an hour that is skipped moves on by one, of an hour that comes twice the second is meant."""
    winter = local - 3600
    summer = local - 7200
    return np.where((_offset(winter) == 7200) & (_offset(summer) == 7200), summer, winter)


def local_day(utc: Days) -> Days:
    """The day in Amsterdam of a moment."""
    return (utc + _offset(utc)) // SECONDS_PER_DAY


def moment_text(utc: Days) -> npt.NDArray[np.str_]:
    """ISO 8601 with Amsterdam's offset: ``2024-03-31T03:45:00+02:00``."""
    difference = _offset(utc)
    local = np.datetime_as_string((utc + difference).astype("datetime64[s]"))
    return np.char.add(local, np.where(difference == 7200, "+02:00", "+01:00"))
