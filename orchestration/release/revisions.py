"""Why figures differ between two states of the registration: what came late, was corrected, was deleted, or is counted otherwise.

The registration of then is put together again from the versions that the landing has, and taken to that of now in three steps: the rows
that came since, the versions that changed, the rows that are gone. After each step all figures are made, by the code as it is; what a step
changes in a figure is its part. So the parts add up for every kind of figure, shares and medians too. What is left between the figures that
a vintage kept and those made anew is its ``definitie``: another definition, another division into areas, or data that were destroyed since.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.disclosure import publish, vintage
from orchestration.disclosure.cells import KEY
from orchestration.disclosure.rules import COUNTS, RULES
from orchestration.disclosure.rules import FOLDER as SEEDS
from orchestration.disclosure.truth import SCHEMA
from orchestration.disclosure.vintage import VintageError
from orchestration.errors import did_you_mean
from orchestration.files import make_folder, remove, write_over
from orchestration.intake.contract import Entity, load_contract
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.landing.history import build_history
from orchestration.language import later, say
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import Register
from orchestration.release import public
from orchestration.settings import Settings
from orchestration.sql import text
from orchestration.transform import dbt

FOLDER = "herzieningen"
"""Below what was published (``public.root``): a Parquet file of each two states that were explained."""
OF_DELIVERY = "levering:"
"""How a state is named that is no vintage: levering:2, everything as it was after delivery 2."""
COLUMNS = {
    "van": "Jaargang (of levering:N) waarmee vergeleken wordt",
    "naar": "Jaargang (of levering:N) die vergeleken wordt",
    **{column: publish.COLUMNS[column] for column in KEY.split(", ")},
    "gepubliceerd_van": "Wat de eerste publiceerde; leeg waar zij niets toont",
    "gepubliceerd_naar": "Wat de tweede publiceerde; leeg waar zij niets toont",
    "waar_van": "Het ware cijfer toen",
    "waar_naar": "Het ware cijfer van de tweede",
    "definitie": "Deel van het verschil door een andere definitie of gebiedsindeling, of door gegevens die sindsdien vernietigd zijn",
    "nagekomen": "Deel door wat sindsdien voor het eerst is geregistreerd",
    "gecorrigeerd": "Deel door wat sindsdien in de registratie is gewijzigd",
    "verwijderd": "Deel door wat sindsdien uit de registratie is verwijderd",
    "weergave": "Deel door afronding: met de vier andere het gepubliceerde verschil; leeg waar een van beide niets toont",
}
"""Column of ``kwaliteit.herzieningen`` → its text."""


@dataclass(frozen=True)
class State:
    """The registration after a delivery, and what was published of it, if anything was."""

    name: str
    delivery: int
    kept: Path | None = None
    """the folder of the vintage"""


def state(settings: Settings, name: str) -> State:
    """A vintage by its name, or ``levering:N``. Raises ``VintageError`` for what is not there."""
    taken = {d.nummer for d in Register(settings).leveringen()}
    known = {v.name: v for v in vintage.vintages(public.root(settings))}
    if name.startswith(OF_DELIVERY):
        number, kept = name.removeprefix(OF_DELIVERY), None
    elif name in known:
        vintage.files(public.root(settings), known[name])
        number, kept = known[name].release.rpartition("-")[2], public.root(settings) / vintage.VINTAGES / name
    else:
        raise VintageError(say("There is no vintage {name}.{hint}", name=name, hint=did_you_mean(name, known)))
    if not number.isdecimal() or int(number) not in taken:
        raise VintageError(
            say("{state} rests on delivery {number}, which does not stand. See vt deliveries list.", state=name, number=number)
        )
    return State(name, int(number), kept)


def path_of(settings: Settings, van: str, naar: str) -> Path:
    """Where the differences of two states are kept."""
    return public.root(settings) / FOLDER / van.replace(":", ".") / f"{naar.replace(':', '.')}.parquet"


def explain(settings: Settings, van: str, naar: str, progress: Callable[[str], None]) -> Path:
    """Write every figure of the publication rules, over periods that had ended in both, that differs between two states, with the parts of
    the difference; returns the Parquet file (``COLUMNS``).

    Every release from the next on has it in ``kwaliteit.herzieningen``. Makes all figures four times in a build beside the nightly one:
    minutes. Raises ``VintageError`` for a state that is not there, or that is not the older of the two.
    """
    one, two = state(settings, van), state(settings, naar)
    if one.delivery >= two.delivery:
        raise VintageError(say("{van} is not of before {naar}: give the older one first.", van=van, naar=naar))
    keyring = open_key(settings, say("explaining the differences of {van} and {naar}", van=van, naar=naar))
    # not a copy of these settings: that would keep the data folder that was worked out for them, and this one is removed
    scratch = Settings(home=settings.build / FOLDER, key_file=settings.key_path, geheugen=settings.geheugen, threads=settings.threads)
    target = path_of(settings, van, naar)
    with disk_errors(say("The build")):
        remove(scratch.root)
        make_folder(scratch.root)
        try:
            with only_intake(settings):
                _history(settings, scratch, keyring, two.delivery)
            for number, step in enumerate(STEPS):
                progress(say(step, van=van, naar=naar))
                _stand(scratch, keyring, one.delivery, two.delivery, number)
                _figures(settings, scratch, keyring, number)
            write(scratch, one, two, made := scratch.root / target.name)
            make_folder(target.parent)
            write_over(target, made.read_bytes())
        finally:
            remove(scratch.root)
    return target


STEPS = (
    later("making the figures of {van} anew"),
    later("with what came since"),
    later("with what was corrected since"),
    later("making the figures of {naar}"),
)


def _history(settings: Settings, scratch: Settings, keyring: Keyring, delivery: int) -> None:
    with duck.connect(scratch) as con:
        duck.attach_build(con, scratch, keyring.derive("build"))
        build_history(settings, con, keyring, delivery)
        con.execute("create table veilig_thuis.historie.alle_leveringen as from veilig_thuis.historie.leveringen")
        con.execute("checkpoint veilig_thuis")


def stands(entity: Entity, one: int, two: int, step: int) -> str:
    """The condition on the versions of an entity (alias ``v``) that stand after a step: 0 the registration of then, 3 that of now."""
    then, now = (f"v._geldig_van <= {n} and coalesce(v._geldig_tot > {n}, true)" for n in (one, two))
    same = " and ".join(f"o.{key} = v.{key}" for key in entity.primary_key_columns)
    other = f"from veilig_thuis.historie.{entity.name} as o where {same} and"
    was_there = f"exists ({other} o._geldig_van <= {one})"
    is_there = f"exists ({other} o._geldig_van <= {two} and coalesce(o._geldig_tot > {two}, true))"
    return (then, f"({then}) or (({now}) and not {was_there})", f"({now}) or (({then}) and not {is_there})", now)[step]


def _stand(scratch: Settings, keyring: Keyring, one: int, two: int, step: int) -> None:
    """Let the versions of this step stand, and no others; the peildatum is that of then in the first step alone."""
    with duck.connect(scratch) as con:
        duck.attach_build(con, scratch, keyring.derive("build"))
        for entity in load_contract().entities:
            standing = stands(entity, one, two, step)
            con.execute(
                f"""
                create or replace table veilig_thuis.historie.{entity.name} as
                select v.* replace (({standing}) as _is_actueel) from veilig_thuis.historie.{entity.name} as v
                """
            )
        until = one if step == 0 else two
        con.execute(
            "create or replace table veilig_thuis.historie.leveringen as"
            f" from veilig_thuis.historie.alle_leveringen where levering_nummer <= {until}"
        )
        con.execute("checkpoint veilig_thuis")


def _figures(settings: Settings, scratch: Settings, keyring: Keyring, step: int) -> None:
    dbt.make_figures(scratch, keyring, settings)
    with duck.connect(scratch) as con:
        duck.attach_build(con, scratch, keyring.derive("build"))
        figures = f"select {KEY}, waarde from veilig_thuis.marts.indicatoren where not voorlopig"
        con.execute(f"copy ({figures}) to {text(scratch.root / f'{step}.parquet')} (format parquet)")
        if step == 0:  # a period that had not ended then was not revised since
            periods = "select periode_soort, periode from veilig_thuis.marts.dim_periode where not voorlopig"
            con.execute(f"copy ({periods}) to {text(scratch.root / 'perioden.parquet')} (format parquet)")
        if step == len(STEPS) - 1:
            kinds = "select indicator, soort from veilig_thuis.marts.dim_indicator"
            con.execute(f"copy ({kinds}) to {text(scratch.root / 'soorten.parquet')} (format parquet)")


def write(scratch: Settings, one: State, two: State, target: Path) -> None:
    """Put the figures of all steps beside what was published and kept."""
    of = {f"w{n}": f"read_parquet({text(scratch.root / f'{n}.parquet')})" for n in range(len(STEPS))}
    with duckdb.connect(config=dict(duck.FRESH)) as con:
        for name in ("soorten", "perioden"):
            con.execute(f"create view {name} as from read_parquet({text(scratch.root / f'{name}.parquet')})")
        con.execute(f"create table regels as from read_csv({text(SEEDS / RULES)}, all_varchar = true, nullstr = '-')")
        for side, kept, made in (("een", one.kept, "w0"), ("twee", two.kept, "w3")):
            if kept:
                con.execute(f"attach {text(kept / vintage.WITHIN / public.TRUTH)} as kept_{side} (read_only)")
                con.execute(f"create table waar_{side} as select {KEY}, waarde from kept_{side}.{SCHEMA}.indicatoren where not voorlopig")
                con.execute(f"create table {side} as select {KEY}, waarde from read_parquet({text(kept / publish.PARQUET)})")
            else:
                con.execute(f"create table waar_{side} as from {of[made]}")
                con.execute(f"create table {side} as select {KEY}, null::double as waarde from {of[made]}")
        values = ", ".join(
            f"coalesce({name}.waarde, case when soort in {COUNTS} then 0 end) as {name}" for name in ("waar_een", "waar_twee", *of)
        )
        # what one of two vintages did not publish at all is new in the other, and not revised
        both = " ".join(f"semi join {side} using ({KEY})" for side, of_vintage in (("een", one.kept), ("twee", two.kept)) if of_vintage)
        joins = " ".join(f"left join {source} as {name} using ({KEY})" for name, source in of.items())
        con.execute(
            f"""
            copy (
                with beide as (
                    from (select {KEY} from een union select {KEY} from twee)
                    {both}
                    semi join perioden using (periode_soort, periode)
                    semi join (from regels where regel != 'niet') using (indicator, categorie_soort, gebied_soort, periode_soort)
                ),
                cijfers as (
                    select {KEY}, een.waarde as gepubliceerd_van, twee.waarde as gepubliceerd_naar, {values}
                    from beide join soorten using (indicator)
                    left join een using ({KEY}) left join twee using ({KEY})
                    left join waar_een using ({KEY}) left join waar_twee using ({KEY}) {joins}
                )
                select {text(one.name)} as van, {text(two.name)} as naar, {KEY}, gepubliceerd_van, gepubliceerd_naar,
                    waar_een as waar_van, waar_twee as waar_naar,
                    (w0 - waar_een) + (waar_twee - w3) as definitie, w1 - w0 as nagekomen, w2 - w1 as gecorrigeerd, w3 - w2 as verwijderd,
                    (gepubliceerd_naar - waar_twee) - (gepubliceerd_van - waar_een) as weergave
                from cijfers
                where gepubliceerd_van is distinct from gepubliceerd_naar or waar_een is distinct from waar_twee
                order by all
            ) to {text(target)} (format parquet, compression zstd)
            """
        )


def table(con: duckdb.DuckDBPyConnection, settings: Settings, name: str) -> None:
    """Make the table ``name`` of all that was explained, with its texts; empty when nothing was."""
    made = sorted((public.root(settings) / FOLDER).glob("*/*.parquet"))
    names = ("van", "naar", *KEY.split(", "))
    empty = ", ".join(f"null::{'varchar' if c in names else 'double'} as {c}" for c in COLUMNS)
    files = f"union all by name from read_parquet([{', '.join(text(p) for p in made)}])" if made else ""
    con.execute(f"create table {name} as from (select {empty} where false {files})")
    con.execute(f"comment on table {name} is 'Een rij per cijfer dat tussen twee jaargangen anders is, en waardoor (vt vintage explain)'")
    for column, told in COLUMNS.items():
        con.execute(f"comment on column {name}.{column} is {text(told)}")


PARTS = ("definitie", "nagekomen", "gecorrigeerd", "verwijderd")
"""The columns that add up to the difference of the true figures."""


def largest(path: Path, periode: str | None, limit: int) -> tuple[int, list[tuple[Any, ...]]]:
    """How many true figures differ, and those that differ most: key without kinds, both values, and the parts."""
    where = "waar_van is distinct from waar_naar" + (" and periode = $periode" if periode else "")
    given = {"periode": periode} if periode else {}
    with duckdb.connect() as con:
        rows = f"from read_parquet({text(path)}) where {where}"
        (count,) = duck.row(con, f"select count(*) {rows}", given)
        found = con.execute(
            f"""
            select indicator, categorie_soort, categorie, gebied, periode, waar_van, waar_naar, {", ".join(PARTS)} {rows}
            order by abs(waar_naar - waar_van) desc nulls last, indicator, periode, gebied, categorie_soort, categorie limit {int(limit)}
            """,
            given,
        ).fetchall()
    return count, found
