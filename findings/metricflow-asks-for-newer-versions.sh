#!/usr/bin/env bash
# dbt-metricflow 0.15.0: every call of `mf`, `mf list metrics` on a machine that is to tell nothing included, first asks the package index
# whether there is a newer one. There is no option and no variable that stops it: DO_NOT_TRACK, which dbt heeds, does not, nor does
# DBT_SEND_ANONYMOUS_USAGE_STATS. Without network the call goes on after it. An answer is kept for an hour, which is why it is easily missed.
#
# Output seen on 2026-11-29, of a proxy that writes down who is asked for and refuses:
#   mf list metrics: CONNECT pypi.org:443
#   dbt parse: nobody
#
# Run: findings/metricflow-asks-for-newer-versions.sh   (Python 3.11+, pip and an index; about a minute). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
proxy=
trap 'kill $proxy 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dbt-metricflow==0.15.0 dbt-core==1.11.16 dbt-duckdb==1.11.1 2>&1 | grep -v WARNING || true
mkdir -p "$folder/project/models" "$folder/tmp"
cd "$folder/project"
cat > dbt_project.yml <<'YAML'
name: p
version: '1.0'
profile: p
model-paths: [models]
YAML
echo 'p: {target: d, outputs: {d: {type: duckdb, path: p.duckdb}}}' > profiles.yml
echo "select date '2024-01-01' as on_day, 1 as a" > models/days.sql
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
cat > "$folder/proxy.py" <<'PY'
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as server:
    open(sys.argv[1], "w").write(str(server.getsockname()[1]))
    while True:
        with server.accept()[0] as asked, open(sys.argv[2], "a") as log:
            log.write(asked.recv(4096).decode().split(" HTTP")[0] + "\n")
PY
python3 "$folder/proxy.py" "$folder/port" "$folder/asked" &
proxy=$!
until [ -s "$folder/port" ]; do sleep 0.1; done
HTTPS_PROXY="http://127.0.0.1:$(cat "$folder/port")"
export HTTPS_PROXY HTTP_PROXY="$HTTPS_PROXY" NO_PROXY= TMPDIR="$folder/tmp" DO_NOT_TRACK=1 DBT_SEND_ANONYMOUS_USAGE_STATS=0

told() { # COMMAND...
    : > "$folder/asked"
    "$folder/venv/bin/$1" "${@:2}" > "$folder/out" 2>&1 || { cat "$folder/out"; exit 1; }
    echo "$*: $( { [ -s "$folder/asked" ] && sort -u "$folder/asked"; } || echo nobody)"
}

told dbt parse > "$folder/parse"
seen=$(told mf list metrics; cat "$folder/parse")
expected="mf list metrics: CONNECT pypi.org:443
dbt parse: nobody"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
