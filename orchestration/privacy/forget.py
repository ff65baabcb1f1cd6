"""Forgetting: destroying what is kept of one person or one case, keeping it out from then on, and proving both with a search.

Reached are landing, vault, quarantine, archive, files for CBS and build; releases are made anew and pruned by the caller. The balance of
each delivery stays closed: what was taken in or quarantined and is destroyed now counts as ``vergeten``.
"""

import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa

from orchestration import duck
from orchestration.errors import UserError
from orchestration.files import remove
from orchestration.intake.contract import load_contract
from orchestration.intake.delivery import NOT_UNPACKABLE, inbox_fault
from orchestration.intake.numbers import AROUND, PLAIN, normal_form, normal_sql
from orchestration.intake.pseudonymise import keyed_id
from orchestration.keys import crypt
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.landing import archive, cbs_files, forgotten, store, verify
from orchestration.landing.process import Progress
from orchestration.landing.sweep import sweep
from orchestration.language import say
from orchestration.privacy.rewrite import Rewriting
from orchestration.register.disk import disk_errors, nameless_file
from orchestration.register.lock import only_intake
from orchestration.register.register import FORGOTTEN, Levering, Register
from orchestration.settings import Settings
from orchestration.sql import text

KINDS = {"persoon": "bsn", "casus": "casus_nummer"}
"""What can be forgotten, and the field that names it."""


class ForgetError(UserError):
    """Nothing was forgotten, or not everything could be reached; the message says what is left."""


@dataclass(frozen=True)
class ForgetReport:
    """What was destroyed, and what a search found afterwards (nothing, or ``ForgetError`` was raised)."""

    soort: str
    rows: dict[str, int]
    """Rows destroyed in the landing and in quarantine, by entity."""
    leveringen: tuple[int, ...]
    """Deliveries that were written anew."""
    archives: int
    """Archived deliveries that were destroyed because they held it, or could not be unpacked to look."""
    searched: dict[str, int]
    """Files searched afterwards, by folder; in none of them anything was found."""


def number_of(soort: str, nummer: str) -> str:
    """The number as it is looked for. Raises ``ForgetError`` when it is none of that kind."""
    plain = normal_form(nummer)
    if soort not in KINDS or (soort == "persoon" and not re.fullmatch(r"\d{9}", plain)) or not plain:
        raise ForgetError(say("Name a person by the 9 digits of the BSN, or a case by its number. Nothing was destroyed."))
    return plain


def forget(settings: Settings, soort: str, nummer: str, door: str, reden: str, progress: Progress) -> ForgetReport:
    """Destroy everything of the person with this BSN (``soort`` persoon) or of the case with this number (casus), and keep it out.

    Of a case goes all that hangs on it: its reports and what belongs to them, transfers, monitoring, restraining orders; not the other
    cases of its household. ``door`` and ``reden`` go to the register, the number does not. Raises ``ForgetError`` for a number that is no
    such thing, and when the search afterwards still finds something.
    """
    nummer = number_of(soort, nummer)
    with only_intake(settings), disk_errors(say("Forgetting")):
        log = Register(settings)
        if not log.leveringen():
            raise ForgetError(say("Nothing was taken in yet: there is nothing to forget."))
        keyring = open_key(settings, say("forget: one {kind}", kind=soort))
        sweep(settings, log)
        verify.seal_older(settings, log)
        with duck.connect(settings) as con:
            work = Forgetting(settings, con, log, keyring, {soort: {nummer}}, progress)
            return work.run(soort, door, reden)


