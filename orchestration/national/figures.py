"""The figures of all together: made of their facts, held to the releases of each, and shown."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.files import make_folder, remove, sync, write_over
from orchestration.keys.keyring import Keyring, open_keyring
from orchestration.language import later, say
from orchestration.national.facts import make_seeds, put_together
from orchestration.national.organisations import FOLDER, NationalError, Participant, database, participants
from orchestration.release import store
from orchestration.release.writer import only_writer
from orchestration.settings import Settings
from orchestration.sql import listed, text
from orchestration.transform import dbt, dbt_names

OWN = "landelijk"
DATABASE = "landelijk.duckdb"
ALL = "LANDELIJK"
"""What stands for all together where a code of an organisation stands else."""
MADE = ("indicatoren", "dim_indicator", "dim_periode")
DIFFER_AT_MOST = 1e-9
"""How far a figure made of all may lie from that of the release, relatively: the order of a sum."""
SHOWN = 5
"""Figures that are named when some are wrong."""


def make_figures(settings: Settings, progress: Callable[[str], None]) -> Path:
    """Make the figures of all organisations that have a release, hold them to those releases, and show them.

    Returns the folder that ``landelijk/current`` points at then. Raises ``NationalError`` when there is no release, code lists contradict
    each other, a model fails, or a figure of an organisation comes out otherwise than its own release has it: what was shown stays.
    """
    everyone = participants(settings)
    there = with_release(settings, everyone)
    own = settings.elsewhere(settings.root / OWN)
    with only_writer(own):
        make_folder(own.root)
        keyring = open_keyring(own.key_path)
        files = {p.organisatie: database(settings, p) for p in there}
        remove(own.build)
        try:
            build(own, keyring, there, files, progress)
            progress(say("holding them to the figures of each"))
            return _show(own, keyring, everyone, files)
        finally:
            remove(own.build)  # the rows of all in one file: for no longer than it takes


def with_release(settings: Settings, everyone: list[Participant]) -> list[Participant]:
    """Of whom there is a release. Raises ``NationalError`` when there is none."""
    if there := [p for p in everyone if p.release]:
        return there
    told = later("There is no release of any organisation below {folder}. First: vt national refresh.")
    raise NationalError(say(told, folder=settings.root / FOLDER))


def build(
    own: Settings, keyring: Keyring, there: list[Participant], files: dict[str, Path], progress: Callable[[str], None]
) -> tuple[list[str], dict[str, str]]:
    """The figures of all in the build of ``own``, made of the releases ``files`` (organisation → database).

    Returns what they are made of: names of tables that stand in the build, and the file of each seed that is of this build alone. Raises
    ``NationalError`` when code lists contradict each other, or a model fails.
    """
    progress(say("putting the facts of {count} organisations together", count=len(there)))
    with duck.connect(own) as con:
        duck.attach_build(con, own, keyring.derive("build"))
        given = put_together(con, files, max(p.peildatum for p in there if p.peildatum))
    progress(say("making the figures of all together"))
    own_seeds = make_seeds(own, there)
    _run(own, keyring, given, own_seeds)
    return given, own_seeds


@contextmanager
def environment(own: Settings, keyring: Keyring, own_seeds: dict[str, str]) -> Iterator[dict[str, str]]:
    """``dbt.environment`` with the seeds of this build in the place of those of an organisation."""
    with dbt.environment(own, keyring) as names:
        yield names | {dbt_names.SEEDS: json.dumps(own_seeds)}


def _run(own: Settings, keyring: Keyring, given: list[str], own_seeds: dict[str, str]) -> None:
    target = own.build / "dbt"
    dbt.prepare(target)
    with environment(own, keyring, own_seeds) as names:
        command = dbt.run_command(target, names, "--quiet", "--without-checks", "--up-to", *MADE, "--given", *given)
        done = subprocess.run(command, env={**os.environ, **names}, capture_output=True, check=False)
    if done.returncode:
        failed = [f["toelichting"] for f in dbt.report(dbt.MANIFEST, target / "run_results.json").gefaald if f["uitkomst"] == "gefaald"]
        raise NationalError(say("The figures of all together could not be made: {why}", why=failed[0] if failed else "?"))


def _show(own: Settings, keyring: Keyring, everyone: list[Participant], files: dict[str, Path]) -> Path:
    """Write the figures into a folder of their own, hold them, and point ``current`` at it."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    for left in make_folder(own.releases).glob(f"{store.UNFINISHED}*"):
        remove(left)
    unfinished = make_folder(own.releases / f"{store.UNFINISHED}{name}")
    with duck.connect(own) as con:
        duck.attach_build(con, own, keyring.derive("build"))
        con.execute(f"attach {text(unfinished / DATABASE)} as landelijk")
        _write(con, everyone, files)
        if wrong := _differing(con):
            told = later("{count} figures are not what the releases of the organisations have, and nothing is shown: {which}")
            raise NationalError(say(told, count=len(wrong), which="; ".join(wrong[:SHOWN])))
        con.execute("drop table landelijk.marts.eigen; checkpoint landelijk; detach landelijk")
    content = {"gemaakt_op": datetime.now(UTC).isoformat(), "organisaties": [asdict(p) for p in everyone]}
    write_over(unfinished / "landelijk.json", json.dumps(content, default=str, ensure_ascii=False, indent=2).encode())
    sync(unfinished)
    unfinished.rename(own.releases / name)
    store.point(own, name)
    for old in sorted(p for p in own.releases.iterdir() if p.is_dir() and not p.is_symlink())[: -own.bewaar_releases]:
        remove(old)
    return own.releases / store.CURRENT


PER_HOUSEHOLD = "(select indicator::varchar from veilig_thuis.marts.dim_indicator where soort = 'per_1000')"
KEY = "indicator, periode_soort, periode, categorie_soort, categorie"


