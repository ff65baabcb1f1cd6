"""Small deliveries from dicts: valid as they come, to be spoiled by each test in its own way."""

import copy
import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orchestration.intake.contract import load_contract

Row = dict[str, str]

VERSION, FIRST_VERSION = "1.1", "1.0"
"""The version of the contract that a delivery is of unless it says otherwise, and the first that there was."""

BASIS: dict[str, list[Row]] = {
    "adviesvragen": [
        {"advies_nummer": "A1", "gestart_op": "2024-01-02", "afgesloten_op": "2024-01-02", "kanaal": "telefoon", "hoedanigheid": "huisarts",
         "anoniem": "nee", "gemeente_code": "GM0363"},
        {"advies_nummer": "A2", "gestart_op": "2024-01-03", "kanaal": "chat", "hoedanigheid": "familielid", "anoniem": "ja"},
    ],
    "adviesvraag_vormen": [{"advies_nummer": "A1", "vorm": "partnergeweld"}],
    "casussen": [
        {"casus_nummer": "C1", "huishouden_nummer": "H1", "geopend_op": "2024-01-01"},
        {"casus_nummer": "C2", "huishouden_nummer": "H2", "geopend_op": "2024-01-05", "afgesloten_op": "2024-03-01"},
    ],
    "meldingen": [
        {"melding_nummer": "M1", "casus_nummer": "C1", "ontvangen_op": "2024-01-04T10:00:00+01:00", "hoedanigheid": "politie",
         "huishouden_met_kinderen": "ja", "gemeente_code": "GM0363", "stadsdeel_code": "A", "buurt_code": "AA01", "urgentie": "1",
         "eerdere_incidenten": "2", "acuut_beoordeeld_op": "2024-01-04T11:00:00+01:00", "acuut_vermoeden": "ja"},
        {"melding_nummer": "M2", "casus_nummer": "C2", "ontvangen_op": "2024-01-06T23:30:00+01:00", "hoedanigheid": "buurtbewoner",
         "huishouden_met_kinderen": "nee", "gemeente_code": "GM0384", "urgentie": "3"},
    ],
    "melding_vormen": [{"melding_nummer": "M1", "vorm": "km_anders"}, {"melding_nummer": "M2", "vorm": "partnergeweld"}],
    "melding_aarden": [{"melding_nummer": "M1", "aard": "getuige"}, {"melding_nummer": "M2", "aard": "psychisch_geweld"}],
    "betrokkenen": [
        {"melding_nummer": "M1", "volgnummer": "1", "bsn": "999990019", "geboortedatum": "19850312", "geslacht": "V"},
        {"melding_nummer": "M1", "volgnummer": "2", "bsn": "999999999", "geboortedatum": "99999999", "geslacht": "O"},
        {"melding_nummer": "M2", "volgnummer": "1", "bsn": "000000000", "geboortedatum": "19700000", "geslacht": "M"},
    ],
    "veiligheidsbeoordelingen": [
        {"melding_nummer": "M1", "gestart_op": "2024-01-05", "besluit_op": "2024-01-08", "uitkomst": "acuut", "besluit": "onderzoek"},
        {"melding_nummer": "M2"},
    ],
    "diensten": [
        {"dienst_nummer": "D1", "melding_nummer": "M1", "soort": "onderzoek", "gestart_op": "2024-01-10", "afgesloten_op": "2024-02-10",
         "uitkomst_huiselijk_geweld": "bevestigd"},
    ],
    "overdrachten": [
        {"overdracht_nummer": "O1", "casus_nummer": "C1", "melding_nummer": "M1", "moment": "onderzoek", "overgedragen_op": "2024-02-12",
         "ontvanger": "JBRA", "ontvanger_betrokken": "nee"},
        {"overdracht_nummer": "O2", "casus_nummer": "C2", "moment": "veiligheidsbeoordeling", "overgedragen_op": "2024-02-20",
         "ontvanger": "CLIENTSYSTEEM"},
    ],
    "veiligheidscontacten": [
        {"contact_nummer": "V1", "melding_nummer": "M2", "contact_op": "2024-01-09", "met": "melder", "urgentie_nieuw": "2"},
    ],
    "monitormomenten": [
        {"moment_nummer": "P1", "casus_nummer": "C2", "gepland_op": "2030-01-01"},
        {"moment_nummer": "P2", "casus_nummer": "C2", "gepland_op": "2024-05-01", "uitgevoerd_op": "2024-05-02",
         "directe_veiligheid": "ja"},
    ],
    "huisverboden": [{"huisverbod_nummer": "X1", "casus_nummer": "C1", "opgelegd_op": "2024-01-04", "aanvrager": "politie"}],
    "capaciteit": [
        {"maand": "2024-01", "team": "Spoedteam", "formatie_fte": "12", "bezetting_fte": "10,5", "verzuim_procent": "8.25"},
        {"maand": "2024-01", "team": "Overig", "formatie_fte": "2.5", "bezetting_fte": "2"},
    ],
}  # fmt: skip


