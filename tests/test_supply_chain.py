"""The list of what we use is complete, and a known vulnerability fails the audit; without network the audit says so and passes."""

import http.server
import json
import os
import re
import subprocess
import threading
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT

LOCKED = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", (PROJECT / "requirements.lock").read_text(), re.MULTILINE))


def audit(url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VT_OSV_URL": url, "NO_PROXY": "127.0.0.1"}
    return subprocess.run([PROJECT / "scripts" / "audit"], capture_output=True, text=True, check=False, env=environment)


def test_the_sbom_names_every_package_of_the_lock_file_with_its_version(tmp_path: Path) -> None:
    subprocess.run([PROJECT / "scripts" / "sbom", tmp_path / "sbom.json"], check=True, capture_output=True)
    content = json.loads((tmp_path / "sbom.json").read_text())
    assert content["bomFormat"] == "CycloneDX"
    assert {c["name"]: c["version"] for c in content["components"]} == LOCKED
    assert all(c.get("externalReferences") for c in content["components"]), "each with the hashes of its files"


def test_an_audit_that_cannot_be_made_says_so_and_passes() -> None:
    done = audit("http://127.0.0.1:9/v1/query")
    assert done.returncode == 0
    assert "nothing was audited" in done.stderr


def test_a_known_vulnerability_fails_the_audit() -> None:
    class Osv(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = asked["package"]["name"]
            range_ = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999"}]}
            affected = [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [range_]}]
            found = [{"id": "GHSA-test", "summary": "s", "details": "d", "affected": affected}] if name == "jinja2" else []
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"vulns": found} if found else {}).encode())

        def log_message(self, *args: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        done = audit(f"http://127.0.0.1:{server.server_address[1]}/v1/query")
    finally:
        server.shutdown()
    assert done.returncode == 1
    assert "GHSA-test" in done.stdout and "jinja2" in done.stdout
