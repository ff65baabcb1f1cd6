"""What the intake would do with a delivery: read and judged by its own reader and rules, with nothing taken in, and nothing written.

It needs no key: numbers are compared within the delivery by one that is thrown away. What only the key of the landing can tell (whether a
number is known, or was to be forgotten) is said not to be judged.
"""

import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration import duck
from orchestration.intake.checks import Counts, Judging, empty
from orchestration.intake.contract import Contract
from orchestration.intake.delivery import HERKOMST, Manifest, RefusedError, opened, read_manifest, tidy
from orchestration.intake.reading import read_delivery
from orchestration.intake.warnings import find_warnings
from orchestration.landing import order, store
from orchestration.landing.terms import KINDS, past_before
from orchestration.language import later, say
from orchestration.reference.accepted import with_accepted
from orchestration.register.register import Register
from orchestration.settings import Settings

PLACES = 3
"""Lines that are named of rows that broke one rule."""


@dataclass(frozen=True)
class Broken:
    """Rows of one entity that would go to quarantine by one rule and field, or (``waarschuwing``) be warned of."""

    entiteit: str
    bestand: str
    controle: str
    veld: str
    reden: str
    aantal: int
    regels: tuple[int, ...]
    """The first lines, as many as ``PLACES``."""
    herkomst: tuple[str, ...]
    """Of a delivery that a mapping made: file and line of theirs of each of ``regels``."""


