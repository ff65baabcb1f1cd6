"""A proposal says how files are written and which column looks like which field; of what stands in them it holds known codes alone."""

import re
from pathlib import Path

import pytest
import yaml

from orchestration.mapping.errors import MappingError
from orchestration.mapping.model import read_mapping
from orchestration.mapping.propose import propose
from orchestration.mapping.sniff import sniff
from orchestration.settings import Settings
from tests.lib.foreign import EXAMPLE


@pytest.mark.parametrize(
    ("content", "encoding", "separator", "header", "width"),
    [
        (b"a;b;c\n1;2;3\n", "utf-8", ";", True, 3),
        ("naam\tplaats\nJosé\tÅ\n".encode("cp1252"), "windows-1252", "tab", True, 2),
        (b'naam,plaats\n"x, y",z\n', "utf-8", ",", True, 2),
        ("a|b\n1|2\n".encode("utf-16"), "utf-16", "|", True, 2),
        (b"\xef\xbb\xbfa;b\n1;2\n", "utf-8", ";", True, 2),
        (b"M1;05-01-2024;Jansen\nM2;06-01-2024;Pietersen\n", "utf-8", ";", False, 3),
    ],
)
def test_how_a_file_is_written(tmp_path: Path, content: bytes, encoding: str, separator: str, header: bool, width: int) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    found = sniff(tmp_path / "x.csv")
    assert found is not None
    assert (found.encoding, found.separator, found.header, len(found.columns)) == (encoding, separator, header, width)
    assert header or found.columns == ("kolom_1", "kolom_2", "kolom_3")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"een regel zonder kolommen\nnog een\n", b"PK\x03\x04\x00\x00"])
def test_what_is_no_text_in_columns(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert sniff(tmp_path / "x") is None
    with pytest.raises(MappingError, match="No file in"):
        propose(Settings(), tmp_path, "x")
    with pytest.raises(MappingError, match="There is no folder"):
        propose(Settings(), tmp_path / "weg", "x")


def test_the_files_of_the_example(theirs: Path, tmp_path: Path) -> None:
    """What a person wrote for them is found for the greater part."""
    path = tmp_path / "voorstel.yml"
    path.write_text(propose(Settings(), theirs, "voorbeeldstad").text)
    proposed, faults = read_mapping(path)
    right, _ = read_mapping(EXAMPLE)
    assert faults == []
    assert {f.pattern: (f.form.separator, f.form.encoding) for f in proposed.files.values()}["trajecten.txt"] == ("\t", "utf-8")
    fields = {
        (entity, name): value.columns
        for entity, said in proposed.entities.items()
        for block in said.blocks
        for name, value in block.fields.items()
    }
    expected = {
        (entity, name): value.columns
        for entity, said in right.entities.items()
        for block in said.blocks
        for name, value in block.fields.items()
    }
    wrong = {at: (columns, expected.get(at)) for at, columns in fields.items() if columns != expected.get(at)}
    assert wrong == {("capaciteit", "maand"): (("Maand",), ("Jaar", "Maand"))}
    assert len(fields) > 0.85 * len(expected)
    assert [line for line, _ in proposed.entities["melding_vormen"].blocks[0].spread] and len(
        proposed.entities["melding_vormen"].blocks[0].spread
    ) == 5
    channel = proposed.entities["adviesvragen"].blocks[0].fields["kanaal"].codes or ()
    assert {(a, b) for a, b, _ in channel} == {("Telefoon", "telefoon"), ("Chat", "chat")}
    assert read_options(path) == {"datum": "dd-mm-jjjj", "moment": "dd-mm-jjjj uu:mm:ss", "ja": "J", "nee": "N", "decimaal": ","}


def read_options(path: Path) -> dict[str, str]:
    kept = ("datum", "moment", "ja", "nee", "decimaal")
    return {name: value for name, value in yaml.safe_load(path.read_text())["standaard"].items() if name in kept}


def test_nothing_that_stands_in_the_files_is_in_it(theirs: Path) -> None:
    text = propose(Settings(), theirs, "voorbeeldstad").text
    for value in ("999990019", "12-03-1985", "M1", "C1", "H1", "ADR0001", 'aanhaling";', "Spoedteam", "10,5", "101", "V01"):
        assert not re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text), value


def test_names_of_people_in_a_column_that_is_called_like_a_code_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "melding.csv").write_text(
        "Meldnr;Dossier;Ontvangen;Melder;Kinderen;Urgentie\nM1;D1;04-01-2024 10:00;Jansen;J;1\nM2;D2;04-01-2024 11:00;de Vries;N;4\n"
    )
    text = propose(Settings(), tmp_path, "x").text
    assert "Jansen" not in text and "Vries" not in text
    assert "# >>> codes: {}" in text and "2 values are none of the contract" in text
    assert '"1": "1"' in text or '"1": 1' in text


def test_what_could_not_be_matched_is_a_place_to_fill_in(tmp_path: Path) -> None:
    (tmp_path / "casus.csv").write_text("Dossiernr;Gezin;Wanneer\nD1;G1;04-01-2024\n")
    proposal = propose(Settings(), tmp_path, "x")
    assert "      # >>> geopend_op: # must be filled: dag van opening" in proposal.text
    assert "  # >>> meldingen: geen # no file looks like it" in proposal.text
    assert "# Of casus.csv not used: Wanneer" in proposal.text
    assert proposal.matched == 2 and proposal.missing > 30
