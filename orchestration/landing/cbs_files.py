"""The files for CBS as they are kept: encrypted, with the key of this warehouse; what each was made of stands beside it, in the clear.

``cbs/<half-year>-<number>.<key>.vtc`` and ``cbs/<half-year>-<number>.json``. Forgetting and a change of key reach them here; all else of
them, ``outputs.cbs`` knows.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from orchestration import duck
from orchestration.files import make_folder, remove, sync_folder
from orchestration.keys import crypt
from orchestration.keys.keyring import Keyring
from orchestration.settings import Settings
from orchestration.sql import listed, text

PURPOSE, SUFFIX, ACCOUNT = "cbs", ".vtc", ".json"


def file_of(settings: Settings, keyring: Keyring, name: str) -> Path:
    """Where the file ``name`` (``2024-H2-1``) lies, sealed with this key."""
    return settings.cbs / f"{name}.{keyring.fingerprint[:8]}{SUFFIX}"


def names(settings: Settings, keyring: Keyring) -> list[str]:
    """The files that are there and open with this key."""
    return sorted(path.name.split(".")[0] for path in settings.cbs.glob(f"*.{keyring.fingerprint[:8]}{SUFFIX}"))


def seal(settings: Settings, keyring: Keyring, name: str, content: bytes) -> Path:
    """Keep a new file. What a making that was cut off left under its name goes."""
    make_folder(settings.cbs)
    path = file_of(settings, keyring, name)
    remove(path)
    crypt.seal(path, [content], keyring.derive(PURPOSE))
    sync_folder(settings.cbs)
    return path


def unsealed(settings: Settings, keyring: Keyring, name: str) -> bytes:
    """The content of a file. Raises ``DecryptError`` where it does not open, ``FileNotFoundError`` where it is gone."""
    return b"".join(crypt.unseal(file_of(settings, keyring, name), keyring.derive(PURPOSE)))


def holding(settings: Settings, keyring: Keyring, texts: dict[str, set[str]]) -> list[str]:
    """The files in which any of these numbers (by kind) stands, at a place where its account says that such numbers stand; and files
    without an account.
    """
    return [name for name in names(settings, keyring) if _holds(settings, keyring, name, texts)]


def _holds(settings: Settings, keyring: Keyring, name: str, texts: dict[str, set[str]]) -> bool:
    try:
        account = json.loads((settings.cbs / f"{name}{ACCOUNT}").read_text(encoding="utf-8"))
        first, last = account["recordcode"]
        places = [(str(code), str(kind), int(begin), int(end)) for code, kind, begin, end in account["nummers"]]
    except (OSError, ValueError, KeyError, TypeError):  # nobody can tell
        return True
    wanted = {kind: sorted({t.strip() for t in found}) for kind, found in texts.items() if found}
    found = [
        f"(substr(line, {first}, {last - first + 1}) = {text(code)} "
        f"and trim(substr(line, {begin}, {end - begin + 1})) in ({listed(wanted[kind])}))"
        for code, kind, begin, end in places
        if kind in wanted
    ]
    if not found:
        return False
    with duck.connect(settings) as con:
        con.execute(
            "create table lines as select unnest(string_split(?, chr(10))) as line", [unsealed(settings, keyring, name).decode("ascii")]
        )
        return con.execute(f"select 1 from lines where {' or '.join(found)} limit 1").fetchone() is not None


def destroy(settings: Settings, keyring: Keyring, found: list[str]) -> None:
    """Remove the files; what each was made of stays, and says that there was one."""
    for name in found:
        remove(file_of(settings, keyring, name))


def seal_anew(settings: Settings, old: Keyring, new: Keyring) -> None:
    """A copy of every file under the new key, beside the old one, which goes with ``tidy`` once the new key counts."""
    for name in names(settings, old):
        seal(settings, new, name, unsealed(settings, old, name))


def tidy(settings: Settings, keyring: Keyring) -> None:
    """Remove what no key opens any more, and files that nothing is known of: their making was cut off."""
    for path in _files(settings):
        name, _, rest = path.name.partition(".")
        if rest != f"{keyring.fingerprint[:8]}{SUFFIX}" or not (settings.cbs / f"{name}{ACCOUNT}").exists():
            remove(path)


def _files(settings: Settings) -> Iterator[Path]:
    return settings.cbs.glob(f"*{SUFFIX}")
