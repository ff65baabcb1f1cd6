"""Loads dagster-dbt as it is where dbt-core is not installed, which it provides for; first of all that is in this package.

A night runs what dbt compiled, and no dbt (``transform/run_plan``): of all that dagster-dbt would load of dbt-core nothing is used here.
That is a third of the time in which the definitions load (docs/performance). Loaded before, dagster-dbt is as it is; it says the same.
"""

import sys

VERSION = "dbt.version"
"""The module by which dagster-dbt sees whether dbt-core is there."""

_loaded = sys.modules.get(VERSION)
sys.modules[VERSION] = None  # type: ignore[assignment]  # what Python documents for a module that is not to be found
try:
    import dagster_dbt  # noqa: F401  # the others find it loaded
finally:
    del sys.modules[VERSION]
    if _loaded:
        sys.modules[VERSION] = _loaded
