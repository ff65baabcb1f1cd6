"""Superset as a person starts, sees and ends it: figures of the mart in a real browser, no request to anybody else, nothing left behind."""

import json
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import duckdb
import psycopg2
import pytest
import yaml

from orchestration import seeds
from orchestration.outputs.superset import files
from orchestration.outputs.superset import serving as ours
from orchestration.release import store
from orchestration.settings import Settings
from tests.lib.browser import Browser
from tests.lib.superset import Api, Dashboards, running, serving

pytestmark = pytest.mark.xdist_group("uitgave")

FILES = {path: yaml.safe_load(content) for path, content in files.filled().items()}
DASHBOARDS = {f["slug"]: f for path, f in FILES.items() if path.startswith("dashboards/")}
CHARTS = {f["uuid"]: f for path, f in FILES.items() if path.startswith("charts/")}
KINDS = [[row[name] for row in seeds.rows(seeds.SEEDS / "catalogue" / "categorie_soorten.csv")] for name in ("categorie_soort", "naam")]
SERIES = ("categorie_naam", "indicator_naam", "gebied_naam")

Figures = list[tuple[str, str, float]]


def placed(dashboard: dict[str, Any]) -> list[str]:
    """The charts of a dashboard by their uuid."""
    return [p["meta"]["uuid"] for p in dashboard["position"].values() if isinstance(p, dict) and p["type"] == "CHART"]


@pytest.fixture(scope="module")
def home(released: Settings) -> Iterator[Path]:
    """A data folder of this release alone, where PostgreSQL may pass when it runs as a user of its own."""
    with tempfile.TemporaryDirectory(prefix="veilig-thuis-", dir="/tmp") as made:
        Path(made).chmod(0o711)
        shutil.copytree(released.releases, Path(made) / "vt" / "releases", symlinks=True)
        yield Path(made) / "vt"
        assert running(Path(made)) == []


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """Superset, started for the second time, when nothing is loaded again; in between somebody made a dashboard."""
    with serving(home) as first:
        Api(first, home).ask("dashboard/", {"dashboard_title": "Van iemand"})
    loaded = home / "superset" / "load.log"
    before = loaded.stat().st_mtime_ns
    with serving(home) as second:
        assert loaded.stat().st_mtime_ns == before
        yield second


@pytest.fixture(scope="module")
def pages(address: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboards]:
    with Browser(tmp_path_factory.mktemp("browser") / "chromium") as browser:
        browser.resize(1440, 1800)  # so that charts below the fold are drawn too
        yield Dashboards(browser, address, home)


