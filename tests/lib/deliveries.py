"""Deliveries for tests: changed after they were made, so that each test says what is wrong with its own."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def unpack(path: Path) -> dict[str, bytes]:
    """File name → content of a zipped delivery."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, files: dict[str, bytes]) -> None:
    """Write a zipped delivery, its manifest last."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda n: n == "levering.json"):
            archive.writestr(name, files[name])


def manifest(files: dict[str, bytes], **changes: Any) -> None:
    """Change the manifest, and have its checksums and row counts follow the files as they are now (no newlines in quotes)."""
    content = json.loads(files["levering.json"]) | changes
    for entry in content["bestanden"]:
        data = files[entry["bestand"]]
        entry["sha256"] = hashlib.sha256(data).hexdigest()
        entry["rijen"] = max(len(data.decode("utf-8-sig").splitlines()) - 1, 0)
    files["levering.json"] = json.dumps(content).encode()


def change_field(files: dict[str, bytes], name: str, line: int, field: str, change: Callable[[str], str]) -> None:
    """Put another value in ``field`` on physical ``line`` (header = 1) of file ``name``; for content without quotes."""
    lines = files[name].decode().splitlines()
    header = lines[0].lstrip("\ufeff").split(";")
    cells = lines[line - 1].split(";")
    cells[header.index(field)] = change(cells[header.index(field)])
    lines[line - 1] = ";".join(cells)
    files[name] = ("\n".join(lines) + "\n").encode()
