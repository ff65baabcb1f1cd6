"""The checks on the long table by number, and those on what rows refer to: what is wrong is found, each in its own way."""

import json
from collections.abc import Callable

import pytest

from orchestration.transform import dbt
from tests.dbt.conftest import Built
from tests.lib.build import Build

pytestmark = pytest.mark.xdist_group("gouden")

MELDINGEN = "intermediate.int_cijfers_meldingen"
TOTAL = "(select figuur_id from intermediate.int_figuur where indicator = 'meldingen' and categorie_soort = '')"
PART = "(select min(figuur_id) from intermediate.int_figuur where indicator = 'meldingen' and categorie = 'met_kinderen')"


def one_figure(indicator: str, gebied: str, periode: str) -> str:
    """Condition: the total of an indicator in one area and period."""
    return (
        f"figuur_id = (select figuur_id from intermediate.int_figuur where indicator = '{indicator}' and categorie_soort = '')"
        f" and gebied_id = (select gebied_id from intermediate.int_gebied where gebied = '{gebied}')"
        f" and periode_id = (select periode_id from intermediate.int_periode where periode = '{periode}')"
    )


def finds(build: Build, check: str, spoiling: str) -> bool:
    """Whether the check, which holds, no longer does once the statement has spoiled the build; nothing stays spoiled."""
    sql = build.sql_of(check)
    with build.open() as con:
        assert con.execute(sql).fetchall() == []
        con.execute("begin transaction")
        (changed,) = con.execute(spoiling).fetchone() or (0,)
        assert changed
        found = con.execute(sql).fetchall()
        con.execute("rollback")
    return found != []


