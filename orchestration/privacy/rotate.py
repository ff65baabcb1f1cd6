"""A new key for everything, with every link between persons, cases and households as it was.

Every distinct number is read from the vault, hashed with both keys, and the landing is written anew with the new hashes; vault, quarantine
and archive are sealed anew. The old key opens nothing any more afterwards, and the new key file takes its place.
"""

from contextlib import suppress
from functools import partial
from pathlib import Path

import duckdb

from orchestration import duck
from orchestration.errors import UserError
from orchestration.files import remove, sync_folder, write_over
from orchestration.intake.contract import load_contract
from orchestration.intake.pseudonymise import hash_sql, pads
from orchestration.keys import crypt
from orchestration.keys.keyring import Keyring, new_key, open_keyring
from orchestration.keys.use import log_use, new_key_path, open_key
from orchestration.landing import archive, cbs_files, forgotten, store, verify
from orchestration.landing.process import Progress
from orchestration.landing.sweep import sweep
from orchestration.language import later, say
from orchestration.privacy.rewrite import Rewriting
from orchestration.register import seals
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import REWRITTEN, Levering, Register
from orchestration.settings import Settings


class RotateError(UserError):
    """The key was not changed; everything is as it was."""


def rotate(settings: Settings, door: str, reden: str, progress: Progress) -> str:
    """Change the key; returns the fingerprint of the new one. ``door`` and ``reden`` go to the register.

    The build is removed: the next refresh makes it with the new key. Back up the new key file at once. Raises ``KeyFileError`` when the key
    at hand is not the landing's, ``BusyError`` when an intake runs, ``RotateError`` when vault and landing do not match.
    """
    with only_intake(settings), disk_errors(say("Changing the key")):
        log = Register(settings)
        if not log.leveringen():
            raise RotateError(say("Nothing was taken in yet, so nothing is sealed with the key: there is nothing to change."))
        old = open_key(settings, say("key rotate: the old key"))
        sweep(settings, log)
        verify.seal_older(settings, log)
        verify.hold(settings, log, folders=("landing", "vault", "quarantine"))
        new = _new_key(settings)
        log_use(settings, new, say("key rotate: the new key"))
        deliveries = log.leveringen()
        with duck.connect(settings) as con:
            work = Rewriting(settings, con, old, new)
            progress(say("reading the vault"))
            _map_numbers(con, settings, work, deliveries, old, new)
            names = {}
            for delivery in deliveries:
                progress(say("delivery {number}: writing anew", number=delivery.nummer))
                names[delivery.nummer] = work.deliver(delivery, log, partial(_changed, con, new))
        log.plan(names.values(), [_name_with(new, first) for first in log.archives()])
        archives = _seal_anew(settings, log, old, new)
        cbs_files.tidy(settings, old)
        cbs_files.seal_anew(settings, old, new)
        sealed = {name: work.seals(name) for name in names.values()}
        work.place(list(names.values()), log)
        log.record(
            REWRITTEN,
            {
                "waarom": "sleutel",
                "door": door,
                "reden": reden,
                "sleutel": new.fingerprint,
                "leveringen": {str(n): {"map": name, "zegels": sealed[name]} for n, name in names.items()},
                "archieven": archives,
                "archiefzegels": {name: seals.seal(settings.archive / name) for name in archives.values() if name},
                "vergeetsleutel": forgotten.seal_anew(log, old, new),
            },
        )
        with suppress(FileNotFoundError):  # another command found the event and put it in place
            new_key_path(settings).replace(settings.key_path)
        sync_folder(settings.key_path.parent)
        cbs_files.tidy(settings, new)
        sweep(settings, log)
        for path in settings.build.glob("veilig_thuis.duckdb*"):
            remove(path)
        return new.fingerprint


def _new_key(settings: Settings) -> Keyring:
    """A new key, on disk beside the old one before anything is written with it."""
    path = new_key_path(settings)
    write_over(path, new_key())  # in the place of one that was made for a change that never counted
    return open_keyring(path)


