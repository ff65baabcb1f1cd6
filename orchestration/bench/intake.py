"""How fast the intake is, beside the least that must be done: a bare DuckDB copy from CSV to Parquet of the same files.

The delivery is generated (BSNs start with 99), lies in a folder of its own and is thrown away. Each measurement runs in a process of its
own, so that its peak of memory is its own.
"""

import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.files import make_folder, remove, sha256
from orchestration.intake.contract import Entity, Field, load_contract
from orchestration.intake.pseudonymise import map_numbers
from orchestration.keys import crypt
from orchestration.keys.use import open_key
from orchestration.landing import process
from orchestration.landing.quarantine import add_key
from orchestration.landing.takein import take_in_waiting
from orchestration.settings import Settings
from orchestration.sql import text

SHARES = {
    "adviesvragen": 0.4,
    "adviesvraag_vormen": 0.45,
    "casussen": 0.7,
    "meldingen": 1.0,
    "melding_vormen": 1.1,
    "melding_aarden": 1.1,
    "betrokkenen": 2.0,
    "veiligheidsbeoordelingen": 0.99,
    "diensten": 0.17,
    "overdrachten": 0.6,
    "veiligheidscontacten": 0.4,
    "monitormomenten": 0.3,
    "huisverboden": 0.03,
    "capaciteit": 0.001,
}
"""Rows of each entity for one report: 1.3 million reports make 12 million rows."""
BASELINE = "copy (select * from read_csv({csv}, delim = ';', header = true, all_varchar = true)) to {parquet} (format parquet)"
"""What the intake is held against, for each file."""


@dataclass(frozen=True)
class IntakeMeasurement:
    """Seconds, and the peak of memory in MiB."""

    rows: int
    base_s: float
    base_mib: int
    intake_s: float
    """From the inbox to the register, without what is reported apart."""
    intake_mib: int
    hashing_s: float
    hashing_base_s: float
    """One HMAC-SHA-256 in DuckDB for each distinct number of each kind."""
    vault_s: float
    vault_base_s: float
    """The same columns as encrypted Parquet, straight from the CSV files."""
    archive_s: float
    archive_base_s: float
    """AES-256-GCM over the same bytes, written to the same disk."""
    steps: dict[str, float]
    """Seconds of the intake by phase (see ``landing.takein``)."""

    @property
    def ratio(self) -> float:
        return self.intake_s / self.base_s


def bench_intake(meldingen: int, progress: Callable[[str], None], folder: Path | None = None) -> IntakeMeasurement:
    """Measure the intake of a delivery of ``meldingen`` reports (nine times as many rows) beside its bare costs."""
    home = Path(tempfile.mkdtemp(prefix="vt-bench-", dir=folder))
    try:
        progress("generating")
        rows = write_delivery(home / "levering", meldingen)
        results = {}
        for name, work in (("basis", _baseline), ("hashen", _hashing), ("kluis", _vault), ("archief", _archive), ("intake", _intake)):
            progress(name)
            results[name] = _apart(work, home)
        steps = results["intake"]["stappen"]
        apart = steps["nummers"] + steps["kluis"] + steps["archief"]
        return IntakeMeasurement(
            rows=rows,
            base_s=results["basis"]["s"],
            base_mib=results["basis"]["mib"],
            intake_s=round(results["intake"]["s"] - apart, 2),
            intake_mib=results["intake"]["mib"],
            hashing_s=steps["nummers"],
            hashing_base_s=results["hashen"]["s"],
            vault_s=steps["kluis"],
            vault_base_s=results["kluis"]["s"],
            archive_s=steps["archief"],
            archive_base_s=results["archief"]["s"],
            steps=steps,
        )
    finally:
        shutil.rmtree(home)


# --- the delivery --------------------------------------------------------------------------------------------------------------------


