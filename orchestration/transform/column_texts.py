"""The texts of columns, each written once: the doc blocks of ``dbt_project/models/kolommen.md``."""

import re
from functools import cache

from orchestration.settings import PROJECT

PATH = PROJECT / "dbt_project" / "models" / "kolommen.md"


def blocks() -> dict[str, str]:
    """Name of each doc block → its text; read once, as long as the file stands."""
    return _blocks(PATH.stat().st_mtime_ns)


def column_text(column: str) -> str:
    """The text of a column that is the same wherever it stands."""
    return blocks()[f"k_{column}"]


@cache
def _blocks(_changed: int) -> dict[str, str]:
    return dict(re.findall(r"(?s){% docs (\w+) %}(.*?){% enddocs %}", PATH.read_text(encoding="utf-8")))
