"""The verdict on every row of a delivery: taken in, an identical copy, or quarantined, and what that does to the state before it.

Entities are judged parents first, all in SQL. For an entity e the connection holds, made by the caller:

- ``ruw_<e>``: the rows read (``nummer``, ``regel``, the contract's fields as text, ``verwijderd``), only where e is in the delivery;
- ``stand_<e>``: the state before the delivery (the landing's columns), empty before the first;
- ``wacht_<e>``: quarantined rows of earlier deliveries whose only fault was a parent (the landing's columns, ``_levering``, ``_bestand``,
  ``_regel``); empty for a ``volledig`` delivery, which brings everything anew;
- ``open_<e>``: rows that earlier deliveries left in quarantine, by key;
- ``los_<e>``: rows of the state that stand only for a child of theirs that is in quarantine: the last ``volledig`` delivery left them out.

and gets:

- ``goed_<e>``: rows taken in, ``verwijderd`` ones with their key alone; ``_gewijzigd`` tells rows that differ from the state before;
- ``fout_<e>``: quarantined rows, one each, with the first rule that failed and all of them;
- ``vrij_<e>``: waiting rows that come in now because their parent did;
- ``weg_<e>``: keys of the state that end with this delivery, and why;
- ``behoud_<e>``: rows of the state that stay because their newer version is in quarantine, and (``_weggelaten``) what those hang on;
- ``na_<e>``: the state after the delivery.

What is known to be empty becomes an empty view and is never joined: most nights that is most of it.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import duckdb

from orchestration import duck
from orchestration.duck import in_parallel
from orchestration.intake.contract import DELETED, Contract, Entity, Field
from orchestration.intake.numbers import find_improper, find_other_case, normal_sql
from orchestration.intake.pseudonymise import map_numbers
from orchestration.intake.rules import NUMBER_RULES, RowRule, helper_expressions, read_expressions, row_rules
from orchestration.language import say
from orchestration.sql import text

RANG = "nummer_volgorde"
"""Rank of a melding_nummer among those of its delivery, as text: ties between reports are settled by it."""

KEPT = {"_levering": "INTEGER", "_bestand": "VARCHAR", "_regel": "BIGINT", "_weggelaten": "BOOLEAN"}
"""What ``behoud_<e>`` has beside the content."""

FAULT = {"controle": "VARCHAR", "veld": "VARCHAR", "reden": "VARCHAR", "controles": "VARCHAR", "_sleutel": "BOOLEAN", "wacht": "BOOLEAN"}
"""What is told of a quarantined row: the first rule that it broke and its field, why, all rules that it broke, whether its key can be
relied on, and whether it only waits for a parent."""


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one entity: gelezen = opgenomen + identieke_kopieen + quarantaine + vergeten."""

    gelezen: int = 0
    opgenomen: int = 0
    identieke_kopieen: int = 0
    quarantaine: int = 0
    waarschuwingen: int = 0
    vergeten: int = 0
    vrijgekomen: int = 0
    """Rows that earlier deliveries brought and that come in now; outside the balance."""
    verwijderd: int = 0
    """Rows of the state before that ended with this delivery; outside the balance."""
    behouden: int = 0
    """Rows of the state before that stand in for a quarantined newer version; outside the balance."""

    @property
    def balances(self) -> bool:
        return self.gelezen == self.opgenomen + self.identieke_kopieen + self.quarantaine + self.vergeten


class BalanceError(Exception):
    """Rows got lost between reading and judging: a mistake of the code, never of a delivery. Nothing is taken in."""


def extra_columns(entity: Entity) -> dict[str, str]:
    """Columns of the landing beside those of the contract's fields."""
    return {RANG: "INTEGER"} if entity.name == "meldingen" else {}


def empty(columns: dict[str, str]) -> str:
    """A select of no rows with these columns (name: DuckDB type)."""
    return "select " + ", ".join(f"null::{kind} as {name}" for name, kind in columns.items()) + " where false"


