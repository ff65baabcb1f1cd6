"""Terms of keeping: what is past its term is destroyed, after it was announced, and by a person's word when it is more than a few.

- cases with all that hangs on them, and requests for advice: ``VT_BEWAAR_JAREN`` after they were closed (15 years, art. 5.3.4 Wmo 2015), by
  the registration's peildatum and by the clock; ``VT_VERNIETIG_NA_DAGEN`` after the register announced it. Until then ``postpone`` is the
  way back. They stay out when a later delivery brings them again. A row that arrives past its term never comes in
  (``intake.checks``), so what is destroyed here grew old here;
- raw lines of quarantined rows: ``VT_QUARANTAINE_DAGEN`` after the row was corrected or dismissed;
- archived deliveries: ``VT_ARCHIEF_DAGEN`` (``landing.sweep``).
"""

import base64
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.errors import UserError
from orchestration.files import sync
from orchestration.intake.contract import load_contract
from orchestration.intake.pseudonymise import hash_sql, pads
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.landing import store
from orchestration.landing.process import Progress
from orchestration.landing.quarantine import DISMISSED, add_key
from orchestration.landing.sweep import sweep
from orchestration.landing.terms import KINDS, moment, past_before
from orchestration.language import later, say
from orchestration.privacy.forget import Forgetting
from orchestration.register import seals
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import DESTROYED, FORGOTTEN, Event, Levering, Register
from orchestration.settings import Settings
from orchestration.sql import text

ANNOUNCED, APPROVED = "vernietiging_aangekondigd", "vernietiging_goedgekeurd"
POSTPONED, LAPSED = "vernietiging_uitgesteld", "vernietiging_vervallen"
TERM = "bewaartermijn"
"""What the register calls a destruction by its term."""
FEW = 10
"""So many go in a night without a person, however few there are ..."""
ONE_IN = 10
"""... and one in so many of what stands, up to ``VT_VERNIETIG_HOOGSTENS``."""


class RetentionError(UserError):
    """There is nothing to decide on; the message says so."""


@dataclass(frozen=True)
class Announcement:
    """What the register announced: what was closed between two days goes, from another day on."""

    closed_from: date
    closed_before: date
    """The first day that it does not cover."""
    destroyed_on: date
    counts: dict[str, int]
    """Cases and requests for advice, by kind of number."""
    too_many: bool
    """It waits for a person."""

    def __str__(self) -> str:
        return _counted(self.counts)


def destroy_past(settings: Settings, progress: Progress) -> None:
    """Announce what is past its term and destroy what was announced, once deliveries were taken in. The register tells of both, by counts.

    Raises as ``landing.takein.take_in_waiting`` does, for the lock, the key and the disk.
    """
    today = date.today()
    with only_intake(settings), disk_errors(say("Destroying what is past its term")), duck.connect(settings) as con:
        log = Register(settings)
        deliveries, keyring = log.leveringen(), open_key(settings, say("terms of keeping"))
        if postponed_until(log) <= today:
            _find_past(con, settings, log, deliveries)
            _announce(con, settings, log, today)
            texts = _numbers(con, settings, keyring, deliveries) if _agreed(con, settings, log, today) else {}
            if any(texts.values()):
                count = sum(len(t) for t in texts.values())
                progress(say("destroying what is past its term: {count} cases and requests for advice", count=count))
                work = Forgetting(settings, con, log, keyring, texts, progress)
                reden = say("closed more than {years} years ago", years=settings.bewaar_jaren)
                work.run(TERM, "VT_BEWAAR_JAREN", reden, termijn=True)
        _raw_lines(con, settings, log, keyring)


def announced(log: Register) -> list[Announcement]:
    """What is announced for a day to come, or waits for a person; oldest first."""
    return [a for a in _open(log) if a.too_many or a.destroyed_on > date.today()]


