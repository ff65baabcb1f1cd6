"""The rules for one row, as SQL made from the contract: how each field is read, and what makes a row go to quarantine.

Every rule is a condition over one row and one bit in a mask, so that one pass over an entity finds all that is wrong with every row.
"""

from dataclasses import dataclass
from datetime import date

from orchestration.intake import moments
from orchestration.intake.contract import DECIMALS, DELETED, TYPES, WHOLE_DIGITS, Bounds, Contract, Entity, Field
from orchestration.intake.numbers import invisible_sql, normal_sql
from orchestration.language import later, say
from orchestration.sql import listed

ONBEKEND, UNBORN = "000000000", "999999999"
"""Values of a BSN that name nobody."""
BORN_UNBORN = "99999999"
MAX_TEXT = 200
"""Characters of a text of which the contract says no less."""

NUMBER_RULES = frozenset({"geen_nummer", "onzichtbaar_teken"})
"""Rules that ask for nothing where a delivery holds no improper number of that kind, as in nearly all; their columns are not there then."""


@dataclass(frozen=True)
class RowRule:
    """A rule: the row fails it where ``condition`` is true. ``reden`` is for people; it never holds a value."""

    controle: str
    veld: str
    condition: str
    reden: str


def helper_expressions(entity: Entity, improper: frozenset[str]) -> dict[str, str]:
    """Columns that the reading and the rules share, by name. The raw text of field f is ``r.f``, its keyed hash ``n_<field>.id``.

    ``improper``: kinds of number of which some are no proper number; ``x_<field>`` says which (see ``numbers.find_improper``).
    """
    digits = {"bsn": 9, "geboortedatum": 8}
    hashes: dict[str, str] = {}
    for v in entity.fields:
        if v.veldsoort == "nummer" and v.number_kind in improper:
            hashes |= {
                f"_n_{v.name}": f"case when x_{v.name}.tekst is null then n_{v.name}.id end",
                f"_niets_{v.name}": f"x_{v.name}.niets",
            }
        elif v.number_kind:
            hashes[f"_n_{v.name}"] = f"n_{v.name}.id"
    return hashes | {
        f"_g_{v.name}": f"case when regexp_full_match(r.{v.name}, '[0-9]{{{digits[v.veldsoort]}}}') then cast(r.{v.name} as integer) end"
        for v in entity.fields
        if v.veldsoort in digits
    }


def read_expressions(contract: Contract, entity: Entity) -> dict[str, str]:
    """SQL by landing column, over the raw text (``r.<field>``) and the helper columns.

    A column is null where the field is empty or not of its type, so that no raw text that the contract does not know goes on.
    """
    return {column: sql for field in entity.fields for column, sql in _read(contract, field).items()}


def _read(contract: Contract, field: Field) -> dict[str, str]:
    raw, number = f"r.{field.name}", f"_g_{field.name}"
    match field.veldsoort:
        case "nummer":
            return {f"{field.number_kind}_id": f"_n_{field.name}"}
        case "bsn":
            return {
                "persoon_id": f"case when {raw} not in ('{ONBEKEND}', '{UNBORN}') then _n_{field.name} end",
                "bsn_onbekend": f"{raw} = '{ONBEKEND}'",
                "bsn_ongeboren": f"{raw} = '{UNBORN}'",
            }
        case "geboortedatum":
            year = f"case when {_is_birth_date(raw, number)} then {number} // 10000 end"
            return {"geboortejaar": year, "ongeboren": f"{raw} = '{BORN_UNBORN}'"}
        case _:
            return {field.name: _read_one(contract, field, raw)}


def _read_one(contract: Contract, field: Field, raw: str) -> str:
    readings = {
        # Read and written again it must be the same text: '2024-1-5' and ' 024-01-01' are no dates here.
        "datum": f"case when length({raw}) = 10 and try_cast({raw} as date)::varchar = {raw} then try_cast({raw} as date) end",
        "moment": moments.read_sql(raw),
        "boolean": f"case {raw} when 'ja' then true when 'nee' then false end",
        "geheel": f"case when regexp_full_match({raw}, '-?[0-9]{{1,10}}') then try_cast({raw} as integer) end",
        "gemeente": f"case when regexp_full_match({raw}, 'GM[0-9]{{4}}') then {raw} end",
        "maand": f"case when regexp_full_match({raw}, '[0-9]{{4}}-(0[1-9]|1[0-2])') then {raw} end",
        "decimaal": f"case when regexp_full_match({raw}, '-?[0-9]{{1,{WHOLE_DIGITS}}}([.,][0-9]{{1,{DECIMALS}}})?') "
        f"then try_cast(replace({raw}, ',', '.') as {TYPES['decimaal']}) end",
        "tekst": _read_text(field, raw),
    }
    return readings.get(field.veldsoort) or f"case when {raw} in ({listed(_codes(contract, field))}) then {raw} end"


