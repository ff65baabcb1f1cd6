"""The log of verdicts: one file per refresh, whatever started it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from orchestration.build.stand import write_json
from orchestration.release.verdict import Verdict
from orchestration.settings import Settings


def keep(settings: Settings, verdict: Verdict, moment: datetime | None = None) -> None:
    """Keep the verdict in ``logboek/``; the names sort by time."""
    moment = moment or datetime.now(UTC)
    folder = settings.root / "logboek"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_json(folder / f"oordeel-{moment:%Y%m%dT%H%M%S%f}Z.json", {"moment": moment.isoformat(timespec="seconds")} | asdict(verdict))


def kept(settings: Settings, last: int = 30) -> list[dict[str, Any]]:
    """The last verdicts, oldest first."""
    return [json.loads(p.read_text()) for p in sorted((settings.root / "logboek").glob("oordeel-*.json"))[-last:]]
