"""Dagster's web server, and what its pages ask of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from orchestration.defs.dagster_inside import ASSET_JOB, REPOSITORY

HERE = {"repositoryName": REPOSITORY, "repositoryLocationName": "orchestration.definitions"}
RUNS = """{ runsOrError { ... on Runs { results {
    runId jobName status tags { key value } repositoryOrigin { repositoryLocationName }
} } } }"""
EVENTS = """query E($id: ID!, $after: String) { logsForRun(runId: $id, afterCursor: $after) { ... on EventConnection {
    cursor hasMore events { __typename ... on MessageEvent { message } ... on ExecutionStepFailureEvent { error { message stack } } }
} } }"""
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
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        with urlopen(Request(f"{self.address}/graphql", body, {"Content-Type": "application/json"}), timeout=60) as answer:
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
        """All events of a run, in their order; Dagster gives them a thousand at a time."""
        found: list[dict[str, Any]] = []
        page: dict[str, Any] = {"cursor": None, "hasMore": True}
        while page["hasMore"]:
            page = self.ask(EVENTS, id=run_id, after=page["cursor"])["logsForRun"]
            found += page["events"]
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


@contextmanager
def dagster(home: Path, log: Path) -> Iterator[Pages]:
    """Dagster's web server on a data folder, as ``vt ui`` starts it; without its daemon, whose sensors would start nights of their own."""
    pages = Pages(port := free_port())
    program = str(Path(sys.executable).parent / "dagster-webserver")
    environment = {**os.environ, "VT_HOME": str(home), "DAGSTER_HOME": str(home / "dagster"), "DAGSTER_DISABLE_TELEMETRY": "1"}
    with log.open("w") as told:
        server = subprocess.Popen(
            [program, "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)],
            env=environment,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    try:
        pages.wait()
        yield pages
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
