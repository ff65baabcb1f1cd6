"""Deliveries in the inbox: which are complete, what their manifest says, and their files as streams that can be trusted.

Nothing that a delivery holds is believed before it was checked: links, paths, devices and archives that unpack to far more than they are
end in a refusal, never in a read or a write outside the delivery.
"""

import json
import os
import re
import stat
import tarfile
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

from orchestration.duck import TIME_ZONE
from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.intake import moments
from orchestration.intake.contract import Contract, load_contract, versions
from orchestration.language import later, say

MANIFEST = "levering.json"
HERKOMST = "herkomst"
"""Of a delivery that a mapping made: the file that says of which line of whose file each row was made (``intake.origin``)."""
MAX_MANIFEST = 1 << 20
MAX_MEMBERS = 1000
MAX_FILE = 2 << 30
"""Bytes that one file of a delivery may hold, unpacked. Twelve million rows in all stay far below it."""
MAX_RATIO = 200
BOMB = 256 << 20
"""A member over ``BOMB`` bytes may hold ``MAX_RATIO`` times its packed size; registrations pack 4 to 15 times, a bomb a thousand."""
MAX_NUMBER = 99_999_999
CHUNK = 1 << 20

NOT_UNPACKABLE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # also NotImplementedError: a way of packing that zipfile does not know, or a password
    ValueError,
)
"""What Python raises on a zip or tar that is damaged, cut off or of a kind it does not know."""
try:
    import lzma
except ImportError:  # not every Python is built with it; its zipfile refuses such a member then
    pass
else:
    NOT_UNPACKABLE += (lzma.LZMAError,)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class InboxError(UserError):
    """The inbox is no folder that deliveries can be taken from; the message says what to do."""


class RefusedError(Exception):
    """The delivery is refused whole. ``code`` says why for machines, the message for people: file, line, field and what to do.

    ``reden`` as ``say`` gave it.
    """

    def __init__(self, code: str, reden: str, *, file: str | None = None, line: int | None = None, field: str | None = None) -> None:
        where = [say("file {file}", file=tidy(file))] if file else []
        where += [say("line {line}", line=line)] if line else []
        where += [say("field {field}", field=tidy(field))] if field else []
        super().__init__(f"{', '.join(where)}: {reden}" if where else reden)
        self.code, self.bestand, self.regel, self.veld = code, file, line, field


@dataclass(frozen=True)
class DeliveredFile:
    """One file as the manifest lists it."""

    entiteit: str
    bestand: str
    rijen: int
    sha256: str


@dataclass(frozen=True)
class Vertaling:
    """That a delivery was made of files of another shape, by which mapping, and what says of which line each row was made."""

    mapping: str
    """File name of the mapping."""
    sha256: str
    herkomst: DeliveredFile

    def as_json(self) -> dict[str, Any]:
        """As a manifest and the register have it."""
        told = {"bestand": self.herkomst.bestand, "rijen": self.herkomst.rijen, "sha256": self.herkomst.sha256}
        return {"mapping": self.mapping, "sha256": self.sha256, HERKOMST: told}


@dataclass(frozen=True)
class Manifest:
    """What ``levering.json`` says, checked."""

    contract_versie: str
    organisatie: str
    nummer: int
    soort: str
    peildatum: date
    aangemaakt_op: datetime
    bestanden: tuple[DeliveredFile, ...]
    vertaling: Vertaling | None = None
    """Of a delivery that a mapping made; not part of what makes two deliveries the same."""

    @property
    def contract(self) -> Contract:
        return load_contract(self.contract_versie)

    @property
    def vingerafdruk(self) -> dict[str, Any]:
        """What makes two deliveries with one number the same: kind, peildatum and the checksum of every file."""
        files = {b.entiteit: b.sha256.lower() for b in sorted(self.bestanden, key=lambda b: b.entiteit)}
        return {"soort": self.soort, "peildatum": self.peildatum.isoformat(), "bestanden": files}


def tidy(name: str | None) -> str:
    """A name from outside as it may stand in a message: printable and not longer than 80 characters."""
    text = "".join(c if c.isprintable() else "?" for c in name or "")
    return text if len(text) <= 80 else text[:77] + "..."


def _absent(name: str) -> RefusedError:
    return RefusedError("bestand_ontbreekt", say("is listed and missing from the delivery"), file=name)


