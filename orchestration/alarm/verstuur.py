"""From a verdict to a message, at most one for each cause, kept on disk so that a restart does not repeat it."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration import logs
from orchestration.alarm import bericht, oorzaken
from orchestration.breakdown import sentence
from orchestration.build.stand import write_json
from orchestration.errors import GebruikersFout
from orchestration.files import make_folder
from orchestration.landing.register import Register, RegisterFout
from orchestration.release import logboek
from orchestration.release.matters import still_open
from orchestration.release.verdict import STORING, Verdict
from orchestration.settings import Settings


def conclude(settings: Settings, verdict: Verdict) -> Verdict:
    """Keep the verdict and tell whoever should know. Raises nothing: what cannot be kept or sent is in the verdict."""
    moment = datetime.now(UTC)
    _repeat_open(settings, verdict)
    if problem := _tried(settings, "The verdict could not be kept", lambda: _keep(settings, verdict, moment)):
        verdict.aandacht.append(problem)  # a full disk must not keep anyone from hearing of it
        verdict.signalen[f"{STORING}:logboek"] = problem
    from orchestration.alarm.wacht import watch  # which sends with this module

    problems = [
        _tried(settings, "Nobody could be told", lambda: tell(settings, verdict)),
        _tried(settings, "Nobody could be told", lambda: watch(settings, moment)),
    ]
    if found := dict.fromkeys(p for p in problems if p):
        verdict.aandacht += found
        _tried(settings, "", lambda: logboek.keep(settings, verdict, moment))
    return verdict


def _repeat_open(settings: Settings, verdict: Verdict) -> None:
    """What is still open from nights before, at the end of what is said of this one."""
    with suppress(GebruikersFout, OSError):  # what keeps it from being read is what the verdict is about
        said = " ".join(verdict.aandacht)
        verdict.aandacht += [f"Still open: {text}" for text in still_open(settings) if text not in said]


def _tried(settings: Settings, what: str, action: Callable[[], object]) -> str:
    """Empty when it went well, else what did not and why."""
    try:
        action()
    except Exception as error:
        return f"{what}: {sentence(error, settings)}"
    return ""


def _keep(settings: Settings, verdict: Verdict, moment: datetime) -> None:
    logboek.keep(settings, verdict, moment)
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


def tell(settings: Settings, verdict: Verdict) -> list[str]:
    """Send what is new or over to every address in VT_ALARM_NAAR, and remember it. Returns the subjects sent.

    When no address takes the message, the causes are not remembered: the next run tries again. Raises ``AlarmFout`` when an address did
    not take it.
    """
    try:
        last = Register(settings).laatste_opgenomen()
    except RegisterFout:  # that is what is told
        last = None
    now, difference = oorzaken.compare(remembered(settings), verdict, last.nummer if last else None)
    if not difference:
        return []
    subject, body = bericht.write(verdict, difference, settings.alarm_taal)
    refused = send(settings, subject, body)
    if len(refused) < len(settings.alarm_naar) or not settings.alarm_naar:
        try:
            remember(settings, now)
        except OSError:
            return [subject]  # not remembered: it is told again, which is better than not at all
        logs.event(settings, "gewaarschuwd", onderwerp=subject, nieuw=len(difference.nieuw), voorbij=len(difference.voorbij))
    complain(refused)
    return [subject] if settings.alarm_naar else []


def send_alone(settings: Settings, verdict: Verdict) -> Verdict:
    """Tell of a verdict without keeping anything: the data folder is not that of these settings."""
    difference = oorzaken.Verschil(oorzaken.causes(verdict), {})
    if problem := _tried(
        settings,
        "Nobody could be told",
        lambda: complain(send(settings, *bericht.write(verdict, difference, settings.alarm_taal))),
    ):
        verdict.aandacht.append(problem)
    return verdict


class AlarmFout(GebruikersFout):
    """An address in VT_ALARM_NAAR did not take a message."""


def complain(refused: list[str]) -> None:
    """Raise ``AlarmFout`` when there are addresses that did not take the message."""
    if refused:
        raise AlarmFout(f"{' and '.join(refused)} of VT_ALARM_NAAR did not take the message. Try it with: vt check")


def memory(settings: Settings) -> Path:
    """The file with the causes that were told and are not over."""
    return settings.root / "logboek" / "alarm.json"


def remembered(settings: Settings) -> dict[str, str]:
    """Cause → sentence, as told before. From a damaged file nothing: it is told again, which is better than not at all."""
    try:
        found = json.loads(memory(settings).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(c): str(s) for c, s in found.items()} if isinstance(found, dict) else {}


def remember(settings: Settings, causes: dict[str, str]) -> None:
    """Keep what was told and is not over."""
    make_folder(memory(settings).parent)
    write_json(memory(settings), causes)


def send(settings: Settings, subject: str, body: str) -> list[str]:
    """Send to every address in VT_ALARM_NAAR. Returns those that did not take it, by place and kind: an address may hold a password."""
    if not settings.alarm_naar:
        return []
    import apprise

    os.environ.setdefault("NO_PROXY", "localhost,127.0.0.1")
    asset: Any = apprise.AppriseAsset(app_id="Veilig Thuis", app_desc="Veilig Thuis", app_url="")
    refused = []
    for place, address in enumerate(settings.alarm_naar, 1):
        sender = apprise.Apprise(asset=asset)
        known = sender.add(address)
        if not known or not sender.notify(title=subject, body=body, body_format=apprise.NotifyFormat.TEXT):
            kind = address.partition("://")[0] if known else "no address that Apprise knows"
            refused.append(f"address {place} ({kind})")
    return refused
