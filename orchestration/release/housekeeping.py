"""What grows by itself is cleared by itself, at the end of every refresh: releases, verdicts, reports of faults."""

from datetime import UTC, datetime, timedelta

from orchestration.release import store
from orchestration.settings import Settings

LOGBOEK = ("oordeel-*", "storing-*.txt", "controles-*.html")
"""What lies in ``logboek/``, a file for each refresh; names end in the moment."""


def clear(settings: Settings, now: datetime) -> None:
    """Remove releases beyond VT_BEWAAR_RELEASES, and what is older than VT_LOGBOEK_DAGEN in ``logboek/``; the last verdict stays."""
    store.prune(settings, settings.bewaar_releases)
    before = (now.astimezone(UTC) - timedelta(days=settings.logboek_dagen)).timestamp()
    for pattern in LOGBOEK:
        for path in sorted((settings.root / "logboek").glob(pattern))[:-1]:
            if path.stat().st_mtime < before:
                path.unlink()
