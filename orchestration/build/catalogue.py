"""What every indicator is, as the ``.yml`` beside the model with its rows has it (``int_bijdrage_<onderwerp>.yml``)."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from orchestration.build import dbt

SUBJECT = "int_bijdrage_"
TOTAL = ""
"""The breakdown that every indicator has but a distribution (``aandeel_naar``)."""


@dataclass(frozen=True)
class Indicator:
    """An indicator as it is defined."""

    code: str
    naam: str
    soort: str
    eenheid: str
    thema: str
    definitie: str
    laagste_gebied: str
    periodes: str
    """``jaar`` where there are figures by year only, else ``alle``"""
    is_telling: bool
    uitsplitsingen: tuple[str, ...]
    volgorde: int


@cache
def indicators() -> dict[str, Indicator]:
    """Code → indicator, in the order in which they are shown."""
    dbt.parse()
    kinds = _meta("int_indicator")["soorten"]
    found = [
        _indicator(code, given, {"thema": meta.get("thema")}, kinds[given["soort"]])
        for meta in (n["config"]["meta"] for n in dbt.nodes().values() if n["name"].startswith(SUBJECT) and n["resource_type"] == "model")
        for code, given in meta["indicatoren"].items()
    ]
    return {i.code: i for i in sorted(found, key=lambda i: i.volgorde)}


def _meta(model: str) -> dict[str, Any]:
    found: dict[str, Any] = dbt.nodes()[f"model.veilig_thuis.{model}"]["config"]["meta"]
    return found


def _indicator(code: str, given: dict[str, Any], of_subject: dict[str, Any], kind: dict[str, Any]) -> Indicator:
    total = () if given["soort"] == "aandeel_naar" else (TOTAL,)
    return Indicator(
        code=code,
        naam=given["naam"],
        soort=given["soort"],
        eenheid=given["eenheid"],
        thema=given.get("thema") or of_subject["thema"],
        definitie=given["definitie"],
        laagste_gebied=given.get("laagste_gebied", "buurt"),
        periodes=kind.get("periodes", "alle"),
        is_telling=kind["is_telling"],
        uitsplitsingen=(*total, *given.get("uitsplitsingen", [])),
        volgorde=given["volgorde"],
    )
