"""Numbers: rounded half away from nought, then written as Dutch readers write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.outputs.report.numbers import in_unit, rounded, written


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        *((2.5, 0, "3"), (-2.5, 0, "-3"), (0.5, 0, "1"), (-0.5, 0, "-1"), (88.5, 0, "89"), (0.285, 2, "0.29"), (1.005, 2, "1.01")),
        *((0.25, 1, "0.3"), (0.35, 1, "0.4"), (2.4999999, 0, "2"), (1234567.891, 2, "1234567.89"), (1234567.895, 2, "1234567.90")),
        *((1e-7, 1, "0.0"), (3, 1, "3.0"), (1e15, 0, "1000000000000000")),
    ],
)
def test_halves_go_away_from_nought(value: float, decimals: int, wanted: str) -> None:
    assert str(rounded(value, decimals)) == wanted


@given(st.integers(-(10**9), 10**9), st.integers(0, 2))
def test_every_half_of_a_last_decimal_goes_away_from_nought(steps: int, decimals: int) -> None:
    value = (abs(steps) + 0.5) / 10**decimals  # as a person writes it: its shortest decimal form
    away = Decimal(abs(steps) + 1).scaleb(-decimals)
    assert (rounded(value, decimals), rounded(-value, decimals)) == (away, -away)


@pytest.mark.parametrize(
    ("value", "decimals", "wanted"),
    [
        *((0, 0, "0"), (7, 0, "7"), (999.5, 0, "1.000"), (9951, 0, "9.951"), (1234.5, 1, "1.234,5"), (1234567.891, 2, "1.234.567,89")),
        *((-2.5, 0, "-3"), (-1234.56, 1, "-1.234,6"), (-0.04, 1, "0,0"), (-0.05, 1, "-0,1"), (88.5, 0, "89"), (12, 1, "12,0")),
    ],
)
def test_numbers_are_written_with_points_and_a_comma(value: float, decimals: int, wanted: str) -> None:
    assert written(value, decimals) == wanted


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "wanted"),
    [
        (33.5, "procent", 0, "34%"),
        (33.5, "procent", 1, "33,5%"),
        (12.25, "weken", 1, "12,3"),
        (8710, "aantal", 0, "8.710"),
        (8.25, "per_1000", 1, "8,3"),
    ],
)
def test_percents_have_their_sign(value: float, unit: str, decimals: int, wanted: str) -> None:
    assert in_unit(value, unit, decimals) == wanted
