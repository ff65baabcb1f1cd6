"""The demo, taken through the whole chain once for all tests that look at it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.demo import let_through, write_small
from orchestration.disclosure import ledger
from orchestration.disclosure.rules import FOLDER as RULES_OF
from orchestration.disclosure.rules import PARAMETERS, RULES, read_parameters, read_rules
from orchestration.disclosure.whole import Publication, opened
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.transform import catalogue
from tests.lib import vt
from tests.lib.deliveries import pack, unpack


class Chain:
    """A data folder, and ``vt`` on it as a user would type it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def vt(self, *args: str, code: int = 0) -> str:
        """Run ``vt`` and return what it prints; the exit code is held to ``code``."""
        done = vt.run(*args, VT_HOME=str(self.home))
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        if args[0] == "refresh":  # progress, and no warning of whatever it uses
            assert [line for line in done.stderr.splitlines() if not line.startswith("· ")] == []
        return done.stdout

    def refresh(self, code: int = 0) -> dict[str, Any]:
        """``vt refresh --json``: nothing but one line of JSON on standard output."""
        verdict: dict[str, Any] = json.loads(self.vt("refresh", "--json", code=code))
        return verdict

    def copy(self, to: Path) -> "Chain":
        shutil.copytree(self.home, to, symlinks=True)
        return Chain(to)


def broken_delivery(good: Path, inbox: Path) -> None:
    """One byte flipped, which its checksum gives away."""
    files = unpack(good)
    data = bytearray(files["meldingen.csv"])
    data[len(data) // 2] ^= 1
    pack(inbox / good.name, files | {"meldingen.csv": bytes(data)})


@pytest.fixture(scope="session")
def demo_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seven demo deliveries, as ``vt demo`` writes them."""
    chain = Chain(tmp_path_factory.mktemp("demo"))
    chain.vt("demo")
    return chain.home / "inbox"


@pytest.fixture(scope="session")
def demo(demo_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chain, dict[str, Any]]]:
    """All demo deliveries, refreshed; with the verdict."""
    chain = Chain(tmp_path_factory.mktemp("alles"))
    shutil.copytree(demo_inbox.parent, chain.home, dirs_exist_ok=True)
    yield chain, chain.refresh()


def by_rules(con: duckdb.DuckDBPyConnection, folder: Path) -> Publication:
    """What the release that is opened in ``con`` would publish, by the rules of today; ``folder`` is for the ledger."""
    known = catalogue.indicators()
    rules = read_rules({c: i.uitsplitsingen for c, i in known.items()}, RULES_OF / RULES, {c: i.soort for c, i in known.items()})
    return Publication.of(con, rules, read_parameters(RULES_OF / PARAMETERS), ledger.append(folder, ledger.of_print()))


@pytest.fixture(scope="session")
def publication_of_demo(demo: tuple[Chain, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the demo would publish by the rules of today; what is hidden in vain is not put back, which takes minutes."""
    folder = tmp_path_factory.mktemp("publicatie")
    with opened(demo[0].home / "releases" / "current" / store.DATABASE) as con:
        publication = by_rules(con, folder)
        publication.write(publication.protect(prune=False), folder / "publiek")
    return folder / "publiek"


@pytest.fixture(scope="session")
def first_delivery(demo_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chain, dict[str, Any]]]:
    """The first demo delivery alone (state of 31 January 2022), refreshed; with the verdict."""
    chain = Chain(tmp_path_factory.mktemp("eerste"))
    (chain.home / "inbox").mkdir(parents=True)
    shutil.copy(min(demo_inbox.iterdir()), chain.home / "inbox")
    yield chain, chain.refresh()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Seven small deliveries: two whole registrations, five nights of mutations."""
    return write_small(tmp_path_factory.mktemp("klein"))


@pytest.fixture(scope="session")
def base(small: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """The first two taken in and released; tests work on a copy."""
    chain = Chain(tmp_path_factory.mktemp("basis"))
    (chain.home / "inbox").mkdir()
    for path in small[:2]:
        shutil.copy(path, chain.home / "inbox")
    let_through(Settings(home=chain.home))
    assert chain.refresh()["uitkomst"] == "gepubliceerd"
    return chain


@pytest.fixture
def chain(base: Chain, tmp_path: Path) -> Chain:
    return base.copy(tmp_path / "vt")
