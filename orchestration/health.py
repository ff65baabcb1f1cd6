"""Whether everything that a night needs is there, tried for real before the night does: settings, key, disk, inbox, databases, alerts."""

import difflib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date

from orchestration import duck
from orchestration.alarm import send
from orchestration.breakdown import sentence
from orchestration.errors import UserError
from orchestration.files import make_folder, remove, write_over
from orchestration.intake.delivery import inbox_fault, not_understood, waiting
from orchestration.keys.use import right_key
from orchestration.language import grouped, later, say
from orchestration.quality import ledger
from orchestration.register.lock import only_intake
from orchestration.register.register import Register
from orchestration.release import hold, store
from orchestration.settings import Omgeving, Settings

INTERNAL = "VT_DBT_"
"""How the names begin that the program gives to its own processes."""

NIGHTS = 3
"""Room that a night wants: as many times the last release and build together."""


class HealthError(UserError):
    """Something that a night needs is not as it should be."""


@dataclass(frozen=True)
class Examined:
    """What was tried, whether it is in order, and what was seen or is to be done."""

    what: str
    good: bool
    text: str


def examine(settings: Settings, environ: dict[str, str], *, alert: bool) -> Iterator[Examined]:
    """Try everything, one after another; what fails keeps nothing else from being tried."""
    parts: list[tuple[str, Callable[[], str]]] = [
        (later("settings"), lambda: _settings(settings, environ)),
        (later("disk"), lambda: _disk(settings)),
        (later("key"), lambda: _key(settings)),
        ("register", lambda: _register(settings)),
        ("releases", lambda: _releases(settings)),
        (later("publication"), lambda: _publication(settings)),
        (later("readers"), lambda: _readers(settings)),
        *([(later("report"), _report)] if _leaves(settings) else []),
        ("inbox", lambda: _inbox(settings)),
        ("DuckDB", lambda: _duckdb(settings)),
        (later("Dagster's state"), lambda: _dagster(settings)),
        *([("PostgreSQL", lambda: _postgres(settings))] if settings.postgres_url else []),
        *([(later("alert"), lambda: _alert(settings))] if alert else []),
    ]
    for what, part in parts:
        try:
            yield Examined(say(what), True, part())
        except Exception as error:
            yield Examined(say(what), False, sentence(error, settings))


def _settings(settings: Settings, environ: dict[str, str]) -> str:
    known = {f"VT_{name.upper()}" for name in Settings.model_fields}
    for name in sorted(environ.keys() - known):
        if name.startswith("VT_") and not name.startswith(INTERNAL):
            if near := difflib.get_close_matches(name, known, 1):
                raise HealthError(
                    say("{name} is no setting, so it does nothing; did you mean {near}? (README, Settings)", name=name, near=near[0])
                )
            raise HealthError(say("{name} is no setting, so it does nothing (README, Settings)", name=name))
    known_failures = ledger.load(settings)
    expired = [e.controle for e in known_failures if not e.holds(date.today())]
    which = f"{settings.omgeving.value}, {settings.organisatie}"
    if expired:
        return say(
            "{which}; known failures accepted: {count}, accepted no longer: {expired} ({names})",
            which=which,
            count=len(known_failures) - len(expired),
            expired=len(expired),
            names=", ".join(expired),
        )
    return say("{which}; known failures accepted: {count}", which=which, count=len(known_failures))


def _disk(settings: Settings) -> str:
    make_folder(settings.root)
    probe = settings.root / ".proef"
    write_over(probe, b"proef")
    remove(probe)
    with only_intake(settings):  # a lock
        pass
    free = shutil.disk_usage(settings.root).free
    standing = store.current(settings)
    last = [settings.build, *([settings.releases / standing] if standing else [])]
    used = sum(p.stat().st_size for folder in last for p in folder.rglob("*") if p.is_file())
    if free < NIGHTS * used:
        raise HealthError(
            say(
                "{free} MiB free on the disk of {folder}, and a night wants {wanted}: make room, or keep fewer "
                "releases (VT_BEWAAR_RELEASES)",
                free=grouped(free >> 20),
                folder=settings.root,
                wanted=grouped(NIGHTS * used >> 20),
            )
        )
    return say("{folder}: can be written and locked, {free} GiB free", folder=settings.root, free=grouped(free >> 30))


def _key(settings: Settings) -> str:
    if not settings.key_path.exists() and Register(settings).key_fingerprint() is None:
        return say("{file} is not there yet: the first refresh makes it. Keep a copy elsewhere then", file=settings.key_path)
    fingerprint = right_key(settings).fingerprint
    return say("{file}: key {fingerprint}, the one of the landing", file=settings.key_path, fingerprint=fingerprint)


