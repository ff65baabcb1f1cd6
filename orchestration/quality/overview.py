"""The one table of all checks: what, done with, when, on what it fails, who mends it. Made from where each check stands.

``make docs`` writes ``expectations/controles.csv``; a test holds it against the sources, so that no check can be missing.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from orchestration.intake.contract import Field, load_contract
from orchestration.quality import judging, suites
from orchestration.quality.intake_warnings import WHO, expected
from orchestration.settings import PROJECT
from orchestration.transform import dbt

PATH = PROJECT / "expectations" / "controles.csv"


class OverviewRow(NamedTuple):
    """One check."""

    controle: str
    onderwerp: str
    wat: str
    uitgevoerd_met: str
    wanneer: str
    faalt_op: str
    gevolg: str
    wie_lost_op: str


BUILD = "data-engineering"

# Rules of the delivery contract by which a delivery is refused whole (intake/delivery.py, intake/reader.py, landing/takein.py).
REFUSAL_OF = {
    "manifest": "levering.json mist een veld, is geen JSON, of is van een andere contractversie of organisatie",
    "bestand": "een genoemd bestand ontbreekt, zijn controlesom of aantal rijen wijkt af, of het is niet te lezen",
    "kolommen": "een kolom van het contract ontbreekt",
    "entiteiten": "een volledige levering mist een entiteit",
    "volgorde": "het nummer volgt niet op het laatst opgenomen nummer, of was er al met andere inhoud",
    "peildatum": "de peildatum ligt voor de vorige",
    "omvang": "een volledige levering heeft minder dan 80% van de rijen van de stand (een mens kan haar doorlaten)",
}

# What the last step holds against one another before a release counts (release/verdict.py, defs/release.py).
OORDEEL = {
    "modellen_volledig": ("elk model van het project is gebouwd", "een model dat ontbreekt, is overgeslagen of mislukte"),
    "controles_volledig": ("elke controle van deze tabel is uitgevoerd", "een controle zonder uitkomst"),
    "release_heel": ("de uitgegeven map is heel en current wijst ernaar", "een map zonder release.json, of een andere dan deze run maakte"),
    "wijziging_drempel": (
        "de cijfers over afgelopen perioden wijzigden niet te veel",
        "een aandeel boven VT_WIJZIGING_DREMPEL: de release wacht op goedkeuring",
    ),
    "bekende_fouten": ("elke regel van bekende_fouten.yaml is nog nodig en nog geldig", "een regel die verlopen is of niet meer nodig"),
}


def rows() -> list[OverviewRow]:
    """Every check there is, in the order of the flow."""
    return [*_refusals(), *_row_rules(), *_warnings(), *_suites("landing"), *_dbt(), *_suites("uitgave"), *_verdict()]


def text() -> str:
    """The table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(OverviewRow._fields)
    writer.writerows(rows())
    return out.getvalue()


def _refusals() -> Iterator[OverviewRow]:
    for name, what in REFUSAL_OF.items():
        yield OverviewRow(
            f"levering.{name}", "levering", what, "intake", "bij opname", "een overtreding", "de levering wordt geweigerd", WHO
        )


def _row_rules() -> Iterator[OverviewRow]:
    for entity in load_contract().entities:
        for field in entity.fields:
            for rule in _rules(field):
                yield OverviewRow(
                    f"rij.{entity.name}.{field.name}.{rule.partition(' ')[0]}",
                    entity.name,
                    f"{field.name}: {rule.partition(' ')[2]}",
                    "intake",
                    "bij opname",
                    "een rij die de regel breekt",
                    "de rij gaat in quarantaine",
                    WHO,
                )