def _read_text(field: Field, raw: str) -> str:
    """Text as it is compared: white space at its ends falls away."""
    text = normal_sql(raw)
    return f"case when length({text}) between 1 and {field.langste or MAX_TEXT} and not {invisible_sql(text)} then {text} end"


def _codes(contract: Contract, field: Field) -> tuple[str, ...]:
    match field.veldsoort:
        case "stadsdeel":
            return tuple(contract.stadsdelen)
        case "buurt":
            return contract.buurten
        case "code":
            return contract.code_lists[field.codelijst or ""]
        case _:
            return ("",)


def _is_birth_date(raw: str, number: str) -> str:
    """Over the 8 digits as text and as number: a day that exists, or 00 for the day, or for day and month."""
    month, day = f"{number} // 100 % 100", f"{number} % 100"
    rare = f"try_cast(left({raw}, 4) || '-' || substr({raw}, 5, 2) || '-' || right({raw}, 2) as date) is not null"
    return (
        f"case when {number} < 10000 or {month} > 12 then false when {day} = 0 then true when {month} = 0 then false "
        f"when {day} <= 28 then true else {rare} end"
    )


def _eleven_test(number: str) -> str:
    weighted = " + ".join(f"{9 - i} * ({number} // {10 ** (8 - i)} % 10)" for i in range(8))
    return f"(({weighted}) - {number} % 10) % 11 = 0"


def row_rules(contract: Contract, entity: Entity, soort: str, peildatum: date) -> list[RowRule]:
    """Every rule that a row of ``entity`` can break by itself, most telling first.

    Conditions see the raw text as ``r.<field>`` and the read columns by name. In a ``mutaties`` delivery a row with verwijderd = ja needs
    nothing but its key.
    """
    rules = [_deletion_rule(soort)]
    rules.append(RowRule("type", DELETED, f"r.{DELETED} <> 'ja'", say("must be ja or empty")))
    deleted = f"r.{DELETED} is not distinct from 'ja'" if soort == "mutaties" else "false"
    shape, relations = [], []
    for field in entity.fields:
        found = _shape_rules(contract, entity, field)
        shape += found if field.key_position else [_unless(deleted, r) for r in found]
        relations += [_unless(deleted, r) for r in _relation_rules(contract.bounds, entity, field, peildatum)]
    return rules + shape + relations


def _unless(deleted: str, rule: RowRule) -> RowRule:
    return rule if deleted == "false" else RowRule(rule.controle, rule.veld, f"not ({deleted}) and ({rule.condition})", rule.reden)


def _deletion_rule(soort: str) -> RowRule:
    condition = f"r.{DELETED} = 'ja'" if soort == "volledig" else "false"
    return RowRule("alleen_waar", DELETED, condition, say("may be filled only in a mutaties delivery"))


FORMS = {
    "datum": later("must be a date, JJJJ-MM-DD"),
    "moment": later("must be a moment with offset, as 2024-03-31T03:45:00+02:00"),
    "maand": later("must be a month, JJJJ-MM"),
    "boolean": later("must be ja or nee"),
    "gemeente": later("must be GM and four digits"),
    "geheel": later("must be a whole number"),
    "decimaal": later("must be a number with a point or a comma before at most {decimals} decimals and nothing between its thousands"),
    "tekst": later("must be text of at most {count} characters without signs that cannot be seen"),
}
"""What a text must be that cannot be read, by kind of field."""


