"""Nothing that the delivery contract allows holds the night, and what was landed of before the first day there can be changes no figure."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.language import speak
from tests.dbt.conftest import Built
from tests.lib.build import Build, copy_of
from tests.lib.golden import complete
from tests.lib.warehouse import warehouse_in

pytestmark = pytest.mark.xdist_group("gouden")


def holding(build: Build, outcomes: dict[str, str]) -> list[str]:
    """Every model and check of this build that would hold the release, by its name."""
    dbt = [name for name, status in outcomes.items() if status not in ("success", "pass", "warn")]
    return dbt + [f"{c.naam}: {c.toelichting}" for c in build.expectations() if c.uitkomst == "gefaald"]


def test_nothing_that_is_allowed_holds_the_night(built: Callable[[str], Built]) -> None:
    build, outcomes, _ = built("toegestaan")
    assert holding(build, outcomes) == []


UNDECIDED = "(select min(melding_id) from historie.meldingen anti join historie.veiligheidsbeoordelingen using (melding_id))"

# What a landing can hold of before the first day there can be, beside the registration of what is allowed: each a copy of a row of its
# entity with other values; numbers of -1 and lower are its own. The first report and request take along what hangs on them.
EARLIER: list[tuple[str, dict[str, str]]] = [
    ("meldingen", {"melding_id": "-1", "ontvangen_op": "'0202-06-01 12:00:00+00'"}),
    ("meldingen", {"melding_id": "-2", "ontvangen_op": "'1989-12-31 22:59:59+00'"}),
    ("meldingen", {"melding_id": "-3", "ontvangen_op": "'0001-06-01 (BC) 12:00:00+00'"}),
    ("melding_vormen", {"melding_id": "-1"}),
    ("melding_aarden", {"melding_id": "-1"}),
    ("betrokkenen", {"melding_id": "-1"}),
    ("veiligheidsbeoordelingen", {"melding_id": "-1", "besluit_op": "'2024-05-05'"}),
    ("veiligheidsbeoordelingen", {"melding_id": UNDECIDED, "besluit_op": "'0202-01-01'"}),
    ("diensten", {"dienst_id": "-1", "melding_id": "-1", "gestart_op": "'2024-05-05'"}),
    ("diensten", {"dienst_id": "-2", "gestart_op": "'1985-01-01'", "afgesloten_op": "null"}),
    ("overdrachten", {"overdracht_id": "-1", "melding_id": "-1"}),
    ("overdrachten", {"overdracht_id": "-2", "overgedragen_op": "'1900-01-01'"}),
    ("veiligheidscontacten", {"contact_id": "-1", "melding_id": "-1"}),
    ("monitormomenten", {"moment_id": "-1", "gepland_op": "'0202-01-01'", "uitgevoerd_op": "'2024-01-01'", "directe_veiligheid": "true"}),
    ("huisverboden", {"huisverbod_id": "-1", "opgelegd_op": "'1989-12-31'"}),
    ("adviesvragen", {"advies_id": "-1", "gestart_op": "'1900-01-01'"}),
    ("adviesvraag_vormen", {"advies_id": "-1"}),
    ("casussen", {"casus_id": "-1", "huishouden_id": "-1", "geopend_op": "'0202-01-01'", "afgesloten_op": "'0202-02-01'"}),
]


def inserted(entity: str, values: dict[str, str], line: int) -> str:
    """The statement that adds such a row, on a line of its own."""
    (key,) = [k for k in values if k.endswith("_id")][:1]
    others = ", ".join(f"{value} as {column}" for column, value in values.items())
    return (
        f"insert into historie.{entity} by name select * replace ({others}, 1 as _levering, {line} as _regel)"
        f" from (from historie.{entity} where _is_actueel and {key} > 0 order by all limit 1)"
    )


FIGURES = "select count(*), sum(hash(cijfers)::hugeint) from marts.indicatoren as cijfers"


def test_what_was_landed_of_before_the_first_day_changes_no_figure_and_is_told(built: Callable[[str], Built], tmp_path: Path) -> None:
    before, _, _ = built("toegestaan")
    build = copy_of(before, tmp_path / "vt")
    with build.open() as con:
        for line, (entity, values) in enumerate(EARLIER, start=901):
            con.execute(inserted(entity, values, line))
    outcomes = build.make()
    assert holding(build, outcomes) == []
    assert build.query(FIGURES) == before.query(FIGURES)
    assert build.query("select min(periode) from marts.dim_periode where periode_soort = 'jaar'") == [("1990",)]
    assert {name.split(".")[0]: status for name, status in outcomes.items()}["niets_buiten_het_venster"] == "warn"
    assert build.query("select count(*) from staging.stg_buiten_venster") == [(len(EARLIER),)]
    speak("nl")
    told = {c.naam: c.toelichting for c in build.expectations() if c.naam.endswith(".datums_vanaf_eerste_dag") and c.uitkomst != "geslaagd"}
    assert "levering 1, meldingen.csv, regel 901, 902, 903" in told["landing_meldingen.datums_vanaf_eerste_dag"]
    assert "levering 1, huisverboden.csv, regel 915" in told["landing_huisverboden.datums_vanaf_eerste_dag"]
    assert sorted(name.split(".")[0].removeprefix("landing_") for name in told) == [
        "adviesvragen", "casussen", "diensten", "huisverboden", "meldingen", "monitormomenten", "overdrachten", "veiligheidsbeoordelingen",
    ]  # fmt: skip


# No report and no request: only what can be there without. A casus closed, what was handed over and imposed, and moments.
WITHOUT_INSTROOM = complete(
    "2024-12-31",
    casussen="""
        casus_nummer huishouden_nummer geopend_op afgesloten_op
        C1 H1 2024-01-01 2024-03-01
    """,
    overdrachten="""
        overdracht_nummer casus_nummer moment overgedragen_op ontvanger
        O1 C1 onderzoek 2023-02-12 GEEN_VERVOLG
    """,
    monitormomenten="""
        moment_nummer casus_nummer gepland_op uitgevoerd_op directe_veiligheid
        P1 C1 2034-12-31 - -
        P2 C1 2024-05-01 2024-12-31 ja
    """,
    huisverboden="""
        huisverbod_nummer casus_nummer opgelegd_op aanvrager
        X1 C1 1990-01-01 politie
    """,
)


def test_no_report_no_request_a_refused_file_and_a_peildatum_ten_years_on(tmp_path: Path) -> None:
    """Nothing that can be empty, and no day that may come, holds the night; what is there is counted."""
    warehouse = warehouse_in(tmp_path / "vt")
    warehouse.settings.inbox.mkdir(parents=True)
    with zipfile.ZipFile(warehouse.settings.inbox / "kapot.zip", "w") as archive:
        archive.writestr("levering.json", "geen json")
    assert sorted(u.uitkomst for u in warehouse.take_in(WITHOUT_INSTROOM)) == ["geweigerd", "opgenomen"]
    build = Build(warehouse.settings)
    build.historie()
    with build.open() as con:
        con.execute("update historie.leveringen set peildatum = date '2036-11-27' where uitkomst = 'opgenomen'")
        con.execute("update historie.monitormomenten set uitgevoerd_op = date '2036-11-27' where uitgevoerd_op is not null")
        con.execute("update historie.monitormomenten set gepland_op = date '2046-11-27' where uitgevoerd_op is null")
    outcomes = build.make()
    assert holding(build, outcomes) == []
    there = build.query(
        "select indicator::varchar, periode, gebied, waarde from marts.indicatoren"
        " where categorie = '' and periode_soort = 'maand' and gebied != 'REGIO' order by 2, 1"
    )
    assert there == [
        ("aandeel_huisverboden_hulpverlening", "1990-01", "BUITEN", 0),
        ("huisverboden", "1990-01", "BUITEN", 1),
        ("overdrachten_en_afsluitingen", "2023-02", "BUITEN", 1),
        ("aandeel_zonder_hermelding_2jaar", "2024-03", "BUITEN", 100),
        ("casussen_uitgestroomd", "2024-03", "BUITEN", 1),
        ("aandeel_directe_veiligheid", "2036-11", "BUITEN", 100),
    ]
    assert build.query("select levering_nummer, uitkomst from kwaliteit.leveringen order by all") == [(1, "opgenomen"), (None, "geweigerd")]