def _not_unpackable(name: str) -> RefusedError:
    return RefusedError("onleesbaar", say("cannot be unpacked; send the delivery again"), file=name)


class Source(ABC):
    """The files of a delivery. Opened once: what was checked is what is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:  # noqa: B027  # a folder keeps none open
        """Let go of open files."""

    def verify(self) -> None:  # noqa: B027  # a tar is our own
        """Raise ``RefusedError`` when the container itself is broken or hostile."""

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """The content of a file at the top level; ``RefusedError`` when it is missing or no plain file."""


class Offered(Source):
    """A delivery as it lies in the inbox; what was checked is also what is archived."""

    form: str
    """``zip`` or ``tar``: what ``packed`` gives."""

    @abstractmethod
    def packed(self) -> Iterator[bytes]:
        """The delivery as one stream of bytes, to be archived."""


class FolderSource(Offered):
    """A folder."""

    form = "tar"

    def verify(self) -> None:
        if self.path.is_symlink():
            raise RefusedError("link", say("is a link to somewhere else; put the delivery itself in the inbox"), file=self.name)

    def open(self, name: str) -> IO[bytes]:
        try:
            handle = os.open(self.path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise _absent(name) from None
        except PermissionError:
            raise
        except OSError:
            raise RefusedError("link", say("is no plain file; links are not followed"), file=name) from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise RefusedError("link", say("is no plain file"), file=name)
        return os.fdopen(handle, "rb")

    def packed(self) -> Iterator[bytes]:
        """The plain files at the top level as a tar; links and folders are left out."""
        if self.path.is_symlink():
            return
        for entry in sorted(os.scandir(self.path), key=lambda e: e.name):
            if not entry.is_file(follow_symlinks=False):
                continue
            with self.open(entry.name) as file:
                size = os.fstat(file.fileno()).st_size
                info = tarfile.TarInfo(entry.name)
                info.size = size
                yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
                left = size
                while left:
                    chunk = file.read(min(CHUNK, left))
                    if not chunk:
                        chunk = bytes(min(CHUNK, left))
                    left -= len(chunk)
                    yield chunk
                yield bytes(-size % 512)
        yield bytes(1024)


class ZipSource(Offered):
    """A zip with the files at its top level."""

    form = "zip"

    def __init__(self, path: Path, file: IO[bytes] | None = None) -> None:
        """``file`` is the zip itself, where it does not lie at ``path``."""
        super().__init__(path)
        self._zip: zipfile.ZipFile | None = None
        self._file = file
        if file:
            return
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError:
            raise
        except OSError:
            return
        self._file = os.fdopen(handle, "rb")

    def close(self) -> None:
        if self._zip:
            self._zip.close()
        if self._file:
            self._file.close()

    def verify(self) -> None:
        if self._file is None or not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
            raise RefusedError("link", say("is no plain file; put the delivery itself in the inbox"), file=self.name)
        try:
            self._zip = zipfile.ZipFile(self._file)
            members = self._zip.infolist()
        except NOT_UNPACKABLE:
            raise RefusedError("geen_zip", say("is not a zip that can be read; send the delivery again"), file=self.name) from None
        if len(members) > MAX_MEMBERS:
            raise RefusedError("zip_onveilig", say("holds more than {count} files", count=MAX_MEMBERS), file=self.name)
        seen: set[str] = set()
        for member in members:
            self._verify(member, seen)

    def _verify(self, member: zipfile.ZipInfo, seen: set[str]) -> None:
        name, kind = member.filename, stat.S_IFMT(member.external_attr >> 16)
        problem = None
        if not plain_name(name) or name != member.orig_filename:
            problem = later("holds a path instead of a plain file name ({name}); pack the files again, at the top level")
        elif kind not in {0, stat.S_IFREG}:
            problem = later("holds a link or something else that is no plain file ({name}); pack the files again, at the top level")
        elif member.flag_bits & 0x1:
            problem = later("holds an encrypted file ({name}); pack the files again, at the top level")
        elif name in seen:
            problem = later("holds two files of one name ({name}); pack the files again, at the top level")
        elif member.file_size > MAX_FILE or member.file_size > max(BOMB, member.compress_size * MAX_RATIO):
            problem = later("holds a file that unpacks to far more than a delivery can be ({name}); pack the files again, at the top level")
        if problem:
            raise RefusedError("zip_onveilig", say(problem, name=tidy(name)), file=self.name)
        seen.add(name)

    def open(self, name: str) -> IO[bytes]:
        assert self._zip is not None, "verify() comes first"
        try:
            return _ZipMember(self._zip.open(name), name)  # type: ignore[return-value]
        except KeyError:
            raise _absent(name) from None
        except NOT_UNPACKABLE:
            raise _not_unpackable(name) from None

    def packed(self) -> Iterator[bytes]:
        if self._file is None:
            return
        offset = 0
        while chunk := os.pread(self._file.fileno(), CHUNK, offset):
            offset += len(chunk)
            yield chunk


class TarSource(Source):
    """A folder as the archive keeps it: a tar that this project wrote."""

    form = "tar"

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        super().__init__(path)
        self._tar = tarfile.open(fileobj=file)  # noqa: SIM115 - closed by close()

    def close(self) -> None:
        self._tar.close()

    def open(self, name: str) -> IO[bytes]:
        try:
            content = self._tar.extractfile(name)
        except KeyError:
            content = None
        if content is None:
            raise _absent(name)
        return content


class _ZipMember:
    """A member of a zip whose reading errors are refusals."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name = file, name

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except NOT_UNPACKABLE:
            raise _not_unpackable(self._name) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def plain_name(name: str) -> bool:
    """Whether ``name`` is a file name and nothing else: no path, no drive, no control characters."""
    return bool(name) and name not in {".", ".."} and name.isprintable() and not set(name) & set('/\\:"') and len(name.encode()) <= 255