def _shape_rules(contract: Contract, entity: Entity, field: Field) -> list[RowRule]:
    """What the field's own text must be."""
    raw = f"r.{field.name}"
    rules = []

    def add(controle: str, condition: str, reden: str) -> None:
        rules.append(RowRule(controle, field.name, condition, reden))

    if field.required:
        add("verplicht", f"{raw} is null", say("must be filled"))
    unread = f"{raw} is not null and {field.name} is null"
    match field.veldsoort:
        case "nummer":
            nothing = say("stands for no number; deliver the number, or leave the field empty where it may be")
            add("geen_nummer", f"_niets_{field.name}", nothing)
            unseen = say("holds an invisible or control character; correct the number at its source")
            add("onzichtbaar_teken", f"not _niets_{field.name}", unseen)
        case "bsn":
            number = f"_g_{field.name}"
            add("type", f"{raw} is not null and {number} is null", say("must be 9 digits"))
            add("elfproef", f"{number} not in ({int(ONBEKEND)}, {UNBORN}) and not ({_eleven_test(number)})", say("fails the eleven-test"))
        case "geboortedatum":
            form = say("must be JJJJMMDD, with 00 for an unknown day or month")
            add("type", f"{raw} <> '{BORN_UNBORN}' and geboortejaar is null", form)
        case "stadsdeel" | "buurt":
            home = f"r.{_gemeente(entity)} = '{contract.stadsdeel_gemeente}'"
            add(
                "codelijst",
                f"{unread} and {home}",
                say(later("is no known stadsdeel") if field.veldsoort == "stadsdeel" else later("is no known buurt")),
            )
        case "code":
            add("codelijst", unread, say("is not in code list {list}", list=field.codelijst))
        case kind:
            add("type", unread, say(FORMS[kind], decimals=DECIMALS, count=field.langste or MAX_TEXT))
    if field.maximum is not None:
        add("maximum", f"{field.name} > {field.maximum}", say("must be at most {maximum}", maximum=field.maximum))
    if field.minimum is not None:
        add("minimum", f"{field.name} < {field.minimum}", say("must be at least {minimum}", minimum=field.minimum))
    return rules


def _gemeente(entity: Entity) -> str:
    return next(v.name for v in entity.fields if v.veldsoort == "gemeente")


def _relation_rules(bounds: Bounds, entity: Entity, field: Field, peildatum: date) -> list[RowRule]:
    """What the field must be beside the other fields of its row and the peildatum; parents come later."""
    raw = f"r.{field.name}"
    rules = []
    day = f"cast({field.name} as date)"
    if field.veldsoort in {"datum", "moment"}:
        first = bounds.eerste_dag
        reden = say("lies before {first}, the first day that an event can have; correct the date at its source", first=first)
        rules.append(RowRule("voor_venster", field.name, f"{day} < date '{first}'", reden))
    if field.veldsoort == "maand":
        first_month, last_month = f"{bounds.eerste_dag:%Y-%m}", f"{peildatum:%Y-%m}"
        early = say("lies before {first}, the first month that there can be; correct it at its source", first=first_month)
        rules.append(RowRule("voor_venster", field.name, f"{field.name} < '{first_month}'", early))
        rules.append(RowRule("na_peildatum", field.name, f"{field.name} > '{last_month}'", say("lies after the month of the peildatum")))
    if field.mag_na_peildatum:
        last = bounds.last_day(peildatum)
        reden = say(
            "lies after {last}, more than {years} years after the peildatum; correct the date at its source",
            last=last,
            years=bounds.jaren_na_peildatum,
        )
        rules.append(RowRule("na_venster", field.name, f"{day} > date '{last}'", reden))
    if field.niet_voor and "." not in field.niet_voor:
        earliest = entity.field(field.niet_voor)
        by_day = "datum" in {field.veldsoort, earliest.veldsoort}
        left, right = (f"cast({n} as date)" if by_day else n for n in (field.name, earliest.name))
        rules.append(RowRule("volgorde", field.name, f"{left} < {right}", say("comes before {earlier}", earlier=earliest.name)))
    if field.veldsoort in {"datum", "moment"} and not field.mag_na_peildatum:
        rules.append(RowRule("na_peildatum", field.name, f"{day} > date '{peildatum}'", say("lies after the peildatum")))
    if field.veldsoort == "geboortedatum":
        after = f"geboortejaar is not null and {raw} > '{peildatum:%Y%m%d}'"
        rules.append(RowRule("na_peildatum", field.name, f"{raw} <> '{BORN_UNBORN}' and {after}", say("lies after the peildatum")))
    if field.gevuld_precies_waar:
        other = field.gevuld_precies_waar
        rules.append(
            RowRule(
                "gevuld_precies_waar",
                field.name,
                f"({raw} is null) <> (r.{other} is null)",
                say("must be filled where {other} is, and only there", other=other),
            )
        )
    if field.alleen_waar:
        other, value = field.alleen_waar.veld, field.alleen_waar.waarde
        absent = f"r.{other} is null" if value is None else f"r.{other} is distinct from '{value}'"
        filled, has = later("may be filled only where {other} is filled"), later("may be filled only where {other} is {value}")
        reden = say(filled if value is None else has, other=other, value=value)
        rules.append(RowRule("alleen_waar", field.name, f"{raw} is not null and {absent}", reden))
    if field.leeg_waar:
        reden = say("must be empty where {other} is ja", other=field.leeg_waar)
        rules.append(RowRule("leeg_waar", field.name, f"{raw} is not null and r.{field.leeg_waar} = 'ja'", reden))
    return rules
