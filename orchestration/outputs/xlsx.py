"""The cells as an xlsx workbook. Numbers are shown the Dutch way, text is never taken for a number, a formula or an address."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
from xlsxwriter import Workbook

from orchestration.outputs.sheets import CELLS, Sheet

NO_TIME = datetime(1980, 1, 1)  # the same workbook whenever it is made
DUTCH = "[$-413]#,##0"


def write(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], path: Path, title: str) -> None:
    """Write ``sheets`` to a file."""
    texts_stay = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(str(path), texts_stay) as book:
        book.set_properties({"title": title, "created": NO_TIME})
        head, told = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        shown = {d: book.add_format({"num_format": f"{DUTCH}.{'0' * d}" if d else DUTCH}) for d in range(4)}
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            count = 0
            for r, c, decimals, numbers, texts in con.execute(RUNS, [sheet.name]).fetchall():
                count = max(count, r + len(texts))
                form = head if not r and len(texts) == 1 else (told if not sheet.filtered else shown.get(decimals))
                page.write_column(r, c, [t if n is None else n for n, t in zip(numbers, texts, strict=True)], form)
            for c, width in enumerate(sheet.widths):
                page.set_column(c, c, width)
            page.freeze_panes(1, sheet.still)
            if sheet.filtered:
                page.autofilter(0, 0, count - 1, len(sheet.widths) - 1)
            page.ignore_errors({"number_stored_as_text": f"A1:XFD{count}"})


RUNS = f"""
    select min(r) as first, c, decimals, list(number order by r), list(told order by r) from (
        select *, r - row_number() over (partition by c, decimals, r = 0 order by r) as run from {CELLS} where sheet = ?
    ) group by c, decimals, r = 0, run order by c, first
"""
"""Cells below each other that are shown alike, so that the library writes a column at once."""
