"""Workbooks of what leaves, made when somebody asks: read back by another library, cell by cell, before they get their name.

Not in the night: a workbook takes longer than all else that leaves. They are made of the files in ``publiek/`` alone.
"""

import json
import os
from pathlib import Path

import duckdb
from python_calamine import CalamineWorkbook

from orchestration.disclosure import publish
from orchestration.errors import UserError
from orchestration.files import beside, make_folder, put
from orchestration.formats import open_data
from orchestration.language import say
from orchestration.outputs import ods, sheets, xlsx
from orchestration.outputs.sheets import Sheet
from orchestration.release import public, store
from orchestration.settings import Settings

WRITERS = {"xlsx": xlsx.write, "ods": ods.write}


class ExportError(UserError):
    """There is no workbook: why, and what to do."""


def export(settings: Settings, folder: Path, release: str = store.CURRENT) -> list[Path]:
    """Write the workbooks of a release into ``folder``; they are new there. Raises ``ExportError``."""
    found = store.read(settings, release)["release"]
    left = settings.releases / found / public.FOLDER
    if not left.is_dir():
        raise ExportError(
            say("Release {release} has nothing that may leave: its day is not in the publication calendar yet.", release=found)
        )
    targets = {kind: folder / f"{Path(publish.CSV).stem}.{kind}" for kind in WRITERS}
    if there := next((path for path in targets.values() if path.exists()), None):
        raise ExportError(say("{file} is there already; name another folder.", file=there))
    make_folder(folder.absolute())
    title = json.loads((left / open_data.PACKAGE).read_text(encoding="utf-8"))["title"]
    with duckdb.connect(config={"threads": str(settings.threads), "memory_limit": settings.geheugen}) as con:
        pages = sheets.make(con, left)
        for kind, path in targets.items():
            with beside(folder.absolute(), path.name) as file:
                WRITERS[kind](con, pages, Path(os.fsdecode(file.name)), title)
                hold(con, pages, Path(os.fsdecode(file.name)), path)
                put(file, path)
    return list(targets.values())


def hold(con: duckdb.DuckDBPyConnection, pages: list[Sheet], written: Path, path: Path) -> None:
    """Raises ``ExportError`` when a workbook does not say, cell by cell, what it was made of."""
    with written.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
        if book.sheet_names != [page.name for page in pages]:
            raise ExportError(say("{file} was not written as it should be: it has other sheets. Please report this.", file=path))
        for page in pages:
            wanted, read = sheets.rows(con, page), book.get_sheet_by_name(page.name).to_python(skip_empty_area=False)
            if wanted != read:
                row = next((n for n, (a, b) in enumerate(zip(wanted, read, strict=False)) if a != b), min(len(wanted), len(read)))
                told = say(
                    "{file} was not written as it should be: sheet {sheet}, row {row}. Please report this.",
                    file=path,
                    sheet=page.name,
                    row=row + 1,
                )
                raise ExportError(told)
