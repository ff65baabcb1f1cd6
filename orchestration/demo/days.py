"""Days, working days, school holidays and local moments, as plain integers for vectorised work.

A day is a whole number: days since 1 January 1970. A moment is a whole number of seconds since then, in UTC.
``NOOIT`` is a day that never comes.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Dagen = npt.NDArray[np.int64]

NOOIT = 99_999
"""A day beyond every delivery: not decided, not closed, not deleted."""

EERSTE_JAAR, LAATSTE_JAAR = 2015, 2027
SECONDEN_PER_DAG = 86_400


def dag(tekst: str) -> int:
    """The day of an ISO date: ``dag('1970-01-02')`` is 1."""
    return int(np.datetime64(tekst, "D").astype(np.int64))


def als_datum(nummer: int) -> date:
    """The calendar date of a day."""
    return date(1970, 1, 1) + timedelta(days=int(nummer))


def jaar_van(dagen: Dagen) -> Dagen:
    """The calendar year of each day."""
    return dagen.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def periode_dagen(periode: str) -> tuple[int, int]:
    """First and last day of a year (``2024``) or half-year (``2019-H1``)."""
    jaar, _, helft = periode.partition("-")
    begin, eind = {"": ("01-01", "12-31"), "H1": ("01-01", "06-30"), "H2": ("07-01", "12-31")}[helft]
    return dag(f"{jaar}-{begin}"), dag(f"{jaar}-{eind}")


def _pasen(jaar: int) -> date:
    """Easter Sunday (the anonymous Gregorian rule)."""
    a, b, c = jaar % 19, jaar // 100, jaar % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    m = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = (a + 11 * h + 22 * m) // 451
    maand, rest = divmod(h + m - 7 * n + 114, 31)
    return date(jaar, maand, rest + 1)


def feestdagen(jaar: int) -> set[date]:
    """The days of the Algemene termijnenwet, article 3."""
    pasen = _pasen(jaar)
    koningsdag = date(jaar, 4, 27)
    if koningsdag.isoweekday() == 7:
        koningsdag -= timedelta(days=1)
    vast = {date(jaar, 1, 1), koningsdag, date(jaar, 5, 5), date(jaar, 12, 25), date(jaar, 12, 26)}
    return vast | {pasen + timedelta(days=verschil) for verschil in (-2, 1, 39, 50)}


_BEGIN = dag(f"{EERSTE_JAAR}-01-01")
_ALLE = np.arange(_BEGIN, dag(f"{LAATSTE_JAAR}-12-31") + 1, dtype=np.int64)
_VRIJ = np.array([dag(d.isoformat()) for jaar in range(EERSTE_JAAR, LAATSTE_JAAR + 1) for d in feestdagen(jaar)], dtype=np.int64)
_IS_WERKDAG = ((_ALLE + 3) % 7 < 5) & ~np.isin(_ALLE, _VRIJ)  # 1 January 1970 was a Thursday
_TELLER = np.cumsum(_IS_WERKDAG)
WERKDAGEN = _ALLE[_IS_WERKDAG]


def weekdag(dagen: Dagen) -> Dagen:
    """0 = Monday … 6 = Sunday."""
    return (dagen + 3) % 7


def is_werkdag(dagen: Dagen) -> npt.NDArray[np.bool_]:
    """Monday to Friday and no day of the Algemene termijnenwet."""
    return np.asarray(_IS_WERKDAG[dagen - _BEGIN])


def werkdagen_tussen(van: Dagen, tot: Dagen) -> Dagen:
    """Working days after ``van`` up to and including ``tot``."""
    return np.asarray(_TELLER[tot - _BEGIN] - _TELLER[van - _BEGIN])


def na_werkdagen(van: Dagen, aantal: Dagen) -> Dagen:
    """The first day that is ``aantal`` working days after ``van`` (0: the same day); ``NOOIT`` beyond the calendar."""
    doel = _TELLER[van - _BEGIN] + aantal - 1
    binnen = doel < len(WERKDAGEN)
    op = WERKDAGEN[np.where(binnen, doel, 0)]
    return np.where(binnen, np.where(aantal <= 0, van, op), NOOIT)


def verschoven_einde(dagen: Dagen) -> Dagen:
    """The day itself, or the first working day after it (Algemene termijnenwet, article 1)."""
    return np.where(is_werkdag(dagen), dagen, na_werkdagen(dagen, np.ones_like(dagen)))


# School holidays, region Noord (Rijksoverheid): first and last day.
_SCHOOLVAKANTIES = """
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
_GRENZEN = [dag(tekst) for tekst in _SCHOOLVAKANTIES.split()]
_VAKANTIES = list(zip(_GRENZEN[::2], _GRENZEN[1::2], strict=True))


def is_schoolvakantie(dagen: Dagen) -> npt.NDArray[np.bool_]:
    """The schools in the region are closed for a holiday."""
    return np.asarray(np.logical_or.reduce([(dagen >= a) & (dagen <= b) for a, b in _VAKANTIES]))


def voor_schoolvakantie(dagen: Dagen) -> npt.NDArray[np.bool_]:
    """One of the fourteen days before a school holiday."""
    return np.asarray(np.logical_or.reduce([(dagen >= a - 14) & (dagen < a) for a, _ in _VAKANTIES]))


def _laatste_zondag(jaar: int, maand: int) -> int:
    eind = dag(f"{jaar}-{maand}-31" if maand > 9 else f"{jaar}-0{maand}-31")
    return eind - (eind + 4) % 7  # (day + 3) % 7 == 6 on a Sunday


_OMSLAGEN = np.array(
    [_laatste_zondag(j, m) * SECONDEN_PER_DAG + 3600 for j in range(EERSTE_JAAR, LAATSTE_JAAR + 1) for m in (3, 10)], dtype=np.int64
)


def _verschil(utc: Dagen) -> Dagen:
    """Seconds that Amsterdam is ahead of UTC."""
    return np.where(np.searchsorted(_OMSLAGEN, utc, side="right") % 2 == 1, 7200, 3600)


def naar_utc(lokaal: Dagen) -> Dagen:
    """Local seconds to UTC; an hour that is skipped moves on by one, of an hour that comes twice the second is meant."""
    winter = lokaal - 3600
    zomer = lokaal - 7200
    return np.where((_verschil(winter) == 7200) & (_verschil(zomer) == 7200), zomer, winter)


def lokale_dag(utc: Dagen) -> Dagen:
    """The day in Amsterdam of a moment."""
    return (utc + _verschil(utc)) // SECONDEN_PER_DAG


def moment_tekst(utc: Dagen) -> npt.NDArray[np.str_]:
    """ISO 8601 with Amsterdam's offset: ``2024-03-31T03:45:00+02:00``."""
    verschil = _verschil(utc)
    lokaal = np.datetime_as_string((utc + verschil).astype("datetime64[s]"))
    return np.char.add(lokaal, np.where(verschil == 7200, "+02:00", "+01:00"))
