"""Every expectation has data that trips it, and says so where history is too short: a check that cannot fail protects nobody."""

import re
from collections.abc import Callable

import pytest

from orchestration.intake.contract import load_contract
from orchestration.language import speak
from orchestration.quality import suites
from orchestration.quality.frames import FRAMES, CheckedTable, named
from orchestration.quality.judging import WORDS, validate
from orchestration.quality.suites import PARAMETER, Suite
from orchestration.transform.controle import NIET_TE_BEOORDELEN, Controle
from tests.lib.tables import PER_DAY, landing, release_table, spoil


@pytest.fixture(autouse=True)
def dutch(spoken: None) -> None:
    """What a check found is told in Dutch here, as policy readers see it."""
    speak("nl")


MAKE: dict[str, Callable[[Suite], CheckedTable]] = {"landing": landing, "uitgave": release_table}
SUITES = {s.name: (edge, s) for edge in MAKE for s in suites.load(edge)}

# Expectation (a pattern over its name) → statements that spoil the table for it.
SPOIL: dict[str, dict[str, list[str]]] = {
    "landing": {
        "kolommen": ["alter table {t} drop column {laatste}"],
        "rijen": ["delete from {t}"],
        "sleutel_gevuld": ["update {t} set {kolom} = null where _regel = 9"],
        "regel_uniek": ["update {t} set _regel = 3 where _regel = 2"],
        "codes_bekend": ["update {t} set {kolom} = 'zelfbedacht' where _regel = 9"],
        "datums_tot_peildatum": ["update {t} set {kolom} = {dag} + 2 where _regel = 9"],
        "datums_vanaf_eerste_dag": ["update {t} set {kolom} = '1989-12-31' where _regel = 9"],
        "niet_voor_2015": ["update {t} set {gebeurtenis} = date '2014-12-30' where _regel = 9"],
        "incidenten_mogelijk": ["update {t} set eerdere_incidenten = 100000 where _regel = 9"],
        "dag_volume": ["update {bron} set {gebeurtenis} = {gebeurtenis} - interval 1 day where cast({gebeurtenis} as date) = {dag}"],
        "week_volume": ["update {bron} set {gebeurtenis} = {gebeurtenis} - interval 7 day where cast({gebeurtenis} as date) > {dag} - 7"],
        "vers": ["update {bron} set {gebeurtenis} = {gebeurtenis} - interval 6 day"],
        "niet_stilgevallen": ["update {bron} set {gebeurtenis} = {gebeurtenis} - interval 20 day"],
        "(leeg|weggevallen)_(?P<veld>.*)": ["update {t} set {veld} = null where {waar} and cast({gebeurtenis_hier} as date) > {dag} - 28"],
        "(verdeling|omgeslagen)_(?P<veld>.*)": [
            "update {t} set {veld} = {code_1} where {sleutel} in (select {sleutel} from {t} where _regel < 282)"
        ],
    },
    "uitgave": {
        "rijen": ["delete from {t}"],
        "gebieden_volledig": ["delete from {t} where periode = '2023' and gebied = 'GM0384'"],
        "perioden_aaneengesloten": ["delete from {t} where periode = '2023'"],
        "jaarsprong": ["update {t} set {aantal} = 1000 where periode = '2024'"],
        "kolommen": ["alter table {t} drop column volgorde"],
        "indicator_uit_catalogus": ["update {t} set indicator = 'zelfbedacht' where periode = '2023'"],
        "periode_vorm": ["update {t} set periode = '2024-13' where periode = '2023'"],
        "gebied_soort": ["update {t} set gebied_soort = 'straat' where gebied = 'GM0384'"],
        "eenheid": ["update {t} set eenheid = 'stuks' where periode = '2023'"],
        "status": ["update {t} set status = 'misschien' where gebied = 'GM0384'"],
        "evenveel_rijen": ["delete from {t} where gebied = 'GM0384' and periode = '2023'"],
    },
}
ALL = [(s.name, e["meta"]["naam"], named(e)[:1]) for _, s in SUITES.values() for e in s.expectations]
"""Suite, check and the first column that an expectation of it looks at: each expectation has its own fault."""


def outcomes(suite: str, *statements: str) -> dict[str, Controle]:
    edge, found = SUITES[suite]
    table = MAKE[edge](found)
    spoil(table, *statements)
    return {c.naam.partition(".")[2]: c for c in validate(table)}


