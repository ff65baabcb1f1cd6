"""What the definitions share."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from orchestration.breakdown import sentence
from orchestration.build import stand
from orchestration.release.verdict import STORING, Verdict
from orchestration.settings import Settings

OWNERS = ["team:data-engineering"]


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Have the sentence of whatever breaks stand in the verdict, and as the reason why the step failed."""
    try:
        yield
    except dg.Failure:
        raise
    except Exception as error:
        text = sentence(error, settings)
        with suppress(OSError):  # a full disk: the failure of the step says it too
            stand.record(settings, STORING, {"zin": text})
        raise dg.Failure(text, allow_retries=False) from None


def label(instance: dg.DagsterInstance, run_id: str, verdict: Verdict) -> None:
    """Put the verdict on its run, so that the list of runs tells night by night how each ended."""
    tags = {"oordeel": verdict.uitkomst.value, "release": verdict.release, "peildatum": verdict.peildatum}
    with suppress(SQLAlchemyError):  # a full disk: the night is no other for the lack of a label
        instance.add_run_tags(run_id, {k: v for k, v in tags.items() if v})
