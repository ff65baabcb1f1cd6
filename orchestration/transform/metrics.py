"""The metrics of MetricFlow (``metrics/models/_metrics.yml``), made of the definitions of the indicators.

A metric adds up what the long table has above and below the line, or counts different ones and distributions on the facts. Names and texts
are those of the catalogue; an indicator that cannot be had either way says why not (``left_out``).
"""

from collections.abc import Iterator
from typing import Any

import yaml

from orchestration import seeds
from orchestration.settings import PROJECT
from orchestration.transform.catalogue import TOTAL, Indicator, indicators

FOLDER = PROJECT / "metrics"
PATH = FOLDER / "models" / "_metrics.yml"

Yaml = dict[str, Any]

STOCK = "stand"
"""The measure of stocks: of a longer period the last month. ``metrics/mf.py`` knows them by it."""

OF_SUMS = ("aantal", "voorraad", "gemiddelde", "aandeel", "aandeel_naar")
"""Kinds of which months and areas add up: what stands above and below the line, each by itself."""

OF_ROWS: dict[str, Yaml] = {
    "uniek": {"agg": "count_distinct"},
    "mediaan": {"agg": "median"},
    "p90": {"agg": "percentile", "agg_params": {"percentile": 0.9, "use_discrete_percentile": True}},
}
"""Kinds that are made of rows of a fact, by how."""

VIEWS: dict[str, Yaml] = {
    "meldingen": {"key": ("melding", "melding_id"), "breakdowns": [], "text": "Meldingen van maanden die om zijn, met hun casus."},
    "veiligheidsbeoordelingen": {
        "key": ("beoordeling", "melding_id"),
        "breakdowns": ["urgentie"],
        "text": "Veiligheidsbeoordelingen met een besluit in een maand die om is.",
    },
    "diensten": {
        "key": ("dienst", "dienst_id"),
        "breakdowns": ["dienst_soort"],
        "text": "Diensten, afgesloten in een maand die om is.",
    },
}
"""The facts of which there are metrics (a view of that name in ``metrics/models``): their key, as MetricFlow names it and as a column."""

COUNTED: dict[str, tuple[str, str]] = {
    "casussen_met_melding": ("meldingen", "casus_id"),
    "vb_doorlooptijd_mediaan": ("veiligheidsbeoordelingen", "werkdagen"),
    "vb_doorlooptijd_p90": ("veiligheidsbeoordelingen", "werkdagen"),
    "dienst_doorlooptijd_mediaan": ("diensten", "weken"),
    "dienst_doorlooptijd_p90": ("diensten", "weken"),
}
"""Indicator that is made of rows → the view, and the column that is counted or put in order."""

RATIOS = {"meldingen_per_casus": ("meldingen", "casussen_met_melding")}
"""Indicator that is one metric over another."""


def left_out(indicator: Indicator) -> str:
    """Why there is no metric of this indicator; empty where there is."""
    if indicator.soort in OF_SUMS or indicator.code in COUNTED or indicator.code in RATIOS:
        return ""
    if indicator.soort == "per_1000":
        return "by year alone, and where the households of one gemeente are missing there is none: a sum would not notice"
    return f"of the kind {indicator.soort}, which is not made of anything that MetricFlow has"


def without(indicator: Indicator, breakdown: str) -> str:
    """Why an indicator has no metric by this breakdown; empty where it has, or has it as a dimension."""
    if left_out(indicator):
        return left_out(indicator)
    if "|" in breakdown and not indicator.is_telling:
        return "what is crossed has no noughts, and a share of months without it would lack their whole"
    return ""


def metric(indicator: Indicator, breakdown: str = TOTAL) -> str:
    """The name of the metric by a breakdown; of rows it is the same, with the breakdown as a dimension."""
    if breakdown == TOTAL or indicator.code in COUNTED:
        return indicator.code
    return f"{indicator.code}_naar_{breakdown.replace('|', '_en_')}"


def dimension(indicator: Indicator) -> str:
    """What a metric by breakdown is grouped by; of a figure of rows, before the name of the breakdown."""
    return "cijfer__categorie" if indicator.code not in COUNTED else f"{VIEWS[COUNTED[indicator.code][0]]['key'][0]}__"


