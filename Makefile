# make demo, make test, make ui: nothing else is needed on a machine with Python 3.11+ and its pip.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
VENV := .venv/bin
READY := .venv/.ready

export DBT_SEND_ANONYMOUS_USAGE_STATS := 0
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1
export GX_ANALYTICS_ENABLED := False

.PHONY: spark contract sbom audit docs thorough quick help demo test ui dashboard superset metrics env lint types layers sql unit clean lock
help: ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(READY) ## Generated deliveries, a refresh, and the verdict
	@$(VENV)/vt demo
	@$(VENV)/vt refresh

ui: $(READY) ## Dagster on localhost
	@$(VENV)/vt ui

DASHBOARD := .venv/.dashboard
dashboard: $(DASHBOARD) ## The figures on a page on localhost, of what may leave (vt dashboard --intern: exact)
	@$(VENV)/vt dashboard

# An extra on top of the environment, which keeps its versions; a new environment is without it.
$(DASHBOARD): requirements-dashboard.lock $(READY)
	@$(VENV)/python scripts/uv pip install --quiet --compile-bytecode --python .venv --require-hashes --only-binary :all: -r $<
	@touch $@

METRICS := .venv/metricflow
metrics: $(METRICS)/.ready ## MetricFlow, an extra: vt metrics asks it
	@echo "Ask with: $(VENV)/vt metrics query --metrics meldingen --group-by metric_time__year   (docs/metrics.md)"

