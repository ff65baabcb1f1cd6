"""What the registration got wrong, late or double, and put right: between the two full deliveries, and in each night of changes.

Rows of published years are changed, deleted and entered again, but never so that a published figure moves: what is changed does not count
in one, is swapped within one, or lies in a year of which nothing was published.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo.allocation import Integers, choose
from orchestration.demo.days import NEVER, day, year_of
from orchestration.demo.registration import OWN_NUMBER, PARENTS, Registration
from orchestration.demo.targets import Targets

Mask = npt.NDArray[np.bool_]


def add_corrections(reg: Registration, first: int, second: int, nights: int) -> None:
    """Add the corrections to the registration: from day ``first`` to ``second``, and on each of the ``nights`` days after it."""
    _between_deliveries(reg, first, second)
    for night in range(nights):
        op = second + 1 + night
        _nightly_fields(reg, op)
        _swapped_overdrachten(reg, first, second, op)
        _nightly_deletions(reg, op, last=night == nights - 1)
        _entered_again(reg, op)


def _current(table: pd.DataFrame, op: int) -> Mask:
    """Rows that stand in the registration on the day before ``op`` and after it, in this form."""
    return ((table["van"] < op) & (table["tot"] == NEVER)).to_numpy()


def _draw(reg: Registration, mask: Mask, count: int) -> Integers:
    """At most ``count`` random positions of those in the mask."""
    return choose(reg.rng, mask.astype(np.float64), min(count, int(mask.sum())))


def _share_of(reg: Registration, entity: str, part: float) -> int:
    """A share of an entity's rows, at least one."""
    return max(1, round(len(reg.tables[entity]) * part))


def _days(rows: Integers, op: int) -> Integers:
    return np.full(len(rows), op, np.int64)


def _column(table: pd.DataFrame, name: str) -> npt.NDArray[np.int64]:
    return table[name].to_numpy()


def _year_free(targets: Targets, years: Integers, *indicatoren: str) -> Mask:
    """Years of which none of these indicators was published."""
    fixed = {int(periode[:4]) for indicator in indicatoren for periode in targets.periods(indicator)}
    return ~np.isin(years, list(fixed))


# --- between the two full deliveries -----------------------------------------------------------------------------------------------


def _between_deliveries(reg: Registration, first: int, second: int) -> None:
    """What the first delivery still had otherwise: gaps filled, codes corrected, double and mistaken rows deleted."""

    def change(entity: str, part: float, column: str, old: str | int, mask: Mask | bool = True) -> None:
        table = reg.tables[entity]
        rows = _draw(reg, _current(table, first + 1) & mask, _share_of(reg, entity, part))
        reg.correct(entity, rows, {column: np.full(len(rows), old)}, reg.rng.integers(first + 1, second - 14, len(rows)))

    change("meldingen", 0.004, "buurt_code", "")
    change("meldingen", 0.003, "urgentie", 3)
    change("meldingen", 0.002, "eerdere_incidenten", -1)
    change("betrokkenen", 0.001, "geslacht", "O")
    change("betrokkenen", 0.0006, "bsn", "000000000", (reg.tables["betrokkenen"]["geboortedatum"] != "99999999").to_numpy())
    change("adviesvragen", 0.002, "kanaal", "anders")
    change("huisverboden", 0.004, "aanvrager", "politie")
    change("monitormomenten", 0.003, "structurele_veiligheid", "")
    _rough_birth_dates(reg, first + 1, _share_of(reg, "betrokkenen", 0.002), int(reg.rng.integers(first + 1, second - 14)))
    for entity, part in (("melding_aarden", 0.0006), ("veiligheidscontacten", 0.001), ("adviesvraag_vormen", 0.0006)):
        rows = _draw(reg, _current(reg.tables[entity], first + 1), _share_of(reg, entity, part))
        reg.delete(entity, rows, reg.rng.integers(first + 1, second - 14, len(rows)))
    _entered_twice(reg, first)


def _rough_birth_dates(reg: Registration, before: int, count: int, op: int) -> None:
    """Birth dates of which only the year was known at first."""
    table = reg.tables["betrokkenen"]
    dates = table["geboortedatum"].to_numpy().astype(str)
    rows = _draw(reg, _current(table, before) & (dates != "99999999") & ~np.char.endswith(dates, "00"), count)
    year = np.array([text[:4] for text in dates[rows]], dtype="U4")
    reg.correct("betrokkenen", rows, {"geboortedatum": np.char.add(year, "0000")}, _days(rows, op))


def _entered_twice(reg: Registration, first: int) -> None:
    """Reports of the last weeks before the first delivery that were entered twice, and deleted in the weeks after it."""
    table = reg.tables["meldingen"]
    begin = day(f"{int(year_of(np.array([first]))[0])}-01-01")
    can = _current(table, first) & (table["dag"] >= begin).to_numpy()
    can &= _year_free(reg.targets, year_of(_column(table, "dag")), "meldingen")
    rows = _draw(reg, can, max(1, round(12 * reg.targets.scale)))
    numbers = _column(table, "melding")[rows]
    new = copy_meldingen(reg, numbers, ("melding_vormen", "betrokkenen"), None)
    positions = np.flatnonzero(np.isin(_column(reg.tables["meldingen"], "melding"), new))
    reg.delete("meldingen", positions, reg.rng.integers(first + 2, first + 40, len(positions)))


