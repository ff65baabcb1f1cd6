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

from orchestration import duck, seeds
from orchestration.demo import elsewhere
from orchestration.demo.days import as_date
from orchestration.demo.registration import Registration
from orchestration.intake.contract import load_contract
from orchestration.language import say
from orchestration.settings import Settings
from orchestration.sql import text

REMARK = "Gegenereerde demonstratiegegevens: geen persoon, huishouden of gebeurtenis hierin bestaat."


@dataclass(frozen=True)
class Order:
    """One delivery to write; ``day`` as a day number."""

    nummer: int
    soort: str
    day: int
    contract: str
    """The version of the contract that it is of."""

    @property
    def file_name(self) -> str:
        return f"DEMO-{self.nummer:04d}-{self.soort}-{as_date(self.day)}.zip"

    @property
    def aangemaakt_op(self) -> datetime:
        """In the night after the peildatum; the same in every run."""
        night = as_date(self.day) + timedelta(days=1)
        return datetime.combine(night, time(1, 14, 5 + self.nummer), ZoneInfo("Europe/Amsterdam"))


@dataclass(frozen=True)
class Layout:
    """How an entity is written: key columns first; ``days``: day columns that show only once they have come."""

    key: tuple[str, ...]
    columns: dict[str, str]
    days: tuple[str, ...] = ()
    key_fields: int = 1


