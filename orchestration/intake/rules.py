"""The rules for one row, as SQL made from the contract: how each field is read, and what makes a row go to quarantine.

Every rule is a condition over one row and one bit in a mask, so that one pass over an entity finds all that is wrong with every row.
"""

from dataclasses import dataclass
from datetime import date

from orchestration.intake import moments
from orchestration.intake.contract import VERWIJDERD, Contract, Entiteit, Grenzen, Veld
from orchestration.sql import listed

ONBEKEND, ONGEBOREN = "000000000", "999999999"
"""Values of a BSN that name nobody."""
GEBOORTE_ONGEBOREN = "99999999"

NUMMERREGELS = frozenset({"geen_nummer", "onzichtbaar_teken"})
"""Rules that ask for nothing where a delivery holds no improper number of that kind, as in nearly all; their columns are not there then."""


@dataclass(frozen=True)
class Regel:
    """A rule: the row fails it where ``conditie`` is true. ``reden`` is for people; it never holds a value."""

    controle: str
    veld: str
    conditie: str
    reden: str


def helper_expressions(entiteit: Entiteit, onjuist: frozenset[str]) -> dict[str, str]:
    """Columns that the reading and the rules share, by name. The raw text of field f is ``r.f``, its keyed hash ``n_<field>.id``.

    ``onjuist``: kinds of number of which some are no proper number; ``x_<field>`` says which (see ``numbers.find_improper``).
    """
    digits = {"bsn": 9, "geboortedatum": 8}
    hashes: dict[str, str] = {}
    for v in entiteit.velden:
        if v.veldsoort == "nummer" and v.nummersoort in onjuist:
            hashes |= {
                f"_n_{v.naam}": f"case when x_{v.naam}.tekst is null then n_{v.naam}.id end",
                f"_niets_{v.naam}": f"x_{v.naam}.niets",
            }
        elif v.nummersoort:
            hashes[f"_n_{v.naam}"] = f"n_{v.naam}.id"
    return hashes | {
        f"_g_{v.naam}": f"case when regexp_full_match(r.{v.naam}, '[0-9]{{{digits[v.veldsoort]}}}') then cast(r.{v.naam} as integer) end"
        for v in entiteit.velden
        if v.veldsoort in digits
    }


def read_expressions(contract: Contract, entiteit: Entiteit) -> dict[str, str]:
    """SQL by landing column, over the raw text (``r.<field>``) and the helper columns.

    A column is null where the field is empty or not of its type, so that no raw text that the contract does not know goes on.
    """
    return {kolom: sql for veld in entiteit.velden for kolom, sql in _read(contract, veld).items()}


def _read(contract: Contract, veld: Veld) -> dict[str, str]:
    raw, number = f"r.{veld.naam}", f"_g_{veld.naam}"
    match veld.veldsoort:
        case "nummer":
            return {f"{veld.nummersoort}_id": f"_n_{veld.naam}"}
        case "bsn":
            return {
                "persoon_id": f"case when {raw} not in ('{ONBEKEND}', '{ONGEBOREN}') then _n_{veld.naam} end",
                "bsn_onbekend": f"{raw} = '{ONBEKEND}'",
                "bsn_ongeboren": f"{raw} = '{ONGEBOREN}'",
            }
        case "geboortedatum":
            year = f"case when {_is_birth_date(raw, number)} then {number} // 10000 end"
            return {"geboortejaar": year, "ongeboren": f"{raw} = '{GEBOORTE_ONGEBOREN}'"}
        case _:
            return {veld.naam: _read_one(contract, veld, raw)}


def _read_one(contract: Contract, veld: Veld, raw: str) -> str:
    readings = {
        # Read and written again it must be the same text: '2024-1-5' and ' 024-01-01' are no dates here.
        "datum": f"case when length({raw}) = 10 and try_cast({raw} as date)::varchar = {raw} then try_cast({raw} as date) end",
        "moment": moments.read_sql(raw),
        "boolean": f"case {raw} when 'ja' then true when 'nee' then false end",
        "geheel": f"case when regexp_full_match({raw}, '-?[0-9]{{1,10}}') then try_cast({raw} as integer) end",
        "gemeente": f"case when regexp_full_match({raw}, 'GM[0-9]{{4}}') then {raw} end",
    }
    return readings.get(veld.veldsoort) or f"case when {raw} in ({listed(_codes(contract, veld))}) then {raw} end"


def _codes(contract: Contract, veld: Veld) -> tuple[str, ...]:
    match veld.veldsoort:
        case "stadsdeel":
            return tuple(contract.stadsdelen)
        case "buurt":
            return contract.buurten
        case "code":
            return contract.codelijsten[veld.codelijst or ""]
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


def _elfproef(number: str) -> str:
    weighted = " + ".join(f"{9 - i} * ({number} // {10 ** (8 - i)} % 10)" for i in range(8))
    return f"(({weighted}) - {number} % 10) % 11 = 0"


def row_rules(contract: Contract, entiteit: Entiteit, soort: str, peildatum: date) -> list[Regel]:
    """Every rule that a row of ``entiteit`` can break by itself, most telling first.

    Conditions see the raw text as ``r.<field>`` and the read columns by name. In a ``mutaties`` delivery a row with verwijderd = ja needs
    nothing but its key.
    """
    rules = [_deletion_rule(soort)]
    rules.append(Regel("type", VERWIJDERD, f"r.{VERWIJDERD} <> 'ja'", "must be ja or empty"))
    deleted = f"r.{VERWIJDERD} is not distinct from 'ja'" if soort == "mutaties" else "false"
    shape, relations = [], []
    for veld in entiteit.velden:
        found = _shape_rules(contract, entiteit, veld)
        shape += found if veld.sleutel else [_unless(deleted, r) for r in found]
        relations += [_unless(deleted, r) for r in _relation_rules(contract.grenzen, entiteit, veld, peildatum)]
    return rules + shape + relations


