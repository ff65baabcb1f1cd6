"""The warnings of intake as checks: implausible values that were taken in, counted by rule over the deliveries of a run."""

from collections.abc import Iterable
from functools import cache

import duckdb

from orchestration.intake.contract import load_contract
from orchestration.intake.warnings import warning_rules
from orchestration.landing import store
from orchestration.language import say
from orchestration.quality.frames import place
from orchestration.register.register import Register
from orchestration.settings import Settings
from orchestration.transform.controle import Controle

WHO = "registratie (applicatiebeheer)"

AT_MOST = 10
"""Lines shown of one file."""


@cache
def expected() -> tuple[tuple[str, str, str, str], ...]:
    """Name of the check, entity, rule and field of every warning that intake can give."""
    return tuple((f"intake.{entity}.{rule}", entity, rule, field) for entity, rule, field in warning_rules(load_contract()))


def intake_warnings(settings: Settings, con: duckdb.DuckDBPyConnection, leveringen: Iterable[int]) -> list[Controle]:
    """One outcome for each rule over these deliveries, with file and lines."""
    wanted = set(leveringen)
    deliveries = [d for d in Register(settings).leveringen() if d.nummer in wanted]
    found = con.execute(
        f"""
        select entiteit, controle, _in_levering, bestand, count(*), list(regel order by regel)[:{AT_MOST}]
        from ({store.scan_shared(settings, deliveries, "waarschuwingen", store.WARNING)}) group by 1, 2, 3, 4 order by 1, 2, 3
        """
    ).fetchall()
    return [
        _outcome(name, entity, rule, field, [f[2:] for f in found if f[:2] == (entity, rule)]) for name, entity, rule, field in expected()
    ]


def _outcome(name: str, entity: str, rule: str, field: str, files: list[tuple[int, str, int, list[int]]]) -> Controle:
    count = sum(n for _, _, n, _ in files)
    what = f"{rule.replace('_', ' ')} ({field})"
    places = "; ".join(place(delivery, file, lines, n) for delivery, file, n, lines in files)
    text = say("{what}; {places}; to mend: {who}", what=what, places=places, who=WHO) if count else ""
    return Controle(name, "intake", entity, "gewaarschuwd" if count else "geslaagd", "waarschuwt", count, text)