@contextmanager
def opened(path: Path) -> Iterator[Offered]:
    """The delivery at ``path``, to be closed afterwards."""
    source: Offered = (
        ZipSource(path) if path.suffix.lower() == ".zip" and not (path.is_dir() and not path.is_symlink()) else FolderSource(path)
    )
    with source:
        yield source


def inbox_fault(inbox: Path) -> str:
    """Why nothing can be taken from the inbox, and what to do; empty when it can, also when it is not there yet (``make_inbox``)."""
    if os.path.lexists(inbox) and not inbox.is_dir():
        if inbox.is_symlink():
            return say("{inbox} is a link to nowhere: move it away, and vt refresh makes the folder", inbox=inbox)
        return say(
            "{inbox} is a file, where the folder of deliveries should be: move it away, and vt refresh makes the folder. If it is a "
            "delivery, put it into that folder then",
            inbox=inbox,
        )
    if inbox.is_dir() and not os.access(inbox, os.R_OK | os.W_OK | os.X_OK):
        return say("{inbox} may not be read and written: give the user that runs this the rights on it", inbox=inbox)
    return ""


def make_inbox(inbox: Path) -> None:
    """Make the inbox (mode 0700) where it is missing. Raises ``InboxError`` when nothing can be taken from it."""
    if fault := inbox_fault(inbox):
        raise InboxError(f"{fault}.")
    make_folder(inbox)


def waiting(inbox: Path) -> list[Path]:
    """What lies complete in the inbox, by name: every ``.zip``, and every folder that holds a ``levering.json``, that may be read.

    Names that begin with a dot are those of a writer that has not finished. What else lies there, ``not_understood`` tells.
    """
    return [path for path in _offered(inbox) if not _misunderstood(path)]


def not_understood(inbox: Path) -> dict[str, str]:
    """Name → sentence of what lies in the inbox and is no delivery that can be taken in: why, and what to do."""
    return {tidy(path.name): say("In the inbox: {what}.", what=what) for path in _offered(inbox) if (what := _misunderstood(path))}


def _offered(inbox: Path) -> list[Path]:
    return sorted(path for path in inbox.iterdir() if not path.name.startswith(".")) if inbox.is_dir() else []


def _misunderstood(path: Path) -> str:
    """Its name, and why this is no delivery that can be taken in; empty when it is one."""
    name = tidy(path.name)
    if path.is_dir():
        return _of_folder(path, name)
    if path.is_symlink() and not path.exists():
        return say("{name} is a link to nowhere: remove it, or put the delivery itself there", name=name)
    if path.suffix.lower() == ".zip":
        return "" if path.is_symlink() or os.access(path, os.R_OK) else say(UNREADABLE, name=name)
    if re.search(PACKED, path.name.lower()):
        return say("{name} is not a zip, the one kind of packing that is read: pack its files as a .zip, at the top level", name=name)
    return say(
        "{name} is a loose file: a delivery is a .zip, or a folder, with {manifest} and every file that it lists",
        name=name,
        manifest=MANIFEST,
    )


