"""How long readers wait: many of them with the questions of a dashboard, on files and on PostgreSQL, while releases follow each other.

The release of the data folder is read, never written: two copies of it take turns in a folder that is thrown away. On PostgreSQL they take
turns in a database that is named for this alone.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import duckdb
import psycopg2
from pydantic import SecretStr

from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.language import say
from orchestration.outputs import postgres
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.transform.steps import write_json

QUESTIONS = (
    "select periode, gebied_naam, waarde from marts.indicatoren where indicator = 'meldingen' and periode_soort = 'jaar'"
    " and gebied_soort = 'gemeente' and categorie_soort = ''",
    "select periode, gebied_naam, waarde from marts.indicatoren where indicator = 'vb_open' and periode_soort = 'maand'"
    " and gebied_soort = 'gemeente' and categorie_soort = ''",
    "select categorie_naam, waarde from marts.indicatoren where indicator = 'meldingen' and periode_soort = 'jaar' and periode = '2024'"
    " and gebied_soort = 'regio' and categorie_soort = 'melder' order by 2 desc",
    "select periode, gebied_naam, meldingen, adviesvragen from marts.instroom_gemeente where periode_soort = 'kwartaal'",
    "select jaar, waarde, norm from marts.meerjarenbeeld where indicator = 'aandeel_vb_binnen_termijn' and gebied_soort = 'regio'",
    "select gebied, gebied_naam_code from marts.dim_gebied where gebied_soort in ('gemeente', 'stadsdeel')",
    "select periode from marts.dim_periode where periode_soort = 'jaar' and not voorlopig",
)
"""What a page of a dashboard asks: years, months, a breakdown, a subject, years side by side, and the values of two filters."""
PAUSE = 0.5
"""Mean seconds between an answer and the next question of one reader."""
SAID = "select release from kwaliteit.release"
BOTH = "select marts.release.release, kwaliteit.release.release from marts.release cross join kwaliteit.release"
"""Of which release the answers are: in PostgreSQL a statement over two tables has to say one."""

Ask = Callable[[str], list[tuple[Any, ...]]]
Reader = Callable[[], AbstractContextManager[Ask]]


@dataclass
class Waits:
    """What readers of one kind met: seconds that each answer took, what went wrong, and which releases they saw."""

    kind: str
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def typical(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return quantiles(self.seconds, n=20)[-1]


def bench_readers(
    settings: Settings, address: str | None, readers: int, seconds: float, progress: Callable[[str], None], folder: Path | None = None
) -> list[Waits]:
    """Readers of files, and of the PostgreSQL database ``address`` where one is named, each while a small registration is refreshed."""
    current = store.current(settings)
    if not current:
        raise UserError(say("There is no release in {folder}: run vt refresh first.", folder=settings.releases))
    home = Path(tempfile.mkdtemp(prefix="vt-bench-", dir=folder))
    measured = []
    try:
        copy = Settings(home=home, postgres_url=SecretStr(address) if address else None)
        names = _copies(settings.releases / current, copy)
        kinds: list[tuple[Waits, Reader, str, Callable[[], object]]] = [(Waits(say("files")), partial(_files, copy), SAID, lambda: None)]
        if address:
            postgres.publish(copy)
            kinds.append((Waits("PostgreSQL"), partial(_database, address), BOTH, lambda: postgres.publish(copy)))
        for waits, reader, said, follow in kinds:
            progress(say("{readers} readers of {kind}", readers=readers, kind=waits.kind))
            with _refreshing(home / "klein"), _asking(waits, reader, said, readers):
                end = time.monotonic() + seconds
                for turn in range(1, int(seconds) + 2):
                    store.switch(copy, names[turn % 2])
                    follow()
                    if time.monotonic() > end:
                        break
                    time.sleep(1)
            measured.append(waits)
    finally:
        shutil.rmtree(home)
    return measured


def _copies(release: Path, settings: Settings) -> list[str]:
    """Two releases of the same figures, each under a name of its own that it says itself; the first is current."""
    content = json.loads((release / "release.json").read_text())
    names = [f"{content['release']}-{letter}" for letter in "ab"]
    for name in names:
        folder = make_folder(settings.releases / name)
        make_folder((folder / store.DATABASE).parent)
        shutil.copyfile(release / store.DATABASE, folder / store.DATABASE)
        with duckdb.connect(str(folder / store.DATABASE)) as con:
            con.execute("update kwaliteit.release set release = ?", [name])
        write_json(folder / "release.json", content | {"release": name, "publiek": None})
    store.switch(settings, names[0])
    return names


@contextmanager
def _files(settings: Settings) -> Iterator[Ask]:
    """A reader of files: opens the release that is current, and asks all of one page of it."""
    with duckdb.connect(str((settings.releases / store.CURRENT).resolve() / store.DATABASE), read_only=True) as con:
        yield lambda query: con.execute(query).fetchall()


@contextmanager
def _database(address: str) -> Iterator[Ask]:
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        con.autocommit = True
        cursor.execute(f"set role {postgres.ANALYST}")

        def ask(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query)
            return cursor.fetchall()

        yield ask


@contextmanager
def _asking(waits: Waits, reader: Reader, said: str, readers: int) -> Iterator[None]:
    """Readers at work, each with a page after the other, until the block ends."""
    stop = threading.Event()

    def read(seed: int) -> None:
        pause = random.Random(seed)  # noqa: S311  # moments to ask at, no secret
        while not stop.is_set():
            try:
                with reader() as ask:
                    for query in (said, *QUESTIONS):
                        begun = time.monotonic()
                        found = ask(query)
                        waits.seconds.append(time.monotonic() - begun)
                        if query == said:
                            waits.seen |= set(found[0])
                            waits.wrong += ["two releases in one answer"] * (len(set(found[0])) - 1)
                        if stop.wait(pause.expovariate(1 / PAUSE)):
                            return
            except (duckdb.Error, psycopg2.Error, OSError) as error:
                waits.wrong.append(type(error).__name__)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def _refreshing(home: Path) -> Iterator[None]:
    """A refresh of a small registration beside it, begun again when it has ended, as long as the block takes."""
    script = "import sys; from pathlib import Path; from orchestration.demo import write_small; write_small(Path(sys.argv[1]))"
    own = {**os.environ, "VT_HOME": str(home)}
    deliveries = home / "leveringen"
    subprocess.run([sys.executable, "-c", script, str(make_folder(deliveries))], check=True, env=own)
    stop = threading.Event()

    def refresh() -> None:
        while not stop.is_set():
            folder = Path(tempfile.mkdtemp(dir=home))
            shutil.copytree(deliveries, folder / "inbox")
            command = [str(Path(sys.executable).with_name("vt")), "refresh"]
            with subprocess.Popen(
                command, env={**own, "VT_HOME": str(folder)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as run:
                while run.poll() is None:
                    if stop.wait(0.2):
                        run.terminate()

    thread = threading.Thread(target=refresh)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
