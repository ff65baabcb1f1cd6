"""The key of this warehouse: the one that its landing was made with, or none at all."""

from orchestration.keys import Keyring, SleutelFout, open_keyring
from orchestration.landing.register import Register
from orchestration.settings import Settings


def open_key(settings: Settings) -> Keyring:
    """The keyring; made on first use, and refused when the landing was made with another key.

    Raises ``SleutelFout`` before anything is written: with another key the same person would get another hash.
    """
    expected = Register(settings).sleutel()
    if expected and not settings.key_path.exists():
        raise SleutelFout(
            f"The key file {settings.key_path} is missing, and the landing was made with key {expected}. "
            "Put the key file back from its backup, or point VT_KEY_FILE at it."
        )
    keyring = open_keyring(settings.key_path)
    if expected and keyring.fingerprint != expected:
        raise SleutelFout(
            f"The key file {settings.key_path} holds key {keyring.fingerprint}, and the landing was made with key {expected}. "
            "Put the right key file back, or point VT_KEY_FILE at it. Nothing was written."
        )
    return keyring