UNREADABLE = later("{name} may not be read: give the user that runs this the rights on it")
PACKED = r"\.(7z|rar|gz|tgz|bz2|xz|zst|tar)$"


def _of_folder(path: Path, shown: str) -> str:
    if not os.access(path, os.R_OK | os.X_OK):
        return say(UNREADABLE, name=shown)
    if os.path.lexists(path / MANIFEST):
        return ""
    names = [entry.name for entry in os.scandir(path)]
    other = next((name for name in names if name.lower().strip() == MANIFEST), None)
    if other:
        return say("{name} holds {other}: name it {manifest}, in small letters", name=shown, other=tidy(other), manifest=MANIFEST)
    deeper = next((name for name in names if os.path.lexists(path / name / MANIFEST)), None)
    if deeper:
        return say("{name} holds the delivery one folder deeper: move {deeper} into the inbox", name=shown, deeper=tidy(deeper))
    return say("{name} has no {manifest}: it is no delivery, or still on its way; put {manifest} there last", name=shown, manifest=MANIFEST)


def peek_number(source: Source) -> int | None:
    """The number that the delivery claims, or None when that cannot be read; nothing else is checked."""
    try:
        number = _parse(source).get("levering_nummer")
    except RefusedError:
        return None
    return number if isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= MAX_NUMBER else None


def read_manifest(source: Source, organisatie: str) -> Manifest:
    """``levering.json``, checked against the contract; raises ``RefusedError`` that names the field.

    Unknown fields are ignored: a later version of the contract may add some.
    """
    raw = _parse(source)
    version = _field(raw, "contract_versie", str)
    if version not in versions():
        reason = say("contract {version} is not known here; known: {known}", version=tidy(version), known=", ".join(versions()))
        raise _refuse("contract_versie", reason, "contract_versie")
    owner = _field(raw, "organisatie", str)
    if owner != organisatie:
        reason = say(
            "the delivery is of {owner}, this warehouse is of {organisation} (VT_ORGANISATIE)", owner=tidy(owner), organisation=organisatie
        )
        raise _refuse("organisatie", reason, "organisatie")
    number = _field(raw, "levering_nummer", int)
    if not 1 <= number <= MAX_NUMBER:
        raise _refuse("manifest", say("must be a whole number from 1 to {last}", last=MAX_NUMBER), "levering_nummer")
    kind = _field(raw, "soort", str)
    if kind not in {"volledig", "mutaties"}:
        raise _refuse("manifest", say("must be volledig or mutaties"), "soort")
    contract = load_contract(version)
    peildatum, made = _date(_field(raw, "peildatum", str)), _moment(_field(raw, "aangemaakt_op", str))
    _verify_days(peildatum, made, contract)
    files = tuple(_file(item, i, contract) for i, item in enumerate(_field(raw, "bestanden", list)))
    _verify_files(files, kind, contract)
    return Manifest(
        contract_versie=version,
        organisatie=owner,
        nummer=number,
        soort=kind,
        peildatum=peildatum,
        aangemaakt_op=made,
        bestanden=files,
        vertaling=_vertaling(raw, files),
    )


def _verify_days(peildatum: date, made: datetime, contract: Contract) -> None:
    """A peildatum lies in the past of its delivery, and no delivery comes from the future: what it says, everything after it is held to."""
    now = datetime.now(UTC)
    if made > now + timedelta(days=1):
        reason = say(
            "{moment} lies in the future (it is {today} now); set the clock of the sender", moment=made.isoformat(), today=f"{now:%Y-%m-%d}"
        )
        raise _refuse("aangemaakt_op", reason, "aangemaakt_op")
    day = made.astimezone(ZoneInfo(TIME_ZONE)).date()
    if peildatum > day:
        reason = say("{peildatum} lies after {day}, the day on which the delivery was made", peildatum=peildatum, day=day)
        raise _refuse("peildatum", reason, "peildatum")
    if peildatum < contract.bounds.eerste_dag:
        reason = say("{peildatum} lies before {first}", peildatum=peildatum, first=contract.bounds.eerste_dag)
        raise _refuse("peildatum", reason, "peildatum")


