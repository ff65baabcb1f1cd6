"""The dashboard as somebody starts it, and a release of which only what leaves is looked at."""

import grp
import importlib.util
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from orchestration.disclosure import publish
from orchestration.files import make_folder
from orchestration.formats.edition import Edition, read_description
from orchestration.release import public, rights, store
from orchestration.settings import Settings
from tests.lib.dagster_pages import free_port
from tests.lib.vt import VT

SOMEBODY = 65533
"""A user of no name and no group of its own."""


def needs_extra() -> None:
    """``make test`` brings it along; without it skip, but not in CI."""
    if importlib.util.find_spec("streamlit") is None:
        why = "the dashboard is not installed: make dashboard"
        assert "CI" not in os.environ, why
        pytest.skip(why)


@contextmanager
def serving(settings: Settings, *options: str, log: Path, who: Sequence[str] = ()) -> Iterator[str]:
    """``vt dashboard``, as ``who`` starts it; its address as it is told."""
    needs_extra()
    environment = {**os.environ, "VT_HOME": str(settings.root)} | ({"HOME": "/nonexistent"} if who else {})
    with log.open("w") as out:
        command = [*who, VT, "dashboard", "--port", str(free_port()), *options]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.PIPE, text=True, cwd="/")
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\S+", told)
        try:
            assert found, told + process.stderr.read()
            yield found[0]
        finally:
            process.terminate()
            process.wait(timeout=60)
            said = process.stderr.read()
    assert "Traceback" not in told + said + log.read_text()


def member_of(group: str) -> list[str]:
    """Before a command: somebody who is a member of one group and of no other."""
    return ["setpriv", f"--reuid={SOMEBODY}", f"--regid={grp.getgrnam(group).gr_gid}", "--clear-groups", "--no-new-privs"]


FIGURES = """
create schema publicatie;
create table publicatie.indicatoren as
select indicator, 'jaar' as periode_soort, periode, gebied_soort, gebied, categorie_soort, categorie, waarde::double as waarde,
    null::bigint as teller, null::bigint as noemer, 'aantal' as eenheid, status, upper(indicator[1]) || indicator[2:] as indicator_naam,
    gebied_naam, case categorie when '' then 'Totaal' when '1' then '1 (acuut)' else categorie end as categorie_naam,
    make_date(periode::int, 1, 1) as periode_start, make_date(periode::int, 12, 31) as periode_eind, false as voorlopig,
    case when gebied = 'S' and periode = '2023' then 'weesp_2022' end as vergelijkbaarheid,
    case when gebied = 'S' and periode = '2023' then 'Weesp <hoort> erbij' end
        as vergelijkbaarheid_reden, date '2025-02-05' as peildatum, if(indicator = 'meldingen', 'goed', 'let_op') as kwaliteit,
    if(indicator = 'meldingen', null, 'Er wachten rijen') as kwaliteit_reden, null::date as verouderd_vanaf
from (values
    ('meldingen', '2023', 'regio', 'REGIO', '', '', 9789, 'gepubliceerd', 'Amsterdam-Amstelland'),
    ('meldingen', '2024', 'regio', 'REGIO', '', '', {value}, 'gepubliceerd', 'Amsterdam-Amstelland'),
    ('meldingen', '2023', 'stadsdeel', 'S', '', '', null, 'onderdrukt', 'Weesp'),
    ('meldingen', '2024', 'stadsdeel', 'S', '', '', 85, 'gepubliceerd', 'Weesp'),
    ('meldingen', '2023', 'stadsdeel', 'T', '', '', null, 'niet_van_toepassing', 'Zuidoost'),
    ('meldingen', '2024', 'stadsdeel', 'T', '', '', null, 'ontbreekt', 'Zuidoost'),
    ('meldingen', '2024', 'stadsdeel', 'A', '', '', 920, 'gepubliceerd', 'Centrum'),
    ('meldingen', '2024', 'regio', 'REGIO', 'urgentie', '2', 40, 'gepubliceerd', 'Amsterdam-Amstelland'),
    ('meldingen', '2024', 'regio', 'REGIO', 'urgentie', '1', 1020, 'gepubliceerd', 'Amsterdam-Amstelland'),
    ('overdrachten', '2024', 'regio', 'REGIO', '', '', 3635, 'gepubliceerd', 'Amsterdam-Amstelland')
) as t(indicator, periode, gebied_soort, gebied, categorie_soort, categorie, waarde, status, gebied_naam);
comment on table publicatie.indicatoren is 'Cijfers voor publicatie: aantallen onder de 10 staan er niet in';
"""
"""One figure of each status, and one that is not there: Centrum in 2023."""


def leaves(settings: Settings, release: str, value: int = 9951) -> None:
    """A release with these figures in what leaves and nothing else, put before the readers."""
    folder = make_folder(settings.releases / release)
    with duckdb.connect() as con:
        con.execute(FIGURES.format(value=value))
        publish.write(con, folder / public.FOLDER, Edition(read_description(), "2024", peildatum="2025-02-05"))
    (folder / "release.json").write_text("{}")
    rights.give(settings, folder)
    link = settings.releases / store.CURRENT
    link.unlink(missing_ok=True)
    link.symlink_to(release)
