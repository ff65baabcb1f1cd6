"""The numbers that Dagster plots from run to run: of the region, of what has ended, and none where there is none."""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.defs.release import PLOTTED, plotted


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as veilig_thuis; create schema veilig_thuis.marts; use veilig_thuis.marts")
        con.execute("create table werkvoorraad_vooruitblik (scenario text, horizon int, laag bigint, midden bigint, hoog bigint)")
        con.execute(
            "create table veiligheidsbeoordeling (gebied text, periode_soort text, periode text, voorlopig boolean, "
            "doorlooptijd_mediaan double, wachttijd_mediaan_instroom double, vb_instroom_min_afgerond bigint)"
        )
        con.execute(
            "create table capaciteit (periode_soort text, periode text, formatie_fte double, bezetting_fte double, "
            "verzuim_procent double, vb_afgerond_per_fte double)"
        )
        yield con


def test_numbers_of_the_region_and_of_what_has_ended(build: duckdb.DuckDBPyConnection) -> None:
    build.execute("insert into werkvoorraad_vooruitblik values ('zoals_nu', 1, 90, 100, 110), ('instroom_plus_10', 1, 95, 105, 115)")
    build.execute(
        """
        insert into veiligheidsbeoordeling values
            ('REGIO', 'kwartaal', '2024-Q1', false, 5, 6, -1), ('REGIO', 'kwartaal', '2024-Q2', false, 7, null, 0),
            ('REGIO', 'kwartaal', '2024-Q3', true, 8, 8, 8), ('K', 'kwartaal', '2024-Q2', false, 9, 9, 9),
            ('REGIO', 'jaar', '2024', false, 1, 1, 1)
        """
    )
    build.execute("insert into capaciteit values ('maand', '2024-05', 14, 12.5, 8, 0.5), ('maand', '2024-06', null, null, null, null)")
    assert plotted(build, "werkvoorraad_vooruitblik") == {
        "vooruitblik_maand_1_laag": 90,
        "vooruitblik_maand_1_midden": 100,
        "vooruitblik_maand_1_hoog": 110,
    }
    # a waiting time that is not reached yet is no number to plot
    assert plotted(build, "veiligheidsbeoordeling") == {"doorlooptijd_mediaan": 7, "vb_instroom_min_afgerond": 0}
    assert plotted(build, "capaciteit") == {"formatie_fte": 14, "bezetting_fte": 12.5, "verzuim_procent": 8, "vb_afgerond_per_fte": 0.5}


def test_nothing_where_there_is_nothing(build: duckdb.DuckDBPyConnection) -> None:
    assert {mart: plotted(build, mart) for mart in (*PLOTTED, "melders")} == {mart: {} for mart in (*PLOTTED, "melders")}
