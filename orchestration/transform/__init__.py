"""How dbt is run and held to account."""
