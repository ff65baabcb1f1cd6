"""From a row of the warehouse back to the registration, and from a number of the registration to its rows. Both need the key."""

from dataclasses import dataclass

import duckdb

from orchestration import duck
from orchestration.errors import GebruikersFout
from orchestration.intake.contract import load_contract
from orchestration.intake.pseudonymise import keyed_id
from orchestration.landing import store
from orchestration.landing.quarantine import add_key
from orchestration.landing.register import Register
from orchestration.landing.sleutel import open_key
from orchestration.settings import Settings


class HerleidFout(GebruikersFout):
    """There is no such delivery, entity or number, or its originals are gone."""


@dataclass(frozen=True, order=True)
class Vindplaats:
    """Where a row stands in the deliveries. ``regel`` is the physical line on which it starts (header = 1)."""

    levering: int
    entiteit: str
    bestand: str
    regel: int


def originals(settings: Settings, plaatsen: list[Vindplaats], waarvoor: str) -> dict[Vindplaats, dict[str, str | None]]:
    """What identifies these rows, as it was delivered: by place, field → text. A row that was forgotten is left out.

    The use of the key is logged with ``waarvoor``. Raises ``HerleidFout`` for a delivery or entity that is not there.
    """
    keyring = open_key(settings, f"trace: {waarvoor} ({len(plaatsen)} rows)")
    deliveries = {d.nummer: d for d in Register(settings).leveringen()}
    found: dict[Vindplaats, dict[str, str | None]] = {}
    with duck.connect(settings) as con:
        add_key(con, keyring, "vault")
        groups: dict[tuple[int, str], list[Vindplaats]] = {}
        for plaats in plaatsen:
            groups.setdefault((plaats.levering, plaats.entiteit), []).append(plaats)
        for (number, e), places in groups.items():
            delivery = deliveries.get(number)
            if delivery is None or e not in delivery.bestanden:
                raise HerleidFout(f"Delivery {number} with {e} was never taken in; see vt deliveries.")
            path = settings.vault / delivery.map / f"{e}.parquet"
            if not path.exists():
                raise HerleidFout(f"The vault of delivery {number} lacks {e}. Put it back from a backup.")
            rows = _lines(con, str(path), [p.regel for p in places])
            found |= {p: rows[p.regel] for p in places if p.regel in rows}
    return found


def _lines(con: duckdb.DuckDBPyConnection, path: str, lines: list[int]) -> dict[int, dict[str, str | None]]:
    query = "select * from read_parquet(?, encryption_config = {footer_key: 'vault'}) where regel in (select unnest(?::bigint[]))"
    rows = con.execute(query, [path, lines]).fetchall()
    names = [d[0] for d in con.description or []]
    return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in rows}


def places_of(settings: Settings, soort: str, nummer: str) -> list[Vindplaats]:
    """Every row, in every delivery, that holds this number: ``soort`` is melding, casus, advies, dienst, persoon (a BSN), ...

    Rows in quarantine included; of a row that a later delivery repeated unchanged each time. The use of the key is logged, the number is
    not. Raises ``HerleidFout`` for a kind of number that there is not.
    """
    contract = load_contract()
    kinds = {v.nummersoort for e in contract.entiteiten for v in e.velden if v.nummersoort}
    if soort not in kinds:
        raise HerleidFout(f"{soort} is no kind of number; there are: {', '.join(sorted(k for k in kinds if k))}.")
    keyring = open_key(settings, f"trace: rows of one {soort}")
    wanted = keyed_id(keyring.derive("pseudoniem"), soort, nummer)
    deliveries = Register(settings).leveringen()
    parts = []
    for entiteit in (e for e in contract.entiteiten if any(v.nummersoort == soort for v in e.velden)):
        for kind in (store.OPGENOMEN, store.QUARANTAINE):
            rows = store.scan_rows(settings, deliveries, entiteit, kind)
            parts.append(f"select _levering, '{entiteit.naam}', _bestand, _regel from ({rows}) where {soort}_id = '{wanted}'")
    with duck.connect(settings) as con:
        return sorted(Vindplaats(*row) for row in con.execute(" union ".join(parts)).fetchall())
