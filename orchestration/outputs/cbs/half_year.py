"""The periods of the delivery, and the one error of all that has to do with it."""

import re
from dataclasses import dataclass
from datetime import date

from orchestration.errors import UserError
from orchestration.language import say

HALF_YEAR = re.compile(r"([1-9]\d{3})-H([12])")
ENDS = {1: (6, 30), 2: (12, 31)}


class CbsError(UserError):
    """There is no delivery for CBS, or no report on it: why, and what to do."""


@dataclass(frozen=True, order=True)
class HalfYear:
    """A period of the delivery."""

    year: int
    half: int

    @classmethod
    def of(cls, told: str) -> "HalfYear":
        """Of ``2024-H2``. Raises ``CbsError`` for what is none."""
        found = HALF_YEAR.fullmatch(told.strip().upper())
        if not found:
            raise CbsError(say("{given} is no half-year; write it as 2024-H2.", given=told))
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def holding(cls, day: date) -> "HalfYear":
        return cls(day.year, 1 if day.month <= ENDS[1][0] else 2)

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        return date(self.year, *ENDS[self.half])

    def before(self, count: int = 1) -> "HalfYear":
        """The one ``count`` half-years earlier."""
        year, half = divmod(self.year * 2 + self.half - 1 - count, 2)
        return HalfYear(year, half + 1)

    def __str__(self) -> str:
        return f"{self.year}-H{self.half}"
