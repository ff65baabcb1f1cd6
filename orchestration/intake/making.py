"""``levering.json`` around the files of a delivery: their rows and checksums, held to the contract before it is written."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from orchestration.duck import TIME_ZONE
from orchestration.errors import UserError
from orchestration.files import write_new
from orchestration.intake.contract import load_contract
from orchestration.intake.delivery import (
    MANIFEST,
    DeliveredFile,
    FolderSource,
    RefusedError,
    Vertaling,
    read_manifest,
)
from orchestration.intake.reader import measure
from orchestration.language import later, say


class MakingError(UserError):
    """No ``levering.json`` can be made of what is there; nothing was written."""


@dataclass(frozen=True)
class Wanted:
    """What a person says of a delivery that is made."""

    organisatie: str
    nummer: int
    soort: str
    peildatum: str
    contract: str


class _Proposed(FolderSource):
    """A folder with a manifest that is not written yet."""

    def __init__(self, path: Path, manifest: bytes) -> None:
        super().__init__(path)
        self._manifest = manifest

    def open(self, name: str) -> IO[bytes]:
        return io.BytesIO(self._manifest) if name == MANIFEST else super().open(name)


def manifest_bytes(wanted: Wanted, files: Iterable[DeliveredFile], vertaling: Vertaling | None = None) -> bytes:
    """``levering.json`` of files that are there, made now; held to what the intake asks of it. Raises ``MakingError``."""
    content = _content(wanted, files) | ({"vertaling": vertaling.as_json()} if vertaling else {})
    written = json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
    _hold(written, wanted.organisatie)
    return written


def verify_wanted(wanted: Wanted) -> None:
    """Raise ``MakingError`` when a number, kind, peildatum or contract is none, before anything is read."""
    draft = _content(wanted, [])
    if wanted.soort == "volledig":  # no files are listed yet
        draft["soort"] = "mutaties"
    _hold(json.dumps(draft).encode(), wanted.organisatie)


def _content(wanted: Wanted, files: Iterable[DeliveredFile]) -> dict[str, Any]:
    return {
        "contract_versie": wanted.contract,
        "organisatie": wanted.organisatie,
        "levering_nummer": wanted.nummer,
        "soort": wanted.soort,
        "peildatum": wanted.peildatum,
        "aangemaakt_op": datetime.now(ZoneInfo(TIME_ZONE)).replace(microsecond=0).isoformat(),
        "bestanden": [{"entiteit": f.entiteit, "bestand": f.bestand, "rijen": f.rijen, "sha256": f.sha256} for f in files],
    }


def _hold(manifest: bytes, organisatie: str) -> None:
    try:
        read_manifest(_Proposed(Path(), manifest), organisatie)
    except RefusedError as refused:
        raise MakingError(say("No delivery can be made of it: {reason}. Nothing was written.", reason=refused)) from None


def make_manifest(folder: Path, wanted: Wanted, scratch: Path) -> tuple[list[DeliveredFile], list[str]]:
    """Write ``levering.json`` into a folder with files of the contract, each named ``<entity>.csv``.

    Returns what it lists, and the names of files that it does not. Raises ``MakingError``: nothing is written then.
    """
    if not folder.is_dir():
        raise MakingError(say("There is no folder {folder}: name the one with the CSV files.", folder=folder))
    if (folder / MANIFEST).exists():
        there = later("{file} is there already: a delivery is made once. Move it away to make it anew.")
        raise MakingError(say(there, file=folder / MANIFEST))
    verify_wanted(wanted)
    listed = []
    with FolderSource(folder) as source:
        for entity in load_contract(wanted.contract).names:
            name = f"{entity}.csv"
            if not (folder / name).exists():
                continue
            try:
                listed.append(measure(source, entity, name, scratch))
            except RefusedError as refused:
                raise MakingError(say("No delivery can be made of it: {reason}. Nothing was written.", reason=refused)) from None
    content = manifest_bytes(wanted, listed)
    names = {f.bestand for f in listed}
    others = [p.name for p in sorted(folder.iterdir()) if p.name not in names and not p.name.startswith(".")]
    write_new(folder / MANIFEST, content)
    return listed, others
