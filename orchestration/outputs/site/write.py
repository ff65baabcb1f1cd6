"""The site of a release: from its ``index.html`` on."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.files import make_folder
from orchestration.outputs.site import dbt_pages, figures, guides
from orchestration.outputs.site.layout import HOME, page
from orchestration.settings import PROJECT
from orchestration.transform import catalogue, lineage

DBT = "dbt.html"


def write(con: duckdb.DuckDBPyConnection, folder: Path, release: Mapping[str, object], manifest: Path) -> None:
    """Write the site into ``folder``. The build is attached to ``con`` as ``veilig_thuis``, the release as ``uitgave``; ``release`` is what
    it says of itself, ``manifest`` dbt's, of the run."""
    make_folder(folder)
    (folder / DBT).write_text(dbt_pages.render(con, manifest), encoding="utf-8")
    standing, subjects, graphs = figures.standings(con, "uitgave"), figures.subjects(con), lineage.graphs()
    _put(folder, HOME, "Alle cijfers", figures.home(release, standing))
    for code, indicator in catalogue.indicators().items():
        body = figures.page(indicator, subjects.get(code, []), standing.get(code), graphs)
        _put(folder, f"{figures.PLACE}/{code}.html", indicator.naam, body)
    _guides(folder)


def _guides(folder: Path) -> None:
    contents = []
    for source in guides.sources():
        title, body, files = guides.render(source)
        place = str((guides.FOLDER / source).with_suffix(".html"))
        _put(folder, place, title, body, "nl" if str(source) in guides.DUTCH else "en")
        contents.append(f'<li><a href="{source.with_suffix(".html")}">{title}</a></li>')
        for path in files:
            target = folder / guides.FOLDER / path
            make_folder(target.parent)
            shutil.copyfile(PROJECT / path, target)
    _put(folder, f"{guides.FOLDER}/{HOME}", "Inhoud", f"<h1>Alle handleidingen</h1><ul>{''.join(contents)}</ul>")


def _put(folder: Path, place: str, title: str, body: str, language: str = "nl") -> None:
    make_folder((folder / place).parent)
    (folder / place).write_text(page(place, title, body, language), encoding="utf-8")
