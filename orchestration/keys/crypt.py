"""Encryption of whole streams: AES-256-GCM in chunks, each bound to its place, the last one marked.

A chunk that was changed, moved, left out or cut off does not open. Layout: 4 bytes name, 8 bytes random, then per chunk 4 bytes length and
the sealed bytes; the nonce is the random part and the chunk's number, the length and whether it is the last are authenticated beside it.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orchestration.errors import UserError
from orchestration.language import say

MAGIC = b"VTA1"
CHUNK = 1 << 20
TAG = 16


class DecryptError(UserError):
    """An encrypted file does not open: another key, or the file was damaged."""


def seal(path: Path, content: Iterable[bytes], key: bytes) -> int:
    """Write ``content`` encrypted to the new file ``path`` (mode 0600) and force it to disk. Returns the bytes of content."""
    cipher, prefix, size, number = AESGCM(key), os.urandom(8), 0, 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(MAGIC + prefix)
        for chunk, last in _chunks(content):
            sealed = cipher.encrypt(prefix + struct.pack(">I", number), chunk, MAGIC + bytes([last]))
            file.write(struct.pack(">I", len(sealed)) + sealed)
            size += len(chunk)
            number += 1
        file.flush()
        os.fsync(file.fileno())
    return size


def unseal(path: Path, key: bytes) -> Iterator[bytes]:
    """The content of a sealed file, chunk by chunk. Raises ``DecryptError`` at the first chunk that does not open."""
    cipher, number, last = AESGCM(key), 0, False
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != MAGIC:
            raise DecryptError(say("{file} is no archive file of this warehouse.", file=path.name))
        while not last:
            length = file.read(4)
            size = struct.unpack(">I", length)[0] if len(length) == 4 else 0
            if not TAG <= size <= CHUNK + TAG:
                raise DecryptError(say("{file} is damaged. Put it back from a backup.", file=path.name))
            sealed = file.read(size)
            ahead = file.read(1)
            last = not ahead
            if ahead:
                file.seek(-1, os.SEEK_CUR)
            try:
                yield cipher.decrypt(head[4:] + struct.pack(">I", number), sealed, MAGIC + bytes([last]))
            except InvalidTag:
                text = say("{file} does not open: it was sealed with another key, or it is damaged.", file=path.name)
                raise DecryptError(text) from None
            number += 1


def _chunks(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The content in chunks of one size, each with whether it is the last; at least one chunk, which may be empty."""
    held = bytearray()
    for piece in content:
        held += piece
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK]), False
            del held[:CHUNK]
    yield bytes(held), True