def write_delivery(folder: Path, meldingen: int, *, more: int = 0, version: str | None = None) -> int:
    """A ``volledig`` delivery of this many reports as a folder, all of it in good order. Returns the rows in all.

    With ``more`` the ``mutaties`` delivery of the night after it, with as many new reports. ``version``: of the contract.
    """
    make_folder(folder)
    contract = load_contract(version)
    counts = {e: max(1, int(meldingen * share)) for e, share in SHARES.items()}
    rows = {e: (count, count + max(1, int(more * SHARES[e]))) if more else (0, count) for e, count in counts.items()}
    listed = []
    with duckdb.connect() as con:
        for entity in contract.entities:
            path, (first, end) = folder / f"{entity.name}.csv", rows[entity.name]
            columns = ", ".join(f"{_value(entity, v, counts)} as {v.name}" for v in entity.fields)
            query = f"select {columns} from range({first}, {end}) t(i)"
            con.execute(f"copy ({query}) to {text(path)} (format csv, delimiter ';', header, quote '')")
            listed.append({"entiteit": entity.name, "bestand": path.name, "rijen": end - first, "sha256": sha256(path)})
    manifest = {
        "contract_versie": contract.version,
        "organisatie": Settings.model_fields["organisatie"].default,
        "levering_nummer": 2 if more else 1,
        "soort": "mutaties" if more else "volledig",
        "peildatum": "2025-02-01" if more else "2025-01-31",
        "aangemaakt_op": "2025-02-02T01:14:05+01:00" if more else "2025-02-01T01:14:05+01:00",
        "bestanden": listed,
    }
    (folder / "levering.json").write_text(json.dumps(manifest))
    return sum(end - first for first, end in (rows[e.name] for e in contract.entities))


def _value(entity: Entity, field: Field, counts: dict[str, int]) -> str:
    """SQL of one field of row i. Row i of a child belongs to row i modulo the number of parents; days are those of the casus."""
    parent = entity.parents[0].verwijst_naar if entity.parents else None
    own = f"(i % {counts[parent]})" if parent else "i"
    again = f"(i // {counts[parent]})" if parent else "i"
    opened = f"(date '2016-01-01' + cast(hash({own} % {counts['casussen']}) % 3000 as integer))"
    day = f"strftime({opened} + {5 if field.niet_voor or field.name == 'besluit_op' else 0}, '%Y-%m-%d')"
    codes = load_contract().code_lists.get(field.codelijst or "", ("",))
    listed = "[" + ", ".join(f"'{c}'" for c in codes) + f"][1 + ({again if field.key_position else 'i'}) % {len(codes)}]"
    number = f"i % {counts[field.verwijst_naar]}" if field.verwijst_naar else "i"
    values = {
        "nummer": f"'{field.number_kind}-' || lpad(({number})::varchar, 9, '0')",
        "moment": f"{day} || 'T' || lpad((i % 24)::varchar, 2, '0') || ':30:00+01:00'",
        "datum": day,
        "boolean": "'ja'",
        "geheel": f"{again} + 1" if field.key_position else "i % 5",
        "maand": "strftime(date '2025-01-01' - to_months((i % 240)::integer), '%Y-%m')",
        "decimaal": "'12,5'",
        "tekst": "'Team ' || i // 240",
        "gemeente": "'GM0384'",
        "bsn": _bsn(),
        "geboortedatum": "strftime(date '1950-01-01' + cast(hash(i, 1) % 26000 as integer), '%Y%m%d')",
        "code": listed,
    }
    left_empty = field.alleen_waar or field.leeg_waar or (field.veldsoort in {"moment", "boolean"} and not field.required)
    return "null" if left_empty else values.get(field.veldsoort, "null")


def _bsn() -> str:
    """A BSN that starts with 99 and holds the eleven-test; unknown where six digits have none."""
    digits = "lpad((hash(i, 2) % 1000000)::varchar, 6, '0')"
    weighted = " + ".join(f"{7 - p} * {digits}[{p + 1}]::integer" for p in range(6))
    return f"case when (153 + {weighted}) % 11 = 10 then '000000000' else '99' || {digits} || ((153 + {weighted}) % 11) end"


