"""Step 4: Great Expectations at both edges, as checks that block what comes after."""

from collections.abc import Callable
from typing import Any

import dagster as dg
import pandas as pd

from orchestration import duck
from orchestration.build import stand
from orchestration.build.controle import Controle
from orchestration.defs.common import OWNERS
from orchestration.defs.resources import Warehouse
from orchestration.landing.register import Register
from orchestration.quality import batches
from orchestration.quality.suites import load_suite, validate


def _suite_size(name: str) -> int:
    return len(load_suite(name, {"begin": None, "eind": None})["expectations"])


SUITES = {"landing_meldingen": _suite_size("landing_meldingen"), "marts_indicatoren": _suite_size("marts_indicatoren")}


def record(warehouse: Warehouse, results: list[Controle]) -> None:
    """Add the outcomes of a suite to the checks of this run."""
    so_far = stand.recorded(warehouse.settings, "controles") or {"verwacht": sum(SUITES.values()), "uitslagen": []}
    subjects = {r.onderwerp for r in results}
    rows = [u for u in so_far["uitslagen"] if u["onderwerp"] not in subjects] + [r.as_dict() for r in results]
    counts = {o: sum(u["uitkomst"] == o for u in rows) for o in ("geslaagd", "gewaarschuwd", "gefaald")}
    failed = [{"soort": "controle", **u} for u in rows if u["uitkomst"] != "geslaagd"]
    stand.record(
        warehouse.settings, "controles", {"verwacht": so_far["verwacht"], "uitslagen": rows, "controles": counts, "gefaald": failed}
    )


def check(
    key: list[str], suite: str, description: str, batch: Callable[[Warehouse], tuple[pd.DataFrame, dict[str, Any]]]
) -> dg.AssetChecksDefinition:
    """A blocking check that holds ``batch`` against ``suite`` and shows each expectation that did not hold."""

    @dg.asset_check(asset=dg.AssetKey(key), name=suite, description=description, blocking=True, metadata={"eigenaar": OWNERS[0]})
    def run(warehouse: Warehouse) -> dg.AssetCheckResult:
        frame, bounds = batch(warehouse)
        results = validate(suite, frame, bounds)
        record(warehouse, results)
        failed = [r for r in results if r.uitkomst == "gefaald"]
        warned = [r for r in results if r.uitkomst == "gewaarschuwd"]
        return dg.AssetCheckResult(
            passed=not failed and not warned,
            severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
            metadata={
                "rijen": len(frame),
                "verwachtingen": len(results),
                "niet_gehaald": dg.MetadataValue.md(
                    "\n".join(f"- **{r.naam}** ({r.ernst}, {r.aantal}): {r.toelichting}" for r in failed + warned) or "geen"
                ),
            },
        )

    return run


def _landed(warehouse: Warehouse) -> tuple[pd.DataFrame, dict[str, Any]]:
    settings = warehouse.settings
    intake = stand.recorded(settings, "intake") or {"leveringen": []}
    last = Register(settings).laatste_opgenomen()
    assert last is not None, "the step before does not run without a delivery taken in"
    taken = [u["nummer"] for u in intake["leveringen"] if u["uitkomst"] == "opgenomen"] or [last.nummer]
    with duck.connect(settings) as con:
        return batches.landed_reports(settings, con, taken), batches.bounds(last.peildatum)


def _built(warehouse: Warehouse) -> tuple[pd.DataFrame, dict[str, Any]]:
    settings = warehouse.settings
    with duck.connect(settings) as con:
        duck.attach_build(con, settings, warehouse.keyring.derive("build"))
        return batches.indicators(con), {}


landing_check = check(
    ["landing", "meldingen"], "landing_meldingen", "De meldingen zoals opgenomen: sleutels, codes, datums en vulling", _landed
)
marts_check = check(
    ["marts", "indicatoren"], "marts_indicatoren", "De cijfers zoals zij gepubliceerd worden: bereik, vorm en volledigheid", _built
)
