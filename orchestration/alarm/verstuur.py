"""From a verdict to a message, at most one for each cause, kept on disk so that a restart does not repeat it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration import logs
from orchestration.alarm import bericht, oorzaken
from orchestration.build.stand import write_json
from orchestration.landing.register import Register, RegisterFout
from orchestration.release import logboek
from orchestration.release.verdict import Verdict
from orchestration.settings import Settings


def conclude(settings: Settings, verdict: Verdict) -> Verdict:
    """Keep the verdict and tell whoever should know."""
    try:
        _keep(settings, verdict)
    except OSError as error:  # a full disk must not keep anyone from hearing of it
        verdict.aandacht.append(f"Het oordeel kon niet worden bewaard in {settings.root / 'logboek'} ({error.strerror}): maak ruimte")
    tell(settings, verdict)
    from orchestration.alarm.wacht import watch  # which sends with this module

    watch(settings, datetime.now(UTC))
    return verdict


def _keep(settings: Settings, verdict: Verdict) -> None:
    logboek.keep(settings, verdict)
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

    When no address takes the message, the causes are not remembered: the next run tries again.
    """
    try:
        last = Register(settings).laatste_opgenomen()
    except RegisterFout:  # that is what is told
        last = None
    path = memory(settings)
    before: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    now, difference = oorzaken.compare(before, verdict, last.nummer if last else None)
    if not difference:
        return []
    subject, body = bericht.write(verdict, difference, settings.alarm_taal)
    if not send(settings, subject, body):
        return []
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_json(path, now)
    except OSError:
        return [subject]  # not remembered: it is told again, which is better than not at all
    logs.event(settings, "gewaarschuwd", onderwerp=subject, nieuw=len(difference.nieuw), voorbij=len(difference.voorbij))
    return [subject] if settings.alarm_naar else []


def memory(settings: Settings) -> Path:
    """The file with the causes that were told and are not over."""
    return settings.root / "logboek" / "alarm.json"


def send(settings: Settings, subject: str, body: str) -> bool:
    """Send to every address in VT_ALARM_NAAR; whether it need not be tried again (nowhere to send to is enough)."""
    if not settings.alarm_naar:
        return True
    import apprise

    asset: Any = apprise.AppriseAsset(app_id="Veilig Thuis", app_desc="Veilig Thuis", app_url="")
    sender = apprise.Apprise(asset=asset)
    for address in settings.alarm_naar:
        sender.add(address)
    os.environ.setdefault("NO_PROXY", "localhost,127.0.0.1")
    return bool(sender.notify(title=subject, body=body, body_format=apprise.NotifyFormat.TEXT))