@pytest.mark.parametrize(
    ("check", "spoiling"),
    [
        ("een_rij_per_cijfer", f"insert into {MELDINGEN} from {MELDINGEN} limit 1"),
        ("een_rij_per_cijfer", f"update {MELDINGEN} set gebied_id = null where figuur_id = {TOTAL}"),
        ("een_rij_per_cijfer", f"update {MELDINGEN} set periode_id = null where figuur_id = {TOTAL}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"update {MELDINGEN} set teller = teller + 1 where figuur_id = {PART}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"update {MELDINGEN} set teller = null where figuur_id = {PART}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"delete from {MELDINGEN} where figuur_id = {PART}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"delete from {MELDINGEN} where figuur_id = {TOTAL}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"update {MELDINGEN} set teller = 0 where figuur_id = {TOTAL}"),
    ],
)
def test_what_is_wrong_is_found(built: Callable[[str], Built], check: str, spoiling: str) -> None:
    build, outcomes, _ = built("gebieden")
    assert outcomes[check] == "pass"
    assert finds(build, check, spoiling)


STOCK, DECIDED = "intermediate.int_cijfers_werkvoorraad", "intermediate.int_cijfers_veiligheidsbeoordelingen"
VB, DIENSTEN = "facts.fct_veiligheidsbeoordelingen", "intermediate.int_cijfers_diensten"


@pytest.mark.parametrize(
    "spoiling",
    [
        # in a month, in a year alone, and in a buurt, where a report waits for years without a row of its own in most months
        f"update {STOCK} set teller = teller + 1 where {one_figure('vb_open', 'REGIO', '2024-02')}",
        f"update {STOCK} set teller = teller + 1 where {one_figure('vb_open', 'GM0358', '2010')}",
        f"update {STOCK} set teller = teller - 1 where {one_figure('vb_open', 'TA01', '2020-05')}",
        f"delete from {STOCK} where {one_figure('vb_open', 'TA01', '2020-05')}",
        f"delete from {STOCK} where {one_figure('vb_open', 'TA01', '2024-12')}",
        f"delete from {DECIDED} where {one_figure('vb_afgerond', 'GM0358', '2024-05')}",
        f"update {DECIDED} set teller = teller + 1 where {one_figure('vb_afgerond', 'E', '2023')}",
        f"delete from {MELDINGEN} where {one_figure('meldingen', 'B', '2024-02')}",
        # of a corrected receipt: the decision in another month, or another area, and a stock that holds the report after all
        f"delete from {DECIDED} where {one_figure('vb_afgerond', 'M', '2024-05')}",
        f"update {VB} set gebied_stadsdeel = 'N' where besluit_op = date '2024-05-30'",
        f"delete from {VB} where besluit_op = date '2022-02-15'",
        f"insert into {VB} from {VB} where besluit_op = date '2023-12-29'",
        # of the diensten
        f"update {STOCK} set teller = teller + 1 where {one_figure('diensten_open', 'GM0358', '2024-06')}",
        f"delete from {DIENSTEN} where {one_figure('diensten_afgesloten', 'GM0358', '2024-12')}",
    ],
)
def test_a_wrong_stock_is_found(built: Callable[[str], Built], spoiling: str) -> None:
    build, outcomes, _ = built("toegestaan")
    assert outcomes["werkvoorraad_sluit_aan"] == "pass"
    assert finds(build, "werkvoorraad_sluit_aan", spoiling)


def test_a_receipt_corrected_within_a_month_is_no_hole_either(built: Callable[[str], Built]) -> None:
    """Its term is +1 and -1 in the same month: a decision that gets lost there is seen like any other."""
    build, _, _ = built("toegestaan")
    assert finds(build, "werkvoorraad_sluit_aan", f"delete from {DECIDED} where {one_figure('vb_afgerond', 'F', '2024-09')}")


ELSEWHERE = {"BIGINT": "-1", "VARCHAR": "'nergens'", "DATE": "date '1066-10-14'"}
"""By type a value that stands nowhere."""


def test_every_reference_to_nothing_is_found(built: Callable[[str], Built]) -> None:
    """Each check verwijst_naar: the row refers to what is not there, or what a view refers to is taken away."""
    build, _, _ = built("toegestaan")
    nodes = json.loads(dbt.MANIFEST.read_text())["nodes"]
    blind, tried = [], 0
    for node in nodes.values():
        if node["resource_type"] != "test" or (node.get("test_metadata") or {}).get("name") != "verwijst_naar":
            continue
        kwargs, subject = node["test_metadata"]["kwargs"], nodes[node["attached_node"]]
        model, column = f"{subject['schema']}.{subject['name']}", kwargs["kolommen"][0]
        if subject["config"]["materialized"] != "view":
            ((kind,),) = build.query(
                f"select data_type from duckdb_columns() where database_name = 'veilig_thuis' and schema_name = '{subject['schema']}'"
                f" and table_name = '{subject['name']}' and column_name = '{column}'"
            )
            spoiling = (
                f"update {model} set {column} = {ELSEWHERE[kind]} where rowid ="
                f" (select max(rowid) from {model} where {' is not null and '.join(kwargs['kolommen'])} is not null)"
            )
        else:
            spoiling = f"delete from staging.{kwargs['naar'].split(chr(39))[1]}"
        tried += 1
        if not finds(build, node["name"], spoiling):
            blind.append(node["name"])
    assert tried > 10
    assert blind == []


@pytest.mark.parametrize(
    ("check", "spoiling"),
    [
        (
            "elke_dag_staat_in_de_kalender",
            "update facts.fct_diensten set afgesloten_op = date '2050-01-01' where dienst_id = 1",
        ),
        ("elke_dag_staat_in_de_kalender", "update facts.fct_casussen set maand = date '1979-12-01' where maand is not null"),
        ("elke_dag_staat_in_de_kalender", "update facts.fct_huisverboden set opgelegd_op = date '0202-01-01'"),
        # a condition of which nobody can say whether it holds
        ("stadsdeel_alleen_waar_het_bestaat", "update facts.fct_meldingen set gebied_gemeente = null where gebied_stadsdeel = 'B'"),
        ("uitkomst_van_een_levering_is_bekend", "update kwaliteit.leveringen set uitkomst = 'zoek' where levering_nummer = 1"),
        ("uitkomst_van_een_levering_is_bekend", "update kwaliteit.leveringen set uitkomst = null where levering_nummer = 1"),
        ("hoogstens_een_poging_opgenomen", "update kwaliteit.leveringen set levering_nummer = 1"),
    ],
)
def test_what_cannot_be_is_found(built: Callable[[str], Built], check: str, spoiling: str) -> None:
    build, _, _ = built("toegestaan")
    assert finds(build, check, spoiling)
