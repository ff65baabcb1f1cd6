"""Whether the release that readers see lacks its report: asked by every refresh, so that it brings nothing heavy along."""

from orchestration.release import store
from orchestration.settings import Settings

FAILED = "mislukt"
"""Where ``release.json`` says, of its report, why there is none."""


def left_open(settings: Settings) -> str:
    """Why the release that readers see has no report; empty where it has one, or nothing leaves."""
    release = store.current(settings)
    told = store.read(settings, release)["publiek"] if release else None
    found: str = ((told or {}).get("rapport") or {}).get(FAILED, "")
    return found
