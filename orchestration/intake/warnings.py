"""Values that are implausible but possible: counted, shown with file and line, and taken in."""

import duckdb

from orchestration.intake.contract import DELETED, Contract
from orchestration.sql import listed

EARLIEST_BIRTH_YEAR = 1905
"""An earlier year of birth is a warning (delivery contract 1.0)."""
SMALLEST_TEAM = 3
"""Teams of fewer fte are delivered together, as ``Overig``, so that no one can be made out (delivery contract 1.1)."""

_COLUMNS = "entiteit varchar, controle varchar, veld varchar, regel bigint"


def find_warnings(con: duckdb.DuckDBPyConnection, contract: Contract, delivered: frozenset[str]) -> str:
    """Make the table ``waarschuwing`` (entiteit, controle, veld, regel) over the rows taken in; returns its name.

    Wants the tables that ``checks.Judging`` leaves: ``goed_<e>``, ``ruw_<e>``, ``na_<e>`` and ``hoofdletters_<kind>``.
    """
    con.execute(f"create or replace table waarschuwing ({_COLUMNS})")
    for entity, controle, field, sql in _warnings(contract):
        if entity in delivered:
            con.execute(f"insert into waarschuwing select '{entity}', '{controle}', '{field}', regel from ({sql})")
    return "waarschuwing"


def warning_rules(contract: Contract) -> list[tuple[str, str, str]]:
    """Every rule: entity, name of the rule, field."""
    return [(entity, controle, field) for entity, controle, field, _ in _warnings(contract)]


def _warnings(contract: Contract) -> list[tuple[str, str, str, str]]:
    """(entity, rule, field, SQL that gives the lines)."""
    home = contract.stadsdeel_gemeente
    reports = (
        "select g.regel, g.gemeente_code, r.stadsdeel_code, r.buurt_code, cast(g.ontvangen_op as date) as dag "
        f"from goed_meldingen g join ruw_meldingen r using (regel) where not g.{DELETED}"
    )
    begins = " or ".join(f"(stadsdeel_code = '{code}' and dag < date '{begin}')" for code, begin in contract.stadsdelen.items()) or "false"
    child_abuse = listed(v for v, group in contract.groups["vorm"].items() if group == "kindermishandeling")
    only_child_abuse = listed(a for a, group in contract.groups["aard"].items() if group == "alleen_kindermishandeling")
    minute = "epoch_us(m.ontvangen_op) // 60000000"
    own = [(e, v) for e in contract.entities for v in e.fields if v.veldsoort == "nummer" and not v.verwijst_naar]
    return [
        # a deletion too: it ends nothing where the number differs in case from the one that was meant
        *(
            (
                e.name,
                f"hoofdletters_{v.number_kind}",
                v.name,
                f"select regel from goed_{e.name} where {v.number_kind}_id in (select id from hoofdletters_{v.number_kind})",
            )
            for e, v in own
        ),
        ("casussen", "veel_casussen", "huishouden_nummer", _many("casussen", "huishouden_id", contract.bounds.casussen_per_huishouden)),
        ("meldingen", "veel_meldingen", "casus_nummer", _many("meldingen", "casus_id", contract.bounds.meldingen_per_casus)),
        (
            "betrokkenen",
            "geboortejaar",
            "geboortedatum",
            f"select regel from goed_betrokkenen where geboortejaar < {EARLIEST_BIRTH_YEAR}",
        ),
        (
            "meldingen",
            "stadsdeel_andere_gemeente",
            "stadsdeel_code",
            f"select regel from ({reports}) where stadsdeel_code is not null and gemeente_code is distinct from '{home}'",
        ),
        (
            "meldingen",
            "stadsdeel_voor_ingang",
            "stadsdeel_code",
            f"select regel from ({reports}) where gemeente_code = '{home}' and ({begins})",
        ),
        (
            "meldingen",
            "buurt_andere_gemeente",
            "buurt_code",
            f"select regel from ({reports}) where buurt_code is not null and gemeente_code is distinct from '{home}'",
        ),
        (
            "meldingen",
            "casus_gesloten",
            "ontvangen_op",
            f"select g.regel from goed_meldingen g join na_casussen c using (casus_id) "
            f"where not g.{DELETED} and cast(g.ontvangen_op as date) > c.afgesloten_op",
        ),
        (
            "meldingen",
            "dubbele_melding",
            "ontvangen_op",
            f"""
            with alle as (
                select m.melding_id, c.huishouden_id, {minute} as minuut, m.hoedanigheid
                from na_meldingen m join na_casussen c using (casus_id)
            ),
            dubbel as (select huishouden_id, minuut, hoedanigheid from alle group by all having count(*) > 1)
            select g.regel from goed_meldingen g join alle using (melding_id)
            join dubbel d on (d.huishouden_id, d.minuut, d.hoedanigheid) = (alle.huishouden_id, alle.minuut, alle.hoedanigheid)
            where not g.{DELETED}
            """,
        ),
        (
            "melding_aarden",
            "aard_zonder_kindermishandeling",
            "aard",
            f"""
            select g.regel from goed_melding_aarden g
            anti join (select melding_id from na_melding_vormen where vorm in ({child_abuse})) v using (melding_id)
            where g.aard in ({only_child_abuse}) and not g.{DELETED}
            """,
        ),
        (
            "capaciteit",
            "klein_team",
            "team",
            f"select regel from goed_capaciteit where not {DELETED} and formatie_fte < {SMALLEST_TEAM} and lower(team) <> 'overig'",
        ),
    ]


def _many(entity: str, column: str, at_most: int) -> str:
    """SQL for the lines of which more than ``at_most`` rows of the state after the delivery have the same ``column``."""
    many = f"select {column} from na_{entity} group by {column} having count(*) > {at_most}"
    return f"select regel from goed_{entity} where not {DELETED} and {column} in ({many})"
