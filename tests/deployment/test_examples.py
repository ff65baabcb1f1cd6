"""The examples of docs/examples as they are written: another user, a read-only checkout, no home folder; a refresh ends in a release."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.demo import write_small
from orchestration.settings import PROJECT
from tests.lib.machine import INSTALLED, Machine, needs, needs_root

pytestmark = pytest.mark.xdist_group("deployment")

EXAMPLES = PROJECT / "docs" / "examples"
ODD = "'s-Hertogenbosch 100% #1 \\ {a}"
"""A name that SQL, addresses, formats and shells each take amiss in its own way."""


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(tmp_path_factory.mktemp("klein"))[0]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a machine, where every user may pass."""
    needs_root()
    yield tmp_path
    shutil.rmtree(tmp_path)


def data_folder(path: Path, uid: int, delivery: Path) -> Path:
    """A new data folder of ``uid`` with a delivery in its inbox."""
    (path / "inbox").mkdir(parents=True)
    shutil.copy(delivery, path / "inbox")
    for each in (path, *path.rglob("*")):
        os.chown(each, uid, uid)
    return path


def settings_of(name: str) -> dict[str, str]:
    """The settings of an example, without the mail server that is not there."""
    return {k: v for k, v in as_systemd_reads(EXAMPLES / name).items() if k != "VT_ALARM_NAAR"}


def as_systemd_reads(path: Path) -> dict[str, str]:
    """``EnvironmentFile=`` (systemd.exec): what stands in single quotes is taken as it is, and the quotes fall away."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", ";"))]
    found = dict(line.split("=", 1) for line in lines)
    assert all(re.fullmatch(r"'[^'\\]*'", v) for v in found.values()), "read alike by sh and by systemd"
    return {k: v[1:-1] for k, v in found.items()}


@pytest.mark.parametrize("name", ["productie.env", "acceptatie.env"])
def test_the_settings_are_the_same_for_systemd_and_a_shell(tmp_path: Path, name: str) -> None:
    """With two addresses, and signs that a shell knows; the commented ones too. As installeren.md has a shell read them."""
    text = re.sub(r"^# (VT_)", r"\1", (EXAMPLES / name).read_text(), flags=re.MULTILINE)
    path = tmp_path / name
    path.write_text(
        text.replace("mail.example.nl?to=", "mail.example.nl?name=a b&x=$HOME#1;`id`&to=").replace("nl'\n", "nl json://h/p'\n", 1)
    )
    command = re.findall(
        r"sh -c '(set -a; \. )/etc/veilig-thuis/productie.env; exec ", (EXAMPLES.parent / "runbooks/installeren.md").read_text()
    )
    done = subprocess.run(["sh", "-c", f"{command[0]}{path}; exec env -0"], capture_output=True, text=True, check=True, env={})
    read = dict(pair.split("=", 1) for pair in done.stdout.split("\0") if pair.startswith("VT_"))
    assert read == as_systemd_reads(path)
    assert {"VT_ALARM_NAAR", "VT_DAGSTER_POSTGRES"} <= read.keys()
    assert " json://" in read["VT_ALARM_NAAR"] and "&x=$HOME#1;`id`&to=" in read["VT_ALARM_NAAR"]


def test_nobody_is_told_to_give_them_to_a_container_with_their_quotes() -> None:
    image = (EXAMPLES / "Containerfile").read_text()
    assert "not --env-file" in image
    assert "set -a; . /etc/veilig-thuis/productie.env" in image and "--env VT_ALARM_NAAR" in image


def unit(name: str) -> dict[str, str]:
    """The section ``[Service]`` of an example."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys as they are written
    parser.read(EXAMPLES / name)
    return dict(parser["Service"])


def owned(path: Path, uid: int) -> bool:
    return all(p.lstat().st_uid == uid for p in path.rglob("*"))


def open_to_others(path: Path, leave_out: set[str]) -> list[str]:
    return [str(p) for p in path.rglob("*") if not p.is_symlink() and p.stat().st_mode & 0o077 and not leave_out & set(p.parts)]