class Forgetting:
    """One forgetting: of the numbers in ``texts``, by kind of number. The caller holds the lock."""

    def __init__(
        self,
        settings: Settings,
        con: duckdb.DuckDBPyConnection,
        log: Register,
        keyring: Keyring,
        texts: dict[str, set[str]],
        progress: Progress,
    ) -> None:
        self.settings, self.con, self.log, self.keyring, self.texts, self.progress = settings, con, log, keyring, texts, progress
        self.rewriting = Rewriting(settings, con, keyring, keyring)
        self.deliveries = log.leveringen()
        self.destroyed: dict[int, dict[str, tuple[int, int]]] = {}
        """By delivery and entity: rows destroyed in the landing, and in quarantine."""

    def run(self, soort: str, door: str, reden: str, *, termijn: bool = False) -> ForgetReport:
        """Destroy, put on the list, and search. ``soort`` is what the register calls it.

        With ``termijn`` it is a term of keeping that has passed, no request: the archive, which has a term of its own, is left alone.
        """
        verify.hold(self.settings, self.log, folders=("landing", "vault", "quarantine"))  # what is written anew is sealed anew
        self._find()
        if not termijn:
            self._verify_inbox()
        touched = [d for d in self.deliveries if self._touches(d)]
        names = {}
        for delivery in touched:
            self.progress(say("delivery {number}: writing anew", number=delivery.nummer))
            names[delivery.nummer] = self.rewriting.deliver(delivery, self.log, partial(self._without, delivery))
            self._end_keys(delivery, names[delivery.nummer])
        archives = [] if termijn else [name for name in self.log.archives().values() if self._in_archive(name)]
        cbs_files.destroy(self.settings, self.keyring, self._in_cbs_files())
        seals = {number: self.rewriting.seals(name) for number, name in names.items()}
        self.log.plan(names.values())
        self.rewriting.place(list(names.values()), self.log)
        key = forgotten.forget_key(self.log, self.keyring) or forgotten.draw()
        entries = {kind: sorted(forgotten.entry(key, kind, t) for t in texts) for kind, texts in self.texts.items() if texts}
        rows = {e: sum(sum(c.get(e, (0, 0))) for c in self.destroyed.values()) for c in self.destroyed.values() for e in c}
        self.log.record(
            FORGOTTEN,
            {
                "soort": soort,
                "door": door,
                "reden": reden,
                "bewaarlijst" if termijn else "vergeetlijst": entries,
                "vergeetsleutel": forgotten.seal(key, self.keyring),
                "rijen": rows,
                "vernietigd": {kind: len(self.texts.get(kind, ())) for kind in ("casus", "advies")},
                "leveringen": {
                    str(d.nummer): {"map": names[d.nummer], "tellingen": self._counts(d), "zegels": seals[d.nummer]} for d in touched
                },
                "archieven": dict.fromkeys(archives),
            },
        )
        sweep(self.settings, self.log)
        for path in self.settings.build.glob("veilig_thuis.duckdb*"):
            remove(path)
        self.deliveries = self.log.leveringen()
        return ForgetReport(soort, rows, tuple(names), len(archives), self._search(in_archive=not termijn))

    def _find(self) -> None:
        """What must go: texts by kind of number. Of a case also its reports and what hangs on either, as far as that is only its own."""
        pseudonym = self.keyring.derive("pseudoniem")
        for kind in list(self.texts):
            self._hash(pseudonym, kind)
        for entity in load_contract().entities if self.texts.get("casus") else ():
            key = entity.primary_key[0]
            parents = {v.name: v.number_kind for v in entity.fields if v.verwijst_naar and v.number_kind in self.texts}
            paths = [p for d in self.deliveries if (p := self.settings.vault / d.map / f"{entity.name}.parquet").exists()]
            if len(entity.primary_key) == 1 and not key.verwijst_naar and key.number_kind and parents and paths:
                self.texts[key.number_kind] = self._hanging_on(key.name, parents, paths)
                self._hash(pseudonym, key.number_kind)

    def _hanging_on(self, key: str, parents: dict[str, str], paths: list[Path]) -> set[str]:
        """Numbers under ``key`` of rows that hang on what must go and never hung on anything else; a deletion names no parent."""
        rows = " union all ".join(f"select {', '.join([key, *parents])} from {self.rewriting.source('vault', p)}" for p in paths)
        gone = " or ".join(f"coalesce({name} in (select tekst from weg_tekst_{kind}), false)" for name, kind in parents.items())
        alone = " and ".join(f"{name} is null" for name in parents)
        found = self.con.execute(
            f"select {key} from ({rows}) where {key} is not null group by 1 having bool_or({gone}) and bool_and({gone} or ({alone}))"
        )
        return {text for (text,) in found.fetchall()}

    def _hash(self, pseudonym: bytes, kind: str) -> None:
        """``weg_tekst_<kind>``: the numbers and their hashes, with the white space that stands around them in the vault too."""
        self.texts[kind] = self._padded(kind, {normal_form(t) for t in self.texts[kind]})
        texts = sorted(self.texts[kind])
        columns = {"tekst": pa.array(texts, pa.string()), "id": pa.array([str(keyed_id(pseudonym, kind, t)) for t in texts], pa.string())}
        self.con.register("weg_teksten", pa.table(columns))
        self.con.execute(f"create or replace table weg_tekst_{kind} as select tekst, id::uuid as id from weg_teksten")
        self.con.unregister("weg_teksten")

    def _padded(self, kind: str, texts: set[str]) -> set[str]:
        """These numbers, and what the vault holds of them with white space around it: older code let it stand, and so it is with a BSN."""
        field = KINDS.get(kind, f"{kind}_nummer")
        names = [e.name for e in load_contract().entities if any(v.name == field for v in e.fields)]
        paths = [p for d in self.deliveries for e in names if (p := self.settings.vault / d.map / f"{e}.parquet").exists()]
        if not texts or not paths:
            return texts
        rows = " union all ".join(f"select {field} as tekst from {self.rewriting.source('vault', p)}" for p in paths)
        white = f"not regexp_full_match(tekst, '{PLAIN}') and list_contains($teksten, {normal_sql('tekst')})"
        found = self.con.execute(f"select distinct tekst from ({rows}) where {white}", {"teksten": sorted(texts)}).fetchall()
        return texts | {text for (text,) in found}

    def _conditions(self, columns: Iterable[str], entity: str) -> str:
        """SQL that is true for rows of an entity that must go, over hashes or over texts."""
        found = []
        for kind in self.texts:
            field = KINDS.get(kind, f"{kind}_nummer")
            if f"{kind}_id" in columns:
                found.append(f"coalesce({kind}_id in (select id from weg_tekst_{kind}), false)")
            if field in columns:
                found.append(f"coalesce({field} in (select tekst from weg_tekst_{kind}), false)")
        if "ruw" in columns and (texts := self._looked_for(entity)):
            found.append(f"regexp_matches(ruw, {text(_pattern(texts))})")
        return " or ".join(found) or "false"

    def _columns(self, sql: str) -> list[str]:
        return [name for name, *_ in self.con.execute(f"describe {sql}").fetchall()]

    def _count(self, sql: str, entity: str) -> int:
        return duck.number(self.con, f"select count(*) from ({sql}) where {self._conditions(self._columns(sql), entity)}")

    def _files(self, delivery: Levering) -> Iterator[tuple[str, Path, str]]:
        for base, folder in self.rewriting.bases.items():
            for path in sorted((folder / delivery.map).rglob("*.parquet")):
                yield base, path, f"select * from {self.rewriting.source(base, path)}"

    def _touches(self, delivery: Levering) -> bool:
        counts: dict[str, tuple[int, int]] = {}
        touched = False
        for base, path, sql in self._files(delivery):
            number = self._count(sql, path.stem)
            touched |= number > 0
            if base == "landing" and number and path.parent.name in {delivery.map, store.QUARANTAINE}:
                kept, held = counts.get(path.stem, (0, 0))
                counts[path.stem] = (kept + number, held) if path.parent.name == delivery.map else (kept, held + number)
        self.destroyed[delivery.nummer] = counts
        return touched

    def _without(self, delivery: Levering, base: str, path: Path, sql: str) -> str:
        """SQL of a file without what must go; raw lines also go with their row in quarantine."""
        conditions = self._conditions(self._columns(sql), path.stem)
        if base == "quarantine":
            told = self.settings.landing / delivery.map / store.QUARANTAINE / path.name
            if told.exists():
                inner = f"select * from {self.rewriting.source('landing', told)}"
                conditions += f" or regel in (select _regel from ({inner}) where {self._conditions(self._columns(inner), path.stem)})"
        return f"select * from ({sql}) where not ({conditions})"

    def _end_keys(self, delivery: Levering, name: str) -> None:
        """Where a destroyed version had replaced another of its key, that other does not rise again: the key ends with this delivery."""
        for entity in load_contract(delivery.contract_versie).entities:
            e, keys = entity.name, ", ".join(entity.primary_key_columns)
            old = self.settings.landing / delivery.map
            sources = [p for p in (old / f"{e}.parquet", old / store.FREED / f"{e}.parquet") if p.exists()]
            gone = " union ".join(
                f"select {keys} from ({sql}) where {self._conditions(self._columns(sql), e)}"
                for sql in (f"select * from {self.rewriting.source('landing', p)}" for p in sources)
            )
            if not gone or not duck.number(self.con, f"select count(*) from ({gone})"):
                continue
            target = self.settings.landing / f"{store.PENDING}{name}" / store.GONE / f"{e}.parquet"
            ended = f"select {keys}, 'vergeten' as reden, {delivery.nummer}::integer as _in_levering from ({gone})"
            if target.exists():
                before = old / store.GONE / f"{e}.parquet"
                ended += f" union all by name select * from {self.rewriting.source('landing', before)}"
            self.rewriting.write("landing", target, ended)

    def _counts(self, delivery: Levering) -> dict[str, dict[str, int]]:
        counts = {e: dict(c) for e, c in delivery.tellingen.items()}
        for e, (kept, held) in self.destroyed[delivery.nummer].items():
            counts[e]["opgenomen"] -= kept
            counts[e]["quarantaine"] -= held
            counts[e]["vergeten"] = counts[e].get("vergeten", 0) + kept + held
        return counts

    # --- archive and search --------------------------------------------------------------------------------------------------------

    def _in_archive(self, name: str) -> bool:
        """Whether an archived delivery holds any of the texts as a field of its own, or cannot be unpacked, so that nobody can tell."""
        path = self.settings.archive / name
        if not path.exists():
            return False
        with nameless_file(self.settings.root / "tmp") as file:
            for chunk in crypt.unseal(path, self.keyring.derive(archive.PURPOSE)):
                file.write(chunk)
            file.seek(0)
            return self._held(_contents(file, name))

    def _in_cbs_files(self) -> list[str]:
        """The files for CBS that hold any of the texts; those can be made anew without them."""
        cbs_files.tidy(self.settings, self.keyring)
        return cbs_files.holding(self.settings, self.keyring, self.texts)

    def _held(self, files: Iterable[tuple[str, bytes]]) -> bool:
        """Whether any of these files (name, content) holds any of the texts as a field of its own, or cannot be read."""
        try:
            for name, content in files:
                texts = self._looked_for(Path(name).stem)
                # where none of them stands at all, as in most files, that is known much sooner
                if any(t.encode() in content for t in texts) and re.search(_pattern(texts).encode(), content):
                    return True
        except NOT_UNPACKABLE:
            return True
        return False

    def _verify_inbox(self) -> None:
        """What lies in the inbox was not taken in yet: it would be left in the clear. Raises ``ForgetError``; nothing is destroyed then."""
        if fault := inbox_fault(self.settings.inbox):  # it may hold what is to be forgotten
            raise ForgetError(say("{fault}. Then forget again. Nothing was destroyed.", fault=fault))
        held = [p.name for p in sorted(self.settings.inbox.glob("*")) if self._held(_offered(p))]
        if held:
            raise ForgetError(
                say(
                    "Also in the inbox, or not to be read there: {names}. Run vt refresh, so that it leaves the inbox, or move it out of "
                    "the data folder; then forget again. Nothing was destroyed.",
                    names=", ".join(held),
                )
            )

    def _looked_for(self, entity: str) -> list[str]:
        """The texts to look for in a file of that name, as CSV writes them.

        Looked for are the kinds of number that the entity has, and a BSN everywhere; in a file of another name all kinds. Dienst 7
        is no reason to destroy whatever row of another case holds a 7.
        """
        entities = {e.name: {v.number_kind for v in e.fields} | {"persoon"} for e in load_contract().entities}
        wanted = [texts for kind, texts in self.texts.items() if kind in entities.get(entity, self.texts)]
        return sorted({t for found in wanted for text in found for t in (text, text.replace('"', '""'))})

    def _search(self, *, in_archive: bool) -> dict[str, int]:
        """Read every file there is and look for what was forgotten; raises ``ForgetError`` when any of it is left."""
        self.progress(say("searching"))
        searched, left = {"landing": 0, "vault": 0, "quarantine": 0, "archive": 0, "inbox": 0, "cbs": 0}, []
        for delivery in self.deliveries:
            for base, path, sql in self._files(delivery):
                searched[base] += 1
                # Keys that ended say that there was something, not what: hashes of what is gone for good.
                if self._count(sql, path.stem) and path.parent.name != store.GONE:
                    left.append(path)
        for name in self.log.archives().values() if in_archive else ():
            if (self.settings.archive / name).exists():
                searched["archive"] += 1
                left += [self.settings.archive / name] if self._in_archive(name) else []
        for path in self.settings.inbox.glob("*") if in_archive else ():
            searched["inbox"] += 1
            left += [path] if self._held(_offered(path)) else []
        searched["cbs"] = len(cbs_files.names(self.settings, self.keyring))
        left += [cbs_files.file_of(self.settings, self.keyring, name) for name in self._in_cbs_files()]
        if left:
            files = ", ".join(str(p.relative_to(self.settings.root)) for p in left)
            raise ForgetError(say("Not everything is gone; left in: {files}", files=files))
        return searched


