"""The report that a night puts beside what leaves: that of the last year in it. A report that cannot be made holds no release back."""

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from orchestration.breakdown import sentence
from orchestration.disclosure import publish
from orchestration.files import make_folder
from orchestration.language import say
from orchestration.outputs.dashboard import source
from orchestration.outputs.report import write
from orchestration.outputs.report.chapters import ReportEdition
from orchestration.outputs.report.place import FAILED, PLACE
from orchestration.release import public, store
from orchestration.settings import Settings


def accompany(settings: Settings, folder: Path, facts: Mapping[str, Any], leaves: Mapping[str, Any]) -> dict[str, Any]:
    """Put the report into the release folder that is being written; what ``release.json`` says of it.

    ``facts`` has the id of the release, ``leaves`` what is said of its vintage. A report of the same figures, texts and code is that of
    the release before, byte for byte. Raises nothing: what went wrong is what it says.
    """
    try:
        database = folder / public.FOLDER / publish.DATABASE
        asked = ReportEdition(_last_year(settings, database))
        origin = write.of_vintage(settings, database, facts["release"], leaves)
        made_of = write.made_of(settings, asked, origin)
        place = make_folder(folder / PLACE)
        if not _again(settings, made_of, place):
            write.write(settings, asked, origin, place)
    except Exception as error:
        with suppress(OSError):
            shutil.rmtree(folder / PLACE)
        return {FAILED: say("The report was not made: {why}", why=sentence(error, settings))}
    return {"editie": asked.name, "van": made_of}


def _last_year(settings: Settings, database: Path) -> int:
    con = source.attach(database, False, settings.threads, settings.geheugen)
    try:
        ((year,),) = con.execute("select max(periode) from shown where periode_soort = 'jaar' and waarde is not null").fetchall()
    finally:
        con.close()
    return int(year)


def _again(settings: Settings, made_of: str, place: Path) -> bool:
    """Whether the release that readers see has this report; then it is copied."""
    before = store.current(settings)
    if before is None:
        return False
    told = json.loads((settings.releases / before / "release.json").read_text())["publiek"] or {}
    if (told.get("rapport") or {}).get("van") != made_of:
        return False
    shutil.copytree(settings.releases / before / PLACE, place, dirs_exist_ok=True)
    return True