def _rules(v: Field) -> Iterator[str]:
    """Name and words of the contract's rules on a field."""
    bounds = load_contract().bounds
    later = f" en niet meer dan {bounds.jaren_na_peildatum} jaar na de peildatum" if v.mag_na_peildatum else ""
    day, month = v.veldsoort in {"datum", "moment"}, v.veldsoort == "maand"
    only = v.alleen_waar
    rules = {
        "verplicht is gevuld": v.required,
        f"soort is een {v.veldsoort}": True,
        "sleutel hoort bij de sleutel, die uniek is": v.key_position,
        f"codelijst staat in de codelijst {v.codelijst}": v.codelijst,
        f"ouder bestaat in {v.verwijst_naar}": v.verwijst_naar,
        f"niet_voor ligt niet voor {v.niet_voor}": v.niet_voor,
        f"gevuld_precies_waar is gevuld precies waar {v.gevuld_precies_waar} gevuld is": v.gevuld_precies_waar,
        f"alleen_waar is alleen gevuld waar {only.veld} {only.waarde or 'gevuld'} is" if only else "": only,
        f"leeg_waar is leeg waar {v.leeg_waar} ja is": v.leeg_waar,
        f"minimum is ten minste {v.minimum}": v.minimum is not None,
        f"maximum is hoogstens {v.maximum}": v.maximum is not None,
        f"langste heeft hoogstens {v.langste} tekens en geen onzichtbaar teken": v.langste,
        "nummer is geen woord dat niets betekent en houdt geen onzichtbaar teken": v.veldsoort == "nummer",
        f"venster ligt niet voor {bounds.eerste_dag}{later}": day,
        f"venster ligt niet voor de maand van {bounds.eerste_dag}": month,
        "peildatum ligt niet na de peildatum": day and not v.mag_na_peildatum,
        "peildatum ligt niet na de maand van de peildatum": month,
    }
    yield from (text for text, holds in rules.items() if holds)


def _warnings() -> Iterator[OverviewRow]:
    for name, entity, rule, field in expected():
        what = f"{field}: {rule.replace('_', ' ')}"
        yield OverviewRow(name, entity, what, "intake", "bij opname", "een onwaarschijnlijke waarde", "waarschuwing; de rij doet mee", WHO)


def _suites(edge: str) -> Iterator[OverviewRow]:
    when = {"landing": "na de geschiedenis, voor dbt", "uitgave": "na dbt, voor de release"}[edge]
    for suite in suites.load(edge):
        for name, expectations in suite.controles.items():
            meta = expectations[0]["meta"]
            yield OverviewRow(
                f"{suite.name}.{name}",
                f"{suite.schema}.{suite.table}",
                meta["wat"],
                "great_expectations",
                when,
                judging.fails_on(expectations),
                "houdt de release tegen" if expectations[0]["severity"] == suites.BLOCKING else "waarschuwing",
                meta["wie"],
            )


def _dbt() -> Iterator[OverviewRow]:
    dbt.parse()
    nodes = dbt.nodes().values()
    for node in sorted((n for n in nodes if n["resource_type"] in dbt.CHECKED), key=lambda n: str(n["name"])):
        what = node.get("description") or _generic(node.get("test_metadata") or {}) or node["name"].replace("_", " ")
        yield OverviewRow(
            node["name"],
            dbt.subject(node),
            " ".join(what.split()),
            "dbt",
            "in de bouw",
            "een rij die de test geeft",
            "houdt de release tegen" if node["config"]["severity"].lower() == "error" else "waarschuwing",
            BUILD,
        )


def _generic(test: dict[str, Any]) -> str:
    """A generic test in words: its name and what it was given."""
    given = {k: v for k, v in test.get("kwargs", {}).items() if k != "model"}
    return " ".join([test["name"].replace("_", " "), *(f"({k}: {v})" for k, v in given.items())]) if test else ""


def _verdict() -> Iterator[OverviewRow]:
    for name, (what, fails) in OORDEEL.items():
        effect = "wordt gemeld" if name == "bekende_fouten" else "de oude release blijft staan"
        yield OverviewRow(f"oordeel.{name}", "release", what, "oordeel", "als laatste", fails, effect, BUILD)
