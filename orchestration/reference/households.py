"""Households as CBS has them: of every gemeente, wijk and buurt in a year (KWB), and by composition of every gemeente and year."""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration import duck, seeds
from orchestration.files import make_folder
from orchestration.language import later, say
from orchestration.reference.sources import Samenstelling, YearTable, declared, measures_of
from orchestration.reference.statline import Table, either, load, load_categories
from orchestration.reference.web import Patience, SourceError
from orchestration.settings import Settings
from orchestration.sql import text

FAR = 0.01
"""How far the sum of the wijken of a gemeente may lie from its own number: CBS rounds each of them to a multiple of 5."""
KINDS = "case left(code, 2) when 'GM' then 'gemeente' when 'WK' then 'wijk' when 'BU' then 'buurt' end"


def region() -> tuple[str, ...]:
    """Codes of the gemeenten whose figures are read: of the region, and what went up in one of them."""
    return tuple(row["gemeente_code"] for row in seeds.rows("areas/gemeenten.csv"))


def city() -> str:
    """Code of the gemeente that has stadsdelen."""
    return seeds.rows("areas/stadsdelen.csv")[0]["gemeente_code"]


def read_kwb(settings: Settings, con: duckdb.DuckDBPyConnection, year: YearTable, patience: Patience | None) -> None:
    """Make the table ``gelezen`` of a year of KWB: jaar, soort, code, naam, huishoudens, meerpersoonshuishoudens, attribuut.

    Held to its contract (``sources.yml``) as a whole; what is kept is of the region alone. Raises ``SourceError``.
    """
    kwb, table = declared().kwb, Table(settings, year.table, patience)
    dimension = table.dimension(kwb.dimension)
    measures = table.measures(measures_of(kwb, year))
    with TemporaryDirectory(dir=make_folder(settings.root / "tmp")) as scratch:
        names, cells = Path(scratch) / "namen", list[Path]()
        names.mkdir()
        load_categories(con, table.save_categories(names, dimension), year.table)
        for name, measure in measures.items():  # one at a time: an answer stays small
            (Path(scratch) / name).mkdir()
            cells += table.observations(Path(scratch) / name, [dimension], [either("Measure", [measure])])
        load(con, cells, [dimension], year.table)
    _hold_codes(con, f"select code from codes union all select {dimension} from cellen", kwb.code, year.table)
    _hold_values(con, kwb.most, year.table)
    value = {name: f"max(waarde) filter (where maat = {text(m.code)})" for name, m in measures.items()}
    con.execute(
        f"""
        create or replace table gelezen as
        select {year.year} as jaar, {KINDS} as soort, codes.code, codes.naam,
            cast({value["huishoudens"]} as integer) as huishoudens,
            cast({value["zonder_kinderen"]} + {value["met_kinderen"]} as integer) as meerpersoonshuishoudens,
            string_agg(distinct attribuut, ', ' order by attribuut) as attribuut
        from codes left join cellen on cellen.{dimension} = codes.code
        where {KINDS} is not null and substr(codes.code, 3, 4) in ({", ".join(text(c[2:]) for c in region())})
        group by all order by codes.code
        """
    )
    _hold_city(con, year)


def _hold_city(con: duckdb.DuckDBPyConnection, year: YearTable) -> None:
    """The city is there, with about as many wijken and buurten as its division has, that add up to it."""
    of_city = f"substr(code, 3, 4) = {text(city()[2:])}"
    expected = {
        kind: f"(select count(distinct {kind}_code) from read_csv({text(str(seeds.place('areas/buurten.csv')))}, all_varchar = true) "
        f"where indeling = (select case when bool_or(regexp_matches(code, '^WK.{{4}}[A-Z]')) then max(indeling) else min(indeling) end "
        f"from gelezen, read_csv({text(str(seeds.place('areas/buurten.csv')))}, all_varchar = true) where {of_city}))"
        for kind in ("wijk", "buurt")
    }
    margin = declared().kwb.margin
    for kind, count in expected.items():
        found, usual = duck.row(con, f"select (select count(*) from gelezen where soort = '{kind}' and {of_city}), {count}")
        if abs(found - usual) > margin * usual:
            told = later("{table} has {found} {kind}en of {city}; about {usual} are expected")
            raise SourceError(say(told, table=year.table, found=found, kind=kind, city=city(), usual=usual))
    total, parts, lacking = duck.row(
        con,
        f"select max(huishoudens) filter (where soort = 'gemeente'), sum(huishoudens) filter (where soort = 'wijk'), "
        f"count(*) filter (where soort = 'wijk' and huishoudens is null) from gelezen where {of_city}",
    )
    if not total:
        raise SourceError(say("{table} has no households of {city}", table=year.table, city=city()))
    if not lacking and abs(total - parts) > FAR * total:
        told = later("{table}: the wijken of {city} add up to {parts} households, and the gemeente has {total}")
        raise SourceError(say(told, table=year.table, city=city(), parts=int(parts), total=total))


