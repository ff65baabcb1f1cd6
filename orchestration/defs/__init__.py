"""Dagster's wiring: one file per stage; what the stages do stands in the plain packages."""
