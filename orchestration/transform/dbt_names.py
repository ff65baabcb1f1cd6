"""Environment variables that ``transform.dbt`` hands to dbt's process and ``transform.dbt_attach`` reads there; no settings of a user."""

BUILD_DB = "VT_DBT_BUILD_DB"
BUILD_KEY = "VT_DBT_BUILD_KEY_FILE"
"""Names a file that holds the key: an environment can be read by more than who may have the key, and every child inherits it."""
HTTPFS = "VT_DBT_HTTPFS"
SPILL = "VT_DBT_SPILL"
MEMORY = "VT_DBT_MEMORY"
