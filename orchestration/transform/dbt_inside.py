"""All that the project uses of dbt that dbt does not document, and ``INSIDE``, which says of each name what for and why.

Most of it is asked for in macros (``dbt_project/macros``). ``tests/test_public_ground.py`` sees to it that nothing is used that does not
stand here, and asks for another look at a newer dbt.
"""

from importlib.util import find_spec
from pathlib import Path

from orchestration.inside import Inside

OF_AN_OUTCOME = "Log"
"""How the events of dbt's log are called that tell how a node came out."""

TASKS = find_spec("dbt.task")
assert TASKS and TASKS.submodule_search_locations
DOCS = Path(TASKS.submodule_search_locations[0]) / "docs" / "index.html"  # found, not imported: that takes a second
MANIFEST, CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
"""The page of dbt's documentation, and what dbt replaces in it."""

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
    Inside(
        "dbt-adapters", "1.24.5", MACROS, "a view of Spark made as a table (materializations.sql), as dbt's own does", "create_table_as"
    ),
    Inside("dbt-core", "1.11.16", "dbt.context.providers", "a result with the count of rows as its message", "def store_raw_result"),
    Inside("dbt-duckdb", "1.11.1", "dbt.include.duckdb", "overridden: it asks the database for columns", "duckdb__alter_column_comment"),
    Inside("dbt-duckdb", "1.11.1", "dbt.include.duckdb", "overridden (engines.sql): another file for a seed", "duckdb__load_csv_rows"),
    # the documentation of a release (outputs/site): dbt makes the page after parsing and compiling all over again
    Inside("dbt-core", "1.11.16", "dbt.task.docs.generate", "its template filled with the manifest of the run", MANIFEST),
    # lines of dbt by hand (by_hand.py): the fields of dbt's log are documented, the names of its events are not
    Inside("dbt-core", "1.11.16", "dbt.events.types", "an outcome is told as it is", f"class {OF_AN_OUTCOME}TestResult"),
]
