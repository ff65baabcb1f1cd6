"""The pictures in docs/images, made anew: ``.venv/bin/python -m tests.lib.pictures FOLDER``, on the generated deliveries of the real size.

``FOLDER`` is a new data folder; some minutes, and Chromium (``scripts/chromium``).
"""

import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from pypdfium2 import PdfDocument

from orchestration.outputs.report import write
from orchestration.settings import PROJECT, Settings
from tests.end_to_end.conftest import Chain
from tests.lib.browser import Browser
from tests.lib.dagster_pages import Pages, dagster
from tests.lib.dashboard import serving
from tests.lib.superset import Dashboards
from tests.lib.superset import serving as in_superset

IMAGES = PROJECT / "docs" / "images"
FIRST_CHAPTER = 2
"""The page of the report on paper that is shown, counted from 0."""

MART = """
select periode, gebied_naam, meldingen, meldingen_vorig_jaar, meldingen_verandering, meldingen_per_1000_huishoudens, meldingen_met_kinderen,
    aandeel_met_kinderen, hermeldingen, aandeel_hermeldingen, casussen_met_melding
from marts.instroom_stadsdeel where periode = '2024' order by meldingen desc
"""

TABLE = """<!doctype html><meta charset=utf-8><style>
body { font: 15px sans-serif; margin: 16px; color: #1a2233 } h1 { font: bold 15px monospace } table { border-collapse: collapse }
th { font: bold 12px monospace; background: #eef1f6; text-align: left; padding: 8px 10px; border-bottom: 2px solid #c5cede }
td { padding: 5px 10px; border-bottom: 1px solid #e3e7ee; text-align: right } td:nth-child(-n+2) { text-align: left } p { font-size: 12px }
</style><h1>marts.instroom_stadsdeel</h1><table>"""


def main(home: Path) -> None:
    """A night, and a look at each of the pages."""
    os.environ["VT_PUBLICATIEKALENDER"] = str(PROJECT / "docs" / "examples" / "publicatiekalender.csv")
    chain = Chain(home)
    chain.vt("demo")
    chain.refresh()
    rows = json.loads(chain.vt("sql", "--json", MART))
    with dagster(home, home / "dagster.log") as pages, Browser(home / "chromium", 1400, 987) as browser:
        take(pages, browser)
        mart(rows, browser, home / "mart.html")
        page(home, browser)
        report(home, browser)
        superset(home, browser)


def take(pages: Pages, browser: Browser) -> None:
    browser.resize(1400, 1300)
    browser.open(f"{pages.address}/assets/marts/indicatoren?view=checks&checkDetail=uitgave_indicatoren")
    browser.see("gebieden_volledig")
    browser.picture(IMAGES / "controle.png")
    browser.resize(1400, 987)
    browser.open(f"{pages.address}/assets/marts/indicatoren?view=overview")
    browser.see("Soort periode")
    browser.see("Latest check results")
    browser.picture(IMAGES / "asset.png")
    browser.resize(1500, 540)
    browser.open(f"{pages.address}/asset-groups")
    browser.see("Global asset lineage")
    browser.click("Hide navigation")
    browser.see("uitgave")
    time.sleep(5)  # the arrows come after the boxes, and nothing on the page says when
    browser.picture(IMAGES / "assets.png")


def mart(rows: list[dict[str, object]], browser: Browser, page: Path) -> None:
    """A mart as a table."""
    head = "".join(f"<th>{name.replace('_', '_<wbr>')}" for name in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{shown(value)}" for value in row.values()) for row in rows)
    page.write_text(f"{TABLE}<tr>{head}{body}</table><p>Gegenereerde demogegevens (vt demo)")
    browser.resize(1120, 460)
    browser.open(page.as_uri())
    browser.see("Gegenereerde")
    browser.picture(IMAGES / "mart.png")


def page(home: Path, browser: Browser) -> None:
    """The dashboard, on a laptop and on a phone."""
    views = {
        "dashboard.png": ((1280, 900), {"soort_gebied": "stadsdeel", "gebied": ["N", "S", "T"], "periode": "kwartaal"}),
        "dashboard-phone.png": ((390, 844), {"onderwerp": "uitstroom"}),
    }
    with serving(Settings(home=home), "--intern", log=home / "dashboard.log") as address:
        for name, (size, view) in views.items():
            browser.resize(*size)
            browser.open(f"{address}&{urlencode(view, doseq=True)}")
            browser.see("Stand van de registratie")
            time.sleep(5)  # the chart comes last, and nothing on the page says when
            browser.picture(IMAGES / name)


def report(home: Path, browser: Browser) -> None:
    """The report of 2024 of what leaves: on a laptop, on a phone, and as it is printed."""
    settings = Settings(home=home)
    asked = write.edition(2024, None, None, False)
    html, pdf = write.write(settings, asked, write.of_release(settings, False), home / "report")
    for name, size, place in (("report.png", (1280, 860), ""), ("report-phone.png", (390, 844), "per_1000_gemeente")):
        browser.resize(*size)
        browser.open(f"{html.as_uri()}#{place}")
        time.sleep(2)  # fonts come last, and nothing on the page says when
        browser.picture(IMAGES / name)
    PdfDocument(pdf)[FIRST_CHAPTER].render(scale=1.4).to_pil().save(IMAGES / "report-print.png")


def superset(home: Path, browser: Browser) -> None:
    """Two of the dashboards in Superset, on a laptop."""
    browser.resize(1440, 900)
    with in_superset(home) as address:
        dashboards = Dashboards(browser, address, home)
        for slug in ("instroom", "wachten"):
            dashboards.open(slug, 1)
            browser.see("Tabel per")
            time.sleep(5)  # as above
            browser.picture(IMAGES / f"superset-{slug}.png")


def shown(value: object) -> str:
    """As Dutch readers write it."""
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    return text.translate(str.maketrans(",.", ".,"))


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
