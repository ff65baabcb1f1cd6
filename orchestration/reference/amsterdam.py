"""Stadsdelen, wijken and buurten with their borders, as Amsterdam's API of basic data has them on a day.

A table answers in HAL: items under ``_embedded``, the next page under ``_links.next.href``, the number of items under ``page`` when it is
asked to count. ``geldigOp`` asks for the areas of a day. Borders come in degrees of WGS 84 when ``Accept-Crs`` asks for them.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import duckdb

from orchestration import duck, seeds
from orchestration.files import make_folder
from orchestration.language import later, say
from orchestration.reference.sources import AreaTable, declared
from orchestration.reference.web import Patience, Service, SourceError
from orchestration.settings import Settings
from orchestration.sql import text

NEXT = "_links.next.href"
HEADERS = {"Accept": "application/hal+json", "Accept-Crs": "EPSG:4326"}
KIND = {"stadsdelen": "stadsdeel", "wijken": "wijk", "buurten": "buurt"}
WEST, EAST, SOUTH, NORTH = 3.0, 7.5, 50.5, 54.0
"""Degrees within which the Netherlands lie; no longitude of theirs is a latitude of theirs, so that it shows in which order they come."""


def read_areas(settings: Settings, con: duckdb.DuckDBPyConnection, day: date, patience: Patience | None) -> None:
    """Make the table ``gelezen`` of the areas of a day: soort, code, naam, cbs_code, in_code, begint, geometrie.

    ``in_code`` is the area that it lies in; ``geometrie`` the coordinates of a MultiPolygon as JSON, longitude first. Held to its
    contract; raises ``SourceError``.
    """
    headers = dict(HEADERS)
    if settings.amsterdam_api_key is not None:
        headers["X-Api-Key"] = settings.amsterdam_api_key.get_secret_value()
    service, spec = Service(settings.amsterdam_adres, headers, patience), declared().gebieden
    with TemporaryDirectory(dir=make_folder(settings.root / "tmp")) as scratch:
        for name, table in spec.tables.items():
            _load(con, service, name, table, day, Path(scratch))
    parts = " union all by name ".join(
        f"select {text(KIND[name])} as soort, code, naam, cbs_code, begint, geometrie, "
        + (f"(select boven.code from {outer} boven where boven.identificatie = {name}.in_id)" if (outer := _outer(name)) else "null")
        + f" as in_code from {name}"
        for name in spec.tables
    )
    con.execute(f"create or replace table gelezen as select * from ({parts}) order by soort, code")
    lost = con.execute("select soort, code from gelezen where soort <> 'stadsdeel' and in_code is null limit 1").fetchone()
    if lost is not None:
        raise SourceError(say("{kind} {code} lies in no area that Amsterdam gives for that day", kind=lost[0], code=lost[1]))
    _hold_counts(con)


def _outer(name: str) -> str | None:
    names = list(declared().gebieden.tables)
    return names[names.index(name) - 1] if name != names[0] else None


def _load(con: duckdb.DuckDBPyConnection, service: Service, name: str, table: AreaTable, day: date, scratch: Path) -> None:
    """Make the table ``name``: identificatie, code, naam, cbs_code, begint, in_id, geometrie."""
    asked = urlencode({"geldigOp": day.isoformat(), "_pageSize": declared().gebieden.page_size, "_count": "true"})
    paths, total = list[Path](), None
    for number, answer in enumerate(service.pages(f"{name}/?{asked}", NEXT)):
        match answer.data:
            case {"_embedded": dict(embedded)} if isinstance(embedded.get(name), list):
                total = (answer.data.get("page") or {}).get("totalElements", total)
            case _:
                raise SourceError(say("{table}: {what} is not a list of items", table=name, what="_embedded"))
        path = scratch / f"{name}-{number:05d}.json"
        path.write_bytes(answer.content)
        paths.append(path)
    files = ", ".join(text(str(p)) for p in paths)
    con.execute(
        f"create or replace table rijen as select unnest(_embedded.{name}) as r from read_json([{files}], "
        f"columns = {{_embedded: 'STRUCT({name} JSON[])'}}, format = 'unstructured', maximum_object_size = 400000000)"
    )
    found = duck.number(con, "select count(*) from rijen")
    if total is not None and total != found:
        raise SourceError(say("{table}: {found} of {total} areas came", table=name, found=found, total=total))
    inside = "null"
    if table.lies_in:
        link = table.lies_in
        inside = f"coalesce(r ->> '$._links.{link}.identificatie', r ->> '$.{link}Identificatie', split_part(r ->> '$.{link}Id', '.', 1))"
    for column in ("code", "naam", "geometrie", *(["_links"] if table.lies_in else [])):
        if missing := duck.number(con, f"select count(*) from rijen where coalesce(json_type(r, '$.{column}'), 'NULL') = 'NULL'"):
            raise SourceError(say("{table}: {count} areas have no {column}; was it renamed?", table=name, count=missing, column=column))
    con.execute(
        f"""
        create or replace table {name} as
        select coalesce(r ->> '$.identificatie', r ->> '$._links.self.identificatie', split_part(r ->> '$.id', '.', 1)) as identificatie,
            trim(r ->> '$.code') as code, trim(r ->> '$.naam') as naam, trim(r ->> '$.cbsCode') as cbs_code,
            try_cast(left(r ->> '$.beginGeldigheid', 10) as date) as begint, {inside} as in_id,
            case r ->> '$.geometrie.type'
                when 'Polygon' then [try_cast(r -> '$.geometrie.coordinates' as double[][][])]
                when 'MultiPolygon' then try_cast(r -> '$.geometrie.coordinates' as double[][][][])
            end as vlakken
        from rijen
        """
    )
    _hold(con, name, table)
    turned = f"flatten(flatten(vlakken))[1][1] between {SOUTH} and {NORTH}"
    con.execute(
        f"""
        create or replace table {name} as
        select * exclude (vlakken), to_json(list_transform(vlakken, lambda v: list_transform(v, lambda ring:
            list_transform(ring, lambda p: case when {turned} then [p[2], p[1]] else [p[1], p[2]] end)))) as geometrie
        from {name}
        """
    )


def _hold(con: duckdb.DuckDBPyConnection, name: str, table: AreaTable) -> None:
    def one(condition: str, told: str, group: str = "") -> None:
        found = con.execute(f"select code from {name} where {condition} {group} order by code limit 1").fetchone()
        if found is not None:
            raise SourceError(say(told, table=name, code=str(found[0])[:40], form=table.code))

    one(f"not regexp_full_match(code, {text(table.code)})", later("{table}: the code {code} is not of the form {form}"))
    one("true", later("{table} has the code {code} twice"), "group by code having count(*) > 1")
    one("coalesce(identificatie, '') = ''", later("{table}: {code} has no identificatie"))
    points = "flatten(flatten(vlakken))"
    one(f"vlakken is null or len({points}) = 0", later("{table}: the border of {code} is no Polygon or MultiPolygon with coordinates"))
    one(
        "len(list_filter(flatten(vlakken), lambda ring: len(ring) < 4 or ring[1] <> ring[-1])) > 0",
        later("{table}: the border of {code} has a ring that is not closed"),
    )
    straight = f"(p[1] between {WEST} and {EAST} and p[2] between {SOUTH} and {NORTH})"
    turned = f"(p[2] between {WEST} and {EAST} and p[1] between {SOUTH} and {NORTH})"
    bad = f"len(list_filter({points}, lambda p: len(p) >= 2 and {{0}})) < len({points})"
    one(
        f"{bad.format(straight)} and {bad.format(turned)}",
        later("{table}: the border of {code} is not in degrees of WGS 84 within the Netherlands"),
    )


def _hold_counts(con: duckdb.DuckDBPyConnection) -> None:
    rows, margin = seeds.rows("areas/buurten.csv"), declared().gebieden.margin
    newest = max(r["indeling"] for r in rows)
    for kind in KIND.values():
        usual = len({r[f"{kind}_code"] for r in rows if r["indeling"] == newest})
        found = duck.number(con, f"select count(*) from gelezen where soort = {text(kind)}")
        if abs(found - usual) > margin * usual:
            told = later("Amsterdam gives {found} areas of the kind {kind}; about {usual} are expected")
            raise SourceError(say(told, found=found, kind=kind, usual=usual))
