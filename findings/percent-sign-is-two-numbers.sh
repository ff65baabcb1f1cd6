#!/usr/bin/env bash
# frictionless 5.21.0 and csvw 4.1.1, each as its own standard says: the same cell "88.5%" of the same CSV file, described as a number by a
# Data Package and by CSV on the Web, is 88.5 to one reader and 0.885 to the other. Both files are valid, and neither reader says a word.
# A publisher that gives both descriptions publishes two figures; without the sign, and with the unit in a column of its own, they agree.
#
# Output seen on 2026-11-28:
#   with a sign      frictionless 88.5   csvw 0.885
#   without          frictionless 88.5   csvw 88.5
#
# Run: findings/percent-sign-is-two-numbers.sh   (Python 3.11+, pip and an index). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet frictionless==5.21.0 csvw==4.1.1 2>&1 | grep -v WARNING || true
cd "$folder"
seen=$("$folder/venv/bin/python" - <<'PY'
import json
from pathlib import Path
from csvw import CSVW
from frictionless import Package

for label, cell, bare, datatype in (
    ("with a sign", "88.5%", False, {"base": "decimal", "format": "#0.0%"}),
    ("without", "88.5", True, {"base": "decimal"}),
):
    Path("a.csv").write_text(f"area,share\nNorth,{cell}\n")
    fields = [{"name": "area", "type": "string"}, {"name": "share", "type": "number", "bareNumber": bare}]
    Path("datapackage.json").write_text(json.dumps({"name": "p", "resources": [{"name": "a", "path": "a.csv", "schema": {"fields": fields}}]}))
    columns = [{"name": "area", "titles": "area", "datatype": "string"}, {"name": "share", "titles": "share", "datatype": datatype}]
    table = {"@context": "http://www.w3.org/ns/csvw", "url": "a.csv", "tableSchema": {"columns": columns}}
    Path("a.csv-metadata.json").write_text(json.dumps(table))
    package = Package("datapackage.json")
    assert package.validate().valid
    (one,) = package.get_resource("a").read_rows()
    described = CSVW("a.csv-metadata.json")
    assert described.is_valid
    (other,) = described.t.iterdicts() if not hasattr(described.t, "tables") else described.t.tables[0].iterdicts()
    print(f"{label:<16} frictionless {one['share']}   csvw {other['share']}")
PY
)
expected="with a sign      frictionless 88.5   csvw 0.885
without          frictionless 88.5   csvw 88.5"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
