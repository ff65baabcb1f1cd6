"""The key of this warehouse: the one that its landing was made with, or none at all; and a log of every use."""

import fcntl
import glob
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration import logs
from orchestration.files import append_line, make_folder, sweep, sync_folder, write_over
from orchestration.keys.keyring import NO_KEY, KeyFileError, Keyring, held_in, new_key, open_keyring
from orchestration.language import say
from orchestration.register.register import Register, who
from orchestration.settings import Settings

LOG = "sleutelgebruik.jsonl"


def new_key_path(settings: Settings) -> Path:
    """Where a new key waits while everything is written anew with it."""
    return settings.key_path.with_name(settings.key_path.name + ".nieuw")


def right_key(settings: Settings) -> Keyring:
    """The keyring; made on first use, and refused when the landing was made with another key. For a use that is logged: ``open_key``.

    Raises ``KeyFileError`` before anything is written: with another key the same person would get another hash.
    """
    expected, path = Register(settings).key_fingerprint(), settings.key_path
    sweep(path.parent, f"{glob.escape(path.name)}*")
    _settle_new_key(settings, expected)
    if expected and not path.exists():
        raise KeyFileError(
            say(
                "The key file {path} is missing, and the landing was made with key {key}. Put the key file back from its backup, or point "
                "VT_KEY_FILE at it. Nothing was written.",
                path=path,
                key=expected,
            )
        )
    if not expected and path.exists():
        _settle_first_key(settings)
    keyring = open_keyring(path)
    if expected and keyring.fingerprint != expected:
        raise KeyFileError(
            say(
                "The key file {path} holds key {other}, and the landing was made with key {key}. Put the right key file back, or point "
                "VT_KEY_FILE at it. Nothing was written.",
                path=path,
                other=keyring.fingerprint,
                key=expected,
            )
        )
    return keyring


def open_key(settings: Settings, purpose: str) -> Keyring:
    """The right key, its use logged with ``purpose``. Raises ``KeyFileError`` as ``right_key`` does."""
    keyring = right_key(settings)
    log_use(settings, keyring, purpose)
    return keyring


def _settle_first_key(settings: Settings) -> None:
    """Make the key where its making was cut off and nothing rests on it yet: the file is there, and empty.

    Raises ``KeyFileError`` for one that holds something else than a key: it may be part of one that is dear to someone.
    """
    path = settings.key_path
    if not path.stat().st_size and not path.is_symlink():
        with path.open("rb") as empty:
            fcntl.flock(empty, fcntl.LOCK_EX)  # of two processes one makes the key, and the other finds it
            if os.path.samestat(os.fstat(empty.fileno()), path.stat()):
                write_over(path, new_key())
                logs.event(settings, "lege_sleutel_vervangen", bestand=str(path))
    if held_in(path) is None:
        first = say("Nothing was taken in yet: if there is no key to put back, remove the file, and the next command makes one.")
        raise KeyFileError(f"{say(NO_KEY, path=path)} {first}")


def _settle_new_key(settings: Settings, expected: str | None) -> None:
    """What a change of key that was cut off left behind: put in place when it counted, removed when it never did and is no key.

    A whole key that the register does not name waits for the next change, which writes over it. A change that is at work shows no half key.
    """
    waiting = new_key_path(settings)
    if not waiting.exists():
        return
    new = held_in(waiting)
    if new is not None:
        if new.fingerprint == expected:
            waiting.replace(settings.key_path)
            sync_folder(waiting.parent)
        return
    held = held_in(settings.key_path) if settings.key_path.exists() else None
    if expected and (held is None or held.fingerprint != expected):
        raise KeyFileError(
            say(
                "The landing was made with key {key}, and {path} does not hold it; {waiting}, where a change of key that was cut off "
                "leaves the new one, holds no key. Put the key with fingerprint {key} back as {path} from its backup, and remove "
                "{waiting}. Nothing was written.",
                key=expected,
                path=settings.key_path,
                waiting=waiting,
            )
        )
    waiting.unlink(missing_ok=True)
    logs.event(settings, "halve_nieuwe_sleutel_verwijderd", bestand=str(waiting))


def log_use(settings: Settings, keyring: Keyring, purpose: str) -> None:
    """Add a line to the log: when, who, which key (its fingerprint) and what for. On disk when this returns."""
    line = {
        "op": datetime.now(UTC).isoformat(timespec="seconds"),
        "wie": who(),
        "sleutel": keyring.fingerprint,
        "waarvoor": purpose,
    }
    make_folder(settings.register)
    append_line(settings.register / LOG, json.dumps(line, ensure_ascii=False), force=True)


def uses(settings: Settings) -> list[dict[str, Any]]:
    """The log of uses, oldest first: op, wie, sleutel, waarvoor. A line that was cut off or damaged is shown as that."""
    path = settings.register / LOG
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [_use(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def _use(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
        return {name: str(found[name]) for name in ("op", "wie", "sleutel", "waarvoor")}
    except (ValueError, TypeError, KeyError, RecursionError):
        lost = say("line {number} of {file} was cut off or damaged", number=number, file=LOG)
        return {"op": "?", "wie": "?", "sleutel": "?", "waarvoor": lost}
