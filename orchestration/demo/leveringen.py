"""Write deliveries: what the registration holds at the end of a day, or what changed on it, as CSV files in a zip."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from orchestration import duck
from orchestration.demo.days import als_datum
from orchestration.demo.registration import OUDERS, Registratie
from orchestration.sql import text

ORGANISATIE = "amsterdam-amstelland"
CONTRACT_VERSIE = "1.0"
TOELICHTING = "Gegenereerde demonstratiegegevens: geen persoon, huishouden of gebeurtenis hierin bestaat."


@dataclass(frozen=True)
class Opdracht:
    """One delivery to write; ``peildag`` as a day number."""

    nummer: int
    soort: str
    peildag: int

    @property
    def bestand(self) -> str:
        return f"DEMO-{self.nummer:04d}-{self.soort}-{als_datum(self.peildag)}.zip"

    @property
    def aangemaakt_op(self) -> datetime:
        """In the night after the peildatum; the same in every run."""
        nacht = als_datum(self.peildag) + timedelta(days=1)
        return datetime.combine(nacht, time(1, 14, 5 + self.nummer), ZoneInfo("Europe/Amsterdam"))


@dataclass(frozen=True)
class Vorm:
    """How an entity is written: key columns first; ``dagen``: day columns that show only once they have come."""

    sleutel: tuple[str, ...]
    kolommen: dict[str, str]
    dagen: tuple[str, ...] = ()
    sleutelvelden: int = 1


# Column → SQL. tot(d): the date, empty while it lies ahead; nog(d, x): x, empty while d lies ahead; leeg(x): '' as empty.
VORMEN: dict[str, Vorm] = {
    "adviesvragen": Vorm(
        ("advies",),
        {
            "advies_nummer": "nummer('A', advies)",
            "gestart_op": "datum(gestart)",
            "afgesloten_op": "tot(afgesloten)",
            "kanaal": "kanaal",
            "hoedanigheid": "melder",
            "anoniem": "janee(anoniem)",
            "gemeente_code": "leeg(gemeente_code)",
        },
        ("afgesloten",),
    ),
    "adviesvraag_vormen": Vorm(("advies", "vorm"), {"advies_nummer": "nummer('A', advies)", "vorm": "vorm"}, (), 2),
    "casussen": Vorm(
        ("casus",),
        {
            "casus_nummer": "nummer('C', casus)",
            "huishouden_nummer": "nummer('H', huishouden)",
            "geopend_op": "datum(geopend)",
            "afgesloten_op": "tot(afgesloten)",
        },
        ("afgesloten",),
    ),
    "meldingen": Vorm(
        ("melding",),
        {
            "melding_nummer": "nummer('M', melding)",
            "casus_nummer": "nummer('C', casus)",
            "ontvangen_op": "ontvangen_op",
            "hoedanigheid": "melder",
            "huishouden_met_kinderen": "janee(kinderen)",
            "gemeente_code": "leeg(gemeente_code)",
            "stadsdeel_code": "leeg(stadsdeel_code)",
            "buurt_code": "leeg(buurt_code)",
            "urgentie": "urgentie",
            "eerdere_incidenten": "nullif(eerdere_incidenten, -1)",
            "acuut_beoordeeld_op": "nog(acuut_dag, acuut_beoordeeld_op)",
            "acuut_vermoeden": "nog(acuut_dag, janee(acuut_vermoeden))",
        },
        ("acuut_dag",),
    ),
    "melding_vormen": Vorm(("melding", "vorm"), {"melding_nummer": "nummer('M', melding)", "vorm": "vorm"}, (), 2),
    "melding_aarden": Vorm(("melding", "aard"), {"melding_nummer": "nummer('M', melding)", "aard": "aard"}, (), 2),
    "betrokkenen": Vorm(
        ("melding", "volgnummer"),
        {
            "melding_nummer": "nummer('M', melding)",
            "volgnummer": "volgnummer",
            "bsn": "bsn",
            "geboortedatum": "geboortedatum",
            "geslacht": "geslacht",
        },
        (),
        2,
    ),
    "veiligheidsbeoordelingen": Vorm(
        ("melding",),
        {
            "melding_nummer": "nummer('M', melding)",
            "gestart_op": "tot(gestart)",
            "besluit_op": "tot(besluit)",
            "uitkomst": "nog(besluit, uitkomst)",
            "besluit": "nog(besluit, beslissing)",
        },
        ("gestart", "besluit"),
    ),
    "diensten": Vorm(
        ("dienst",),
        {
            "dienst_nummer": "nummer('D', dienst)",
            "melding_nummer": "nummer('M', melding)",
            "soort": "soort",
            "gestart_op": "datum(gestart)",
            "afgesloten_op": "tot(afgesloten)",
            "uitkomst_huiselijk_geweld": "nog(afgesloten, uitkomst_huiselijk_geweld)",
            "uitkomst_kindermishandeling": "nog(afgesloten, uitkomst_kindermishandeling)",
            "voortijdig": "nog(afgesloten, voortijdig)",
        },
        ("afgesloten",),
    ),
    "overdrachten": Vorm(
        ("overdracht",),
        {
            "overdracht_nummer": "nummer('O', overdracht)",
            "casus_nummer": "nummer('C', casus)",
            "melding_nummer": "case when melding > 0 then nummer('M', melding) end",
            "moment": "moment",
            "overgedragen_op": "datum(op)",
            "ontvanger": "ontvanger",
            "ontvanger_betrokken": "leeg(betrokken)",
        },
    ),
    "veiligheidscontacten": Vorm(
        ("contact",),
        {
            "contact_nummer": "nummer('K', contact)",
            "melding_nummer": "nummer('M', melding)",
            "contact_op": "datum(op)",
            "met": "met",
            "urgentie_nieuw": "nullif(urgentie_nieuw, 0)",
        },
    ),
    "monitormomenten": Vorm(
        ("moment_nr",),
        {
            "moment_nummer": "nummer('X', moment_nr)",
            "casus_nummer": "nummer('C', casus)",
            "gepland_op": "datum(gepland)",
            "uitgevoerd_op": "tot(uitgevoerd)",
            "directe_veiligheid": "nog(uitgevoerd, directe_veiligheid)",
            "structurele_veiligheid": "nog(uitgevoerd, structurele_veiligheid)",
            "nieuw_geweld": "nog(uitgevoerd, nieuw_geweld)",
        },
        ("uitgevoerd",),
    ),
    "huisverboden": Vorm(
        ("huisverbod",),
        {
            "huisverbod_nummer": "nummer('V', huisverbod)",
            "casus_nummer": "nummer('C', casus)",
            "opgelegd_op": "datum(op)",
            "aanvrager": "aanvrager",
        },
    ),
}

_MACROS = """
create macro nummer(soort, n) as 'DEMO-' || soort || lpad(n::varchar, 7, '0');
create macro datum(d) as strftime(date '1970-01-01' + d::integer, '%Y-%m-%d');
create macro tot(d) as case when d <= getvariable('peil') then strftime(date '1970-01-01' + d::integer, '%Y-%m-%d') end;
create macro leeg(x) as nullif(x, '');
create macro nog(d, x) as case when d <= getvariable('peil') then nullif(x, '') end;
create macro janee(b) as case when b then 'ja' else 'nee' end;
"""


def schrijf_leveringen(registratie: Registratie, inbox: Path, opdrachten: list[Opdracht], progress: Callable[[str], None]) -> list[Path]:
    """Write each delivery as a zip into ``inbox`` (under a temporary name first); returns the paths in order of number."""
    inbox.mkdir(parents=True, exist_ok=True)
    paden = []
    with duckdb.connect(config={"threads": 2}) as con, tempfile.TemporaryDirectory() as map_naam:
        con.execute(_MACROS)
        for naam, tabel in registratie.tabellen.items():
            con.register("bron", tabel)
            con.execute(f"create table {naam} as select * from bron")
            con.unregister("bron")
        for opdracht in opdrachten:
            paden.append(_schrijf(con, Path(map_naam), inbox, opdracht))
            progress(f"{opdracht.bestand} geschreven")
    return paden


def _schrijf(con: duckdb.DuckDBPyConnection, werk: Path, inbox: Path, opdracht: Opdracht) -> Path:
    con.execute(f"set variable peil = {opdracht.peildag}")
    bestanden, inhoud = [], {}
    for naam in OUDERS:
        bestand = f"{naam}.csv"
        sql = _stand(naam) if opdracht.soort == "volledig" else _mutaties(naam)
        rijen = duck.number(con, f"copy ({sql}) to {text(werk / bestand)} (format csv, header, delimiter ';', quote '\"')")
        if rijen == 0 and opdracht.soort == "mutaties":
            continue
        inhoud[bestand] = (werk / bestand).read_bytes()
        som = hashlib.sha256(inhoud[bestand]).hexdigest()
        bestanden.append({"entiteit": naam, "bestand": bestand, "rijen": rijen, "sha256": som})
    inhoud["levering.json"] = json.dumps(
        {
            "contract_versie": CONTRACT_VERSIE,
            "organisatie": ORGANISATIE,
            "levering_nummer": opdracht.nummer,
            "soort": opdracht.soort,
            "peildatum": als_datum(opdracht.peildag).isoformat(),
            "aangemaakt_op": opdracht.aangemaakt_op.isoformat(),
            "gegenereerd": True,
            "toelichting": TOELICHTING,
            "bestanden": bestanden,
        },
        indent=2,
        ensure_ascii=False,
    ).encode()
    doel = inbox / opdracht.bestand
    tijdelijk = inbox / f".{opdracht.bestand}.deel"
    with zipfile.ZipFile(tijdelijk, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zip_:
        for naam, bytes_ in inhoud.items():
            kop = zipfile.ZipInfo(naam, opdracht.aangemaakt_op.timetuple()[:6])
            kop.compress_type, kop.create_system, kop.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            zip_.writestr(kop, bytes_, compresslevel=1)
    tijdelijk.replace(doel)
    return doel


def _stand(naam: str) -> str:
    """The rows registered at the end of the peildatum."""
    vorm = VORMEN[naam]
    velden = ", ".join(f'{uitdrukking} as "{veld}"' for veld, uitdrukking in vorm.kolommen.items())
    return f"select {velden} from {naam} where van <= getvariable('peil') and tot > getvariable('peil') order by {', '.join(vorm.sleutel)}"


def _mutaties(naam: str) -> str:
    """The rows new or changed on the peildatum as they now are, and the keys deleted on it."""
    vorm = VORMEN[naam]
    sleutel = ", ".join(vorm.sleutel)
    velden = ", ".join(f'{uitdrukking} as "{veld}"' for veld, uitdrukking in vorm.kolommen.items())
    geraakt = " or ".join(f"{dag} = getvariable('peil')" for dag in ("van", *vorm.dagen))
    weg = ", ".join(
        f'{uitdrukking} as "{veld}"' if i < vorm.sleutelvelden else f'null as "{veld}"'
        for i, (veld, uitdrukking) in enumerate(vorm.kolommen.items())
    )
    return f"""
        select * exclude ({sleutel.replace(",", "_s,")}_s) from (
            select {velden}, null as verwijderd, {_met_s(vorm)}
            from {naam} where van <= getvariable('peil') and tot > getvariable('peil') and ({geraakt})
            union all by name
            select {weg}, 'ja' as verwijderd, {_met_s(vorm)}
            from {naam} as oud
            where tot = getvariable('peil') and van < tot and not met_ouder
                and not exists (from {naam} as nieuw where {" and ".join(f"nieuw.{k} = oud.{k}" for k in vorm.sleutel)}
                    and nieuw.van <= getvariable('peil') and nieuw.tot > getvariable('peil'))
        ) order by {sleutel.replace(",", "_s,")}_s, verwijderd"""


def _met_s(vorm: Vorm) -> str:
    """The key for sorting, under names that no field has."""
    return ", ".join(f"{kolom} as {kolom}_s" for kolom in vorm.sleutel)
