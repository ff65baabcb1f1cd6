"""The verdict on every row of a delivery: taken in, an identical copy, or quarantined, and what that does to the state before it.

Entities are judged parents first, all in SQL. For an entity e the connection holds, made by the caller:

- ``ruw_<e>``: the rows read (``nummer``, ``regel``, the contract's fields as text, ``verwijderd``), only where e is in the delivery;
- ``stand_<e>``: the state before the delivery (the landing's columns), empty before the first;
- ``wacht_<e>``: quarantined rows of earlier deliveries whose only fault was a parent (the landing's columns, ``_levering``, ``_bestand``,
  ``_regel``); empty for a ``volledig`` delivery, which brings everything anew;
- ``open_<e>``: keys of rows that earlier deliveries left in quarantine.

and gets:

- ``goed_<e>``: rows taken in, ``verwijderd`` ones with their key alone; ``_gewijzigd`` tells rows that differ from the state before;
- ``fout_<e>``: quarantined rows, one each, with the first rule that failed and all of them;
- ``vrij_<e>``: waiting rows that come in now because their parent did;
- ``weg_<e>``: keys of the state that end with this delivery, and why;
- ``behoud_<e>``: rows of the state that stay because their newer version is in quarantine;
- ``na_<e>``: the state after the delivery.
"""

from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.intake.contract import VERWIJDERD, Contract, Entiteit, Veld
from orchestration.intake.pseudonymise import map_numbers
from orchestration.intake.rules import Regel, read_expressions, row_rules

RANG = "nummer_volgorde"
"""Rank of a melding_nummer among those of its delivery, as text: ties between reports are settled by it."""


@dataclass(frozen=True)
class Telling:
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
    def klopt(self) -> bool:
        return self.gelezen == self.opgenomen + self.identieke_kopieen + self.quarantaine + self.vergeten


class BalansFout(Exception):
    """Rows got lost between reading and judging: a mistake of the code, never of a delivery. Nothing is taken in."""


def extra_columns(entiteit: Entiteit) -> dict[str, str]:
    """Columns of the landing beside those of the contract's fields."""
    return {RANG: "INTEGER"} if entiteit.naam == "meldingen" else {}


