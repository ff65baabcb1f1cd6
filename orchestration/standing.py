"""How far a reader can rely on a figure: what ``kwaliteit`` says beside it, and when it is out of date by itself."""

GOOD, CAREFUL, STALE = "goed", "let_op", "verouderd"
STALE_REASON = "Een nieuwer cijfer is uitgebleven"
TEXTS = {
    "kwaliteit": "goed, let_op of verouderd",
    "kwaliteit_reden": "Waarom het cijfer niet goed is; leeg als het goed is",
}
"""Text of each of the two columns."""


def as_of_now(stale: str) -> dict[str, str]:
    """The two columns as a view shows them, in the SQL of DuckDB and of PostgreSQL: ``stale`` is the condition that it is out of date."""
    return {
        "kwaliteit": f"case when {stale} then '{STALE}' else kwaliteit end",
        "kwaliteit_reden": f"case when {stale} then concat_ws('; ', '{STALE_REASON}', kwaliteit_reden) else kwaliteit_reden end",
    }
