"""Reports of made-up figures, as a page and on paper."""

import json
from datetime import date
from pathlib import Path

from orchestration.outputs.report import write
from orchestration.outputs.report.write import Origin
from orchestration.settings import Settings
from tests.lib.report import figures_file

YEAR, HALF, GEMEENTE, INTERN = "jaarcijfers-2024", "halfjaarcijfers-2024-H1", "jaarcijfers-2024-GM0363", "jaarcijfers-2024-intern"
EDITIONS = (YEAR, HALF, GEMEENTE, INTERN)
"""Of which the internal one has a map with real borders, and texts of the organisation."""

TEXTS = """# Voorwoord

Wat hier staat, schreef de *organisatie*.

### Een kop in het voorwoord

- met [een verwijzing](https://example.org/jaarverslag)
- en een [naar dit verslag](#uitleg)

## Wettelijke termijnen

### Een kop in een hoofdstuk

Woorden bij een hoofdstuk.

## Acuut

### Een kop bij een grafiek

| Jaar | Wat |
| --- | --- |
| 2024 | Een tabel |
"""


def _square(code: str, west: float, south: float) -> dict[str, object]:
    ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.08], [west, south + 0.08], [west, south]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write_reports(folder: Path) -> Path:
    """Write each of ``EDITIONS`` into ``folder`` as HTML and PDF, and return it."""
    settings = Settings(home=folder / "vt")
    public = Origin(figures_file(folder / "veilig_thuis_publiek.duckdb"), "20250203T043000Z-000007", "2024", date(2025, 3, 6))
    exact = Origin(figures_file(folder / "veilig_thuis.duckdb", is_exact=True), "20250203T043000Z-000007")
    texts, borders = folder / "teksten.md", folder / "grenzen.geojson"
    texts.write_text(TEXTS, encoding="utf-8")
    codes = ("GM0363", "GM0384", "GM0362", "GM0437", "GM0358", "GM0451")
    squares = [_square(code, 4.7 + place % 3 * 0.1, 52.4 - place // 3 * 0.08) for place, code in enumerate(codes)]
    borders.write_text(json.dumps({"type": "FeatureCollection", "features": squares}), encoding="utf-8")
    write.write(settings, write.edition(2024, None, None, False), public, folder)
    write.write(settings, write.edition(None, "2024-H1", None, False), public, folder)
    write.write(settings, write.edition(2024, None, "GM0363", False), public, folder)
    write.write(settings, write.edition(2024, None, None, True), exact, folder, texts, borders)
    return folder
