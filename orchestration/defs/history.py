"""Step 2: the history of every row, in a build that starts from nothing each time."""

from collections.abc import Iterator

import dagster as dg

from orchestration import duck
from orchestration.defs.common import OWNERS, told
from orchestration.defs.intake import CONTRACT
from orchestration.defs.resources import Warehouse
from orchestration.landing.history import build_history
from orchestration.transform import steps

BESIDE = {
    "leveringen": "Het register: een rij per poging om een levering op te nemen",
    "levering_entiteiten": "Per levering en entiteit: gelezen = opgenomen + identieke kopieën + quarantaine",
    "quarantaine": "Rijen in quarantaine, met controle en veld; nooit de rij zelf",
    "waarschuwingen": "Onwaarschijnlijke maar toegelaten waarden, geteld per levering en controle",
}


def _spec(table: str, description: str, deps: list[list[str]]) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["historie", table], description=description, deps=deps, group_name="historie", owners=OWNERS, kinds={"duckdb"}, skippable=True
    )


ENTITIES = [
    _spec(e.name, f"Alle versies van elke rij van {e.name}, met de leveringen waarvoor zij gelden", [["landing", e.name]])
    for e in CONTRACT.entities
]
ALL_LANDINGS = [["landing", e.name] for e in CONTRACT.entities]


@dg.multi_asset(name="historie", can_subset=True, specs=ENTITIES + [_spec(t, d, ALL_LANDINGS) for t, d in BESIDE.items()])
def historie(warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """Derive the state of every row as of every delivery from landing and register alone, into a new build database."""
    settings = warehouse.settings
    with told(settings):
        keyring = warehouse.keyring
        for path in (settings.build_db, settings.build_db.with_name(settings.build_db.name + ".wal")):
            path.unlink(missing_ok=True)
        with duck.connect(settings) as con:
            duck.attach_build(con, settings, keyring.derive("build"))
            rows = build_history(settings, con, keyring)
            con.execute("checkpoint veilig_thuis")
        steps.record(settings, "historie", {"rijen": rows})
    for table in [*(e.name for e in CONTRACT.entities), *BESIDE]:
        yield dg.MaterializeResult(asset_key=["historie", table], metadata={"dagster/row_count": rows[table]})
