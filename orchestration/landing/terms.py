"""The term of keeping: from which day on what was closed may not be kept any more (art. 5.3.4 Wmo 2015)."""

from datetime import UTC, date, datetime, timedelta

from orchestration.register.register import Register
from orchestration.settings import Settings

KINDS = {"casus": "casussen", "advies": "adviesvragen"}
"""What has a term of its own, by kind of number and by the field ``afgesloten_op`` of its entity; everything else hangs on these."""


SLACK = timedelta(days=31)
"""How far the clock may be ahead of what the register last saw on a day before today, and still be believed."""


def moment(log: Register) -> datetime:
    """Now, by the clock as well as by the register: a clock that stands years ahead for a night destroys nothing."""
    now = datetime.now(UTC)
    earlier = [e.op for e in log.events() if e.op.date() < now.date()]
    return min(now, max(earlier) + SLACK) if earlier else now


def limit(peildatum: date, years: int) -> date:
    """What was closed before this day is past its term."""
    try:
        return peildatum.replace(year=peildatum.year - years)
    except ValueError:  # 29 February
        return peildatum.replace(year=peildatum.year - years, day=28)


def past_before(settings: Settings, peildatum: date) -> date:
    """What was closed before this day is past its term, by the clock as well as by the registration."""
    return limit(min(peildatum, date.today()), settings.bewaar_jaren)
