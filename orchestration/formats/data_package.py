"""The Frictionless Data Package of the open data: what the CSV file has in which column, with sizes and checksums."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.files import sha256
from orchestration.formats.edition import Edition

KINDS = {"DOUBLE": "number", "BIGINT": "integer", "DATE": "date", "BOOLEAN": "boolean"}
Codes = Mapping[str, list[str]]
"""The values of columns that have few."""


def describe(
    csv: Path, cube: Path, types: Mapping[str, str], texts: Mapping[str, str], codes: Codes, note: str, edition: Edition, key: list[str]
) -> dict[str, Any]:
    """The package of ``csv`` and ``cube``: ``texts`` by column, the column ``types`` of DuckDB, and the ``key`` of a row."""
    told = edition.description
    days = {"publicatiedatum": edition.day, "tot_en_met": edition.until, "peildatum": edition.peildatum}
    return {
        "profile": "data-package",
        "name": f"veilig-thuis-{edition.name.lower()}",
        "title": told.title,
        "description": f"{told.description} {note}.",
        "version": edition.name,
        **{name: day for name, day in days.items() if day},
        "homepage": told.definitions,
        "keywords": list(told.keywords),
        "licenses": [{"path": told.licence, "title": told.licence_name}],
        "contributors": [
            {"title": told.publisher, "path": told.publisher_address, "role": "publisher"},
            {"title": told.contact, "email": told.contact_mail, "role": "contributor"},
        ],
        "resources": [
            {
                "name": "indicatoren",
                "title": told.title,
                "profile": "tabular-data-resource",
                "path": csv.name,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
                "schema": {
                    "fields": [
                        {"name": name, "type": KINDS.get(kind, "string"), "description": texts[name]}
                        | ({"constraints": {"enum": codes[name]}} if name in codes else {})
                        for name, kind in types.items()
                    ],
                    "primaryKey": key,
                    "missingValues": [""],
                },
                **_as_it_lies(csv),
            },
            {
                "name": "kubus",
                "title": f"{told.title} (JSON-stat 2.0)",
                "path": cube.name,
                "format": "json",
                "mediatype": "application/json",
                "encoding": "utf-8",
                **_as_it_lies(cube),
            },
        ],
    }


def _as_it_lies(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}"}
