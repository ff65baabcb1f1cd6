"""Step 1: the deliveries in the inbox become Parquet in the landing, one asset for each entity of the contract."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime

import dagster as dg

from orchestration.alarm.message import kind_of_refusal, stopped
from orchestration.code_version import code_version
from orchestration.defs.common import OWNERS, StoppedError, told
from orchestration.defs.resources import Warehouse
from orchestration.intake.contract import load_contract
from orchestration.intake.delivery import make_inbox, not_understood, waiting
from orchestration.landing import quarantine, verify
from orchestration.landing.takein import take_in_waiting
from orchestration.language import say
from orchestration.privacy import retention
from orchestration.quality.suites import warm_up
from orchestration.register.register import FORGOTTEN, REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN, REWRITTEN, WITHDRAWN, Register
from orchestration.release import hold, public, store
from orchestration.release.verdict import Uitkomst, refusal
from orchestration.settings import Settings
from orchestration.transform import steps

CONTRACT = load_contract()


@dg.multi_asset(
    name="intake",
    can_subset=True,
    specs=[
        dg.AssetSpec(
            ["landing", entity.name],
            description=f"{entity.description}. Zoals opgenomen uit de aanleveringen, zonder identificerende gegevens.",
            group_name="aanlevering",
            owners=OWNERS,
            kinds={"parquet", "duckdb"},
            skippable=True,
        )
        for entity in CONTRACT.entities
    ],
)
def intake(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """Take in what waits in the inbox. Without anything new, nothing after this step runs."""
    settings = warehouse.settings
    with told(settings):
        steps.begin(settings, context.run_id)
        make_inbox(settings.inbox)
        if waiting(settings.inbox):
            warm_up()
        log = Register(settings)
        store.hold_to_register(settings, log)
        store.hold_before_a_night(settings)
        before = len(log.events())
        outcomes = take_in_waiting(settings, context.log.info)
        if any(u.uitkomst == "opgenomen" for u in outcomes):
            retention.destroy_past(settings, context.log.info)
        build = must_build(settings, [u.uitkomst for u in outcomes])
        beside = verify.look(settings, log, folders=("vault", "quarantine", "archive"), deep=False)
        terms = retention.waiting(log)
        left = not_understood(settings.inbox)
        destroyed = retention.told(log.events()[before:])
        steps.record(
            settings,
            "intake",
            {
                "bouwen": build,
                "leveringen": [
                    {
                        "nummer": u.nummer,
                        "soort": u.soort,
                        "peildatum": u.peildatum,
                        "uitkomst": u.uitkomst,
                        "reden": u.reden,
                        "code": u.code,
                    }
                    for u in outcomes
                ],
                "aandacht": quarantine.told(
                    settings, [u.nummer for u in outcomes if u.nummer and any(t.quarantaine for t in u.entiteiten.values())]
                )
                + list(left.values())
                + [str(f) for f in beside]
                + destroyed
                + terms,
                "signalen": {f"opslag:{f.bestand}": str(f) for f in beside}
                | {f"bewaartermijn:{t}": t for t in terms}
                | {f"inbox:{name}": sentence for name, sentence in left.items()},
            },
        )
    refused = [refusal(asdict(u)).removesuffix(".") for u in outcomes if u.uitkomst == "geweigerd"]
    kinds = [kind_of_refusal(u.nummer, u.code) for u in outcomes if u.uitkomst == "geweigerd"]
    for sentence in refused:
        context.log.error(f"{sentence}.")
    if not build and refused:
        raise StoppedError(stopped(Uitkomst.VASTGEHOUDEN, "; ".join(refused), *kinds))
    if not build:
        context.log.info(say("Nothing new was taken in: nothing to build."))
        return
    for entity in CONTRACT.entities:
        counts = [asdict(u.entiteiten[entity.name]) for u in outcomes if entity.name in u.entiteiten]
        yield dg.MaterializeResult(
            asset_key=["landing", entity.name],
            metadata={
                "dagster/row_count": sum(c["opgenomen"] for c in counts),
                "gelezen": sum(c["gelezen"] for c in counts),
                "identieke_kopieen": sum(c["identieke_kopieen"] for c in counts),
                "quarantaine": sum(c["quarantaine"] for c in counts),
                "leveringen": ", ".join(str(u.nummer) for u in outcomes if u.uitkomst == "opgenomen") or "geen nieuwe",
            },
        )


def must_build(settings: Settings, outcomes: list[str]) -> bool:
    """Whether there is anything to release: something new was taken in, the release in place is not of this landing and code, or a vintage
    is due."""
    if "opgenomen" in outcomes:
        return True
    log = Register(settings)
    last, standing, waits = log.last_taken_in(), store.current(settings), hold.waiting(settings)
    if last is None:
        return False
    if standing and hold.pinned(log):
        standing = store.release_ids(settings)[-1]  # what a pin keeps from the readers is made already
    content = waits or (store.read(settings, standing) if standing else None)  # and what waits
    changes = log.events(REWRITTEN, FORGOTTEN, WITHDRAWN, REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN)
    if content and any(e.op > datetime.fromisoformat(content["gemaakt_op"]) for e in changes):
        return True  # forgotten, withdrawn, taken in anew, written with another key, or other reference data count, since
    if "geweigerd" in outcomes:
        return False
    if content is None or (content["levering"], content["code_versie"]) != (last.nummer, code_version()):
        return True
    return public.planned(settings, date.fromisoformat(content["peildatum"])) is not None
