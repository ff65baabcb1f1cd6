"""Dagster as a person sees it: its own server and daemon on a data folder, asked over the API that its pages use."""

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Chain, broken_delivery
from tests.lib.dagster_pages import HERE, TABLES, Pages, free_port
from tests.lib.vt import VT

pytestmark = pytest.mark.xdist_group("bad_nights")


def test_dagster_tells_how_every_run_ended(
    chain: Chain, small: list[Path], tmp_path: Path, webhook: tuple[list[dict[str, Any]], str]
) -> None:
    assert chain.refresh()["uitkomst"] == "niets_nieuws"
    broken_delivery(small[2], chain.home / "inbox")
    assert chain.refresh(code=1)["uitkomst"] == "vastgehouden"
    received, address = webhook
    pages = Pages(port := free_port())
    environment = {**os.environ, "VT_HOME": str(chain.home), "VT_ALARM_NAAR": address}
    with (tmp_path / "ui.log").open("w") as log:
        ui = subprocess.Popen([VT, "ui", "--port", str(port)], env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        pages.wait()
        refused, quiet, published = pages.runs()[:3]
        assert [r["tags"]["oordeel"] for r in (refused, quiet, published)] == ["vastgehouden", "niets_nieuws", "gepubliceerd"]
        assert [r["status"] for r in (refused, quiet, published)] == ["FAILURE", "SUCCESS", "SUCCESS"]
        assert all(r["repositoryOrigin"] == {"repositoryLocationName": "orchestration.definitions"} for r in (refused, quiet, published))
        # a refused delivery is a failed step that says why, without a stack trace; the verdict is the last event
        (failure,) = (e for e in pages.events(refused["runId"]) if e["__typename"] == "ExecutionStepFailureEvent")
        assert re.search(r"Levering 3 is geweigerd: .*meldingen\.csv: .*controlesom", failure["error"]["message"])
        assert failure["error"]["stack"] == []
        last = [pages.events(r["runId"])[-1]["message"] for r in (refused, quiet, published)]
        assert [text.split(":")[0] for text in last] == ["Vastgehouden", "Niets nieuws", "Gepubliceerd"]
        assert "Levering 3 is geweigerd" in last[0] and "Vraag de registratie" in last[0]
        # two nights in which nothing was checked left every check as it was
        assert len(outcomes := pages.outcomes()) > 100
        assert set(outcomes.values()) <= {"SUCCEEDED", "FAILED"}, "FAILED: with a warning"
        # one table alone is refused in a sentence
        one = pages.ended(pages.materialize(["marts", "instroom_gemeente"]), with_verdict=False)
        (failure,) = (e for e in pages.events(one["runId"]) if e["__typename"] == "ExecutionStepFailureEvent")
        assert failure["error"]["message"].startswith("Tabellen worden samen gemaakt") and failure["error"]["stack"] == []
        # all of them is a whole refresh, with a verdict and an alert
        broken_delivery(small[3], chain.home / "inbox")
        tables = [node["assetKey"]["path"] for node in pages.ask(TABLES, s=HERE)["repositoryOrError"]["assetNodes"]]
        everything = pages.ended(pages.materialize(*tables), with_verdict=True)
        assert everything["tags"]["oordeel"] in {"vastgehouden", "niets_nieuws"}, "the latter when the inbox sensor was first"
        assert any("Levering 4 is geweigerd" in m["message"] for m in received)
    finally:
        os.killpg(ui.pid, signal.SIGKILL)  # the folder is gone after this; an orderly end takes a minute
        ui.wait()
