"""The end of every refresh: the verdict says what is late and still open, is kept, and whoever should know is told."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from orchestration import logs
from orchestration.alarm import causes, message, send, watch
from orchestration.breakdown import sentence
from orchestration.errors import UserError
from orchestration.language import later, say
from orchestration.release import hold, verdict_log
from orchestration.release.matters import still_open
from orchestration.release.verdict import STORING, WAITS, Uitkomst, Verdict
from orchestration.settings import Settings
from orchestration.transform import steps

STILL_OPEN = later("Still open: {what}")
"""What is open from nights before."""

NOT_KEPT, NOT_TOLD = later("The verdict could not be kept: {why}"), later("Nobody could be told: {why}")
NOT_ASKED = later("What PostgreSQL shows could not be asked: {why}")


def conclude(settings: Settings, verdict: Verdict) -> Verdict:
    """Keep the verdict and tell whoever should know. Raises nothing: what cannot be kept or sent is in the verdict."""
    moment = datetime.now(UTC)
    verdict.aandacht += (
        _late(settings, verdict, moment) + _postgres(settings, verdict) + _report(settings, verdict) + _open(settings, verdict)
    )
    verdict.zin = message.sentence(verdict)
    if problem := _tried(settings, NOT_KEPT, lambda: _keep(settings, verdict, moment)):
        verdict.aandacht.append(problem)  # a full disk must not keep anyone from hearing of it
        verdict.signalen[f"{STORING}:logboek"] = problem
        verdict.zin = message.sentence(verdict)
    problems = [
        _tried(settings, NOT_TOLD, lambda: send.tell(settings, verdict)),
        _tried(settings, NOT_TOLD, lambda: watch.watch(settings, moment, verdict)),
    ]
    if found := dict.fromkeys(p for p in problems if p):
        verdict.aandacht += found
        verdict.zin += f" {' '.join(found)}"
        _tried(settings, NOT_KEPT, lambda: verdict_log.keep(settings, verdict, moment))
    return verdict


def send_alone(settings: Settings, verdict: Verdict) -> Verdict:
    """Tell of a verdict without keeping anything: the data folder is not that of these settings."""
    difference = causes.CauseChanges(causes.causes(verdict), {})
    subject, body = message.write(verdict, difference)
    verdict.zin = message.sentence(verdict)
    if problem := _tried(settings, NOT_TOLD, lambda: send.complain(send.send(settings, subject, body))):
        verdict.aandacht.append(problem)
        verdict.zin += f" {problem}"
    return verdict


def _late(settings: Settings, verdict: Verdict, moment: datetime) -> list[str]:
    """What is late, which the watch would tell at this moment."""
    with suppress(Exception):  # what keeps it from being read is what the verdict is about
        due = watch.due(settings, moment)
        verdict.signalen |= due
        return list(due.values())
    return []


def _postgres(settings: Settings, verdict: Verdict) -> list[str]:
    """What is so in PostgreSQL that somebody has to look at; with what this night was told when it put the release there.

    A night without news tries once more what a night before could not do.
    """
    if settings.postgres_url is None:
        return []
    from orchestration.outputs import postgres  # it brings the solver along

    found: list[str] = []

    def look() -> None:
        if verdict.uitkomst is Uitkomst.NIETS_NIEUWS and (told := postgres.catch_up(settings)):
            steps.record(settings, "postgres", {"zinnen": told})
        found.extend(postgres.left_open(settings))

    if problem := _tried(settings, NOT_ASKED, look):
        found.append(problem)
    if found:
        found = list(dict.fromkeys([*(steps.recorded(settings, "postgres") or {}).get("zinnen", []), *found]))
        verdict.signalen["postgres"] = " ".join(found)
    return found


def _report(settings: Settings, verdict: Verdict) -> list[str]:
    """Why the release that readers see has no report."""
    from orchestration.outputs.report.place import left_open  # as above

    with suppress(Exception):  # a release that cannot be read is what the verdict is about
        if found := left_open(settings):
            verdict.signalen["rapport"] = found
            return [found]
    return []


def _open(settings: Settings, verdict: Verdict) -> list[str]:
    """What is still open from nights before and was not said of this one; a release that waits is a cause as long as it does."""
    said = " ".join(verdict.aandacht)
    try:
        waits = {f"{WAITS}:{name}": text for name, text in hold.standing(settings).items()}
        verdict.signalen |= {cause: text for cause, text in waits.items() if cause not in causes.causes(verdict)}
        return [say(STILL_OPEN, what=text) for text in still_open(settings) if text not in said]
    except (UserError, OSError):  # what keeps it from being read is what the verdict is about
        return []
    except Exception as error:
        return [say("What is still open could not be read: {why}", why=sentence(error, settings))]


def _tried(settings: Settings, text: str, action: Callable[[], object]) -> str:
    """Empty when it went well, else what did not and why."""
    try:
        action()
    except Exception as error:
        return say(text, why=sentence(error, settings))
    return ""


def _keep(settings: Settings, verdict: Verdict, moment: datetime) -> None:
    verdict_log.keep(settings, verdict, moment)
    logs.event(
        settings,
        "oordeel",
        uitkomst=verdict.uitkomst.value,
        release=verdict.release,
        peildatum=verdict.peildatum,
        leveringen=[u["nummer"] for u in verdict.leveringen],
        **{f"controles_{k}": v for k, v in verdict.controles.items()},
        duur_s=verdict.duur_s,
    )
