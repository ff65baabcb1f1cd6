"""Dagster's wiring: one file per stage; what the stages do stands in the plain packages."""

from orchestration.defs import dagster_dbt_alone as dagster_dbt_alone
