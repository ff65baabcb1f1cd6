"""From a row of the warehouse back to the registration, and from a number of the registration to its rows: those need the key."""

from dataclasses import dataclass

import duckdb

from orchestration import duck
from orchestration.errors import UserError
from orchestration.intake.contract import DELETED, load_contract
from orchestration.intake.numbers import normal_form
from orchestration.intake.pseudonymise import keyed_id
from orchestration.keys.use import open_key
from orchestration.landing import store
from orchestration.landing.quarantine import add_key
from orchestration.language import later, say
from orchestration.register.register import Register
from orchestration.settings import Settings

NEVER = later("Delivery {number} with {what} was never taken in; see vt deliveries list.")
HELD = later("{file}, line {line} of delivery {number} is or was in quarantine: it counts in no figure itself. See vt quarantine list.")
NO_ROW = later("{file}, line {line} of delivery {number}: no row starts there, or it is an identical copy of another, or it was forgotten.")


class TraceError(UserError):
    """There is no such delivery, entity or number, or its originals are gone."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a row stands in the deliveries. ``regel`` is the physical line on which it starts (header = 1)."""

    levering: int
    entiteit: str
    bestand: str
    regel: int


def originals(settings: Settings, wanted: list[Place], purpose: str) -> dict[Place, dict[str, str | None]]:
    """What identifies these rows, as it was delivered (white space around numbers fell away): by place, field → text. A row that was
    forgotten is left out.

    The use of the key is logged with ``purpose``. Raises ``TraceError`` for a delivery or entity that is not there.
    """
    keyring = open_key(settings, say("trace: {purpose} ({count} rows)", purpose=purpose, count=len(wanted)))
    deliveries = {d.nummer: d for d in Register(settings).leveringen()}
    found: dict[Place, dict[str, str | None]] = {}
    with duck.connect(settings) as con:
        add_key(con, keyring, "vault")
        groups: dict[tuple[int, str], list[Place]] = {}
        for place in wanted:
            groups.setdefault((place.levering, place.entiteit), []).append(place)
        for (number, e), places in groups.items():
            delivery = deliveries.get(number)
            if delivery is None or e not in delivery.bestanden:
                raise TraceError(say(NEVER, number=number, what=e))
            path = settings.vault / delivery.map / f"{e}.parquet"
            if not path.exists():
                raise TraceError(say("The vault of delivery {number} lacks {entity}. Put it back from a backup.", number=number, entity=e))
            rows = _lines(con, str(path), [p.regel for p in places])
            found |= {p: rows[p.regel] for p in places if p.regel in rows}
    return found


def _lines(con: duckdb.DuckDBPyConnection, path: str, lines: list[int]) -> dict[int, dict[str, str | None]]:
    query = "select * from read_parquet(?, encryption_config = {footer_key: 'vault'}) where regel in (select unnest(?::bigint[]))"
    rows = con.execute(query, [path, lines]).fetchall()
    names = [d[0] for d in con.description or []]
    return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in rows}


def places_of(settings: Settings, soort: str, nummer: str) -> list[Place]:
    """Every row, in every delivery, that holds this number: ``soort`` is melding, casus, advies, dienst, persoon (a BSN), ...

    Rows in quarantine included; of a row that a later delivery repeated unchanged each time. White space around the number counts for
    nothing. The use of the key is logged, the number is not. Raises ``TraceError`` for a kind of number that there is not.
    """
    contract = load_contract()
    kinds = {v.number_kind for e in contract.entities for v in e.fields if v.number_kind}
    if soort not in kinds:
        known = ", ".join(sorted(k for k in kinds if k))
        raise TraceError(say("{kind} is no kind of number; there are: {known}.", kind=soort, known=known))
    keyring = open_key(settings, say("trace: rows of one {kind}", kind=soort))
    wanted = keyed_id(keyring.derive("pseudoniem"), soort, normal_form(nummer))
    deliveries = Register(settings).leveringen()
    parts = []
    for entity in (e for e in contract.entities if any(v.number_kind == soort for v in e.fields)):
        for kind in (store.TAKEN_IN, store.QUARANTAINE):
            rows = store.scan_rows(settings, deliveries, entity, kind)
            parts.append(f"select _levering, '{entity.name}', _bestand, _regel from ({rows}) where {soort}_id = '{wanted}'")
    with duck.connect(settings) as con:
        return sorted(Place(*row) for row in con.execute(" union ".join(parts)).fetchall())


@dataclass(frozen=True)
class OfPerson:
    """What the warehouse took over of a person: the rows with their number, and those that hang on these. All by line, no contents."""

    own: list[Place]
    of_report: list[Place]
    """of the reports that the person is in"""
    of_case: list[Place]
    """of the cases of these reports: the household's, so also of others"""