def _map_numbers(
    con: duckdb.DuckDBPyConnection, settings: Settings, work: Rewriting, deliveries: list[Levering], old: Keyring, new: Keyring
) -> None:
    """``wissel_<kind>`` (oud, nieuw) for each kind of number, and ``wissel_regel`` for raw lines in quarantine."""
    texts: dict[str, list[str]] = {"regel": []}
    for delivery in deliveries:
        for entity in load_contract(delivery.contract_versie).entities:
            path = settings.vault / delivery.map / f"{entity.name}.parquet"
            for field in entity.fields:
                if field.number_kind:
                    found = texts.setdefault(field.number_kind, [])
                    if path.exists():
                        found.append(f"select {field.name} as tekst from {work.source('vault', path)} where {field.name} is not null")
            raw = settings.quarantine / delivery.map / f"{entity.name}.parquet"
            if raw.exists():
                texts["regel"].append(f"select ruw as tekst from {work.source('quarantine', raw)}")
    (old_inner, old_outer), (new_inner, new_outer) = pads(old.derive("pseudoniem")), pads(new.derive("pseudoniem"))
    for kind, found in texts.items():
        distinct = " union ".join(f"select distinct * from ({t})" for t in found) or "select null::varchar as tekst where false"
        then = hash_sql(kind, "tekst").replace("$binnen", "$oud_binnen").replace("$buiten", "$oud_buiten")
        con.execute(
            f"create or replace table wissel_{kind} as select {then} as oud, {hash_sql(kind, 'tekst')} as nieuw from ({distinct})",
            {"oud_binnen": old_inner, "oud_buiten": old_outer, "binnen": new_inner, "buiten": new_outer},
        )


def _changed(con: duckdb.DuckDBPyConnection, new: Keyring, base: str, path: Path, sql: str) -> str:
    """SQL of a file with the new hashes.

    What was destroyed since (forgotten, or past its term) is in the vault no more, while the keys that ended with it and the hashes of raw
    lines stand in the landing still. Those get a hash of the old hash: equal where they were equal, and nobody's.
    """
    if base != "landing":
        return sql
    columns = [name for name, kind, *_ in con.execute(f"describe {sql}").fetchall() if kind == "UUID"]
    if not columns:
        return sql
    hashed = {c: "regel" if c == "ruw_id" else c.removesuffix("_id") for c in columns}
    may_be_gone = {c for c in hashed if c == "ruw_id" or path.parent.name == store.GONE}
    joins = " ".join(f"left join wissel_{kind} w_{c} on w_{c}.oud = f.{c}" for c, kind in hashed.items())
    lost = " or ".join(f"(f.{c} is not null and w_{c}.nieuw is null)" for c in hashed if c not in may_be_gone) or "false"
    if unknown := duck.number(con, f"select count(*) from ({sql}) f {joins} where {lost}"):
        lacking = later(
            "{file}: {count} rows have a number that the vault does not know. The key was not changed; put the vault back from a backup."
        )
        raise RotateError(say(lacking, file=path, count=unknown))

    def replaced(column: str) -> str:
        if column not in may_be_gone:
            return f"w_{column}.nieuw as {column}"
        return f"coalesce(w_{column}.nieuw, cast(md5(f.{column}::varchar || '{new.fingerprint}') as uuid)) as {column}"

    return f"select f.* replace ({', '.join(map(replaced, hashed))}) from ({sql}) f {joins}"


def _seal_anew(settings: Settings, log: Register, old: Keyring, new: Keyring) -> dict[str, str | None]:
    """Seal every archive file with the new key under a new name; returns the new names by the old ones."""
    names: dict[str, str | None] = {}
    for first, name in log.archives().items():
        source = settings.archive / name
        target = source.with_name(_name_with(new, first))
        if source.exists():
            remove(target)
            crypt.seal(target, crypt.unseal(source, old.derive(archive.PURPOSE)), new.derive(archive.PURPOSE))
            names[name] = target.name
    if names:
        sync_folder(settings.archive)
    return names


def _name_with(new: Keyring, first: str) -> str:
    """The name of an archive file that is sealed with the new key, by the name that it had first."""
    return f"{new.fingerprint[:8]}-{first}"
