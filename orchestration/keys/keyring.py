"""The key file, and the keys derived from it: one for each purpose, so that none can stand in for another."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from orchestration.errors import UserError
from orchestration.files import make_folder, write_new
from orchestration.language import later, say

LENGTH = 32


NO_KEY = later("The key file {path} does not hold 64 hexadecimal digits. Put the right key file back, or point VT_KEY_FILE at it.")


class KeyFileError(UserError):
    """The key file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, repr=False)
class Keyring:
    """The keys of one warehouse. Never printed: it has no repr that shows them."""

    master: bytes

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA-256): ``pseudoniem``, ``vault``, ``archive``, ``quarantine``, ``build``, ``cbs``."""
        return HKDF(SHA256(), LENGTH, salt=None, info=f"veilig-thuis/{purpose}".encode()).derive(self.master)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that tell one key from another and give nothing of it away."""
        return self.derive("fingerprint").hex()[:16]


def new_key() -> bytes:
    """The content of the file of a new key."""
    return f"{secrets.token_hex(LENGTH)}\n".encode()


def open_keyring(path: Path) -> Keyring:
    """The keys from the key file at ``path``; made there, mode 0600, when it does not exist.

    Raises ``KeyFileError`` when the file is not 64 hex digits or others than its owner may read it.
    """
    if not path.exists():
        make_folder(path.parent)
        with suppress(FileExistsError):  # another process was first: its key is the key
            write_new(path, new_key())
    if path.stat().st_mode & 0o077:
        raise KeyFileError(say("The key file {path} can be read by others than its owner. Run: chmod 600 {path}", path=path))
    keyring = held_in(path)
    if keyring is None:
        raise KeyFileError(say(NO_KEY, path=path))
    return keyring


def held_in(path: Path) -> Keyring | None:
    """The keys from the key file at ``path``; None when it holds no key."""
    try:
        master = bytes.fromhex(path.read_text().strip())
    except (ValueError, UnicodeDecodeError):
        return None
    return Keyring(master) if len(master) == LENGTH else None