def spoiling(suite: str, name: str, column: str = "") -> list[str]:
    """The statements that trip check ``name`` by this column, with what belongs to the field filled in."""
    edge, found = SUITES[suite]
    pattern, statements = next((p, s) for p, s in SPOIL[edge].items() if re.fullmatch(p, name))
    names = {"aantal": "waarde" if found.table == "indicatoren" else "aantal", "kolom": column}
    if field := (re.fullmatch(pattern, name) or {})["veld"] if "veld" in pattern else "":
        code = next((v.codelijst for v in load_contract().entity(found.table).fields if v.name == field), None)
        names |= {
            "veld": field,
            "waar": found.options.get("leeg", {}).get(field, "").format(stadsdeel_gemeente="GM0363"),
            "code_1": f"'{load_contract().code_lists[code][0]}'" if code else "",
            "gebeurtenis_hier": found.options["dag"] if "bij" not in found.options else f"{{dag}} - ((_regel - 2) // {PER_DAY})::integer",
        }
    return [re.sub(r"\{(\w+)\}", lambda m: names.get(m[1], m[0]), sql) for sql in statements]


def test_every_entity_of_the_contract_has_a_suite() -> None:
    assert {s.table for s in suites.load("landing")} == set(load_contract().names)


@pytest.mark.parametrize("suite", SUITES)
def test_good_data_pass(suite: str) -> None:
    assert {n: (c.uitkomst, c.toelichting) for n, c in outcomes(suite).items() if c.uitkomst != "geslaagd"} == {}


@pytest.mark.parametrize(("suite", "name", "column"), ALL)
def test_tripped(suite: str, name: str, column: tuple[str, ...]) -> None:
    severity = SUITES[suite][1].controles[name][0]["severity"]
    found = outcomes(suite, *spoiling(suite, name, *column))[name]
    assert found.uitkomst == ("gefaald" if severity == "critical" else "gewaarschuwd"), found
    assert found.toelichting


def test_the_suites_say_it_in_words_of_many_kinds() -> None:
    kinds = {e["type"] for _, s in SUITES.values() for e in s.expectations}
    assert len(kinds) >= 10, kinds
    assert set(WORDS) <= kinds


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_is_plain_great_expectations_about_columns_of_its_frames(suite: str) -> None:
    """Great Expectations takes every type and word; each column is one of the frame that is named, and a check is of one severity."""
    import great_expectations as gx

    edge, found = SUITES[suite]
    table = MAKE[edge](found)
    assert len(gx.ExpectationSuite(name=suite, expectations=[*found.expectations]).expectations) == len(found.expectations)
    frames = {name: FRAMES[name](table).rows for name in {e["meta"]["frame"] for e in found.expectations}}
    assert [e for e in found.expectations if not set(named(e)) <= set(frames[e["meta"]["frame"]].columns)] == []
    assert max(len(rows) for rows in frames.values()) < 300
    for expectations in found.controles.values():
        assert len({(e["severity"], *e["meta"].items()) for e in expectations}) == 1
    texts = [v for e in found.expectations for v in e["kwargs"].values() if isinstance(v, dict)]
    assert all(set(v) == {PARAMETER} for v in texts)


@pytest.mark.parametrize("suite", [n for n, (edge, _) in SUITES.items() if edge == "landing"])
def test_a_history_too_short_is_said(suite: str) -> None:
    long = {e["meta"]["naam"] for e in SUITES[suite][1].of_frame("trends")}
    found = outcomes(suite, "delete from {t} where _regel > 20")
    assert {n for n, c in found.items() if c.uitkomst == NIET_TE_BEOORDELEN} == long
    assert all("nog niet te beoordelen" in found[n].toelichting for n in long)


@pytest.mark.parametrize("suite", ["uitgave_indicatoren", "uitgave_uitstroom"])
def test_before_the_first_report_there_is_only_what_occurs(suite: str) -> None:
    """In 2012 something was handed over in one gemeente; the first report is of 2015 or later."""
    early = (
        "insert into {t} select * replace ('2012' as periode, date '2012-01-01' as periode_start, date '2012-12-31' as periode_eind) "
        "from {t} where periode = '2022' and gebied in ('REGIO', 'GM0384')"
    )
    found = outcomes(suite, early, "insert into veilig_thuis.intermediate.int_cijfers from {t} where periode = '2012'")
    assert {n: (c.uitkomst, c.toelichting) for n, c in found.items() if c.uitkomst != "geslaagd"} == {}
    assert outcomes(suite, early.replace("2012", "2016"))["gebieden_volledig"].uitkomst == "gefaald"


