"""The dashboards as files, in the form that Superset exports, with what stands elsewhere filled in: names of breakdowns and months."""

from pathlib import Path

from orchestration import seeds
from orchestration.outputs.dashboard.figures import MONTHS
from orchestration.sql import text

HERE = Path(__file__).parent / "export"
LOCK = "requirements-superset.lock"


def filled() -> dict[str, str]:
    """Every file by its path in the export."""
    named = {"{uitsplitsing}": _breakdowns(), "{maanden}": ", ".join(text(month) for month in MONTHS)}
    found = {}
    for path in sorted(HERE.rglob("*.yaml")):
        content = path.read_text(encoding="utf-8")
        for place, value in named.items():
            content = content.replace(place, value)
        found[path.relative_to(HERE).as_posix()] = content
    return found


def _breakdowns() -> str:
    rows = seeds.rows("catalogue/categorie_soorten.csv")
    return "case categorie_soort " + " ".join(f"when {text(r['categorie_soort'])} then {text(r['naam'])}" for r in rows) + " end"
