"""The pages in a release, as somebody opens them from a folder: whole, in order, and of nobody else."""

import json
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from orchestration.disclosure.rules import read_rules
from orchestration.release.store import SITE
from orchestration.settings import PROJECT
from orchestration.transform import catalogue, dbt
from tests.end_to_end.conftest import Chain
from tests.lib.browser import Browser

pytestmark = pytest.mark.xdist_group("demo")


class Page(HTMLParser):
    """What a page links to, what it asks for by itself, and what can be linked to on it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.asked: list[str] = []
        self.anchors: set[str] = set()
        self.headings = 0
        self.open: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("a", "span"):
            self.open.append(tag)
        if given.get("id"):
            self.anchors.add(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        elif address := given.get("src") or given.get("href"):
            self.asked.append(address)
        self.headings += tag == "h1"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "span"):
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def site(demo: tuple[Chain, dict[str, Any]]) -> Path:
    return (demo[0].home / "releases" / "current").resolve() / SITE


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """All pages but dbt's own."""
    return {path: Page(path) for path in site.rglob("*.html") if path.name != "dbt.html"}


def test_every_link_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    dead, inside = [], 0
    for path, page in pages.items():
        for link in [*page.links, *page.asked]:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto"):
                assert link in page.links, (path, link)  # somebody may go there; the page does not
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            inside += 1
            if not target.exists() or (parts.fragment and target in pages and parts.fragment not in pages[target].anchors):
                dead.append((str(path.relative_to(site)), link))
            if parts.fragment.startswith("!/model/"):
                assert parts.fragment.removeprefix("!/model/") in dbt.nodes(), link
    assert dead == []
    assert inside > 1500
    assert {path for path, page in pages.items() if page.headings != 1 or page.open} == set()


def test_every_figure_has_a_page_that_says_what_it_is(site: Path, pages: dict[Path, Page]) -> None:
    for code, indicator in catalogue.indicators().items():
        path = site / "cijfers" / f"{code}.html"
        told = path.read_text(encoding="utf-8")
        assert path in pages
        assert f"<h1>{indicator.naam}</h1>" in told
        assert f"vt trace {code} " in told
        assert "marts.indicatoren</text>" in told and ".csv</text>" in told, "from delivery to figure"
    published = {r.indicator for r in read_rules({c: i.uitsplitsingen for c, i in catalogue.indicators().items()}) if r.rule != "niet"}
    stays = {p.stem for p in (site / "cijfers").iterdir() if "geen publicatieregel" in p.read_text(encoding="utf-8")}
    assert stays == set(catalogue.indicators()) - published


def test_no_page_names_a_folder_of_this_machine(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert str(PROJECT) not in path.read_text(encoding="utf-8"), path


def test_it_opens_without_a_network(site: Path, tmp_path: Path) -> None:
    """In a real browser: from the first page to a figure, to the model behind it in dbt's pages, and to a guide."""
    with Browser(tmp_path / "browser") as browser:
        browser.watch()
        browser.open((site / "index.html").as_uri())
        browser.click("Casussen met een melding")
        browser.see("Van levering tot cijfer")
        browser.run("[...document.querySelectorAll('svg a')].find(a => a.textContent === 'fct_meldingen').scrollIntoView()")
        width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert browser.run(width), "a wide drawing is moved by itself, not the page"
        address = browser.run("[...document.querySelectorAll('svg a')].find(a => a.textContent === 'fct_meldingen').href.baseVal")
        browser.open((site / "cijfers" / address).resolve().as_uri().replace("%23%21", "#!").replace("%23", "#"))
        until = time.monotonic() + 60
        while not {"Een rij per melding.", "melding_id"} <= set(browser.text().splitlines()):
            assert time.monotonic() < until, browser.text()
            time.sleep(0.2)
        browser.open((site / "project" / "docs" / "readers.html").as_uri())
        browser.see("From figure to chart")
        browser.resize(320, 700)
        assert browser.run(width), "a phone"
        asked = {urlsplit(a).scheme for a in browser.addresses}
    assert asked <= {"file", "data", "blob"}, sorted(browser.addresses)


def test_dbt_shows_the_columns_of_the_tables(site: Path) -> None:
    told = (site / "dbt.html").read_text(encoding="utf-8")
    start = told.index('"dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json"')
    content, _ = json.JSONDecoder().raw_decode(told, told.rindex('{"metadata"', 0, start))
    models = {key for key, node in dbt.nodes().items() if node["resource_type"] in ("model", "seed")}
    assert models - set(content["nodes"]) == set()
    assert content["nodes"]["model.veilig_thuis.fct_meldingen"]["columns"]["melding_id"]["type"] == "BIGINT"
    assert any(key.endswith("historie.meldingen") for key in content["sources"])
