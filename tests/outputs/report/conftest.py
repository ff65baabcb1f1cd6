"""Reports of made-up figures, written once for the tests of a worker."""

from pathlib import Path

import pytest

from tests.lib.report_files import write_reports


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each of ``EDITIONS`` as HTML and PDF; not to be changed."""
    return write_reports(tmp_path_factory.mktemp("rapporten"))
