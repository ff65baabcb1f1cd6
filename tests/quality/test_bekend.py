"""The ledger of known failures: what is accepted neither blocks nor alerts; what is worse or expired does; a needless entry is told."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from orchestration.build.controle import BEKEND, Controle
from orchestration.quality import bekend
from orchestration.quality.bekend import BekendeFout, GrootboekFout
from orchestration.settings import PROJECT

VANDAAG = date(2025, 2, 1)
REGEL = BekendeFout(
    controle="t", bereik="alles", reden="wacht op de conversie", eigenaar="applicatiebeheer", aanvaard_tot=3, vervalt=date(2025, 3, 1)
)


def controle(aantal: int | None, uitkomst: str = "gefaald") -> Controle:
    return Controle("t", "dbt", "tabel", uitkomst, "blokkeert", aantal, "rows fail")


@pytest.mark.parametrize(
    ("aantal", "op", "verwacht", "zegt"),
    [
        (3, VANDAAG, BEKEND, "rows fail; aanvaard tot 3"),
        (4, VANDAAG, "gefaald", "erger dan de bekende fout (4 > 3)"),
        (None, VANDAAG, BEKEND, "applicatiebeheer"),
        (3, date(2025, 3, 1), BEKEND, "2025-03-01"),
        (3, date(2025, 3, 2), "gefaald", "verlopen op 2025-03-01"),
    ],
)
def test_settled(aantal: int | None, op: date, verwacht: str, zegt: str) -> None:
    found = bekend.settle([REGEL], controle(aantal), op)
    assert found.uitkomst == verwacht
    assert zegt in found.toelichting


def test_another_check_and_one_that_passed_are_left_alone() -> None:
    assert bekend.settle([REGEL], Controle("u", "dbt", "", "gefaald", "", 1, ""), VANDAAG).uitkomst == "gefaald"
    assert bekend.settle([REGEL], controle(0, "geslaagd"), VANDAAG).uitkomst == "geslaagd"


def test_dbt_is_told_what_is_accepted_today() -> None:
    assert bekend.for_dbt([REGEL], VANDAAG) == '{"t": 3}'
    assert bekend.for_dbt([REGEL], date(2025, 3, 2)) == "{}"


def test_an_entry_about_some_deliveries_is_about_no_others() -> None:
    some = REGEL.model_copy(update={"bereik": [7, 8]})
    assert bekend.within([some, REGEL], [7]) == [some, REGEL]
    assert bekend.within([some, REGEL], [7, 9]) == [REGEL]


def test_a_report_of_dbt_is_settled_and_models_are_not() -> None:
    row = {"naam": "t", "soort": "controle", "uitkomst": "gewaarschuwd", "aantal": 2, "toelichting": "2 rows fail"}
    report = bekend.settle_report([REGEL], {"gefaald": [row, row | {"soort": "model", "uitkomst": "gefaald"}]}, VANDAAG)
    assert [f["uitkomst"] for f in report["gefaald"]] == [BEKEND, "gefaald"]


def test_entries_that_say_too_much_are_reported() -> None:
    def told(uitkomst: str, op: date = VANDAAG, naam: str = "t") -> str:
        return bekend.reports([REGEL], [Controle(naam, "dbt", "", uitkomst, "", 1, "")], op).get("t", "")

    assert told(BEKEND) == ""
    assert told("gefaald") == ""
    assert told("niet_te_beoordelen") == ""
    assert "niet meer nodig" in told("geslaagd")
    assert "verlopen op 2025-03-01" in told("gefaald", date(2025, 3, 2))
    assert "geen controle van die naam" in told("geslaagd", naam="u")


@pytest.mark.parametrize(
    ("inhoud", "zegt"),
    [
        ("fouten: [", "cannot be read"),
        ("fouten: [{controle: t}]", "not as it should be"),
        (yaml.dump({"fouten": [REGEL.model_dump(), REGEL.model_dump()]}), "more than one entry for t"),
        (yaml.dump({"fouten": [REGEL.model_dump() | {"tot": 1}]}), "not as it should be"),
    ],
)
def test_a_ledger_that_is_not_in_order_is_refused(tmp_path: Path, inhoud: str, zegt: str) -> None:
    (tmp_path / "f.yaml").write_text(inhoud)
    with pytest.raises(GrootboekFout, match=zegt):
        bekend.read(tmp_path / "f.yaml")


def test_the_ledger_of_the_project_is_in_order() -> None:
    bekend.read(PROJECT / "expectations" / "bekende_fouten.yaml")
