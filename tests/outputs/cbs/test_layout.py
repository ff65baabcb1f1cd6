"""Layouts that cannot be written by are refused, with the line of the fault, before anything is read of anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.declared import DeclaredError
from orchestration.outputs.cbs import layout
from orchestration.outputs.cbs.columns import SETS, SEVERAL, codes, one_code

LAYOUTS = sorted(layout.FOLDER.glob("bestandsdefinitie*.yml"))


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_the_layouts_that_come_along_can_be_written_by(path: Path) -> None:
    form, checksum = layout.read(path)
    assert [record.of for record in form.records] == list(SETS)
    assert len(checksum) == 64
    for record in form.records:
        assert record.length == sum(field.length for field in record.fields)


def test_every_code_list_of_a_column_has_codes() -> None:
    for name in {*(one_code()[c] for of in SETS.values() for c in of if c in one_code()), *SEVERAL.values()}:
        assert codes(name), name
    assert codes("uitkomsten")[0] == "huiselijk_geweld_bevestigd"


FAULTS: dict[str, tuple[Callable[[str], str], str, str]] = {
    "overlap": (
        lambda t: t.replace("{naam: instelling, positie: 3,", "{naam: instelling, positie: 2,", 1),
        "{naam: instelling",
        "field instelling begins at position 2, and the one before it ends at 2: they overlap",
    ),
    "gap": (
        lambda t: t.replace("{naam: instelling, positie: 3,", "{naam: instelling, positie: 4,", 1),
        "{naam: instelling",
        "field instelling begins at position 4, and the one before it ends at 2: name what lies between",
    ),
    "too narrow for its codes": (
        lambda t: t.replace("politie: '01'", "politie: '001'", 1),
        "politie: '001'",
        "code politie of table melder has 3 positions, and field hoedanigheid takes 2",
    ),
    "a code without a place": (
        lambda t: t.replace("    huisarts: '06'\n", "", 1),
        "  melder:",
        "table melder has no place for huisarts",
    ),
    "a code that there is not": (
        lambda t: t.replace("    huisarts: '06'\n", "    huisarts: '06'\n    huisart: '07'\n", 1),
        "huisart: '07'",
        "there is no code huisart Did you mean huisarts",
    ),
    "a column that there is not": (
        lambda t: t.replace("uit: kanaal,", "uit: kanal,", 1),
        "uit: kanal,",
        "record set adviezen has no column kanal Did you mean kanaal",
    ),
    "a table that there is not": (
        lambda t: t.replace("codelijst: kanaal", "codelijst: kanalen", 1),
        "codelijst: kanalen",
        "column kanaal holds codes: name their table (codelijst) of this file",
    ),
    "a day of six positions": (
        lambda t: t.replace("{naam: gestart_op, positie: 29, lengte: 8", "{naam: gestart_op, positie: 29, lengte: 6", 1),
        "{naam: gestart_op",
        "a day takes 8 positions (JJJJMMDD)",
    ),
    "fixed text and a column": (
        lambda t: t.replace("vast: '10'}", "vast: '10', uit: nummer}", 1),
        "vast: '10', uit",
        "give either vast (a fixed text) or uit (a column)",
    ),
    "fixed text too long": (
        lambda t: t.replace("lengte: 2, vast: '10'", "lengte: 2, vast: '100'", 1),
        "vast: '100'",
        "this is longer than the field or no ASCII",
    ),
    "no ASCII": (lambda t: t.replace("telefoon: '1'", "telefoon: 'é'", 1), "telefoon: 'é'", "code telefoon has signs that are no ASCII"),
    "a record code twice": (lambda t: t.replace("code: '20'", "code: '10'", 1), "- code: '10'", "record code 10 stands here twice"),
    "a record that cannot be told": (
        lambda t: t.replace("lengte: 2, vast: '10'", "lengte: 2, vast: '11'", 1),
        "- code: '10'",
        "record 10 has no field whose fixed text (vast) is its code",
    ),
    "a field twice": (
        lambda t: t.replace("{naam: kanaal,", "{naam: instelling,", 1),
        "{naam: instelling, positie: 45",
        "record 10 has two fields instelling",
    ),
    "no key": (
        lambda t: t.replace("lengte: 20, uit: nummer, verplicht: true, sleutel: true", "lengte: 20, uit: nummer, verplicht: true", 1),
        "- code: '10'",
        "record 10 has no field with sleutel: true",
    ),
    "codes of odd width": (
        lambda t: t.replace(
            "lengte: 20, uit: vormen, codelijst: vorm, breedte: 2", "lengte: 20, uit: vormen, codelijst: vorm, breedte: 3", 1
        ),
        "breedte: 3",
        "give breedte, the positions of one code, of which lengte is a multiple",
    ),
    "a member that there is not": (
        lambda t: t.replace("regeleinde: crlf", "regeleinde: crlf\nregellengte: 80", 1),
        "regellengte",
        "field regellengte: is no field that belongs here",
    ),
    "a member twice": (
        lambda t: t.replace("regeleinde: crlf", "regeleinde: crlf\nregeleinde: lf", 1),
        "regeleinde: lf",
        "it stands here twice",
    ),
    "no YAML": (lambda t: t.replace("regeleinde: crlf", "regeleinde: [crlf", 1), "records:", "this is not YAML"),
    "no record set": (
        lambda t: t.replace("verzameling: adviezen", "verzameling: advies", 1),
        "verzameling: advies\n",
        "must be one of 'adviezen', 'meldingen'",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_written_by_is_told_with_its_line(tmp_path: Path, fault: str) -> None:
    change, where, told = FAULTS[fault]
    whole = layout.DEFAULT.read_text(encoding="utf-8")
    changed = change(whole)
    assert changed != whole
    path = tmp_path / "eigen.yml"
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(DeclaredError) as caught:
        layout.read(path)
    said = str(caught.value)
    assert told in said
    at = changed.index(where)
    at = changed.index(where, at + 1) if fault == "a record code twice" else at
    assert f"eigen.yml, line {changed.count(chr(10), 0, at) + 1}: " in said, said


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeclaredError, match=r"weg\.yml cannot be read: No such file or directory"):
        layout.read(tmp_path / "weg.yml")
    (tmp_path / "bytes.yml").write_bytes(b"naam: \xff")
    with pytest.raises(DeclaredError, match=r"bytes\.yml is not text in UTF-8"):
        layout.read(tmp_path / "bytes.yml")
