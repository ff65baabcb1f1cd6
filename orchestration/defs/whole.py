"""What a button of Dagster may start: a whole refresh. Tables are built, checked and released together, or not at all.

The definitions let any choice of tables begin (``can_subset``), so that the answer is a sentence and not Dagster's dialog on subsets.
"""

import dagster as dg

from orchestration.language import later

PART = later(
    "Tables are made, checked and released together; nothing was done. Start a whole refresh: Jobs → nachtelijke_verversing →"
    " Materialize all, or `vt refresh`."
)


def is_part(run: dg.DagsterRun) -> bool:
    """Whether the run was asked for some of the tables or checks only."""
    from orchestration.defs import history, intake, release, warehouse  # whose steps ask this of the run

    chosen = run.asset_selection or frozenset()
    if not chosen:
        return bool(run.asset_check_selection)
    steps = (intake.intake, history.historie, warehouse.dbt_models, release.release)
    return not {key for step in steps for key in step.keys} <= set(chosen)
