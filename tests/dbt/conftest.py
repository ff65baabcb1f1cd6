"""What these tests share: one build on an empty registration, with its unit tests run, and the golden registrations built."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.lib.build import Bouw, bouw_in
from tests.lib.golden import GOUDEN, Cijfer
from tests.lib.permitted import TOEGESTAAN
from tests.lib.warehouse import magazijn_in

REGISTRATIES = GOUDEN | {"toegestaan": TOEGESTAAN}
"""Deliveries, and the figures that they must give."""

Gebouwd = tuple[Bouw, dict[str, str], list[Cijfer]]
"""A golden registration: its build, the outcome of every model and check, and what is expected of it."""


@pytest.fixture(scope="session")
def leeg(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bouw, dict[str, str]]:
    """Every seed and model on an empty registration, and every unit test; with their outcomes."""
    bouw = bouw_in(tmp_path_factory.mktemp("leeg"))
    bouw.historie()
    return bouw, bouw.dbt("build", "--exclude-resource-type", "test")


@pytest.fixture(scope="session")
def gebouwd(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Gebouwd]:
    """A golden registration by its name, taken in and built once: a parametrized fixture would be made anew at each change of name."""

    @cache
    def maak(naam: str) -> Gebouwd:
        aanleveringen, verwacht = REGISTRATIES[naam]
        magazijn = magazijn_in(tmp_path_factory.mktemp(naam) / "vt")
        assert [u.uitkomst for u in magazijn.neem(*aanleveringen)] == ["opgenomen"] * len(aanleveringen)
        bouw = Bouw(magazijn.settings)
        bouw.historie()
        return bouw, bouw.dbt("build", "--exclude-resource-type", "unit_test", "--threads", "2"), verwacht

    return maak


@pytest.fixture(params=REGISTRATIES)
def gouden(request: pytest.FixtureRequest, gebouwd: Callable[[str], Gebouwd]) -> Gebouwd:
    """Each golden registration, built."""
    return gebouwd(request.param)
