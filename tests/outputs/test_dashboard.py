"""What the dashboard asks of a release, how it writes it down, and what it says when there is nothing to show."""

import os
import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest

from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.outputs.dashboard import chart, figures, source, table, texts
from orchestration.outputs.dashboard.figures import Choice
from orchestration.outputs.dashboard.source import DashboardError, Shown
from orchestration.outputs.words import MAY_STILL_WAIT, STILL_WAIT, TOOK_AND_WAITED
from orchestration.settings import Settings
from orchestration.standing import CAREFUL, GOOD, STALE
from orchestration.transform import catalogue
from tests.lib.dashboard import leaves
from tests.lib.report import figures_file
from tests.lib.vt import VT

pytestmark = pytest.mark.xdist_group("uitgave")


@pytest.fixture
def public(settings: Settings) -> Shown:
    leaves(settings, "r1")
    return source.opened(settings, source.newest(settings), intern=False)


@pytest.fixture
def exact(released: Settings) -> Shown:
    return source.opened(released, source.newest(released), intern=True)


def written(shown: Shown, choice: Choice) -> dict[tuple[str, str], str]:
    found = figures.chosen(shown.con, choice)
    return {(p, s): f for p, s, f in zip(found["periode_naam"], found["reeks"], found["cijfer"], strict=True)}


def test_no_status_looks_like_another_and_none_like_nought(public: Shown) -> None:
    stadsdelen = Choice("meldingen", "", "stadsdeel", ("A", "S", "T"), "jaar", "2023", "2024")
    assert written(public, stadsdelen) == {
        ("2023", "Centrum"): "geen cijfer",
        ("2024", "Centrum"): "920",
        ("2023", "Weesp"): "verborgen",
        ("2024", "Weesp"): "85",
        ("2023", "Zuidoost"): "n.v.t.",
        ("2024", "Zuidoost"): "ontbreekt",
    }
    found = figures.chosen(public.con, stadsdelen)
    assert found["waarde"].isna().sum() == 4
    told = " ".join(figures.legend(found))
    assert all(f"<b>{word}</b>" in told for word in ("verborgen", "ontbreekt", "n.v.t.", "geen cijfer", "×"))
    assert "Loopt nog" not in told and "niet te bepalen" not in told


def test_an_area_without_any_figure_is_there_all_the_same(public: Shown) -> None:
    assert written(public, Choice("meldingen", "", "stadsdeel", ("A",), "jaar", "2023", "2023")) == {("2023", "Centrum"): "geen cijfer"}


def test_names_and_order_of_categories_are_those_of_the_code_list(public: Shown) -> None:
    found = written(public, Choice("meldingen", "urgentie", "regio", ("REGIO",), "jaar", "2024", "2024"))
    assert list(found.items()) == [(("2024", "1 (acuut)"), "1.020"), (("2024", "2"), "40")]
    assert figures.options(public.con, "categorie_soort", "categorie_soort_naam", indicator="meldingen") == {
        "": "Totaal",
        "urgentie": "Urgentie",
    }


def test_what_is_told_beside_what_leaves(public: Shown) -> None:
    assert (public.release, str(public.peildatum), public.outcomes) == ("r1", "2025-02-05", {})
    assert public.note.startswith("Cijfers voor publicatie")


def test_how_good_a_figure_is_stands_beside_it_and_a_break_where_it_lies(public: Shown) -> None:
    """Both of what leaves too; a text of the release is text on the page."""
    weesp = Choice("meldingen", "", "stadsdeel", ("S",), "jaar", "2023", "2024")
    about = figures.about(public.con, weesp)
    assert texts.STANDING[about.kwaliteit].format(reason=about.reason) == "<b>Kwaliteit: goed.</b>"
    lines = [line for line in figures.legend(figures.chosen(public.con, weesp)) if "Niet te vergelijken" in line]
    assert len(lines) == 1 and lines[0].endswith("Weesp &lt;hoort&gt; erbij.")
    about = figures.about(public.con, Choice("overdrachten", "", "regio", ("REGIO",), "jaar", "2024", "2024"))
    assert texts.STANDING[about.kwaliteit].format(reason=about.reason) == '<b class="let-op">Let op.</b> Er wachten rijen.'
    assert set(texts.STANDING) == {GOOD, CAREFUL, STALE}


