"""What these tests share."""

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest

from orchestration import duck
from orchestration.intake.making import Wanted
from orchestration.mapping.deliver import MadeDelivery, deliver
from orchestration.mapping.model import read_mapping
from orchestration.mapping.translate import Translation, translate
from orchestration.settings import Settings
from tests.lib.foreign import EXAMPLE, write_foreign
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import Warehouse, warehouse_in

ORGANISATION = "amsterdam-amstelland"


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing pulls the plug in these tests: forcing each file to disk is left out, which is most of their time on a busy machine."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A data folder with an empty inbox."""
    return warehouse_in(tmp_path / "vt", threads=1)


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """The files of Voorbeeldstad, of the handmade delivery."""
    return write_foreign(HandmadeDelivery().content(), tmp_path / "van hen")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The mapping of Voorbeeldstad, for the organisation of the tests."""
    path = tmp_path / "voorbeeldstad.yml"
    path.write_text(EXAMPLE.read_text().replace("organisatie: voorbeeldstad", f"organisatie: {ORGANISATION}"))
    return path


SMALL = """
    mapping: 1
    organisatie: amsterdam-amstelland
    contract: "1.0"
    standaard:
      datum: dd-mm-jjjj
      moment: dd-mm-jjjj uu:mm
      ja: J
      nee: N
    bestanden:
      meld: meld.csv
    entiteiten:
      adviesvragen: geen
      adviesvraag_vormen: geen
      casussen:
        uit: meld
        velden:
          casus_nummer: DOSSIER
          huishouden_nummer: GEZIN
          geopend_op: OPEN
      meldingen:
        uit: meld
        velden:
          melding_nummer: NR
          casus_nummer: DOSSIER
          ontvangen_op: BINNEN
          hoedanigheid:
            kolom: MELDER
            codes: {POL: politie, "07": huisarts}
          huishouden_met_kinderen: KIND
          urgentie: {constante: "3"}
      melding_vormen: geen
      melding_aarden: geen
      betrokkenen: geen
      veiligheidsbeoordelingen: geen
      diensten: geen
      overdrachten: geen
      veiligheidscontacten: geen
      monitormomenten: geen
      huisverboden: geen
    """
"""A mapping of one file: a case and its report on each line."""
FILE = """
    NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND
    M1;D1;G1;04-01-2024;04-01-2024 10:00;POL;J
    M2;D2;G2;05-01-2024;06-01-2024 23:30;07;N
    """


class Translating:
    """A mapping and a folder, to be changed and tried."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.text = folder / "van hen", dedent(SMALL).lstrip()
        self.path = folder / "klein.yml"
        self.folder.mkdir()
        self.write(FILE)

    def write(self, content: str, name: str = "meld.csv", encoding: str = "utf-8") -> None:
        (self.folder / name).write_bytes(dedent(content).lstrip().encode(encoding))

    def change(self, old: str, new: str) -> None:
        assert old in self.text, old
        self.text = self.text.replace(old, new)

    def line(self, part: str) -> int:
        """The line of the mapping with this in it."""
        return next(i for i, line in enumerate(self.text.splitlines(), 1) if part in line)

    def run(self, ask: Callable[[duckdb.DuckDBPyConnection, Translation], None] | None = None) -> Translation:
        self.path.write_text(self.text)
        mapping, faults = read_mapping(self.path)
        with duck.connect(Settings(home=self.path.parent / "tijdelijk", threads=1)) as con:
            done = translate(con, mapping, faults, self.folder, self.path.parent / "tijdelijk")
            if ask:
                ask(con, done)
        return done

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query gives over ``klaar_<entity>``, where nothing is wrong."""
        found: list[tuple[object, ...]] = []

        def ask(con: duckdb.DuckDBPyConnection, done: Translation) -> None:
            assert [f.told("") for f in done.faults] == []
            found.extend(con.execute(query).fetchall())

        self.run(ask)
        return found

    def faults(self) -> list[tuple[int, str, str]]:
        return [(f.line, f.veld, f.what) for f in self.run().faults]

    def deliver(self, target: Path, nummer: int = 1, peildatum: str = "2024-12-31", soort: str = "volledig") -> MadeDelivery:
        made: list[MadeDelivery] = []

        def ask(con: duckdb.DuckDBPyConnection, done: Translation) -> None:
            wanted = Wanted(done.mapping.organisatie, nummer, soort, peildatum, done.mapping.contract)
            made.append(deliver(con, done, wanted, target))

        self.run(ask)
        return made[0]


@pytest.fixture
def small(tmp_path: Path) -> Translating:
    """A mapping of one file."""
    return Translating(tmp_path)


@pytest.fixture
def whole(tmp_path: Path, theirs: Path, example: Path) -> Translating:
    """The mapping and the files of Voorbeeldstad."""
    found = Translating(tmp_path / "apart") if (tmp_path / "apart").mkdir() is None else Translating(tmp_path)
    found.folder, found.path, found.text = theirs, example, example.read_text()
    return found
