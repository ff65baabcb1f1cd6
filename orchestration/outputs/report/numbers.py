"""Numbers as Dutch readers write them. Rounding comes first, half away from nought; then a number is written, with as many decimals."""

from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float, decimals: int) -> Decimal:
    """``value`` as people round: 2.5 becomes 3, and 0.285 in two decimals 0.29, whatever the machine makes of it."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def written(value: float, decimals: int = 0) -> str:
    """``value`` rounded and written: 1234.5 in one decimal is ``1.234,5``."""
    told = f"{abs(rounded(value, decimals)):,}".translate({ord(","): ".", ord("."): ","})
    return f"-{told}" if rounded(value, decimals) < 0 else told


def in_unit(value: float, unit: str, decimals: int) -> str:
    """With the sign of the unit where it has one."""
    return written(value, decimals) + ("%" if unit == "procent" else "")