class Beoordeling:
    """The judging of one delivery on one connection."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, contract: Contract, soort: str, peildatum: date, geleverd: frozenset[str], sleutel: bytes
    ) -> None:
        self.con, self.contract, self.soort, self.peildatum, self.geleverd = con, contract, soort, peildatum, geleverd
        self._key = sleutel

    def hash_numbers(self) -> None:
        """Make the keyed hashes of every number in the delivery, one table for each kind of number."""
        places: dict[str, list[tuple[str, str]]] = {}
        for entity in self.contract.entiteiten:
            for veld in entity.velden:
                if veld.nummersoort:
                    places.setdefault(veld.nummersoort, [])
                    if entity.naam in self.geleverd:
                        places[veld.nummersoort].append((f"ruw_{entity.naam}", veld.naam))
        for kind, found in places.items():
            map_numbers(self.con, self._key, kind, found)

    def judge(self, entiteit: Entiteit) -> Telling:
        """Judge one entity, after its parents; raises ``BalansFout`` when a row is not accounted for."""
        e = entiteit.naam
        if e not in self.geleverd:
            self._empty_raw(entiteit)
        self._read(entiteit)
        self._find_doubles(entiteit)
        self._collect(entiteit)
        self._release(entiteit)
        self._end(entiteit)
        self._after(entiteit)
        telling = Telling(
            gelezen=self._count(f"ruw_{e}"),
            opgenomen=self._count(f"goed_{e}"),
            identieke_kopieen=self._count(f"dubbel_{e} where kopie"),
            quarantaine=self._count(f"fout_{e}"),
            vrijgekomen=self._count(f"vrij_{e}"),
            verwijderd=self._count(f"weg_{e}"),
            behouden=self._count(f"behoud_{e}"),
        )
        if not telling.klopt:
            raise BalansFout(
                f"{e}: {telling.gelezen} rows read, {telling.opgenomen} good + {telling.identieke_kopieen} copies + "
                f"{telling.quarantaine} quarantined. Nothing was taken in; this is a fault of the program, please report it."
            )
        return telling

    # --- steps ---------------------------------------------------------------------------------------------------------------------------

    def _empty_raw(self, entiteit: Entiteit) -> None:
        columns = ", ".join(f"null::varchar as {n}" for n in [*(v.naam for v in entiteit.velden), VERWIJDERD])
        self.con.execute(
            f"create or replace temp view ruw_{entiteit.naam} as select 0::bigint as nummer, 0::bigint as regel, {columns} where false"
        )

    def _read(self, entiteit: Entiteit) -> None:
        """``gelezen_<e>``: every row with its columns read, the mask of rules it broke, and ``_ouders``: whether a parent was at fault."""
        e = entiteit.naam
        rules = row_rules(self.contract, entiteit, self.soort, self.peildatum)
        columns = read_expressions(self.contract, entiteit)
        joins = " ".join(
            f"left join nummers_{v.nummersoort} n_{v.naam} on n_{v.naam}.tekst = r.{v.naam}" for v in entiteit.velden if v.nummersoort
        )
        deleted = f"coalesce(r.{VERWIJDERD} = 'ja', false)" if self.soort == "mutaties" else "false"
        rank = f", rank() over (order by r.melding_nummer nulls first)::integer as {RANG}" if RANG in extra_columns(entiteit) else ""
        read = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
        # Raw text and read columns can have one name: the raw text keeps its alias r within this query, as a struct.
        raw = ", ".join(f"r.{v.naam} as {v.naam}" for v in entiteit.velden)
        inner = (
            f"select r.nummer, r.regel, {deleted} as {VERWIJDERD}, {read}{rank}, "
            f"struct_pack({', '.join(f'{n} := r.{n}' for n in [*(v.naam for v in entiteit.velden), VERWIJDERD])}) as r from ruw_{e} r {joins}"
        )
        del raw
        mask = " | ".join(f"(case when {r.conditie} then {1 << i}::ubigint else 0::ubigint end)" for i, r in enumerate(rules))
        keys = {v.naam for v in entiteit.sleutel}
        key_mask = sum(1 << i for i, r in enumerate(rules) if r.veld in keys and r.controle not in {"na_peildatum"})
        names = ", ".join([*columns, *extra_columns(entiteit)])
        self.con.execute(
            f"create or replace temp table gelezen_{e} as "
            f"select nummer, regel, {VERWIJDERD}, {names}, {mask} as fouten, (fouten & {key_mask}::ubigint) = 0 as _sleutel from ({inner})"
        )
        self._rules = rules

    def _find_doubles(self, entiteit: Entiteit) -> None:
        """``dubbel_<e>``: rows that share their key with another; ``kopie`` where all copies are identical and this is not the first."""
        e = entiteit.naam
        key = ", ".join(_comparable(v) for v in entiteit.sleutel)
        filled = " and ".join(f"r.{v.naam} is not null" for v in entiteit.sleutel)
        content = ", ".join(f"r.{v.naam}" for v in entiteit.velden)
        self.con.execute(
            f"""
            create or replace temp table dubbel_{e} as
            with sleutels as (select g.nummer, row({key}) as sleutel from gelezen_{e} g join ruw_{e} r using (nummer) where {filled}),
            meer as (select sleutel from sleutels group by sleutel having count(*) > 1),
            inhoud as (
                select s.nummer, s.sleutel, row({content}, r.{VERWIJDERD}) as inhoud
                from sleutels s semi join meer m using (sleutel) join ruw_{e} r using (nummer)
            ),
            geteld as (select sleutel, count(distinct inhoud) = 1 as gelijk, min(nummer) as eerste from inhoud group by sleutel)
            select nummer, gelijk and nummer <> eerste as kopie, not gelijk as verschilt from inhoud join geteld using (sleutel)
            """
        )

    def _collect(self, entiteit: Entiteit) -> None:
        """``fout_<e>`` and ``goed_<e>``, now that doubles and parents are known."""
        e, rules = entiteit.naam, list(self._rules)
        conditions: list[tuple[Regel, str]] = []
        first_late = len(rules)
        conditions.append((Regel("sleutel_dubbel", entiteit.sleutel[0].naam, "", "the key is double and the copies differ"), "d.verschilt"))
        joins = f"left join dubbel_{e} d using (nummer)"
        for veld in entiteit.ouders:
            for condition, rule in self._parent_conditions(entiteit, veld):
                conditions.append((rule, f"not g.{VERWIJDERD} and {condition}"))
            joins += f" left join ouder_{veld.verwijst_naar} o_{veld.naam} on o_{veld.naam}.id = g.{_id(veld)}"
            joins += f" left join bekend_fout_{veld.verwijst_naar} q_{veld.naam} on q_{veld.naam}.id = g.{_id(veld)}"
        late = " | ".join(
            f"(case when {c} then {1 << (first_late + i)}::ubigint else 0::ubigint end)" for i, (_, c) in enumerate(conditions)
        )
        rules += [r for r, _ in conditions]
        parent_mask = sum(1 << i for i, r in enumerate(rules) if r.controle in {"ouder_ontbreekt", "ouder_in_quarantaine"})
        names = ", ".join(f"g.{n}" for n in [*entiteit.kolommen, *extra_columns(entiteit)])
        self.con.execute(
            f"""
            create or replace temp table oordeel_{e} as
            select g.nummer, g.regel, g.{VERWIJDERD}, g._sleutel, {names}, g.fouten | {late} as fouten
            from gelezen_{e} g {joins} where not coalesce(d.kopie, false)
            """
        )
        self.con.execute(f"drop table gelezen_{e}")
        self._explain(entiteit, rules, parent_mask)
        content = entiteit.kolommen
        keys = " and ".join(f"s.{k} = o.{k}" for k in entiteit.sleutelkolommen)
        same = " and ".join(f"s.{c} is not distinct from o.{c}" for c in content if c not in entiteit.sleutelkolommen) or "true"
        kept = ", ".join(
            f"o.{c}" if c in entiteit.sleutelkolommen else f"case when not o.{VERWIJDERD} then o.{c} end as {c}"
            for c in [*content, *extra_columns(entiteit)]
        )
        self.con.execute(
            f"""
            create or replace temp table goed_{e} as
            select {kept}, o.{VERWIJDERD}, (o.{VERWIJDERD} or s.{entiteit.sleutelkolommen[0]} is null or not ({same})) as _gewijzigd, o.regel
            from oordeel_{e} o left join stand_{e} s on {keys} where o.fouten = 0
            """
        )
        self.con.execute(f"drop table oordeel_{e}")

    def _parent_conditions(self, entiteit: Entiteit, veld: Veld) -> list[tuple[str, Regel]]:
        missing = f"g.{_id(veld)} is not null and o_{veld.naam}.id is null"
        parent = veld.verwijst_naar
        found = [
            (
                f"{missing} and q_{veld.naam}.id is null",
                Regel("ouder_ontbreekt", veld.naam, "", f"names a row of {parent} that does not exist"),
            ),
            (
                f"{missing} and q_{veld.naam}.id is not null",
                Regel("ouder_in_quarantaine", veld.naam, "", f"names a row of {parent} that is in quarantine"),
            ),
        ]
        for late in entiteit.velden:
            if late.niet_voor and late.niet_voor.startswith(f"{parent}."):
                field = late.niet_voor.split(".")[1]
                before = f"cast(g.{late.naam} as date) < cast(o_{veld.naam}.{field} as date)"
                found.append((before, Regel("volgorde", late.naam, "", f"comes before {late.niet_voor}")))
        return found

    def _explain(self, entiteit: Entiteit, rules: list[Regel], parent_mask: int) -> None:
        """``fout_<e>``: the first rule that each bad row broke, by name, and all of them."""
        e = entiteit.naam
        table = ", ".join(f"({i}, '{r.controle}', '{r.veld}', '{r.reden.replace(chr(39), chr(39) * 2)}')" for i, r in enumerate(rules))
        names = ", ".join(f"o.{n}" for n in [*entiteit.kolommen, *extra_columns(entiteit)])
        self.con.execute(
            f"""
            create or replace temp table fout_{e} as
            with gebroken as (
                select o.nummer, arg_min(r.controle, r.bit) as controle, arg_min(r.veld, r.bit) as veld, arg_min(r.reden, r.bit) as reden,
                    string_agg(r.controle || ':' || r.veld, ', ' order by r.bit) as controles
                from oordeel_{e} o join (values {table}) r(bit, controle, veld, reden) on (o.fouten >> r.bit) & 1 = 1
                where o.fouten <> 0 group by o.nummer
            )
            select o.nummer, o.regel, b.controle, b.veld, b.reden, b.controles, o._sleutel,
                o.fouten & {parent_mask}::ubigint = o.fouten as wacht, {names}
            from oordeel_{e} o join gebroken b using (nummer)
            """
        )

    def _release(self, entiteit: Entiteit) -> None:
        """``vrij_<e>``: waiting rows whose parents all stand now, unless this delivery says something about the same key."""
        e = entiteit.naam
        keys = entiteit.sleutelkolommen
        conditions, joins = [], ""
        for veld in entiteit.ouders:
            joins += f" left join ouder_{veld.verwijst_naar} o_{veld.naam} on o_{veld.naam}.id = g.{_id(veld)}"
            conditions.append(f"(g.{_id(veld)} is null or o_{veld.naam}.id is not null)")
            conditions += [
                f"coalesce(not ({c}), true)" for c, rule in self._parent_conditions(entiteit, veld) if rule.controle == "volgorde"
            ]
        spoken = " and ".join(f"g.{k} = x.{k}" for k in keys)
        for table in (f"goed_{e}", f"(select * from fout_{e} where _sleutel)"):
            conditions.append(f"not exists (select 1 from {table} x where {spoken})")
        self.con.execute(f"create or replace temp table vrij_{e} as select g.* from wacht_{e} g {joins} where {' and '.join(conditions)}")

    def _end(self, entiteit: Entiteit) -> None:
        """``weg_<e>`` and ``behoud_<e>``: what of the state before ends, and what stays in the place of a quarantined row."""
        e = entiteit.naam
        keys = ", ".join(entiteit.sleutelkolommen)
        on = f"using ({keys})"
        orphan = (
            " or ".join(f"s.{_id(v)} in (select {_first(self.contract, v)} from weg_{v.verwijst_naar})" for v in entiteit.ouders) or "false"
        )
        self.con.execute(
            f"""
            create or replace temp table weg_{e} as
            with gebracht as (select {keys} from goed_{e} where not {VERWIJDERD} union select {keys} from vrij_{e}),
            wees as (select {keys} from stand_{e} s anti join gebracht {on} where {orphan}),
            weg as (
                {self._ended(entiteit)}
            )
            select {keys}, 'verwijderd' as reden from weg
            union all select {keys}, 'met_ouder' from wees anti join weg {on}
            """
        )
        self.con.execute(
            f"""
            create or replace temp table behoud_{e} as
            select s.* from stand_{e} s semi join (select * from fout_{e} where _sleutel) f {on} anti join weg_{e} {on}
            """
        )

    def _ended(self, entiteit: Entiteit) -> str:
        """Keys of the state that the delivery itself ends: marked as deleted, or missing from a whole registration."""
        e = entiteit.naam
        on = f"using ({', '.join(entiteit.sleutelkolommen)})"
        keys = ", ".join(entiteit.sleutelkolommen)
        if self.soort == "mutaties":
            return f"select {keys} from stand_{e} semi join (select * from goed_{e} where {VERWIJDERD}) {on}"
        return f"select {keys} from stand_{e} anti join gebracht {on} anti join (select {keys} from fout_{e} where _sleutel) f {on}"

    def _after(self, entiteit: Entiteit) -> None:
        """``na_<e>``, and for parents ``ouder_<e>`` (what children may name) and ``bekend_fout_<e>`` (what is in quarantine)."""
        e = entiteit.naam
        names = ", ".join(entiteit.kolommen)
        on = f"using ({', '.join(entiteit.sleutelkolommen)})"
        if self.soort == "volledig":
            rest = f"select {names} from behoud_{e}"
        else:
            rest = f"select {names} from stand_{e} anti join goed_{e} {on} anti join vrij_{e} {on} anti join weg_{e} {on}"
        self.con.execute(
            f"""
            create or replace temp view na_{e} as
            select {names} from goed_{e} where not {VERWIJDERD} union all select {names} from vrij_{e} union all {rest}
            """
        )
        children = [v for c in self.contract.entiteiten for v in c.ouders if v.verwijst_naar == e]
        if not children:
            return
        key = entiteit.sleutelkolommen[0]
        late = [v.niet_voor.split(".")[1] for c in self.contract.entiteiten for v in c.velden if (v.niet_voor or "").startswith(f"{e}.")]
        extra = "".join(f", {n}" for n in dict.fromkeys(k for f in late for k in entiteit.veld(f).kolommen))
        self.con.execute(f"create or replace temp table ouder_{e} as select {key} as id{extra} from na_{e}")
        self.con.execute(
            f"""
            create or replace temp table bekend_fout_{e} as
            select {key} as id from fout_{e} where _sleutel union select {key} from open_{e} where {key} is not null
            """
        )

    def _count(self, source: str) -> int:
        row = self.con.execute(f"select count(*) from {source}").fetchone()
        assert row is not None
        return int(row[0])


def _id(veld: Veld) -> str:
    return next(iter(veld.kolommen))


def _first(contract: Contract, veld: Veld) -> str:
    """The key column of the entity that ``veld`` names."""
    return contract.entiteit(veld.verwijst_naar or "").sleutelkolommen[0]


def _comparable(veld: Veld) -> str:
    """A key field for finding doubles: read where it can be (1 and 01 are one key), as text where it cannot."""
    if veld.veldsoort == "nummer":
        return f"g.{_id(veld)}::varchar"
    return f"coalesce(g.{veld.naam}::varchar, r.{veld.naam})"
