"""What is overridden of dbt-spark is there, in the version that was looked at: it documents none of it."""

import pytest

from tests.lib.spark import spark_python

pytestmark = pytest.mark.xdist_group("spark")

OVERRIDDEN = {
    "adapters/spark/session.py": ("class Cursor:", "self._df: Optional[DataFrame] = None", "def execute("),
    "include/spark/macros/materializations/seed.sql": ("macro spark__create_csv_table(", "macro spark__load_csv_rows("),
    "include/spark/macros/adapters.sql": ("macro spark__persist_constraints(", "get_assert_columns_equivalent(sql)"),
}
"""What is overridden of dbt-spark, which documents none of it: file below dbt/ → what stands there (session.py, engines.sql)."""


def test_what_is_overridden_of_dbt_spark_is_there_and_was_looked_at() -> None:
    (packages,) = spark_python().parent.parent.glob("lib/python3*/site-packages")
    (installed,) = packages.glob("dbt_spark-*.dist-info")
    assert installed.name.startswith("dbt_spark-1.11."), "look again at what is overridden of it"
    for file, wanted in OVERRIDDEN.items():
        there = (packages / "dbt" / file).read_text(encoding="utf-8")
        assert [text for text in wanted if text not in there] == [], file
