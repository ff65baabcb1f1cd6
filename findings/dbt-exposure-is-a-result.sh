#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: an exposure, which only says who reads a model, is a result of `dbt build`, with the status "no-op";
# of `dbt run` and `dbt test` it is none. So whoever counts the results of a build, or asks that every one is a success, gets another
# answer from the day that somebody documents a reader. `--exclude-resource-type exposure` leaves it out.
#
# Output seen on 2026-11-28:
#   run                    model.p.m success
#   test                   test.p.a_is_one pass
#   build                  exposure.p.page no-op, model.p.m success, test.p.a_is_one pass
#   build without exposure model.p.m success, test.p.a_is_one pass
#
# Run: findings/dbt-exposure-is-a-result.sh   (Python 3.11+, pip and an index; about a minute). Fails when the output changes.
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
echo 'p: {target: d, outputs: {d: {type: duckdb, path: p.duckdb}}}' > profiles.yml
echo "select 1 as a" > models/m.sql
echo "select * from {{ ref('m') }} where a <> 1" > tests/a_is_one.sql
cat > models/exposures.yml <<'YAML'
exposures:
  - name: page
    type: dashboard
    owner: {name: Somebody}
    depends_on: [ref('m')]
YAML

told() { # LABEL COMMAND...
    "$folder/venv/bin/dbt" --quiet "${@:2}" --profiles-dir .
    python3 - "$1" <<'PY'
import json, sys
found = json.load(open("target/run_results.json"))["results"]
print(f"{sys.argv[1]:<22}", ", ".join(sorted(f"{r['unique_id']} {r['status']}" for r in found)))
PY
}

seen=$(
    told run run
    told test test
    told build build
    told "build without exposure" build --exclude-resource-type exposure
)
expected="run                    model.p.m success
test                   test.p.a_is_one pass
build                  exposure.p.page no-op, model.p.m success, test.p.a_is_one pass
build without exposure model.p.m success, test.p.a_is_one pass"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
