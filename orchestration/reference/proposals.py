"""What reading the sources found that is other than what counts now, each as a proposal that a person may accept.

``huishoudens-<year>``: households that are missing, changed or filled up. ``gebieden-<day>``: another division of Amsterdam in wijken and
buurten. ``grenzen-<day>``: borders, for maps. ``gemeenten-<year>``: a gemeente of the region that is gone or has another name; what counts
where is decided in the seeds (docs/runbooks/gebiedswijziging.md), so that none of those can be accepted here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from orchestration import duck
from orchestration.errors import did_you_mean
from orchestration.files import make_folder, sha256
from orchestration.language import later, say
from orchestration.reference import accepted, copies, divisions, ours
from orchestration.reference.households import city
from orchestration.reference.refresh import ReferenceDataError
from orchestration.reference.sources import GEBIEDEN, SAMENSTELLING, declared
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import Event
from orchestration.settings import Settings
from orchestration.sql import text

NEW, CHANGED, FILLED_UP = "nieuw", "gewijzigd", "aangevuld"
RUNBOOK = later("What counts where is decided in the seeds: docs/runbooks/gebiedswijziging.md.")


@dataclass(frozen=True)
class Proposal:
    """A proposal. ``rows``: its changes, to be shown under ``columns``; ``notes``: what could not be proposed, and why.

    ``seeds``: seed → query of the rows to be accepted, in its form. ``refused`` says why it cannot be accepted, where it cannot.
    """

    naam: str
    sources: dict[str, str]
    told: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    seeds: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: str = ""


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Proposal]]]:
    """The proposals as the copies that stand give them, with the connection that their queries are for."""
    with duck.connect(settings) as con:
        ours.load(settings, con)
        found = {name: copy for name in declared().names if (copy := copies.standing(settings, name))}
        yield con, [*_households(con, found), *_gemeenten(con, found), *_areas(settings, con, found)]


def named(proposals: Sequence[Proposal], name: str) -> Proposal:
    """The proposal with this name. Raises ``ReferenceDataError`` when there is none."""
    for proposal in proposals:
        if proposal.naam == name:
            return proposal
    names = [p.naam for p in proposals]
    told = say("There is no proposal {name}.", name=name) + did_you_mean(name, names)
    raise ReferenceDataError(f"{told} {say('See vt reference show.')}")


def accept(
    settings: Settings, name: str, door: str, reden: str, *, from_day: date | None = None, without_changed: bool = False
) -> tuple[Proposal, Event, int]:
    """Let a proposal count from the next refresh on. Returns it, the event, and how many rows were accepted.

    ``from_day``: the first day of a division, in the place of the proposed one. ``without_changed``: of households only what was missing.
    Raises ``ReferenceDataError`` when there is no such proposal, it cannot be accepted, or nothing of it is left.
    """
    with only_intake(settings), disk_errors(say("Accepting")), opened(settings) as (con, found):
        proposal = named(found, name)
        if proposal.refused:
            raise ReferenceDataError(say("{name} cannot be accepted: {why}", name=name, why=proposal.refused))
        is_division = "buurten" in proposal.seeds
        if from_day and not is_division:
            raise ReferenceDataError(say("{option} is for a division (gebieden-…) alone.", option="--vanaf"))
        if without_changed and not name.startswith("huishoudens-"):
            raise ReferenceDataError(say("{option} is for households (huishoudens-…) alone.", option="--zonder-gewijzigd"))
        if from_day:
            _hold_day(con, from_day)
        contents, count = dict[str, bytes](), 0
        with TemporaryDirectory(dir=make_folder(settings.root / "tmp")) as scratch:
            for seed, query in proposal.seeds.items():
                path = Path(scratch) / seed
                if seed == accepted.BORDERS:
                    rows = divisions.write_geojson(con, path)
                else:
                    chosen = _chosen(seed, query, from_day, without_changed=without_changed)
                    rows = duck.number(con, f"copy ({chosen}) to {text(str(path))} (format csv, header)")
                if rows:
                    contents[seed], count = path.read_bytes(), count + rows
        if not count:
            raise ReferenceDataError(say("Nothing of {name} is left to accept.", name=name))
        event = accepted.record(settings, name, proposal.sources, contents, count, door, reden)
        return proposal, event, count


def _chosen(seed: str, query: str, from_day: date | None, *, without_changed: bool) -> str:
    columns = list(ours.types(seed))
    shown = ", ".join(f"date '{from_day}' as indeling" if c == "indeling" and from_day and seed == "buurten" else c for c in columns)
    kept = f" where verschil <> '{CHANGED}'" if without_changed else ""
    return f"select {shown} from ({query}){kept} order by all"


def _hold_day(con: duckdb.DuckDBPyConnection, day: date) -> None:
    (newest,) = duck.row(con, "select max(indeling) from buurten")
    if day <= newest:
        raise ReferenceDataError(say("A division begins after the one before it, of {newest}; {day} is not.", newest=newest, day=day))


# --- households ---------------------------------------------------------------------------------------------------------------------------


def _households(con: duckdb.DuckDBPyConnection, found: dict[str, copies.Copy]) -> Iterator[Proposal]:
    years = {t.year: t.table for t in declared().kwb.tables if f"kwb_{t.year}" in found}
    empty = (
        "select null::integer jaar, '' soort, '' code, '' naam, null::integer huishoudens, "
        "null::integer meerpersoonshuishoudens, '' tabel limit 0"
    )
    kwb = " union all by name ".join(
        f"select * exclude (attribuut), '{table}' as tabel from read_parquet({text(found[f'kwb_{year}'].path)})"
        for year, table in years.items()
    )
    composition = f"read_parquet({text(found[SAMENSTELLING].path)})" if SAMENSTELLING in found else f"({empty})"
    con.execute(f"create or replace table kwb as from ({kwb or empty})")
    con.execute(f"create or replace table samenstelling as select jaar, code, huishoudens, meerpersoonshuishoudens from {composition}")
    _by_gemeente(con)
    _by_stadsdeel(con)
    seeds = {"huishoudens_gemeente": "gemeente", "huishoudens_stadsdeel": "stadsdeel"}
    for (year,) in con.execute(
        " union ".join(f"select jaar from verschil_{kind} where verschil is not null" for kind in seeds.values()) + " order by 1"
    ).fetchall():
        query = " union all ".join(
            f"select '{kind}', {kind}_code, {kind}, was, huishoudens, was_meerpersoons, meerpersoonshuishoudens, verschil "
            f"from verschil_{kind} where jaar = {year} and verschil is not null"
            for kind in seeds.values()
        )
        rows = con.execute(f"{query} order by all").fetchall()
        sources = {n: c.versie for n, c in found.items() if n in (f"kwb_{year}", SAMENSTELLING)}
        counts = {kind: sum(r[-1] == kind for r in rows) for kind in (NEW, FILLED_UP, CHANGED)}
        yield Proposal(
            f"huishoudens-{year}",
            sources,
            say(
                "households of {year}: {new} missing, {filled} to fill up, {changed} changed",
                year=year,
                new=counts[NEW],
                filled=counts[FILLED_UP],
                changed=counts[CHANGED],
            ),
            ("gebied_soort", "gebied", "naam", "huishoudens nu", "huishoudens", "meerpersoons nu", "meerpersoons", "verschil"),
            rows,
            {seed: f"select * from verschil_{kind} where jaar = {year} and verschil is not null" for seed, kind in seeds.items()},
            _notes(con, year),
        )


DIFFERENCE = f"""
    case when ons.huishoudens is null then '{NEW}' when ons.huishoudens <> gelezen.huishoudens then '{CHANGED}'
        when ons.meerpersoonshuishoudens <> gelezen.meerpersoonshuishoudens then '{CHANGED}'
        when ons.meerpersoonshuishoudens is null and gelezen.meerpersoonshuishoudens is not null then '{FILLED_UP}' end as verschil,
    ons.huishoudens as was, ons.meerpersoonshuishoudens as was_meerpersoons
