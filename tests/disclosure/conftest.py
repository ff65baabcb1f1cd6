"""One small world, protected, written and audited once; tests that change something make their own copy of the file."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.disclosure import publish
from orchestration.disclosure.audit import Report
from orchestration.disclosure.protect import Pattern
from orchestration.disclosure.whole import Publication
from orchestration.formats.edition import Edition, read_description
from tests.lib import small_publication

Change = Callable[[str], Report]
TRIAL = Edition(read_description())


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with small_publication.world() as made:
        yield made


@pytest.fixture(scope="session")
def small(con: duckdb.DuckDBPyConnection) -> Publication:
    return Publication.of(con, small_publication.rules(), small_publication.PARAMETERS, [], "marts", None)


@pytest.fixture(scope="session")
def pattern(small: Publication) -> Pattern:
    return small.protect()


@pytest.fixture(scope="session")
def written(small: Publication, pattern: Pattern, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publiek")
    small.write(pattern, folder)
    return folder


@pytest.fixture
def changed(small: Publication, written: Path, tmp_path: Path) -> Change:
    """The audit of the written files after a change of the table in all of them: SQL after ``update t``."""

    def change(sql: str) -> Report:
        folder = tmp_path / "publiek"
        shutil.copytree(written, folder)
        with duckdb.connect(str(folder / publish.DATABASE)) as file:
            file.execute(f"update {publish.STORED} {sql}")
            file.execute(f"copy (from {publish.STORED} order by all) to '{folder / publish.PARQUET}' (format parquet)")
        publish.derive(small.con, folder, "", TRIAL)
        return small.audit(folder, utility=False)

    return change
