"""What happened, as one line of JSON each, in ``logboek/gebeurtenissen.jsonl``: for whoever collects logs.

Names, counts and outcomes only; the lines never hold what is in a row or a file.
"""

import json
import os
from datetime import UTC, datetime
from typing import Any

from orchestration.files import append_line, make_folder
from orchestration.settings import Settings

MOST = 5_000_000
"""Bytes after which the file is put aside as ``.1``, in the place of the one before."""


def event(settings: Settings, name: str, **facts: Any) -> None:
    """Add a line: moment (UTC), environment, process, name of the event, facts."""
    path = make_folder(settings.root / "logboek") / "gebeurtenissen.jsonl"
    if path.exists() and path.stat().st_size > MOST:
        path.replace(path.with_suffix(".jsonl.1"))
    line = {
        "moment": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "gebeurtenis": name,
        "omgeving": settings.omgeving.value,
        "proces": os.getpid(),
        **facts,
    }
    append_line(path, json.dumps(line, ensure_ascii=False, default=str), force=False)
