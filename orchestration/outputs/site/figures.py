"""A page for each indicator: what it is, where it stands, how good it is, and the way from delivery to figure."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import duckdb

from orchestration.disclosure.rules import AREAS, PERIODS, Rule, read_rules
from orchestration.documentation import question
from orchestration.outputs.site import drawing
from orchestration.outputs.site.guides import FOLDER
from orchestration.release.publish import LONG
from orchestration.transform import catalogue, lineage
from orchestration.transform.catalogue import Indicator

PLACE = "cijfers"


@dataclass(frozen=True)
class Standing:
    """How good the figures of an indicator are in this release."""

    kwaliteit: str
    reason: str | None


def standings(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, Standing]:
    """Of each indicator, as the release in ``database`` says."""
    rows = con.execute(f"select indicator, kwaliteit, kwaliteit_reden from {database}.kwaliteit.indicatoren").fetchall()
    return {code: Standing(kwaliteit, reason) for code, kwaliteit, reason in rows}


def subjects(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Indicator → the subjects whose rows its figures are counted from, in the build attached as ``veilig_thuis``."""
    query = f"select indicator, list(onderwerp order by onderwerp) from ({lineage.OF_INDICATORS}) group by all"
    return dict(con.execute(query).fetchall())


def home(release: Mapping[str, object], standing: Mapping[str, Standing]) -> str:
    """The first page: all indicators, by subject of the catalogue."""
    rows = list(catalogue.indicators().values())
    lines = [
        "<h1>Veilig Thuis in cijfers: wat elk cijfer is en waar het op rust</h1>",
        f"<p>Release {_t(release['release'])}, stand van de registratie op {_t(release['peildatum'])}, {_t(release['organisatie'])},"
        f" {_t(release['omgeving'])}. Deze pagina's staan in de release en vragen niets van een netwerk. Zij zeggen wat de cijfers"
        " betekenen, niet hoe hoog zij zijn.</p>",
        f'<p><a href="../controles.html">Alle controles van deze release</a>. <a href="dbt.html">Alle tabellen met hun SQL</a>, in dbt.'
        f' Welke tabel welke vraag beantwoordt: <a href="{FOLDER}/docs/question-table-query.html">vraag, tabel, query</a>.'
        f' Alle handleidingen: <a href="{FOLDER}/index.html">inhoud</a>.</p>',
    ]
    for thema in dict.fromkeys(i.thema for i in rows):
        items = "".join(
            f'<tr><td><a href="{PLACE}/{i.code}.html">{_t(i.naam)}</a></td><td>{_t(i.definitie)}</td>'
            f"<td>{_told(standing.get(i.code))}</td></tr>"
            for i in rows
            if i.thema == thema
        )
        head = "<tr><th scope=col>Cijfer</th><th scope=col>Wat het is</th><th scope=col>Kwaliteit</th></tr>"
        lines.append(
            f'<h2>{_t(thema.capitalize())}</h2><div class="breed"><table><thead>{head}</thead><tbody>{items}</tbody></table></div>'
        )
    return "\n".join(lines)


def page(indicator: Indicator, of: list[str], standing: Standing | None, graphs: Mapping[str, Mapping[str, list[str]]]) -> str:
    """The page of one indicator; ``of`` are its subjects, ``graphs`` what each of these rests on."""
    table, query = question(indicator)
    published = [r for r in _rules() if r.indicator == indicator.code and r.rule != "niet"]
    periods, areas = (_listed(PERIODS, {r.period for r in published}), _listed(AREAS, {r.area for r in published}))
    facts = {
        "Definitie": _t(indicator.definitie),
        "Eenheid": _t(indicator.eenheid),
        "Telt op": _t(indicator.telt_op),
        "Kleinste gebied": _t(indicator.laagste_gebied),
        "Kortste periode": "jaar" if indicator.periodes == "jaar" else "maand",
        "Uitsplitsingen": ", ".join(f"<code>{_t(u)}</code>" for u in indicator.uitsplitsingen if u) or "geen",
        "Tabel": f"<code>{_t(table.strip('`'))}</code>, en <code>{LONG}</code> met <code>indicator = '{indicator.code}'</code>",
        "Kwaliteit in deze release": _told(standing),
        "Naar buiten": f"per {periods}, voor {areas}" if published else "niet: geen publicatieregel noemt dit cijfer",
        "Regels van een getal": f"<code>vt trace {indicator.code} --periode 2024</code>",
    }
    lines = [
        f"<h1>{_t(indicator.naam)}</h1>",
        f'<p class="stil"><code>{indicator.code}</code></p>',
        "<dl>" + "".join(f"<dt>{name}</dt><dd>{told}</dd>" for name, told in facts.items()) + "</dl>",
        f"<h2>Opvragen</h2><pre><code>{_t(query)}</code></pre>",
        "<h2>Van levering tot cijfer</h2>",
        "<p>Links de bestanden van een levering, rechts de tabel met het cijfer. Elk vak gaat naar de beschrijving, met SQL, kolommen en"
        " controles. Kalenders, lijsten en gebieden, die alle cijfers gebruiken, staan er niet bij.</p>",
    ]
    for subject in of:
        lines += [f"<h3>{_t(subject.replace('_', ' ').capitalize())}</h3>" if len(of) > 1 else "", _drawn(subject, graphs[subject])]
    return "\n".join(lines)


def _drawn(subject: str, graph: Mapping[str, list[str]]) -> str:
    """What a subject rests on, with what is made of it after that."""
    last = next(key for key in graph if lineage.name_of(key) == f"{catalogue.SUBJECT}{subject}")
    end = f"model.veilig_thuis.{LONG.partition('.')[2]}"
    reads = dict(graph) | {end: [last]}
    is_source = {key: key.startswith("source.") for key in reads}
    named = {key: f"{lineage.name_of(key)}.csv" if is_source[key] else lineage.name_of(key) for key in reads} | {end: LONG}
    linked = {
        key: f"../{FOLDER}/docs/aanlevering.html#{lineage.name_of(key)}" if is_source[key] else f"../dbt.html#!/model/{key}"
        for key in reads
    }
    return drawing.draw(reads, named, linked, f"Van levering tot cijfer: {subject}")


@cache
def _rules() -> tuple[Rule, ...]:
    known = catalogue.indicators()
    return tuple(read_rules({c: i.uitsplitsingen for c, i in known.items()}, of_kind={c: i.soort for c, i in known.items()}))


def _listed(order: tuple[str, ...], there: set[str]) -> str:
    return ", ".join(name for name in order if name in there)


def _told(standing: Standing | None) -> str:
    if standing is None:
        return ""
    return _t(standing.kwaliteit) + (f": {_t(standing.reason)}" if standing.reason else "")


def _t(text: object) -> str:
    return html.escape(str(text))