def read_composition(settings: Settings, con: duckdb.DuckDBPyConnection, spec: Samenstelling, patience: Patience | None) -> None:
    """Make the table ``gelezen`` of households by composition: jaar, code, naam, huishoudens, meerpersoonshuishoudens, attribuut.

    A gemeente that CBS does not have (any more) has no rows. Raises ``SourceError``.
    """
    table = Table(settings, spec.table, patience)
    where, period = table.dimension(spec.region), table.dimension(spec.period)
    measures = table.measures(spec.measures)
    names = {code.code: code for code in table.categories(where) if code.code in region()}
    if city() not in names:
        raise SourceError(
            say(
                "{table} has no {kind} «{title}»; look up what CBS calls it now and declare that",
                table=spec.table,
                kind=where,
                title=city(),
            )
        )
    conditions = [either("Measure", measures.values()), either(where, names.values())]
    others = {dimension: table.category(dimension, title) for dimension, title in ((table.dimension(d), t) for d, t in spec.total.items())}
    conditions += [either(dimension, [total]) for dimension, total in others.items()]
    with TemporaryDirectory(dir=make_folder(settings.root / "tmp")) as scratch:
        load(con, table.observations(Path(scratch), [where, period, *others], conditions), [where, period, *others], spec.table)
    _hold_codes(con, f"select {where} from cellen", spec.code, spec.table)
    _hold_codes(con, f"select {period} from cellen", "[0-9]{4}JJ00", spec.table)
    _hold_values(con, spec.most, spec.table)
    for dimension, total in others.items():
        _hold_codes(con, f"select {dimension} from cellen", total.code, spec.table)
    known = ", ".join(f"({text(c.code)}, {text(c.title)})" for c in names.values())
    con.execute(
        f"""
        create or replace table gelezen as
        select cast(left({period}, 4) as integer) as jaar, {where} as code, namen.naam,
            cast(max(waarde) filter (where maat = {text(measures["huishoudens"].code)}) as integer) as huishoudens,
            cast(max(waarde) filter (where maat = {text(measures["meerpersoonshuishoudens"].code)}) as integer) as meerpersoonshuishoudens,
            string_agg(distinct attribuut, ', ' order by attribuut) as attribuut
        from cellen join (values {known}) namen(code, naam) on namen.code = cellen.{where}
        where left({period}, 4) >= '{spec.from_year}'
        group by all order by all
        """
    )
    if (wrong := con.execute("select code, jaar from gelezen where meerpersoonshuishoudens > huishoudens limit 1").fetchone()) is not None:
        raise SourceError(
            say(
                "{table}: {code} has in {year} more households of several persons than households",
                table=spec.table,
                code=wrong[0],
                year=wrong[1],
            )
        )
    if not duck.number(con, f"select count(huishoudens) from gelezen where code = {text(city())}"):
        raise SourceError(say("{table} has no households of {city}", table=spec.table, city=city()))


def _hold_codes(con: duckdb.DuckDBPyConnection, codes: str, form: str, table: str) -> None:
    wrong = con.execute(f"select c from ({codes}) t(c) where not regexp_full_match(c, {text(form)}) or c is null limit 1").fetchone()
    if wrong is not None:
        raise SourceError(say("{table}: the code {code} is not of the form {form}", table=table, code=str(wrong[0])[:40], form=form))


def _hold_values(con: duckdb.DuckDBPyConnection, most: int, table: str) -> None:
    wrong = con.execute(f"select waarde from cellen where waarde < 0 or waarde > {most} or waarde <> floor(waarde) limit 1").fetchone()
    if wrong is not None:
        raise SourceError(
            say("{table}: {value} is no number of households (a whole number from 0 to {most})", table=table, value=wrong[0], most=most)
        )