def test_exact_figures_are_those_of_the_mart(exact: Shown) -> None:
    """Of each subject an indicator, in all years, and its name and unit."""
    for _, themes in texts.SUBJECTS.values():
        for indicator in figures.indicators(exact.con, themes):
            kinds = figures.options(exact.con, "gebied_soort", "gebied_soort", indicator=indicator, categorie_soort="")
            if not kinds:
                continue  # a distribution has no total
            years = figures.options(exact.con, "periode_soort", "periode_soort", indicator=indicator, categorie_soort="")
            choice = Choice(indicator, "", "regio", ("REGIO",), next(iter(years)), "0", "9")
            found = figures.chosen(exact.con, choice)
            truth = exact.con.execute(
                """
                select periode, waarde from uitgave.marts.indicatoren where indicator = ? and categorie_soort = '' and gebied = 'REGIO'
                and periode_soort = ? and waarde is not null order by periode
                """,
                [indicator, choice.period_kind],
            ).fetchall()
            shown = found[found["getoond"]].sort_values("periode")
            assert list(zip(shown["periode"], shown["waarde"], strict=True)) == truth
            assert figures.about(exact.con, choice).title


def test_every_subject_has_figures_and_no_figure_is_left_out(exact: Shown) -> None:
    listed = [i for _, themes in texts.SUBJECTS.values() for i in figures.indicators(exact.con, themes)]
    ((count,),) = exact.con.execute("select count(distinct indicator) from uitgave.marts.indicatoren").fetchall()
    assert len(listed) == len(set(listed)) == count


def test_a_running_period_is_marked_and_no_part_of_the_line(released: Settings, settings: Settings) -> None:
    ended = source.hold(released, source.newest(released), intern=True)
    copied = make_folder(settings.releases / "r1" / "intern") / ended.name
    shutil.copyfile(ended, copied)
    with duckdb.connect(str(copied)) as con:
        con.execute("update opslag.indicatoren set voorlopig = true where periode_soort = 'jaar' and periode = '2024'")
    exact = source.opened(settings, "r1", intern=True)
    choice = Choice("meldingen", "", "regio", ("REGIO",), "jaar", "0", "9")
    found = figures.chosen(exact.con, choice)
    assert list(found["voorlopig"])[-1] and not found["voorlopig"].iloc[:-1].any()
    assert figures.legend(found)[0] == texts.LEGEND_RUNNING
    drawn: dict[str, Any] = chart.draw(found, "Meldingen", "jaar").to_dict()
    (line,) = (layer for layer in drawn["layer"] if layer["mark"]["type"] == "line")
    (hollow,) = (layer for layer in drawn["layer"] if layer["mark"]["type"] == "point")
    periods = {
        name: {row["periode_naam"] for row in drawn["datasets"][layer["data"]["name"]]}
        for name, layer in (("line", line), ("hollow", hollow))
    }
    last = found["periode_naam"].iloc[-1]
    assert periods["hollow"] == {last} and last not in periods["line"] and len(periods["line"]) == len(found) - 1
    assert f"{last} <em>loopt nog</em>" in table.render(found, "Meldingen")


