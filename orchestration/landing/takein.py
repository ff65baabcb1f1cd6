"""Taking in what waits in the inbox, in order of number: the way from a delivery to the landing.

Phases of one delivery, in order; a process that is killed in any of them leaves the landing as it was, or with the delivery whole:

``gelezen`` (checked against manifest and contract, in memory) · ``kluis`` (originals, encrypted) · ``quarantaine`` (raw lines, encrypted) ·
``landing`` (Parquet, written beside) · ``archief`` (the delivery, encrypted) · ``geplaatst`` (folders in place) · ``vastgelegd`` (the event
in the register: from here on the delivery counts) · ``opgeruimd`` (removed from the inbox).
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from orchestration import duck
from orchestration.errors import GebruikersFout
from orchestration.intake.checks import Beoordeling, Telling
from orchestration.intake.contract import VERWIJDERD, Contract
from orchestration.intake.delivery import Bron, GeweigerdFout, Manifest, opened, peek_number, read_manifest, tidy, waiting
from orchestration.intake.pseudonymise import hash_sql, pads
from orchestration.intake.reader import Gelezen, raw_records, read_file
from orchestration.intake.warnings import find_warnings
from orchestration.keys import Keyring
from orchestration.landing import archive, register, store
from orchestration.landing.files import disk_errors, make_folder, remove, sync, sync_folder
from orchestration.landing.quarantine import add_key, make_dismissed
from orchestration.landing.register import Levering, Register
from orchestration.landing.sleutel import open_key
from orchestration.landing.slot import only_intake
from orchestration.settings import Settings

MINIMUM_DEEL = 0.8
"""A ``volledig`` delivery with less than this part of the current rows of an entity is refused (delivery contract 1.0) ..."""
MINIMUM_STAND = 100
"""... when the entity has more rows than this."""

TE_WEINIG, GAT = "te_weinig_rijen", "gat"
"""Codes of refusals that something later can undo: a person's decision, the delivery that was missing."""

Progress = Callable[[str], None]


class IntakeFout(GebruikersFout):
    """The intake broke off for a reason that is not in the delivery; nothing of it was taken in."""


class AcceptatieFout(GebruikersFout):
    """There is nothing to accept under that number."""


@dataclass(frozen=True)
class Uitslag:
    """What became of one delivery. ``reden`` is for engineers: file, line, field and what to do; never a value."""

    nummer: int | None
    soort: str | None
    peildatum: date | None
    uitkomst: str
    """``opgenomen``, ``geweigerd`` or ``al_opgenomen``."""
    reden: str = ""
    entiteiten: dict[str, Telling] = field(default_factory=dict)
    duur_s: float = 0.0
    code: str = ""
    """Why it was refused, for machines."""
    opmerkingen: tuple[str, ...] = ()
    """What was ignored, such as unknown columns."""


def phase(name: str) -> None:
    """Called after each phase, named as in the module's description. Does nothing; tests put a fault in its place."""


def take_in_waiting(settings: Settings, progress: Progress) -> list[Uitslag]:
    """Take in every complete delivery in the inbox, in order of number; what cannot be read comes first.

    A ``mutaties`` delivery that was refused because one before it was missing is taken from the archive again once that one is there.
    Raises ``SleutelFout`` for a wrong key, ``BezetFout`` when another intake runs, ``OpslagFout`` for a full disk or missing rights; each
    says what to do, and what was taken in before stands.
    """
    with only_intake(settings), disk_errors("The intake"):
        log = Register(settings)
        queue = _queue(settings)
        keyring = open_key(settings, f"intake of {len(queue)} deliveries") if queue else None
        store.clean_up(settings, log)
        archive.clean_up(settings, log)
        if keyring is None:
            return []
        found: list[Uitslag] = []
        with duck.connect(settings) as con:
            intake = _Intake(settings, con, log, keyring, progress)
            while queue:
                found.append(intake.take_in(queue.pop(0)))
                if found[-1].uitkomst == "opgenomen":
                    queue = intake.fill_gap(queue)
        return found


