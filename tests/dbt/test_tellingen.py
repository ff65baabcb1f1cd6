"""The checks on the long table by number: what is wrong is found, each in its own way."""

import json
from collections.abc import Callable

import pytest

from orchestration import duck
from tests.dbt.conftest import Gebouwd

pytestmark = pytest.mark.xdist_group("gouden")

MELDINGEN = "intermediate.int_cijfers_meldingen"
TOTAAL = "(select figuur_id from intermediate.int_figuur where indicator = 'meldingen' and categorie_soort = '')"
DEEL = "(select min(figuur_id) from intermediate.int_figuur where indicator = 'meldingen' and categorie = 'met_kinderen')"


@pytest.mark.parametrize(
    ("check", "bederf"),
    [
        ("een_rij_per_cijfer", f"insert into {MELDINGEN} from {MELDINGEN} limit 1"),
        ("een_rij_per_cijfer", f"update {MELDINGEN} set gebied_id = null where figuur_id = {TOTAAL}"),
        ("een_rij_per_cijfer", f"update {MELDINGEN} set periode_id = null where figuur_id = {TOTAAL}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"update {MELDINGEN} set teller = teller + 1 where figuur_id = {DEEL}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"update {MELDINGEN} set teller = null where figuur_id = {DEEL}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"delete from {MELDINGEN} where figuur_id = {DEEL}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"delete from {MELDINGEN} where figuur_id = {TOTAAL}"),
        ("uitsplitsingen_tellen_op_tot_het_totaal", f"update {MELDINGEN} set teller = 0 where figuur_id = {TOTAAL}"),
    ],
)
def test_what_is_wrong_is_found(gebouwd: Callable[[str], Gebouwd], check: str, bederf: str) -> None:
    bouw, outcomes, _ = gebouwd("gebieden")
    assert outcomes[check] == "pass"
    results = json.loads((bouw.target / "run_results.json").read_text())["results"]
    (sql,) = [r["compiled_code"] for r in results if r["unique_id"].endswith(f".{check}")]
    with duck.connect(bouw.settings) as con:
        duck.attach_build(con, bouw.settings, bouw.keyring.derive("build"))
        con.execute("use veilig_thuis")
        assert con.execute(sql).fetchall() == []
        con.execute("begin transaction")
        con.execute(bederf)
        assert con.execute(sql).fetchall() != []
        con.execute("rollback")
