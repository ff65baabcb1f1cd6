"""The state of every row as of every delivery, derived from landing and register alone.

Each delivery's landing holds its decisions (rows that differ from the state before, rows that were let in, keys that ended), so a version
runs from the delivery that brought it to the next word on its key. Identifiers leave the landing here: every distinct keyed hash becomes a
number that is good for this build alone, in an order that says nothing.
"""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import duckdb

from orchestration.duck import in_parallel
from orchestration.intake.checks import RANG
from orchestration.intake.contract import DELETED, Contract, Entity, load_contract
from orchestration.keys.keyring import Keyring
from orchestration.landing import store, verify
from orchestration.landing.due import missing
from orchestration.landing.quarantine import make_entries
from orchestration.landing.store import scan_rows, scan_shared
from orchestration.register.register import REFUSED, TAKEN_IN, Event, Levering, Register
from orchestration.settings import Settings

TARGET = "veilig_thuis.historie"
REGISTER_TABLES = {
    "leveringen": "Een rij per poging om een levering op te nemen.",
    "levering_entiteiten": "Een rij per opgenomen levering en entiteit, met aantallen rijen.",
    "quarantaine": "Een rij per rij in quarantaine; waarden staan er niet in.",
    "waarschuwingen": "Een rij per levering, entiteit en soort waarschuwing, met het aantal.",
}
"""The tables of the schema ``historie`` that are no entity of the contract, and what a row of them is."""

WITHDRAWN_OUTCOME = "ingetrokken"
"""The outcome of an attempt that was taken in and taken out again (``landing.withdraw``)."""
RANKS = 1 << 32
"""More rows than a delivery has: a rank within delivery n is n times this, plus the rank."""


def build_history(settings: Settings, con: duckdb.DuckDBPyConnection, keyring: Keyring, tot_levering: int | None = None) -> dict[str, int]:
    """Write the schema ``historie`` into the attached build database ``veilig_thuis``, replacing what was there.

    ``con`` comes from ``duck.connect`` with the build attached (``duck.attach_build``). With ``tot_levering`` everything is as it was after
    that delivery. Returns the number of rows by table. Every file of the landing is held to its seal first: raises ``LandingError`` when
    one is missing, altered or too many.
    """
    log = Register(settings)
    deliveries = log.leveringen(tot_levering)
    verify.hold(settings, log, deliveries)
    contract = load_contract()
    con.execute("create schema if not exists veilig_thuis.historie")
    builder = _History(settings, con, contract, deliveries, _salt(keyring, deliveries))
    in_parallel(con, [partial(builder.events, entity=e) for e in contract.entities], settings.threads)
    builder.surrogates()
    in_parallel(con, [partial(builder.write, entity=e) for e in contract.entities], settings.threads)
    make_entries(con, settings, contract, log, deliveries, f"{TARGET}.quarantaine")
    builder.warnings()
    _register_tables(settings, con, contract, log, deliveries, tot_levering)
    tables = [*contract.names, *REGISTER_TABLES]
    counted = con.execute(" union all ".join(f"select '{t}', count(*) from {TARGET}.{t}" for t in tables)).fetchall()
    builder.drop()
    return dict(counted)


def _salt(keyring: Keyring, deliveries: list[Levering]) -> int:
    """Orders the surrogates: secret, the same for every build of the same delivery, different for every other."""
    last = deliveries[-1].nummer if deliveries else 0
    return int.from_bytes(keyring.derive(f"surrogaat/{last}")[:8], "big")


