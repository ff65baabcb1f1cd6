"""What every indicator is, as the ``.yml`` beside its rows has it (``int_bijdrage_<onderwerp>.yml``), and what marts show of it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from orchestration import seeds
from orchestration.errors import UserError, did_you_mean
from orchestration.language import say
from orchestration.transform import dbt

SUBJECT = "int_bijdrage_"
TOTAL = ""
"""The breakdown that every indicator has but a distribution (``aandeel_naar``)."""


class DefinitionError(UserError):
    """An indicator is not defined as it should be."""


@dataclass(frozen=True)
class Indicator:
    """An indicator as it is defined."""

    code: str
    naam: str
    soort: str
    eenheid: str
    thema: str
    telt_op: str
    """The day by which what it counts falls in a period."""
    definitie: str
    laagste_gebied: str
    periodes: str
    """``jaar`` where there are figures by year only, else ``alle``"""
    is_telling: bool
    leeg_ontbreekt: bool
    """Whether it is missing, and not nought, where nothing was delivered"""
    uitsplitsingen: tuple[str, ...]
    volgorde: int
    norm: float | None = None
    """What is asked of the figure, in its unit"""
    norm_categorie: str = ""
    """The category that the norm is of; empty for the total"""


@cache
def indicators() -> dict[str, Indicator]:
    """Code → indicator, in the order in which they are shown."""
    dbt.parse()
    of_all = _meta("int_indicator")
    subjects = [n for n in dbt.nodes().values() if n["name"].startswith(SUBJECT) and n["resource_type"] == "model"]
    found = [
        _indicator(code, n["name"], {k: n["config"]["meta"].get(k) for k in ("thema", "telt_op")} | given, of_all)
        for n in subjects
        for code, given in n["config"]["meta"]["indicatoren"].items()
    ]
    return {i.code: i for i in sorted(found, key=lambda i: i.volgorde)}


def _meta(model: str) -> dict[str, Any]:
    found: dict[str, Any] = dbt.nodes()[f"model.veilig_thuis.{model}"]["config"]["meta"]
    return found


ASKED_OF_ALL = ("naam", "soort", "eenheid", "thema", "telt_op", "definitie", "volgorde")
"""What a definition says, by itself or for all of its subject."""


def _indicator(code: str, subject: str, given: dict[str, Any], of_all: dict[str, Any]) -> Indicator:
    if missing := [name for name in ASKED_OF_ALL if given.get(name) is None]:
        raise DefinitionError(
            say(
                "{file}: {code} has no {names}. What a definition says: docs/adding-an-indicator.md.",
                file=f"{subject}.yml",
                code=code,
                names=", ".join(missing),
            )
        )
    kinds = of_all["soorten"]
    if (kind := kinds.get(given["soort"])) is None:
        raise DefinitionError(
            say(
                "{file}: {code} is of no kind {kind}. The kinds: {kinds} (int_indicator.yml).",
                file=f"{subject}.yml",
                code=code,
                kind=given["soort"],
                kinds=", ".join(kinds),
            )
        )
    total = (TOTAL,) if kind["met_totaal"] else ()
    return Indicator(
        code=code,
        naam=given["naam"],
        soort=given["soort"],
        eenheid=given["eenheid"],
        thema=given["thema"],
        telt_op=given["telt_op"],
        definitie=given["definitie"],
        laagste_gebied=given.get("laagste_gebied", of_all["laagste_gebied"]),
        periodes=kind["periodes"],
        is_telling=kind["is_telling"],
        leeg_ontbreekt=kind["leeg_ontbreekt"],
        uitsplitsingen=(*total, *given.get("uitsplitsingen", [])),
        volgorde=given["volgorde"],
        norm=(norm := given.get("norm") or {}).get("waarde"),
        norm_categorie=norm.get("categorie", TOTAL),
    )


# --- marts with a figure per column ------------------------------------------------------------------------------------------------------

UNITS = {
    "werkdagen": "in werkdagen",
    "weken": "in weken",
    "fte": "in fte",
    "per_1000": "per 1.000",
    "procent": "in procenten",
    "verhouding": "verhouding",
}
"""What stands behind the name of a figure, by its unit."""
A_YEAR_EARLIER = "; dezelfde periode een jaar eerder"
SINCE_A_YEAR = "; verandering ten opzichte van een jaar eerder, in procenten, leeg zolang de periode loopt"
ASKED = "; norm van het Landelijk Netwerk Veilig Thuis"


def in_unit(unit: str) -> str:
    """The unit behind the name of a figure, where that does not say it itself."""
    told = UNITS.get(unit, "")
    return f", {told}" if told.startswith("in ") else ""


@dataclass(frozen=True)
class Column:
    """A column of a mart: its name, data type, text, and the figure as ``vt trace`` is asked for it (of the figure itself only)."""

    name: str
    data_type: str
    text: str
    figure: str = ""


@cache
def subject_marts() -> dict[str, dict[str, Any]]:
    """Mart with a figure per column → what stands at the top of its model (macro ``draaitabel``), by name."""
    dbt.parse()
    found = {n["name"]: n["config"]["meta"]["mart"] for n in dbt.nodes().values() if "mart" in n["config"].get("meta", {})}
    return dict(sorted(found.items()))


def columns(mart: dict[str, Any]) -> list[Column]:
    """The columns with figures of a mart, in the order that its model gives them. Raises ``DefinitionError`` for a figure that is none."""
    found = []
    for name, figure in mart["kolommen"].items():
        code, _, breakdown = figure.partition(" ")
        kind, _, value = breakdown.partition("=")
        indicator = indicators().get(code)
        if indicator is None or kind not in indicator.uitsplitsingen:
            known = indicators() if indicator is None else indicator.uitsplitsingen
            missing = say("Column {column} of a mart: there is no figure {figure}.", column=name, figure=figure)
            raise DefinitionError(f"{missing}{did_you_mean(kind if indicator else code, known)}")
        called = indicator.naam + (f": {category_name(kind, value)}" if kind else "")
        called += f"; {kind.replace('_', ' ')}" if kind.startswith("uitkomst_") else ""  # two breakdowns have the same values
        text = called + in_unit(indicator.eenheid)
        whole = "bigint" if indicator.is_telling else "double"
        found.append(Column(name, whole, text, figure))
        if name in mart.get("vorig_jaar", []):
            found += [
                Column(f"{name}_vorig_jaar", whole, text + A_YEAR_EARLIER),
                Column(f"{name}_verandering", "double", text + SINCE_A_YEAR),
            ]
        if name in mart.get("normen", []):
            found.append(Column(f"{name}_norm", "double", text + ASKED))
    return found


def category_name(kind: str, value: str) -> str:
    """What a value of a breakdown is called, and the total; of a crossed one the names of both.

    Raises ``DefinitionError`` for one that is none.
    """
    if kind == TOTAL:
        return next(r["naam"] for r in _breakdowns() if r["categorie_soort"] == TOTAL)
    kinds, lists = _kinds_and_names()
    pairs = list(zip(kind.split("|"), value.split("|"), strict=False))
    if unknown := [f"{k}={v}" for k, v in pairs if (kinds[k], v) not in lists]:
        raise DefinitionError(
            say("There is no {names}: what {kind} can be stands in seeds/codes and seeds/catalogue.", names=", ".join(unknown), kind=kind)
        )
    return " | ".join(lists[kinds[k], v] for k, v in pairs)  # as int_categorie calls it


def category_order(kind: str, value: str) -> int:
    """The place of a value of a breakdown among the others: that of its code list; the total is the first."""
    if kind == TOTAL:
        return 0
    kinds, lists = _kinds_and_names()
    places = {pair: place for place, pair in enumerate(lists)}
    first, *second = [places[kinds[k], v] for k, v in zip(kind.split("|"), value.split("|"), strict=False)]
    return first * len(places) + sum(second)


@cache
def _breakdowns() -> list[dict[str, str]]:
    return seeds.rows("catalogue/categorie_soorten.csv")


@cache
def _kinds_and_names() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    kinds = {r["categorie_soort"]: r["codelijst"] for r in _breakdowns()}
    rows = seeds.rows("codes/codelijsten.csv") + seeds.rows("catalogue/afgeleide_categorieen.csv")
    return kinds, {(r["codelijst"], r["code"]): r["naam"] for r in rows}
