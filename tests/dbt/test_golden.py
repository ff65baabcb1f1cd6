"""The golden deliveries through the whole chain: intake, history, dbt; every figure is the one that was worked out by hand."""

import csv
from typing import Any

import pytest

from orchestration.settings import PROJECT
from orchestration.transform.catalogue import indicators
from tests.dbt.conftest import REGISTRATIONS, Built
from tests.lib.build import Build
from tests.lib.golden import BREAKS, GOLDEN, ExpectedFigure, ExpectedValue

pytestmark = pytest.mark.xdist_group("gouden")


def read(seed: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(build: Build, expected: list[ExpectedFigure]) -> dict[tuple[Any, ...], ExpectedValue]:
    """The long table, for the periods and areas that are asked for, by indicator, period, area and category."""
    places = ", ".join(sorted({f"('{c.periode}', '{c.gebied}')" for c in expected}))
    rows = build.query(
        "select indicator, periode, gebied, categorie_soort, categorie, waarde, teller, noemer, status from marts.indicatoren"
        f" where (periode, gebied) in ({places})"
    )
    return {row[:5]: ExpectedValue(*row[5:]) for row in rows}


def test_every_figure_is_as_worked_out_by_hand(golden: Built) -> None:
    build, _, expected = golden
    there = found(build, expected)
    wrong = []
    for figure in expected:
        have = there.get((figure.indicator, figure.periode, figure.gebied, figure.soort, figure.categorie))
        if not _same(have, figure.uitkomst):
            wrong.append(f"{figure}: the warehouse says {have}")
    assert wrong == []


def _same(have: ExpectedValue | None, want: ExpectedValue | None) -> bool:
    if have is None or want is None:
        return have is want
    pairs = [(have.waarde, want.waarde), (have.teller, want.teller), (have.noemer, want.noemer)]
    return have.status == want.status and all(h == w if h is None or w is None else h == pytest.approx(w, rel=1e-12) for h, w in pairs)


ODD = {"besluit_niet_voor_ontvangst", "niet_afgesloten_voor_besluit"}
"""Warnings of what the contract allows, in the registration that is made of it."""


def test_every_model_is_built_and_every_check_holds(golden: Built, request: pytest.FixtureRequest) -> None:
    """But for the warning that these few reports are not the numbers that Amsterdam published."""
    not_passed = {(name.split(".")[0], status) for name, status in golden[1].items() if status not in ("success", "pass")}
    odd = ODD if request.node.callspec.params["golden"] == "toegestaan" else set()
    assert not_passed - {("geen_cijfer_wijkt_af", "warn")} == {(name, "warn") for name in odd}


@pytest.mark.parametrize("golden", ["gebieden"], indirect=True)
def test_a_break_between_two_periods_stands_beside_the_figure(golden: Built) -> None:
    rows = golden[0].query(
        "select indicator, periode, gebied, vergelijkbaarheid, vergelijkbaarheid_reden from marts.indicatoren where categorie = ''"
    )
    there = {row[:3]: row[3] for row in rows}
    assert {key: there[key] for key in BREAKS} == BREAKS
    assert all((row[3] is None) == (row[4] is None) for row in rows)


def test_every_dated_code_and_change_of_areas_is_a_break() -> None:
    """A day from which a code of a list, a gemeente or a stadsdeel counts or no longer counts stands among the breaks."""
    breaks = {row["vanaf"] for row in read("catalogue/breuken")}
    dated = [row[k] for row in read("codes/codelijsten") for k in ("geldig_van", "geldig_tot")]
    dated += [row["vanaf"] for row in read("areas/gemeente_overgangen")]
    first = min(row["geldig_van"] for row in read("areas/stadsdelen"))
    dated += [row["geldig_van"] for row in read("areas/stadsdelen") if row["geldig_van"] > first]
    assert {d for d in dated if d} - breaks == set()


def test_together_they_look_at_every_indicator_and_breakdown() -> None:
    catalogue = {(code, kind) for code, indicator in indicators().items() for kind in indicator.uitsplitsingen}
    looked_at = {(c.indicator, c.soort) for _, expected in GOLDEN.values() for c in expected if c.uitkomst}
    assert catalogue - looked_at == set()


def test_none_is_worked_out_twice() -> None:
    for name, (_, expected) in REGISTRATIONS.items():
        keys = [(c.indicator, c.periode, c.gebied, c.soort, c.categorie) for c in expected]
        assert sorted({k for k in keys if keys.count(k) > 1}) == [], name
