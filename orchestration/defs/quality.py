"""Step 4: Great Expectations at both edges, as checks that block what comes after: on what was landed, and on what is to be released."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial

import dagster as dg
import duckdb

from orchestration import duck
from orchestration.defs.common import OWNERS, StoppedError, held, told
from orchestration.defs.known import known, state
from orchestration.defs.resources import Warehouse
from orchestration.quality import judging, ledger, suites
from orchestration.quality.frames import CheckedTable
from orchestration.quality.intake_warnings import expected as intake_rules
from orchestration.quality.intake_warnings import intake_warnings
from orchestration.quality.suites import Suite
from orchestration.settings import Settings
from orchestration.transform import steps
from orchestration.transform.controle import BEKEND, NIET_TE_BEOORDELEN, Controle

LANDING, TO_RELEASE = suites.load("landing"), suites.load("uitgave")
EXPECTED = sum(len(s.controles) for s in (*LANDING, *TO_RELEASE)) + len(intake_rules())
"""Outcomes that a run must have, dbt's own tests left out."""

OUTCOMES = {
    "geslaagd": "geslaagd",
    "gewaarschuwd": "gewaarschuwd",
    "gefaald": "gefaald",
    BEKEND: "gewaarschuwd",
    NIET_TE_BEOORDELEN: "gewaarschuwd",
}
"""Outcome of a check → what the verdict counts it among; a check that could not be judged did not pass."""


def record(warehouse: Warehouse, results: list[Controle]) -> None:
    """Add outcomes to the checks of this run; one that was there is replaced."""
    so_far = steps.recorded(warehouse.settings, "controles") or {"uitslagen": []}
    names = {r.naam for r in results}
    rows = [u for u in so_far["uitslagen"] if u["naam"] not in names] + [r.as_dict() for r in results]
    counts = {o: sum(OUTCOMES[u["uitkomst"]] == o for u in rows) for o in ("geslaagd", "gewaarschuwd", "gefaald")}
    failed = [{"soort": "controle", **u} for u in rows if u["uitkomst"] != "geslaagd"]
    steps.record(warehouse.settings, "controles", {"verwacht": EXPECTED, "uitslagen": rows, "controles": counts, "gefaald": failed})


MEASURED = dg.TableSchema(
    [dg.TableColumn("verwachting"), dg.TableColumn("uitkomst"), dg.TableColumn("gemeten", "float"), dg.TableColumn("grens")]
)
"""What is shown of each expectation."""


def result(asset: dg.AssetKey, suite: Suite, results: list[Controle]) -> dg.AssetCheckResult:
    """The outcome of a suite as Dagster shows it: what did not hold, where, and who mends it."""
    failed = [r for r in results if r.uitkomst == "gefaald"]
    told = [r for r in results if r.uitkomst not in {"geslaagd", "gefaald"}]
    warned = [r for r in told if r.uitkomst == "gewaarschuwd"]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=suite.name,
        passed=not failed and not warned,
        severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
        metadata={
            "verwachtingen": len(suite.expectations),
            "controles": len(suite.controles),
            "geslaagd": sum(r.uitkomst == "geslaagd" for r in results),
            "verwacht_en_gemeten": dg.MetadataValue.table(
                [
                    dg.TableRecord(
                        {"verwachting": r.naam.rpartition(".")[2], "uitkomst": r.uitkomst, "gemeten": r.gemeten, "grens": r.grens}
                    )
                    for r in results
                    if r.uitgevoerd_met == "great_expectations"
                ],
                MEASURED,
            ),
            "niet_gehaald": dg.MetadataValue.md(
                "\n".join(f"- **{r.naam}** ({r.uitkomst}, {r.ernst}): {r.toelichting}" for r in failed + told) or "geen"
            ),
        },
    )


Extra = Callable[[Settings, duckdb.DuckDBPyConnection, Iterable[int]], list[Controle]]


def edge(name: str, found: tuple[Suite, ...], layer: str, description: str, extra: Extra | None = None) -> dg.AssetChecksDefinition:
    """One step that measures all tables of an edge and gives a blocking check for each."""
    keys = {s.name: dg.AssetKey([layer, s.table]) for s in found}

    @dg.multi_asset_check(
        name=name,
        description=description,
        can_subset=True,
        specs=[
            dg.AssetCheckSpec(
                s.name,
                asset=keys[s.name],
                blocking=True,
                description=f"{description}: {len(s.controles)} controles van {s.table}",
                metadata={"eigenaar": OWNERS[0]},
            )
            for s in found
        ],
    )
    def run(warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        with told(warehouse.settings):
            accepted, today = known(warehouse), date.today()
            with opened(warehouse) as con:
                peildatum, deliveries = state(warehouse)

                def validated(own: duckdb.DuckDBPyConnection, suite: Suite) -> list[Controle]:
                    return judging.validate(CheckedTable(own, suite, peildatum, deliveries))

                outcomes = duck.in_parallel(con, [partial(validated, suite=s) for s in found], warehouse.settings.threads)
                everything = list(zip(found, outcomes, strict=True))
                rest = [ledger.settle(accepted, c, today) for c in extra(warehouse.settings, con, deliveries)] if extra else []
            settled = [(s, [ledger.settle(accepted, c, today) for c in results]) for s, results in everything]
            record(warehouse, [c for _, results in settled for c in results] + rest)
        for s, results in settled:
            yield result(keys[s.name], s, results + [c for c in rest if c.onderwerp == s.table])
        if failed := [c for _, results in settled for c in results if c.uitkomst == "gefaald"]:
            raise StoppedError(held([{"soort": "controle", **c.as_dict()} for c in failed]))

    return run


def opened(warehouse: Warehouse) -> duckdb.DuckDBPyConnection:
    """A connection with the build attached."""
    con = duck.connect(warehouse.settings)
    duck.attach_build(con, warehouse.settings, warehouse.keyring.derive("build"))
    return con


landing_checks = edge("landing_controles", LANDING, "historie", "Wat is aangeleverd: volume, vulling, verdeling, versheid", intake_warnings)
release_checks = edge("uitgave_controles", TO_RELEASE, "marts", "Wat wordt uitgegeven: bereik, volledigheid, sprongen")