def _pattern(texts: list[str]) -> str:
    """A regular expression for any of the texts as a whole field of a CSV line, quoted or not, whatever white space stands around it."""
    return f'(^|[;"\\n]){AROUND}({"|".join(re.escape(t) for t in texts)}){AROUND}($|[;"\\r\\n])'


def _offered(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of whatever lies in the inbox, links not followed. Raises one of ``NOT_UNPACKABLE`` at what cannot be read."""
    if path.is_symlink():
        return
    if path.is_dir():
        yield from ((p.name, p.read_bytes()) for p in sorted(path.rglob("*")) if p.is_file() and not p.is_symlink())
    elif path.suffix.lower() == ".zip":
        with path.open("rb") as file:
            yield from _contents(file, ".zip")
    elif path.is_file():
        yield path.name, path.read_bytes()


def _contents(file: IO[bytes], name: str) -> Iterator[tuple[str, bytes]]:
    """The files in an archived delivery with their names. Raises one of ``NOT_UNPACKABLE`` at what cannot be unpacked."""
    if ".zip" in name:
        with zipfile.ZipFile(file) as unpacked:
            yield from ((member, unpacked.read(member)) for member in unpacked.namelist())
    else:
        with tarfile.open(fileobj=file) as unpacked_tar:
            for member in unpacked_tar.getmembers():
                content = unpacked_tar.extractfile(member)
                yield member.name, content.read() if content else b""