def _verify_files(files: tuple[DeliveredFile, ...], kind: str, contract: Contract) -> None:
    listed = [f.entiteit for f in files]
    double = sorted({e for e in listed if listed.count(e) > 1})
    if double:
        raise _refuse("manifest", say("lists {entities} more than once", entities=", ".join(double)), "bestanden")
    missing = [e for e in contract.names if e not in listed]
    if kind == "volledig" and missing:
        reason = say("a volledig delivery lists every entity; missing: {entities}", entities=", ".join(missing))
        raise _refuse("entiteit_ontbreekt", reason, "bestanden")


def _refuse(code: str, reden: str, field: str) -> RefusedError:
    return RefusedError(code, reden, file=MANIFEST, field=field)


def _parse(source: Source) -> dict[str, Any]:
    try:
        with source.open(MANIFEST) as file:
            content = file.read(MAX_MANIFEST + 1)
    except RefusedError as refused:
        if refused.code == "bestand_ontbreekt":
            raise RefusedError("manifest", say("is missing at the top level of the delivery"), file=MANIFEST) from None
        raise
    if len(content) > MAX_MANIFEST:
        raise RefusedError("manifest", say("is larger than 1 MiB"), file=MANIFEST)
    try:
        raw = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise RefusedError("manifest", say("is not JSON in UTF-8 with every name once"), file=MANIFEST) from None
    if not isinstance(raw, dict):
        raise RefusedError("manifest", say("is not a JSON object"), file=MANIFEST)
    return raw


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _field(raw: dict[str, Any], name: str, kind: type) -> Any:
    where = name.rsplit(".", 1)[-1]
    if where not in raw:
        raise _refuse("manifest", say("is missing"), name)
    value = raw[where]
    if not isinstance(value, kind) or isinstance(value, bool):
        wanted = {str: later("must be text"), int: later("must be a whole number"), list: later("must be a list")}[kind]
        raise _refuse("manifest", say(wanted), name)
    return value


def _vertaling(raw: dict[str, Any], files: tuple[DeliveredFile, ...]) -> Vertaling | None:
    """The optional member ``vertaling``, checked."""
    if (told := raw.get("vertaling")) is None:
        return None
    item = told.get(HERKOMST) if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(item, dict):
        raise _refuse("manifest", say("must be an object"), "vertaling" if item is None else f"vertaling.{HERKOMST}")
    mapping = _field(told, "vertaling.mapping", str)
    if not plain_name(mapping):
        raise _refuse("manifest", say("must be a plain file name"), "vertaling.mapping")
    checksum = _checksum(told, "vertaling.sha256")
    origin = _listed(item, f"vertaling.{HERKOMST}", HERKOMST)
    if origin.bestand in {f.bestand for f in files}:
        raise _refuse("manifest", say("is the file of an entity too; give it a name of its own"), f"vertaling.{HERKOMST}.bestand")
    return Vertaling(mapping, checksum, origin)


def _file(item: Any, index: int, contract: Contract) -> DeliveredFile:
    where = f"bestanden[{index}]"
    if not isinstance(item, dict):
        raise _refuse("manifest", say("must be an object"), where)
    entity = _field(item, f"{where}.entiteit", str)
    if entity not in contract.names:
        reason = say("{entity} is no entity of contract {version}", entity=tidy(entity), version=contract.version)
        raise _refuse("manifest", reason, f"{where}.entiteit")
    return _listed(item, where, entity)


def _listed(item: dict[str, Any], where: str, entity: str) -> DeliveredFile:
    name = _field(item, f"{where}.bestand", str)
    if not plain_name(name) or name == MANIFEST:
        raise _refuse("manifest", say("must be a plain file name"), f"{where}.bestand")
    rows = _field(item, f"{where}.rijen", int)
    if rows < 0:
        raise _refuse("manifest", say("must not be negative"), f"{where}.rijen")
    return DeliveredFile(entity, name, rows, _checksum(item, f"{where}.sha256"))


def _checksum(item: dict[str, Any], where: str) -> str:
    checksum: str = _field(item, where, str)
    if not _SHA256.fullmatch(checksum):
        raise _refuse("manifest", say("must be 64 hexadecimal digits"), where)
    return checksum.lower()


def _date(text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _refuse("manifest", say("must be a date, JJJJ-MM-DD"), "peildatum")


def _moment(text: str) -> datetime:
    moment = moments.parse(text)
    if moment is None:
        raise _refuse("manifest", say("must be a moment with offset, as 2025-01-02T01:14:05+01:00"), "aangemaakt_op")
    return moment