# --- measurements --------------------------------------------------------------------------------------------------------------------


def _apart(work: Callable[[Path], dict[str, Any]], home: Path) -> dict[str, Any]:
    """Run a measurement in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, home))


def _measured(work: Callable[[Path], dict[str, Any]], home: Path) -> dict[str, Any]:
    result = work(home)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return result | {"mib": peak // (1 << 20 if sys.platform == "darwin" else 1 << 10)}


def _files(home: Path) -> list[Path]:
    return sorted((home / "levering").glob("*.csv"))


def _settings(home: Path) -> Settings:
    return Settings(home=home / "vt")


def _baseline(home: Path) -> dict[str, Any]:
    target = make_folder(home / "basis")
    started = time.monotonic()
    with duck.connect(_settings(home)) as con:
        for path in _files(home):
            con.execute(BASELINE.format(csv=text(path), parquet=text(target / f"{path.stem}.parquet")))
    seconds = time.monotonic() - started
    remove(target)
    return {"s": round(seconds, 2)}


def _hashing(home: Path) -> dict[str, Any]:
    contract = load_contract()
    with duck.connect(_settings(home)) as con:
        places: dict[str, list[tuple[str, str]]] = {}
        for entity in contract.entities:
            path = home / "levering" / f"{entity.name}.csv"
            names = [v.name for v in entity.fields if v.number_kind]
            con.execute(
                f"create table {entity.name} as select {', '.join(names)} from read_csv({text(path)}, delim = ';', all_varchar = true)"
            )
            for field in entity.fields:
                if field.number_kind:
                    places.setdefault(field.number_kind, []).append((entity.name, field.name))
        started = time.monotonic()
        for kind, found in places.items():
            map_numbers(con, os.urandom(32), kind, found)
        return {"s": round(time.monotonic() - started, 2)}


def _vault(home: Path) -> dict[str, Any]:
    settings, target = _settings(home), make_folder(home / "kluis")
    with duck.connect(settings) as con:
        add_key(con, open_key(settings, "bench"), "vault")
        started = time.monotonic()
        for entity in load_contract().entities:
            names = ", ".join(v.name for v in entity.fields if v.identifies)
            source = f"read_csv({text(home / 'levering' / f'{entity.name}.csv')}, delim = ';', all_varchar = true)"
            options = "format parquet, compression snappy, encryption_config {footer_key: 'vault'}"
            con.execute(f"copy (select {names} from {source}) to {text(target / f'{entity.name}.parquet')} ({options})")
        seconds = time.monotonic() - started
    remove(target)
    return {"s": round(seconds, 2)}


def _archive(home: Path) -> dict[str, Any]:
    def content() -> Any:
        for path in _files(home):
            with path.open("rb") as file:
                while chunk := file.read(crypt.CHUNK):
                    yield chunk

    target = home / "archief.vta"
    started = time.monotonic()
    crypt.seal(target, content(), os.urandom(32))
    seconds = time.monotonic() - started
    remove(target)
    return {"s": round(seconds, 2)}


def _intake(home: Path) -> dict[str, Any]:
    settings = _settings(home)
    make_folder(settings.inbox)
    (home / "levering").rename(settings.inbox / "levering")
    seen: list[tuple[str, float]] = []
    process.phase = lambda name: seen.append((name, time.monotonic()))
    started = time.monotonic()
    (outcome,) = take_in_waiting(settings, lambda _: None)
    seconds = time.monotonic() - started
    bad = {e: asdict(t) for e, t in outcome.entiteiten.items() if t.gelezen != t.opgenomen}
    if outcome.uitkomst != "opgenomen" or bad:
        raise RuntimeError(f"The generated delivery is not in order: {outcome.reden or bad}")
    steps = {name: round(at - (seen[i - 1][1] if i else started), 2) for i, (name, at) in enumerate(seen)}
    return {"s": round(seconds, 2), "stappen": steps}
