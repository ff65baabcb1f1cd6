"""A logger that turns the events of a run into progress for the person who waits for it."""

import logging
from collections.abc import Callable

import dagster as dg

from orchestration.defs.dagster_inside import told_by
from orchestration.language import later, say

STEPS = {
    "intake": later("taking in what lies in the inbox"),
    "historie": later("deriving the history of every row"),
    "landing_controles": later("checking what was landed"),
    "dbt": later("building and testing the models"),
    "uitgave_controles": later("checking the tables to be released"),
    "uitgave__release": later("writing the release"),
}
"""Dagster step → what a person reads meanwhile."""


class Listener(logging.Handler):
    """Tells ``progress`` of every step that starts, and of what the steps say themselves."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.progress: Callable[[str], None] = lambda _: None

    def emit(self, record: logging.LogRecord) -> None:
        event, step, said = told_by(record)
        if event is not None and event.is_step_start:
            self.progress(say(STEPS[step]) if step in STEPS else step or "")
        elif event is None and said and step == "intake":
            self.progress(said)


listener = Listener()


@dg.logger(None, description="Voortgang voor wie op `vt refresh` wacht")
def progress_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger with the listener as its only handler."""
    logger = logging.Logger("voortgang", logging.DEBUG)
    logger.addHandler(listener)
    return logger
