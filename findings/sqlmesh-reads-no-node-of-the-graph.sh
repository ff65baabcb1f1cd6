#!/usr/bin/env bash
# SQLMesh 0.236.4 on dbt-core 1.11.16 and dbt-duckdb 1.11.1: a dbt project whose macro reads, while it executes, what another model says of
# itself (`graph.nodes[...].config.meta`, dbt's own example of metadata that SQL is made of) compiles with dbt and does not load in SQLMesh:
# it renders each model with `execute` true and a `graph` that has its sections and no node in them, so that no model of such a project can
# be run, planned or compared with it.
#
# Output seen on 2026-11-30:
#   dbt: select 'days' as unit, n from "p"."main"."a"
#   sqlmesh: jinja2.exceptions.UndefinedError: 'dict object' has no attribute 'model.p.a'
#
# Run: findings/sqlmesh-reads-no-node-of-the-graph.sh   (Python 3.11+, pip and an index; two minutes). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet sqlmesh==0.236.4 dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5 2>&1 | grep -v WARNING || true
export DBT_SEND_ANONYMOUS_USAGE_STATS=0 DO_NOT_TRACK=1 SQLMESH__DISABLE_ANONYMIZED_ANALYTICS=true
mkdir -p "$folder/project/models" "$folder/project/macros"
cd "$folder/project"
cat > dbt_project.yml <<'YAML'
name: p
version: '1.0'
config-version: 2
profile: p
YAML
echo 'p: {target: d, outputs: {d: {type: duckdb, path: p.duckdb}}}' > profiles.yml
echo 'model_defaults: {start: 2024-01-01}' > sqlmesh.yaml
echo 'select 1 as n' > models/a.sql
echo 'models: [{name: a, config: {meta: {unit: days}}}]' > models/a.yml
echo "select '{{ unit_of('a') }}' as unit, n from {{ ref('a') }}" > models/b.sql
echo "{% macro unit_of(model) %}{{ return(graph.nodes['model.p.' ~ model].config.meta.unit if execute else '') }}{% endmacro %}" > macros/unit_of.sql
"$folder/venv/bin/dbt" --quiet compile --profiles-dir .
read_by_dbt=$(cat target/compiled/p/models/b.sql)
"$folder/venv/bin/sqlmesh" --debug render main.b > out 2>&1 && { echo "SQLMesh loads it now:"; cat out; exit 1; }
seen="dbt: $read_by_dbt
sqlmesh: $(grep -h -o "jinja2.exceptions.UndefinedError.*" logs/sqlmesh_*.log | head -n 1)"
expected="dbt: select 'days' as unit, n from \"p\".\"main\".\"a\"
sqlmesh: jinja2.exceptions.UndefinedError: 'dict object' has no attribute 'model.p.a'"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
