"""From a figure to its lines and back: the lines count up to the figure, for every indicator there is."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.landing.trace import Place, TraceError, place
from orchestration.release import store, trace
from orchestration.release.trace import FigureKey, Tracer
from orchestration.settings import Settings

OF_EACH_KIND = [
    "meldingen", "adviesvragen", "betrokkenen", "casussen_met_melding", "meldingen_per_casus", "meldingen_per_1000_huishoudens",
    "aandeel_meldingen_vorm", "eerdere_incidenten_gemiddeld", "vb_afgerond", "dienst_doorlooptijd_p90", "vb_open", "diensten_open",
    "overdrachten", "casussen_uitgestroomd", "aandeel_inwoners_instroom", "aandeel_structureel_veilig", "huisverboden",
]  # fmt: skip
"""Indicators of every kind and every source; going back is slower than going there."""

pytestmark = pytest.mark.xdist_group("uitgave")


@pytest.fixture(scope="module")
def tracer(released: Settings) -> Iterator[Tracer]:
    with trace.opened(released) as found:
        yield found


@pytest.fixture(scope="module")
def sample(tracer: Tracer) -> dict[str, list[FigureKey]]:
    """By indicator: a spread of figures over periods, areas and breakdowns, large and small."""
    rows = tracer.con.execute(
        """
        select indicator::varchar, periode::varchar, gebied::varchar, categorie_soort::varchar, categorie::varchar
        from uitgave.marts.indicatoren
        qualify row_number() over (
            partition by indicator, categorie_soort
            order by coalesce(waarde, 0) = 0, periode_soort != 'jaar', hash(periode, gebied, categorie)
        ) <= 3 or row_number() over (partition by indicator order by hash(periode, gebied, categorie, 1)) = 1
        """
    ).fetchall()
    found: dict[str, list[FigureKey]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(FigureKey(*row))
    return found


def test_every_figure_counts_up_from_its_lines(tracer: Tracer, sample: dict[str, list[FigureKey]]) -> None:
    assert len(sample) == 55
    with_lines = set()
    for key in (k for keys in sample.values() for k in keys):
        found = tracer.figure(key)
        match found.kind:
            case "aantal" | "voorraad" | "uniek":
                assert (len(found.lines), found.counted) == (found.value, found.value), key
            case "aandeel" | "aandeel_naar" | "verhouding":
                assert (found.counted, found.in_noemer) == (found.teller or 0, found.noemer or 0), key
            case "per_1000":
                assert found.counted == found.teller, key
            case "gemiddelde":
                assert found.in_noemer == (found.noemer or 0), key
                assert sum(r.teller for r in found.lines) == pytest.approx(found.teller or 0), key
            case _:
                assert bool(found.lines) == (found.value is not None), key
        assert len({r.place for r in found.lines}) == len(found.lines)
        if found.lines:
            with_lines.add(key.indicator)
    # the small registration has lines for every indicator: none of the above held because there was nothing
    assert with_lines == set(sample)


def test_the_lines_are_those_of_the_delivery(tracer: Tracer) -> None:
    """Counted by hand, from the files."""
    from tests.lib.random_registration import registration

    rows = registration().rows["meldingen"]
    lines = {i + 2 for i, r in enumerate(rows) if "2023-01" <= r["ontvangen_op"] < "2023-07" and r["gemeente_code"] == "GM0384"}
    found = tracer.figure(FigureKey("meldingen", "2023-H1", "GM0384"))
    # the first five were delivered again, with another urgency
    assert {(r.place.levering, r.place.regel) for r in found.lines} == {(2 if n <= 6 else 1, n) for n in lines}
    assert {(r.place.entiteit, r.place.bestand) for r in found.lines} <= {("meldingen", "meldingen.csv")}
    assert lines


def test_back_from_a_line_to_every_figure(tracer: Tracer, sample: dict[str, list[FigureKey]]) -> None:
    rng = random.Random(1)
    seen: dict[str, Place] = {}
    for indicator in OF_EACH_KIND:
        found = [tracer.figure(k) for k in sample[indicator][:2]]
        rows = [(f.key, r) for f in found for r in f.lines]
        for key, row in rng.sample(rows, 1):
            figures = {c.key: c for c in tracer.figures(row.place)}
            assert key in figures, (key, row.place)
            assert figures[key].teller == pytest.approx(row.teller)
            assert (figures[key].noemer or 0) == pytest.approx(row.noemer or 0)
            seen[row.place.entiteit] = row.place
    # and every figure that a line is said to count in has the line
    for at in seen.values():
        figures_of_line = tracer.figures(at)
        for figure in rng.sample(figures_of_line, 2):
            rows_of = {r.place: r for r in tracer.figure(figure.key).lines}
            assert rows_of[at].teller == pytest.approx(figure.teller), figure
    assert set(seen) == {
        "adviesvragen", "betrokkenen", "casussen", "diensten", "huisverboden", "meldingen", "monitormomenten", "overdrachten",
        "veiligheidsbeoordelingen",
    }  # fmt: skip


def test_a_line_that_says_the_form_counts_where_its_report_does(released: Settings, tracer: Tracer) -> None:
    figures = {c.key for c in tracer.figures(place(released, 1, "melding_vormen", 2))}
    assert {k.categorie_soort for k in figures} >= {"vorm", "vorm_groep", "huishouden|vorm_groep"}
    assert {k.indicator for k in figures} >= {"meldingen", "aandeel_meldingen_vorm"}
    assert not any(k.categorie_soort in {"", "melder", "urgentie"} for k in figures)
    assert {k.categorie_soort for k in (c.key for c in tracer.figures(place(released, 1, "melding_aarden", 2)))} == {"aard"}
    assert {c.key.indicator for c in tracer.figures(place(released, 1, "adviesvraag_vormen.csv", 2))} == {"adviesvragen"}


def test_a_line_that_repeats_another_counts_as_that_one(released: Settings, tracer: Tracer) -> None:
    for line, first in ((7, 1), (2, 2)):
        repeated = tracer.figures(place(released, 3, "meldingen", line))
        assert repeated
        assert repeated == tracer.figures(place(released, first, "meldingen", line))


@pytest.mark.parametrize(
    ("levering", "file", "line", "sentence"),
    [
        (1, "meldingen", 2, "a later delivery replaced or ended it"),
        (1, "huisverboden", 2, "a later delivery replaced or ended it"),
        (2, "huisverboden", 2, "verwijderd = ja"),
        (1, "meldingen", 9999, "no row starts there"),
        (9, "meldingen", 2, "Delivery 9 with meldingen was never taken in"),
        (1, "geheim.csv", 2, "It has: adviesvraag_vormen.csv"),
    ],
)
def test_a_line_that_counts_in_nothing_says_why(
    released: Settings, tracer: Tracer, levering: int, file: str, line: int, sentence: str
) -> None:
    with pytest.raises(TraceError, match=sentence):
        tracer.figures(place(released, levering, file, line))


def test_sight_of_safety_counts_in_no_figure_itself(released: Settings, tracer: Tracer) -> None:
    assert tracer.figures(place(released, 1, "veiligheidscontacten", 2)) == []


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (FigureKey("melding", "2023", "REGIO"), "has no indicator melding. Did you mean meldingen.*It has: aandeel_acuut_binnen_2_uur, "),
        (FigureKey("meldingen", "2023-13", "REGIO"), "has no periode 2023-13 of meldingen. Did you mean 2023-.*It has: 2022"),
        (FigureKey("meldingen", "2023", "GM0001"), "has no gebied GM0001 of meldingen 2023.*It has: "),
        (
            FigureKey("meldingen", "2023", "REGIO", "kleur", "rood"),
            "has no categorie_soort kleur of .*It has: \\(none\\), aard",
        ),
        (FigureKey("meldingen", "2023", "REGIO", "urgentie", "5"), "has no categorie 5 of .*It has: 1, 2, 3, 4"),
    ],
)
def test_a_figure_that_is_none_says_what_there_is(tracer: Tracer, key: FigureKey, sentence: str) -> None:
    with pytest.raises(TraceError, match=sentence):
        tracer.figure(key)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (("melding", "2023", "Amsterdam"), FigureKey("meldingen", "2023", "GM0363")),
        (("Meldingen", "2023-h1", "region"), FigureKey("meldingen", "2023-H1", "REGIO")),
        (("adviesvraag", "2023", "amsterdam-amstelland"), FigureKey("adviesvragen", "2023", "REGIO")),
        (("Afgeronde veiligheidsbeoordelingen", "2023", "zuidoost"), FigureKey("vb_afgerond", "2023", "T")),
        (("huisverbod", "2023", "buiten"), FigureKey("huisverboden", "2023", "BUITEN")),
        (("meldingen", "2023", "t", "Melder_groep", "Politie"), FigureKey("meldingen", "2023", "T", "melder_groep", "politie")),
        (("meldingen", "2023", "Haarlemmerbuurt"), FigureKey("meldingen", "2023", "AA")),
    ],
)
def test_a_figure_goes_by_its_names_too(tracer: Tracer, said: tuple[str, ...], key: FigureKey) -> None:
    assert tracer.key_of(*said) == key


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("meldngen", "2023", "REGIO"), "Did you mean meldingen"),
        (("meldingen", "2023", "Amsteldam"), "Did you mean Amsterdam"),
        (("meldingen", "2023", "Zuid-Oost"), "Did you mean .*Zuidoost"),
        (("meldingen", "2023-Q5", "REGIO"), "Did you mean 2023-Q"),
        (("meldingen", "2023", "REGIO", "melder_groep", "polite"), "Did you mean politie"),
    ],
)
def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(tracer: Tracer, said: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(TraceError, match=sentence):
        tracer.figure(tracer.key_of(*said))


def test_a_name_that_several_areas_have_asks_for_the_code(tracer: Tracer) -> None:
    twice = tracer.con.execute(
        """
        select gebied_naam from uitgave.marts.dim_gebied where gebied_soort = 'buurt' and geldig_tot is null
            and gebied_naam not in (select gebied_naam from uitgave.marts.dim_gebied where gebied_soort != 'buurt')
        group by 1 having count(*) > 1 order by 1
        """
    ).fetchall()
    for (name,) in twice[:1]:
        with pytest.raises(TraceError, match=r"more than one buurt in 2024; give the code: \w+, \w+"):
            tracer.key_of("meldingen", "2024", name)


def test_a_trace_that_does_not_count_up_is_an_error(released: Settings, tmp_path: Path) -> None:
    shutil.copytree(released.root, tmp_path / "vt", symlinks=True)
    settings = Settings(home=tmp_path / "vt")
    path = settings.releases / "current" / trace.FOLDER / trace.VIEWS
    content = json.loads(path.read_text())
    content["views"] = {n: q.replace("cast(1 as double)", "cast(2 as double)") for n, q in content["views"].items()}
    path.write_text(json.dumps(content))
    with trace.opened(settings) as spoiled, pytest.raises(TraceError, match="do not count up to it"):
        spoiled.figure(FigureKey("meldingen", "2023", "REGIO"))
    path.unlink()
    with pytest.raises(TraceError, match="made by older code"), trace.opened(settings):
        pass


def test_a_release_holds_no_more_than_tracing_needs(released: Settings) -> None:
    folder = released.releases / "current" / trace.FOLDER
    kept = {p.name for p in folder.iterdir()}
    facts = {n for n in kept if n.startswith("facts.")}
    assert len(facts) == 14
    assert sorted(kept - facts) == [
        trace.VIEWS, "intermediate.int_figuur.parquet", "intermediate.int_figuur_deel.parquet", "intermediate.int_gebied.parquet",
        "intermediate.int_periode.parquet",
    ]  # fmt: skip
    assert f"{trace.FOLDER.as_posix()}/{trace.VIEWS}" in store.read(released, "current")["bestanden"]


def test_who_still_waits_is_marked(tracer: Tracer) -> None:
    """A waiting time rests on every report that came in; a lead time on those that were decided."""
    found = tracer.figure(FigureKey("wachttijd_vb_mediaan_instroom", "2024", "REGIO"))
    received = tracer.figure(FigureKey("meldingen", "2024", "REGIO"))
    assert {r.place for r in found.lines} == {r.place for r in received.lines}
    waiting = {r.place for r in found.lines if found.still_waits(r)}
    assert 0 < len(waiting) < len(found.lines)
    open_now = tracer.figure(FigureKey("vb_open", "2024", "REGIO"))
    assert waiting == {r.place for r in open_now.lines if r.place in {x.place for x in received.lines}}
    assert {received.still_waits(r) for r in received.lines} == {None}


def test_a_difference_and_means_of_months_rest_on_lines(tracer: Tracer) -> None:
    less = tracer.figure(FigureKey("vb_instroom_min_afgerond", "2023-Q2", "REGIO"))
    assert {r.place.entiteit for r in less.lines} == {"meldingen", "veiligheidsbeoordelingen"}
    assert (less.counted - less.taken_off) - less.taken_off == less.value
    posts = tracer.figure(FigureKey("bezetting_fte", "2023-Q3", "REGIO"))  # of August nothing is known
    assert len(posts.lines) == 4
    assert sum(r.teller for r in posts.lines) == pytest.approx(posts.value)
    whole = tracer.figure(FigureKey("vb_afgerond_per_fte", "2023-Q2", "REGIO"))
    assert sum(r.noemer or 0 for r in whole.lines) == pytest.approx(whole.noemer)
    missing = tracer.figure(FigureKey("vb_afgerond_per_fte", "2023-Q3", "REGIO"))
    assert (missing.value, missing.noemer) == (None, None)
    assert missing.counted == missing.teller