@pytest.mark.parametrize(("intern", "meant", "marked"), [(False, MAY_STILL_WAIT, {"2024"}), (True, STILL_WAIT, {"2023", "2024"})])
def test_a_waiting_time_is_marked_while_some_still_wait(intern: bool, meant: str, marked: set[str], tmp_path: Path) -> None:
    """In what leaves by what leaves: the ninetieth percentile has not passed since the end of the year."""
    con = source.attach(figures_file(tmp_path / "cijfers.duckdb", is_exact=intern), intern, 1, "1GB")
    choice = Choice("wachttijd_vb_mediaan_instroom", "", "regio", ("REGIO",), "jaar", "0", "9")
    found = figures.chosen(con, choice)
    assert set(found.loc[found["is_nog_niet_af"], "periode"]) == marked
    assert {p for p, c in zip(found["periode"], found["cijfer"], strict=True) if c.endswith(" (nog niet af)")} == marked
    assert f"<b>nog niet af</b>, met een ring in de grafiek: {meant}." in figures.legend(found)
    drawn: dict[str, Any] = chart.draw(found, "Wachttijd", "jaar").to_dict()
    (ring,) = (layer for layer in drawn["layer"] if layer["mark"]["type"] == "circle")
    assert {row["periode"] for row in drawn["datasets"][ring["data"]["name"]]} == marked
    assert "(nog niet af)" in table.render(found, "Wachttijd")
    assert figures.about(con, choice).title == "Mediane wachttijd tot het besluit, naar instroom, in werkdagen, Amsterdam-Amstelland"
    others = figures.chosen(con, replace(choice, indicator="vb_doorlooptijd_mediaan"))
    assert not others["is_nog_niet_af"].any() and not any("nog niet af" in line for line in figures.legend(others))
    con.close()


@pytest.mark.parametrize("area", [("regio", "REGIO"), ("gemeente", "GM0363"), ("stadsdeel", "A")])
def test_who_still_waits_is_counted_by_area_and_urgency(area: tuple[str, str], tmp_path: Path) -> None:
    con = source.attach(figures_file(tmp_path / "cijfers.duckdb", is_exact=True), True, 1, "1GB")
    rows = con.execute(
        """select categorie_soort, categorie, wachtend from unfinished
        where indicator = ? and gebied_soort = ? and gebied = ? and periode = ? order by all""",
        ["wachttijd_vb_p90_instroom", *area, "2024-Q4"],
    ).fetchall()
    assert rows == [("", "", 650), ("urgentie", "2", 650)]
    con.close()


def test_why_time_taken_and_time_waited_differ_is_told_at_both() -> None:
    for indicator in ("vb_doorlooptijd_mediaan", "vb_doorlooptijd_p90", "wachttijd_vb_mediaan_instroom", "wachttijd_vb_p90_instroom"):
        assert figures.differs(indicator) == [f"<b>Doorlooptijd en wachttijd.</b> {TOOK_AND_WAITED}"]
    assert figures.differs("vb_doorlooptijd_gemiddeld") == []


def test_a_waiting_time_that_is_not_reached_is_not_nought(tmp_path: Path) -> None:
    path = figures_file(tmp_path / "cijfers.duckdb", is_exact=True)
    with duckdb.connect(str(path)) as made:
        made.execute("update marts.indicatoren set waarde = null where indicator like 'wachttijd%' and periode = '2024'")
    con = source.attach(path, True, 1, "1GB")
    found = figures.chosen(con, Choice("wachttijd_vb_mediaan_instroom", "", "regio", ("REGIO",), "jaar", "2024", "2024"))
    assert list(found["cijfer"]) == ["niet te bepalen"] and not found["is_nog_niet_af"].any()
    assert any("nog niet bereikt" in line for line in figures.legend(found))
    con.close()


def test_a_break_has_a_letter_and_its_reason(exact: Shown) -> None:
    ((indicator, area_kind, area, kind, period, reason),) = exact.con.execute(
        """
        select indicator, gebied_soort, gebied, periode_soort, periode, vergelijkbaarheid_reden from uitgave.marts.indicatoren
        where vergelijkbaarheid_reden is not null and categorie_soort = '' and waarde is not null order by all limit 1
        """
    ).fetchall()
    found = figures.chosen(exact.con, Choice(indicator, "", area_kind, (area,), kind, "0", "9"))
    row = found[found["periode"] == period].iloc[0]
    assert (row["breuk"], row["noot"]) == (reason, "a") and row["cel"].endswith("<sup>a</sup>")
    assert f"<b>a</b> Niet te vergelijken met de vorige periode: {reason}." in figures.legend(found)


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("aantal", 1234.0, "1.234"),
        ("aantal", 1234.5, "1.234,5"),
        ("procent", 88.25, "88,3"),
        ("verhouding", 1.236, "1,24"),
        ("weken", 0.0, "0,0"),
        ("werkdagen", 20.0, "20,0"),
        ("fte", 104.04, "104,0"),
        ("aantal", -54.0, "-54"),
    ],
)
def test_numbers_are_dutch(exact: Shown, unit: str, value: float, told: str) -> None:
    assert exact.con.execute("select dutch($value, places($unit, $value))", {"unit": unit, "value": value}).fetchone() == (told,)


