"""A delivery of the contract as an invented registration, that of Voorbeeldstad, would export the same: other files, shapes and codes.

Wide tables, addresses in a file of their own, lists in one cell, one file with two kinds of contacts, Windows-1252, tabs, decimal commas,
``dd-mm-jjjj`` and local times. ``mapping/voorbeeldstad.yml`` is the way back.
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestration import seeds
from orchestration.intake.contract import CODES
from orchestration.settings import PROJECT

EXAMPLE = PROJECT / "mapping" / "voorbeeldstad.yml"
ORGANISATION = "voorbeeldstad"
MOST_FORMS = 5
"""Columns of forms that the table of reports has."""

Rows = list[dict[str, str]]


def own_code(code_list: str, code: str) -> str:
    """The code that Voorbeeldstad has for one of the contract."""
    listed = [row for row in seeds.rows(CODES) if row["codelijst"] == code_list]
    names = {row["code"]: (i, row["naam"]) for i, row in enumerate(listed)}
    if not code:
        return ""
    number, name = names[code]
    own = {
        "melder": str(101 + number),
        "vorm": f"V{number + 1:02d}",
        "urgentie": "ABCD"[number % 4],
        "geslacht": {"V": "2", "M": "1"}.get(code, "9"),
        "ontvanger": f"0{number + 1:02d}",
    }
    return own.get(code_list, name)


def day(text: str) -> str:
    """2024-01-05 → 05-01-2024."""
    return "-".join(reversed(text.split("-"))) if text else ""


def moment(text: str) -> str:
    """The local time without its offset: 04-01-2024 10:00:00."""
    if not text:
        return ""
    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo('Europe/Amsterdam')):%d-%m-%Y %H:%M:%S}"


def birth(text: str) -> str:
    """19850300 → 00-03-1985; who is not born yet has a word."""
    return "ongeboren" if text == "99999999" else f"{text[6:]}-{text[4:6]}-{text[:4]}"


def yes(text: str) -> str:
    return {"ja": "J", "nee": "N"}.get(text, "")


def read(files: dict[str, bytes], entity: str) -> Rows:
    """The rows of one entity of a delivery."""
    return list(csv.DictReader(io.StringIO(files[f"{entity}.csv"].decode("utf-8-sig")), delimiter=";"))


def write(path: Path, rows: Iterable[dict[str, str]], encoding: str = "cp1252", separator: str = ";") -> None:
    """A file with a header, lines that end as on Windows, and quotes only where they are needed."""
    listed = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(listed[0]) if listed else [], delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(listed)
    path.write_bytes(text.getvalue().encode(encoding))


def write_foreign(files: dict[str, bytes], folder: Path) -> Path:
    """Write a ``volledig`` delivery of the contract (file name → content) as Voorbeeldstad's own files; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    forms, natures, request_forms = (
        _listed(read(files, entity), key, field, kind)
        for entity, key, field, kind in (
            ("melding_vormen", "melding_nummer", "vorm", "vorm"),
            ("melding_aarden", "melding_nummer", "aard", "aard"),
            ("adviesvraag_vormen", "advies_nummer", "vorm", "vorm"),
        )
    )
    addresses: dict[tuple[str, str, str], str] = {}
    reports: Rows = []
    for r in read(files, "meldingen"):
        place = (r["gemeente_code"], r["stadsdeel_code"], r["buurt_code"])
        address = addresses.setdefault(place, f"ADR{len(addresses) + 1:04d}") if any(place) else ""
        own = forms.get(r["melding_nummer"], [])
        reports.append(
            {
                "Meldnr": r["melding_nummer"],
                "Dossier": r["casus_nummer"],
                "Binnengekomen": moment(r["ontvangen_op"]),
                "Melder": own_code("melder", r["hoedanigheid"]),
                "Kinderen": yes(r["huishouden_met_kinderen"]),
                "Adres": address,
                "Prioriteit": own_code("urgentie", r["urgentie"]),
                "Eerdere incidenten": r["eerdere_incidenten"],
                "Acuut beoordeeld": moment(r["acuut_beoordeeld_op"]),
                "Acuut": yes(r["acuut_vermoeden"]),
                **{f"Vorm{i + 1}": own[i] if i < len(own) else "" for i in range(MOST_FORMS)},
                "Aarden": "|".join(natures.get(r["melding_nummer"], [])),
                "Opmerking": 'met "aanhaling"; en een punt-komma\r\nop twee regels' if len(reports) == 1 else "",
            }
        )
    write(folder / "meldingen.csv", reports)
    columns = ("Adresnr", "Gemeente", "Stadsdeel", "Buurt")
    write(folder / "adressen.csv", [dict(zip(columns, (nr, *place), strict=True)) for place, nr in addresses.items()])
    write(
        folder / "dossiers.csv",
        [
            {
                "Dossiernr": r["casus_nummer"],
                "Gezin": r["huishouden_nummer"],
                "Open": day(r["geopend_op"]),
                "Dicht": day(r["afgesloten_op"]),
            }
            for r in read(files, "casussen")
        ],
    )
    write(
        folder / "personen.csv",
        [
            {
                "Meldnr": r["melding_nummer"],
                "Nr": r["volgnummer"],
                "BSN": "onbekend" if r["bsn"] == "000000000" else r["bsn"],
                "Geboren": birth(r["geboortedatum"]),
                "Sekse": own_code("geslacht", r["geslacht"]),
            }
            for r in read(files, "betrokkenen")
        ],
    )
    write(
        folder / "beoordelingen.csv",
        [
            {
                "Meldnr": r["melding_nummer"],
                "Start": day(r["gestart_op"]),
                "Besluitdatum": day(r["besluit_op"]),
                "Uitkomst": own_code("vb_uitkomst", r["uitkomst"]),
                "Besluit": own_code("vb_besluit", r["besluit"]),
            }
            for r in read(files, "veiligheidsbeoordelingen")
        ],
    )
    write(
        folder / "trajecten.txt",
        [
            {
                "Trajectnr": r["dienst_nummer"],
                "Meldnr": r["melding_nummer"],
                "Soort": own_code("dienst_soort", r["soort"]),
                "Start": day(r["gestart_op"]),
                "Einde": day(r["afgesloten_op"]),
                "HG": own_code("onderzoek_uitkomst", r["uitkomst_huiselijk_geweld"]),
                "KM": own_code("onderzoek_uitkomst", r["uitkomst_kindermishandeling"]),
                "Afgebroken": own_code("voortijdig", r["voortijdig"]),
            }
            for r in read(files, "diensten")
        ],
        "utf-8",
        "\t",
    )
    write(
        folder / "overdrachten.csv",
        [
            {
                "Nr": r["overdracht_nummer"],
                "Dossier": r["casus_nummer"],
                "Meldnr": r["melding_nummer"],
                "Fase": own_code("overdracht_moment", r["moment"]),
                "Datum": day(r["overgedragen_op"]),
                "Aan": own_code("ontvanger", r["ontvanger"]),
                "Bekend": yes(r["ontvanger_betrokken"]),
            }
            for r in read(files, "overdrachten")
        ],
    )
    write(folder / "contacten_20250201.csv", [*_requests(files, request_forms), *_contacts(files)])
    write(
        folder / "monitor.csv",
        [
            {
                "Nr": r["moment_nummer"],
                "Dossier": r["casus_nummer"],
                "Gepland": day(r["gepland_op"]),
                "Gedaan": day(r["uitgevoerd_op"]),
                "Direct veilig": yes(r["directe_veiligheid"]),
                "Structureel veilig": yes(r["structurele_veiligheid"]),
                "Nieuw geweld": yes(r["nieuw_geweld"]),
            }
            for r in read(files, "monitormomenten")
        ],
    )
    write(
        folder / "huisverboden.csv",
        [
            {
                "Nr": r["huisverbod_nummer"],
                "Dossier": r["casus_nummer"],
                "Datum": day(r["opgelegd_op"]),
                "Aanvrager": own_code("huisverbod_aanvrager", r["aanvrager"]),
            }
            for r in read(files, "huisverboden")
        ],
    )
    write(
        folder / "formatie.csv",
        [
            {
                "Jaar": r["maand"][:4],
                "Maand": str(int(r["maand"][5:])),
                "Team": r["team"],
                "Begroot": r["formatie_fte"].replace(".", ","),
                "Bezet": r["bezetting_fte"].replace(".", ","),
                "Ziek": r["verzuim_procent"].replace(".", ",") or "n.b.",
            }
            for r in read(files, "capaciteit")
        ],
    )
    return folder


