"""Every check of the last run with its outcome, whether the run released or not."""

from dataclasses import replace

from orchestration.settings import Settings
from orchestration.transform import dbt, steps
from orchestration.transform.controle import Controle


def last_run(settings: Settings) -> list[Controle]:
    """What was checked, in the order of the steps; empty when the last run had nothing to check."""
    build, checks = steps.recorded(settings, "dbt"), steps.recorded(settings, "controles")
    rows = [Controle(**u) for u in (checks or {}).get("uitslagen", [])]
    if build:  # what lies in build/dbt may be of an earlier run
        settled = {f["naam"]: f for f in build["gefaald"] if f["soort"] == "controle"}
        rows += [_settled(c, settled[c.naam]) if c.naam in settled else c for c in dbt.check_rows(settings.build / "dbt")]
    return rows


def _settled(controle: Controle, told: dict[str, str]) -> Controle:
    """With the outcome and the sentence that the verdict has."""
    return replace(controle, uitkomst=told["uitkomst"], toelichting="; ".join(t for t in (controle.toelichting, told["toelichting"]) if t))
