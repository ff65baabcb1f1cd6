"""The ledger of known failures: what is accepted neither blocks nor alerts; what is worse or expired does; a needless entry is told."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from orchestration.health import examine
from orchestration.quality import ledger
from orchestration.quality.ledger import KnownFailure, LedgerError
from orchestration.settings import PROJECT, Settings
from orchestration.transform.controle import BEKEND, Controle

TODAY = date(2025, 2, 1)
ENTRY = KnownFailure(
    controle="t", bereik="alles", reden="wacht op de conversie", eigenaar="applicatiebeheer", aanvaard_tot=3, vervalt=date(2025, 3, 1)
)


def controle(count: int | None, uitkomst: str = "gefaald") -> Controle:
    return Controle("t", "dbt", "tabel", uitkomst, "blokkeert", count, "rows fail")


@pytest.mark.parametrize(
    ("count", "op", "expected", "says"),
    [
        (3, TODAY, BEKEND, "rows fail; accepted up to 3"),
        (4, TODAY, "gefaald", "worse than the known failure (4 > 3)"),
        (None, TODAY, BEKEND, "applicatiebeheer"),
        (3, date(2025, 3, 1), BEKEND, "2025-03-01"),
        (3, date(2025, 3, 2), "gefaald", "expired on 2025-03-01"),
    ],
)
def test_settled(count: int | None, op: date, expected: str, says: str) -> None:
    found = ledger.settle([ENTRY], controle(count), op)
    assert found.uitkomst == expected
    assert says in found.toelichting


def test_another_check_and_one_that_passed_are_left_alone() -> None:
    assert ledger.settle([ENTRY], Controle("u", "dbt", "", "gefaald", "", 1, ""), TODAY).uitkomst == "gefaald"
    assert ledger.settle([ENTRY], controle(0, "geslaagd"), TODAY).uitkomst == "geslaagd"


def test_dbt_is_told_what_is_accepted_today() -> None:
    assert ledger.for_dbt([ENTRY], TODAY) == '{"t": 3}'
    assert ledger.for_dbt([ENTRY], date(2025, 3, 2)) == "{}"


def test_an_entry_about_some_deliveries_is_about_no_others() -> None:
    some = ENTRY.model_copy(update={"bereik": [7, 8]})
    assert ledger.within([some, ENTRY], [7]) == [some, ENTRY]
    assert ledger.within([some, ENTRY], [7, 9]) == [ENTRY]


def test_a_report_of_dbt_is_settled_and_models_are_not() -> None:
    row = {"naam": "t", "soort": "controle", "uitkomst": "gewaarschuwd", "aantal": 2, "toelichting": "2 rows fail"}
    report = ledger.settle_report([ENTRY], {"gefaald": [row, row | {"soort": "model", "uitkomst": "gefaald"}]}, TODAY)
    assert [f["uitkomst"] for f in report["gefaald"]] == [BEKEND, "gefaald"]


def test_entries_that_say_too_much_are_reported() -> None:
    def told(uitkomst: str, op: date = TODAY, name: str = "t") -> str:
        return ledger.reports([ENTRY], [Controle(name, "dbt", "", uitkomst, "", 1, "")], op).get("t", "")

    assert told(BEKEND) == ""
    assert told("gefaald") == ""
    assert told("niet_te_beoordelen") == ""
    assert "no longer needed" in told("geslaagd")
    assert "expired on 2025-03-01" in told("gefaald", date(2025, 3, 2))
    assert "no check of that name" in told("geslaagd", name="u")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("fouten: [", "it is not YAML, at line 1"),
        ("fouten: []\n- controle: t\n", r"not YAML, at line 2; take `\[\]` away behind `fouten:`"),
        ("", "it is empty: it has no list `fouten:`; the file begins with `fouten:`"),
        ("# niets\n", "it is empty"),
        ("- controle: t\n", "it has no list `fouten:`: the entries stand at the top"),
        ("7", "it has no list `fouten:`"),
        ("fout: []", "it has no list `fouten:`"),
        ("fouten: []\nbekend: []", "beside `fouten:` it has bekend"),
        ("fouten: 7", "what stands under `fouten:` is no list"),
        ("fouten: {controle: t}", "what stands under `fouten:` is no list"),
        ("fouten: [t]", "entry 1 is not as it should be: it has no fields"),
        ("fouten: [{vervalt: 2025-13-45}]", "it is not YAML"),
        ("[" * 5000, "it is not YAML"),
        ("fouten: [{controle: t}]", "entry 1 is not as it should be: it has no bereik"),
        (yaml.dump({"fouten": [ENTRY.model_dump() | {"reden": "kort"}]}), "reden is no text of ten characters or more"),
        (yaml.dump({"fouten": [ENTRY.model_dump(), ENTRY.model_dump()]}), "more than one entry for t"),
        (yaml.dump({"fouten": [ENTRY.model_dump() | {"tot": 1}]}), "it has tot, which is no field"),
    ],
)
def test_a_ledger_that_is_not_in_order_is_refused(tmp_path: Path, content: str, says: str) -> None:
    """Each shape with what is wrong, and what to do; ``vt check`` says the same."""
    settings = Settings(home=tmp_path / "vt", bekende_fouten=tmp_path / "f.yaml")
    settings.bekende_fouten.write_text(content)
    with pytest.raises(LedgerError, match=says) as told:
        ledger.load(settings)
    assert "docs/runbooks/bekende_fouten.md" in str(told.value) and "Error" not in str(told.value)
    (finding,) = (f for f in examine(settings, {}, alert=False) if f.what == "settings")
    assert (finding.good, finding.text) == (False, str(told.value))


@pytest.mark.parametrize(
    ("make", "says"), [(lambda p: p.mkdir(), "cannot be read"), (lambda p: p.write_bytes(b"\xff"), "not text in UTF-8")]
)
def test_a_ledger_that_is_no_text(tmp_path: Path, make: Callable[[Path], object], says: str) -> None:
    make(tmp_path / "f.yaml")
    for path in (tmp_path / "f.yaml", tmp_path / "nergens.yaml"):
        with pytest.raises(LedgerError, match=says if path.exists() else "cannot be read"):
            ledger.read(path)


def test_check_counts_as_accepted_what_is_accepted_today(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "vt", bekende_fouten=tmp_path / "f.yaml")
    over = ENTRY.model_dump() | {"controle": "u", "vervalt": date(2999, 1, 1)}
    settings.bekende_fouten.write_text(yaml.dump({"fouten": [ENTRY.model_dump(), over]}))
    (finding,) = (f for f in examine(settings, {}, alert=False) if f.what == "settings")
    assert finding.text.endswith("; known failures accepted: 1, accepted no longer: 1 (t)")


def test_what_the_runbook_and_the_ledger_show_as_an_entry_is_one(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "runbooks" / "bekende_fouten.md").read_text().split("```")[1]
    file = (PROJECT / "expectations" / "bekende_fouten.yaml").read_text()
    shown = "".join(line.removeprefix("# ") for line in file.splitlines(keepends=True) if not line.startswith("fouten:"))
    for text in (page, shown[shown.index("fouten:\n") :]):
        (tmp_path / "f.yaml").write_text(text)
        assert [e.controle for e in ledger.read(tmp_path / "f.yaml")] == ["intake.meldingen.casus_gesloten"]


def test_the_ledger_of_the_project_is_in_order() -> None:
    ledger.read(PROJECT / "expectations" / "bekende_fouten.yaml")
