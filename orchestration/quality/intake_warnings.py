"""The warnings of intake as checks: implausible values that were taken in, counted by rule over the deliveries of a run."""

from collections.abc import Iterable

import duckdb

from orchestration.intake.contract import load_contract
from orchestration.intake.warnings import warning_rules
from orchestration.landing import store
from orchestration.register.register import Register
from orchestration.settings import Settings
from orchestration.transform.controle import Controle

WIE = "registratie (applicatiebeheer)"
EXPECTED = tuple((f"intake.{entiteit}.{rule}", entiteit, rule, field) for entiteit, rule, field in warning_rules(load_contract()))
"""Name of the check, entity, rule and field of every warning that intake can give."""

HOOGSTENS = 10
"""Lines shown of one file."""


def intake_warnings(settings: Settings, con: duckdb.DuckDBPyConnection, leveringen: Iterable[int]) -> list[Controle]:
    """One outcome for each rule over these deliveries, with file and lines."""
    wanted = set(leveringen)
    deliveries = [d for d in Register(settings).leveringen() if d.nummer in wanted]
    found = con.execute(
        f"""
        select entiteit, controle, _in_levering, bestand, count(*), list(regel order by regel)[:{HOOGSTENS}]
        from ({store.scan_shared(settings, deliveries, "waarschuwingen", store.WAARSCHUWING)}) group by 1, 2, 3, 4 order by 1, 2, 3
        """
    ).fetchall()
    return [
        _outcome(name, entiteit, rule, field, [f[2:] for f in found if f[:2] == (entiteit, rule)])
        for name, entiteit, rule, field in EXPECTED
    ]


def _outcome(name: str, entiteit: str, rule: str, field: str, files: list[tuple[int, str, int, list[int]]]) -> Controle:
    count = sum(n for _, _, n, _ in files)
    places = "; ".join(
        f"levering {delivery}, {file}, regel {', '.join(map(str, lines))}" + (f" en {n - len(lines)} meer" if n > len(lines) else "")
        for delivery, file, n, lines in files
    )
    text = f"{rule.replace('_', ' ')} ({field}); {places}; oplossen: {WIE}" if count else ""
    return Controle(name, "intake", entiteit, "gewaarschuwd" if count else "geslaagd", "waarschuwt", count, text)
