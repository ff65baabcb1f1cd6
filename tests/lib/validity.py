"""Whether delivered rows hold to the delivery contract: rules read from the machine-readable contract, checked in SQL."""

import re
from collections.abc import Iterator
from datetime import date

from tests.lib.demo_register import ENTITIES, PRIMARY_KEYS, DemoState, property_of

DATUM = r"\d{4}-\d{2}-\d{2}"
VORM = {
    "datum": DATUM,
    "moment": DATUM + r"T\d{2}:\d{2}:\d{2}\+0[12]:00",
    "maand": r"\d{4}-(0[1-9]|1[0-2])",
    "boolean": "ja|nee",
    "geheel": r"\d+",
    "decimaal": r"\d+(,\d+)?",
    "tekst": r"\S.{0,38}\S",
    "gemeente": r"GM\d{4}",
    "bsn": r"\d{9}",
    "geboortedatum": r"\d{8}",
    "nummer": r"DEMO-[A-Z]\d{7}",
}


def faults(stand: DemoState, peildatum: date) -> list[str]:
    """The rules that current rows break, with the number of rows; empty when all is in order."""
    out = []
    for entity, fields in ENTITIES.items():
        for line, sql in _rules(entity, fields, peildatum):
            count = stand.con.execute(f"select count(*) from {entity} as r where {sql}").fetchone()[0]
            if count:
                out.append(f"{entity}: {line}: {count}")
        key = ", ".join(PRIMARY_KEYS[entity])
        double = stand.con.execute(f"select count(*) from (select {key} from {entity} group by all having count(*) > 1)").fetchone()[0]
        if double:
            out.append(f"{entity}: double keys: {double}")
    return out


def _rules(entity: str, fields: list[dict], peildatum: date) -> Iterator[tuple[str, str]]:
    """(what, condition that a wrong row meets) for every field rule."""
    for field in fields:
        name, soort = field["name"], property_of(field, "veldsoort")
        if field.get("required"):
            yield f"{name} empty", f"{name} is null"
        if pattern := VORM.get(soort):
            yield f"{name} malformed", f"not regexp_full_match({name}, '{pattern}')"
        if code_list := property_of(field, "codelijst"):
            yield f"{name} not in list", f"{name} not in (select code from codes where codelijst = '{code_list}')"
        if parent := property_of(field, "verwijst_naar"):
            yield f"{name} without parent", f"{name} is not null and {name} not in (select {PRIMARY_KEYS[parent][0]} from {parent})"
        if soort in {"datum", "moment"} and not property_of(field, "mag_na_peildatum"):
            yield f"{name} after the peildatum", f"{name}[:10] > '{peildatum}'"
        if soort == "maand":
            yield f"{name} after the month of the peildatum", f"{name} > '{peildatum:%Y-%m}'"
        if other := property_of(field, "gevuld_precies_waar"):
            yield f"{name} not filled like {other}", f"({name} is null) <> ({other} is null)"
        if where := property_of(field, "alleen_waar"):
            may = f"{where['veld']} is not null" if "waarde" not in where else f"coalesce({where['veld']} = '{where['waarde']}', false)"
            yield f"{name} filled elsewhere", f"{name} is not null and not ({may})"
        if empty := property_of(field, "leeg_waar"):
            yield f"{name} not empty", f"{empty} = 'ja' and {name} is not null"
        if other := property_of(field, "niet_voor"):
            yield f"{name} before {other}", _not_before(name, soort, other)
    if entity == "betrokkenen":
        sums = " + ".join(f"{9 - i} * bsn[{i + 1}]::int" for i in range(8))
        ordinary = "bsn not in ('000000000', '999999999')"
        yield "bsn fails the eleven-test", f"{ordinary} and ({sums} - bsn[9]::int) % 11 <> 0"
        yield "bsn does not start with 99", f"{ordinary} and bsn[:2] <> '99'"
        yield (
            "geboortedatum impossible",
            "geboortedatum <> '99999999' and try_cast(geboortedatum[:4] || '-' || "
            "replace(geboortedatum[5:6], '00', '01') || '-' || replace(geboortedatum[7:8], '00', '01') as date) is null",
        )


def _not_before(name: str, soort: str, other: str) -> str:
    if "." not in other:
        return f"{name}::timestamptz < {other}::timestamptz" if soort == "moment" else f"{name} < {other}"
    parent, field = re.fullmatch(r"(\w+)\.(\w+)", other).groups()
    key = PRIMARY_KEYS[parent][0]
    local_day = f"timezone('Europe/Amsterdam', o.{field}::timestamptz)::date::varchar"
    return f"{name} < (select {local_day} from {parent} o where o.{key} = r.{key})"