def accept(settings: Settings, nummer: int, door: str, reden: str) -> Path | None:
    """Let a ``volledig`` delivery through that was refused because it holds less than 80% of an entity's rows.

    ``door`` is the person who decides, ``reden`` why; both stand in the register. The decision holds for the delivery that was refused, not
    for other contents under its number. Returns where it lies in the inbox again, or None when the archive does not have it any more and it
    must be sent again. Raises ``AcceptatieFout`` when there is nothing to accept.
    """
    with only_intake(settings), disk_errors("Accepting"):
        log = Register(settings)
        attempts = [e for e in log.gebeurtenissen(register.GEWEIGERD, register.OPGENOMEN) if e.inhoud["nummer"] == nummer]
        if not attempts:
            raise AcceptatieFout(f"No delivery {nummer} was ever offered; see vt deliveries.")
        last = attempts[-1]
        if last.soort == register.OPGENOMEN:
            raise AcceptatieFout(f"Delivery {nummer} was taken in already.")
        if last.inhoud["code"] != TE_WEINIG:
            raise AcceptatieFout(f"Delivery {nummer} was refused for a reason that cannot be let through: {last.inhoud['reden']}")
        keyring = open_key(settings, f"putting delivery {nummer} back from the archive")
        log.leg_vast(register.GEACCEPTEERD, {"nummer": nummer, "vingerafdruk": last.inhoud["vingerafdruk"], "door": door, "reden": reden})
        return archive.put_back(settings, keyring, last.inhoud["archief"])


def _queue(settings: Settings) -> list[Path]:
    """What waits, by number; what has none that can be read comes first."""
    return sorted(waiting(settings.inbox), key=lambda path: (_claimed(path) or 0, path.name))


def _claimed(path: Path) -> int | None:
    with opened(path) as bron:
        try:
            bron.controleer()
        except GeweigerdFout:
            return None
        return peek_number(bron)