def test_a_first_year_cannot_have_jumped() -> None:
    found = outcomes("uitgave_melders", "delete from {t} where periode in ('2022', '2023')")
    assert found["jaarsprong"].uitkomst == NIET_TE_BEOORDELEN


def test_a_difference_of_two_counts_may_jump() -> None:
    """It may lie around nought: 454 and then 48 is no alarm, as it would be of a count."""
    jumps = "update {t} set indicator = '%s', waarde = case when periode = '2024' then 1000 else 100 end where indicator = 'meldingen'"
    assert outcomes("uitgave_indicatoren", jumps % "meldingen")["jaarsprong"].uitkomst == "gewaarschuwd"
    assert outcomes("uitgave_indicatoren", jumps % "vb_instroom_min_afgerond")["jaarsprong"].uitkomst == NIET_TE_BEOORDELEN


def test_delivery_file_and_lines_are_named_and_values_never() -> None:
    found = outcomes("landing_meldingen", "update {t} set hoedanigheid = 'de buurvrouw van nummer 7' where _regel in (9, 12)")
    assert "levering 7, meldingen.csv, regel 9, 12" in found["codes_bekend"].toelichting
    assert found["codes_bekend"].aantal == 2
    assert "buurvrouw" not in str(found)


def test_the_first_day_itself_is_in_the_window_and_one_of_the_year_nought_is_told_and_breaks_nothing() -> None:
    on_it = outcomes(
        "landing_meldingen", "update {t} set ontvangen_op = '1990-01-01T00:00:00+01:00', acuut_beoordeeld_op = null where _regel = 9"
    )
    assert on_it["datums_vanaf_eerste_dag"].uitkomst == "geslaagd"
    nought = "update {t} set ontvangen_op = '0000-06-01T00:00:00+01:00' where _regel in (9, 12)"
    found = outcomes("landing_meldingen", nought)
    assert "levering 7, meldingen.csv, regel 9, 12" in found["datums_vanaf_eerste_dag"].toelichting
    assert {n for n, c in found.items() if c.uitkomst != "geslaagd"} == {"datums_vanaf_eerste_dag", "niet_voor_2015"}


@pytest.mark.parametrize(("suite", "periods"), [("uitgave_indicatoren", "volledig"), ("uitgave_werkvoorraad", "not voorlopig")])
def test_a_table_may_be_empty_while_there_is_no_period_that_it_speaks_of(suite: str, periods: str) -> None:
    empty = ("delete from {t}", "delete from veilig_thuis.intermediate.int_cijfers")
    found = outcomes(suite, *empty, f"delete from {{s}}.dim_periode where {periods}")
    assert found["rijen"].uitkomst == NIET_TE_BEOORDELEN
    assert {n for n, c in found.items() if c.uitkomst == "gefaald"} == set()
    assert outcomes(suite, *empty)["rijen"].uitkomst == "gefaald"


def test_a_figure_too_many_is_seen_like_one_too_few() -> None:
    assert outcomes("uitgave_indicatoren", "insert into {t} from {t} limit 1")["evenveel_rijen"].uitkomst == "gefaald"


def test_figures_are_named_by_their_key() -> None:
    found = outcomes(
        "uitgave_indicatoren", "update {t} set eenheid = 'stuks' where indicator = 'meldingen' and periode = '2023' and gebied = 'GM0384'"
    )
    assert "meldingen 2023 GM0384" in found["eenheid"].toelichting


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("dag_volume", r": \d+ meldingen op 20\d\d-\d\d-\d\d, verwacht \d+ tot \d+"),
        ("week_volume", r": \d+ meldingen in de week tot en met .*, verwacht \d+ tot \d+"),
        ("vers", r": 6 dagen sinds het laatste van meldingen, verwacht hoogstens 4"),
        ("niet_stilgevallen", r": 20 dagen sinds het laatste van meldingen, verwacht hoogstens 14"),
        ("leeg_gemeente_code", r": 100% van gemeente_code leeg in de laatste vier weken, verwacht 0 tot 20"),
        (
            "omgeslagen_urgentie",
            r": \d+% van de rijen van de laatste week heeft een andere urgentie dan de 90 dagen ervoor, verwacht hoogstens \d+",
        ),
    ],
)
def test_a_measure_that_fails_says_what_was_found_and_expected_in_counts(name: str, says: str) -> None:
    found = outcomes("landing_meldingen", *spoiling("landing_meldingen", name))[name]
    assert found.uitkomst in {"gefaald", "gewaarschuwd"}
    assert re.search(says, found.toelichting), found.toelichting
