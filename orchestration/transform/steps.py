"""The state of the run: each step of a refresh leaves a small file behind, from which the verdict is drawn.

The files hold counts, names and reasons only, never a row. They lie in ``build/stand`` and are emptied when a run begins, so that no
step of an earlier run can speak for this one.
"""

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from orchestration import logs
from orchestration.files import make_folder, write_over
from orchestration.settings import Settings


def folder(settings: Settings) -> Path:
    """Where the steps of the run leave their results."""
    return settings.build / "stand"


def begin(settings: Settings, run_id: str) -> None:
    """Start ``run_id``. What the run before left is kept beside: its verdict may be still to draw. That of before it goes."""
    before = _before(settings)
    shutil.rmtree(before, ignore_errors=True)
    with suppress(FileNotFoundError):
        folder(settings).rename(before)
    record(settings, "begin", {"run_id": run_id})


def record(settings: Settings, step: str, result: dict[str, Any]) -> None:
    """Keep the result of ``step``; replaced in one atomic step when the step runs again."""
    write_json(make_folder(folder(settings)) / f"{step}.json", result)
    logs.event(settings, "stap_klaar", stap=step, **{k: v for k, v in result.items() if isinstance(v, str | int | bool)})


def _before(settings: Settings) -> Path:
    return folder(settings).with_name("stand-vorige")


def left_by(settings: Settings, run_id: str) -> Path | None:
    """Where run ``run_id`` left its results, if it is the last one or the one before; a run that never began left none."""
    return next((f for f in (folder(settings), _before(settings)) if (recorded(settings, "begin", f) or {}).get("run_id") == run_id), None)


def recorded(settings: Settings, step: str, left: Path | None = None) -> dict[str, Any] | None:
    """The result of ``step`` in this run (or in the one that left ``left``).

    None when it did not come to an end, or what it left behind is damaged.
    """
    path = (left or folder(settings)) / f"{step}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return found


def write_json(path: Path, content: Any) -> None:
    """Write JSON so that a reader sees the old file or the whole new one, also after a power cut."""
    write_over(path, json.dumps(content, ensure_ascii=False, indent=1, default=str).encode())