class _Plain(yaml.SafeDumper):
    """What stands twice is written twice: a reader of the file need not look for it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def text() -> str:
    """The file: semantic models over the views beside it, and their metrics."""
    made = {"version": 2, "models": [_spine()], "semantic_models": list(_semantic_models()), "metrics": list(_metrics())}
    dumped: str = yaml.dump(made, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=200)
    return f"# Made by `make docs` of the definitions of the indicators; change those, not this file.\n{dumped}"


def _spine() -> Yaml:
    return {
        "name": "dagen",
        "description": "De dagen van de eerste melding of adviesvraag tot en met de peildatum.",
        "time_spine": {"standard_granularity_column": "dag"},
        "columns": [{"name": "dag", "granularity": "day"}],
    }


def _semantic_models() -> Iterator[Yaml]:
    last_month = {"name": "maand", "window_choice": "max"}
    yield {
        **_model("cijfers", "De lange tabel, als wat optelt: maanden die om zijn, gebieden die niet overlappen."),
        "primary_entity": "cijfer",
        "entities": _foreign(),
        "dimensions": [_MONTH, *_categorical("indicator", "categorie_soort", "categorie", "categorie_naam")],
        "measures": [
            {"name": "teller", "agg": "sum"},
            {"name": "noemer", "agg": "sum"},
            {"name": STOCK, "agg": "sum", "expr": "teller", "non_additive_dimension": last_month},
        ],
    }
    for name, view in VIEWS.items():
        entity, key = view["key"]
        yield {
            **_model(name, view["text"]),
            "entities": [{"name": entity, "type": "primary", "expr": key}, *_foreign()],
            "dimensions": [_MONTH, *_categorical(*view["breakdowns"])],
            "measures": [
                {"name": code, "expr": column, **OF_ROWS[indicators()[code].soort]} for code, (of, column) in COUNTED.items() if of == name
            ],
        }
    yield {
        "name": "gebieden",
        "description": "De gemeenten, BUITEN, en de stadsdelen van Amsterdam.",
        "model": "ref('gebieden')",
        "entities": [{"name": "gebied", "type": "primary"}],
        "dimensions": _categorical("gemeente", "gemeente_naam", "stadsdeel", "stadsdeel_naam"),
    }
    yield {
        "name": "maanden",
        "description": "Het halfjaar van een maand, en of de perioden waar zij in ligt heel zijn: niet begonnen voor de maand van de "
        "eerste melding of adviesvraag, en om op de peildatum.",
        "model": "ref('maanden')",
        "entities": [{"name": "periode", "type": "primary", "expr": "maand"}],
        "dimensions": _categorical("halfjaar", "kwartaal_heel", "halfjaar_heel", "jaar_heel"),
    }


_MONTH: Yaml = {"name": "maand", "type": "time", "type_params": {"time_granularity": "month"}}


def _model(name: str, text: str) -> Yaml:
    return {"name": name, "description": text, "model": f"ref('{name}')", "defaults": {"agg_time_dimension": "maand"}}


def _foreign() -> list[Yaml]:
    return [{"name": "gebied", "type": "foreign"}, {"name": "periode", "type": "foreign", "expr": "maand"}]


def _categorical(*names: str) -> list[Yaml]:
    return [{"name": name, "type": "categorical"} for name in names]


def _metrics() -> Iterator[Yaml]:
    for name, where in (("boven_de_streep", "teller"), ("onder_de_streep", "noemer")):
        text = f"De {where} van aandelen en gemiddelden; geen cijfer op zich."
        yield {**_head(name, name.replace("_", " ").capitalize(), text), "type": "simple", "type_params": {"measure": where}}
    kinds = {r["categorie_soort"]: r["naam"] for r in seeds.rows("catalogue/categorie_soorten.csv")}
    for indicator in indicators().values():
        if left_out(indicator):
            continue
        if indicator.code in COUNTED:
            yield {
                **_head(indicator.code, indicator.naam, indicator.definitie),
                "type": "simple",
                "type_params": {"measure": indicator.code},
            }
        elif indicator.code in RATIOS:
            above, below = RATIOS[indicator.code]
            yield {**_head(indicator.code, indicator.naam, indicator.definitie), **_ratio(above, below)}
        else:
            for breakdown in indicator.uitsplitsingen:
                if not without(indicator, breakdown):
                    yield _of_sums(indicator, breakdown, kinds[breakdown])


def _of_sums(indicator: Indicator, breakdown: str, kind: str) -> Yaml:
    by = f" Naar {kind}: altijd met cijfer__categorie." if breakdown else ""
    label = f"{indicator.naam} naar {kind}" if breakdown else indicator.naam
    measure = STOCK if indicator.soort == "voorraad" else "teller"
    counts = {"type": "simple", "type_params": {"measure": measure}}
    return {
        **_head(metric(indicator, breakdown), label, indicator.definitie + by),
        **(counts if indicator.is_telling else _ratio("boven_de_streep", "onder_de_streep")),
        "filter": f"{{{{ Dimension('cijfer__indicator') }}}} = '{indicator.code}' and "
        f"{{{{ Dimension('cijfer__categorie_soort') }}}} = '{breakdown}'",
    }


def _head(name: str, label: str, text: str) -> Yaml:
    return {"name": name, "label": label, "description": text}


def _ratio(above: str, below: str) -> Yaml:
    return {"type": "ratio", "type_params": {"numerator": above, "denominator": below}}
