"""Where the report of a night lies, and whether it is missing: asked by every refresh, so that this brings nothing heavy along."""

from orchestration.release import public, store
from orchestration.settings import Settings

FOLDER = "rapport"
PLACE = public.FOLDER / FOLDER
"""In a release."""
FAILED = "mislukt"
"""Where ``release.json`` says, of its report, why there is none."""


def left_open(settings: Settings) -> str:
    """Why the release that readers see has no report; empty where it has one, or nothing leaves."""
    release = store.current(settings)
    told = store.read(settings, release)["publiek"] if release else None
    found: str = ((told or {}).get("rapport") or {}).get(FAILED, "")
    return found
