"""Dagster as a person sees it: its own server and daemon on a data folder, asked over the API that its pages use."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from orchestration.defs.dagster_inside import ASSET_JOB, REPOSITORY
from tests.end_to_end.conftest import VT, Chain
from tests.lib.deliveries import pack, unpack

pytestmark = pytest.mark.xdist_group("bad_nights")

HERE = {"repositoryName": REPOSITORY, "repositoryLocationName": "orchestration.definitions"}
RUNS = """{ runsOrError { ... on Runs { results {
    runId jobName status tags { key value } repositoryOrigin { repositoryLocationName }
} } } }"""
EVENTS = """query E($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events {
    __typename ... on MessageEvent { message } ... on ExecutionStepFailureEvent { error { message stack } }
} } } }"""
CHECKS = """{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks {
    name executionForLatestMaterialization { status }
} } } } }"""
TABLES = """query T($s: RepositorySelector!) { repositoryOrError(repositorySelector: $s) { ... on Repository {
    assetNodes { assetKey { path } }
} } }"""
LAUNCH = """mutation L($p: ExecutionParams!) { launchPipelineExecution(executionParams: $p) {
    __typename ... on LaunchRunSuccess { run { runId } }
} }"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Pages:
    """Dagster's web server, and what its pages ask of it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        with urlopen(Request(self.url, body, {"Content-Type": "application/json"}), timeout=60) as answer:
            return json.load(answer)["data"]

    def wait(self) -> None:
        until = time.monotonic() + 240
        while time.monotonic() < until:
            try:
                if self.ask(TABLES, s=HERE)["repositoryOrError"]:
                    return
            except URLError:
                time.sleep(1)
        raise AssertionError("Dagster did not come up")

    def runs(self) -> list[dict[str, Any]]:
        """The newest first; tags as a dict."""
        found: list[dict[str, Any]] = self.ask(RUNS)["runsOrError"]["results"]
        return [r | {"tags": {t["key"]: t["value"] for t in r["tags"]}} for r in found]

    def ended(self, run_id: str, *, with_verdict: bool) -> dict[str, Any]:
        """The run when it has come to its end, and its verdict was drawn."""
        until = time.monotonic() + 240
        while time.monotonic() < until:
            (run,) = (r for r in self.runs() if r["runId"] == run_id)
            if run["status"] in {"SUCCESS", "FAILURE"} and ("oordeel" in run["tags"] or not with_verdict):
                return run
            time.sleep(1)
        raise AssertionError(f"run {run_id} did not come to its end")

    def events(self, run_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(EVENTS, id=run_id)["logsForRun"]["events"]
        return found

    def materialize(self, *tables: list[str]) -> str:
        """Press Materialize on some tables; the id of the run."""
        selector = HERE | {"pipelineName": ASSET_JOB, "assetSelection": [{"path": path} for path in tables]}
        pressed = self.ask(LAUNCH, p={"selector": selector, "mode": "default", "runConfigData": "{}"})["launchPipelineExecution"]
        assert pressed["__typename"] == "LaunchRunSuccess", pressed
        return str(pressed["run"]["runId"])

    def outcomes(self) -> dict[str, str | None]:
        """Check → how it ended last."""
        return {
            f"{'.'.join(node['assetKey']['path'])}.{check['name']}": (check["executionForLatestMaterialization"] or {}).get("status")
            for node in self.ask(CHECKS)["assetNodes"]
            for check in node["assetChecksOrError"].get("checks", [])
        }


def broken_delivery(good: Path, inbox: Path) -> None:
    """One byte flipped, which its checksum gives away."""
    files = unpack(good)
    data = bytearray(files["meldingen.csv"])
    data[len(data) // 2] ^= 1
    pack(inbox / good.name, files | {"meldingen.csv": bytes(data)})


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
        assert re.search(r"Delivery 3 was refused: .*meldingen\.csv: .*checksum", failure["error"]["message"])
        assert failure["error"]["stack"] == []
        last = [pages.events(r["runId"])[-1]["message"] for r in (refused, quiet, published)]
        assert [text.split(":")[0] for text in last] == ["Vastgehouden", "Niets nieuws", "Gepubliceerd"]
        assert "Delivery 3 was refused" in last[0] and "Vraag de registratie" in last[0]
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
        assert any("Delivery 4 was refused" in m["message"] for m in received)
    finally:
        os.killpg(ui.pid, signal.SIGKILL)  # the folder is gone after this; an orderly end takes a minute
        ui.wait()
