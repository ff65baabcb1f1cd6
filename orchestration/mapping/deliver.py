"""What a mapping made, written as a delivery: hidden until it is whole, ``levering.json`` last."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration import duck
from orchestration.files import FILE_MODE, make_folder, remove, sha256, sync, sync_folder, write_new
from orchestration.intake.delivery import HERKOMST, MANIFEST, DeliveredFile, Vertaling
from orchestration.intake.making import Wanted, manifest_bytes
from orchestration.intake.origin import COLUMNS, FILE_NAME
from orchestration.language import later, say
from orchestration.mapping.errors import MappingError
from orchestration.mapping.translate import Translation, columns_of, hold, origin_sql
from orchestration.sql import text

BUSY = ".vertaling-"
"""Beginning of the name of a folder that is being written; the intake does not look at hidden names."""


@dataclass(frozen=True)
class MadeDelivery:
    """A delivery that was made."""

    path: Path
    files: tuple[DeliveredFile, ...]


def deliver(con: duckdb.DuckDBPyConnection, done: Translation, wanted: Wanted, target: Path) -> MadeDelivery:
    """Write the delivery into ``target``, as a folder of its own. Raises ``MappingError`` or ``MakingError``; nothing is left then.

    Entities of which the mapping says ``geen`` are delivered empty in a ``volledig`` delivery, and left out of ``mutaties``.
    """
    hold(done)
    assert done.contract is not None, "what has no contract has a fault"
    name = f"{wanted.organisatie}-{wanted.nummer:08d}"
    path, busy = target / name, target / f"{BUSY}{name}"
    if path.exists():
        there = later("{path} is there already: a delivery is made once. Move it away, or give this one another number.")
        raise MappingError(say(there, path=path))
    make_folder(target)
    remove(busy)
    try:
        make_folder(busy)
        files = [
            _write(con, busy, entity, f"{entity}.csv", f"select {', '.join(columns_of(con, entity))} from klaar_{entity} order by op_regel")
            for entity in done.contract.names
            if done.mapping.entities[entity].blocks or wanted.soort == "volledig"
        ]
        origin = _write(con, busy, HERKOMST, FILE_NAME, f"select {', '.join(COLUMNS)} {origin_sql(done)}")
        vertaling = Vertaling(done.mapping.name, done.mapping.sha256, origin)
        write_new(busy / MANIFEST, manifest_bytes(wanted, files, vertaling))
        sync(busy)
        busy.rename(path)
        sync_folder(target)
    finally:
        remove(busy)
    return MadeDelivery(path, tuple(files))


def _write(con: duckdb.DuckDBPyConnection, folder: Path, entity: str, name: str, query: str) -> DeliveredFile:
    path = folder / name
    path.touch(mode=FILE_MODE)
    rows = duck.number(con, f"copy ({query}) to {text(path)} (format csv, header, delimiter ';', quote '\"', use_tmp_file false)")
    return DeliveredFile(entity, name, rows, sha256(path))