def of_person(settings: Settings, bsn: str) -> OfPerson:
    """Every row, in every delivery and in quarantine, that is about who has this BSN: for who asks what is kept of them (GDPR art. 15).

    The use of the key is logged, the number is not.
    """
    keyring = open_key(settings, say("trace: all of one person"))
    wanted = keyed_id(keyring.derive("pseudoniem"), PERSON, normal_form(bsn))
    deliveries, kinds = Register(settings).leveringen(), (PERSON, "melding", "casus")
    parts = []
    for entity in load_contract().entities:
        there = {f.number_kind for f in entity.fields}
        ids = ", ".join(f"{f'{kind}_id' if kind in there else 'null::uuid'} as {kind}" for kind in kinds)
        for of in (store.TAKEN_IN, store.QUARANTAINE):
            rows = store.scan_rows(settings, deliveries, entity, of)
            parts.append(f"select _levering, '{entity.name}' as entiteit, _bestand, _regel, {ids} from ({rows})")
    with duck.connect(settings) as con:
        con.execute(f"create temp table about as {' union all '.join(parts)}")
        con.execute(f"create temp table own as from about where {PERSON} = '{wanted}'")
        found = con.execute(
            """
            with reports as (select distinct melding from own where melding is not null),
            cases as (select distinct casus from about semi join reports using (melding) where casus is not null)
            select case when (_levering, entiteit, _regel) in (select (_levering, entiteit, _regel) from own) then 0
                when melding in (from reports) then 1 else 2 end, _levering, entiteit, _bestand, _regel
            from about
            where melding in (from reports) or casus in (from cases)
                or (_levering, entiteit, _regel) in (select (_levering, entiteit, _regel) from own)
            """
        ).fetchall()
    groups = [sorted({Place(*at) for which, *at in found if which == number}) for number in range(3)]
    return OfPerson(*groups)


PERSON = "persoon"
"""The kind of number that a person has."""


def standing(settings: Settings, place: Place) -> Place:
    """The line that stands for this one in the warehouse: itself, or the earlier one that it repeats unchanged. Needs no key.

    Raises ``TraceError`` when there is no such line, or it is in quarantine.
    """
    contract = load_contract()
    deliveries = [d for d in Register(settings).leveringen() if d.nummer <= place.levering]
    delivery = deliveries[-1] if deliveries else None
    at = {"file": place.bestand, "line": place.regel, "number": place.levering}
    if delivery is None or delivery.nummer != place.levering or place.entiteit not in delivery.bestanden:
        raise TraceError(say(NEVER, number=place.levering, what=place.bestand))
    entity = contract.entity(place.entiteit)
    keys = ", ".join(entity.primary_key_columns)
    with duckdb.connect() as con:
        rows = store.scan_rows(settings, [delivery], entity, store.TAKEN_IN)
        own = con.execute(f"select _gewijzigd, {DELETED} from ({rows}) where _regel = ?", [place.regel]).fetchone()
        if own is None:
            held = store.scan_rows(settings, [delivery], entity, store.QUARANTAINE)
            if con.execute(f"select 1 from ({held}) where _regel = ?", [place.regel]).fetchone():
                raise TraceError(say(HELD, **at))
            raise TraceError(say(NO_ROW, **at))
        changed, ended = own
        if ended:
            raise TraceError(say("{file}, line {line} of delivery {number} ends a row (verwijderd = ja): it counts in no figure.", **at))
        if changed:
            return place
        words = (
            f"select {keys}, _levering, _bestand, _regel, _levering as volgorde from "
            f"({store.scan_rows(settings, deliveries, entity, store.TAKEN_IN)}) where _gewijzigd and not {DELETED} union all "
            f"select {keys}, _levering, _bestand, _regel, _in_levering from "
            f"({store.scan_rows(settings, deliveries, entity, store.FREED)})"
        )
        found = con.execute(
            f"select w._levering, w._bestand, w._regel from ({words}) w semi join (select {keys} from ({rows}) where _regel = ?) "
            f"using ({keys}) order by w.volgorde desc limit 1",
            [place.regel],
        ).fetchone()
    return Place(found[0], place.entiteit, found[1], found[2]) if found else place


def place(settings: Settings, levering: int, file: str, line: int) -> Place:
    """The line of a file of a delivery; the file goes by its name or its entity. Raises ``TraceError`` for one that is not there."""
    delivery = next((d for d in Register(settings).leveringen() if d.nummer == levering), None)
    names = delivery.bestanden if delivery else {}
    entity = next((e for e, name in names.items() if file in {e, name}), None)
    if entity is None:
        there = [say("It has: {files}.", files=", ".join(sorted(names.values())))] if names else []
        raise TraceError(" ".join([say(NEVER, number=levering, what=file), *there]))
    return Place(levering, entity, names[entity], line)
