"""How one field of the contract is made of text of theirs, as SQL in three steps: the text, what is read in it, what the contract writes.

What cannot be read is never dropped, nor passed off as right: it goes on as ``onvertaald:<text>``, which the intake quarantines under the
rule of its field. Numbers that identify and texts go on as they are: their rules are the intake's.
"""

from dataclasses import dataclass

from orchestration.intake import moments
from orchestration.intake.contract import DELETED, Contract, Field
from orchestration.intake.numbers import normal_sql
from orchestration.mapping import formats
from orchestration.mapping.formats import Notation
from orchestration.mapping.model import Options, Value
from orchestration.sql import listed, text

UNTRANSLATED = "onvertaald:"
DELETION = Field(DELETED, "boolean", False, None, "")
"""The column that every entity may have, as a field."""

AS_IT_IS = frozenset({"nummer", "bsn", "tekst"})
CODED = frozenset({"code", "stadsdeel", "buurt", "gemeente", "boolean"})
"""Kinds of field that may have ``codes``."""
DATED = frozenset({"datum", "moment", "maand", "geboortedatum"})
AS_IN_THE_CONTRACT = {"datum": Notation("jjjj-mm-dd"), "maand": Notation("jjjj-mm"), "geboortedatum": Notation("jjjjmmdd")}
"""How dates are taken to be written of which the mapping says nothing."""
COUNTED = frozenset({"geheel", "decimaal"})


@dataclass(frozen=True)
class Expression:
    """SQL for one field. ``raw`` is over the records of theirs, ``read`` over ``r_<field>``, the others over both."""

    field: Field
    value: Value
    raw: str
    read: str
    made: str
    failed: str
    """Whether the text could not be read."""
    twice: str = "false"
    """Whether it is a local time that came twice."""
    shows: bool = False
    """Whether its texts are codes by the mapping's own word, and may be shown."""


def allowed(contract: Contract, field: Field) -> tuple[str, ...] | None:
    """The codes that a field may hold; None where it has no list."""
    match field.veldsoort:
        case "code":
            return contract.code_lists[field.codelijst or ""]
        case "stadsdeel":
            return tuple(contract.stadsdelen)
        case "buurt":
            return contract.buurten
        case "boolean":
            return ("ja", "nee")
        case _:
            return None


def text_of(columns: list[str], value: Value, options: Options) -> str:
    """SQL for the text of one or more columns; null where they are empty, or hold what stands for nothing."""
    empty = listed(options.empty)
    parts = [f"case when {normal_sql(c)} in ({empty}) then null else {c} end" if empty else c for c in columns]
    return parts[0] if len(parts) == 1 else f"nullif(concat_ws({text(value.between)}, {', '.join(parts)}), '')"