def _listed(rows: Rows, key: str, field: str, code_list: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(own_code(code_list, row[field]))
    return found


def _contact(**filled: str) -> dict[str, str]:
    columns = ("Nr", "Soort", "Meldnr", "Datum", "Einde", "Kanaal", "Wie", "Met", "Anoniem", "Gemeente", "Prioriteit", "Vormen")
    return {c: filled.get(c, "") for c in columns}


def _requests(files: dict[str, bytes], forms: dict[str, list[str]]) -> Rows:
    return [
        _contact(
            Nr=r["advies_nummer"],
            Soort="A",
            Datum=day(r["gestart_op"]),
            Einde=day(r["afgesloten_op"]),
            Kanaal=own_code("kanaal", r["kanaal"]),
            Wie=own_code("melder", r["hoedanigheid"]),
            Anoniem=yes(r["anoniem"]),
            Gemeente=r["gemeente_code"],
            Vormen=",".join(forms.get(r["advies_nummer"], [])),
        )
        for r in read(files, "adviesvragen")
    ]


def _contacts(files: dict[str, bytes]) -> Rows:
    return [
        _contact(
            Nr=r["contact_nummer"],
            Soort="V",
            Meldnr=r["melding_nummer"],
            Datum=day(r["contact_op"]),
            Met=own_code("contact_met", r["met"]),
            Prioriteit=own_code("urgentie", r["urgentie_nieuw"]),
        )
        for r in read(files, "veiligheidscontacten")
    ]
