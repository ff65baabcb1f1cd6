"""From a release to the files of a report: whole or not at all."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration import code_version, duck
from orchestration.disclosure import publish, vintage
from orchestration.errors import UserError, did_you_mean
from orchestration.files import make_folder, write_over
from orchestration.formats.edition import read_description
from orchestration.language import say
from orchestration.organisation import organisation
from orchestration.outputs.dashboard import source
from orchestration.outputs.report import areas, borders, own_texts, page
from orchestration.outputs.report.cells import Series
from orchestration.outputs.report.chapters import ReportEdition, chapters
from orchestration.outputs.report.figures import Maps, definitions, find
from orchestration.outputs.report.page import WholeReport
from orchestration.outputs.report.place import FOLDER
from orchestration.outputs.report.printed import Printer
from orchestration.outputs.report.revisions import Revisions, revisions
from orchestration.outputs.report.source import Figures
from orchestration.outputs.words import NOWHERE
from orchestration.release import public
from orchestration.settings import Settings

MADE_BY = (
    *("orchestration/outputs/**/*", "orchestration/transform/catalogue.py", "seeds/**/*.csv", "dbt_project/models/**/*.yml"),
    "requirements.lock",
)
"""Code, lists, definitions and libraries that a report depends on beside the figures."""
BORDERS = "grenzen.geojson"


class ReportError(UserError):
    """There is no such report to make."""


@dataclass(frozen=True)
class Origin:
    """The release that a report is of."""

    database: Path
    release: str
    vintage: str = ""
    published_on: date | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    """What ``release.json`` says of the report that lies with it"""


def edition(year: int | None, half: str | None, gemeente: str | None, is_intern: bool) -> ReportEdition:
    """The edition that is asked for: of a year (``2024``) or a half-year (``2024-H1``), of the region or one gemeente by code or name.

    Raises ``ReportError`` for a half-year that is none, for both or neither, and for a gemeente outside the region.
    """
    if (year is None) == (half is None):
        raise ReportError(say("Name a year or a half-year: vt report --jaar 2024, or vt report --halfjaar 2024-H1."))
    if half is not None:
        first, _, part = half.partition("-")
        if part not in ("H1", "H2") or len(first) != 4 or not first.isdecimal():
            raise ReportError(say("{half} is no half-year: write 2024-H1 or 2024-H2.", half=half))
        if gemeente:
            raise ReportError(say("A half-year is published for the whole region alone: leave --gemeente out, or ask for a year."))
        return ReportEdition(int(first), int(part[1]), is_intern=is_intern)
    assert year is not None
    if not gemeente:
        return ReportEdition(year, is_intern=is_intern)
    code = _gemeente(gemeente)
    return ReportEdition(year, gemeente=code, gemeente_name=areas.gemeenten()[code], is_intern=is_intern)


def _gemeente(asked: str) -> str:
    known = areas.gemeenten()
    found = {code: code for code in known} | {name.casefold(): code for code, name in known.items()}
    code = found.get(asked.upper()) or found.get(asked.casefold())
    if code is None:
        there = ", ".join(f"{c} {n}" for c, n in known.items())
        raise ReportError(say("{asked} is no gemeente of the region. There are: {there}.", asked=asked, there=there))
    return code


def texts_of(settings: Settings) -> Path:
    """Where texts of the organisation (``<edition>.md``) and borders lie, and reports are written by hand."""
    return settings.root / FOLDER


def of_release(settings: Settings, is_intern: bool, release: str = "") -> Origin:
    """The release that readers see, or a named one. Raises ``DashboardError`` when there is none, or none of its figures may leave."""
    release = release or source.newest(settings)
    path = source.hold(settings, release, is_intern)
    told = json.loads((settings.releases / release / "release.json").read_text())["publiek"]
    return Origin(path, release) if is_intern else of_vintage(settings, path, release, told)


def of_vintage(settings: Settings, database: Path, release: str, told: Mapping[str, Any]) -> Origin:
    """What leaves with a release, by the name and day of its vintage: every release that repeats it has the same report."""
    published = {v.name: v for v in vintage.vintages(public.root(settings))}
    name, day = told["jaargang"], public.today()  # one that is new is published by the release that is being written
    if name in published:
        release, day = published[name].release, date.fromisoformat(published[name].day)
    return Origin(database, release, name, day, told.get("rapport") or {})


def made_of(settings: Settings, asked: ReportEdition, origin: Origin) -> str:
    """A checksum of all that a report of what leaves depends on, with the texts and borders in the data folder."""
    texts = [texts_of(settings) / name for name in (f"{asked.name}.md", BORDERS)]
    parts = [(origin.database.parent / publish.PARQUET).read_bytes(), settings.publicatiegegevens.read_bytes()]
    parts += [path.read_bytes() if path.exists() else b"" for path in texts]
    parts += [
        str(value).encode()
        for value in (settings.organisatie, origin.release, origin.vintage, origin.published_on, code_version.fingerprint(MADE_BY))
    ]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def write(
    settings: Settings,
    asked: ReportEdition,
    origin: Origin,
    folder: Path,
    own: Path | None = None,
    map_file: Path | None = None,
    printer: Printer | None = None,
) -> list[Path]:
    """Write the report as HTML and as PDF into ``folder``, and return both paths; nothing is written when one of them cannot be made.

    One that lies with the release and is made of the same is copied.
    ``own`` and ``map_file`` name the texts of the organisation and the borders; without them those that lie in the data folder.
    ``printer`` is one that was started before. Raises ``ReportError`` for a period without figures, ``OwnTextError``, ``BordersError`` and
    ``PrintError``.
    """
    if own or map_file or not (files := _kept(settings, asked, origin)):
        with printer or Printer() as ready:
            files = _made(settings, asked, origin, own, map_file, ready)
    make_folder(folder)
    for name, content in files.items():
        write_over(folder / name, content)
    return [folder / name for name in files]


def _kept(settings: Settings, asked: ReportEdition, origin: Origin) -> dict[str, bytes]:
    """Name and content of the report that lies with the release, where it is this one; else nothing."""
    if origin.kept.get("editie") != asked.name or origin.kept["van"] != made_of(settings, asked, origin):
        return {}
    place = origin.database.parent / FOLDER
    return {name: (place / name).read_bytes() for name in (f"{asked.name}.html", f"{asked.name}.pdf")}


def _made(
    settings: Settings, asked: ReportEdition, origin: Origin, own: Path | None, map_file: Path | None, printer: Printer
) -> dict[str, bytes]:
    con = source.attach(origin.database, asked.is_intern, settings.threads, settings.geheugen)
    try:
        rendered = page.render(_report(settings, con, asked, origin, own, map_file))
    finally:
        con.close()
    return {f"{asked.name}.html": rendered.encode(), f"{asked.name}.pdf": printer.printed(rendered)}


def _report(
    settings: Settings, con: duckdb.DuckDBPyConnection, asked: ReportEdition, origin: Origin, own: Path | None, map_file: Path | None
) -> WholeReport:
    _hold(con, asked)
    standard = texts_of(settings)
    described = read_description(settings.publicatiegegevens)
    figures, there = Figures(con, asked.is_intern), chapters(asked)
    texts = own or _there(standard / f"{asked.name}.md")
    map_file = map_file or _there(standard / BORDERS)
    maps = Maps(borders.read(map_file, _named(con)) if map_file else {}, areas.tiles())
    found = [(chapter, tuple(find(figures, figure, maps) for figure in chapter.figures)) for chapter in there]
    kept = [(c, tuple(f for f in findings if not _is_absent(f.grid.rows))) for c, findings in found]
    ((day,),) = con.execute("select max(peildatum) from shown").fetchall()
    return WholeReport(
        edition=asked,
        organisation=organisation(settings).name,
        chapters=tuple((c, f) for c, f in kept if f),
        definitions=tuple(definitions([f for _, findings in kept for f in findings])),
        revisions=revisions(public.root(settings), origin.vintage) if origin.vintage else Revisions(()),
        release=origin.release,
        day=day,
        table="marts.indicatoren" if asked.is_intern else publish.TABLE,
        contact=f"{described.contact}, {described.contact_mail}",
        licence="" if asked.is_intern else described.licence_name,
        rounding="" if asked.is_intern else _note(con),
        vintage=origin.vintage,
        published_on=origin.published_on,
        texts=own_texts.read(texts, page.places(there)) if texts else {},
    )


def _is_absent(rows: tuple[Series, ...]) -> bool:
    """Whether a figure is of something that the release says nothing of."""
    return not any(cell.status != NOWHERE for row in rows for cell in row.cells)


def _hold(con: duckdb.DuckDBPyConnection, asked: ReportEdition) -> None:
    """Raise ``ReportError`` when the period has not ended, or there are no figures of it."""
    kind = "halfjaar" if asked.half else "jaar"
    rows = con.execute(
        """
        select distinct periode from shown
        where indicator = 'meldingen' and categorie_soort = '' and gebied_soort = 'regio' and periode_soort = ? and not voorlopig
            and waarde is not null order by 1
        """,
        [kind],
    ).fetchall()
    there = [period for (period,) in rows]
    if asked.period not in there:
        raise ReportError(
            say(
                "There are no figures of {period} in this release, or it has not ended yet.{hint} There are: {there}.",
                period=asked.period,
                hint=did_you_mean(asked.period, there),
                there=f"{there[0]} - {there[-1]}" if there else say("none"),
            )
        )


def _named(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = con.execute("select distinct gebied, gebied_naam from shown where gebied_soort in ('gemeente', 'stadsdeel', 'buurt')").fetchall()
    return {code: name or code for code, name in rows}


def _note(con: duckdb.DuckDBPyConnection) -> str:
    return duck.texts(con, "uitgave", publish.TABLE)[""]


def _there(path: Path) -> Path | None:
    return path if path.exists() else None