def approve(settings: Settings, door: str, reden: str) -> Announcement:
    """Let go what waits for a person; destroyed by the next night from its day on. Raises ``RetentionError`` when nothing waits."""
    with only_intake(settings), disk_errors(say("Approving")):
        log = Register(settings)
        waiting = [a for a in announced(log) if a.too_many]
        if not waiting:
            until = postponed_until(log)
            sentences = [say("Nothing that is past its term waits for a person; see vt retention show.")]
            sentences += [say("It was postponed, and is announced anew from {day} on.", day=until)] if until > date.today() else []
            raise RetentionError(" ".join(sentences))
        last = waiting[-1]
        log.record(APPROVED, {"gesloten_voor": last.closed_before.isoformat(), "door": door, "reden": reden})
        return last


def postpone(settings: Settings, tot: date, door: str, reden: str) -> None:
    """Destroy nothing by its term before the day ``tot``; what was announced is announced anew then. ``tot`` of today ends it."""
    with only_intake(settings), disk_errors(say("Postponing")):
        Register(settings).record(POSTPONED, {"tot": tot.isoformat(), "door": door, "reden": reden})


def postponed_until(log: Register) -> date:
    """The day before which nothing is destroyed by its term; long past when nobody postponed it."""
    events = log.events(POSTPONED)
    return date.fromisoformat(events[-1].inhoud["tot"]) if events else date.min


def told(events: list[Event]) -> list[str]:
    """The sentences, for the verdict, on what these events destroyed by its term or announced."""
    found = []
    for e in events:
        if e.soort == FORGOTTEN and e.inhoud["soort"] == TERM:
            what, rows = _counted(e.inhoud["vernietigd"]), sum(e.inhoud["rijen"].values())
            found.append(say("Destroyed, past the term of keeping: {what}, with {rows} rows", what=what, rows=rows))
        if e.soort == ANNOUNCED and not e.inhoud["te_veel"]:
            announced_text = later("Past the term of keeping, and destroyed from {day} on: {what}. To stop it: vt retention postpone")
            found.append(say(announced_text, day=e.inhoud["vernietigd_op"], what=_counted(e.inhoud["aantallen"])))
    return found


def waiting(log: Register) -> list[str]:
    """The sentence, for the verdict of every night, on what waits for a person."""
    return [
        say(
            "Past the term of keeping: {what}, more than a night destroys without anyone looking at it. To look: vt retention show; to "
            "have it destroyed: vt retention approve; else a date of the registration or a setting is wrong",
            what=a,
        )
        for a in announced(log)
        if a.too_many
    ]


def _counted(counts: dict[str, int]) -> str:
    words = {"casus": ("casus", "casussen"), "advies": ("adviesvraag", "adviesvragen")}
    return say(" and ").join(f"{n} {words[kind][n != 1]}" for kind, n in counts.items() if n)


def _open(log: Register) -> list[Announcement]:
    """What was announced and neither done, postponed nor void since; what a person approved does not wait."""
    found: list[Announcement] = []
    for e in log.events(ANNOUNCED, APPROVED, POSTPONED, LAPSED, FORGOTTEN):
        i = e.inhoud
        if e.soort == POSTPONED:
            found = []
        elif e.soort == LAPSED:
            found = [a for a in found if a.too_many != i["te_veel"]]
        elif e.soort == FORGOTTEN:
            found = [a for a in found if i["soort"] != TERM or a.too_many or a.destroyed_on > e.op.astimezone().date()]
        elif e.soort == ANNOUNCED:
            first, until, day = (date.fromisoformat(i[k]) for k in ("gesloten_vanaf", "gesloten_voor", "vernietigd_op"))
            found.append(Announcement(first, until, day, i["aantallen"], i["te_veel"]))
        else:
            until = date.fromisoformat(i["gesloten_voor"])
            found = [replace(a, too_many=a.too_many and a.closed_before > until) for a in found]
    return found


