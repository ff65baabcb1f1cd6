"""The key of this warehouse: the one that its landing was made with, or none at all; and a log of every use."""

import errno
import getpass
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.keys import Keyring, SleutelFout, open_keyring
from orchestration.landing.files import make_folder
from orchestration.landing.register import Register
from orchestration.settings import Settings

LOG = "sleutelgebruik.jsonl"


def new_key_path(settings: Settings) -> Path:
    """Where a new key waits while everything is written anew with it."""
    return settings.key_path.with_name(settings.key_path.name + ".nieuw")


def right_key(settings: Settings) -> Keyring:
    """The keyring; made on first use, and refused when the landing was made with another key. For a use that is logged: ``open_key``.

    Raises ``SleutelFout`` before anything is written: with another key the same person would get another hash.
    """
    expected = Register(settings).sleutel()
    _finish_rotation(settings, expected)
    if expected and not settings.key_path.exists():
        raise SleutelFout(
            f"The key file {settings.key_path} is missing, and the landing was made with key {expected}. "
            "Put the key file back from its backup, or point VT_KEY_FILE at it. Nothing was written."
        )
    keyring = open_keyring(settings.key_path)
    if expected and keyring.fingerprint != expected:
        raise SleutelFout(
            f"The key file {settings.key_path} holds key {keyring.fingerprint}, and the landing was made with key {expected}. "
            "Put the right key file back, or point VT_KEY_FILE at it. Nothing was written."
        )
    return keyring


def open_key(settings: Settings, waarvoor: str) -> Keyring:
    """The right key, its use logged with ``waarvoor``. Raises ``SleutelFout`` as ``right_key`` does."""
    keyring = right_key(settings)
    log_use(settings, keyring, waarvoor)
    return keyring


def _finish_rotation(settings: Settings, expected: str | None) -> None:
    """Put the new key in place when the change of key was cut off after it counted."""
    waiting = new_key_path(settings)
    if expected and waiting.exists() and open_keyring(waiting).fingerprint == expected:
        waiting.replace(settings.key_path)


def log_use(settings: Settings, keyring: Keyring, waarvoor: str) -> None:
    """Add a line to the log: when, who, which key (its fingerprint) and what for. On disk when this returns."""
    line = {
        "op": datetime.now(UTC).isoformat(timespec="seconds"),
        "wie": getpass.getuser(),
        "sleutel": keyring.fingerprint,
        "waarvoor": waarvoor,
    }
    make_folder(settings.register)
    handle = os.open(settings.register / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        text = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        end = os.fstat(handle).st_size
        if os.write(handle, text) < len(text):  # the disk is full: leave no half line
            os.ftruncate(handle, end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(settings.register / LOG))
        os.fsync(handle)
    finally:
        os.close(handle)


def uses(settings: Settings) -> list[dict[str, Any]]:
    """The log of uses, oldest first: op, wie, sleutel, waarvoor."""
    path = settings.register / LOG
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
