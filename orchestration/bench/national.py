"""Many invented organisations, each refreshed by itself, and the figures of all held to the sum of theirs.

Each is a copy of ``organisaties/voorbeeldregio`` with gemeenten of its own, as large as the households that it is given make it.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration import duck, seeds
from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.language import say
from orchestration.national import figures
from orchestration.national.organisations import (
    VT,
    NationalError,
    Participant,
    database,
    environment_of,
    home_of,
    participants,
    refresh_one,
)
from orchestration.settings import PROJECT, Settings
from orchestration.sql import text

SMALLEST, LARGEST = 4_000, 14_000
"""Reports a year, of the smallest and the largest organisation."""
DEMO = 10_000
"""Reports a year of the demo, whose households count as many."""
PARTS = (5, 3, 2)
"""What of ten households lives in each of its gemeenten."""
PATTERN = PROJECT / "organisaties" / "voorbeeldregio"
HOUSEHOLDS, GEMEENTEN, REGION = "households/huishoudens_gemeente.csv", "areas/gemeenten.csv", "areas/regio.csv"


@dataclass(frozen=True)
class OneOfMany:
    """What became of one organisation: reports in its release, seconds that its refresh took, exit code and outcome."""

    organisatie: str
    meldingen: int
    seconds: float
    code: int
    uitkomst: str


@dataclass(frozen=True)
class NationalMeasurement:
    """Every organisation, and what became of the figures of all."""

    each: list[OneOfMany]
    national_s: float
    """Seconds that the figures of all took."""
    held: int
    """Figures held to the sum; 0 where there are none."""
    differing: int
    mib: int
    """Peak of any process."""
    why: str
    """Why there are no figures of all; empty where there are."""

    @property
    def wrong(self) -> bool:
        return self.differing > 0 or self.held == 0 or any(o.code for o in self.each)


def invent(folder: Path, count: int) -> list[str]:
    """Write ``count`` organisations into ``folder``, from the smallest to the largest; their codes."""
    theirs: dict[str, int] = {}
    for row in seeds.rows(seeds.SEEDS / HOUSEHOLDS):
        theirs[row["jaar"]] = theirs.get(row["jaar"], 0) + int(row["huishoudens"] or 0)
    codes = [f"verzonnen-{number:02}" for number in range(1, count + 1)]
    for number, code in enumerate(codes):
        reports = SMALLEST + (LARGEST - SMALLEST) * number // max(1, count - 1)
        gemeenten = {f"GM{9000 + 10 * number + part}": f"Verzonnen {number + 1}.{part + 1}" for part in range(len(PARTS))}
        shutil.copytree(PATTERN, folder / code)
        (folder / f"{code}.yml").write_text(f"naam: Veilig Thuis {code} (verzonnen)\n", encoding="utf-8")
        seeds.write(folder / code / REGION, ["naam"], [{"naam": code}])
        seeds.write(
            folder / code / GEMEENTEN,
            columns := seeds.columns(GEMEENTEN),
            [
                dict.fromkeys(columns, "") | {"gemeente_code": gm, "gemeente": name, "in_regio_van": "2015-01-01", "volgorde": place}
                for place, (gm, name) in enumerate(gemeenten.items(), 1)
            ],
        )
        seeds.write(
            folder / code / HOUSEHOLDS,
            seeds.columns(HOUSEHOLDS),
            [
                {
                    "gemeente_code": gm,
                    "gemeente": name,
                    "jaar": year,
                    "huishoudens": n,
                    "bron": "verzonnen",
                    "meerpersoonshuishoudens": n // 2,
                }
                for part, (gm, name) in zip(PARTS, gemeenten.items(), strict=True)
                for year, households in theirs.items()
                for n in [households * reports * part // (10 * DEMO)]
            ],
        )
    return codes


def bench_national(folder: Path, count: int, progress: Callable[[str], None]) -> NationalMeasurement:
    """Make ``count`` organisations and their deliveries in ``folder``, refresh each, make the figures of all and hold them to the sum.

    What an earlier run made in the folder stays: an organisation that has a release by the same code is refreshed without anything new.
    """
    organisaties = make_folder(folder / "organisaties")
    codes = sorted(path.stem for path in organisaties.glob("*.yml")) or invent(organisaties, count)
    if len(codes) != count:
        raise UserError(say("{folder} holds {there} organisations, not {count}.", folder=organisaties, there=len(codes), count=count))
    # for all of this process: seeds of an organisation are found by its environment
    os.environ |= {"VT_HOME": str(make_folder(folder / "samen")), "VT_ORGANISATIES": str(organisaties)}
    settings = Settings()
    progress(say("deliveries"))
    with ThreadPoolExecutor(settings.threads) as at_once:
        list(at_once.map(lambda code: _deliver(settings, code), codes))
    refreshed = []
    for code in codes:
        begun = time.monotonic()
        outcome = refresh_one(settings, code, progress)
        refreshed.append(OneOfMany(code, 0, time.monotonic() - begun, outcome.code, outcome.uitkomst))
    begun = time.monotonic()
    there, held, differing, why = [p for p in participants(settings) if p.release], 0, 0, ""
    try:
        made = figures.make_figures(settings, progress)
    except NationalError as error:
        why = str(error)
    national_s = time.monotonic() - begun
    counts = dict(_reports(settings, there))
    if not why:
        held, differing = _hold(made / figures.DATABASE, settings, there)
    mib = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    each = [replace(o, meldingen=counts.get(o.organisatie, 0)) for o in refreshed]
    return NationalMeasurement(each, national_s, held, differing, mib, why)


def _deliver(settings: Settings, code: str) -> None:
    """The demo of an organisation, unless an earlier run took it in."""
    if settings.elsewhere(home_of(settings, code)).releases.exists():
        return
    make_folder(home_of(settings, code))
    done = subprocess.run([VT, "demo"], env=environment_of(settings, code), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise SystemExit(done.returncode)


def _reports(settings: Settings, there: list[Participant]) -> Iterator[tuple[str, int]]:
    """Organisation → reports in its release."""
    for p in there:
        with duckdb.connect(str(database(settings, p)), read_only=True) as con:
            yield p.organisatie, duck.number(con, "select count(*) from facts.fct_meldingen")


def _hold(made: Path, settings: Settings, there: list[Participant]) -> tuple[int, int]:
    """Counts of whole organisations, added up here from the releases: how many, and how many differ from the figure of all."""
    with duckdb.connect() as con:
        con.execute(f"attach {text(made)} as samen (read_only)")
        added = "select indicator from samen.marts.dim_indicator where soort in ('aantal', 'voorraad')"
        parts = []
        for number, p in enumerate(there):
            con.execute(f"attach {text(database(settings, p))} as van_{number} (read_only)")
            parts.append(
                f"select indicator::varchar as indicator, periode::varchar as periode, waarde from van_{number}.marts.indicatoren "
                f"where gebied_soort::varchar = 'regio' and categorie_soort::varchar = '' and indicator::varchar in ({added})"
            )
        held, differing = duck.row(
            con,
            f"""
            with delen as ({" union all ".join(parts)}),
            sommen as (select indicator, periode, sum(waarde) as som from delen group by all having count(waarde) = {len(there)})
            select count(*), count(*) filter (where waarde is distinct from som)
            from sommen join samen.marts.indicatoren using (indicator, periode)
            where organisatie = '{figures.ALL}' and categorie_soort = ''
            """,
        )
    return held, differing