def _covered(announcements: list[Announcement]) -> str:
    """SQL that is true for rows that these announcements cover."""
    ranges = (f"(afgesloten_op >= date '{a.closed_from}' and afgesloten_op < date '{a.closed_before}')" for a in announcements)
    return " or ".join(ranges) or "false"


def _find_past(con: duckdb.DuckDBPyConnection, settings: Settings, log: Register, deliveries: list[Levering]) -> None:
    """``verlopen`` (soort, id, afgesloten_op): what stands and is past its term; ``staand`` (aantal, tot): how many stand, and the term.

    A day that nobody can have meant is no closing day (a landing of before the contract had a first day may hold one), nor is that of a row
    that stands in for a newer one in quarantine.
    """
    contract = load_contract()
    until = past_before(settings, deliveries[-1].peildatum)
    parts = []
    for kind, e in KINDS.items():
        entity = contract.entity(e)
        store.open_rows(con, settings, entity, store.since_whole(deliveries, entity))
        store.open_entries(con, settings, entity, deliveries)
        held = f"{kind}_id in (select {kind}_id from open_{e} where _sleutel)"
        parts.append(
            f"select '{kind}' as soort, {kind}_id as id, afgesloten_op, afgesloten_op < date '{until}' and not {held} as over "
            f"from stand_{e}"
        )
    con.execute(
        f"create or replace table verlopen as select * from ({' union all '.join(parts)}) "
        f"where over and afgesloten_op >= date '{contract.bounds.eerste_dag}'"
    )
    standing = " + ".join(f"(select count(*) from stand_{e})" for e in KINDS.values())
    con.execute(f"create or replace table staand as select {standing} as aantal, date '{until}' as tot")