def copy_meldingen(reg: Registration, numbers: Integers, children: tuple[str, ...], op: int | None) -> Integers:
    """Enter reports a second time under new numbers, with copies of what hangs on them; returns the new numbers.

    ``op``: the day of entry; None: the day of the original.
    """
    to: dict[int, int] = {}
    for entity in ("meldingen", *children):
        table = reg.tables[entity]
        copied = table[(table["tot"] == NEVER) & table["melding"].isin(numbers)].copy()
        if entity == "meldingen":
            old = copied["melding"].tolist()
            copied = reg.renumber(entity, copied)
            to = dict(zip(old, copied["melding"].tolist(), strict=True))
        else:
            copied["melding"] = copied["melding"].map(to)
            copied = reg.renumber(entity, copied) if entity in OWN_NUMBER else copied
        if op is not None:
            copied["van"] = np.maximum(copied["van"], op)
        reg.add(entity, copied)
    return np.array(list(to.values()), np.int64)


# --- the nights of changes ---------------------------------------------------------------------------------------------------------


def _nightly_fields(reg: Registration, op: int) -> None:
    """Fields of rows of all years that were corrected today."""
    rng = reg.rng
    meldingen = reg.tables["meldingen"]
    for column, old, count in (("urgentie", 3, 5), ("buurt_code", "", 6), ("eerdere_incidenten", -1, 4)):
        mask = _current(reg.tables["meldingen"], op) & (reg.tables["meldingen"][column] != old).to_numpy()
        rows = _draw(reg, mask & (reg.tables["meldingen"]["dag"] < op - 60).to_numpy(), count)
        reg.correct("meldingen", rows, {column: np.full(len(rows), old)}, _days(rows, op))
    _rough_birth_dates(reg, op, 8, op)
    casussen = reg.tables["casussen"]
    in_casus = meldingen.groupby("casus")["melding"].nunique().reindex(casussen["casus"]).fillna(0).to_numpy()
    closed = _column(casussen, "afgesloten")
    earlier = closed - 1 - rng.integers(0, 3, len(closed))
    same_year = year_of(np.minimum(earlier, op)) == year_of(np.minimum(closed, op))
    rows = _draw(reg, _current(casussen, op) & (in_casus == 1) & (closed < op) & same_year & (earlier > _column(casussen, "geopend")), 3)
    reg.correct("casussen", rows, {"afgesloten": earlier[rows]}, _days(rows, op))
    vb = reg.tables["veiligheidsbeoordelingen"]
    besluit = _column(vb, "besluit")
    free = _year_free(reg.targets, year_of(np.minimum(besluit, op)), "aandeel_vb_uitkomst", "aandeel_vb_onveilig")
    rows = _draw(reg, _current(vb, op) & (besluit < op) & free & (vb["uitkomst"] != "eenmalig").to_numpy(), 3)
    reg.correct("veiligheidsbeoordelingen", rows, {"uitkomst": np.full(len(rows), "eenmalig")}, _days(rows, op))
    aarden = reg.tables["melding_aarden"]  # natures of old reports that were registered only now
    rows = _draw(reg, _current(aarden, op), 5)
    van = _column(aarden, "van").copy()
    van[rows] = op
    reg.tables["melding_aarden"] = aarden.assign(van=van)


def _swapped_overdrachten(reg: Registration, first: int, second: int, op: int) -> None:
    """Two transfers of one year and receiver had each other's ``betrokken``; some had a date a few days early."""
    table = reg.tables["overdrachten"]
    year = year_of(_column(table, "op"))
    soort = table["ontvanger"].astype(str) + year.astype(str) + (table["van"] <= first).astype(str)
    only_version = (table.groupby("overdracht")["van"].transform("size") == 1) & (table["van"] <= second)
    can = _current(table, op) & (year < 2025) & only_version.to_numpy()
    ja = np.flatnonzero(can & (table["betrokken"] == "ja").to_numpy())
    nee = np.flatnonzero(can & (table["betrokken"] == "nee").to_numpy())
    if len(ja) and len(nee):
        one = reg.rng.choice(ja)
        other = nee[(soort.iloc[nee] == soort.iloc[one]).to_numpy()]
        if len(other):
            pair = np.array([one, reg.rng.choice(other)])
            reg.correct("overdrachten", pair, {"betrokken": np.array(["nee", "ja"])}, _days(pair, op))
    table = reg.tables["overdrachten"]
    dates = _column(table, "op")
    earlier = dates - reg.rng.integers(1, 6, len(dates))
    rows = _draw(reg, _current(table, op) & (year_of(dates) == year_of(earlier)) & (dates < op - 60), 3)
    reg.correct("overdrachten", rows, {"op": earlier[rows]}, _days(rows, op))


