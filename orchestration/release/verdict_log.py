"""The log of verdicts: one file per refresh, whatever started it, and beside it the page of its checks."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.files import write_over
from orchestration.quality import outcomes, page
from orchestration.register.register import Register, RegisterError
from orchestration.release.verdict import Verdict
from orchestration.settings import Settings
from orchestration.transform.steps import write_json


def keep(settings: Settings, verdict: Verdict, moment: datetime | None = None) -> None:
    """Keep the verdict in ``logboek/``, with the page of its checks when there were any; the names sort by time."""
    moment = moment or datetime.now(UTC)
    folder = settings.root / "logboek"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = f"{moment:%Y%m%dT%H%M%S%f}Z"
    write_json(folder / f"oordeel-{stamp}.json", {"moment": moment.isoformat(timespec="seconds")} | asdict(verdict))
    if verdict.controles["verwacht"]:
        write_over(folder / f"controles-{stamp}.html", _page(settings, verdict, moment).encode())


def _page(settings: Settings, verdict: Verdict, moment: datetime) -> str:
    try:
        last = Register(settings).last_taken_in()
    except RegisterError:  # of that the verdict speaks
        last = None
    facts = {
        "peildatum": last.peildatum if last else "onbekend",
        "organisatie": settings.organisatie,
        "omgeving": settings.omgeving.value,
        "gemaakt_op": moment.isoformat(timespec="seconds"),
    }
    return page.render(outcomes.last_run(settings), f"Controles van de verversing van {moment:%Y-%m-%d}: {verdict.uitkomst}", facts)


def last_page(settings: Settings) -> Path | None:
    """The page of the last run that checked anything."""
    return max((settings.root / "logboek").glob("controles-*.html"), default=None)


def kept(settings: Settings, last: int = 30) -> list[dict[str, Any]]:
    """The last verdicts, oldest first."""
    return [json.loads(p.read_text()) for p in sorted((settings.root / "logboek").glob("oordeel-*.json"))[-last:]]