def _write(con: duckdb.DuckDBPyConnection, everyone: list[Participant], files: dict[str, Path]) -> None:
    """``marts`` of the national database: figures by organisation and of all, the organisations, indicators and periods."""
    con.execute("create schema landelijk.marts")
    con.execute(
        "create table landelijk.marts.dim_organisatie (organisatie varchar, naam varchar, release varchar, peildatum date, reden varchar)"
    )
    con.executemany("insert into landelijk.marts.dim_organisatie values (?, ?, ?, ?, ?)", [list(asdict(p).values()) for p in everyone])
    own = []
    for at, (code, path) in enumerate(files.items()):
        con.execute(f"attach {text(path)} as o{at} (read_only)")
        own.append(f"select {text(code)} as organisatie, {_plain()} from o{at}.marts.indicatoren where gebied_soort::varchar = 'regio'")
    con.execute(f"create table landelijk.marts.eigen as {' union all '.join(own)}")
    con.execute(
        f"""
        create table landelijk.marts.indicatoren as
        with gemaakt as (
            select case when gebied_soort::varchar = 'regio' then '{ALL}' else gebied::varchar end as organisatie, {_plain()}
            from veilig_thuis.marts.indicatoren
            where gebied_soort::varchar in ('regio', 'gemeente') and indicator::varchar not in {PER_HOUSEHOLD}
        ),
        -- per 1,000 households: numerators and denominators of the releases, where none lacks its households
        per_huishouden as (
            select coalesce(organisatie, '{ALL}') as organisatie, {KEY},
                case when count(noemer) = count(*) then any_value(factor) * sum(teller) / nullif(sum(noemer), 0) end as waarde,
                sum(teller) as teller, sum(noemer) as noemer, any_value(eenheid) as eenheid,
                case when count(noemer) = count(*) then 'berekend' else 'ontbreekt' end as status, bool_or(voorlopig) as voorlopig,
                any_value(periode_start) as periode_start, any_value(periode_eind) as periode_eind,
                any_value(indicator_naam) as indicator_naam, any_value(categorie_naam) as categorie_naam, any_value(volgorde) as volgorde
            from landelijk.marts.eigen
            join (
                select indicator::varchar as indicator, factor from veilig_thuis.marts.dim_indicator where soort = 'per_1000'
            ) using (indicator)
            group by grouping sets (({KEY}, organisatie), ({KEY}))
        ),
        -- of the region alone (capacity): of an organisation, as its release has them
        zonder_gebied as (
            from landelijk.marts.eigen
            where indicator in (select indicator from veilig_thuis.intermediate.int_indicator where laagste_gebied = 'regio')
        ),
        alles as (from gemaakt union all by name from per_huishouden union all by name from zonder_gebied),
        -- of how many there is something: what an organisation has no figure of, it has none of here
        van as (select {KEY}, count(*) as organisaties from landelijk.marts.eigen group by all),
        laatste as (select min(peildatum) as peildatum from landelijk.marts.dim_organisatie)
        select alles.* exclude (voorlopig), alles.voorlopig or alles.periode_eind > laatste.peildatum as voorlopig,
            case when organisatie = '{ALL}' then van.organisaties else 1 end as organisaties
        from alles join van using ({KEY}) cross join laatste
        where organisatie = '{ALL}' or exists (
            from landelijk.marts.eigen as e where {" and ".join(f"e.{c} = alles.{c}" for c in ("organisatie", *KEY.split(", ")))}
        )
        order by all
        """
    )
    for name in ("dim_indicator", "dim_periode"):
        con.execute(f"create table landelijk.marts.{name} as from veilig_thuis.marts.{name}")
    for at in range(len(files)):
        con.execute(f"detach o{at}")


def _plain() -> str:
    """The columns of a figure, texts as text: enumerations are of one database."""
    texts = (
        "indicator",
        "periode_soort",
        "periode",
        "categorie_soort",
        "categorie",
        "eenheid",
        "status",
        "indicator_naam",
        "categorie_naam",
    )
    others = ("waarde", "teller", "noemer", "voorlopig", "periode_start", "periode_eind", "volgorde")
    return ", ".join([*(f"{c}::varchar as {c}" for c in texts), *others])


def _differing(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Figures that are otherwise than in the releases: of an organisation its own, and counts of all the sum."""
    same = f"(a.waarde is not distinct from b.waarde or abs(a.waarde - b.waarde) <= {DIFFER_AT_MOST} * greatest(abs(b.waarde), 1))"
    added = listed(
        row[0]
        for row in con.execute("select indicator from veilig_thuis.marts.dim_indicator where soort in ('aantal', 'voorraad')").fetchall()
    )
    joined = " and ".join(f"a.{c} = b.{c}" for c in KEY.split(", "))
    found: list[tuple[Any, ...]] = con.execute(
        f"""
        select b.organisatie, b.indicator, b.periode, b.categorie_soort, b.categorie, a.waarde, b.waarde
        from landelijk.marts.eigen as b left join landelijk.marts.indicatoren as a on a.organisatie = b.organisatie and {joined}
        where a.organisatie is null or not {same}
        union all
        select '{ALL}', b.indicator, b.periode, b.categorie_soort, b.categorie, a.waarde, b.waarde
        from (select {KEY}, sum(waarde) as waarde from landelijk.marts.eigen where indicator in ({added}) group by all) as b
        left join landelijk.marts.indicatoren as a on a.organisatie = '{ALL}' and {joined}
        where a.organisatie is null or not {same}
        order by all
        """
    ).fetchall()
    return [
        f"{who} {indicator} {period} {f'{kind}={value}' if kind else ''}: {made}, {own}"
        for who, indicator, period, kind, value, made, own in found
    ]