"""


def _by_gemeente(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""
        create or replace table verschil_gemeente as
        with gelezen as (
            select gemeenten.gemeente_code, gemeenten.gemeente, coalesce(kwb.jaar, samenstelling.jaar) as jaar,
                coalesce(kwb.huishoudens, samenstelling.huishoudens) as huishoudens,
                coalesce(samenstelling.meerpersoonshuishoudens, kwb.meerpersoonshuishoudens) as meerpersoonshuishoudens,
                concat_ws('; ',
                    case when kwb.huishoudens is not null
                        then 'CBS Kerncijfers wijken en buurten ' || kwb.jaar || ' (' || kwb.tabel || ')' end,
                    case when kwb.huishoudens is null or samenstelling.meerpersoonshuishoudens is not null
                        then 'CBS Huishoudens ({declared().samenstelling.table})' end
                ) as bron
            from (from kwb where soort = 'gemeente') as kwb
            full join samenstelling on samenstelling.code = kwb.code and samenstelling.jaar = kwb.jaar
            inner join gemeenten on gemeenten.gemeente_code = coalesce(kwb.code, samenstelling.code)
            where coalesce(kwb.huishoudens, samenstelling.huishoudens) > 0
        )
        select gelezen.*, {DIFFERENCE}
        from gelezen left join huishoudens_gemeente as ons on ons.gemeente_code = gelezen.gemeente_code and ons.jaar = gelezen.jaar
        """
    )


