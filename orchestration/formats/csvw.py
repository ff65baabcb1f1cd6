"""CSV on the Web: what the open CSV file has in which column, in the words of the W3C."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.formats.data_package import Codes
from orchestration.formats.edition import Edition

KINDS = {"DOUBLE": "double", "BIGINT": "integer", "DATE": "date", "BOOLEAN": "boolean"}


def describe(
    csv: Path, types: Mapping[str, str], texts: Mapping[str, str], codes: Codes, note: str, edition: Edition, key: list[str]
) -> dict[str, Any]:
    """The metadata of ``csv``."""
    told = edition.description
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": csv.name,
        "dc:title": f"{told.title} {edition.name}",
        "dc:description": f"{told.description} {note}.",
        "dc:publisher": told.publisher,
        "dc:license": {"@id": told.licence},
        "dialect": {"delimiter": ",", "quoteChar": '"', "encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [
                {"name": name, "titles": name, "dc:description": texts[name], "datatype": KINDS.get(kind) or _text(codes.get(name))}
                for name, kind in types.items()
            ],
            "primaryKey": key,
        },
    }


def _text(codes: list[str] | None) -> Any:
    """A text, or one of a few."""
    return {"base": "string", "format": "|".join(re.escape(c) for c in codes)} if codes else "string"
