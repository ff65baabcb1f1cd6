"""The cells as an ods workbook (OpenDocument 1.3): SQL writes the rows, for the libraries there are take minutes for so many.

What the parts mean: https://docs.oasis-open.org/office/OpenDocument/v1.3/.
"""

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import duckdb
from xlsxwriter.utility import xl_col_to_name

from orchestration.formats.open_csv import plain
from orchestration.outputs.sheets import CELLS, Sheet

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in {
        "office": "office", "style": "style", "table": "table", "text": "text", "number": "datastyle", "config": "config",
        "fo": "xsl-fo-compatible", "manifest": "manifest", "meta": "meta",
    }.items()
)  # fmt: skip
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

ROWS = f"""
    select string_agg('<table:table-row>' || cells || '</table:table-row>', '' order by r)
    from (
        select r, string_agg(case
            when number is not null then '<table:table-cell table:style-name="n' || coalesce(decimals, 0)
                || '" office:value-type="float" office:value="' || {plain("number")} || '"><text:p>'
                || replace({plain("number")}, '.', ',') || '</text:p></table:table-cell>'
            when coalesce(told, '') = '' then '<table:table-cell/>'
            else '<table:table-cell table:style-name="' || if(r = 0, 'head', 'words') || '" office:value-type="string"><text:p>'
                || replace(replace(replace(told, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</text:p></table:table-cell>' end, ''
            order by c) as cells
        from {CELLS} where sheet = ? group by r
    )
"""


def write(con: duckdb.DuckDBPyConnection, sheets: Sequence[Sheet], path: Path, title: str) -> None:
    """Write ``sheets`` to a file."""
    widths = sorted({w for sheet in sheets for w in sheet.widths})
    tables, filters = [], []
    for place, sheet in enumerate(sheets):
        found = con.execute(ROWS, [sheet.name]).fetchone()
        columns = "".join(f'<table:table-column table:style-name="w{w}"/>' for w in sheet.widths)
        assert found
        tables.append(f'<table:table table:name="{sheet.name}">{columns}{found[0]}</table:table>')
        if sheet.filtered:
            filters.append(_filter(con, sheet, place))
    styles = "".join(_number(d) for d in range(4)) + "".join(_width(w) for w in widths) + STYLES
    content = (
        f'{HEAD}<office:document-content {SPACES} office:version="1.3"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{''.join(tables)}<table:database-ranges>{''.join(filters)}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    meta = (
        f'{HEAD}<office:document-meta {SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta>'
        f"<dc:title>{escape(title)}</dc:title><dc:language>nl-NL</dc:language></office:meta></office:document-meta>"
    )
    parts = {"content.xml": content, "settings.xml": _settings(sheets), "meta.xml": meta}
    with ZipFile(path, "w") as archive:
        archive.writestr(_entry("mimetype", ZIP_STORED), KIND)
        for name, part in {**parts, "META-INF/manifest.xml": _manifest(parts)}.items():
            archive.writestr(_entry(name, ZIP_DEFLATED), part)


def _entry(name: str, how: int) -> ZipInfo:
    """Of no time: the same workbook whenever it is made."""
    entry = ZipInfo(name)
    entry.compress_type = how
    return entry


STYLES = (
    '<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="words" style:family="table-cell"><style:table-cell-properties fo:wrap-option="no-wrap"/></style:style>'
)


def _number(decimals: int) -> str:
    """A Dutch number, whatever the language of the machine: a point by the thousand, a decimal comma."""
    return (
        f'<number:number-style style:name="d{decimals}" number:language="nl" number:country="NL"><number:number '
        f'number:decimal-places="{decimals}" number:min-decimal-places="{decimals}" number:min-integer-digits="1" number:grouping="true"/>'
        f'</number:number-style><style:style style:name="n{decimals}" style:family="table-cell" style:data-style-name="d{decimals}"/>'
    )


def _width(width: int) -> str:
    return (
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width * 0.2:.1f}cm"/></style:style>'
    )


def _filter(con: duckdb.DuckDBPyConnection, sheet: Sheet, place: int) -> str:
    """By the name that LibreOffice gives a range that is but the filter of a sheet; ``place`` is that of the sheet."""
    found = con.execute(f"select max(r) + 1 from {CELLS} where sheet = ?", [sheet.name]).fetchone()
    assert found
    first, last = f"'{sheet.name}'.A1", f"'{sheet.name}'.{xl_col_to_name(len(sheet.widths) - 1)}{found[0]}"
    return (
        f'<table:database-range table:name="__Anonymous_Sheet_DB__{place}" table:target-range-address="{first}:{last}"'
        ' table:display-filter-buttons="true"/>'
    )


def _settings(sheets: Sequence[Sheet]) -> str:
    """The head of each sheet stays in sight."""
    views = "".join(
        f'<config:config-item-map-entry config:name="{sheet.name}">'
        + _items("short", HorizontalSplitMode=2 if sheet.still else 0, VerticalSplitMode=2, ActiveSplitRange=3 if sheet.still else 2)
        + _items("int", HorizontalSplitPosition=sheet.still, VerticalSplitPosition=1, PositionRight=sheet.still, PositionBottom=1)
        + "</config:config-item-map-entry>"
        for sheet in sheets
    )
    return (
        f'{HEAD}<office:document-settings {SPACES} xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        f'<config:config-item-map-named config:name="Tables">{views}</config:config-item-map-named></config:config-item-map-entry>'
        "</config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>"
    )


def _items(kind: str, **values: int) -> str:
    return "".join(f'<config:config-item config:name="{n}" config:type="{kind}">{v}</config:config-item>' for n, v in values.items())


def _manifest(parts: dict[str, str]) -> str:
    entries = "".join(f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in parts)
    root = f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{KIND}"/>'
    return f'{HEAD}<manifest:manifest {SPACES} manifest:version="1.3">{root}{entries}</manifest:manifest>'