def _by_stadsdeel(con: duckdb.DuckDBPyConnection) -> None:
    """A stadsdeel is the sum of its wijken. Their codes at CBS hold those of Amsterdam: AA of WK0363AA, or the 00 of A00 in WK036300."""
    con.execute(
        f"""
        create or replace table wijken_van as
        with eerste as (select distinct wijk_code, stadsdeel_code from buurten where indeling = (select min(indeling) from buurten))
        select kwb.jaar, kwb.tabel, kwb.code, kwb.naam, kwb.huishoudens, kwb.meerpersoonshuishoudens,
            regexp_matches(substr(kwb.code, 7), '^[A-Z]') as is_nieuw,
            coalesce(stadsdelen.stadsdeel_code, eerste.stadsdeel_code) as stadsdeel_code
        from kwb
        left join stadsdelen on regexp_matches(substr(kwb.code, 7), '^[A-Z]') and stadsdelen.stadsdeel_code = substr(kwb.code, 7, 1)
        left join eerste on not regexp_matches(substr(kwb.code, 7), '^[A-Z]') and right(eerste.wijk_code, 2) = substr(kwb.code, 7)
        where kwb.soort = 'wijk' and substr(kwb.code, 3, 4) = {text(city()[2:])}
        """
    )
    con.execute(
        f"""
        create or replace table verschil_stadsdeel as
        with divisions as (
            select distinct indeling, regexp_matches(wijk_code, '^[A-Z]{{2}}') as is_nieuw from buurten
        ),
        van_jaar as (
            -- by the form of their codes, the newest division that had begun in the year
            select jaar, max(indeling) as indeling
            from (select jaar, bool_or(is_nieuw) as is_nieuw from wijken_van group by jaar) inner join divisions using (is_nieuw)
            where year(indeling) <= jaar group by jaar
        ),
        onbekend as (select distinct jaar from wijken_van where stadsdeel_code is null and (huishoudens is null or huishoudens > 0)),
        gelezen as (
            select stadsdelen.stadsdeel_code, stadsdelen.stadsdeel, wijken_van.jaar, cast(sum(huishoudens) as integer) as huishoudens,
                max(van_jaar.indeling)::varchar as indeling,
                'CBS KWB ' || wijken_van.jaar || ' (' || max(tabel) || '), som wijken' as bron,
                'som van wijkcijfers (afgerond op 5), volledige dekking' as opmerking,
                case when count(meerpersoonshuishoudens) = count(*) then cast(sum(meerpersoonshuishoudens) as integer) end
                    as meerpersoonshuishoudens
            from wijken_van inner join stadsdelen on stadsdelen.stadsdeel_code = wijken_van.stadsdeel_code
            left join van_jaar on van_jaar.jaar = wijken_van.jaar
            where wijken_van.jaar not in (select jaar from onbekend)
            group by stadsdelen.stadsdeel_code, stadsdelen.stadsdeel, wijken_van.jaar having count(huishoudens) = count(*)
        )
        select gelezen.*, {DIFFERENCE}
        from gelezen left join huishoudens_stadsdeel as ons on ons.stadsdeel_code = gelezen.stadsdeel_code and ons.jaar = gelezen.jaar
        """
    )


def _notes(con: duckdb.DuckDBPyConnection, year: int) -> tuple[str, ...]:
    notes = list[str]()
    lost = con.execute(
        f"select code, naam, huishoudens from wijken_van where jaar = {year} and stadsdeel_code is null "
        "and (huishoudens is null or huishoudens > 0)"
    ).fetchall()
    notes += [
        say(
            "{code} {name} ({count} households) lies in no stadsdeel that is known: no stadsdeel of this year is proposed",
            code=c,
            name=n,
            count=h,
        )
        for c, n, h in lost
    ]
    lacking = con.execute(
        f"select stadsdeel_code, string_agg(code, ', ' order by code) from wijken_van where jaar = {year} and huishoudens is null "
        "and stadsdeel_code is not null group by all order by all"
    ).fetchall()
    notes += [say("stadsdeel {code} is not proposed: CBS gives no households of {wijken}", code=s, wijken=w) for s, w in lacking]
    missing = con.execute(
        "select string_agg(gemeente, ', ' order by gemeente) from gemeenten where in_regio_van is not null and gemeente_code not in "
        f"(select gemeente_code from verschil_gemeente where jaar = {year})"
    ).fetchall()
    notes += [say("CBS gives no households of {names} in {year}; that stays missing", names=n, year=year) for (n,) in missing if n]
    apart = con.execute(
        f"""
        select gemeente, kwb.huishoudens, samenstelling.huishoudens from kwb join samenstelling using (code, jaar)
        join gemeenten on gemeente_code = code where jaar = {year} and kwb.huishoudens <> samenstelling.huishoudens order by all
        """
    ).fetchall()
    told = later("{name}: {table} has {count} households, KWB {kwb}; that of KWB is proposed")
    notes += [say(told, name=n, table=declared().samenstelling.table, count=s, kwb=k) for n, k, s in apart]
    return tuple(notes)


