"""Both reports on a delivery as files: pages, a workbook, and the numbers of the records for whoever asks for them with the key."""

from pathlib import Path

from orchestration.files import FILE_MODE, make_folder, write_new
from orchestration.keys.use import open_key
from orchestration.language import say
from orchestration.organisation import organisation
from orchestration.outputs import xlsx
from orchestration.outputs.cbs import layout as layouts
from orchestration.outputs.cbs import page
from orchestration.outputs.cbs.half_year import CbsError, HalfYear
from orchestration.outputs.cbs.reports import Reports, make
from orchestration.outputs.cbs.source import RecordSource, opened
from orchestration.outputs.sheets import CELLS, Sheet
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.spreadsheet import as_text

MIRROR, QUALITY, WORKBOOK, NUMBERS = "spiegelrapport.html", "kwaliteitsrapport.html", "rapporten.xlsx", "nummers.csv"


def write(
    settings: Settings,
    period: HalfYear,
    folder: Path,
    *,
    with_numbers: bool = False,
    layout: Path = layouts.DEFAULT,
    release: str = store.CURRENT,
) -> list[Path]:
    """Write both reports on a half-year into ``folder`` as pages and as a workbook, and with ``with_numbers`` the numbers too.

    Raises ``CbsError`` where one of the files is there already.
    """
    form, _ = layouts.read(layout)
    names = (MIRROR, QUALITY, WORKBOOK, *((NUMBERS,) if with_numbers else ()))
    targets = {name: folder.absolute() / f"{period}-{name}" for name in names}
    if there := next((path for path in targets.values() if path.exists()), None):
        raise CbsError(say("{file} is there already; name another folder.", file=there))
    make_folder(folder.absolute())
    name = organisation(settings).name
    keyring = open_key(settings, say("CBS: the reports on {period}", period=period))
    with opened(settings, keyring, release) as source:
        found = make(source, form, period)
        write_new(targets[MIRROR], page.mirror(found, name).encode())
        write_new(targets[QUALITY], page.quality(found, name).encode())
        _workbook(source, found, targets[WORKBOOK], str(period))
        if with_numbers:
            write_new(targets[NUMBERS], _numbers(source, str(period)).encode())
    return list(targets.values())


HEADS = {
    "vulling": ("verzameling", "veld", "halfjaar", "records", "gevuld", "onbekend", "leeg"),
    "waarden": ("verzameling", "veld", "waarde", "halfjaar", "aantal"),
    "combinaties": ("code", "combinatie", "verzameling", "ernst", "halfjaar", "aantal", "records"),
}
"""Sheet → its head."""


def _workbook(source: RecordSource, found: Reports, path: Path, title: str) -> None:
    tables: dict[str, list[tuple[str | int, ...]]] = {
        "vulling": [(f.of, f.field, f.periode, f.records, f.filled, f.unknown, f.empty) for f in found.filling],
        "waarden": [(of, field, code, p, counts.get(p, 0)) for of, field, code, counts in found.values for p in found.periods],
        "combinaties": [
            (
                f.combination.code,
                f.combination.sentence,
                f.combination.of,
                page.SEVERITY[f.combination.severity],
                p,
                f.counts.get(p, 0),
                found.records[f.combination.of].get(p, 0),
            )
            for f in found.found
            for p in found.periods
        ],
    }
    cells = [
        (sheet, r, c, *((None, cell, None) if isinstance(cell, str) else (cell, None, 0)))
        for sheet, rows in tables.items()
        for r, row in enumerate([HEADS[sheet], *rows])
        for c, cell in enumerate(row)
    ]
    source.con.execute(f"create table {CELLS} (sheet text, r bigint, c bigint, number double, told text, decimals bigint)")
    source.con.execute(f"insert into {CELLS} select {', '.join(['unnest(?)'] * 6)}", [list(column) for column in zip(*cells, strict=True)])
    sheets = [Sheet(name, tuple(max(12, len(h) + 4) if h != "combinatie" else 64 for h in HEADS[name])) for name in tables]
    xlsx.write(source.con, sheets, path, title)
    path.chmod(FILE_MODE)


def _numbers(source: RecordSource, period: str) -> str:
    """CSV: every record of the half-year of which a combination holds, by its number and its line."""
    rows = source.con.execute(
        "select code, nummer, _levering, _bestand, _regel from reports.found where periode = ? order by all", [period]
    ).fetchall()
    lines = [("code", "nummer", "levering", "bestand", "regel"), *rows]
    return "".join(";".join(str(as_text(cell)) for cell in line) + "\n" for line in lines)