def eleven_test(digits: int) -> str:
    """A generated BSN from 99 and six digits that holds the eleven-test; for a few, where none exists, the next that does."""
    while True:
        text = f"99{digits % 1_000_000:06d}"
        last = sum(w * int(d) for w, d in zip(range(9, 1, -1), text, strict=True)) % 11
        if last < 10:
            return f"{text}{last}"
        digits += 1


@dataclass
class HandmadeDelivery:
    """A delivery in the making."""

    nummer: int = 1
    soort: str = "volledig"
    peildatum: str = "2024-12-31"
    rows: dict[str, list[Row]] = field(default_factory=lambda: copy.deepcopy(BASIS))
    manifest: dict[str, Any] = field(default_factory=dict)
    """Changes to the manifest; a value of None takes the field out."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Files as they must be, in the place of those made from ``rows``; their checksums follow."""
    counts: dict[str, int] = field(default_factory=dict)

    def row(self, entity: str, index: int = 0) -> Row:
        return self.rows[entity][index]

    def content(self) -> dict[str, bytes]:
        """File name → content, ``levering.json`` included."""
        files, listed = {}, []
        for entity, rows in self.rows.items():
            name = f"{entity}.csv"
            files[name] = self.files.get(name, csv_file(entity, rows))
            listed.append(
                {
                    "entiteit": entity,
                    "bestand": name,
                    "rijen": self.counts.get(entity, len(rows)),
                    "sha256": hashlib.sha256(files[name]).hexdigest(),
                }
            )
        content = {
            "contract_versie": VERSION,
            "organisatie": "amsterdam-amstelland",
            "levering_nummer": self.nummer,
            "soort": self.soort,
            "peildatum": self.peildatum,
            "aangemaakt_op": f"{date.fromisoformat(self.peildatum) + timedelta(days=1)}T01:14:05+01:00",
            "bestanden": listed,
        } | self.manifest
        files["levering.json"] = json.dumps({k: v for k, v in content.items() if v is not None}).encode()
        return files

    def zip(self, inbox: Path, file_name: str | None = None) -> Path:
        """Write it as a zip into the inbox."""
        inbox.mkdir(parents=True, exist_ok=True)
        path = inbox / (file_name or f"levering-{self.nummer}.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.content().items():
                archive.writestr(name, content)
        return path

    def map(self, inbox: Path, file_name: str | None = None) -> Path:
        """Write it as a folder into the inbox, the manifest last."""
        path = inbox / (file_name or f"levering-{self.nummer}")
        path.mkdir(parents=True)
        for name, content in self.content().items():
            (path / name).write_bytes(content)
        return path


def first_version(delivery: HandmadeDelivery) -> HandmadeDelivery:
    """The delivery as one of the first version of the contract, which does not know capaciteit."""
    delivery.rows.pop("capaciteit", None)
    delivery.manifest["contract_versie"] = FIRST_VERSION
    return delivery


def mutaties(nummer: int, **rows: list[Row]) -> HandmadeDelivery:
    """A ``mutaties`` delivery of these rows."""
    return HandmadeDelivery(nummer, "mutaties", rows=rows)


def csv_file(entity: str, rows: list[Row]) -> bytes:
    """The rows as the contract wants them; the column ``verwijderd`` only where a row has it."""
    columns = [v.name for v in load_contract(VERSION).entity(entity).fields]
    columns += [c for c in dict.fromkeys(k for row in rows for k in row) if c not in columns]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
