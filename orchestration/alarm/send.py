"""From a verdict to a message, at most one for each cause, kept on disk so that a restart does not repeat it."""

import json
import os
from pathlib import Path
from typing import Any

from orchestration import logs
from orchestration.alarm import causes, message
from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.language import say
from orchestration.register import refusals
from orchestration.register.register import Register, RegisterError
from orchestration.release.verdict import Verdict
from orchestration.settings import Settings
from orchestration.transform.steps import write_json


def tell(settings: Settings, verdict: Verdict) -> list[str]:
    """Send what is new or over to every address in VT_ALARM_NAAR, and remember it. Returns the subjects sent.

    When no address takes the message, the causes are not remembered: the next run tries again. Raises ``AlarmError`` when an address did
    not take it.
    """
    try:
        log = Register(settings)
        last, closed = log.last_taken_in(), {causes.refusal_cause(e.inhoud) for e in refusals.settled(log)}
    except RegisterError:  # that is what is told
        last, closed = None, set()
    now, difference = causes.compare(remembered(settings), verdict, last.nummer if last else None, closed)
    if not difference:
        return []
    subject, body = message.write(verdict, difference)
    refused = send(settings, subject, body)
    if len(refused) < len(settings.alarm_naar) or not settings.alarm_naar:
        try:
            remember(settings, now)
        except OSError:
            return [subject]  # not remembered: it is told again, which is better than not at all
        logs.event(settings, "gewaarschuwd", onderwerp=subject, nieuw=len(difference.new), voorbij=len(difference.over))
    complain(refused)
    return [subject] if settings.alarm_naar else []


class AlarmError(UserError):
    """An address in VT_ALARM_NAAR did not take a message."""


def complain(refused: list[str]) -> None:
    """Raise ``AlarmError`` when there are addresses that did not take the message."""
    if refused:
        raise AlarmError(
            say("{addresses} of VT_ALARM_NAAR did not take the message. Try it with: vt check", addresses=say(" and ").join(refused))
        )


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
            kind = address.partition("://")[0] if known else say("no address that Apprise knows")
            refused.append(say("address {place} ({kind})", place=place, kind=kind))
    return refused