@pytest.mark.parametrize(
    ("kind", "day", "told"),
    [
        ("jaar", "2024-01-01", "2024"),
        ("halfjaar", "2024-07-01", "2e halfjaar 2024"),
        ("kwartaal", "2024-04-01", "2e kw. 2024"),
        ("maand", "2024-01-01", "jan. 2024"),
    ],
)
def test_periods_are_dutch(exact: Shown, kind: str, day: str, told: str) -> None:
    assert exact.con.execute("select called(?, ?::date)", [kind, day]).fetchone() == (told,)


def test_the_newest_period_comes_first_and_many_series_go_down(public: Shown) -> None:
    found = figures.chosen(public.con, Choice("meldingen", "", "stadsdeel", ("A", "S", "T"), "jaar", "2023", "2024"))
    page = table.render(found, "Meldingen & meer")
    assert page.index('<th scope="row">2024') < page.index('<th scope="row">2023') and '<th scope="col">Weesp' in page
    assert 'aria-label="Meldingen &amp; meer"' in page
    more = pandas.concat([found.assign(reeks=found["reeks"] + f" <{number}>") for number in range(2)])
    page = table.render(more, "")
    assert '<th scope="row">Centrum &lt;0&gt;' in page and page.index('<th scope="col">2024') < page.index('<th scope="col">2023')


def test_a_release_is_opened_read_only_and_nothing_else_can_be_read(public: Shown, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    for statement in (f"from '{tmp_path}/x.csv'", "set enable_external_access = true", f"attach '{tmp_path}/y.duckdb'"):
        with pytest.raises(Exception, match=r"disabled|Cannot"):
            public.con.execute(statement)
    with pytest.raises(Exception, match="read-only"):
        public.con.execute("drop table uitgave.publicatie.indicatoren")


def test_without_a_release_or_without_what_leaves_it_is_said_what_to_do(settings: Settings) -> None:
    with pytest.raises(DashboardError, match="There is no release to show"):
        source.newest(settings)
    (settings.releases / "r1" / "intern").mkdir(parents=True)
    with pytest.raises(DashboardError, match=r"Release r1 has nothing that may leave.*vt dashboard --intern"):
        source.hold(settings, "r1", intern=False)
    with pytest.raises(DashboardError, match="Release r1 is not there any more"):
        source.hold(settings, "r1", intern=True)


def vt(home: Path, *args: str, **environment: str) -> str:
    names = {**os.environ, "VT_HOME": str(home), **environment}
    done = subprocess.run([VT, "dashboard", *args], capture_output=True, text=True, env=names, check=False)
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    return done.stderr


def test_without_the_extra_it_says_in_one_sentence_what_to_type(settings: Settings, tmp_path: Path) -> None:
    leaves(settings, "r1")
    (tmp_path / "zonder").mkdir()
    (tmp_path / "zonder" / "streamlit.py").write_text("raise ImportError")
    told = vt(settings.root, PYTHONPATH=str(tmp_path / "zonder"))
    assert told == "Het dashboard is een extra dat hier niet geïnstalleerd is: make dashboard installeert en opent het.\n"


def test_a_port_that_is_in_use_is_a_sentence(settings: Settings) -> None:
    pytest.importorskip("streamlit")
    leaves(settings, "r1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Poort {port} is in gebruik" in vt(settings.root, "--port", str(port))


def test_an_error_of_the_dashboard_is_one_for_its_user() -> None:
    assert issubclass(DashboardError, UserError)


def test_no_breakdown_reaches_the_next_indicator_in_the_menu() -> None:
    kinds, lists = catalogue._kinds_and_names()
    named = [(kind, value) for code, value in lists for kind, of in kinds.items() if of == code]
    crossed = [(f"{one[0]}|{two[0]}", f"{one[1]}|{two[1]}") for one in named for two in named[-1:]]
    assert 10_000 < max(catalogue.category_order(*pair) for pair in crossed) < figures.STEP