# --- areas --------------------------------------------------------------------------------------------------------------------------------


def _gemeenten(con: duckdb.DuckDBPyConnection, found: dict[str, copies.Copy]) -> Iterator[Proposal]:
    years = [t.year for t in declared().kwb.tables if f"kwb_{t.year}" in found]
    if not years:
        return
    newest = max(years)
    rows = con.execute(
        f"""
        select gemeenten.gemeente_code, gemeenten.gemeente, case when kwb.code is null then 'vervallen' else 'hernoemd: ' || kwb.naam end
        from gemeenten left join (from kwb where soort = 'gemeente' and jaar = {newest}) as kwb on kwb.code = gemeenten.gemeente_code
        where gemeenten.in_regio_van is not null and (gemeenten.in_regio_tot is null or year(gemeenten.in_regio_tot) > {newest})
            and (kwb.code is null or kwb.naam <> gemeenten.gemeente)
        order by all
        """
    ).fetchall()
    if rows:
        told = say("{count} gemeenten of the region are gone, or have another name, at CBS in {year}", count=len(rows), year=newest)
        sources = {f"kwb_{newest}": found[f"kwb_{newest}"].versie}
        yield Proposal(f"gemeenten-{newest}", sources, told, ("gemeente_code", "gemeente", "verandering"), rows, refused=say(RUNBOOK))


def _areas(settings: Settings, con: duckdb.DuckDBPyConnection, found: dict[str, copies.Copy]) -> Iterator[Proposal]:
    if (copy := found.get(GEBIEDEN)) is None:
        return
    (newest,) = duck.row(con, "select max(indeling) from buurten")
    before = copies.standing(settings, divisions.source_of(newest))
    changes = divisions.changes(con, copy.path, before.path if before else None)
    if changes:
        begins = divisions.begins(con, newest, date.fromisoformat(copy.versie))
        handmade = [c for c in changes if c[0] == "stadsdeel"]
        notes = _of_a_division(changes, newest, begins, borders=before is not None)
        counts = ", ".join(f"{kind} {sum(c[3] == kind for c in changes)}" for kind in dict.fromkeys(c[3] for c in changes))
        yield Proposal(
            f"gebieden-{begins}",
            {GEBIEDEN: copy.versie},
            say("another division of Amsterdam, from {day} on: {counts}", day=begins, counts=counts),
            ("soort", "code", "naam", "verandering", "toelichting"),
            changes,
            {"buurten": divisions.as_seed(begins)},
            notes,
            say("stadsdelen change with it ({codes}). {runbook}", codes=", ".join(c[1] for c in handmade), runbook=say(RUNBOOK))
            if handmade
            else "",
        )
    with TemporaryDirectory(dir=make_folder(settings.root / "tmp")) as scratch:
        path = Path(scratch) / "grenzen"
        count = divisions.write_geojson(con, path)
        standing = accepted.files_of(settings, accepted.BORDERS)
        if standing and sha256(standing[-1]) == sha256(path):
            return
    rows = con.execute("select soort, count(*) from gebieden group by all order by all").fetchall()
    told = say("borders of {count} areas, for maps", count=count)
    yield Proposal(f"grenzen-{copy.versie}", {GEBIEDEN: copy.versie}, told, ("soort", "aantal"), rows, {accepted.BORDERS: ""})


def _of_a_division(changes: list[tuple[Any, ...]], newest: date, begins: date, *, borders: bool) -> tuple[str, ...]:
    """What whoever accepts it should know."""
    kinds = {c[3] for c in changes}
    told = list[str]()
    if not borders and kinds & divisions.MOVED:
        told.append(
            say("The borders of the division of {day} could not be read: what was split or merged is told as gone and added.", day=newest)
        )
    if kinds & divisions.KEPT:
        told.append(say("An area that keeps its code has its new name and place in the figures of before {day} too.", day=begins))
    told.append(say("That figures of wijken and buurten break on {day} is told in seeds/catalogue/breuken.csv, by hand.", day=begins))
    return tuple(told)
