"""Terms of keeping: what is past its term is destroyed by itself, after each intake.

- cases with all that hangs on them, and requests for advice: ``VT_BEWAAR_JAREN`` after they were closed (15 years, art. 5.3.4 Wmo 2015);
  they stay out when a later delivery brings them again;
- raw lines of quarantined rows: ``VT_QUARANTAINE_DAGEN`` after the row was corrected or dismissed;
- archived deliveries: ``VT_ARCHIEF_DAGEN`` (``archive.clean_up``).
"""

import base64
from datetime import UTC, date, datetime, timedelta

import duckdb

from orchestration import duck
from orchestration.intake.contract import load_contract
from orchestration.intake.pseudonymise import hash_sql, pads
from orchestration.keys import Keyring
from orchestration.landing import store
from orchestration.landing.files import remove, sync_folder
from orchestration.landing.forget import Vergeten
from orchestration.landing.process import Progress
from orchestration.landing.quarantine import AFGEWEZEN, add_key
from orchestration.landing.register import Levering, Register
from orchestration.settings import Settings

VERNIETIGD = "ruwe_regels_vernietigd"
SOORTEN = {"casus": "casussen", "advies": "adviesvragen"}
"""What has a term of its own, by the field ``afgesloten_op`` of its entity; everything else hangs on these."""


def limit(peildatum: date, jaren: int) -> date:
    """What was closed before this day is past its term."""
    try:
        return peildatum.replace(year=peildatum.year - jaren)
    except ValueError:  # 29 February
        return peildatum.replace(year=peildatum.year - jaren, day=28)


def destroy_past(settings: Settings, log: Register, keyring: Keyring, progress: Progress) -> None:
    """Destroy what is past its term; the caller holds the lock. What was destroyed is told in the register, by counts."""
    deliveries = log.leveringen()
    with duck.connect(settings) as con:
        texts = _due(con, settings, log, keyring, deliveries)
        if any(texts.values()):
            progress(f"destroying {sum(len(t) for t in texts.values())} cases and requests that are past their term")
            work = Vergeten(settings, con, log, keyring, texts, progress)
            work.run("bewaartermijn", "VT_BEWAAR_JAREN", f"closed more than {settings.bewaar_jaren} years ago", termijn=True)
        _raw_lines(con, settings, log, keyring)


def _due(
    con: duckdb.DuckDBPyConnection, settings: Settings, log: Register, keyring: Keyring, deliveries: list[Levering]
) -> dict[str, set[str]]:
    """The numbers of cases and requests that are past their term, by kind of number."""
    contract, until = load_contract(), limit(deliveries[-1].peildatum, settings.bewaar_jaren)
    chain = store.since_whole(deliveries)
    add_key(con, keyring, "vault")
    inner, outer = pads(keyring.derive("pseudoniem"))
    found: dict[str, set[str]] = {}
    for kind, e in SOORTEN.items():
        store.open_rows(con, settings, contract.entiteit(e), chain)
        con.execute(f"create or replace table verlopen as select {kind}_id as id from stand_{e} where afgesloten_op < date '{until}'")
        row = con.execute("select count(*) from verlopen").fetchone()
        paths = [str(p) for d in deliveries if (p := settings.vault / d.map / f"{e}.parquet").exists()]
        if row is None or not row[0] or not paths:
            continue
        numbers = f"select distinct {kind}_nummer as tekst from read_parquet($paden, encryption_config = {{footer_key: 'vault'}})"
        hashed = con.execute(
            f"select tekst from ({numbers}) where tekst is not null and {hash_sql(kind, 'tekst')} in (select id from verlopen)",
            {"paden": paths, "binnen": inner, "buiten": outer},
        ).fetchall()
        found[kind] = {text for (text,) in hashed}
    return found


def _raw_lines(con: duckdb.DuckDBPyConnection, settings: Settings, log: Register, keyring: Keyring) -> None:
    """Destroy raw lines of rows that were corrected or dismissed longer ago than the setting says."""
    before = datetime.now(UTC) - timedelta(days=settings.quarantaine_dagen)
    deliveries = log.leveringen()
    past = {d.nummer for d in deliveries if d.verwerkt_op < before}
    closed = store.scan_shared(settings, (d for d in deliveries if d.nummer in past), "gesloten", store.GESLOTEN)
    done = set(con.execute(f"select levering, entiteit, regel from ({closed})").fetchall())
    for event in log.gebeurtenissen(AFGEWEZEN):
        if event.op < before:
            done |= {(event.inhoud["levering"], event.inhoud["entiteit"], regel) for regel in event.inhoud["regels"]}
    gone: dict[str, int] = {}
    con.execute(f"pragma add_parquet_key('quarantine', '{base64.b64encode(keyring.derive('quarantine')).decode()}')")
    for delivery in deliveries:
        for e in {e for n, e, _ in done if n == delivery.nummer}:
            lines = sorted(regel for n, name, regel in done if (n, name) == (delivery.nummer, e))
            if count := _without(con, settings, delivery, e, lines):
                gone[f"{delivery.nummer}/{e}"] = count
    if gone:
        log.leg_vast(VERNIETIGD, {"reden": f"closed more than {settings.quarantaine_dagen} days ago", "regels": gone})


def _without(con: duckdb.DuckDBPyConnection, settings: Settings, delivery: Levering, e: str, lines: list[int]) -> int:
    """Write one file of raw lines without these; returns how many went."""
    path = settings.quarantine / delivery.map / f"{e}.parquet"
    if not path.exists():
        return 0
    sealed = "encryption_config"
    source = f"read_parquet('{path}', {sealed} = {{footer_key: 'quarantine'}})"
    row = con.execute(f"select count(*), count(*) filter (regel in (select unnest(?::bigint[]))) from {source}", [lines]).fetchone()
    total, going = row or (0, 0)
    if going == total:
        remove(path)
    elif going:
        con.execute(
            "create or replace table blijft as select * from " + source + " where regel not in (select unnest(?::bigint[]))", [lines]
        )
        pending = path.with_name(f"{store.PENDING}{path.name}")
        con.execute(f"copy blijft to '{pending}' (format parquet, compression snappy, {sealed} {{footer_key: 'quarantine'}})")
        pending.replace(path)
    if going:
        sync_folder(path.parent)
    return int(going)
