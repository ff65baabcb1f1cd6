"""All files of a delivery, read side by side: for who takes it in, and for who only looks what would become of it."""

from functools import partial
from pathlib import Path

import duckdb

from orchestration.duck import in_parallel
from orchestration.intake.delivery import Manifest, Source
from orchestration.intake.origin import read_origin
from orchestration.intake.reader import FileRead, read_file


def read_delivery(con: duckdb.DuckDBPyConnection, source: Source, manifest: Manifest, scratch: Path, threads: int) -> dict[str, FileRead]:
    """Make ``ruw_<entity>`` of every file of the delivery, and ``herkomst`` where a mapping made it; raises ``RefusedError``."""
    contract = manifest.contract
    tasks = [
        partial(read_file, source=source, delivered=b, entity=contract.entity(b.entiteit), table=f"ruw_{b.entiteit}", scratch=scratch)
        for b in manifest.bestanden
    ]
    read = {g.entity: g for g in in_parallel(con, tasks, threads)}
    if manifest.vertaling:
        read_origin(con, source, manifest, manifest.vertaling, scratch)
    return read