def expression(contract: Contract, field: Field, value: Value, raw: str, options: Options) -> Expression:
    """The SQL for a field that comes from columns of theirs; ``raw``: what ``text_of`` gave, or an element of a list in it."""
    name, kind = field.name, field.veldsoort
    own = f"r_{name}"
    bare = normal_sql(own)
    read, made, failed, twice, shows = "null", own, "false", "false", False
    there = f"{own} is not null and {bare} <> ''"
    day = value.notation or options.day
    if kind in CODED and value.codes is not None:
        whens = " ".join(f"when {text(theirs)} then {text(ours)}" for theirs, ours, _ in value.codes)
        read = f"case coalesce({bare}, '') {whens} end" if whens else "null"
        failed = f"{there} and {bare} not in ({listed(theirs for theirs, *_ in value.codes)})" if whens else there
        made, shows = f"nullif(d_{name}, '')", True
    elif kind == "boolean":
        yes, no = value.yes if value.yes is not None else options.yes, value.no if value.no is not None else options.no
        read = f"case when {_among(bare, yes)} then 'ja' when {_among(bare, no)} then '{'' if name == DELETED else 'nee'}' end"
        made, failed, shows = f"nullif(d_{name}, '')", f"{there} and d_{name} is null", value.yes is not None or value.no is not None
    elif kind in {"code", "gemeente"}:
        codes = allowed(contract, field)
        right = f"{bare} in ({listed(codes)})" if codes else f"regexp_full_match({bare}, 'GM[0-9]{{4}}')"
        made, failed = bare, f"{there} and not {right}"
    elif kind in COUNTED:
        read = _number(bare, kind, value, options)
        made, failed = f"d_{name}", f"{there} and d_{name} is null"
    elif kind == "moment" and (notation := value.notation or options.moment):
        again = value.again or options.again
        read = formats.local_sql(bare, notation)
        made = formats.moment_sql(f"d_{name}", again)
        failed, twice = f"{there} and ({made}) is null", formats.twice_sql(f"d_{name}")
    elif kind == "moment":
        made, failed = bare, f"{there} and ({moments.read_sql(bare)}) is null"
    elif kind in {"datum", "geboortedatum", "maand"}:
        notation = (value.notation if kind == "maand" else day) or AS_IN_THE_CONTRACT[kind]
        reads = {"datum": formats.day_sql, "geboortedatum": formats.birth_sql, "maand": formats.month_sql}
        read = reads[kind](bare, notation)
        made, failed = f"d_{name}", f"{there} and d_{name} is null"
    elif kind not in AS_IT_IS:
        made = bare
    if failed != "false":
        made = f"case when {failed} then {text(UNTRANSLATED)} || {own} else {made} end"
    if value.replaced:
        whens = " ".join(f"when {text(theirs)} then {text(ours)}" for theirs, ours in value.replaced)
        known = listed(theirs for theirs, _ in value.replaced)
        made = f"case coalesce({bare}, '') {whens} else {made} end"
        failed, twice = f"coalesce({bare}, '') not in ({known}) and {failed}", f"coalesce({bare}, '') not in ({known}) and {twice}"
    return Expression(field, value, raw, read, f"nullif({made}, '')", failed, twice, shows)


def constant(field: Field, value: Value) -> Expression:
    """The SQL for a field that has the same value in every row, or none."""
    return Expression(field, value, "null::varchar", "null", f"nullif({text(value.constant)}, '')", "false")


def _among(bare: str, texts: tuple[str, ...]) -> str:
    return f"{bare} in ({listed(texts)})" if texts else "false"


def _number(bare: str, kind: str, value: Value, options: Options) -> str:
    """SQL for a number with a point before its decimals; null where it is not written as the mapping says."""
    decimal = value.decimal or options.decimal
    thousands = options.thousands if value.thousands is None else value.thousands
    point = "[.]" if decimal == "." else ","
    grouped = f"[0-9]{{1,3}}([{thousands}][0-9]{{3}})+|" if thousands else ""
    fraction = f"({point}[0-9]+)?" if kind == "decimaal" else ""
    plain = f"replace({bare}, {text(thousands)}, '')" if thousands else bare
    return f"case when regexp_full_match({bare}, {text(f'-?({grouped}[0-9]+){fraction}')}) then replace({plain}, {text(decimal)}, '.') end"


def misused(field: Field, value: Value) -> list[tuple[str, str]]:
    """What the mapping says of a value that its kind of field has no use for: the key, and for which kinds it is."""
    given = {
        "codes": (value.codes is not None, CODED),
        "vorm": (value.notation is not None, DATED),
        "decimaal": (value.decimal is not None, COUNTED),
        "duizend": (value.thousands is not None, COUNTED),
        "ja": (value.yes is not None, frozenset({"boolean"})),
        "nee": (value.no is not None, frozenset({"boolean"})),
        "uurwisseling": (value.again is not None, frozenset({"moment"})),
    }
    return [(key, " ".join(sorted(kinds))) for key, (is_given, kinds) in given.items() if is_given and field.veldsoort not in kinds]
