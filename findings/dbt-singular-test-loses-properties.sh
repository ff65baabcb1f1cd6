#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1, partial parsing on (its default): after the SQL of a singular test changes, the next parse keeps nothing
# of what a properties file says of that test. `severity: warn` becomes `error`, its description is empty. A parse of the whole project brings
# both back. So a check that is meant to warn can stop a run after an edit, and nothing says why.
#
# Output seen on 2026-11-28:
#   whole project         warn   'a is one'
#   model changed         warn   'a is one'
#   test changed          ERROR  ''
#   whole project again   warn   'a is one'
#
# Run: findings/dbt-singular-test-loses-properties.sh   (Python 3.11+, pip and an index; about a minute). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dbt-core==1.11.16 dbt-duckdb==1.11.1 2>&1 | grep -v WARNING || true
export DBT_SEND_ANONYMOUS_USAGE_STATS=0 DO_NOT_TRACK=1
mkdir -p "$folder/project/models" "$folder/project/tests"
cd "$folder/project"
cat > dbt_project.yml <<'YAML'
name: p
version: '1.0'
profile: p
model-paths: [models]
test-paths: [tests]
YAML
echo 'p: {target: d, outputs: {d: {type: duckdb, path: ":memory:"}}}' > profiles.yml
echo "select 1 as a" > models/m.sql
echo "select * from {{ ref('m') }} where a <> 1" > tests/a_is_one.sql
cat > tests/properties.yml <<'YAML'
data_tests:
  - name: a_is_one
    description: a is one
    config: {severity: warn}
YAML

parsed() { # LABEL [OPTION]: parse, and say what the manifest has of the test
    "$folder/venv/bin/dbt" --quiet parse --profiles-dir . "${@:2}"
    python3 - "$1" <<'PY'
import json, sys
nodes = json.load(open("target/manifest.json"))["nodes"].values()
(test,) = [n for n in nodes if n["resource_type"] == "test"]
print(f"{sys.argv[1]:<21} {test['config']['severity']:<6} {test['description']!r}")
PY
}

seen=$(
    parsed "whole project"
    sleep 1; echo "select 1 as a, 2 as b" > models/m.sql
    parsed "model changed"
    sleep 1; echo "select * from {{ ref('m') }} where a <> 1 or b <> 2" > tests/a_is_one.sql
    parsed "test changed"
    parsed "whole project again" --no-partial-parse
)
expected="whole project         warn   'a is one'
model changed         warn   'a is one'
test changed          ERROR  ''
whole project again   warn   'a is one'"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
