"""What is made from a definition that stands elsewhere: pages of docs/ (delivery, indicators, marts, questions, metrics), dbt's YAML.

``python -m orchestration.documentation`` (``make docs``) writes them; a test holds them against their sources.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from orchestration import seeds
from orchestration.declared import of_project
from orchestration.errors import UserError
from orchestration.intake.contract import DISTRICTS, PATH, Contract, Entity, Field, load_contract
from orchestration.quality import overview
from orchestration.settings import PROJECT
from orchestration.transform import dbt, described, metrics
from orchestration.transform.catalogue import Indicator, columns, indicators, subject_marts

DOCS = PROJECT / "docs"
MODELS = PROJECT / "dbt_project" / "models"
MADE = "<!-- Made by `make docs`; change its source, not this page. -->\n"


def delivery_page() -> str:
    """docs/aanlevering.md from the delivery contract; what surrounds the tables stands in docs/aanlevering.tekst.md."""
    contract = load_contract()
    tables = "\n".join(_entity(contract, e) for e in contract.entities)
    page = MADE + (DOCS / "aanlevering.tekst.md").read_text()
    return page.replace("<!-- grenzen -->", _bounds()).replace("<!-- tabellen -->", tables)


def _bounds() -> str:
    content = of_project(PATH)
    lines = ["| grens | waarde | betekenis |", "|---|---|---|"]
    for bound in content["customProperties"]:
        value = bound["value"]
        shown = " ".join(f"`{v}`" for v in (value if isinstance(value, list) else [value]))
        lines.append(f"| `{bound['property']}` | {shown} | {bound['description']} |")
    return "\n".join(lines)


def _entity(contract: Contract, entity: Entity) -> str:
    lines = [f"### {entity.name}", "", f"{entity.description}.", "", "| veld | | soort | betekenis |", "|---|---|---|---|"]
    lines += [f"| `{v.name}` | {_marks(v)} | {_kind(v)} | {_meaning(v)} |" for v in entity.fields]
    return "\n".join(lines) + "\n"


def _marks(v: Field) -> str:
    parent = f"→ {v.verwijst_naar}" if v.verwijst_naar else ""
    return " ".join(part for part in ("PK" if v.key_position else "", "!" if v.required else "", parent) if part)


def _kind(v: Field) -> str:
    return f"code `{v.codelijst}`" if v.codelijst else v.veldsoort


def _meaning(v: Field) -> str:
    rules = [v.description]
    if v.niet_voor:
        rules.append(f"niet voor `{v.niet_voor}`")
    if v.gevuld_precies_waar:
        rules.append(f"gevuld precies waar `{v.gevuld_precies_waar}` gevuld is")
    if v.alleen_waar:
        rules.append(f"alleen waar `{v.alleen_waar.veld}`" + (f" `{v.alleen_waar.waarde}` is" if v.alleen_waar.waarde else " gevuld is"))
    if v.minimum is not None:
        rules.append(f"≥ {v.minimum}")
    if v.maximum is not None:
        rules.append(f"≤ {v.maximum}")
    if v.langste is not None:
        rules.append(f"hoogstens {v.langste} tekens")
    if v.sinds:
        rules.append(f"sinds {v.sinds}")
    return "; ".join(rules)


def indicators_page() -> str:
    """docs/indicatoren.md from the indicator catalogue."""
    rows = list(indicators().values())
    stadsdelen = " · ".join(f"{row['stadsdeel_code']} {row['stadsdeel']}" for row in seeds.rows(DISTRICTS))
    lines = [
        MADE + "# De indicatoren",
        "",
        (DOCS / "indicatoren.tekst.md").read_text().strip().replace("<!-- stadsdelen -->", stadsdelen),
        "",
    ]
    for thema in dict.fromkeys(i.thema for i in rows):
        days = {i.telt_op: [j.code for j in rows if (j.thema, j.telt_op) == (thema, i.telt_op)] for i in rows if i.thema == thema}
        lines += [f"## {thema.capitalize()}", ""]
        if len(days) == 1:
            lines += [f"Telt op: {next(iter(days))}."]
        else:
            lines += ["Telt op:", "", *(f"- {day}: {', '.join(f'`{c}`' for c in codes)}" for day, codes in days.items())]
        lines += ["", "| code | naam | eenheid | betekenis | uitsplitsingen |", "|---|---|---|---|---|"]
        for i in (i for i in rows if i.thema == thema):
            kinds = ", ".join(f"`{s}`".replace("|", "\\|") for s in i.uitsplitsingen if s) or "geen"
            lines.append(f"| `{i.code}` | {i.naam} | {i.eenheid} | {i.definitie} | {kinds} |")
        lines.append("")
    return "\n".join(lines)


SHARED = 8
"""Tables that must share a column with its text, for the page to say it once."""


def marts_page() -> str:
    """docs/marts.md from the descriptions of the marts and their columns; what surrounds them stands in docs/marts.tekst.md."""
    marts = _marts()
    listed = ["| tabel | |", "|---|---|", *(f"| `{m['name']}` | {m['description']} |" for m in marts)]
    times = Counter(c for m in marts for c in m["columns"].items())
    shared = dict(c for c, n in times.items() if n >= SHARED)
    columns = ["### Periode en gebied", "", "In elke tabel die ze heeft hetzelfde:", "", "| kolom | |", "|---|---|"]
    columns += [*(_column(*c) for c in shared.items()), ""]
    for mart in marts:
        own = [c for c in mart["columns"].items() if c not in shared.items()]
        both = " En periode en gebied, als boven." if len(own) < len(mart["columns"]) else ""
        columns += [
            f"### {mart['name']}",
            "",
            f"{mart['description']}{both}",
            "",
            "| kolom | |",
            "|---|---|",
            *(_column(*c) for c in own),
            "",
        ]
    page = MADE + (DOCS / "marts.tekst.md").read_text()
    return page.replace("<!-- marten -->", "\n".join(listed)).replace("<!-- kolommen -->", "\n".join(columns).strip())


def _marts() -> list[dict[str, Any]]:
    """The marts: name, description, and columns by name with their texts."""
    dbt.parse()
    marts = [n for n in dbt.nodes().values() if n["resource_type"] == "model" and n["schema"] == "marts"]
    return [
        {"name": n["name"], "description": n["description"], "columns": {c["name"]: c["description"] for c in n["columns"].values()}}
        for n in sorted(marts, key=lambda n: n["name"])
    ]


PERIOD_AND_AREA = {
    "periode_soort": "varchar",
    "periode": "varchar",
    "periode_start": "date",
    "periode_eind": "date",
    "voorlopig": "boolean",
    "gebied_soort": "varchar",
    "gebied": "varchar",
    "gebied_naam": "varchar",
}


def subject_marts_yaml() -> str:
    """``_onderwerpen.yml``: contract, texts and tests of the marts with a figure per column, from the top of their models."""
    lines = [
        "# Made by `make docs` of the top of each model and the definitions of its indicators; change those, not this file.",
        "version: 2",
        "models:",
    ]
    for name, mart in subject_marts().items():
        below = [f"          arguments: {{behalve: {mart['onder_nul']}}}"] if "onder_nul" in mart else []
        lines += [
            f"  - name: {name}",
            f"    description: {json.dumps(mart['omschrijving'], ensure_ascii=False)}",
            "    config: {contract: {enforced: true}}",
            "    data_tests:",
            "      - sleutel:",
            "          description: '{{ doc(\"t_sleutel\") }}'",
            "          arguments: {kolommen: [periode_soort, periode, gebied_soort, gebied]}",
            "      - binnen_grenzen:",
            "          description: '{{ doc(\"t_binnen_grenzen\") }}'",
            *below,
            "    columns:",
            *(_shared(column, kind) for column, kind in PERIOD_AND_AREA.items()),
            *(
                f"      - {{name: {c.name}, data_type: {c.data_type}, description: {json.dumps(c.text, ensure_ascii=False)}}}"
                for c in columns(mart)
            ),
            *([_shared("vergelijkbaarheid_jaar_eerder", "varchar")] if "vorig_jaar" in mart else []),
        ]
    return "\n".join(lines) + "\n"


def _shared(name: str, data_type: str) -> str:
    return f"      - {{name: {name}, data_type: {data_type}, description: '{{{{ doc(\"k_{name}\") }}}}'}}"


def _column(name: str, text: str) -> str:
    return f"| `{name}` | {text.replace('|', chr(92) + '|')} |"


SUBJECT = (("instroom_buurt", "buurt"), ("instroom_stadsdeel", "stadsdeel"), ("instroom_gemeente", "gemeente"))
"""Marts of inflow, the smallest areas first; the others have stadsdelen."""


def questions_page() -> str:
    """docs/question-table-query.md: for each indicator where it stands, how small an area and how short a period it has, and its query."""
    lines = [MADE + (DOCS / "question-table-query.tekst.md").read_text().strip(), ""]
    rows = list(indicators().values())
    for thema in dict.fromkeys(i.thema for i in rows):
        lines += [f"## {thema.capitalize()}", "", "| vraag | kleinste gebied | kortste periode | tabel | query |", "|---|---|---|---|---|"]
        for i in (i for i in rows if i.thema == thema):
            table, query = question(i)
            period = "jaar" if i.periodes == "jaar" else "maand"
            lines.append(f"| {i.naam} | {i.laagste_gebied} | {period} | {table} | `{query}` |")
        lines.append("")
    return "\n".join(lines)


def question(indicator: Indicator) -> tuple[str, str]:
    """Table (with column, where it is a wide one) and query of an indicator, by year in the smallest areas that the table has."""
    wide = {name: {c.figure: c.name for c in columns(mart)} for name, mart in subject_marts().items()}
    there = [(m, area) for m, area in SUBJECT if indicator.code in wide[m]]
    least = indicator.laagste_gebied if indicator.laagste_gebied in {"gemeente", "regio"} else "stadsdeel"
    marts = subject_marts()
    there += [(m, least) for m in wide if indicator.code in wide[m] and m not in dict(SUBJECT) and least in marts[m]["gebieden"]]
    select, where = "select periode, gebied_naam, {} from marts.{}", "where periode_soort = 'jaar' and gebied_soort = '{}'"
    if there:
        mart, area = there[0]
        column = wide[mart][indicator.code]
        area = "gemeente" if indicator.laagste_gebied == "gemeente" else area
        return f"`{mart}.{column}`", f"{select.format(column, mart)} {where.format(area)} order by all"
    kind = indicator.uitsplitsingen[0]  # the total; a distribution has none
    long = f"{select.format('categorie_naam, waarde' if kind else 'waarde', 'indicatoren')} {where.format(indicator.laagste_gebied)}"
    return "`indicatoren`", f"{long} and indicator = '{indicator.code}' and categorie_soort = '{kind}' order by all"


def metrics_page() -> str:
    """docs/metrics.md: the indicators that MetricFlow has, by what, and why not the others; around them stands docs/metrics.tekst.md."""
    there, not_there = ["| metric | | by |", "|---|---|---|"], ["| indicator | by | why |", "|---|---|---|"]
    for i in indicators().values():
        kinds = [k for k in i.uitsplitsingen if not metrics.without(i, k)]
        if i.code in metrics.COUNTED:
            by = [f"`{metrics.dimension(i)}{k}`" for k in kinds if k]
        else:
            by = [f"`{metrics.metric(i, k)}`" for k in kinds if k]
        if kinds:
            there.append(f"| {f'`{i.code}`' if '' in kinds else ''} | {i.naam} | {', '.join(by)} |")
        for kind in (k for k in i.uitsplitsingen if k not in kinds):
            escaped = f"`{kind}`".replace("|", "\\|") if kind else ""
            not_there.append(f"| `{i.code}` | {escaped} | {metrics.without(i, kind)} |")
    page = MADE + (DOCS / "metrics.tekst.md").read_text()
    return page.replace("<!-- metrics -->", "\n".join(there)).replace("<!-- left out -->", "\n".join(not_there))


PAGES: dict[Path, Callable[[], str]] = {
    MODELS / "marts" / "_onderwerpen.yml": subject_marts_yaml,
    metrics.PATH: metrics.text,
    DOCS / "aanlevering.md": delivery_page,
    DOCS / "indicatoren.md": indicators_page,
    DOCS / "marts.md": marts_page,
    DOCS / "metrics.md": metrics_page,
    DOCS / "question-table-query.md": questions_page,
    overview.PATH: overview.text,
}

COMPILED = DOCS / "examples" / "compiled"
"""What dbt makes of the models that are little but a macro."""

OF_TABLES: dict[Path, Callable[[described.Columns], str]] = {
    described.SOURCES: described.sources_yaml,
    described.STAGING: partial(described.models_yaml, described.STAGING),
    described.FACTS: partial(described.models_yaml, described.FACTS),
}
"""What is made of the columns that the tables have."""

if __name__ == "__main__":
    try:
        tables, compiled = described.of_models()
        for name, sql in compiled.items():
            (COMPILED / f"{name}.sql").write_text(sql)
        for path, of_tables in OF_TABLES.items():
            path.write_text(of_tables(tables))
        for path, make in PAGES.items():
            path.write_text(make())
    except UserError as error:
        sys.exit(str(error))
