"""What these tests share: one build on an empty registration, with its unit tests run, and the golden registrations built."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.lib.build import Build, build_in
from tests.lib.golden import GOLDEN, ExpectedFigure
from tests.lib.permitted import PERMITTED
from tests.lib.warehouse import warehouse_in

REGISTRATIONS = GOLDEN | {"toegestaan": PERMITTED}
"""Deliveries, and the figures that they must give."""

Built = tuple[Build, dict[str, str], list[ExpectedFigure]]
"""A golden registration: its build, the outcome of every model and check, and what is expected of it."""


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, dict[str, str]]:
    """Every seed and model on an empty registration, and every unit test; with their outcomes."""
    build = build_in(tmp_path_factory.mktemp("leeg"))
    build.historie()
    return build, build.make("--without-checks") | build.dbt("test", "--select", "test_type:unit")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """A golden registration by its name, taken in and built once: a parametrized fixture would be made anew at each change of name."""

    @cache
    def make(name: str) -> Built:
        deliveries, expected = REGISTRATIONS[name]
        warehouse = warehouse_in(tmp_path_factory.mktemp(name) / "vt")
        assert [u.uitkomst for u in warehouse.take_in(*deliveries)] == ["opgenomen"] * len(deliveries)
        build = Build(warehouse.settings)
        build.historie()
        return build, build.make(), expected

    return make


@pytest.fixture(params=REGISTRATIONS)
def golden(request: pytest.FixtureRequest, built: Callable[[str], Built]) -> Built:
    """Each golden registration, built."""
    return built(request.param)
