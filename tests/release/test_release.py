"""A release is whole or it is not there; readers of the old one go on."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration import duck
from orchestration.cli import app
from orchestration.errors import UserError
from orchestration.register.register import Register, RegisterError
from orchestration.release import assess, diff, store
from orchestration.release.publish import write_release
from orchestration.settings import Omgeving, Settings
from orchestration.standing import CAREFUL, GOOD, STALE, STALE_REASON
from orchestration.transform.controle import Controle
from orchestration.transform.lineage import rests_on
from tests.lib.dying import Dying

CONTROLE = Controle("uniek", "dbt", "fct_meldingen", "geslaagd", "blokkeert", 0, "")
DESCRIPTIONS = {"facts.fct_meldingen": {"": "Een rij per melding; 't is er", "melding_id": "Sleutel"}}
MOMENT = datetime(2025, 2, 1, 4, 30, tzinfo=UTC)


@pytest.fixture
def build(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build with one table in each published schema, one view, and the register."""
    with duck.connect(settings) as con:
        duck.attach_build(con, settings, b"0" * 32)
        con.execute(
            """
            create schema veilig_thuis.intermediate;
            create table veilig_thuis.intermediate.int_figuur as select 1 as figuur_id, 'meldingen' as indicator, 'meldingen' as onderwerp;
            create table veilig_thuis.intermediate.int_figuur_deel (figuur_id int, deel_id int);
            create schema veilig_thuis.historie; create schema veilig_thuis.staging;
            create schema veilig_thuis.facts; create schema veilig_thuis.marts; create schema veilig_thuis.kwaliteit;
            create table veilig_thuis.historie.leveringen as
                select * from (values (1, 'volledig', date '2025-01-31', 'opgenomen'), (2, 'mutaties', date '2025-02-01', 'geweigerd'))
                as t (levering_nummer, soort, peildatum, uitkomst);
            create table veilig_thuis.staging.geheim as select 1 as x;
            create table veilig_thuis.facts.fct_meldingen as
                select range as melding_id, 1 as _levering, 'meldingen.csv' as _bestand, 11 - range as _regel from range(10);
            create table veilig_thuis.marts.indicatoren as
                select 'meldingen' as indicator, 'jaar' as periode_soort, '2024' as periode, 'regio' as gebied_soort, 'REGIO' as gebied,
                    '' as categorie_soort, '' as categorie, 10.0 as waarde, false as voorlopig, date '2024-01-01' as periode_start;
            create view veilig_thuis.marts.instroom_gemeente as select 10 as meldingen;
            create table veilig_thuis.kwaliteit.aansluiting as select 'gelijk' as oordeel, 'meldingen' as indicator from range(3);
            create table veilig_thuis.kwaliteit.quarantaine (entiteit text, status text);
            """
        )
        yield con


