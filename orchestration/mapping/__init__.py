"""From what a registration really exports to the contract: a mapping file says how, DuckDB does it, and the intake takes it in as any."""