# An environment of its own, and the metrics as read: mf looks for those in metrics/target and nowhere else.
$(METRICS)/.ready: requirements-metricflow.lock $(wildcard metrics/*.yml metrics/models/*) $(READY)
	@$(VENV)/uv venv --quiet --clear --python $(VENV)/python $(METRICS)
	@$(VENV)/python scripts/uv pip sync --quiet --compile-bytecode --python $(METRICS) --require-hashes --only-binary :all: --no-binary halo \
		--build-constraints $< $<
	@$(METRICS)/bin/dbt --quiet parse --project-dir metrics --profiles-dir metrics --log-path $(METRICS)
	@touch $@

SUPERSET := .venv/superset
superset: $(SUPERSET)/.ready ## Apache Superset on localhost, with a PostgreSQL of its own: dashboards of exact figures
	@$(VENV)/vt superset

# An environment of its own: requirements-superset.in says why.
$(SUPERSET)/.ready: requirements-superset.lock $(READY)
	@$(VENV)/uv venv --quiet --clear --python $(VENV)/python $(SUPERSET)
	@$(VENV)/python scripts/uv pip sync --quiet --compile-bytecode --python $(SUPERSET) --require-hashes --only-binary :all: $< || { \
		echo "Superset could not be installed. It wants Python 3.11 or 3.12: make env superset PYTHON=python3.12" >&2; exit 1; }
	@touch $@

SPARK := .venv/spark
spark: $(SPARK)/.ready ## The same models on Apache Spark, an extra: every table held to that of DuckDB
	@$(VENV)/vt spark

# An environment of its own; Spark itself has no wheel, and is held to its hash as the rest is. On a laptop without Java 17 its tests are
# skipped, and vt spark says what to install.
$(SPARK)/.ready: requirements-spark.lock $(READY)
	@scripts/java >/dev/null || [ "$$? $${CI:-}" = "3 " ]
	@$(VENV)/uv venv --quiet --clear --python $(VENV)/python $(SPARK)
	@$(VENV)/python scripts/uv pip sync --quiet --compile-bytecode --python $(SPARK) --require-hashes --only-binary :all: --no-binary pyspark $<
	@touch $@

test: $(READY) ## Everything that CI runs
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint types layers contract audit sql $(METRICS)/.ready $(SUPERSET)/.ready $(SPARK)/.ready $(CHECKERS)
	@$(MAKE) --no-print-directory unit

lint: $(READY) ## Style of the Python
	@$(VENV)/ruff check . && $(VENV)/ruff format --check .

types: $(READY) ## Types of the Python
	@$(VENV)/mypy

layers: $(READY) ## Which package may import which
	@$(VENV)/lint-imports

sql: $(READY) ## Style of the SQL
	@$(VENV)/sqlfluff lint dbt_project/models dbt_project/tests
	@$(VENV)/sqlfluff lint --templater raw metrics/models cbs

TOOLS := .venv/tools
contract: $(TOOLS)/.ready ## The delivery contract, held to the Open Data Contract Standard
	@for f in expectations/contract/*.odcs.yaml; do $(TOOLS)/bin/datacontract lint "$$f"; done

sbom: $(TOOLS)/.ready ## The list of what we use (CycloneDX), into var/
	@mkdir -p var && scripts/sbom var/sbom.json

audit: $(TOOLS)/.ready ## Known vulnerabilities of what we use, where OSV can be reached
	@scripts/audit

# An environment of its own: requirements-tools.in says why.
$(TOOLS)/.ready: requirements-tools.lock $(READY)
	@$(VENV)/uv venv --quiet --clear --python $(VENV)/python $(TOOLS)
	@$(VENV)/python scripts/uv pip sync --quiet --python $(TOOLS) --require-hashes --only-binary :all: requirements-tools.lock
	@touch $@

CHECKERS := .venv/report-checkers/.ready
# From npm. On a laptop without Node.js the tests that need them are skipped, and say so.
$(CHECKERS): tests/outputs/report/web/package.json tests/outputs/report/web/package-lock.json $(READY)
	@scripts/report_checkers >/dev/null || [ "$$? $${CI:-}" = "3 " ]

unit: $(TOOLS)/.ready $(DASHBOARD) $(METRICS)/.ready $(SUPERSET)/.ready $(SPARK)/.ready $(CHECKERS) ## The tests
	@scripts/pango >/dev/null || [ "$$? $${CI:-}" = "3 " ]
	@$(VENV)/pytest -n 2 --dist loadgroup

thorough: $(READY) ## What takes longer than CI has: a thousand generated deliveries, killed before each of its files
	@CI=1 THOROUGH=1 $(VENV)/pytest -n 2 --dist loadgroup -m '' $$(grep -lE 'THOROUGH|mark.thorough' -r tests --include='test_*.py')

quick: lint types layers ## What a developer runs all the time: all but the SQL style and the full-size demo
	@$(VENV)/pytest -n 2 --dist loadgroup --ignore tests/end_to_end --ignore tests/dbt

env: $(READY) ## The environment, from the lock file; after a change of code too, where another user runs it
	@$(VENV)/python -m compileall -q orchestration && $(VENV)/python -c 'from orchestration.transform.dbt import parse; parse()'

$(READY): requirements.lock pyproject.toml
	@scripts/environment $(PYTHON)
	@touch $@

docs: $(READY) ## The pages of docs/ that are made from contract and catalogue
	@$(VENV)/python -m orchestration.documentation

lock: ## Resolve the dependencies afresh
	@$(VENV)/python scripts/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --upgrade -o requirements.lock
	@$(VENV)/python scripts/uv pip compile requirements-tools.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --upgrade -o requirements-tools.lock
	@$(VENV)/python scripts/uv pip compile requirements-dashboard.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --upgrade -o requirements-dashboard.lock
	@$(VENV)/python scripts/uv pip compile requirements-metricflow.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --no-binary halo --upgrade -o requirements-metricflow.lock
	@$(VENV)/python scripts/uv pip compile requirements-superset.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --excludes <(echo odfpy) --upgrade -o requirements-superset.lock
	@$(VENV)/python scripts/uv pip compile requirements-spark.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --no-binary pyspark --upgrade -o requirements-spark.lock

clean: ## Remove the environment and what tools leave behind; the data folder stays
	rm -rf .venv dbt_project/target dbt_project/logs metrics/target .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