def test_a_release_holds_the_published_schemas_and_nothing_else(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    content = write_release(settings, build, [CONTROLE], "abc", DESCRIPTIONS)
    store.switch(settings, content["release"])
    with duckdb.connect(str(settings.releases / "current" / store.DATABASE), read_only=True) as con:
        tables = {f"{s}.{t}" for s, t in con.execute("select schema_name, table_name from duckdb_tables()").fetchall()}
        assert tables == {
            "facts.fct_meldingen",
            "opslag.indicatoren",
            "marts.instroom_gemeente",
            "kwaliteit.aansluiting",
            "kwaliteit.controles",
            "kwaliteit.herzieningen",
            "kwaliteit.indicatoren",
            "kwaliteit.quarantaine",
            "kwaliteit.release",
        }
        views = con.execute("select schema_name || '.' || view_name from duckdb_views() where not internal").fetchall()
        assert views == [("marts.indicatoren",)]
        assert con.execute("select naam, uitkomst from kwaliteit.controles").fetchall() == [("uniek", "geslaagd")]
        assert con.execute("select typeof(vorige_release), vorige_release from kwaliteit.release").fetchone() == ("VARCHAR", None), (
            "the first"
        )
        comment = con.execute("select comment from duckdb_tables() where table_name = 'fct_meldingen'").fetchone()
        assert comment == ("Een rij per melding; 't is er",)
        assert con.execute("select comment from duckdb_columns() where column_name = 'melding_id'").fetchone() == ("Sleutel",)
    parquet = settings.releases / "current" / "intern" / "parquet" / "facts" / "fct_meldingen.parquet"
    assert duckdb.sql(f"select count(*) from '{parquet}'").fetchone() == (10,)
    assert content["rijen"]["facts.fct_meldingen"] == 10
    assert content["leveringen"] == [{"nummer": 1, "soort": "volledig", "peildatum": "2025-01-31"}]
    assert content["peildatum"] == "2025-01-31"
    assert content["aansluiting"] == {"gelijk": 3}
    assert json.loads((settings.releases / "current" / "release.json").read_text()) == content


def test_only_the_owner_may_read_a_release(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    before = os.umask(0)
    try:
        content = write_release(settings, build, [], "abc", {})
    finally:
        os.umask(before)
    folder = settings.releases / content["release"]
    for path in (settings.releases, folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_switch_and_a_removal_that_were_cut_off_are_swept_up(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    """Killed at every moment: readers have a whole release, and the next removal leaves nothing of what was half gone."""
    ids = [write_release(settings, build, [], "abc", {}, MOMENT.replace(day=d))["release"] for d in (1, 2)]
    store.switch(settings, ids[0])
    imports = "import sys\nfrom pathlib import Path\nfrom orchestration.release import store\nfrom orchestration.settings import Settings"
    code = "settings = Settings(home=Path(sys.argv[1])); store.switch(settings, sys.argv[2]); store.prune(settings, 1)"
    with Dying(code, settings.root.parent, imports=imports) as dying:
        n, killed = 0, True
        while killed:
            n += 1
            one = Settings(home=settings.root.with_name(str(n)))
            shutil.copytree(settings.root, one.root, symlinks=True)
            killed = dying.run(str(one.root), ids[1], n=n).code == -signal.SIGKILL
            assert store.current(one) in ids
            assert set(store.release_ids(one)) - {ids[0]} == {ids[1]}
            store.switch(one, ids[1])
            store.prune(one, 1)
            assert sorted(p.name for p in one.releases.iterdir()) == [ids[1], "current"]
    assert n > 10


def test_the_next_release_tells_what_changed(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    first = write_release(settings, build, [], "abc", {}, MOMENT)
    store.switch(settings, first["release"])
    build.execute("update veilig_thuis.marts.indicatoren set waarde = 11")
    build.execute(
        "insert into veilig_thuis.marts.indicatoren by name select * replace ('2025' as periode) from veilig_thuis.marts.indicatoren"
    )
    second = write_release(settings, build, [], "abc", {}, MOMENT.replace(day=2))
    assert first["gewijzigde_cijfers"] is None
    assert second["gewijzigde_cijfers"] == {"gewijzigd": 1, "nieuw": 1, "vervallen": 0, "vast": 1, "vast_gewijzigd": 1}
    assert second["vorige_release"] == first["release"]


def test_a_release_that_broke_off_leaves_the_old_one_and_no_trace_after_the_next(
    settings: Settings, build: duckdb.DuckDBPyConnection
) -> None:
    first = write_release(settings, build, [], "abc", {}, MOMENT)
    store.switch(settings, first["release"])
    build.execute("drop table veilig_thuis.kwaliteit.aansluiting")
    with pytest.raises(duckdb.Error):
        write_release(settings, build, [], "abc", {}, MOMENT.replace(day=2))
    assert store.release_ids(settings) == [first["release"]]
    assert store.current(settings) == first["release"]
    build.execute("create table veilig_thuis.kwaliteit.aansluiting as select 'gelijk' as oordeel")
    write_release(settings, build, [], "abc", {}, MOMENT.replace(day=3))
    assert not list(settings.releases.glob(f"{store.UNFINISHED}*"))


READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
con.sql('from marts.indicatoren').fetchall()
print('open', flush=True)
sys.stdin.readline()
print(con.sql('select waarde from marts.indicatoren').fetchall(), flush=True)
"""


def test_readers_of_the_old_release_go_on(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    first = write_release(settings, build, [], "abc", {}, MOMENT)
    store.switch(settings, first["release"])
    path = settings.releases / "current" / store.DATABASE
    with subprocess.Popen([sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        build.execute("update veilig_thuis.marts.indicatoren set waarde = 99")
        second = write_release(settings, build, [], "abc", {}, MOMENT.replace(day=2))
        store.switch(settings, second["release"])
        out, _ = reader.communicate("\n")
    assert out.startswith("[(Decimal('10.0'),)]")
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute("select cast(waarde as integer) from marts.indicatoren").fetchone() == (99,)


def test_rolling_back_and_forth(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    ids = [write_release(settings, build, [], "abc", {}, MOMENT.replace(day=d))["release"] for d in (1, 2)]
    for release in (*ids, *reversed(ids)):
        store.switch(settings, release)
        assert store.current(settings) == release
    with pytest.raises(UserError, match="There is no release 2020"):
        store.switch(settings, "2020")


def test_pruning_keeps_the_newest_and_the_current_one(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    ids = [write_release(settings, build, [], "abc", {}, MOMENT.replace(day=d))["release"] for d in range(1, 6)]
    store.switch(settings, ids[0])
    assert store.prune(settings, 2) == ids[1:3]
    assert store.release_ids(settings) == [ids[0], ids[3], ids[4]]


def test_a_link_to_nowhere_is_no_release(settings: Settings) -> None:
    settings.releases.mkdir(parents=True)
    (settings.releases / "current").symlink_to("gone")
    assert store.current(settings) is None


def test_the_difference_between_two_releases_names_the_figures(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    first = write_release(settings, build, [], "abc", {}, MOMENT)["release"]
    build.execute("update veilig_thuis.marts.indicatoren set waarde = 12")
    second = write_release(settings, build, [], "abc", {}, MOMENT.replace(day=2))["release"]
    ((indicator, _, periode, *_, then, now),) = diff.changed(settings, first, second, limit=10)
    assert (indicator, periode, float(then), float(now)) == ("meldingen", "2024", 10, 12)
    assert diff.changed(settings, first, first, limit=10) == []


def test_the_difference_by_indicator_and_by_cause(
    settings: Settings, build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.execute(
        "insert into veilig_thuis.marts.indicatoren by name select * replace ('2023' as periode) from veilig_thuis.marts.indicatoren"
    )
    first = write_release(settings, build, [], "abc", {}, MOMENT)["release"]
    build.execute("update veilig_thuis.marts.indicatoren set waarde = 12 where periode = '2024'")
    build.execute("update veilig_thuis.marts.indicatoren set waarde = 15 where periode = '2023'")
    other = "select * replace ('vb_open' as indicator) from veilig_thuis.marts.indicatoren limit 1"
    build.execute(f"insert into veilig_thuis.marts.indicatoren by name {other}")
    build.execute("update veilig_thuis.historie.leveringen set uitkomst = 'opgenomen'")
    build.execute("insert into veilig_thuis.facts.fct_meldingen values (10, 2, 'meldingen.csv', 2), (11, 2, 'meldingen.csv', 3)")
    second = write_release(settings, build, [], "abc", {}, MOMENT.replace(day=2))["release"]
    # 10 became 12 and 15: 20 and 50 per cent
    assert [tuple(row) for row in diff.by_indicator(settings, first, second)] == [
        ("meldingen", 2, 2, 0, 0, pytest.approx(35), pytest.approx(50)),
        ("vb_open", 0, 0, 1, 0, None, None),
    ]
    assert diff.causes(settings, first, second) == diff.DiffCauses({2: 2}, [], ("abc", "abc"))
    assert diff.causes(settings, second, first).removed == [2]
    third = write_release(settings, build, [], "def", {}, MOMENT.replace(day=3))["release"]
    told = {}
    monkeypatch.setenv("VT_HOME", str(settings.root))
    for older, newer in ((first, second), (second, third), (first, third), (third, third)):
        done = CliRunner().invoke(app, ["release", "diff", older, newer])
        assert done.exit_code == 0
        told[older, newer] = " ".join(done.output.split())
    assert "All of it by deliveries added: 2 (2 rows of facts stand as it brought them)." in told[first, second]
    assert "All of it by other code: abc, then def." in told[second, third]
    assert "Which by which: vt refresh --levering N" in told[first, third]
    assert "The same deliveries and the same code" in told[third, third]
    assert "over afgelopen perioden, ook vervallen" in told[first, second]
    assert "35,0% │ 50,0%" in told[first, second]
    build.execute("alter table veilig_thuis.marts.indicatoren alter waarde type double")
    build.execute("update veilig_thuis.marts.indicatoren set waarde = 1234567 where periode = '2023'")
    fourth = write_release(settings, build, [], "def", {}, MOMENT.replace(day=4))["release"]
    shown = " ".join(CliRunner().invoke(app, ["release", "diff", first, fourth]).output.split())
    assert "12.345.570%" in shown and "1234567" in shown and "e+0" not in shown


def test_the_last_digit_of_a_fraction_is_no_difference(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    build.execute("alter table veilig_thuis.marts.indicatoren alter waarde type double")
    build.execute("update veilig_thuis.marts.indicatoren set waarde = 2.24693")
    first = write_release(settings, build, [], "abc", {}, MOMENT)
    store.switch(settings, first["release"])
    build.execute("update veilig_thuis.marts.indicatoren set waarde = 2.24693 + 4.4e-16")
    second = write_release(settings, build, [], "abc", {}, MOMENT.replace(day=2))
    assert second["gewijzigde_cijfers"]["gewijzigd"] == 0
    store.switch(settings, second["release"])
    build.execute("update veilig_thuis.marts.indicatoren set waarde = null")
    assert write_release(settings, build, [], "abc", {}, MOMENT.replace(day=3))["gewijzigde_cijfers"]["gewijzigd"] == 1


def test_a_release_knows_the_register_it_was_made_of(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    """A register put back together with an older landing, beside the releases of later."""
    log = Register(settings)
    for number in (1, 2):
        log.record("levering_geweigerd", {"nummer": number, "code": "x", "reden": "x"})
    before = {p: p.read_bytes() for p in (log.anchor, *settings.register.iterdir())}
    log.record("levering_geweigerd", {"nummer": 3, "code": "x", "reden": "x"})
    content = write_release(settings, build, [], "a", {})
    assert content["register"] == {"gebeurtenissen": 3, "sha256": log.position().sha256}
    store.hold_to_register(settings, log)
    log.record("levering_geweigerd", {"nummer": 4, "code": "x", "reden": "x"})
    store.hold_to_register(settings, log)  # it went on
    for path in settings.register.iterdir():
        path.unlink()
    for path, text in before.items():
        path.write_bytes(text)
    with pytest.raises(RegisterError, match=rf"Release {content['release']} was made when the register .* had 3 events"):
        store.hold_to_register(settings, log)


def test_a_damaged_release_is_named(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    release = write_release(settings, build, [], "a", {})["release"]
    (settings.releases / release / "release.json").write_text("{")
    with pytest.raises(UserError, match=rf"{release}/release.json is damaged"):
        store.read(settings, release)


# --- how good the figures are ------------------------------------------------------------------------------------------------------------

RESTS_ON = {"meldingen": frozenset({"meldingen", "fct_meldingen", "indicatoren"}), "diensten": frozenset({"diensten"})}


def standing(settings: Settings, content: dict[str, object]) -> tuple[str, ...]:
    with duckdb.connect(str(settings.releases / str(content["release"]) / store.DATABASE), read_only=True) as con:
        found = con.execute("select kwaliteit, kwaliteit_reden from marts.indicatoren").fetchall()
        assert found == con.execute("select kwaliteit, kwaliteit_reden from kwaliteit.indicatoren").fetchall()
    parquet = settings.releases / str(content["release"]) / "intern" / "parquet" / "marts" / "indicatoren.parquet"
    assert duckdb.sql(f"select kwaliteit, kwaliteit_reden, peildatum::varchar from '{parquet}'").fetchall() == [(*found[0], "2025-01-31")]
    return tuple(v for v in found[0] if v)


@pytest.mark.parametrize(
    ("change", "controle", "told"),
    [
        ("select 1", CONTROLE, (GOOD,)),
        ("insert into kwaliteit.quarantaine values ('meldingen', 'open')", CONTROLE, (CAREFUL, assess.WAITING)),
        ("insert into kwaliteit.quarantaine values ('meldingen', 'hersteld'), ('diensten', 'open')", CONTROLE, (GOOD,)),
        ("update kwaliteit.aansluiting set oordeel = 'afwijkend'", CONTROLE, (CAREFUL, assess.DIFFERS)),
        ("select 1", replace(CONTROLE, uitkomst="gewaarschuwd"), (CAREFUL, assess.WARNED)),
        ("select 1", replace(CONTROLE, uitkomst="bekend", onderwerp="indicatoren"), (CAREFUL, assess.WARNED)),
        ("select 1", replace(CONTROLE, uitkomst="gewaarschuwd", onderwerp="fct_diensten"), (GOOD,)),
        ("select 1", replace(CONTROLE, uitkomst="gewaarschuwd", uitgevoerd_met="intake"), (GOOD,)),
        (
            "update kwaliteit.aansluiting set oordeel = 'afwijkend'",
            replace(CONTROLE, uitkomst="gewaarschuwd"),
            (CAREFUL, f"{assess.DIFFERS}; {assess.WARNED}"),
        ),
    ],
)
def test_a_figure_says_why_it_is_not_good(
    settings: Settings, build: duckdb.DuckDBPyConnection, change: str, controle: Controle, told: tuple[str, ...]
) -> None:
    build.execute(f"use veilig_thuis; {change}; use memory")
    assert standing(settings, write_release(settings, build, [controle], "abc", {}, rests_on=RESTS_ON)) == told


def test_a_figure_is_out_of_date_by_itself_when_a_delivery_is_late(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:
    """The peildatum is long past: who opens the release sees it. Files do not know it; and where nothing is due, nothing is late."""
    real = settings.model_copy(update={"omgeving": Omgeving.PRODUCTIE})
    content = write_release(real, build, [], "abc", {}, MOMENT, rests_on=RESTS_ON)
    assert content["verouderd_vanaf"] == "2025-02-02T07:00:00+01:00"
    with duckdb.connect(str(settings.releases / content["release"] / store.DATABASE), read_only=True) as con:
        assert con.execute("select kwaliteit, kwaliteit_reden from marts.indicatoren").fetchall() == [(STALE, STALE_REASON)]
        assert con.execute("select kwaliteit from kwaliteit.indicatoren").fetchall() == [(GOOD,)]
    content = write_release(settings, build, [], "abc", {}, MOMENT.replace(day=2), rests_on=RESTS_ON)
    assert content["verouderd_vanaf"] is None
    assert standing(settings, content) == (GOOD,)


def test_every_subject_rests_on_its_own_rows_and_not_on_all() -> None:
    found = rests_on()
    for subject in ("meldingen", "adviesvragen", "diensten", "overdrachten", "betrokkenen", "veiligheidsbeoordelingen"):
        assert {subject, f"fct_{subject}"} <= found[subject]
        assert {"indicatoren", "int_cijfers", "dim_datum", "int_periode", "leveringen"} <= found[subject], "of all figures alike"
    assert "meldingen" not in found["adviesvragen"]
    assert "huisverboden" not in found["meldingen"]
    assert "int_gebiedsmelding" in found["overdrachten"]
    assert {s for s, names in found.items() if "int_cijfers_diensten" in names} == {"diensten"}, "made of one subject, on the way"