def _announce(con: duckdb.DuckDBPyConnection, settings: Settings, log: Register, today: date) -> None:
    """Announce what no announcement covers; what waited for a person and is not past its term any more does not wait on.

    An announcement for a day further ahead than any is made is one of a clock that was wrong: it covers nothing.
    """
    latest = today + timedelta(days=settings.vernietig_na_dagen)
    standing = [a for a in _open(log) if a.too_many or a.destroyed_on <= latest]
    waits = [a for a in standing if a.too_many]
    if waits and not duck.number(con, f"select count(*) from verlopen where {_covered(waits)}"):
        log.record(LAPSED, {"aantallen": waits[-1].counts, "te_veel": True})
    rest = f"from verlopen where not ({_covered(standing)})"
    counts = dict(con.execute(f"select soort, count(*) {rest} group by soort order by soort desc").fetchall())
    if not counts:
        return
    few = min(settings.vernietig_hoogstens, max(FEW, duck.number(con, "select aantal from staand") // ONE_IN))
    ((first, until),) = con.execute(f"select min(afgesloten_op), (select tot from staand) {rest}").fetchall()
    log.record(
        ANNOUNCED,
        {
            "gesloten_vanaf": first.isoformat(),
            "gesloten_voor": until.isoformat(),
            "vernietigd_op": latest.isoformat(),
            "aantallen": counts,
            "te_veel": sum(counts.values()) > few,
        },
    )


def _agreed(con: duckdb.DuckDBPyConnection, settings: Settings, log: Register, today: date) -> int:
    """``gaat`` (soort, id): what was announced for a day that has come, and waits for nobody. Returns how many.

    When more would go than was announced (something stands again that was gone), nothing does, and all of it is announced anew.
    """
    announcements = _open(log)
    due = [a for a in announcements if a.destroyed_on <= today and not a.too_many]
    waits = _covered([a for a in announcements if a.too_many])
    con.execute(f"create or replace table gaat as select soort, id from verlopen where ({_covered(due)}) and not ({waits})")
    count = duck.number(con, "select count(*) from gaat")
    if count > sum(sum(a.counts.values()) for a in due):
        log.record(LAPSED, {"aantallen": {}, "te_veel": False})
        _announce(con, settings, log, today)
        return 0
    return count


def _numbers(con: duckdb.DuckDBPyConnection, settings: Settings, keyring: Keyring, deliveries: list[Levering]) -> dict[str, set[str]]:
    """The numbers of what goes (``gaat``), by kind of number, from the vault."""
    add_key(con, keyring, "vault")
    inner, outer = pads(keyring.derive("pseudoniem"))
    found: dict[str, set[str]] = {}
    for kind, e in KINDS.items():
        paths = [str(p) for d in deliveries if (p := settings.vault / d.map / f"{e}.parquet").exists()]
        going = f"select id from gaat where soort = '{kind}'"
        if not paths or not duck.number(con, f"select count(*) from ({going})"):
            continue
        numbers = f"select distinct {kind}_nummer as tekst from read_parquet($paden, encryption_config = {{footer_key: 'vault'}})"
        hashed = con.execute(
            f"select tekst from ({numbers}) where tekst is not null and {hash_sql(kind, 'tekst')} in ({going})",
            {"paden": paths, "binnen": inner, "buiten": outer},
        ).fetchall()
        found[kind] = {text for (text,) in hashed}
    return found


def _raw_lines(con: duckdb.DuckDBPyConnection, settings: Settings, log: Register, keyring: Keyring) -> None:
    """Destroy raw lines of rows that were corrected or dismissed longer ago than the setting says."""
    before = moment(log) - timedelta(days=settings.quarantaine_dagen)
    deliveries = log.leveringen()
    past = {d.nummer for d in deliveries if d.verwerkt_op < before}
    closed = store.scan_shared(settings, (d for d in deliveries if d.nummer in past), "gesloten", store.CLOSED)
    done = set(con.execute(f"select levering, entiteit, regel from ({closed})").fetchall())
    for event in log.events(DISMISSED):
        if event.op < before:
            done |= {(event.inhoud["levering"], event.inhoud["entiteit"], line) for line in event.inhoud["regels"]}
    gone: dict[str, int] = {}
    sealed: dict[str, dict[str, dict[str, Any]]] = {}
    con.execute(f"pragma add_parquet_key('quarantine', '{base64.b64encode(keyring.derive('quarantine')).decode()}')")
    for delivery in deliveries:
        for e in {e for n, e, _ in done if n == delivery.nummer}:
            path = settings.quarantine / delivery.map / f"{e}.parquet"
            lines = sorted(line for n, name, line in done if (n, name) == (delivery.nummer, e))
            going, left = _without(con, path, lines)
            if going:
                gone[f"{delivery.nummer}/{e}"] = going
                pending = _pending(path)
                new = seals.seal(pending, left) if left else None
                sealed.setdefault(str(delivery.nummer), {}).setdefault("quarantine", {})[path.name] = new
    if gone:
        reden = say("closed more than {days} days ago", days=settings.quarantaine_dagen)
        log.record(DESTROYED, {"reden": reden, "regels": gone, "zegels": sealed})
        sweep(settings, log)


def _pending(path: Path) -> Path:
    return path.with_name(f"{store.PENDING}{path.name}")


def _without(con: duckdb.DuckDBPyConnection, path: Path, lines: list[int]) -> tuple[int, int]:
    """Write one file of raw lines without these beside it; returns how many go and how many are left. It counts once an event says so."""
    if not path.exists():
        return 0, 0
    sealed = "encryption_config"
    source = f"read_parquet({text(path)}, {sealed} = {{footer_key: 'quarantine'}})"
    row = con.execute(f"select count(*), count(*) filter (regel in (select unnest(?::bigint[]))) from {source}", [lines]).fetchone()
    total, going = row or (0, 0)
    if going and going < total:
        con.execute(
            "create or replace table blijft as select * from " + source + " where regel not in (select unnest(?::bigint[]))", [lines]
        )
        con.execute(f"copy blijft to {text(_pending(path))} (format parquet, compression snappy, {sealed} {{footer_key: 'quarantine'}})")
        sync(_pending(path))
    return int(going), int(total - going)