@pytest.fixture(scope="module")
def mart(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The mart as in the files of the release, with what the dashboards choose by."""
    with duckdb.connect(str(home / "releases" / "current" / store.DATABASE), read_only=True) as con:
        con.execute("create temp table kinds as select unnest(?) as kind, unnest(?) as name", KINDS)
        con.execute(
            """
            create temp view truth as
            select *, left(periode, 4) as jaar, if(voorlopig, 'loopt nog', 'afgelopen') as stand, name as uitsplitsing
            from marts.indicatoren join kinds on kind = categorie_soort where gebied_soort not in ('wijk', 'buurt')
            """
        )
        yield con


def label(column: Any) -> str:
    return str(column if isinstance(column, str) else column["label"])


def shown(asked: dict[str, Any]) -> Figures:
    """Period, series and figure, as a chart got them: a column for each series, or a row for each figure."""
    columns = [label(c) for c in asked["body"]["queries"][0]["columns"]]
    period = next(c for c in columns if c.startswith("periode"))
    found = []
    for row in asked["got"]["result"][0]["data"]:
        when = str(row.pop(period))
        if "cijfer" in row:
            series = next((row[c] for c in columns if c in row), "")
            found.append((when, series, row["cijfer"]))
        else:
            found += [(when, name, figure) for name, figure in row.items()]
    return sorted(f for f in found if f[2] is not None)


def wanted(asked: dict[str, Any], mart: duckdb.DuckDBPyConnection) -> Figures:
    """The same, of the mart: a row of it a figure."""
    query = asked["body"]["queries"][0]
    columns = [c.get("sqlExpression", "") if isinstance(c, dict) else c for c in query["columns"]]
    period = "epoch_ms(periode_eind)::varchar" if "periode_eind" in columns else "periode"
    series = next((c for c in columns if c in SERIES), "''")
    chosen = {f["col"]: [f["val"]] if f["op"] == "==" else f["val"] for f in query["filters"]}
    where = " and ".join(f"list_contains(${name}, {name})" for name in chosen)
    return mart.execute(
        f"select {period}, {series}, waarde from truth where {where} and waarde is not null order by all", chosen
    ).fetchall()


def test_each_dashboard_shows_the_figures_of_the_mart(pages: Dashboards, mart: duckdb.DuckDBPyConnection) -> None:
    """Each chart, by what it asks and gets: no sum, no share of shares, one row of the mart a figure."""
    held = 0
    for slug, dashboard in DASHBOARDS.items():
        pages.open(slug, len(placed(dashboard)))
        asked = pages.figures()
        assert len(asked) == len(placed(dashboard))
        assert all(a["status"] == 200 and not a["got"]["result"][0].get("error") for a in asked)
        for one in asked:
            if one["body"]["queries"][0].get("metrics") != ["cijfer"]:
                continue
            got, truth = shown(one), wanted(one, mart)
            if not any(c in SERIES for c in map(str, one["body"]["queries"][0]["columns"])) and {s for _, s, _ in truth} == {""}:
                got = sorted((when, "", figure) for when, _, figure in got)  # series under a shorter name of their own
            assert got == truth, one["body"]["form_data"]["slice_id"]
            held += len(truth)
        assert pages.kept("errors") == []
    assert held > 100
    assert pages.outside() == set()


def test_a_filter_is_chosen_by_clicking(pages: Dashboards, mart: duckdb.DuckDBPyConnection) -> None:
    """Another area, then months, then a year: the pages follow, the months stand in their order, and periods stay those that ended."""
    count = len(placed(DASHBOARDS["instroom"]))
    pages.open("instroom", count)
    pages.choose("gebied", "Amsterdam")
    pages.settle(count - 2)  # all but the table by area and the release
    ((last,),) = mart.execute(
        """
        select max_by(waarde, periode) from truth
        where indicator = 'meldingen' and categorie_soort = '' and gebied_naam = 'Amsterdam' and periode_soort = 'jaar' and not voorlopig
        """
    ).fetchall()
    pages.browser.see(f"{last:,.0f}".replace(",", "."))
    pages.choose("soort_periode", "maand")
    pages.settle(count - 1)
    months = along(pages)
    assert months == sorted(months) and "2024-07 juli" in months and months[0] < "2024"
    pages.choose("jaar", "2024")
    pages.settle(count - 1)
    assert along(pages) == [month for month in months if month.startswith("2024")]
    (lines,) = (a["body"]["queries"][0]["filters"] for a in pages.figures() if drawn(a, "indicator_naam"))
    assert {f["col"]: f["val"] for f in lines} | {"indicator": []} == {
        "gebied_naam": ["Amsterdam"],
        "periode_soort": ["maand"],
        "jaar": ["2024"],
        "stand": ["afgelopen"],
        "indicator": [],
        "categorie_soort": "",
    }
    assert pages.outside() == set()


def along(pages: Dashboards) -> list[str]:
    """The periods of the lines, as they stand."""
    (rows,) = (a["got"]["result"][0]["data"] for a in pages.figures() if drawn(a, "indicator_naam"))
    return [row["periode_naam"] for row in rows]


def drawn(asked: dict[str, Any], series: str) -> bool:
    query = asked["body"]["queries"][0]
    return query.get("metrics") == ["cijfer"] and series in query["columns"]


def test_what_is_left_open_is_never_added_up(pages: Dashboards, address: str, home: Path) -> None:
    """Each chart without one of its filters, of indicator and area neither: where several rows meet there is no figure."""
    pages.open("instroom", len(placed(DASHBOARDS["instroom"])))
    api, met = Api(address, home), 0
    checks = {"rows": "count(*)", "highest": "max(waarde)"}
    metrics = ["cijfer", *({"expressionType": "SQL", "label": k, "sqlExpression": v} for k, v in checks.items())]
    for one in pages.figures():
        (query,) = one["body"]["queries"]
        if query.get("metrics") != ["cijfer"]:
            continue
        query |= {"filters": [], "metrics": metrics, "post_processing": [], "row_limit": 50000}
        (answer,) = api.ask("chart/data", {"datasource": one["body"]["datasource"], "queries": [query]})["result"]
        for row in answer["data"]:
            assert row["cijfer"] == (row["highest"] if row["rows"] == 1 else None)
            met += row["rows"] > 1
    assert met > 100


def test_what_somebody_made_is_there_after_the_next_start(address: str, home: Path) -> None:
    titles = [d["dashboard_title"] for d in Api(address, home).ask("dashboard/")["result"]]
    assert sorted(titles) == sorted(["Van iemand", *(d["dashboard_title"] for d in DASHBOARDS.values())])


def test_texts_of_columns_are_those_of_the_database(address: str, home: Path, mart: duckdb.DuckDBPyConnection) -> None:
    api = Api(address, home)
    (found,) = (d for d in api.ask("dataset/")["result"] if d["table_name"] == "indicatoren")
    columns = {c["column_name"]: c for c in api.ask(f"dataset/{found['id']}")["result"]["columns"]}
    query = "select column_name, comment from duckdb_columns() where schema_name = 'marts' and table_name = 'indicatoren'"
    for name, comment in mart.execute(query).fetchall():
        assert columns[name]["description"] == comment


def test_nobody_else_gets_in_or_reads_more(address: str, home: Path) -> None:
    """Passwords for their owner alone; a reader that cannot write, nor see what Superset keeps; a policy that names nobody else."""
    for name in (ours.KEPT, ours.PASSWORD, "log", "load.log"):
        assert stat.S_IMODE((home / "superset" / name).stat().st_mode) == 0o600
    kept = json.loads((home / "superset" / ours.KEPT).read_text(encoding="utf-8"))
    figures = f"postgresql://{ours.READER}:{kept[ours.READER]}@127.0.0.1:{kept['port']}/{ours.FIGURES}"
    with closing(psycopg2.connect(figures)) as con, con.cursor() as cursor:
        cursor.execute("select count(*) from marts.indicatoren")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("create table public.mine (a int)")
    for wrong in (figures.replace(ours.FIGURES, ours.OWN), figures.replace(kept[ours.READER], "guessed")):
        with pytest.raises(psycopg2.OperationalError, match=r"permission denied|authentication failed"):
            psycopg2.connect(wrong)
    with urlopen(f"{address}/login/", timeout=60) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "http" not in policy and "*" not in policy
    with urlopen(f"{address}/superset/dashboard/instroom/", timeout=60) as answer:
        assert "/login/" in answer.url
    log = (home / "superset" / "log").read_text(encoding="utf-8") + (home / "superset" / "load.log").read_text(encoding="utf-8")
    assert not [name for name, secret in kept.items() if name != "port" and secret in log]


def test_no_chart_adds_up_and_each_is_where_it_is_said_to_be() -> None:
    """Of the files: the one metric, an indicator chosen, ended periods by default, every chart on one dashboard with its uuid."""
    (figure,) = FILES["datasets/Veilig_Thuis/indicatoren.yaml"]["metrics"]
    assert figure["expression"] == "case when count(*) = 1 then max(waarde) end"
    for chart in CHARTS.values():
        given = chart["params"]
        assert {*given.get("metrics", []), given.get("metric", "cijfer")} == {"cijfer"}
        if chart["slice_name"] != "Release en peildatum":
            assert "indicator" in {f["subject"] for f in given["adhoc_filters"]}
    assert set(DASHBOARDS) == {"instroom", "wachten", "uitstroom", "effect"}
    assert {uuid for d in DASHBOARDS.values() for uuid in placed(d)} == set(CHARTS)
    for dashboard in DASHBOARDS.values():
        defaults = {f["id"]: f["defaultDataMask"]["filterState"].get("value") for f in dashboard["metadata"]["native_filter_configuration"]}
        assert defaults["NATIVE_FILTER-stand"] == ["afgelopen"] and defaults["NATIVE_FILTER-soort_periode"] == ["jaar"]
    (database,) = (f for path, f in FILES.items() if path.startswith("databases/"))
    assert database["sqlalchemy_uri"] == f"postgresql+psycopg2://{ours.READER}@127.0.0.1/{ours.FIGURES}"


def test_what_is_missing_is_said_in_a_sentence(released: Settings, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "PROGRAMS", settings.root)
    with pytest.raises(ours.SupersetError, match=r"make superset installs it"):
        ours.hold(released, 8088)
    settings.root.mkdir()
    (settings.root / "gunicorn").touch()
    with pytest.raises(ours.SupersetError, match=r"There is no release to show.*vt refresh"):
        ours.hold(settings, 8088)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ours.SupersetError, match=f"Port {port} is in use.*vt superset --port {port + 1}"):
            ours.hold(released, port)
