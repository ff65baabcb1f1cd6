#!/usr/bin/env bash
# DuckDB 1.5.5: read_csv with both new_line and strict_mode = true given reads no row, and says nothing; with one of the two it reads all.
# Whatever the lines of the file end in. So a file that is held to a table by reading it back seems empty, or an empty one seems right.
#
# Output seen on 2026-11-28:
#   neither                      2
#   strict_mode                  2
#   new_line                     2
#   new_line and strict_mode     0
#
# Run: findings/duckdb-csv-new-line-reads-nothing.sh   (Python 3.11+, pip and an index). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet duckdb==1.5.5 2>&1 | grep -v WARNING || true
printf 'a,b\r\nx,1\r\ny,2\r\n' > "$folder/two.csv"
seen=$("$folder/venv/bin/python" - "$folder/two.csv" <<'PY'
import sys
import duckdb

strict, line = ", strict_mode = true", r", new_line = '\r\n'"
for label, given in {"neither": "", "strict_mode": strict, "new_line": line, "new_line and strict_mode": line + strict}.items():
    columns = "columns = {'a': 'varchar', 'b': 'bigint'}"
    query = f"from read_csv('{sys.argv[1]}', auto_detect = false, header = true, delim = ',', {columns}{given})"
    print(f"{label:<28} {len(duckdb.sql(query).fetchall())}")
PY
)
expected="neither                      2
strict_mode                  2
new_line                     2
new_line and strict_mode     0"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