def test_the_unit_of_the_nightly_refresh(folder: Path, delivery: Path) -> None:
    service, uid = unit("veilig-thuis.service"), 4711
    settings = settings_of(Path(service["EnvironmentFile"]).name)
    home, key = settings["VT_HOME"], str(Path(settings["VT_KEY_FILE"]).parent)
    assert service["ReadWritePaths"].split() == [home, key]
    assert (service["ProtectSystem"], service["PrivateTmp"]) == ("strict", "yes")
    assert "SuccessExitStatus" not in service, "what ends with 1 needs someone; a crash must not pass for it"
    keys = folder / "sleutels"
    keys.mkdir(mode=0o700)
    os.chown(keys, uid, uid)
    data = data_folder(folder / "data", uid, delivery)
    machine = Machine(folder, {home: data, key: keys}, {service["User"]: uid})
    names = {"HOME": f"/home/{service['User']}", "USER": service["User"], "LOGNAME": service["User"], "PATH": "/usr/bin:/bin"}  # by systemd
    command = [*service["ExecStart"].split(), "--json"]
    done = machine.run(command, uid, settings | names, umask=int(service["UMask"], 8), cwd=service["WorkingDirectory"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["uitkomst"] == "gepubliceerd"
    assert (keys / "productie").stat().st_mode & 0o777 == 0o600
    assert owned(data, uid)
    assert open_to_others(data, {"inbox"}) == []
    (event, *_) = sorted((data / "register").glob("*.json"))
    assert json.loads(event.read_text())["wie"] == service["User"]


def test_a_container_that_is_read_only_as_a_user_without_a_name(folder: Path, delivery: Path) -> None:
    """As docker and podman run it with ``--read-only --tmpfs /tmp --user 12345``; the data folder has an odd name."""
    image, uid = (EXAMPLES / "Containerfile").read_text(), 12345
    names = dict(pair.split("=", 1) for line in re.findall(r"^ENV (.*)$", image, re.MULTILINE) for pair in line.split())
    names["PATH"] = names["PATH"].replace("$PATH", "/usr/local/bin:/usr/bin:/bin")
    command = json.loads(re.findall(r"^CMD (.*)$", image, re.MULTILINE)[-1])
    assert f"VOLUME {names['VT_HOME']}" in image
    data = data_folder(folder / "data", uid, delivery)
    odd = f"{names['VT_HOME']}/{ODD}"
    machine = Machine(folder, {odd: data})
    done = machine.run([*command, "--json"], uid, names | {"VT_HOME": odd, "HOME": "/"}, cwd=str(INSTALLED))
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["uitkomst"] == "gepubliceerd"
    assert owned(data, uid)
    assert open_to_others(data, {"inbox"}) == []
    (event, *_) = sorted((data / "register").glob("*.json"))
    assert json.loads(event.read_text())["wie"] == f"uid {uid}"
    told = machine.run(["vt", "deliveries", "list"], uid, {k: v for k, v in names.items() if k != "VT_HOME"} | {"VT_HOME": odd})
    assert told.returncode == 0 and "opgenomen" in told.stdout, "without HOME: " + told.stderr


def test_a_container_is_not_built_from_data_or_another_ones_environment() -> None:
    left_out = set((PROJECT / ".dockerignore").read_text().splitlines())
    ignored = {line.strip("/") for line in (PROJECT / ".gitignore").read_text().splitlines()}
    assert {".venv", "var", ".git", "dbt_project/target", "dbt_project/logs"} <= left_out
    assert {".venv", "var", "dbt_project/target"} <= ignored


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    needs("systemd-analyze", "systemd")
    paths = [Path(shutil.copy(path, tmp_path)) for pattern in ("*.service", "*.timer") for path in sorted(EXAMPLES.glob(pattern))]
    assert len(paths) == 3
    for path in paths:  # the program stands somewhere else here
        path.write_text(path.read_text().replace(f"{INSTALLED}/.venv/bin/vt", str(Path(sys.executable).parent / "vt")))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *map(str, paths)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
