"""What the definitions share."""

from contextlib import suppress

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from orchestration.release.verdict import Verdict

OWNERS = ["team:data-engineering"]


def label(instance: dg.DagsterInstance, run_id: str, verdict: Verdict) -> None:
    """Put the verdict on its run, so that the list of runs tells night by night how each ended."""
    tags = {"oordeel": verdict.uitkomst.value, "release": verdict.release, "peildatum": verdict.peildatum}
    with suppress(SQLAlchemyError):  # a full disk: the night is no other for the lack of a label
        instance.add_run_tags(run_id, {k: v for k, v in tags.items() if v})
