"""Step 5: what was built and found good becomes a release, and ``current`` points at it."""

from datetime import date
from functools import partial
from typing import Any

import dagster as dg
import duckdb

from orchestration import duck
from orchestration.alarm.message import stopped
from orchestration.code_version import code_version
from orchestration.defs.common import OWNERS, StoppedError, held, told
from orchestration.defs.known import known
from orchestration.defs.resources import Warehouse
from orchestration.defs.warehouse import dbt_models
from orchestration.language import say
from orchestration.outputs import postgres
from orchestration.outputs.report import night
from orchestration.outputs.site import write as site
from orchestration.quality import ledger
from orchestration.release import public, store
from orchestration.release.publish import SCHEMAS, write_release
from orchestration.release.verdict import WAITS, Uitkomst
from orchestration.settings import Settings
from orchestration.transform import by_hand, dbt, steps
from orchestration.transform.controle import Controle
from orchestration.transform.dbt import BuildReport
from orchestration.transform.lineage import rests_on

PUBLISHED = [key for key in dbt_models.keys if key.path[0] in SCHEMAS]


AANSLUITING = dg.AssetKey(["kwaliteit", "aansluiting"])

PREVIEW_ROWS = 5


def preview(con: duckdb.DuckDBPyConnection, table: str) -> dg.TableMetadataValue:
    """Some rows of a mart, which holds figures and no cases. Small numbers are in it: Dagster is for who may read the intern release."""
    found = con.execute(f"from veilig_thuis.{table} limit {PREVIEW_ROWS}")
    names = [name for name, *_ in found.description]
    rows = [
        dg.TableRecord({n: v if isinstance(v, int | float) else v and str(v) for n, v in zip(names, row, strict=True)})
        for row in found.fetchall()
    ]
    return dg.MetadataValue.table(rows, dg.TableSchema([dg.TableColumn(n) for n in names]))


PLOTTED = {
    "werkvoorraad_vooruitblik": """
        select 'vooruitblik_maand_' || horizon || '_' || bound, value from (
            unpivot (from veilig_thuis.marts.werkvoorraad_vooruitblik where scenario = 'zoals_nu')
            on laag, midden, hoog into name bound value value
        )
    """,
    "veiligheidsbeoordeling": """
        select name, value from (unpivot (
            select doorlooptijd_mediaan, wachttijd_mediaan_instroom, vb_instroom_min_afgerond::double as vb_instroom_min_afgerond
            from veilig_thuis.marts.veiligheidsbeoordeling where gebied = 'REGIO' and periode_soort = 'kwartaal' and not voorlopig
            order by periode desc limit 1
        ) on columns(*) into name name value value)
    """,
    "capaciteit": """
        select name, value from (unpivot (
            select formatie_fte, bezetting_fte, verzuim_procent, vb_afgerond_per_fte
            from veilig_thuis.marts.capaciteit where periode_soort = 'maand' and bezetting_fte is not null order by periode desc limit 1
        ) on columns(*) into name name value value)
    """,
}
"""Mart → its numbers of the region that Dagster plots from run to run: the look-ahead as now, the last quarter that has ended (of whose
reports some still wait: the waiting time counts them, the lead time does not), the last month of which posts are known."""


def plotted(con: duckdb.DuckDBPyConnection, mart: str) -> dict[str, float]:
    """The numbers of a mart that Dagster plots from run to run, by name; those that there are not yet are left out."""
    return dict(con.execute(PLOTTED[mart]).fetchall()) if mart in PLOTTED else {}


def _failed(settings: Settings, checks: dict[str, Any], found: public.AuditError) -> dict[str, Any]:
    """The audit of what leaves as a check that failed, for the verdict; nobody can let it through."""
    outcome = Controle("publicatie.audit", "audit", "publicatie.indicatoren", "gefaald", "blokkeert", None, str(found)).as_dict()
    failed = {"soort": "controle", **outcome}
    more = {
        "verwacht": checks["verwacht"] + 1,
        "uitslagen": [*checks["uitslagen"], outcome],
        "controles": checks["controles"] | {"gefaald": checks["controles"].get("gefaald", 0) + 1},
        "gefaald": [*checks["gefaald"], failed],
    }
    steps.record(settings, "controles", checks | more)
    return failed


@dg.asset(
    key=["uitgave", "release"],
    deps=PUBLISHED,
    group_name="uitgave",
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    description="De release: feiten, marts en kwaliteit in een map, waarop `releases/current` in een stap overgaat.",
)
def release(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Hold the build against what should have been built, write the release folder, switch."""
    settings = warehouse.settings
    with told(settings):
        build = steps.recorded(settings, "dbt")
        checks = steps.recorded(settings, "controles")
        if build is None or not BuildReport(**build).complete:
            raise StoppedError(say("dbt did not build and check everything that the project holds; the old release stands."))
        if by_hand.changed(settings):
            raise StoppedError(
                say("The build was worked on by hand (vt dbt) since; the old release stands. Run vt refresh: it makes the build again.")
            )
        if checks is None or len(checks["uitslagen"]) != checks["verwacht"]:
            raise StoppedError(say("Not every Great Expectations suite was run; the old release stands."))
        accepted, today = known(warehouse), date.today()
        tests = [ledger.settle(accepted, c, today) for c in dbt.check_rows(settings.build / "dbt")]
        rows = tests + [Controle(**c) for c in checks["uitslagen"]]
        steps.record(settings, "bekende_fouten", ledger.reports(accepted, rows, today))
        with duck.connect(settings) as con:
            duck.attach_build(con, settings, warehouse.keyring.derive("build"))
            for key in PUBLISHED:
                if key.path[0] == "marts":
                    context.log_event(
                        dg.AssetObservation(key, metadata={"voorbeeld": preview(con, ".".join(key.path)), **plotted(con, key.path[1])})
                    )
            try:
                content = write_release(
                    settings,
                    con,
                    rows,
                    code_version(),
                    dbt.descriptions(),
                    contributions=dbt.contributions(settings.build / "dbt"),
                    public=partial(public.prepare, settings),
                    rests_on=rests_on(),
                    report=partial(night.accompany, settings),
                    site=partial(site.write, manifest=dbt.MANIFEST),
                )
            except public.AuditError as found:
                raise StoppedError(held([_failed(settings, checks, found)])) from None
        context.log_event(dg.AssetObservation(AANSLUITING, metadata=content["aansluiting"]))
        waits = content["wacht"]
        if not waits:
            store.switch(settings, content["release"])
            context.log.info(say("releases/current is now {release}", release=content["release"]))
            store.destroy_before_forgetting(settings)
        steps.record(settings, "release", {"release": content["release"], "vorige_release": content["vorige_release"], "wacht": waits})
        if not waits and (problems := postgres.follow(settings)):  # the release stands, whatever PostgreSQL says
            steps.record(settings, "postgres", {"zinnen": problems})
            context.log.error(" ".join(problems))
        if waits:  # a run that is green would say that readers see it
            raise StoppedError(stopped(Uitkomst.VASTGEHOUDEN, "; ".join(waits.values()), WAITS))
    return dg.MaterializeResult(
        metadata={
            "release": content["release"],
            "peildatum": content["peildatum"],
            "map": dg.MetadataValue.path(str(settings.releases / content["release"])),
            "dagster/row_count": content["rijen"]["marts.indicatoren"],
            **{f"publiek/{name}": value for name, value in (content["publiek"] or {}).items() if name != "rapport"},
            **{f"aansluiting_{oordeel}": n for oordeel, n in content["aansluiting"].items()},
        }
    )
