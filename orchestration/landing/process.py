"""One delivery on its way into the landing: read, judged, and written beside; the caller decides when it counts."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from orchestration import duck
from orchestration.duck import in_parallel
from orchestration.files import make_folder, remove, sync, sync_folder
from orchestration.intake.checks import Counts, Judging
from orchestration.intake.contract import DELETED, Contract, load_contract
from orchestration.intake.delivery import HERKOMST, Manifest, Source, tidy
from orchestration.intake.pseudonymise import hash_sql, pads
from orchestration.intake.reader import FileRead, raw_records
from orchestration.intake.reading import read_delivery
from orchestration.intake.warnings import find_warnings
from orchestration.keys.keyring import Keyring
from orchestration.landing import forgotten, store
from orchestration.landing.quarantine import add_key, make_dismissed
from orchestration.landing.terms import KINDS, past_before
from orchestration.language import say
from orchestration.reference.accepted import with_accepted
from orchestration.register.register import ANCHOR, Levering, Register
from orchestration.register.seals import seal_folder
from orchestration.settings import Settings
from orchestration.sql import text

Progress = Callable[[str], None]
T = TypeVar("T")


def phase(name: str) -> None:
    """Called after each phase of an intake (see ``takein``). Does nothing; tests put a fault in its place."""


@dataclass(frozen=True)
class Processed:
    """A delivery that is written and not yet committed."""

    inhoud: dict[str, Any]
    """What the register must say of it, but for its archive."""
    tellingen: dict[str, Counts]
    opmerkingen: tuple[str, ...]
    to_archive: bool
    """Not for a delivery that brings again what someone asked to be forgotten: it would live on in the archive."""


class Processing:
    """The processing of deliveries, one after the other, on one connection."""

    def __init__(self, settings: Settings, con: duckdb.DuckDBPyConnection, log: Register, keyring: Keyring, progress: Progress) -> None:
        self.settings, self.con, self.log, self.keyring, self.progress = settings, con, log, keyring, progress
        self._bases = {"vault": settings.vault, "quarantine": settings.quarantine, "landing": settings.landing}
        self._rows: dict[Path, int] = {}
        """By file written: its rows."""
        for name in ("vault", "quarantine"):
            add_key(con, keyring, name)

    def read(self, source: Source, manifest: Manifest) -> dict[str, FileRead]:
        """Read every file of the delivery; raises ``RefusedError``."""
        self.drop()
        return read_delivery(self.con, source, manifest, self.settings.root / "tmp", self.settings.threads)

    def process(
        self, source: Source, manifest: Manifest, earlier: list[Levering], map_name: str, guard: Callable[[Manifest], None] | None = None
    ) -> Processed:
        """Read and judge a delivery that follows ``earlier``, and write it beside, to be put in place as the folder ``naam``.

        ``guard`` may still refuse it, when the rows are read and the state before stands in ``stand_<entity>``. Raises ``RefusedError``.
        """
        contract = with_accepted(self.settings, manifest.contract)
        read = self.read(source, manifest)
        make_dismissed(self.con, self.log)
        stand = store.open_state(self.con, self.settings, contract, earlier, manifest.soort)
        if guard:
            guard(manifest)
        phase("gelezen")
        self.progress(say("delivery {number}: judging {rows} rows", number=manifest.nummer, rows=sum(g.rows for g in read.values())))
        judging = Judging(
            self.con,
            contract,
            manifest.soort,
            manifest.peildatum,
            frozenset(read),
            self.keyring.derive("pseudoniem"),
            first=not earlier,
            waiting=stand.waiting,
            unsettled=stand.unsettled,
            loose=stand.loose,
            terms=dict.fromkeys(KINDS.values(), past_before(self.settings, manifest.peildatum)),
            threads=self.settings.threads,
        )
        kinds = judging.hash_numbers()
        asked_for = self.log.forgotten(only_asked=True)
        asked = self._mark_forgotten(kinds, asked_for)
        judging.forgotten = self._mark_forgotten(kinds, self.log.forgotten())
        judging.left_out_with_parent = self._mark_forgotten(kinds, self.log.left_out_with_parent(), "meegelaten")
        phase("nummers")
        counts = judging.judge_all()
        hangs_on_it = bool(asked_for and judging.left_out_with_parent) and any(t.vergeten for t in counts.values())
        find_warnings(self.con, contract, frozenset(read))
        found = dict(self.con.execute("select entiteit, count(*) from waarschuwing group by all").fetchall())
        counts = {e: replace(t, waarschuwingen=found.get(e, 0)) for e, t in counts.items()}
        phase("beoordeeld")
        self.progress(say("delivery {number}: writing", number=manifest.nummer))
        self._write(source, manifest, counts, stand.unsettled, map_name)
        unknown = tuple(
            say("file {file}: unknown column {column} is ignored", file=tidy(g.file), column=name)
            for g in read.values()
            for name in g.unknown_columns
        )
        result = Processed(
            self._content(manifest, counts, map_name),
            {e: counts[e] for e in read},
            unknown + _unspoken(contract, earlier),
            to_archive=not asked and not hangs_on_it,
        )
        self.drop()
        return result

    def _mark_forgotten(self, kinds: frozenset[str], listed: dict[str, set[str]], table: str = "vergeten") -> frozenset[str]:
        """Make ``<table>_<kind>`` for what is listed; returns the kinds of which the delivery brings any again."""
        key = forgotten.forget_key(self.log, self.keyring) if listed else None
        return frozenset(k for k, entries in listed.items() if key and k in kinds and forgotten.mark(self.con, key, k, entries, table))

    def _newly_forgotten(self) -> dict[str, list[str]]:
        """What joins the list: what was left out because its case was forgotten, so that what names it later stays out too."""
        known, key = self.log.left_out_with_parent(), forgotten.forget_key(self.log, self.keyring)
        found: dict[str, list[str]] = {}
        for e in load_contract().entities:
            kind = e.primary_key[0].number_kind
            if key and kind and not e.primary_key[0].verwijst_naar and self._exists(f"weggelaten_{e.name}"):
                texts = self.con.execute(f"select tekst from weggelaten_{e.name}").fetchall()
                if new := {forgotten.entry(key, kind, text) for (text,) in texts} - known.get(kind, set()):
                    found[kind] = sorted(new)
        return found

    def place(self, map_name: str) -> None:
        """Put the folders of a written delivery in place, as the register's plan says; they count once an event says so."""
        for base in self._bases.values():
            pending = base / f"{store.PENDING}{map_name}"
            if base == self.settings.landing:
                (pending / ANCHOR).write_bytes(self.log.position().as_bytes())
            sync(pending)
            remove(base / map_name)
            pending.rename(base / map_name)
            sync_folder(base)

    def drop(self) -> None:
        """Let go of a delivery's rows: nothing of one may be seen by the next, and memory is needed."""
        rows = self.con.execute("select table_name, table_type from information_schema.tables where table_schema = 'main'").fetchall()
        for name, kind in sorted(rows, key=lambda r: r[1] != "VIEW"):
            self.con.execute(f"drop {'view' if kind == 'VIEW' else 'table'} if exists {name}")

    # --- writing -----------------------------------------------------------------------------------------------------------------

    def _write(self, source: Source, manifest: Manifest, counts: dict[str, Counts], unsettled: frozenset[str], map_name: str) -> None:
        for base in self._bases.values():
            remove(base / f"{store.PENDING}{map_name}")
        vault, quarantine, landing = (make_folder(base / f"{store.PENDING}{map_name}") for base in self._bases.values())
        self._rows.clear()
        contract = manifest.contract
        self._write_vault(vault, contract, frozenset(b.entiteit for b in manifest.bestanden))
        phase("kluis")
        self._write_quarantine(quarantine, source, manifest, counts)
        phase("quarantaine")
        for e in unsettled:
            self._close_entries(e, contract, manifest)
        self._write_landing(landing, contract, manifest, counts, unsettled)
        phase("landing")

    def _content(self, manifest: Manifest, counts: dict[str, Counts], map_name: str) -> dict[str, Any]:
        warnings = self.con.execute(
            "select entiteit, controle, veld, count(*) as aantal from waarschuwing group by all order by all"
        ).fetchall()
        return {
            "nummer": manifest.nummer,
            "soort": manifest.soort,
            "peildatum": manifest.peildatum.isoformat(),
            "aangemaakt_op": manifest.aangemaakt_op.isoformat(),
            "contract_versie": manifest.contract_versie,
            "sleutel": self.keyring.fingerprint,
            "map": map_name,
            "vingerafdruk": manifest.vingerafdruk,
            "bestanden": {b.entiteit: b.bestand for b in manifest.bestanden},
            "tellingen": {e: asdict(t) for e, t in counts.items()},
            "waarschuwingen": [dict(zip(("entiteit", "controle", "veld", "aantal"), w, strict=True)) for w in warnings],
            "zegels": {name: seal_folder(base / f"{store.PENDING}{map_name}", self._rows) for name, base in self._bases.items()},
            "vergeetlijst": self._newly_forgotten(),
            **({"vertaling": manifest.vertaling.as_json()} if manifest.vertaling else {}),
        }

    def _write_vault(self, folder: Path, contract: Contract, delivered: frozenset[str]) -> None:
        """The originals of everything that identifies, by file and line, encrypted."""
        tasks = []
        for entity in contract.entities:
            names = [v.name for v in entity.fields if v.identifies]
            if entity.name in delivered and names:
                query = f"select regel, {', '.join(names)} from ruw_{entity.name}"
                tasks.append(partial(self._copy, query=query, path=folder / f"{entity.name}.parquet", key="vault"))
        self._parallel(tasks)

    def _write_quarantine(self, folder: Path, source: Source, manifest: Manifest, counts: dict[str, Counts]) -> None:
        """The raw lines of quarantined rows, encrypted, and a keyed hash of each to know it again."""
        inner, outer = pads(self.keyring.derive("pseudoniem"))
        for b in manifest.bestanden:
            e = b.entiteit
            if not counts[e].quarantaine:
                continue
            numbers = np.asarray(self.con.execute(f"select nummer from fout_{e} order by nummer").fetchnumpy()["nummer"], np.int64)
            records: pa.Table = raw_records(source, b, numbers, self.settings.root / "tmp")
            self.con.register("ruwe_regels", records)
            self.con.execute(
                f"""
                create or replace table ruwe_regel_{e} as
                with tekst as (select nummer, rtrim(decode(ruw), chr(10) || chr(13)) as ruw from ruwe_regels)
                select nummer, ruw, {hash_sql("regel", "ruw")} as ruw_id from tekst
                """,
                {"binnen": inner, "buiten": outer},
            )
            self.con.unregister("ruwe_regels")
            del records
            query = f"select f.regel, r.ruw, f.controle, f.veld from fout_{e} f join ruwe_regel_{e} r using (nummer) order by f.regel"
            self._copy(self.con, query, folder / f"{e}.parquet", "quarantine")

    def _close_entries(self, e: str, contract: Contract, manifest: Manifest) -> None:
        """``sluit_<e>``: entries of earlier deliveries that this one closes, and how."""
        entity = contract.entity(e)
        keys = ", ".join(entity.primary_key_columns)
        on = " and ".join(f"o.{k} = x.{k}" for k in entity.primary_key_columns)
        again = f"exists (select 1 from ruwe_regel_{e} x where x.ruw_id = o.ruw_id)" if self._exists(f"ruwe_regel_{e}") else "false"
        gone = (
            f"when not exists (select 1 from (select * from fout_{e} where _sleutel) x where o._sleutel and {on}) and not {again} "
            "then 'niet_meer_geleverd'"
            if manifest.soort == "volledig"
            else ""
        )
        self.con.execute(
            f"""
            create or replace table sluit_{e} as
            with gezien as (select {keys}, bool_or({DELETED}) as weg from goed_{e} group by all)
            select '{e}' as entiteit, o._levering as levering, o._regel as regel, case
                when v._regel is not null then 'ouder_in_orde'
                when o._sleutel and g.weg then 'verwijderd'
                when o._sleutel and not g.weg then 'in_orde'
                {gone}
            end as sluiting
            from open_{e} o
            left join vrij_{e} v on o._sleutel and {on.replace("x.", "v.")} -- older entries of its key with it
            left join gezien g on {on.replace("x.", "g.")}
            """
        )

    def _write_landing(
        self, folder: Path, contract: Contract, manifest: Manifest, counts: dict[str, Counts], unsettled: frozenset[str]
    ) -> None:
        tasks = []
        number = manifest.nummer
        names = {b.entiteit: b.bestand for b in manifest.bestanden}
        for entity in contract.entities:
            e, count = entity.name, counts[entity.name]
            content = ", ".join(c for c in store.row_columns(entity) if c not in store.ORIGIN)
            origin = f"{number}::integer as _levering, {text(names.get(e, ''))} as _bestand, regel as _regel"
            keys = ", ".join(entity.primary_key_columns)
            rows = ", ".join(store.row_columns(entity))
            query = f"select {content}, {DELETED}, _gewijzigd, {origin} from goed_{e} order by regel"
            tasks.append(partial(self._copy, query=query, path=folder / f"{e}.parquet"))
            if count.quarantaine:
                told = "controle, veld, reden, controles, _sleutel, wacht, ruw_id"
                query = f"select {content}, {origin}, {told} from fout_{e} join ruwe_regel_{e} using (nummer) order by regel"
                tasks.append(partial(self._copy, query=query, path=folder / store.QUARANTAINE / f"{e}.parquet"))
            for kind, table, wanted, amount in (
                (store.FREED, f"vrij_{e}", rows, count.vrijgekomen),
                (store.GONE, f"weg_{e}", f"{keys}, reden", count.verwijderd),
                (store.RETAINED, f"behoud_{e}", f"{rows}, _weggelaten", count.behouden),
            ):
                if amount:
                    query = f"select {wanted}, {number}::integer as _in_levering from {table}"
                    tasks.append(partial(self._copy, query=query, path=folder / kind / f"{e}.parquet"))
        closed = " union all ".join(f"select * from sluit_{e} where sluiting is not null" for e in sorted(unsettled))
        if unsettled and duck.number(self.con, f"select count(*) from ({closed})"):
            query = f"select {number}::integer as _in_levering, * from ({closed})"
            tasks.append(partial(self._copy, query=query, path=folder / "gesloten.parquet"))
        if duck.number(self.con, "select count(*) from waarschuwing"):
            listed = ", ".join(f"({text(e)}, {text(f)})" for e, f in names.items())
            query = (
                f"select {number}::integer as _in_levering, w.*, b.bestand from waarschuwing w join (values {listed}) b(entiteit, bestand) "
                "using (entiteit)"
            )
            tasks.append(partial(self._copy, query=query, path=folder / "waarschuwingen.parquet"))
        if manifest.vertaling:  # what stayed out, because it was forgotten, has no line either
            lines = " union all ".join(f"select '{e}' as entiteit, regel as op_regel from ruw_{e}" for e in names)
            theirs = f"select {number}::integer as _levering, h.* from {HERKOMST} h semi join ({lines}) using (entiteit, op_regel)"
            tasks.append(partial(self._copy, query=f"{theirs} order by all", path=folder / f"{HERKOMST}.parquet"))
        self._parallel(tasks)

    def _copy(self, con: duckdb.DuckDBPyConnection, query: str, path: Path, key: str | None = None) -> None:
        """Write a Parquet file, sealed with the key of that name where one is given."""
        make_folder(path.parent)
        options = f"compression snappy, encryption_config {{footer_key: '{key}'}}" if key else "compression zstd"
        self._rows[path] = duck.number(con, f"copy ({query}) to {text(path)} (format parquet, {options})")

    def _parallel(self, tasks: Sequence[Callable[[duckdb.DuckDBPyConnection], T]]) -> list[T]:
        return in_parallel(self.con, tasks, self.settings.threads)

    def _exists(self, table: str) -> bool:
        return bool(duck.number(self.con, f"select count(*) from duckdb_tables() where table_name = '{table}'"))


def _unspoken(contract: Contract, earlier: list[Levering]) -> tuple[str, ...]:
    """What to say of entities that were delivered before and that the version of this delivery does not know."""
    delivered = {e for d in earlier for e in d.bestanden}
    return tuple(
        say("contract {version} has no {entity}: what was delivered of it before stands as it was", version=contract.version, entity=e)
        for e in load_contract().names
        if e in delivered and e not in contract.names
    )