@dataclass
class _History:
    settings: Settings
    con: duckdb.DuckDBPyConnection
    contract: Contract
    deliveries: list[Levering]
    salt: int

    def rows(self, entity: Entity, soort: str, deliveries: list[Levering] | None = None) -> str:
        return scan_rows(self.settings, self.deliveries if deliveries is None else deliveries, entity, soort)

    def events(self, con: duckdb.DuckDBPyConnection, entity: Entity) -> None:
        """``versie_<e>``: every version of every row, with the deliveries between which it held."""
        names = ", ".join(store.row_columns(entity))
        keys = ", ".join(entity.primary_key_columns)
        con.execute(
            f"""
            create or replace table versie_{entity.name} as
            with woorden as (
                select {names}, _levering as _geldig_van, false as _weg from ({self.rows(entity, store.TAKEN_IN)})
                where _gewijzigd and not {DELETED}
                union all by name
                select {names}, _in_levering as _geldig_van, false as _weg from ({self.rows(entity, store.FREED)})
                union all by name
                select {keys}, _in_levering as _geldig_van, true as _weg from ({self.rows(entity, store.GONE)})
            )
            select *, lead(_geldig_van) over (partition by {keys} order by _geldig_van) as _geldig_tot from woorden qualify not _weg
            """
        )

    def surrogates(self) -> None:
        """``surrogaat_<soort>``: a number for each distinct hash of one kind of number."""
        places: dict[str, list[tuple[str, str]]] = {}
        for entity in self.contract.entities:
            for field in entity.fields:
                if field.number_kind:
                    column = next(iter(field.columns))
                    # A number that is an entity's key stands there in full: rows that name it were let in because it exists.
                    if not field.verwijst_naar:
                        places.setdefault(field.number_kind, []).append((entity.name, column))
        for soort, found in places.items():
            hashes = " union ".join(f"select distinct {c} as id from versie_{e} where {c} is not null" for e, c in found)
            self.con.execute(
                f"create or replace table surrogaat_{soort} as "
                f"select id, row_number() over (order by hash(id, {self.salt}::ubigint), id) as nummer from ({hashes})"
            )

    def write(self, con: duckdb.DuckDBPyConnection, entity: Entity) -> None:
        """The entity's table, with numbers of this build in place of keyed hashes."""
        e = entity.name
        joins, columns = "", []
        for field in entity.fields:
            for column in field.columns:
                if column == f"{field.number_kind}_id":
                    joins += f" left join surrogaat_{field.number_kind} s_{column} on s_{column}.id = v.{column}"
                    columns.append(f"s_{column}.nummer as {column}")
                else:
                    columns.append(f"v.{column}")
        if RANG in store.row_columns(entity):
            joins += self._ranks(con, entity)
            columns.append(f"coalesce(rang.{RANG}, v._levering::bigint * {RANKS} + v.{RANG}) as {RANG}")
        keys = entity.primary_key_columns
        whole = max((d.nummer for d in self.deliveries if d.soort == "volledig" and e in d.bestanden), default=0)
        self._standing_in(con, entity)
        instead = " and ".join(f"b.{k} = v.{k}" for k in keys)
        con.execute(
            f"""
            create or replace table {TARGET}.{e} as
            select {", ".join(columns)}, v._levering, v._bestand, v._regel, v._geldig_van, v._geldig_tot,
                v._geldig_tot is null as _is_actueel,
                v._geldig_tot is null and b.{keys[0]} is not null as _vervangt_quarantaine,
                v._geldig_van <= {whole} as _bevestigd
            from versie_{e} v {joins} left join vervangt_{e} b on {instead}
            """
        )

    def _standing_in(self, con: duckdb.DuckDBPyConnection, entity: Entity) -> None:
        """``vervangt_<e>``: keys whose newest word is a quarantined row, while an earlier version stands."""
        e, keys = entity.name, ", ".join(entity.primary_key_columns)
        on = " and ".join(f"b.{k} = g.{k}" for k in entity.primary_key_columns)
        chain = store.since_whole(self.deliveries, entity)
        con.execute(
            f"""
            create or replace table vervangt_{e} as
            with behouden as (select {keys}, max(_in_levering) as n from ({self.rows(entity, store.RETAINED, chain)}) group by all),
            gebracht as (
                select {keys}, max(_levering) as n from ({self.rows(entity, store.TAKEN_IN, chain)})
                semi join behouden using ({keys}) group by all
                union all select {keys}, max(_in_levering) as n from ({self.rows(entity, store.FREED, chain)}) group by all
            )
            select {keys} from behouden b anti join gebracht g on {on} and g.n > b.n
            """
        )

    def _ranks(self, con: duckdb.DuckDBPyConnection, entity: Entity) -> str:
        """Join that gives each number its rank: in the last whole registration that has it, else in the first delivery after that did."""
        key = entity.primary_key_columns[0]
        chain = store.since_whole(self.deliveries, entity)
        whole = chain[0].nummer if chain else 0
        kinds = " union all ".join(
            f"select {key}, _levering, {RANG} from ({self.rows(entity, kind, chain)}) where {RANG} is not null"
            for kind in (store.TAKEN_IN, store.QUARANTAINE)
        )
        con.execute(
            f"""
            create or replace table rang as
            select {key}, min(_levering::bigint * {RANKS} + {RANG}) as {RANG} from ({kinds}) where _levering >= {whole} group by all
            """
        )
        return f" left join rang on rang.{key} = v.{key}"

    def warnings(self) -> None:
        """Counts by delivery, entity and rule."""
        found = scan_shared(self.settings, self.deliveries, "waarschuwingen", store.WARNING)
        self.con.execute(
            f"create or replace table {TARGET}.waarschuwingen as "
            f"select _in_levering as levering_nummer, entiteit, controle, veld, count(*) as aantal from ({found}) group by all"
        )

    def drop(self) -> None:
        """Let go of the tables beside the build, in memory; they hold the keyed hashes."""
        made = self.con.execute(
            "select database_name, table_name from duckdb_tables() where database_name in ('memory', 'temp')"
        ).fetchall()
        for database, name in made:
            self.con.execute(f"drop table {database}.main.{name}")