def _nightly_deletions(reg: Registration, op: int, *, last: bool) -> None:
    """Rows that turn out to be mistaken are deleted today, on their own or with all that hangs on them."""
    targets = reg.targets
    reported = (
        "meldingen",
        *(f"aandeel_meldingen_{s}" for s in ("vorm", "politie", "professionals", "inwoners", "huishouden")),
        "aandeel_hermeldingen",
    )
    meldingen = reg.tables["meldingen"]
    year_of_melding = pd.Series(year_of(_column(meldingen, "dag")), index=_column(meldingen, "melding")).groupby(level=0).first()

    def gone(entity: str, count: int, mask: Mask | bool = True) -> None:
        table = reg.tables[entity]
        rows = _draw(reg, _current(table, op) & mask, count)
        reg.delete(entity, rows, _days(rows, op))

    gone("melding_aarden", 4)
    vormen = reg.tables["melding_vormen"]
    free = _year_free(targets, year_of_melding.reindex(vormen["melding"]).to_numpy(), "aandeel_meldingen_vorm")
    gone("melding_vormen", 2, free & (vormen.groupby("melding")["vorm"].transform("size") > 1).to_numpy())
    gone("betrokkenen", 3, (reg.tables["betrokkenen"]["volgnummer"] > 2).to_numpy())
    gone("veiligheidscontacten", 3)
    gone("monitormomenten", 2)
    diensten = reg.tables["diensten"]
    free = _year_free(targets, year_of(np.minimum(_column(diensten, "afgesloten"), op)), "aandeel_diensten_binnen_termijn")
    gone("diensten", 1, free)
    advices = reg.tables["adviesvragen"]
    gone(
        "adviesvragen",
        1,
        _year_free(targets, year_of(_column(advices, "gestart")), "adviesvragen") & (advices["gestart"] < op - 60).to_numpy(),
    )
    gone("huisverboden", 1)
    if last:
        gone("casussen", 1, _without_uitstroom(reg, reg.tables["casussen"], op, reported))
    else:
        gone("meldingen", 1, _without_uitstroom(reg, reg.tables["meldingen"], op, reported))


def _without_uitstroom(reg: Registration, table: pd.DataFrame, op: int, reported: tuple[str, ...]) -> Mask:
    """Reports, or cases, that no publication counted: of a free year, in a case without transfer that was not closed in a counted year."""
    targets = reg.targets
    meldingen, vb, casussen = (reg.tables[e] for e in ("meldingen", "veiligheidsbeoordelingen", "casussen"))
    last_free = np.isin(year_of(_column(meldingen, "dag")), [_last_free_year(targets, reported)])
    besluit = vb.groupby("melding")["besluit"].max().reindex(meldingen["melding"]).fillna(NEVER).to_numpy().astype(np.int64)
    decided_free = _year_free(
        targets, year_of(np.minimum(besluit, op)), "vb_doorlooptijd_gemiddeld", "aandeel_vb_uitkomst", "aandeel_vb_onveilig"
    )
    diensten = set(reg.tables["diensten"]["melding"].tolist())
    objection = ~(last_free & decided_free) | meldingen["melding"].isin(diensten).to_numpy()
    with_objection = set(meldingen.loc[objection, "casus"].tolist()) | set(reg.tables["overdrachten"]["casus"].tolist())
    closed = year_of(np.minimum(_column(casussen, "afgesloten"), op))
    with_objection |= set(casussen.loc[~_year_free(targets, closed, "casussen_uitgestroomd"), "casus"].tolist())
    return ~table["casus"].isin(with_objection).to_numpy()


def _last_free_year(targets: Targets, indicatoren: tuple[str, ...]) -> int:
    """The last full year of which none of these was published (0: there is none)."""
    fixed = {periode[:4] for indicator in indicatoren for periode in targets.periods(indicator)}
    return max((year for year in range(2016, 2025) if str(year) not in fixed), default=0)


def _entered_again(reg: Registration, op: int) -> None:
    """Reports and transfers of published years, deleted today and entered again under another number: the figures stay as they are."""
    table = reg.tables["meldingen"]
    rows = _draw(reg, _current(table, op) & (table["dag"] < op - 60).to_numpy(), 2)
    children = tuple(e for e, parents in PARENTS.items() if ("melding", "meldingen") in parents)
    copy_meldingen(reg, _column(table, "melding")[rows], children, op)
    reg.delete("meldingen", rows, _days(rows, op))
    table = reg.tables["overdrachten"]
    rows = _draw(reg, _current(table, op) & (table["op"] < op - 60).to_numpy(), 2)
    reg.add("overdrachten", reg.renumber("overdrachten", table.iloc[rows]).assign(van=op))
    reg.delete("overdrachten", rows, _days(rows, op))
