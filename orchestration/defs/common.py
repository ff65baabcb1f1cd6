"""What the definitions share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.errors import DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo

from orchestration.alarm.bericht import DOEN
from orchestration.build import stand
from orchestration.errors import GebruikersFout
from orchestration.release.verdict import STORING, Uitkomst, line
from orchestration.settings import Settings

OWNERS = ["team:data-engineering"]


class Stopped(DagsterUserCodeProcessError):
    """A step that stops for a reason that is no fault of the program: Dagster shows the sentence, and no stack trace under it.

    ``dg.Failure`` shows one. Rests on an inner name of Dagster, which ``tests/defs/test_verdict.py`` holds.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            sentence, user_code_process_error_infos=[SerializableErrorInfo(sentence, [], Stopped.__name__)]
        )


def held(failed: list[dict[str, Any]]) -> str:
    """The sentence of a step in which checks (or models) failed: which, on how many rows, and what to do."""
    kind = Uitkomst.VASTGEHOUDEN if {f["soort"] for f in failed} == {"controle"} else Uitkomst.MISLUKT
    what = "; ".join(line(f) for f in failed) or "dbt bouwde en controleerde niet alles; zie build/dbt/logs in de datamap"
    return f"{kind.value.capitalize()}: {what}. {DOEN[kind.value]['nl']}"


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Have the sentence of an error that the reader can mend stand in the verdict, and as the reason why the step failed."""
    try:
        yield
    except GebruikersFout as error:
        stand.record(settings, STORING, {"zin": str(error)})
        raise Stopped(str(error)) from None
