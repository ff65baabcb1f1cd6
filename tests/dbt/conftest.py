"""What these tests share: one build on an empty registration, with its unit tests run."""

import pytest

from tests.dbt.bouw import Bouw, bouw_in


@pytest.fixture(scope="session")
def leeg(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bouw, dict[str, str]]:
    """Every seed and model on an empty registration, and every unit test; with their outcomes."""
    bouw = bouw_in(tmp_path_factory.mktemp("leeg"))
    bouw.historie()
    return bouw, bouw.dbt("build", "--exclude-resource-type", "test")
