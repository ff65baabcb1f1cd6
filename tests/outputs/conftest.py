"""What leaves of one small world, for tests that look at its files; those that change something make their own copy."""

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.disclosure import publish
from orchestration.disclosure.whole import Publication
from orchestration.formats.edition import Edition, read_description
from tests.lib.small_publication import PARAMETERS, rules, world

EDITION = Edition(read_description(), "2024", "2025-02-03", "2024-12-31", "2025-02-05")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publiek")
    with world() as con:
        small = Publication.of(con, rules(), PARAMETERS, [], "marts", None)
        small.write(small.protect(prune=False), folder, EDITION)
    return folder


@pytest.fixture
def copied(written: Path, tmp_path: Path) -> Path:
    shutil.copytree(written, tmp_path / "publiek")
    return tmp_path / "publiek"


@pytest.fixture
def figures(written: Path) -> duckdb.DuckDBPyRelation:
    return duckdb.read_parquet(str(written / publish.PARQUET))
