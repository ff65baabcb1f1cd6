"""What these tests share: one build on an empty registration, with its unit tests run, and the golden registrations built."""

import pytest

from tests.dbt.bouw import Bouw, bouw_in
from tests.dbt.gouden import GOUDEN, Cijfer
from tests.intake.magazijn import magazijn_in

Gebouwd = tuple[Bouw, dict[str, str], list[Cijfer]]
"""A golden registration: its build, the outcome of every model and check, and what is expected of it."""


@pytest.fixture(scope="session")
def leeg(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bouw, dict[str, str]]:
    """Every seed and model on an empty registration, and every unit test; with their outcomes."""
    bouw = bouw_in(tmp_path_factory.mktemp("leeg"))
    bouw.historie()
    return bouw, bouw.dbt("build", "--exclude-resource-type", "test")


@pytest.fixture(scope="session", params=GOUDEN)
def gouden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Gebouwd:
    """One golden registration, taken in and built."""
    aanleveringen, verwacht = GOUDEN[request.param]
    magazijn = magazijn_in(tmp_path_factory.mktemp(request.param) / "vt")
    assert [u.uitkomst for u in magazijn.neem(*aanleveringen)] == ["opgenomen"] * len(aanleveringen)
    bouw = Bouw(magazijn.settings)
    bouw.historie()
    return bouw, bouw.dbt("build", "--exclude-resource-type", "unit_test", "--threads", "1"), verwacht