def _releases(settings: Settings) -> str:
    store.hold_current(settings)
    there, standing = store.release_ids(settings), store.current(settings)
    if there and not standing and hold.waiting(settings):
        raise HealthError(say("readers see none of the {count}: the newest waits for a person; see vt status", count=len(there)))
    if there and not standing:
        return say("readers see none of the {count}: the next refresh makes one and puts it before them", count=len(there))
    if standing:
        return say("readers see {release}, one of {count}", release=standing, count=len(there))
    return say("none yet: the first refresh makes one")


def _register(settings: Settings) -> str:
    log = Register(settings)
    store.hold_to_register(settings, log)
    last = log.last_taken_in()
    if last is None:
        return say("events: {count}", count=len(log.events()))
    return say(
        "events: {count}; last delivery {number}, state of {peildatum}",
        count=len(log.events()),
        number=last.nummer,
        peildatum=last.peildatum,
    )


def _publication(settings: Settings) -> str:
    from orchestration.release import public  # it brings the solver along

    planned, published = public.decided(settings), public.hold_published(settings)
    return say("vintages announced: {planned}; published: {published}, as they were", planned=len(planned), published=len(published))


def _leaves(settings: Settings) -> bool:
    """Whether something is published, or will be."""
    from orchestration.disclosure import vintage  # as above
    from orchestration.release import public

    try:
        return bool(public.decided(settings) or vintage.vintages(public.root(settings)))
    except (UserError, OSError):  # told of the publication itself
        return False


def _report() -> str:
    from orchestration.outputs.report.printed import printed

    printed("<html lang=nl><title>Proef</title><p>Proef")
    return say("a page was printed")


def _readers(settings: Settings) -> str:
    from orchestration.release import rights  # it brings the solver along

    if rights.hold(settings):
        return say("intern: {intern}, publiek: {publiek}", intern=settings.groep_intern or "-", publiek=settings.groep_publiek or "-")
    return say("no group is set: releases are for this user alone (VT_GROEP_INTERN, VT_GROEP_PUBLIEK)")


def _inbox(settings: Settings) -> str:
    if fault := inbox_fault(settings.inbox):
        raise HealthError(fault)
    if not settings.inbox.exists():
        raise HealthError(say("{folder} is not there: mkdir -m 700 {folder}, or vt refresh, which makes it too", folder=settings.inbox))
    if left := not_understood(settings.inbox):
        raise HealthError(" ".join(left.values()))
    return say("{folder}: deliveries that wait: {count}", folder=settings.inbox, count=len(waiting(settings.inbox)))


def _duckdb(settings: Settings) -> str:
    probe = make_folder(settings.build) / ".proef.duckdb"
    try:
        with duck.connect(settings) as con:
            duck.attach_build(con, settings, bytes(32), probe)
            con.execute("create table veilig_thuis.proef as select 1 as n")
            version = con.execute("select version()").fetchone()
    finally:
        for path in settings.build.glob(f"{probe.name}*"):
            remove(path)
    return say(
        "{version}, an encrypted file was written; memory {memory}, threads {threads}",
        version=version[0] if version else "",
        memory=settings.geheugen,
        threads=settings.threads,
    )


def _dagster(settings: Settings) -> str:
    if address := settings.dagster_address:
        from sqlalchemy import create_engine, text

        with create_engine(address).connect() as connection:
            connection.execute(text("select 1"))
        return say("PostgreSQL answers")
    databases = sorted(settings.dagster.rglob("*.db"))
    for path in databases:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("pragma quick_check").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {found}")
    if databases:
        return say("{folder}: in order", folder=settings.dagster)
    return say("in the data folder; the first refresh makes it")


def _postgres(settings: Settings) -> str:
    from orchestration.outputs import postgres  # it brings the solver along

    if found := postgres.left_open(settings):
        raise HealthError(" ".join(found))
    return say("readers see {release}", release=store.current(settings) or "-")


def _alert(settings: Settings) -> str:
    if not settings.alarm_naar:
        nobody = say("VT_ALARM_NAAR is not set: nobody is told when a night needs someone")
        if settings.omgeving is Omgeving.ONTWIKKELING:
            return nobody
        raise HealthError(nobody)
    body = say("A test by vt check: nothing happened, and nothing needs doing.")
    send.complain(send.send(settings, "Veilig Thuis: test", f"{body}\n"))
    return say("a test was sent, addresses: {count}. See that it arrived", count=len(settings.alarm_naar))
