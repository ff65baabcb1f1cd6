"""All that the project uses of dbt that dbt does not document, and ``INSIDE``, which says of each name what for and why.

Most of it is asked for in macros (``dbt_project/macros``). ``tests/test_public_ground.py`` sees to it that nothing is used that does not
stand here, and asks for another look at a newer dbt.
"""

from orchestration.inside import Inside

OF_AN_OUTCOME = "Log"
"""How the events of dbt's log are called that tell how a node came out."""

MACROS = "dbt.include.global_project"

INSIDE = [
    # a test whose failures are known warns up to the number that is accepted: thresholds in the project would be parsed anew each night
    Inside(
        "dbt-adapters", "1.24.5", MACROS, "overridden (bekende_fouten.sql); thresholds are public, not those of one run", "get_test_sql"
    ),
    # a table or view replaced where it stands (materializations.sql): materializations of one's own are public, not all that they need
    Inside(
        "dbt-adapters",
        "1.24.5",
        MACROS,
        "the contract of a model; dbt's materializations alone hold to it",
        "get_assert_columns_equivalent",
    ),
    Inside("dbt-core", "1.11.16", "dbt.context.providers", "a result with the count of rows as its message", "def store_raw_result"),
    Inside("dbt-duckdb", "1.11.1", "dbt.include.duckdb", "overridden: it asks the database for columns", "duckdb__alter_column_comment"),
    # lines of dbt by hand (by_hand.py): the fields of dbt's log are documented, the names of its events are not
    Inside("dbt-core", "1.11.16", "dbt.events.types", "an outcome is told as it is", f"class {OF_AN_OUTCOME}TestResult"),
]
