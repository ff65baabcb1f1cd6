"""How a name is written down that a library keeps to itself (``defs/dagster_inside.py``, ``transform/dbt_inside.py``)."""

from typing import NamedTuple


class Inside(NamedTuple):
    """A private name that is used all the same; ``tests/test_public_ground.py`` holds each of them to what is installed."""

    package: str
    """Whose version counts."""
    seen: str
    """The version in which the name was last looked at; a newer one than of the same minor number asks for another look."""
    name: str
    """The name, by its whole path."""
    why: str
    """What it is for, and why nothing public does the same."""
    text: str = ""
    """What is used of it as text: it stands so in the library's own code."""
