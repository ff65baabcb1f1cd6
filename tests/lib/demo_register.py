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
ENTITEITEN: Mapping[str, list[dict]] = {s["name"]: s["properties"] for s in CONTRACT["schema"]}
SLEUTELS = {naam: [v["name"] for v in velden if v.get("primaryKey")] for naam, velden in ENTITEITEN.items()}


def eigenschap(veld: dict, naam: str):
    return next((e["value"] for e in veld.get("customProperties", []) if e["property"] == naam), None)


def ouders(entiteit: str) -> list[tuple[str, str]]:
    return [(v["name"], eigenschap(v, "verwijst_naar")) for v in ENTITEITEN[entiteit] if eigenschap(v, "verwijst_naar")]


def manifest(pad: Path) -> dict:
    with zipfile.ZipFile(pad) as zip_:
        return json.loads(zip_.read("levering.json"))


def rijen(pad: Path, entiteit: str) -> list[dict[str, str]]:
    """One file of a delivery, checked against its manifest, by header; values as text."""
    beschrijving = next(b for b in manifest(pad)["bestanden"] if b["entiteit"] == entiteit)
    with zipfile.ZipFile(pad) as zip_:
        inhoud = zip_.read(beschrijving["bestand"])
    assert hashlib.sha256(inhoud).hexdigest() == beschrijving["sha256"]
    uit = list(csv.DictReader(io.StringIO(inhoud.decode("utf-8")), delimiter=";", quotechar='"', strict=True))
    assert len(uit) == beschrijving["rijen"]
    return uit


class Stand:
    """The current rows in DuckDB, one table per entity with all fields as text (empty = null)."""

    def __init__(self, map_: Path):
        self.map = map_
        self.con = duckdb.connect(config={"threads": 2})
        self.con.execute("set TimeZone = 'Europe/Amsterdam'")
        for naam, velden in ENTITEITEN.items():
            self.con.execute(f"create table {naam} ({', '.join(v['name'] + ' varchar' for v in velden)})")
        for pad in sorted((SEEDS / "codes").glob("codelijsten.csv")):
            self.con.execute(f"create table codes as from read_csv('{pad}', all_varchar = true)")
        for naam in ("gemeente", "stadsdeel"):
            self.con.execute(f"create table hh_{naam} as from read_csv('{SEEDS}/households/huishoudens_{naam}.csv')")

    def neem_op(self, pad: Path) -> dict:
        """Take in one delivery and return its manifest."""
        gegevens = manifest(pad)
        volledig = gegevens["soort"] == "volledig"
        werk = self.map / pad.stem
        with zipfile.ZipFile(pad) as zip_:
            zip_.extractall(werk)
        for beschrijving in gegevens["bestanden"]:
            self._laad(beschrijving["entiteit"], werk / beschrijving["bestand"], beschrijving["rijen"], volledig)
        return gegevens

    def _laad(self, entiteit: str, bestand: Path, aantal: int, volledig: bool) -> None:
        velden = [v["name"] for v in ENTITEITEN[entiteit]] + ([] if volledig else ["verwijderd"])
        kolommen = "{" + ", ".join(f"'{v}': 'varchar'" for v in velden) + "}"
        self.con.execute(
            f"create or replace table nieuw as from read_csv('{bestand}', delim = ';', quote = '\"', header = true, "
            f"auto_detect = false, columns = {kolommen}, nullstr = '')"
        )
        assert self.con.execute("select count(*) from nieuw").fetchone() == (aantal,)
        if volledig:
            self.con.execute(f"delete from {entiteit}")
            self.con.execute(f"insert into {entiteit} by name from nieuw")
            return
        sleutel = ", ".join(SLEUTELS[entiteit])
        weg = self.con.execute(f"select {sleutel} from nieuw where verwijderd = 'ja'").fetchall()
        for waarden in weg:
            assert self._verwijder(entiteit, SLEUTELS[entiteit], waarden) == 1, (entiteit, waarden)
        self.con.execute(f"delete from {entiteit} where ({sleutel}) in (select ({sleutel}) from nieuw)")
        self.con.execute(f"insert into {entiteit} by name select * exclude verwijderd from nieuw where verwijderd is null")

    def _verwijder(self, entiteit: str, kolommen: list[str], waarden: tuple) -> int:
        """Delete a row with all that hangs on it; returns the number of its own rows."""
        voorwaarde = " and ".join(f"{k} = ?" for k in kolommen)
        eigen = SLEUTELS[entiteit][0] if len(SLEUTELS[entiteit]) == 1 else None
        nummers = self.con.execute(f"delete from {entiteit} where {voorwaarde} returning {eigen or '1'}", list(waarden)).fetchall()
        for kind in ENTITEITEN:
            for veld, ouder in ouders(kind):
                if ouder == entiteit and eigen and not (SLEUTELS[entiteit][0] == veld and ouders(entiteit) and kind == entiteit):
                    for nummer in nummers:
                        self._verwijder(kind, [veld], nummer)
        return len(nummers)
