"""Open data: each file is what its standard says, by the validator of that standard, and says what the table says."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.disclosure import publish
from orchestration.formats import open_data
from orchestration.formats.edition import DECLARED, DescriptionError, read_description
from orchestration.settings import PROJECT
from tests.outputs.conftest import EDITION

TOOLS = PROJECT / ".venv" / "tools" / "bin" / "python"


def wrong(folder: Path) -> dict[str, list[str]]:
    """What the validators say, by what they look at; they live in an environment of their own (requirements-tools.in)."""
    if not TOOLS.exists() and "CI" not in os.environ:
        pytest.skip("the tools are not installed: make .venv/tools/.ready")
    script = PROJECT / "tests" / "lib" / "open_standards.py"
    done = subprocess.run([TOOLS, "-P", script, folder / open_data.FOLDER], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    assert set(found) == {"data_package", "csv_on_the_web", "json_stat", "portal_record"}
    return {kind: told for kind, told in found.items() if told}


def test_every_standard_is_met(written: Path) -> None:
    assert wrong(written) == {}


Content = dict[str, Any]


def edit(path: Path, change: Callable[[Content], Any]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_a_fault_of_each_kind_is_noticed(copied: Path) -> None:
    """A percent sign in a cell, a cube that is too small, a record without a licence: each by the validator that should."""
    csv = copied / open_data.CSV
    (line,) = [n for n in csv.read_bytes().split(b"\r\n") if b'"aandeel_meldingen_politie","jaar","2024","regio","REGIO"' in n]
    value = line.split(b",")[7]
    csv.write_bytes(csv.read_bytes().replace(line, line.replace(b"," + value + b",", b"," + value + b"%,", 1)))
    edit(copied / open_data.CUBE, lambda c: c["link"]["item"][0].update(size=[1, 1, 1]))
    edit(copied / open_data.RECORD, lambda c: c["dcat:distribution"][0].pop("dct:license"))
    found = wrong(copied)
    assert any(told.startswith(("type-error", "hash-count", "byte-count")) for told in found["data_package"])
    assert any("%" in told or "type-error" in told for told in found["data_package"])
    assert set(found) == {"data_package", "csv_on_the_web", "json_stat", "portal_record"}
    assert "license" in found["portal_record"][0]


@pytest.mark.parametrize(
    ("path", "change", "kind"),
    [
        (
            open_data.PACKAGE,
            lambda c: c["resources"][0]["schema"]["fields"][11]["constraints"].update(enum=["gepubliceerd"]),
            "data_package",
        ),
        (open_data.PACKAGE, lambda c: c["resources"][0].update(hash="sha256:" + "0" * 64), "data_package"),
        (open_data.COLUMNS, lambda c: c["tableSchema"]["columns"][5].update(datatype="integer"), "csv_on_the_web"),
        (open_data.CUBE, lambda c: c["link"]["item"][0]["dimension"].pop("gebied"), "json_stat"),
        (open_data.RECORD, lambda c: c.pop("dcat:contactPoint"), "portal_record"),
        (open_data.RECORD, lambda c: c.update({"dct:accessRights": {"@id": "https://veilig-thuis.example/open"}}), "portal_record"),
    ],
)
def test_a_description_that_is_wrong_is_noticed(copied: Path, path: Path, change: Callable[[Content], Any], kind: str) -> None:
    edit(copied / path, change)
    assert kind in wrong(copied)


def test_no_cell_has_a_percent_sign_and_a_line_ends_as_the_standard_says(written: Path) -> None:
    content = (written / open_data.CSV).read_bytes()
    assert b"%" not in content
    assert content.count(b"\n") == content.count(b"\r\n") > 100
    assert not content.startswith(b"\xef\xbb\xbf")


def test_the_same_table_gives_the_same_bytes(copied: Path, written: Path) -> None:
    """Whatever the threads, on another day: no time of making is told."""
    for path in open_data.FILES:
        (copied / path).unlink()
    with duckdb.connect(config={"threads": 4}) as con:
        publish.derive(con, copied, publish.NOTE.format(drempel=10, basis=5), EDITION)
    assert all((copied / path).read_bytes() == (written / path).read_bytes() for path in (publish.CSV, *open_data.FILES))


def test_statuses_stay_apart_in_a_cube(written: Path, figures: duckdb.DuckDBPyRelation) -> None:
    """And what is not shown has no value at all."""
    told: dict[str, int] = {}
    for cube in json.loads((written / open_data.CUBE).read_text())["link"]["item"]:
        for place, status in cube["status"].items():
            told[status] = told.get(status, 0) + 1
            assert (place in cube["value"]) == (status == publish.PUBLISHED)
    assert told == dict(figures.aggregate("status, count(*)").fetchall())
    assert set(told) >= {publish.PUBLISHED, publish.HIDDEN}


def test_columns_are_told_as_the_table_tells_them(written: Path) -> None:
    fields = json.loads((written / open_data.PACKAGE).read_text())["resources"][0]["schema"]["fields"]
    assert {f["name"]: f["description"] for f in fields} == publish.COLUMNS
    columns = json.loads((written / open_data.COLUMNS).read_text())["tableSchema"]["columns"]
    assert {c["name"]: c["dc:description"] for c in columns} == publish.COLUMNS


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("publisher: Veilig Thuis\n", "", "publisher is missing"),
        ("contact_mail: gegevens@", "contact_mail: gegevens", "contact_mail is missing, unknown or not of its kind"),
        ("licence: https://", "licence: ", "licence is missing"),
        ("title:", "titel:", "titel, title is missing"),
        ("title:", "title: [", "is no YAML"),
    ],
)
def test_what_is_declared_wrongly_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "gegevens.yaml"
    assert old in DECLARED.read_text()
    path.write_text(DECLARED.read_text().replace(old, new, 1))
    with pytest.raises(DescriptionError, match=told):
        read_description(path)


def test_what_is_declared_nowhere_is_told(tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match=r"There is no file .*nergens\.yaml"):
        read_description(tmp_path / "nergens.yaml")