def _register_tables(
    settings: Settings, con: duckdb.DuckDBPyConnection, contract: Contract, log: Register, deliveries: list[Levering], tot: int | None
) -> None:
    """``leveringen`` (a row per attempt) and ``levering_entiteiten`` from the register."""
    con.execute(
        f"""
        create or replace table {TARGET}.leveringen (
            levering_nummer integer, poging integer, soort varchar, peildatum date, aangemaakt_op timestamptz, verwerkt_op timestamptz,
            uitkomst varchar, reden varchar, code_versie varchar, contract_versie varchar, nachten_gemist integer)
        """
    )
    con.execute(
        f"""
        create or replace table {TARGET}.levering_entiteiten (
            levering_nummer integer, entiteit varchar, gelezen bigint, opgenomen bigint, identieke_kopieen bigint, quarantaine bigint,
            waarschuwingen bigint, vergeten bigint, vrijgekomen bigint, verwijderd bigint, behouden bigint)
        """
    )
    skipped = {now.nummer: len(missing(before.peildatum, now.peildatum, settings.aanleverdagen)) for before, now in pairwise(deliveries)}
    attempts: dict[int | None, int] = {}
    standing = {(d.nummer, d.poging) for d in log.leveringen()}
    offered = []
    for event in log.events(TAKEN_IN, REFUSED):
        number = event.inhoud["nummer"]
        attempts[number] = attempts.get(number, 0) + 1
        if tot is None or number is None or number <= tot:
            outcome = "geweigerd" if event.soort == REFUSED else "opgenomen"
            if outcome == "opgenomen" and (number, attempts[number]) not in standing:
                outcome = WITHDRAWN_OUTCOME
            missed = skipped.get(number) if outcome == "opgenomen" else None
            offered.append([*_attempt(event, attempts[number], outcome), missed])
    _insert(con, "leveringen", offered)
    names = (
        "gelezen",
        "opgenomen",
        "identieke_kopieen",
        "quarantaine",
        "waarschuwingen",
        "vergeten",
        "vrijgekomen",
        "verwijderd",
        "behouden",
    )
    counted: list[list[object]] = []
    for delivery in deliveries:
        for e in (n for n in contract.names if n in delivery.bestanden):
            counts = delivery.tellingen.get(e, {})
            counted.append([delivery.nummer, e, *(counts.get(n, 0) for n in names)])
    _insert(con, "levering_entiteiten", counted)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[object]]) -> None:
    """Insert the few rows that the register gives, in one statement."""
    if rows:
        places = ", ".join("(" + ", ".join("?" * len(rows[0])) + ")" for _ in rows)
        con.execute(f"insert into {TARGET}.{table} values {places}", [value for row in rows for value in row])


def _attempt(event: Event, attempt: int, outcome: str) -> list[object]:
    i = event.inhoud
    return [
        i["nummer"],
        attempt,
        i["soort"],
        i["peildatum"],
        i["aangemaakt_op"],
        event.op.isoformat(),
        outcome,
        i.get("reden"),
        event.code_versie,
        i["contract_versie"],
    ]