def _unless(deleted: str, rule: Regel) -> Regel:
    return rule if deleted == "false" else Regel(rule.controle, rule.veld, f"not ({deleted}) and ({rule.conditie})", rule.reden)


def _deletion_rule(soort: str) -> Regel:
    condition = f"r.{VERWIJDERD} = 'ja'" if soort == "volledig" else "false"
    return Regel("alleen_waar", VERWIJDERD, condition, "may be filled only in a mutaties delivery")


def _shape_rules(contract: Contract, entiteit: Entiteit, veld: Veld) -> list[Regel]:
    """What the field's own text must be."""
    raw = f"r.{veld.naam}"
    rules = []

    def add(controle: str, condition: str, reden: str) -> None:
        rules.append(Regel(controle, veld.naam, condition, reden))

    if veld.verplicht:
        add("verplicht", f"{raw} is null", "must be filled")
    unread = f"{raw} is not null and {veld.naam} is null"
    match veld.veldsoort:
        case "nummer":
            add("geen_nummer", f"_niets_{veld.naam}", "stands for no number; deliver the number, or leave the field empty where it may be")
            add("onzichtbaar_teken", f"not _niets_{veld.naam}", "holds an invisible or control character; correct the number at its source")
        case "bsn":
            number = f"_g_{veld.naam}"
            add("type", f"{raw} is not null and {number} is null", "must be 9 digits")
            add("elfproef", f"{number} not in ({int(ONBEKEND)}, {ONGEBOREN}) and not ({_elfproef(number)})", "fails the eleven-test")
        case "geboortedatum":
            add(
                "type", f"{raw} <> '{GEBOORTE_ONGEBOREN}' and geboortejaar is null", "must be JJJJMMDD, with 00 for an unknown day or month"
            )
        case "stadsdeel" | "buurt":
            home = f"r.{_gemeente(entiteit)} = '{contract.stadsdeel_gemeente}'"
            add("codelijst", f"{unread} and {home}", f"is no known {veld.veldsoort}")
        case "code":
            add("codelijst", unread, f"is not in code list {veld.codelijst}")
        case "datum":
            add("type", unread, "must be a date, JJJJ-MM-DD")
        case "moment":
            add("type", unread, "must be a moment with offset, as 2024-03-31T03:45:00+02:00")
        case "boolean":
            add("type", unread, "must be ja or nee")
        case "gemeente":
            add("type", unread, "must be GM and four digits")
        case "geheel":
            add("type", unread, "must be a whole number")
    if veld.minimum is not None:
        add("minimum", f"{veld.naam} < {veld.minimum}", f"must be at least {veld.minimum}")
    return rules


def _gemeente(entiteit: Entiteit) -> str:
    return next(v.naam for v in entiteit.velden if v.veldsoort == "gemeente")


def _relation_rules(grenzen: Grenzen, entiteit: Entiteit, veld: Veld, peildatum: date) -> list[Regel]:
    """What the field must be beside the other fields of its row and the peildatum; parents come later."""
    raw = f"r.{veld.naam}"
    rules = []
    day = f"cast({veld.naam} as date)"
    if veld.veldsoort in {"datum", "moment"}:
        first = grenzen.eerste_dag
        reden = f"lies before {first}, the first day that an event can have; correct the date at its source"
        rules.append(Regel("voor_venster", veld.naam, f"{day} < date '{first}'", reden))
    if veld.mag_na_peildatum:
        last = grenzen.laatste_dag(peildatum)
        reden = f"lies after {last}, more than {grenzen.jaren_na_peildatum} years after the peildatum; correct the date at its source"
        rules.append(Regel("na_venster", veld.naam, f"{day} > date '{last}'", reden))
    if veld.niet_voor and "." not in veld.niet_voor:
        earliest = entiteit.veld(veld.niet_voor)
        by_day = "datum" in {veld.veldsoort, earliest.veldsoort}
        left, right = (f"cast({n} as date)" if by_day else n for n in (veld.naam, earliest.naam))
        rules.append(Regel("volgorde", veld.naam, f"{left} < {right}", f"comes before {earliest.naam}"))
    if veld.veldsoort in {"datum", "moment"} and not veld.mag_na_peildatum:
        rules.append(Regel("na_peildatum", veld.naam, f"{day} > date '{peildatum}'", "lies after the peildatum"))
    if veld.veldsoort == "geboortedatum":
        after = f"geboortejaar is not null and {raw} > '{peildatum:%Y%m%d}'"
        rules.append(Regel("na_peildatum", veld.naam, f"{raw} <> '{GEBOORTE_ONGEBOREN}' and {after}", "lies after the peildatum"))
    if veld.gevuld_precies_waar:
        other = veld.gevuld_precies_waar
        rules.append(
            Regel(
                "gevuld_precies_waar",
                veld.naam,
                f"({raw} is null) <> (r.{other} is null)",
                f"must be filled where {other} is, and only there",
            )
        )
    if veld.alleen_waar:
        other, value = veld.alleen_waar.veld, veld.alleen_waar.waarde
        absent = f"r.{other} is null" if value is None else f"r.{other} is distinct from '{value}'"
        where = "is filled" if value is None else f"is {value}"
        rules.append(Regel("alleen_waar", veld.naam, f"{raw} is not null and {absent}", f"may be filled only where {other} {where}"))
    if veld.leeg_waar:
        rules.append(
            Regel("leeg_waar", veld.naam, f"{raw} is not null and r.{veld.leeg_waar} = 'ja'", f"must be empty where {veld.leeg_waar} is ja")
        )
    return rules
