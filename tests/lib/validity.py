"""Whether delivered rows hold to the delivery contract: rules read from the machine-readable contract, checked in SQL."""

import re
from collections.abc import Iterator
from datetime import date

from tests.lib.demo_register import ENTITEITEN, SLEUTELS, Stand, eigenschap

DATUM = r"\d{4}-\d{2}-\d{2}"
VORM = {
    "datum": DATUM,
    "moment": DATUM + r"T\d{2}:\d{2}:\d{2}\+0[12]:00",
    "boolean": "ja|nee",
    "geheel": r"\d+",
    "gemeente": r"GM\d{4}",
    "bsn": r"\d{9}",
    "geboortedatum": r"\d{8}",
    "nummer": r"DEMO-[A-Z]\d{7}",
}


def fouten(stand: Stand, peildatum: date) -> list[str]:
    """The rules that current rows break, with the number of rows; empty when all is in order."""
    uit = []
    for entiteit, velden in ENTITEITEN.items():
        for regel, sql in _regels(entiteit, velden, peildatum):
            aantal = stand.con.execute(f"select count(*) from {entiteit} as r where {sql}").fetchone()[0]
            if aantal:
                uit.append(f"{entiteit}: {regel}: {aantal}")
        sleutel = ", ".join(SLEUTELS[entiteit])
        dubbel = stand.con.execute(f"select count(*) from (select {sleutel} from {entiteit} group by all having count(*) > 1)").fetchone()[
            0
        ]
        if dubbel:
            uit.append(f"{entiteit}: double keys: {dubbel}")
    return uit


def _regels(entiteit: str, velden: list[dict], peildatum: date) -> Iterator[tuple[str, str]]:
    """(what, condition that a wrong row meets) for every field rule."""
    for veld in velden:
        naam, soort = veld["name"], eigenschap(veld, "veldsoort")
        if veld.get("required"):
            yield f"{naam} empty", f"{naam} is null"
        if patroon := VORM.get(soort):
            yield f"{naam} malformed", f"not regexp_full_match({naam}, '{patroon}')"
        if lijst := eigenschap(veld, "codelijst"):
            yield f"{naam} not in list", f"{naam} not in (select code from codes where codelijst = '{lijst}')"
        if ouder := eigenschap(veld, "verwijst_naar"):
            yield f"{naam} without parent", f"{naam} is not null and {naam} not in (select {SLEUTELS[ouder][0]} from {ouder})"
        if soort in {"datum", "moment"} and not eigenschap(veld, "mag_na_peildatum"):
            yield f"{naam} after the peildatum", f"{naam}[:10] > '{peildatum}'"
        if ander := eigenschap(veld, "gevuld_precies_waar"):
            yield f"{naam} not filled like {ander}", f"({naam} is null) <> ({ander} is null)"
        if waar := eigenschap(veld, "alleen_waar"):
            mag = f"{waar['veld']} is not null" if "waarde" not in waar else f"coalesce({waar['veld']} = '{waar['waarde']}', false)"
            yield f"{naam} filled elsewhere", f"{naam} is not null and not ({mag})"
        if leeg := eigenschap(veld, "leeg_waar"):
            yield f"{naam} not empty", f"{leeg} = 'ja' and {naam} is not null"
        if ander := eigenschap(veld, "niet_voor"):
            yield f"{naam} before {ander}", _niet_voor(naam, soort, ander)
    if entiteit == "betrokkenen":
        som = " + ".join(f"{9 - i} * bsn[{i + 1}]::int" for i in range(8))
        gewoon = "bsn not in ('000000000', '999999999')"
        yield "bsn fails the eleven-test", f"{gewoon} and ({som} - bsn[9]::int) % 11 <> 0"
        yield "bsn does not start with 99", f"{gewoon} and bsn[:2] <> '99'"
        yield (
            "geboortedatum impossible",
            "geboortedatum <> '99999999' and try_cast(geboortedatum[:4] || '-' || "
            "replace(geboortedatum[5:6], '00', '01') || '-' || replace(geboortedatum[7:8], '00', '01') as date) is null",
        )


def _niet_voor(naam: str, soort: str, ander: str) -> str:
    if "." not in ander:
        return f"{naam}::timestamptz < {ander}::timestamptz" if soort == "moment" else f"{naam} < {ander}"
    ouder, veld = re.fullmatch(r"(\w+)\.(\w+)", ander).groups()
    sleutel = SLEUTELS[ouder][0]
    lokale_dag = f"timezone('Europe/Amsterdam', o.{veld}::timestamptz)::date::varchar"
    return f"{naam} < (select {lokale_dag} from {ouder} o where o.{sleutel} = r.{sleutel})"
