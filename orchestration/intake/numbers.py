"""Numbers that identify, as text: the form in which they are compared, what is no number at all, and those that only case tells apart.

Looked at are the distinct texts of ``nummers_<soort>``, not the rows.
"""

from collections.abc import Iterable

import duckdb

from orchestration import duck
from orchestration.intake.pseudonymise import hash_sql, pads
from orchestration.sql import listed

WHITE_SPACE = "".join(
    map(chr, (*range(9, 14), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)
"""What Python's ``str.strip`` takes for white space."""

AROUND = rf"(?:[\t-\r\x1c-\x20]|{'|'.join(c for c in WHITE_SPACE if not c.isascii())})*"
"""A regular expression for white space or none: for DuckDB, and for Python in text and in UTF-8."""

INVISIBLE = (
    "0-1F 7F-A0 AD 34F 600-605 61C 6DD 70F 890-891 8E2 115F-1160 1680 17B4-17B5 180B-180F 2000-200F 2028-202F 205F-206F 2800 3000 3164 "
    "FE00-FE0F FEFF FFA0 FFF0-FFFB 110BD 110CD 13430-1343F 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
)
"""Code points that nobody sees, in hexadecimal: Unicode's control and format characters and its separators of lines and paragraphs (Cc, Cf,
Zl, Zp), white space other than the ordinary space, what else Unicode lets a reader ignore, and the empty Braille pattern."""

PLAIN = "[!-~]+"
"""Visible ASCII, as nearly all numbers are: in its normal form, and nothing in it is invisible."""


def normal_form(text: str) -> str:
    """A number as it is compared: white space at its ends falls away."""
    return text.strip(WHITE_SPACE)


def normal_sql(column: str) -> str:
    """SQL for what ``normal_form`` gives."""
    white = _class(f"{ord(c):X}" for c in WHITE_SPACE)
    return rf"regexp_replace({column}, '\A{white}+|{white}+\z', '', 'g')"


def invisible_sql(text: str) -> str:
    """SQL for whether a text holds something that nobody sees."""
    return f"regexp_matches({text}, '{_class(INVISIBLE.split())}')"


def _class(ranges: Iterable[str]) -> str:
    """A class of code points as RE2 writes it."""
    return "[" + "".join("-".join(rf"\x{{{end}}}" for end in r.split("-")) for r in ranges) + "]"


def find_improper(con: duckdb.DuckDBPyConnection, soort: str, geen_nummer: Iterable[str]) -> tuple[bool, bool]:
    """Whether any text in ``nummers_<soort>`` is not in its normal form, and whether any is no proper number.

    ``onjuist_<soort>`` (``text``, ``niets``) holds those: ``niets`` tells what stands for nothing (empty, or one of the words
    ``geen_nummer`` in any case) from what holds something invisible. It counts once all are in their normal form.
    """
    nothing = f"lower(tekst) in ({listed(word.lower() for word in ('', *geen_nummer))})"
    con.execute(
        f"""
        create or replace table onjuist_{soort} as
        select tekst, {nothing} as niets, tekst <> {normal_sql("tekst")} as wit from nummers_{soort}
        where (not regexp_full_match(tekst, '{PLAIN}') or {nothing})
            and (niets or wit or {invisible_sql("tekst")})
        """
    )
    white, improper = duck.row(con, f"select coalesce(bool_or(wit), false), count(*) > 0 from onjuist_{soort}")
    return white, improper


def find_other_case(con: duckdb.DuckDBPyConnection, key: bytes, soort: str, stand: str | None) -> None:
    """``hoofdletters_<soort>`` (``id``): those of ``nummers_<soort>`` that differ only in case from another there, or in ``stand``.

    ``stand`` is a table with hashes of numbers (``<soort>_id``), whose texts are not known: found there is what is all lower or all upper
    case.
    """
    con.execute(f"create or replace table hoofdletters_{soort} (id uuid)")
    # Texts that are all lower case differ in more than case; hashes are compared faster than texts.
    cased = f"select count(*) from nummers_{soort} where tekst <> lower(tekst)"
    alike = f"select count(*) - count(distinct hash(lower(tekst))) from nummers_{soort}"
    if all(duck.number(con, query) for query in (cased, alike)):
        con.execute(
            f"insert into hoofdletters_{soort} select id from nummers_{soort} where lower(tekst) in "
            f"(select lower(tekst) from nummers_{soort} group by 1 having count(*) > 1)"
        )
    if stand:
        inner, outer = pads(key)
        con.execute(
            f"""
            insert into hoofdletters_{soort}
            select id from (select id, tekst, unnest([lower(tekst), upper(tekst)]) as anders from nummers_{soort})
            where anders <> tekst and {hash_sql(soort, "anders")} in (select {soort}_id from {stand})
            """,
            {"binnen": inner, "buiten": outer},
        )
