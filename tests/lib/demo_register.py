"""The state of the registration after each delivery, read back from the zips alone (nothing of the generator is used)."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
import yaml

from orchestration.settings import PROJECT

SEEDS = PROJECT / "seeds"
CONTRACT = yaml.safe_load((PROJECT / "expectations" / "contract" / "aanlevering.odcs.yaml").read_text(encoding="utf-8"))
ENTITIES: Mapping[str, list[dict]] = {s["name"]: s["properties"] for s in CONTRACT["schema"]}
PRIMARY_KEYS = {name: [v["name"] for v in fields if v.get("primaryKey")] for name, fields in ENTITIES.items()}


def property_of(field: dict, name: str):
    return next((e["value"] for e in field.get("customProperties", []) if e["property"] == name), None)


def parents(entity: str) -> list[tuple[str, str]]:
    return [(v["name"], property_of(v, "verwijst_naar")) for v in ENTITIES[entity] if property_of(v, "verwijst_naar")]


def manifest(path: Path) -> dict:
    with zipfile.ZipFile(path) as zip_:
        return json.loads(zip_.read("levering.json"))


def rows(path: Path, entity: str) -> list[dict[str, str]]:
    """One file of a delivery, checked against its manifest, by header; values as text."""
    description = next(b for b in manifest(path)["bestanden"] if b["entiteit"] == entity)
    with zipfile.ZipFile(path) as zip_:
        content = zip_.read(description["bestand"])
    assert hashlib.sha256(content).hexdigest() == description["sha256"]
    out = list(csv.DictReader(io.StringIO(content.decode("utf-8")), delimiter=";", quotechar='"', strict=True))
    assert len(out) == description["rijen"]
    return out


class DemoState:
    """The current rows in DuckDB, one table per entity with all fields as text (empty = null)."""

    def __init__(self, map_: Path):
        self.map = map_
        self.con = duckdb.connect(config={"threads": 2})
        self.con.execute("set TimeZone = 'Europe/Amsterdam'")
        for name, fields in ENTITIES.items():
            self.con.execute(f"create table {name} ({', '.join(v['name'] + ' varchar' for v in fields)})")
        for path in sorted((SEEDS / "codes").glob("codelijsten.csv")):
            self.con.execute(f"create table codes as from read_csv('{path}', all_varchar = true)")
        for name in ("gemeente", "stadsdeel"):
            self.con.execute(f"create table hh_{name} as from read_csv('{SEEDS}/households/huishoudens_{name}.csv')")

    def take_in(self, path: Path) -> dict:
        """Take in one delivery and return its manifest."""
        described = manifest(path)
        complete = described["soort"] == "volledig"
        work = self.map / path.stem
        with zipfile.ZipFile(path) as zip_:
            zip_.extractall(work)
        for description in described["bestanden"]:
            self._load(description["entiteit"], work / description["bestand"], description["rijen"], complete)
        return described

    def _load(self, entity: str, file: Path, count: int, complete: bool) -> None:
        fields = [v["name"] for v in ENTITIES[entity]] + ([] if complete else ["verwijderd"])
        columns = "{" + ", ".join(f"'{v}': 'varchar'" for v in fields) + "}"
        self.con.execute(
            f"create or replace table nieuw as from read_csv('{file}', delim = ';', quote = '\"', header = true, "
            f"auto_detect = false, columns = {columns}, nullstr = '')"
        )
        assert self.con.execute("select count(*) from nieuw").fetchone() == (count,)
        if complete:
            self.con.execute(f"delete from {entity}")
            self.con.execute(f"insert into {entity} by name from nieuw")
            return
        key = ", ".join(PRIMARY_KEYS[entity])
        gone = self.con.execute(f"select {key} from nieuw where verwijderd = 'ja'").fetchall()
        for values in gone:
            assert self._delete(entity, PRIMARY_KEYS[entity], values) == 1, (entity, values)
        self.con.execute(f"delete from {entity} where ({key}) in (select ({key}) from nieuw)")
        self.con.execute(f"insert into {entity} by name select * exclude verwijderd from nieuw where verwijderd is null")

    def _delete(self, entity: str, columns: list[str], values: tuple) -> int:
        """Delete a row with all that hangs on it; returns the number of its own rows."""
        condition = " and ".join(f"{k} = ?" for k in columns)
        own = PRIMARY_KEYS[entity][0] if len(PRIMARY_KEYS[entity]) == 1 else None
        numbers = self.con.execute(f"delete from {entity} where {condition} returning {own or '1'}", list(values)).fetchall()
        for kind in ENTITIES:
            for field, parent in parents(kind):
                if parent == entity and own and not (PRIMARY_KEYS[entity][0] == field and parents(entity) and kind == entity):
                    for nummer in numbers:
                        self._delete(kind, [field], nummer)
        return len(numbers)
