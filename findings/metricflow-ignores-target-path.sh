#!/usr/bin/env bash
# dbt-metricflow 0.15.0 on dbt-core 1.11.16: dbt writes what it read of a project where `target-path` or DBT_TARGET_PATH says; `mf`, in the same
# environment and by the same dbt, reads target/semantic_manifest.json of the project and nothing else. Where an older one lies there it
# answers by that, as if nothing were the matter: a metric that was changed gives its old figure. Where none lies there it says that dbt
# parse was not run.
#
# Output seen on 2026-11-29; the metric was the sum of a (1), and is by the last dbt parse that of b (2):
#   dbt says sum of b, mf says 1
#
# Run: findings/metricflow-ignores-target-path.sh   (Python 3.11+, pip and an index; about a minute). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dbt-metricflow==0.15.0 dbt-core==1.11.16 dbt-duckdb==1.11.1 2>&1 | grep -v WARNING || true
export DBT_SEND_ANONYMOUS_USAGE_STATS=0 DO_NOT_TRACK=1
mkdir -p "$folder/project/models"
cd "$folder/project"
cat > dbt_project.yml <<'YAML'
name: p
version: '1.0'
profile: p
model-paths: [models]
YAML
echo 'p: {target: d, outputs: {d: {type: duckdb, path: p.duckdb}}}' > profiles.yml
echo "select date '2024-01-01' as on_day, 1 as a, 2 as b" > models/days.sql
cat > models/days.yml <<'YAML'
models:
  - {name: days, time_spine: {standard_granularity_column: on_day}, columns: [{name: on_day, granularity: day}]}
semantic_models:
  - name: counted
    model: ref('days')
    primary_entity: counted_row
    defaults: {agg_time_dimension: on_day}
    dimensions: [{name: on_day, type: time, type_params: {time_granularity: day}}]
    measures: [{name: added, agg: sum, expr: a}]
metrics:
  - {name: total, label: Total, type: simple, type_params: {measure: added}}
YAML
"$folder/venv/bin/dbt" --quiet run
export DBT_TARGET_PATH=elsewhere
sed -i 's/expr: a/expr: b/' models/days.yml
"$folder/venv/bin/dbt" --quiet parse
"$folder/venv/bin/mf" query --metrics total --csv answer.csv > out 2>&1 || { cat out; exit 1; }
expr=$(python3 -c 'import json; print(json.load(open("elsewhere/semantic_manifest.json"))["semantic_models"][0]["measures"][0]["expr"])')
seen="dbt says sum of $expr, mf says $(tail -n 1 answer.csv | tr -d '\r')"
expected="dbt says sum of b, mf says 1"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