class Judging:
    """The judging of one delivery on one connection."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        soort: str,
        peildatum: date,
        delivered: frozenset[str],
        key: bytes,
        *,
        first: bool = False,
        waiting: frozenset[str] = frozenset(),
        unsettled: frozenset[str] = frozenset(),
        loose: frozenset[str] = frozenset(),
        terms: Mapping[str, date] | None = None,
        threads: int = 1,
    ) -> None:
        """``delivered``: entities in the delivery; ``first``: nothing was taken in before; ``waiting``, ``unsettled`` and ``loose``:
        entities for which ``wacht_<e>``, ``open_<e>`` and ``los_<e>`` hold anything. ``terms``: by entity the day before which a row
        was closed that may not be kept any more. ``sleutel`` is the key of the pseudonyms.
        """
        self.con, self.contract, self.soort, self.peildatum, self.delivered = con, contract, soort, peildatum, delivered
        self.first, self.waiting, self.unsettled, self.loose, self.threads = first, waiting, unsettled, loose, threads
        self.terms = terms or {}
        self._key = key
        self._ended: frozenset[str] = frozenset()
        """Entities with rows that ended, so far."""
        self.forgotten: frozenset[str] = frozenset()
        """Kinds of number of which ``vergeten_<kind>`` (id) holds some that must stay out; set before judging."""
        self.left_out_with_parent: frozenset[str] = frozenset()
        """Kinds of number of which ``meegelaten_<kind>`` (id) holds some that were left out with a parent before; set before judging."""
        self._left_out: frozenset[str] = frozenset()
        """Entities with rows that were left out, so far."""
        self._kinds: frozenset[str] = frozenset()
        """Kinds of number in the delivery."""
        self._improper: frozenset[str] = frozenset()
        """Kinds of number of which ``onjuist_<kind>`` holds some."""

    def hash_numbers(self) -> frozenset[str]:
        """Make the keyed hashes of every number in the delivery: a table ``nummers_<kind>`` for each kind of number; returns the kinds.

        From here on ``ruw_<e>`` holds numbers in their normal form, and ``onjuist_<kind>`` and ``hoofdletters_<kind>`` what ``numbers``
        finds among them.
        """
        places: dict[str, list[tuple[str, str]]] = {}
        owners = {}
        for entity in self.contract.entities:
            for item in entity.fields:
                if item.number_kind and entity.name in self.delivered:
                    places.setdefault(item.number_kind, []).append((f"ruw_{entity.name}", item.name))
                    if item.veldsoort == "nummer" and not item.verwijst_naar:
                        owners[item.number_kind] = f"stand_{entity.name}" if self.soort == "mutaties" else None
        self._map(places)
        tasks = [partial(find_other_case, key=self._key, soort=kind, stand=stand) for kind, stand in owners.items()]
        in_parallel(self.con, tasks, self.threads)
        self._kinds = frozenset(places)
        return self._kinds

    def _map(self, places: dict[str, list[tuple[str, str]]]) -> None:
        """``nummers_<kind>`` and ``onjuist_<kind>``, once more over a new ``ruw_<e>`` where a number was not in its normal form."""
        tasks = [partial(map_numbers, key=self._key, soort=kind, sources=found) for kind, found in places.items()]
        in_parallel(self.con, tasks, self.threads)
        kinds = [k for k in places if k != "persoon"]  # the form of a BSN is a rule for its field
        looks = [partial(find_improper, soort=kind, geen_nummer=self.contract.bounds.geen_nummer) for kind in kinds]
        found = dict(zip(kinds, in_parallel(self.con, looks, self.threads), strict=True))
        padded = {kind: places[kind] for kind, (white, _) in found.items() if white}
        self._improper |= {kind for kind, (white, improper) in found.items() if improper and not white}
        tables: dict[str, list[str]] = {}
        for table, field in (place for kind in padded for place in padded[kind]):
            tables.setdefault(table, []).append(f"{normal_sql(field)} as {field}")
        for table, fields in tables.items():
            self.con.execute(f"alter view {table} rename to {table}_geleverd")
            self.con.execute(f"create view {table} as select * replace ({', '.join(fields)}) from {table}_geleverd")
        if padded:
            self._map(padded)

    def judge_all(self) -> dict[str, Counts]:
        """Judge every entity, parents first; raises ``BalanceError`` when a row is not accounted for."""
        counts: dict[str, Counts] = {}
        for level in self.contract.levels:
            tasks = [partial(self._judge_on, entity=entity) for entity in level]
            judged = list(zip(level, in_parallel(self.con, tasks, self.threads), strict=True))
            counts |= {e.name: count for e, count in judged}
            self._ended |= {e.name for e, count in judged if count.verwijderd}
            self._left_out |= {e.name for e, count in judged if count.vergeten and len(e.primary_key) == 1}
        for level in reversed(self.contract.levels) if self.soort == "volledig" or self.loose else ():
            settling = [partial(self._settle_on, entity=e, count=counts[e.name]) for e in level]
            counts |= zip((e.name for e in level), in_parallel(self.con, settling, self.threads), strict=True)
        return counts

    def _settle_on(self, con: duckdb.DuckDBPyConnection, entity: Entity, count: Counts) -> Counts:
        """What can be told of an entity only when all that hangs on it was judged: what it keeps for that, and what ends."""
        own = self._on(con)
        if self.soort == "volledig":
            return replace(count, behouden=own._keep_parents(entity), verwijderd=own._end(entity, 0))
        return replace(count, verwijderd=count.verwijderd + own._let_go(entity))

    def _judge_on(self, con: duckdb.DuckDBPyConnection, entity: Entity) -> Counts:
        return self._on(con)._judge(entity)

    def _on(self, con: duckdb.DuckDBPyConnection) -> "Judging":
        """This judging on another connection, for a thread of its own: what it finds it gives back, and changes nothing here."""
        own = copy(self)
        own.con = con
        return own

    def _judge(self, entity: Entity) -> Counts:
        e = entity.name
        read = copies = good = deleted = bad = forgotten = 0
        if e in self.delivered:
            read = duck.number(self.con, f"select count(*) from ruw_{e}")
        if read:
            forgotten = self._leave_out(entity)
            doubles = self._find_doubles(entity)
            rules = self._read(entity, doubles=doubles is not None)
            good, deleted, bad = duck.row(
                self.con,
                f"select count(*) filter (fouten = 0), count(*) filter (fouten = 0 and {DELETED}), count(*) filter (fouten <> 0) "
                f"from oordeel_{e}",
            )
            copies = doubles or 0
            self._explain(entity, rules, bad)
        else:
            self._make_empty(f"goed_{e}", self._content(entity) | {DELETED: "BOOLEAN", "_gewijzigd": "BOOLEAN", "regel": "BIGINT"})
            self._explain(entity, [], 0)
        freed = self._release(entity)
        ended = self._end(entity, deleted) if self.soort == "mutaties" else 0  # of a whole registration: _settle_on
        kept = self._keep(entity, bad)
        self._after(entity, bad)
        count = Counts(
            gelezen=read,
            opgenomen=good,
            identieke_kopieen=copies,
            quarantaine=bad,
            vergeten=forgotten,
            vrijgekomen=freed,
            verwijderd=ended,
            behouden=kept,
        )
        if not count.balances:
            raise BalanceError(f"{e}: {read} rows read, {good} good + {copies} copies + {bad} quarantined + {forgotten} forgotten.")
        return count

    # --- what the delivery brings -----------------------------------------------------------------------------------------------

    def _leave_out(self, entity: Entity) -> int:
        """Take from ``ruw_<e>`` what was forgotten, and what hangs on it; ``weggelaten_<e>`` keeps keys of parents. Returns how many."""
        e = entity.name
        if not self.forgotten and not self.left_out_with_parent:
            return 0
        conditions, joins = [], ""
        for item in entity.fields:
            sets = [f"select id from vergeten_{item.number_kind}"] if item.number_kind in self.forgotten else []
            sets += [f"select id from weggelaten_{item.verwijst_naar}"] if item.verwijst_naar in self._left_out else []
            if item.verwijst_naar and item.number_kind in self.left_out_with_parent:  # unless it stands now, under another parent
                sets.append(f"select id from meegelaten_{item.number_kind} anti join ouder_{item.verwijst_naar} using (id)")
            conditions += [f"n_{item.name}.id in ({ids})" for ids in sets]
            if item.key_position and not item.verwijst_naar and item.number_kind in self.left_out_with_parent:  # a deletion names no parent
                never = f"select m.id from meegelaten_{item.number_kind} m anti join stand_{e} s on s.{_id(item)} = m.id"
                conditions.append(f"(r.{DELETED} = 'ja' and n_{item.name}.id in ({never}))")
                sets.append(never)
            if sets:
                joins += f" left join nummers_{item.number_kind} n_{item.name} on n_{item.name}.tekst = r.{item.name}"
        if not conditions:
            return 0
        self.con.execute(
            f"create or replace table weggelaten_rij_{e} as select r.nummer from ruw_{e} r {joins} where {' or '.join(conditions)}"
        )
        count = duck.number(self.con, f"select count(*) from weggelaten_rij_{e}")
        if not count:
            return 0
        kind, key = entity.primary_key[0].number_kind, entity.primary_key[0].name
        if len(entity.primary_key) == 1:
            self.con.execute(
                f"create or replace table weggelaten_{e} as select distinct n.id, n.tekst from weggelaten_rij_{e} w "
                f"join ruw_{e} r using (nummer) join nummers_{kind} n on n.tekst = r.{key}"
            )
        self.con.execute(f"alter view ruw_{e} rename to alle_{e}")
        self.con.execute(f"create view ruw_{e} as select * from alle_{e} anti join weggelaten_rij_{e} using (nummer)")
        return count

    def _find_doubles(self, entity: Entity) -> int | None:
        """``dubbel_<e>``: rows that share their key with another; ``kopie`` where all copies are identical and this is not the first.

        Returns the number of identical copies; None when no key is double.
        """
        e = entity.name
        key = ", ".join(f"{_comparable(v)} as k{i}" for i, v in enumerate(entity.primary_key))
        on = ", ".join(f"k{i}" for i in range(len(entity.primary_key)))
        filled = " and ".join(f"{v.name} is not null" for v in entity.primary_key)
        double = duck.number(self.con, f"select count(*) from (select {key} from ruw_{e} where {filled} group by all having count(*) > 1)")
        if not double:
            return None
        content = ", ".join(v.name for v in entity.fields)
        self.con.execute(
            f"""
            create or replace table dubbel_{e} as
            with rijen as (select nummer, {key}, row({content}, {DELETED}) as inhoud from ruw_{e} where {filled}),
            meer as (select {on}, count(distinct inhoud) = 1 as gelijk, min(nummer) as eerste from rijen group by {on} having count(*) > 1)
            select nummer, gelijk and nummer <> eerste as kopie, not gelijk as verschilt from rijen join meer using ({on})
            """
        )
        copies = duck.number(self.con, f"select count(*) from dubbel_{e} where kopie")
        return copies

    def _read(self, entity: Entity, *, doubles: bool) -> list[RowRule]:
        """``oordeel_<e>``: every row but identical copies, its columns read, with the mask of rules that it broke. Returns the rules."""
        e = entity.name
        rules = [
            r
            for r in row_rules(self.contract, entity, self.soort, self.peildatum)
            if r.controle not in NUMBER_RULES or entity.field(r.veld).number_kind in self._improper
        ]
        keys = {v.name for v in entity.primary_key}
        key_mask = sum(1 << i for i, r in enumerate(rules) if r.veld in keys)
        columns = read_expressions(self.contract, entity)
        beside = helper_expressions(entity, self._improper)
        if extra_columns(entity):
            columns[RANG] = RANG
            beside[RANG] = "rank() over (order by r.melding_nummer nulls first)::integer"
        joins = [f"left join {_numbers_of(v)} n_{v.name} on n_{v.name}.tekst = r.{v.name}" for v in entity.fields if v.number_kind]
        for item in entity.fields:
            if item.number_kind in self._improper:
                joins.append(f"left join onjuist_{item.number_kind} x_{item.name} on x_{item.name}.tekst = r.{item.name}")
        if doubles:
            joins.append(f"left join dubbel_{e} d on d.nummer = r.nummer")
            beside |= {"_verschilt": "coalesce(d.verschilt, false)", "_kopie": "coalesce(d.kopie, false)"}
            reden = say("the key is double and the copies differ")
            rules.append(RowRule("sleutel_dubbel", entity.primary_key[0].name, "_verschilt", reden))
        for item in entity.parents:
            beside[f"_mist_{item.name}"] = f"not n_{item.name}.staat"
            beside[f"_fout_{item.name}"] = f"n_{item.name}.fout"
            beside |= {f"_{item.name}_{field}": f"n_{item.name}.{field}" for _, field in _late(entity, item)}
            rules += [RowRule(r.controle, r.veld, f"not {DELETED} and {r.condition}", r.reden) for r in self._parent_rules(entity, item)]
        if (day := self.terms.get(e)) is not None:
            key = entity.primary_key[0]
            stood = f"select {_id(key)} as id, afgesloten_op from stand_{e} where afgesloten_op < date '{day}'"
            joins.append(f"left join ({stood}) s on s.id = n_{key.name}.id")
            beside["_stond"] = "s.afgesloten_op"
            rules.append(_term_rule(day))
        raw = ", ".join(f"{n} := r.{n}" for n in [*(v.name for v in entity.fields), DELETED])
        read = ", ".join(f"{sql} as {name}" for name, sql in columns.items() if sql != name)
        helpers = "".join(f", {sql} as {name}" for name, sql in beside.items())
        deleted = f"coalesce(r.{DELETED} = 'ja', false)" if self.soort == "mutaties" else "false"
        mask = " | ".join(f"(case when {r.condition} then {1 << i}::ubigint else 0::ubigint end)" for i, r in enumerate(rules))
        self.con.execute(
            f"""
            create or replace table gelezen_{e} as
            select nummer, regel, {DELETED}, {", ".join(columns)}, {mask} as fouten, (fouten & {key_mask}::ubigint) = 0 as _sleutel
            from (
                select *, {read} from (
                    select r.nummer, r.regel, {deleted} as {DELETED}, struct_pack({raw}) as r{helpers} from ruw_{e} r {" ".join(joins)}
                )
            )
            {"where not _kopie" if doubles else ""}
            """
        )
        self._compare(entity, list(columns))
        return rules

    def _compare(self, entity: Entity, columns: list[str]) -> None:
        """``oordeel_<e>``: with ``_gewijzigd``, and ``goed_<e>`` over it."""
        e = entity.name
        if self.first:
            self.con.execute(f"create or replace view oordeel_{e} as select *, true as _gewijzigd from gelezen_{e}")
        else:
            others = [c for c in entity.columns if c not in entity.primary_key_columns]
            differs = "".join(f" or g.{c} is distinct from s.{c}" for c in others)
            self.con.execute(
                f"""
                create or replace table oordeel_{e} as
                select g.*, (g.{DELETED} or s.{entity.primary_key_columns[0]} is null{differs}) as _gewijzigd
                from gelezen_{e} g left join stand_{e} s on {_on(entity, "s", "g")}
                """
            )
            self.con.execute(f"drop table gelezen_{e}")
        if self.soort == "mutaties":
            columns = [c if c in entity.primary_key_columns else f"case when not {DELETED} then {c} end as {c}" for c in columns]
        self.con.execute(
            f"create or replace view goed_{e} as "
            f"select {', '.join(columns)}, {DELETED}, _gewijzigd, regel from oordeel_{e} where fouten = 0"
        )

    def _parent_rules(self, entity: Entity, item: Field) -> list[RowRule]:
        """What can be wrong between a row and the parent that ``veld`` names."""
        parent, missing = item.verwijst_naar, f"_mist_{item.name}"
        bad = f"_fout_{item.name}"
        absent = say("names a row of {parent} that does not exist", parent=parent)
        held = say("names a row of {parent} that is in quarantine", parent=parent)
        rules = [
            RowRule("ouder_ontbreekt", item.name, f"{missing} and not {bad}", absent),
            RowRule("ouder_in_quarantaine", item.name, f"{missing} and {bad}", held),
        ]
        for late, field in _late(entity, item):
            before = f"cast({late} as date) < cast(_{item.name}_{field} as date)"
            rules.append(RowRule("volgorde", late, before, say("comes before {earlier}", earlier=f"{parent}.{field}")))
        return rules

    def _explain(self, entity: Entity, rules: list[RowRule], bad: int) -> None:
        """``fout_<e>``: the first rule that each bad row broke, by name, and all of them."""
        e = entity.name
        content = self._content(entity)
        if not bad:
            self._make_empty(f"fout_{e}", {"nummer": "BIGINT", "regel": "BIGINT", **FAULT, **content})
            return
        parent_mask = sum(1 << i for i, r in enumerate(rules) if r.controle in {"ouder_ontbreekt", "ouder_in_quarantaine"})
        table = ", ".join(f"({i}, '{r.controle}', '{r.veld}', {text(r.reden)})" for i, r in enumerate(rules))
        self.con.execute(
            f"""
            create or replace table fout_{e} as
            with gebroken as (
                select o.nummer, arg_min(r.controle, r.bit) as controle, arg_min(r.veld, r.bit) as veld, arg_min(r.reden, r.bit) as reden,
                    string_agg(r.controle || ':' || r.veld, ', ' order by r.bit) as controles
                from oordeel_{e} o join (values {table}) r(bit, controle, veld, reden) on (o.fouten >> r.bit) & 1 = 1
                where o.fouten <> 0 group by o.nummer
            )
            select o.nummer, o.regel, b.controle, b.veld, b.reden, b.controles, o._sleutel,
                o.fouten & {parent_mask}::ubigint = o.fouten as wacht, {", ".join(f"o.{c}" for c in content)}
            from oordeel_{e} o join gebroken b using (nummer)
            """
        )

    # --- what that does to the state --------------------------------------------------------------------------------------------

    def _release(self, entity: Entity) -> int:
        """``vrij_<e>``: waiting rows whose parents all stand now, unless this delivery says something about the same key."""
        e = entity.name
        if e not in self.waiting:
            self._make_empty(f"vrij_{e}", self._content(entity) | {"_levering": "INTEGER", "_bestand": "VARCHAR", "_regel": "BIGINT"})
            return 0
        joins, conditions = "", []
        for item in entity.parents:
            joins += f" left join ouder_{item.verwijst_naar} o_{item.name} on o_{item.name}.id = g.{_id(item)}"
            conditions.append(f"(g.{_id(item)} is null or (o_{item.name}.id is not null and not o_{item.name}.los))")
            for late, field in _late(entity, item):
                conditions.append(f"coalesce(cast(g.{late} as date) >= cast(o_{item.name}.{field} as date), true)")
        for table in (f"goed_{e}", f"(select * from fout_{e} where _sleutel)"):
            conditions.append(f"not exists (select 1 from {table} x where {_on(entity, 'x', 'g')})")
        self.con.execute(f"create or replace table vrij_{e} as select g.* from wacht_{e} g {joins} where {' and '.join(conditions)}")
        freed = duck.number(self.con, f"select count(*) from vrij_{e}")
        return freed

    def _end(self, entity: Entity, deleted: int) -> int:
        """``weg_<e>``: what of the state before ends: deleted, missing from a whole registration, or hanging on such a row."""
        e, keys = entity.name, ", ".join(entity.primary_key_columns)
        orphaned = [v for v in entity.parents if v.verwijst_naar in self._ended]
        if self.first or (self.soort == "mutaties" and not deleted and not orphaned and e not in self.loose):
            self._make_empty(f"weg_{e}", {k: entity.columns[k] for k in entity.primary_key_columns} | {"reden": "VARCHAR"})
            return 0
        orphans = " or ".join(f"{_id(v)} in (select {self._key_of(v)} from weg_{v.verwijst_naar})" for v in orphaned) or "false"
        if self.soort == "mutaties":
            ended = f"select {keys}, 'verwijderd' as reden from stand_{e} semi join (select * from goed_{e} where {DELETED}) using ({keys})"
        else:
            ended = (
                f"select {keys}, 'ontbreekt' as reden from stand_{e} anti join gebracht using ({keys}) anti join behoud_{e} using ({keys})"
            )
        self.con.execute(
            f"""
            create or replace table weg_{e} as
            with gebracht as (select {keys} from goed_{e} where not {DELETED} union all select {keys} from vrij_{e}),
            zelf as ({ended})
            select * from zelf union all
            select {keys}, 'met_ouder' from (select * from stand_{e} where {orphans})
                anti join gebracht using ({keys}) anti join zelf using ({keys})
            """
        )
        count = duck.number(self.con, f"select count(*) from weg_{e}")
        return count

    def _keep(self, entity: Entity, bad: int) -> int:
        """``behoud_<e>``: what of the state before stays although its newer version went to quarantine."""
        e, keys = entity.name, ", ".join(entity.primary_key_columns)
        if self.first or (self.soort == "mutaties" and not bad):
            self._make_empty(f"behoud_{e}", self._content(entity) | KEPT)
            return 0
        gone = f"anti join weg_{e} using ({keys})" if self.soort == "mutaties" else ""
        self.con.execute(
            f"create or replace table behoud_{e} as select *, false as _weggelaten from stand_{e} "
            f"semi join (select {keys} from fout_{e} where _sleutel) using ({keys}) {gone}"
        )
        kept = duck.number(self.con, f"select count(*) from behoud_{e}")
        return kept

    def _keep_parents(self, entity: Entity) -> int:
        """Add to ``behoud_<e>`` what a whole registration left out and a row that stays hangs on; returns how many it holds.

        It counts as a parent of that row alone: what the registration itself brings was judged without it.
        """
        e, key = entity.name, entity.primary_key_columns[0]
        children = [(c.name, _id(v)) for c in self.contract.entities for v in c.parents if v.verwijst_naar == e]
        if children and not self.first:
            named = " union ".join(f"select {column} as {key} from behoud_{c} where {column} is not null" for c, column in children)
            self.con.execute(
                f"insert into behoud_{e} select *, true from stand_{e} semi join ({named}) using ({key}) "
                f"anti join goed_{e} using ({key}) anti join behoud_{e} using ({key})"
            )
        kept = duck.number(self.con, f"select count(*) from behoud_{e}")
        return kept

    def _let_go(self, entity: Entity) -> int:
        """Add to ``weg_<e>`` what stood only for a row that hung on it, and nothing hangs on any more; returns how many."""
        e, key = entity.name, entity.primary_key_columns[0]
        if e not in self.loose:
            return 0
        children = [(c.name, _id(v)) for c in self.contract.entities for v in c.parents if v.verwijst_naar == e]
        named = " union ".join(f"select {column} as {key} from na_{c} where {column} is not null" for c, column in children)
        count = duck.number(
            self.con,
            f"insert into weg_{e} select {key}, 'ontbreekt' from los_{e} "
            f"anti join goed_{e} using ({key}) anti join vrij_{e} using ({key}) anti join weg_{e} using ({key}) "
            f"anti join ({named}) using ({key})",
        )
        return count

    def _after(self, entity: Entity, bad: int) -> None:
        """``na_<e>``; for parents also ``ouder_<e>``: what children may name, and ``nummers_ouder_<e>``: what is known of each number."""
        e, names, keys = entity.name, ", ".join(entity.columns), ", ".join(entity.primary_key_columns)
        if self.soort == "volledig":
            rest = f"select {names} from behoud_{e}"
        else:
            gone = " ".join(f"anti join {t}_{e} using ({keys})" for t in ("goed", "vrij", "weg"))
            rest = f"select {names} from stand_{e} {gone}"
        self.con.execute(
            f"create or replace view na_{e} as "
            f"select {names} from goed_{e} where not {DELETED} union all select {names} from vrij_{e} union all {rest}"
        )
        children = [(c, v) for c in self.contract.entities for v in c.parents if v.verwijst_naar == e]
        if not children:
            return
        fields = dict.fromkeys(field for c, v in children for _, field in _late(c, v))
        extra = "".join(f", {name}" for field in fields for name in entity.field(field).columns)
        key = entity.primary_key_columns[0]
        brought = f"select {key} from goed_{e} union all select {key} from vrij_{e}"
        alone = f"{key} in (select {key} from los_{e}) and {key} not in ({brought})" if e in self.loose else "false"
        self.con.execute(f"create or replace table ouder_{e} as select {key} as id{extra}, {alone} as los from na_{e}")
        kind = entity.primary_key[0].number_kind
        if kind not in self._kinds:
            return
        known_bad, joined = "false", ""
        if bad or e in self.unsettled:
            earlier = f" union select {key} from open_{e} where _sleutel" if e in self.unsettled else ""
            joined = f"left join (select distinct {key} as id from fout_{e} where _sleutel{earlier}) q on q.id = n.id"
            known_bad = "q.id is not null"
        told = "".join(f", o.{field}" for field in fields)
        self.con.execute(
            f"""
            create or replace table nummers_ouder_{e} as
            select n.tekst, n.id, o.id is not null as staat, {known_bad} as fout{told}
            from nummers_{kind} n left join ouder_{e} o on o.id = n.id {joined}
            """
        )

    # --- small things -----------------------------------------------------------------------------------------------------------

    def _content(self, entity: Entity) -> dict[str, str]:
        return entity.columns | extra_columns(entity)

    def _key_of(self, item: Field) -> str:
        """The key column of the entity that ``veld`` names."""
        return self.contract.entity(item.verwijst_naar or "").primary_key_columns[0]

    def _make_empty(self, name: str, columns: dict[str, str]) -> None:
        self.con.execute(f"create or replace view {name} as {empty(columns)}")


def _numbers_of(item: Field) -> str:
    """The table of hashes for a field; that of a parent says beside each whether it stands."""
    return f"nummers_ouder_{item.verwijst_naar}" if item.verwijst_naar else f"nummers_{item.number_kind}"


def _id(item: Field) -> str:
    return next(iter(item.columns))


def _on(entity: Entity, left: str, right: str) -> str:
    return " and ".join(f"{left}.{k} = {right}.{k}" for k in entity.primary_key_columns)


def _late(entity: Entity, item: Field) -> list[tuple[str, str]]:
    """Fields of ``entity`` that may not precede a field of the parent that ``veld`` names: (own field, the parent's field)."""
    found = []
    for own in entity.fields:
        parent, _, field = (own.niet_voor or "").partition(".")
        if field and parent == item.verwijst_naar:
            found.append((own.name, field))
    return found


def _term_rule(day: date) -> RowRule:
    """A row that arrives past its term does not come in; one that stood and grew old here is the term's own matter."""
    arrives = f"not {DELETED} and afgesloten_op < date '{day}' and _stond is distinct from afgesloten_op"
    reden = say(
        "lies before {day}, so that it may not be kept any more (VT_BEWAAR_JAREN): destroy it in the registration, or mend the date",
        day=day,
    )
    return RowRule("bewaartermijn", "afgesloten_op", arrives, reden)


def _comparable(item: Field) -> str:
    """A key field's text for finding doubles: 1 and 01 are one key, and so are texts that differ in white space around them."""
    match item.veldsoort:
        case "geheel":
            return f"coalesce(try_cast({item.name} as integer)::varchar, {item.name})"
        case "tekst":
            return normal_sql(item.name)
        case _:
            return item.name
