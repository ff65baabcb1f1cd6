"""The case registration as it stood on any day: each row with the days from and until which it (in this form) was registered.

What happened is turned into tables, one per entity of the delivery contract; ``van`` is the first day that a row (in this form) stands in
the registration, ``tot`` the day that it was changed or deleted. Days that lie after a delivery's peildatum are left out when that is
written, so one table serves every delivery.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo.allocation import Integers
from orchestration.demo.capaciteit import make_capaciteit
from orchestration.demo.days import NEVER, Days, moment_text, year_of
from orchestration.demo.huishoudens import Families, close_casussen, make_betrokkenen, make_families
from orchestration.demo.instroom import Adviesvragen, Meldingen, make_adviesvragen, make_meldingen
from orchestration.demo.targets import Targets
from orchestration.demo.uitstroom import decisions, make_huisverboden, make_monitormomenten, make_overdrachten
from orchestration.demo.veiligheidsbeoordelingen import Veiligheidsbeoordelingen, make_veiligheidsbeoordelingen

PARENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "adviesvragen": (),
    "adviesvraag_vormen": (("advies", "adviesvragen"),),
    "casussen": (),
    "meldingen": (("casus", "casussen"),),
    "melding_vormen": (("melding", "meldingen"),),
    "melding_aarden": (("melding", "meldingen"),),
    "betrokkenen": (("melding", "meldingen"),),
    "veiligheidsbeoordelingen": (("melding", "meldingen"),),
    "diensten": (("melding", "meldingen"),),
    "overdrachten": (("casus", "casussen"), ("melding", "meldingen")),
    "veiligheidscontacten": (("melding", "meldingen"),),
    "monitormomenten": (("casus", "casussen"),),
    "huisverboden": (("casus", "casussen"),),
    "capaciteit": (),
}
"""Entities in order, with their parents: (column, entity). Numbers are row numbers from 1; 0 = no parent named."""

OWN_NUMBER = {
    "adviesvragen": "advies",
    "casussen": "casus",
    "meldingen": "melding",
    "diensten": "dienst",
    "overdrachten": "overdracht",
    "veiligheidscontacten": "contact",
    "monitormomenten": "moment_nr",
    "huisverboden": "huisverbod",
}
"""Entities with a number of their own."""


@dataclass
class Registration:
    """The tables by entity; ``end``: the last day that was simulated."""

    tables: dict[str, pd.DataFrame]
    end: int
    targets: Targets
    rng: np.random.Generator = field(repr=False)

    def correct(self, entity: str, rows: Integers, old: dict[str, npt.NDArray[Any]], op: Days) -> None:
        """Let rows (positions) have stood there with other values (``old``) until the day ``op`` on which they were corrected."""
        table = self.tables[entity]
        may = table["van"].to_numpy()[rows] < op
        previous = table.iloc[rows].copy()
        for column, values in old.items():
            previous[column] = values
        previous["tot"] = op
        new = table["van"].to_numpy().copy()
        new[rows[may]] = op[may]
        table = table.assign(van=new)
        self.tables[entity] = pd.concat([table, previous[may]], ignore_index=True)

    def delete(self, entity: str, rows: Integers, op: Days) -> None:
        """Delete rows (positions) on the day ``op``, and with them what hangs on them."""
        table = self.tables[entity]
        tot = table["tot"].to_numpy().copy()
        tot[rows] = np.minimum(tot[rows], op)
        self.tables[entity] = table.assign(tot=tot)
        key = OWN_NUMBER.get(entity)
        if key is None:
            return
        gone = dict(zip(table[key].to_numpy()[rows].tolist(), np.broadcast_to(op, len(rows)).tolist(), strict=True))
        for child, parents in PARENTS.items():
            for column, parent in parents:
                if parent == entity:
                    self._delete_children(child, column, gone)

    def _delete_children(self, child: str, column: str, gone: dict[int, int]) -> None:
        table = self.tables[child]
        op = table[column].map(gone).fillna(NEVER).astype(np.int64).to_numpy()
        touched = (op != NEVER) & (op <= table["tot"].to_numpy())
        self.tables[child] = table.assign(tot=np.where(touched, op, table["tot"]), met_ouder=table["met_ouder"].to_numpy() | touched)
        key = OWN_NUMBER.get(child)
        if key is not None and touched.any():
            numbers = dict(zip(table.loc[touched, key].tolist(), op[touched].tolist(), strict=True))
            for grandchild, parents in PARENTS.items():
                for field, parent in parents:
                    if parent == child:
                        self._delete_children(grandchild, field, numbers)

    def renumber(self, entity: str, copied: pd.DataFrame) -> pd.DataFrame:
        """Give copied rows the next free numbers of their entity."""
        key = OWN_NUMBER[entity]
        return copied.assign(**{key: self.tables[entity][key].max() + 1 + np.arange(len(copied))})

    def add(self, entity: str, rows: pd.DataFrame) -> None:
        """Add rows that have ``van`` and ``tot`` already."""
        self.tables[entity] = pd.concat([self.tables[entity], rows], ignore_index=True)


def make_registration(targets: Targets, seed: int, end: int, progress: Callable[[str], None]) -> Registration:
    """Simulate everything up to and including day ``end`` and register it; the same seed gives the same tables."""
    sources = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(7)]
    meldingen = make_meldingen(targets, sources[0], end)
    advices = make_adviesvragen(targets, sources[1], end)
    progress(f"{len(meldingen.rows)} meldingen, {len(advices.rows)} adviesvragen")
    veiligheidsbeoordelingen = make_veiligheidsbeoordelingen(targets, sources[2], meldingen.rows, end)
    rows = meldingen.rows
    done, dienst_soort = _done(veiligheidsbeoordelingen, len(rows))
    followed = (dienst_soort != "") & (done != NEVER) & (sources[3].random(len(rows)) < 0.22)
    shut = done + sources[3].geometric(0.1, len(rows)) + np.where(followed, sources[3].integers(95, 190, len(rows)), 0)
    shut = np.where((done == NEVER) | (shut > end), NEVER, shut)
    families = make_families(targets, sources[3], rows, shut)
    rows["casus"] = families.casus_of_melding
    _same_minute(rows)
    families.casussen["afgesloten"] = close_casussen(targets, sources[3], families.casussen, end)
    _closed_too_early(targets, families.casussen)
    progress(f"{len(families.casussen)} casussen")
    overdrachten = make_overdrachten(targets, sources[4], rows, done, dienst_soort, end)
    veiligheidsbeoordelingen.vb["beslissing"] = decisions(
        sources[4], veiligheidsbeoordelingen.vb["besluit"].to_numpy(), dienst_soort, overdrachten
    )
    progress(f"{len(overdrachten)} overdrachten")
    casus_followed = np.full(len(families.casussen), NEVER)
    np.minimum.at(casus_followed, families.casus_of_melding[followed], done[followed])
    rng = sources[5]
    tables = {
        **_advies_tables(rng, advices),
        **_melding_tables(rng, meldingen, families, veiligheidsbeoordelingen),
        "overdrachten": _overdrachten(overdrachten),
        "monitormomenten": _with_casus_number(make_monitormomenten(rng, families.casussen, casus_followed, end)),
        "capaciteit": make_capaciteit(sources[6], end),
        "huisverboden": _with_casus_number(make_huisverboden(targets, rng, rows, meldingen.vormen, end)).assign(van=lambda t: t["op"]),
    }
    return Registration({name: _finish(name, tables) for name in PARENTS}, end, targets, rng)


def _done(veiligheidsbeoordelingen: Veiligheidsbeoordelingen, n: int) -> tuple[Days, npt.NDArray[np.str_]]:
    """The day the work on each report ended (decision, or end of its dienst) and the kind of dienst ('' = none)."""
    done = veiligheidsbeoordelingen.vb["besluit"].to_numpy().copy()
    soort = np.full(n, "", "U20")
    done[veiligheidsbeoordelingen.diensten["melding"]] = veiligheidsbeoordelingen.diensten["afgesloten"]
    soort[veiligheidsbeoordelingen.diensten["melding"]] = veiligheidsbeoordelingen.diensten["soort"]
    return done, soort


def _same_minute(rows: pd.DataFrame) -> None:
    """A few reports came in twice within the minute (a warning)."""
    previous = rows.groupby("casus").shift(1)
    pair = np.flatnonzero((previous["dag"] == rows["dag"]) & (previous["melder"] == rows["melder"]))[:9]
    utc = rows["utc"].to_numpy().copy()
    utc[pair] = previous["utc"].to_numpy()[pair].astype(np.int64)
    rows["utc"] = utc
    rows.loc[pair, ["acuut_utc", "acuut_dag"]] = [-1, NEVER]


def _closed_too_early(targets: Targets, casussen: pd.DataFrame) -> None:
    """A few cases were closed on the day before their last report (a warning), in years whose number of closed cases is free."""
    closing = casussen["afgesloten"].to_numpy().copy()
    new = casussen["laatste"].to_numpy() - 1
    fixed = [int(periode[:4]) for periode in targets.periods("casussen_uitgestroomd")]
    free = ~np.isin(year_of(new), fixed) & ~np.isin(year_of(np.where(closing == NEVER, 0, closing)), fixed) & (closing != NEVER)
    rows = np.flatnonzero(free & (casussen["meldingen"] > 2) & (new > casussen["geopend"]))
    rows = rows[:: max(1, len(rows) // 14)]
    closing[rows] = new[rows]
    casussen["afgesloten"] = closing


def _advies_tables(rng: np.random.Generator, advices: Adviesvragen) -> dict[str, pd.DataFrame]:
    rows = advices.rows.rename(columns={"dag": "gestart"})
    rows["van"] = rows["gestart"] + np.where(rng.random(len(rows)) < 0.93, 0, rng.integers(1, 5, len(rows)))
    return {"adviesvragen": rows, "adviesvraag_vormen": advices.vormen.assign(advies=advices.vormen["advies"] + 1, van=0)}


def _melding_tables(
    rng: np.random.Generator, meldingen: Meldingen, families: Families, veiligheidsbeoordelingen: Veiligheidsbeoordelingen
) -> dict[str, pd.DataFrame]:
    rows = meldingen.rows
    n = len(rows)
    casussen = families.casussen[["gezin", "variant", "geopend", "afgesloten"]].copy()
    casussen["huishouden"] = np.where(casussen["variant"] < 0, casussen["gezin"] + 1, n + 1 + np.arange(len(casussen)))
    casussen["van"] = casussen["geopend"]
    table = rows.drop(columns=["gebied", "utc", "acuut_utc"]).assign(casus=rows["casus"] + 1)
    table["ontvangen_op"] = moment_text(rows["utc"].to_numpy())
    acuut = rows["acuut_utc"].to_numpy()
    table["acuut_beoordeeld_op"] = np.where(acuut < 0, "", moment_text(np.maximum(acuut, 0)))
    table["van"] = rows["dag"] + np.where(rng.random(n) < 0.94, 0, rng.integers(1, 5, n))
    late = rows["dag"].to_numpy()
    vb = veiligheidsbeoordelingen.vb.assign(
        melding=np.arange(n) + 1, van=np.minimum(veiligheidsbeoordelingen.vb["gestart"], np.where(rng.random(n) < 0.3, late, NEVER))
    )
    aarden = meldingen.aarden.assign(van=late[meldingen.aarden["melding"]] + _delay(rng, len(meldingen.aarden), 0.8))
    vormen = meldingen.vormen.assign(van=late[meldingen.vormen["melding"]] + _delay(rng, len(meldingen.vormen), 0.9))
    betrokkenen = make_betrokkenen(rng, rows, families.family_of_melding, meldingen.vormen)
    betrokkenen["van"] = late[betrokkenen["melding"]] + np.where(betrokkenen["volgnummer"] > 1, _delay(rng, len(betrokkenen), 0.93), 0)
    out = {
        "casussen": casussen,
        "meldingen": table,
        "veiligheidsbeoordelingen": vb[vb["van"] < NEVER],
        "diensten": veiligheidsbeoordelingen.diensten.assign(van=veiligheidsbeoordelingen.diensten["gestart"]),
        "veiligheidscontacten": veiligheidsbeoordelingen.contacts.assign(van=veiligheidsbeoordelingen.contacts["op"]),
        "melding_vormen": vormen,
        "melding_aarden": aarden,
        "betrokkenen": betrokkenen,
    }
    for name in ("diensten", "veiligheidscontacten", "melding_vormen", "melding_aarden", "betrokkenen"):
        out[name] = out[name].assign(melding=out[name]["melding"] + 1)
    return out


def _delay(rng: np.random.Generator, n: int, direct: float) -> Integers:
    """Days that a part of the report was registered after the rest: mostly none, never more than three weeks."""
    return np.where(rng.random(n) < direct, 0, np.minimum(rng.geometric(0.25, n), 21))


def _overdrachten(rows: pd.DataFrame) -> pd.DataFrame:
    out = rows.rename(columns={"dag": "op"}).drop(columns="met_melding")
    out["casus"] += 1
    out["melding"] = np.where(rows["met_melding"], rows["melding"] + 1, 0)
    return out


def _with_casus_number(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(casus=rows["casus"] + 1)


def _finish(name: str, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Number the rows and let no row be registered before its parents (which come earlier in ``PARENTS``)."""
    table = tables[name].reset_index(drop=True)
    if name in OWN_NUMBER:
        table[OWN_NUMBER[name]] = np.arange(len(table)) + 1
    if "tot" not in table:
        table["tot"] = NEVER
    table["met_ouder"] = False
    for column, parent in PARENTS[name]:
        earliest = np.concatenate([[0], tables[parent]["van"].to_numpy()])
        table["van"] = np.maximum(table["van"], earliest[table[column]])
    tables[name] = table
    return table
