"""What changed since the edition before, of what both published; and what printed reports say differently of the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import seeds
from orchestration.disclosure import vintage
from orchestration.disclosure.cells import KEY
from orchestration.disclosure.publish import DECIMALS
from orchestration.outputs.report.numbers import in_unit, written
from orchestration.outputs.report.sentences import capital
from orchestration.outputs.words import WORDS
from orchestration.transform import catalogue
from orchestration.transform.catalogue import Indicator

REGION_YEARS = ("", "regio", "jaar")
"""Breakdown and kinds of area and period of the figures that are told one by one; the others are counted."""
REASONS = (
    "Een cijfer over een oud jaar verandert als er later nog iets over dat jaar geregistreerd, gewijzigd of verwijderd wordt, als een"
    " definitie of een gebiedsindeling verandert, of als gegevens na hun bewaartermijn vernietigd zijn. Kleine wijzigingen zijn niet"
    " te zien: een afgerond cijfer blijft staan tot het ware er een hele afronding naast ligt."
)


@dataclass(frozen=True)
class Revised:
    """A figure that two editions have differently."""

    name: str
    period: str
    before: str
    now: str


@dataclass(frozen=True)
class Revisions:
    """What the annex tells."""

    told: tuple[str, ...]
    rows: tuple[Revised, ...] = ()
    of_print: tuple[str, ...] = ()


def revisions(kept: Path, now: str) -> Revisions:
    """Of vintage ``now`` and the one before it; ``kept`` is where what was published lies. Without vintages: the reasons alone."""
    names = [v.name for v in vintage.vintages(kept)] if kept.exists() else []
    before = names[names.index(now) - 1] if now in names and names.index(now) else ""
    if not before:
        return Revisions(("Dit is de eerste jaargang: er is geen eerdere om mee te vergelijken.", REASONS), of_print=_of_print())
    changed = [
        dict(zip((*_KEYS, "was", "is", "was_status", "is_status"), row, strict=True)) for row in vintage.difference(kept, before, now)
    ]
    both = [c for c in changed if c["was_status"] and c["is_status"]]
    single = [c for c in both if (c["categorie_soort"], c["gebied_soort"], c["periode_soort"]) == REGION_YEARS]
    count = (
        f"Van de cijfers die ook in jaargang {before} staan, zijn er {written(len(both))} veranderd, waarvan {written(len(single))} totalen"
        " van de regio per jaar."
    )
    known = catalogue.indicators()
    rows = tuple(
        Revised(known[c["indicator"]].naam, c["periode"], _told(known[c["indicator"]], c, "was"), _told(known[c["indicator"]], c, "is"))
        for c in single
        if c["indicator"] in known
    )
    return Revisions((count, REASONS), rows, _of_print())


_KEYS = tuple(key.strip() for key in KEY.split(","))


def _told(indicator: Indicator, changed: dict[str, Any], which: str) -> str:
    value = changed[which]
    if value is None:
        return WORDS[changed[f"{which}_status"]]
    return in_unit(value, indicator.eenheid, 0 if indicator.is_telling else DECIMALS[indicator.eenheid])


def _of_print() -> tuple[str, ...]:
    """What is known of printed reports that differ, with the reason."""
    rows = seeds.rows("published/verklaringen.csv")
    return tuple(
        f"{capital(catalogue.indicators()[r['indicator']].naam)}, {r['periode']}"
        f"{f' ({_category(r)})' if r['categorie_soort'] else ''}: {r['reden'][:1].lower()}{r['reden'][1:]}."
        for r in rows
    )


def _category(row: dict[str, str]) -> str:
    try:
        return catalogue.category_name(row["categorie_soort"], row["categorie"])
    except catalogue.DefinitionError:  # a sum that only the printed report has
        return row["categorie"].replace("_", " ").lower()
