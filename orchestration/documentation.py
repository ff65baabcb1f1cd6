"""The pages of docs/ that are made from a definition that stands elsewhere: the delivery, the indicators and the marts.

``python -m orchestration.documentation`` (``make docs``) writes them; a test holds them against their sources.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import yaml

from orchestration.intake.contract import FOLDER, Contract, Entiteit, Veld, load_contract
from orchestration.quality import overzicht
from orchestration.settings import PROJECT

DOCS = PROJECT / "docs"
CATALOGUE = PROJECT / "seeds" / "catalogue"
MODELS = PROJECT / "dbt_project" / "models"
MADE = "<!-- Made by `make docs`; change its source, not this page. -->\n"


def delivery_page() -> str:
    """docs/aanlevering.md from the delivery contract; what surrounds the tables stands in docs/aanlevering.tekst.md."""
    contract = load_contract()
    tables = "\n".join(_entity(contract, e) for e in contract.entiteiten)
    page = MADE + (DOCS / "aanlevering.tekst.md").read_text()
    return page.replace("<!-- grenzen -->", _bounds(contract)).replace("<!-- tabellen -->", tables)


def _bounds(contract: Contract) -> str:
    content = yaml.safe_load((FOLDER / f"aanlevering-{contract.versie}.odcs.yaml").read_text(encoding="utf-8"))
    lines = ["| grens | waarde | betekenis |", "|---|---|---|"]
    for bound in content["customProperties"]:
        value = bound["value"]
        shown = " ".join(f"`{v}`" for v in (value if isinstance(value, list) else [value]))
        lines.append(f"| `{bound['property']}` | {shown} | {bound['description']} |")
    return "\n".join(lines)


def _entity(contract: Contract, entiteit: Entiteit) -> str:
    lines = [f"### {entiteit.naam}", "", f"{entiteit.omschrijving}.", "", "| veld | | soort | betekenis |", "|---|---|---|---|"]
    lines += [f"| `{v.naam}` | {_marks(v)} | {_kind(v)} | {_meaning(v)} |" for v in entiteit.velden]
    return "\n".join(lines) + "\n"


def _marks(v: Veld) -> str:
    parent = f"→ {v.verwijst_naar}" if v.verwijst_naar else ""
    return " ".join(part for part in ("PK" if v.sleutel else "", "!" if v.verplicht else "", parent) if part)


def _kind(v: Veld) -> str:
    return f"code `{v.codelijst}`" if v.codelijst else v.veldsoort


def _meaning(v: Veld) -> str:
    rules = [v.omschrijving]
    if v.niet_voor:
        rules.append(f"niet voor `{v.niet_voor}`")
    if v.gevuld_precies_waar:
        rules.append(f"gevuld precies waar `{v.gevuld_precies_waar}` gevuld is")
    if v.alleen_waar:
        rules.append(f"alleen waar `{v.alleen_waar.veld}`" + (f" `{v.alleen_waar.waarde}` is" if v.alleen_waar.waarde else " gevuld is"))
    if v.minimum is not None:
        rules.append(f"≥ {v.minimum}")
    return "; ".join(rules)


def indicators_page() -> str:
    """docs/indicatoren.md from the indicator catalogue."""
    rows = _read("indicatoren_catalogus")
    breakdowns: dict[str, list[str]] = {}
    for r in _read("uitsplitsingen"):
        breakdowns.setdefault(r["indicator"], []).append(r["categorie_soort"])
    lines = [MADE + "# De indicatoren", "", (DOCS / "indicatoren.tekst.md").read_text().strip(), ""]
    for thema in dict.fromkeys(r["thema"] for r in rows):
        lines += [f"## {thema.capitalize()}", "", "| code | naam | eenheid | betekenis | uitsplitsingen |", "|---|---|---|---|---|"]
        for r in (r for r in rows if r["thema"] == thema):
            kinds = ", ".join(f"`{s}`".replace("|", "\\|") for s in breakdowns.get(r["indicator"], []) if s) or "geen"
            lines.append(f"| `{r['indicator']}` | {r['naam']} | {r['eenheid']} | {r['definitie']} | {kinds} |")
        lines.append("")
    return "\n".join(lines)


def marts_page() -> str:
    """docs/marts.md from the descriptions of the marts and their columns; what surrounds them stands in docs/marts.tekst.md."""
    texts = dict(re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", (MODELS / "kolommen.md").read_text()))
    marts = yaml.safe_load((MODELS / "marts" / "_marts.yml").read_text())["models"]
    listed = ["| tabel | |", "|---|---|", *(f"| `{m['name']}` | {m['description']} |" for m in marts)]
    columns = []
    for mart in marts:
        columns += [f"### {mart['name']}", "", "| kolom | |", "|---|---|"]
        for column in mart["columns"]:
            named = re.search(r'doc\("(\w+)"\)', column["description"])
            text = texts[named[1]] if named else column["description"]
            columns.append(f"| `{column['name']}` | {text.replace('|', chr(92) + '|')} |")
        columns.append("")
    page = MADE + (DOCS / "marts.tekst.md").read_text()
    return page.replace("<!-- marten -->", "\n".join(listed)).replace("<!-- kolommen -->", "\n".join(columns).strip())


def _read(name: str) -> list[dict[str, str]]:
    with (CATALOGUE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "aanlevering.md": delivery_page,
    DOCS / "indicatoren.md": indicators_page,
    DOCS / "marts.md": marts_page,
    overzicht.PATH: overzicht.text,
}

if __name__ == "__main__":
    for path, make in PAGES.items():
        path.write_text(make())