class _Intake:
    """One run over the inbox."""

    def __init__(self, settings: Settings, con: duckdb.DuckDBPyConnection, log: Register, keyring: Keyring, progress: Progress) -> None:
        self.settings, self.con, self.log, self.keyring, self.progress = settings, con, log, keyring, progress
        for name in ("vault", "quarantine"):
            add_key(con, keyring, name)

    def take_in(self, path: Path) -> Uitslag:
        started = time.monotonic()
        with opened(path) as bron:
            number, manifest = None, None
            try:
                bron.controleer()
                number = peek_number(bron)
                self.progress(f"delivery {number or tidy(bron.naam)}: reading")
                manifest = read_manifest(bron, self.settings.organisatie)
                uitslag = self._judge(bron, manifest)
            except GeweigerdFout as refused:
                uitslag = self._refuse(bron, number, manifest, refused)
        remove(path)
        phase("opgeruimd")
        return replace(uitslag, duur_s=round(time.monotonic() - started, 3))

    def fill_gap(self, queue: list[Path]) -> list[Path]:
        """The queue, with the delivery in front that was refused because the one taken in now was missing."""
        last = self.log.laatste_opgenomen()
        following = (last.nummer if last else 0) + 1
        attempts = [e for e in self.log.gebeurtenissen(register.GEWEIGERD) if e.inhoud["nummer"] == following]
        if not attempts or attempts[-1].inhoud["code"] != GAT or any(_claimed(path) == following for path in queue):
            return queue
        back = archive.put_back(self.settings, self.keyring, attempts[-1].inhoud["archief"])
        return [back, *queue] if back else queue

    # --- a delivery that may come in -----------------------------------------------------------------------------------------------------

    def _judge(self, bron: Bron, manifest: Manifest) -> Uitslag:
        deliveries = self.log.leveringen()
        same = next((d for d in deliveries if d.nummer == manifest.nummer), None)
        if same:
            return self._again(bron, manifest, same)
        self._verify_order(manifest, deliveries[-1] if deliveries else None)
        contract = manifest.contract
        read = self._read(bron, manifest, contract)
        make_dismissed(self.con, self.log)
        stand = store.open_state(self.con, self.settings, contract, deliveries, manifest.soort)
        self._guard(manifest)
        phase("gelezen")
        self.progress(f"delivery {manifest.nummer}: judging {sum(g.rijen for g in read.values())} rows")
        judging = Beoordeling(
            self.con,
            contract,
            manifest.soort,
            manifest.peildatum,
            frozenset(read),
            self.keyring.derive("pseudoniem"),
            eerste=not deliveries,
            wachtend=stand.wachtend,
            openstaand=stand.openstaand,
        )
        judging.hash_numbers()
        counts = {e.naam: judging.judge(e) for e in contract.op_volgorde}
        find_warnings(self.con, contract, frozenset(read))
        found = dict(self.con.execute("select entiteit, count(*) from waarschuwing group by all").fetchall())
        counts = {e: replace(t, waarschuwingen=found.get(e, 0)) for e, t in counts.items()}
        self.progress(f"delivery {manifest.nummer}: writing")
        self._write(bron, manifest, contract, counts, stand.openstaand)
        unknown = tuple(f"file {tidy(g.bestand)}: unknown column {name} is ignored" for g in read.values() for name in g.onbekende_kolommen)
        self._drop(contract)
        told = {e: t for e, t in counts.items() if e in read}
        return Uitslag(manifest.nummer, manifest.soort, manifest.peildatum, "opgenomen", "", told, opmerkingen=unknown)

    def _again(self, bron: Bron, manifest: Manifest, same: Levering) -> Uitslag:
        if same.vingerafdruk != manifest.vingerafdruk:
            raise GeweigerdFout(
                "andere_inhoud",
                f"number {manifest.nummer} was taken in on {same.verwerkt_op:%Y-%m-%d} with other contents; give new contents a new number",
                bestand="levering.json",
                veld="levering_nummer",
            )
        self._read(bron, manifest, manifest.contract)
        self._drop(manifest.contract)
        return Uitslag(manifest.nummer, manifest.soort, manifest.peildatum, "al_opgenomen", "the same delivery was taken in before")

    @staticmethod
    def _verify_order(manifest: Manifest, last: Levering | None) -> None:
        def refuse(code: str, reden: str, veld: str) -> GeweigerdFout:
            return GeweigerdFout(code, reden, bestand="levering.json", veld=veld)

        number = manifest.nummer
        if last is None:
            if manifest.soort == "mutaties":
                raise refuse(GAT, "the first delivery must be volledig; nothing was taken in yet", "soort")
            return
        if number < last.nummer:
            raise refuse(
                "lager_nummer", f"number {number} was never taken in and {last.nummer} was; use a higher number", "levering_nummer"
            )
        if manifest.soort == "mutaties" and number != last.nummer + 1:
            missing = f"{last.nummer + 1}" if number == last.nummer + 2 else f"{last.nummer + 1} to {number - 1}"
            raise refuse(
                GAT,
                f"mutaties {number} does not follow {last.nummer}: deliver {missing} first, or a volledig delivery",
                "levering_nummer",
            )
        if manifest.peildatum < last.peildatum:
            raise refuse(
                "peildatum", f"{manifest.peildatum} lies before {last.peildatum}, the peildatum of delivery {last.nummer}", "peildatum"
            )

    def _read(self, bron: Bron, manifest: Manifest, contract: Contract) -> dict[str, Gelezen]:
        scratch = self.settings.root / "tmp"
        return {
            b.entiteit: read_file(self.con, bron, b, contract.entiteit(b.entiteit), f"ruw_{b.entiteit}", scratch)
            for b in manifest.bestanden
        }

    def _guard(self, manifest: Manifest) -> None:
        """The 80% guard: a whole registration that shrank is more likely cut off than true."""
        if manifest.soort != "volledig" or self._accepted(manifest):
            return
        for b in manifest.bestanden:
            before = self._value(f"select count(*) from stand_{b.entiteit}")
            if before > MINIMUM_STAND and b.rijen < MINIMUM_DEEL * before:
                raise GeweigerdFout(
                    TE_WEINIG,
                    f"{b.rijen} rows where the current state of {b.entiteit} has {before}: less than {MINIMUM_DEEL:.0%}. "
                    f"If that is right: vt deliveries accept {manifest.nummer}",
                    bestand=b.bestand,
                )

    def _accepted(self, manifest: Manifest) -> bool:
        accepted = self.log.gebeurtenissen(register.GEACCEPTEERD)
        return any(e.inhoud["nummer"] == manifest.nummer and e.inhoud["vingerafdruk"] == manifest.vingerafdruk for e in accepted)

    # --- writing -------------------------------------------------------------------------------------------------------------------------

    def _write(self, bron: Bron, manifest: Manifest, contract: Contract, counts: dict[str, Telling], openstaand: frozenset[str]) -> None:
        name = store.folder_name(manifest.nummer)
        pending = {
            base: make_folder(base / f"{store.PENDING}{name}")
            for base in (self.settings.vault, self.settings.quarantine, self.settings.landing)
        }
        files = {b.entiteit: b for b in manifest.bestanden}
        self._write_vault(pending[self.settings.vault], contract, frozenset(files))
        phase("kluis")
        self._write_quarantine(pending[self.settings.quarantine], bron, manifest, counts)
        phase("quarantaine")
        for e in openstaand:
            self._close_entries(e, contract, manifest)
        self._write_landing(pending[self.settings.landing], contract, manifest, counts, openstaand)
        phase("landing")
        kept = archive.keep(self.settings, self.keyring, bron, name)
        phase("archief")
        for base, folder in pending.items():
            sync(folder)
            remove(base / name)
            folder.rename(base / name)
            sync_folder(base)
        phase("geplaatst")
        warnings = self.con.execute(
            "select entiteit, controle, veld, count(*) as aantal from waarschuwing group by all order by all"
        ).fetchall()
        self.log.leg_vast(
            register.OPGENOMEN,
            {
                "nummer": manifest.nummer,
                "soort": manifest.soort,
                "peildatum": manifest.peildatum.isoformat(),
                "aangemaakt_op": manifest.aangemaakt_op.isoformat(),
                "contract_versie": manifest.contract_versie,
                "sleutel": self.keyring.fingerprint,
                "map": name,
                "archief": kept,
                "vingerafdruk": manifest.vingerafdruk,
                "bestanden": {e: b.bestand for e, b in files.items()},
                "tellingen": {e: asdict(t) for e, t in counts.items()},
                "waarschuwingen": [dict(zip(("entiteit", "controle", "veld", "aantal"), w, strict=True)) for w in warnings],
            },
        )
        phase("vastgelegd")

    def _write_vault(self, folder: Path, contract: Contract, delivered: frozenset[str]) -> None:
        """The originals of everything that identifies, by file and line, encrypted."""
        for entiteit in contract.entiteiten:
            names = [v.naam for v in entiteit.velden if v.identificerend]
            if entiteit.naam in delivered and names:
                self._copy(f"select regel, {', '.join(names)} from ruw_{entiteit.naam}", folder / f"{entiteit.naam}.parquet", "vault")

    def _write_quarantine(self, folder: Path, bron: Bron, manifest: Manifest, counts: dict[str, Telling]) -> None:
        """The raw lines of quarantined rows, encrypted, and a keyed hash of each to know it again."""
        inner, outer = pads(self.keyring.derive("pseudoniem"))
        for b in manifest.bestanden:
            e = b.entiteit
            if not counts[e].quarantaine:
                continue
            numbers = np.asarray(self.con.execute(f"select nummer from fout_{e} order by nummer").fetchnumpy()["nummer"], np.int64)
            records: pa.Table = raw_records(bron, b, numbers, self.settings.root / "tmp")
            self.con.register("ruwe_regels", records)
            self.con.execute(
                f"""
                create or replace temp table ruwe_regel_{e} as
                with tekst as (select nummer, rtrim(decode(ruw), chr(10) || chr(13)) as ruw from ruwe_regels)
                select nummer, ruw, {hash_sql("regel", "ruw")} as ruw_id from tekst
                """,
                {"binnen": inner, "buiten": outer},
            )
            self.con.unregister("ruwe_regels")
            del records
            query = f"select f.regel, r.ruw, f.controle, f.veld from fout_{e} f join ruwe_regel_{e} r using (nummer) order by f.regel"
            self._copy(query, folder / f"{e}.parquet", "quarantine")

    def _close_entries(self, e: str, contract: Contract, manifest: Manifest) -> None:
        """``sluit_<e>``: entries of earlier deliveries that this one closes, and how."""
        entiteit = contract.entiteit(e)
        keys = ", ".join(entiteit.sleutelkolommen)
        on = " and ".join(f"o.{k} = x.{k}" for k in entiteit.sleutelkolommen)
        again = f"exists (select 1 from ruwe_regel_{e} x where x.ruw_id = o.ruw_id)" if self._exists(f"ruwe_regel_{e}") else "false"
        gone = (
            f"when not exists (select 1 from (select * from fout_{e} where _sleutel) x where o._sleutel and {on}) and not {again} "
            "then 'niet_meer_geleverd'"
            if manifest.soort == "volledig"
            else ""
        )
        self.con.execute(
            f"""
            create or replace temp table sluit_{e} as
            with gezien as (select {keys}, bool_or({VERWIJDERD}) as weg from goed_{e} group by all)
            select '{e}' as entiteit, o._levering as levering, o._regel as regel, case
                when v._regel is not null then 'ouder_in_orde'
                when o._sleutel and g.weg then 'verwijderd'
                when o._sleutel and not g.weg then 'in_orde'
                {gone}
            end as sluiting
            from open_{e} o
            left join vrij_{e} v on v._levering = o._levering and v._regel = o._regel
            left join gezien g on {on.replace("x.", "g.")}
            """
        )

    def _write_landing(
        self, folder: Path, contract: Contract, manifest: Manifest, counts: dict[str, Telling], openstaand: frozenset[str]
    ) -> None:
        number = manifest.nummer
        names = {b.entiteit: b.bestand for b in manifest.bestanden}
        for entiteit in contract.entiteiten:
            e, count = entiteit.naam, counts[entiteit.naam]
            content = ", ".join(c for c in store.row_columns(entiteit) if c not in store.HERKOMST)
            origin = f"{number}::integer as _levering, {_text(names.get(e, ''))} as _bestand, regel as _regel"
            keys = ", ".join(entiteit.sleutelkolommen)
            rows = ", ".join(store.row_columns(entiteit))
            self._copy(f"select {content}, {VERWIJDERD}, _gewijzigd, {origin} from goed_{e} order by regel", folder / f"{e}.parquet")
            if count.quarantaine:
                told = "controle, veld, reden, controles, _sleutel, wacht, ruw_id"
                query = f"select {content}, {origin}, {told} from fout_{e} join ruwe_regel_{e} using (nummer) order by regel"
                self._copy(query, folder / store.QUARANTAINE / f"{e}.parquet")
            for kind, table, wanted, amount in (
                (store.VRIJGEKOMEN, f"vrij_{e}", rows, count.vrijgekomen),
                (store.WEG, f"weg_{e}", f"{keys}, reden", count.verwijderd),
                (store.BEHOUDEN, f"behoud_{e}", rows, count.behouden),
            ):
                if amount:
                    self._copy(f"select {wanted}, {number}::integer as _in_levering from {table}", folder / kind / f"{e}.parquet")
        closed = " union all ".join(f"select * from sluit_{e} where sluiting is not null" for e in sorted(openstaand))
        if openstaand and self._value(f"select count(*) from ({closed})"):
            self._copy(f"select {number}::integer as _in_levering, * from ({closed})", folder / "gesloten.parquet")
        if self._value("select count(*) from waarschuwing"):
            listed = ", ".join(f"({_text(e)}, {_text(f)})" for e, f in names.items())
            self._copy(
                f"select {number}::integer as _in_levering, w.*, b.bestand from waarschuwing w join (values {listed}) b(entiteit, bestand) "
                "using (entiteit)",
                folder / "waarschuwingen.parquet",
            )

    def _copy(self, query: str, path: Path, key: str | None = None) -> None:
        make_folder(path.parent)
        options = f", encryption_config {{footer_key: '{key}'}}" if key else ""
        self.con.execute(f"copy ({query}) to {_text(str(path))} (format parquet, compression zstd{options})")

    # --- a delivery that may not ---------------------------------------------------------------------------------------------------------

    def _refuse(self, bron: Bron, number: int | None, manifest: Manifest | None, refused: GeweigerdFout) -> Uitslag:
        kept = archive.keep(self.settings, self.keyring, bron, store.folder_name(number) if number else "onbekend")
        content: dict[str, Any] = {
            "nummer": number,
            "naam": tidy(bron.naam),
            "code": refused.code,
            "reden": str(refused),
            "archief": kept,
            "soort": manifest.soort if manifest else None,
            "peildatum": manifest.peildatum.isoformat() if manifest else None,
            "aangemaakt_op": manifest.aangemaakt_op.isoformat() if manifest else None,
            "contract_versie": manifest.contract_versie if manifest else None,
            "vingerafdruk": manifest.vingerafdruk if manifest else None,
            "sleutel": self.keyring.fingerprint,
        }
        self.log.leg_vast(register.GEWEIGERD, content)
        phase("geweigerd")
        return Uitslag(
            number,
            manifest.soort if manifest else None,
            manifest.peildatum if manifest else None,
            "geweigerd",
            str(refused),
            code=refused.code,
        )

    # --- small things --------------------------------------------------------------------------------------------------------------------

    def _drop(self, contract: Contract) -> None:
        """Let go of the delivery's rows: nothing of one may be seen by the next, and memory is needed."""
        rows = self.con.execute("select table_name, table_type from information_schema.tables where table_schema = 'main'").fetchall()
        for name, kind in sorted(rows, key=lambda r: r[1] != "VIEW"):
            self.con.execute(f"drop {'view' if kind == 'VIEW' else 'table'} if exists {name}")

    def _exists(self, table: str) -> bool:
        return bool(self._value(f"select count(*) from duckdb_tables() where table_name = '{table}'"))

    def _value(self, query: str) -> int:
        row = self.con.execute(query).fetchone()
        assert row is not None
        return int(row[0])


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