@dataclass
class Preview:
    """What would become of a delivery."""

    manifest: Manifest | None = None
    refused: RefusedError | None = None
    already: bool = False
    """It was taken in before: nothing would happen."""
    counts: dict[str, Counts] = field(default_factory=dict)
    quarantine: list[Broken] = field(default_factory=list)
    warnings: list[Broken] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What is ignored, and what could not be judged: as ``say`` gave it."""


def preview(settings: Settings, path: Path) -> Preview:
    """What the intake would do with the delivery at ``path``, a folder or a zip, if it came now."""
    found = Preview()
    with tempfile.TemporaryDirectory(prefix="vt-") as scratch:
        aside = settings.elsewhere(Path(scratch))
        with opened(path) as source, duck.connect(aside) as con:
            try:
                source.verify()
                found.manifest = read_manifest(source, settings.organisatie)
                _follow(settings, con, found, found.manifest)
                read = read_delivery(con, source, found.manifest, aside.root / "tmp", settings.threads)
                found.remarks += [
                    say("file {file}: unknown column {column} is ignored", file=tidy(g.file), column=name) + "."
                    for g in read.values()
                    for name in g.unknown_columns
                ]
                if not found.already:
                    _judge(settings, con, found, found.manifest)
            except RefusedError as refused:
                found.refused = refused
    return found


def _follow(settings: Settings, con: duckdb.DuckDBPyConnection, found: Preview, manifest: Manifest) -> None:
    """Whether it may follow what was taken in; raises ``RefusedError``."""
    log = Register(settings)
    deliveries = log.leveringen()
    if not deliveries:
        found.remarks.append(say("Nothing was taken in yet in {folder}: the delivery is judged as the first.", folder=settings.root))
    if same := next((d for d in deliveries if d.nummer == manifest.nummer), None):
        order.verify_same(manifest, same)
        found.already = True
        return
    order.verify(log, manifest, deliveries)
    if deliveries and manifest.soort == "volledig":
        for b in manifest.bestanden:
            entity = manifest.contract.entity(b.entiteit)
            store.open_rows(con, settings, entity, store.since_whole(deliveries, entity))
        order.verify_rows(con, log, manifest)
    if log.forgotten():
        found.remarks.append(say("Not judged without the key: whether it brings again what was destroyed, which stays out."))
    if deliveries:
        found.remarks.append(say("Not judged without the key: whether a row arrives past its term of keeping (VT_BEWAAR_JAREN)."))


def _judge(settings: Settings, con: duckdb.DuckDBPyConnection, found: Preview, manifest: Manifest) -> None:
    contract, delivered = with_accepted(settings, manifest.contract), frozenset(b.entiteit for b in manifest.bestanden)
    for entity in contract.entities:
        con.execute(f"create or replace view stand_{entity.name} as {empty(store.row_columns(entity))}")
    first = not Register(settings).leveringen()
    judging = Judging(
        con,
        contract,
        manifest.soort,
        manifest.peildatum,
        delivered,
        secrets.token_bytes(32),
        first=manifest.soort == "volledig",
        # with a landing, what stood before and grew old there is another matter, and only the key can tell it
        terms=dict.fromkeys(KINDS.values(), past_before(settings, manifest.peildatum)) if first else {},
        threads=settings.threads,
    )
    judging.hash_numbers()
    if manifest.soort == "mutaties":
        _stand_in(con, contract, delivered, found)
    counts = judging.judge_all()
    find_warnings(con, contract, delivered)
    found.counts = {b.entiteit: counts[b.entiteit] for b in manifest.bestanden}
    for b in manifest.bestanden:
        e = b.entiteit
        if counts[e].quarantaine:
            found.quarantine += _broken(con, manifest, e, b.bestand, f"select regel, controle, veld, reden from fout_{e}")
        told = f"select regel, controle, veld, '' as reden from waarschuwing where entiteit = '{e}'"
        found.warnings += _broken(con, manifest, e, b.bestand, told)


def _stand_in(con: duckdb.DuckDBPyConnection, contract: Contract, delivered: frozenset[str], found: Preview) -> None:
    """Take every number that the delivery names and does not bring for one that stands: only the landing's key can tell."""
    for parent in contract.entities:
        places = [
            (child.name, item.name)
            for child in contract.entities
            for item in child.parents
            if item.verwijst_naar == parent.name and child.name in delivered
        ]
        if not places:
            continue
        key = parent.primary_key[0]
        named = " union all ".join(f"select {column} as tekst from ruw_{child} where {column} is not null" for child, column in places)
        brought = f"select {key.name} from ruw_{parent.name} where {key.name} is not null" if parent.name in delivered else "select ''"
        own = parent.primary_key_columns[0]
        con.execute(f"create table elders_{parent.name} as select tekst from ({named}) where tekst not in ({brought})")
        if count := duck.number(con, f"select count(*) from elders_{parent.name}"):
            others = ", ".join(
                f"n.id as {name}" if name == own else f"null::{kind} as {name}" for name, kind in store.row_columns(parent).items()
            )
            con.execute(f"drop view stand_{parent.name}")
            con.execute(
                f"create table stand_{parent.name} as select {others} from nummers_{key.number_kind} n "
                f"where n.tekst in (select tekst from elders_{parent.name})"
            )
            told = later("Not judged without the key: whether {count} rows name {parent} that stand; this delivery does not bring them.")
            found.remarks.append(say(told, count=count, parent=parent.name))


def _broken(con: duckdb.DuckDBPyConnection, manifest: Manifest, entity: str, file: str, rows: str) -> list[Broken]:
    groups = con.execute(
        f"select controle, veld, reden, count(*), min(regel, {PLACES}) from ({rows}) group by all order by 4 desc, 1, 2"
    ).fetchall()
    lines = [line for *_, first in groups for line in first]
    theirs: dict[int, str] = {}
    if manifest.vertaling and lines:
        theirs = dict(
            con.execute(
                f"select op_regel, string_agg(bron_bestand || ':' || bron_regel, ' + ' order by volgnummer) from {HERKOMST} "
                "where entiteit = ? and list_contains(?::bigint[], op_regel) group by 1",
                [entity, lines],
            ).fetchall()
        )
    return [
        Broken(entity, file, controle, veld, reden, count, tuple(first), tuple(theirs[n] for n in first if n in theirs))
        for controle, veld, reden, count, first in groups
    ]
