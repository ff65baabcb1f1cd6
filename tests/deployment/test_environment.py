"""``make env`` where packages come from a mirror of one's own, and on a machine that lacks what it needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from orchestration.transform import dbt
from tests.lib.mirror import authority, line, repacked, serving, wheel

pytestmark = pytest.mark.xdist_group("environment")

MINE = {"PIP", "UV", "SSL", "REQUESTS", "CURL", "HTTP", "HTTPS", "ALL", "http", "https", "all"}
BUILDS = ("hatchling", "editables", "packaging", "pathspec", "pluggy", "trove-classifiers")


def without_settings(home: Path) -> dict[str, str]:
    """This environment without what tells pip or uv where to go."""
    kept = {k: v for k, v in os.environ.items() if k.split("_")[0] not in MINE}
    return kept | {"HOME": str(home), "NO_PROXY": "", "no_proxy": "", "PIP_CONFIG_FILE": os.devnull}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """A small project with our scripts, and the wheels that it needs; one of them is nowhere else in the world."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "scripts", root / "scripts")
    wheels_folder = tmp_path_factory.mktemp("wheels")
    wheels = [repacked(wheels_folder, name) for name in ("uv", *BUILDS)]
    wheels.append(wheel(wheels_folder, "alleen_hier", "1.0", {"alleen_hier.py": b"WAAR = 'spiegel'\n"}))
    (root / "requirements.lock").write_text("".join(line(path) for path in wheels))
    build = 'requires = ["hatchling"]\nbuild-backend = "hatchling.build"'
    packages = '[tool.hatch.build.targets.wheel]\npackages = ["orchestration"]'
    (root / "pyproject.toml").write_text(f'[build-system]\n{build}\n[project]\nname = "klein"\nversion = "1"\n{packages}\n')
    code = root / "orchestration" / "transform"
    code.mkdir(parents=True)
    (code / "dbt.py").write_text("def parse():\n    import alleen_hier\n    print(alleen_hier.WAAR)\n")
    return root, wheels


@pytest.fixture(scope="module")
def mirror(project: tuple[Path, list[Path]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, list[str]]]:
    """Address of the mirror, the file of its authority, what is asked of it."""
    ours, server = authority(tmp_path_factory.mktemp("autoriteit"))
    with serving(project[1], server) as (address, asked):
        yield address, ours, asked


def environment(root: Path, names: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([root / "scripts" / "environment", sys.executable], env=names, capture_output=True, text=True, check=False)


def test_everything_comes_from_the_mirror_that_pip_is_configured_with(
    project: tuple[Path, list[Path]], mirror: tuple[str, Path, list[str]], tmp_path: Path
) -> None:
    root, wheels = project
    address, ours, asked = mirror
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[global]\nindex-url = {address}\ncert = {ours}\n")
    names = without_settings(tmp_path) | {"PIP_CONFIG_FILE": str(configuration), "UV_NO_CACHE": "1"}
    done = environment(root, names)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "spiegel\n"
    assert {Path(path).name for path in asked} >= {path.name for path in wheels}


def uv_with(root: Path, names: dict[str, str], wanted: Path, lock: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Install one line of a lock file into a folder, as the script does it."""
    (tmp_path / "lock").write_text(lock)
    command = [
        sys.executable,
        root / "scripts" / "uv",
        "pip",
        "install",
        "--no-cache",
        "--target",
        wanted,
        "--require-hashes",
        "-r",
        tmp_path / "lock",
    ]
    return subprocess.run(command, env=names, capture_output=True, text=True, check=False)


def test_uv_goes_where_pips_variables_say_and_nowhere_else(
    project: tuple[Path, list[Path]], mirror: tuple[str, Path, list[str]], tmp_path: Path
) -> None:
    root, wheels = project
    address, ours, _ = mirror
    nowhere = "https://127.0.0.1:9/simple/"
    lock = line(wheels[-1])
    base = without_settings(tmp_path)
    for names in (
        {"PIP_INDEX_URL": address, "PIP_CERT": str(ours)},
        {
            "PIP_INDEX_URL": address.replace("/simple", "/leeg/simple"),
            "PIP_EXTRA_INDEX_URL": f"{address}  {address}",
            "PIP_CERT": str(ours),
        },
        {"PIP_INDEX_URL": address, "REQUESTS_CA_BUNDLE": str(ours)},
        {"PIP_INDEX_URL": address, "PIP_TRUSTED_HOST": "127.0.0.1"},
        {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels[-1].parent)},
    ):
        wanted = tmp_path / str(len(list(tmp_path.iterdir())))
        done = uv_with(root, base | names, wanted, lock, tmp_path)
        assert done.returncode == 0, (names, done.stderr)
        assert (wanted / "alleen_hier.py").exists()
    for why, names in {
        "UnknownIssuer": {"PIP_INDEX_URL": address},
        "127.0.0.1:9": {"PIP_INDEX_URL": nowhere, "PIP_CERT": str(ours)},
    }.items():
        done = uv_with(root, base | {"UV_HTTP_RETRIES": "0"} | names, tmp_path / "niet", lock, tmp_path)
        assert done.returncode != 0 and why in done.stderr, (names, done.stderr)


def test_a_proxy_that_pip_is_configured_with_is_asked(project: tuple[Path, list[Path]], tmp_path: Path) -> None:
    root, wheels = project
    names = without_settings(tmp_path) | {
        "PIP_INDEX_URL": "https://mirror.invalid/simple/",
        "PIP_PROXY": "127.0.0.1:9",
        "UV_HTTP_RETRIES": "0",
    }
    done = uv_with(root, names, tmp_path / "niet", line(wheels[-1]), tmp_path)
    assert done.returncode != 0
    assert "tunnel" in done.stderr or "proxy" in done.stderr.lower(), done.stderr


def python_that(folder: Path, says: str) -> Path:
    """A Python that is not as it should be: its own code before what it is asked to run."""
    path = folder / "python-proef"
    path.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'import sys\n{says}\nexec(sys.stdin.read())'\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ('sys.version_info = (3, 9, 2); sys.version = "3.9.2 (old)"', "Python 3.11, 3.12 or 3.13 is needed; this is 3.9.2"),
        ('sys.modules["ensurepip"] = None', "lacks ensurepip"),
        ('sys.modules["venv"] = None', "lacks venv"),
    ],
)
def test_what_a_bare_machine_lacks_is_named_with_what_to_install(says: str, told: str, tmp_path: Path) -> None:
    done = subprocess.run([PROJECT / "scripts" / "environment", python_that(tmp_path, says)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert told in done.stderr and "apt-get install python3" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_python_at_all(tmp_path: Path) -> None:
    done = subprocess.run([PROJECT / "scripts" / "environment", "python-is-er-niet"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "There is no python-is-er-niet on this machine" in done.stderr and "apt-get install python3" in done.stderr


def test_a_checkout_that_changed_and_cannot_be_written_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbt, "MANIFEST", Path("/proc/nergens/target/manifest.json"))
    monkeypatch.setattr(dbt, "PARSED_FROM", Path("/proc/nergens/target/vingerafdruk"))
    with pytest.raises(dbt.OutdatedError, match=r"Let the owner of the checkout run: make -C .* env"):
        dbt.parse()