# Column → SQL. tot(d): the date, empty while it lies ahead; nog(d, x): x, empty while d lies ahead; leeg(x): '' as empty.
LAYOUTS: dict[str, Layout] = {
    "adviesvragen": Layout(
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
    "adviesvraag_vormen": Layout(("advies", "vorm"), {"advies_nummer": "nummer('A', advies)", "vorm": "vorm"}, (), 2),
    "casussen": Layout(
        ("casus",),
        {
            "casus_nummer": "nummer('C', casus)",
            "huishouden_nummer": "nummer('H', huishouden)",
            "geopend_op": "datum(geopend)",
            "afgesloten_op": "tot(afgesloten)",
        },
        ("afgesloten",),
    ),
    "meldingen": Layout(
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
    "melding_vormen": Layout(("melding", "vorm"), {"melding_nummer": "nummer('M', melding)", "vorm": "vorm"}, (), 2),
    "melding_aarden": Layout(("melding", "aard"), {"melding_nummer": "nummer('M', melding)", "aard": "aard"}, (), 2),
    "betrokkenen": Layout(
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
    "veiligheidsbeoordelingen": Layout(
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
    "diensten": Layout(
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
    "overdrachten": Layout(
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
    "veiligheidscontacten": Layout(
        ("contact",),
        {
            "contact_nummer": "nummer('K', contact)",
            "melding_nummer": "nummer('M', melding)",
            "contact_op": "datum(op)",
            "met": "met",
            "urgentie_nieuw": "nullif(urgentie_nieuw, 0)",
        },
    ),
    "monitormomenten": Layout(
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
    "huisverboden": Layout(
        ("huisverbod",),
        {
            "huisverbod_nummer": "nummer('V', huisverbod)",
            "casus_nummer": "nummer('C', casus)",
            "opgelegd_op": "datum(op)",
            "aanvrager": "aanvrager",
        },
    ),
    "capaciteit": Layout(
        ("maand", "team"),
        {
            "maand": "strftime(date '1970-01-01' + maand::integer, '%Y-%m')",
            "team": "team",
            "formatie_fte": "komma(formatie, 2)",
            "bezetting_fte": "komma(bezetting, 2)",
            "verzuim_procent": "komma(verzuim, 1)",
        },
        (),
        2,
    ),
}

_MACROS = """
create macro nummer(soort, n) as 'DEMO-' || soort || lpad(n::varchar, 7, '0');
create macro datum(d) as strftime(date '1970-01-01' + d::integer, '%Y-%m-%d');
create macro tot(d) as case when d <= getvariable('peil') then strftime(date '1970-01-01' + d::integer, '%Y-%m-%d') end;
create macro leeg(x) as nullif(x, '');
create macro nog(d, x) as case when d <= getvariable('peil') then nullif(x, '') end;
create macro komma(x, n) as case when not isnan(x) then replace(round(x, n)::varchar, '.', ',') end;
create macro janee(b) as case when b then 'ja' else 'nee' end;
"""


def write_deliveries(registration: Registration, inbox: Path, orders: list[Order], progress: Callable[[str], None]) -> list[Path]:
    """Write each delivery as a zip into ``inbox`` (under a temporary name first); returns the paths in order of number."""
    inbox.mkdir(parents=True, exist_ok=True)
    paths = []
    with duckdb.connect(config={"threads": 2}) as con, tempfile.TemporaryDirectory() as folder:
        con.execute(_MACROS)
        for name, table in registration.tables.items():
            con.register("bron", table)
            con.execute(f"create table {name} as select * from bron")
            con.unregister("bron")
        if seeds.folder() is not None:
            elsewhere.move(con, list(registration.tables))
        for order in orders:
            paths.append(_write(con, Path(folder), inbox, order))
            progress(say("{file} written", file=order.file_name))
    return paths


def _write(con: duckdb.DuckDBPyConnection, work: Path, inbox: Path, order: Order) -> Path:
    con.execute(f"set variable peil = {order.day}")
    files, content = [], {}
    for name in load_contract(order.contract).names:
        file = f"{name}.csv"
        sql = _standing(name) if order.soort == "volledig" else _changes(name)
        rows = duck.number(con, f"copy ({sql}) to {text(work / file)} (format csv, header, delimiter ';', quote '\"')")
        if rows == 0 and order.soort == "mutaties":
            continue
        content[file] = (work / file).read_bytes()
        checksum = hashlib.sha256(content[file]).hexdigest()
        files.append({"entiteit": name, "bestand": file, "rijen": rows, "sha256": checksum})
    content["levering.json"] = json.dumps(
        {
            "contract_versie": order.contract,
            "organisatie": Settings().organisatie,
            "levering_nummer": order.nummer,
            "soort": order.soort,
            "peildatum": as_date(order.day).isoformat(),
            "aangemaakt_op": order.aangemaakt_op.isoformat(),
            "gegenereerd": True,
            "toelichting": REMARK,
            "bestanden": files,
        },
        indent=2,
        ensure_ascii=False,
    ).encode()
    goal = inbox / order.file_name
    temporary = inbox / f".{order.file_name}.deel"
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zip_:
        for name, bytes_ in content.items():
            header = zipfile.ZipInfo(name, order.aangemaakt_op.timetuple()[:6])
            header.compress_type, header.create_system, header.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            zip_.writestr(header, bytes_, compresslevel=1)
    temporary.replace(goal)
    return goal


def _standing(name: str) -> str:
    """The rows registered at the end of the peildatum."""
    layout = LAYOUTS[name]
    fields = ", ".join(f'{expression} as "{field}"' for field, expression in layout.columns.items())
    return f"select {fields} from {name} where van <= getvariable('peil') and tot > getvariable('peil') order by {', '.join(layout.key)}"


def _changes(name: str) -> str:
    """The rows new or changed on the peildatum as they now are, and the keys deleted on it."""
    layout = LAYOUTS[name]
    key = ", ".join(layout.key)
    fields = ", ".join(f'{expression} as "{field}"' for field, expression in layout.columns.items())
    touched = " or ".join(f"{day} = getvariable('peil')" for day in ("van", *layout.days))
    gone = ", ".join(
        f'{expression} as "{field}"' if i < layout.key_fields else f'null as "{field}"'
        for i, (field, expression) in enumerate(layout.columns.items())
    )
    return f"""
        select * exclude ({key.replace(",", "_s,")}_s) from (
            select {fields}, null as verwijderd, {_sort_key(layout)}
            from {name} where van <= getvariable('peil') and tot > getvariable('peil') and ({touched})
            union all by name
            select {gone}, 'ja' as verwijderd, {_sort_key(layout)}
            from {name} as oud
            where tot = getvariable('peil') and van < tot and not met_ouder
                and not exists (from {name} as nieuw where {" and ".join(f"nieuw.{k} = oud.{k}" for k in layout.key)}
                    and nieuw.van <= getvariable('peil') and nieuw.tot > getvariable('peil'))
        ) order by {key.replace(",", "_s,")}_s, verwijderd"""


def _sort_key(layout: Layout) -> str:
    """The key for sorting, under names that no field has."""
    return ", ".join(f"{column} as {column}_s" for column in layout.key)
