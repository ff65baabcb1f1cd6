"""In which language people are told something: the code says it in English, ``nl.po`` beside this module in Dutch (``VT_TAAL``).

What is told to someone goes through ``say``, whole sentences at a time, so that no message mixes two languages. Names of things (columns,
rules, entities, commands, files) are the same in both. ``tests/test_language.py`` holds the catalogue to the code.
"""

from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("nl.po")
SPOKEN = {"language": "en"}
"""Of this process; English until ``speak`` says otherwise."""


def speak(language: str) -> None:
    """Tell everything in ``language`` (``nl`` or ``en``) from here on, in this process."""
    SPOKEN["language"] = language


def later(text: str) -> str:
    """Mark a text that is kept, to be given to ``say`` when it is told."""
    return text


def say(text: str, /, **values: object) -> str:
    """``text`` in the language that is spoken, each ``{name}`` in it replaced by its value."""
    told = _dutch().get(text, text) if SPOKEN["language"] == "nl" else text
    return told.format(**values)


def grouped(number: int) -> str:
    """A whole number with its thousands parted as the language does."""
    return f"{number:,}".replace(",", "." if SPOKEN["language"] == "nl" else ",")


def every(text: str, /, **values: object) -> set[str]:
    """``text`` in each language: to know again a sentence that was kept in the language of its time."""
    return {told.format(**values) for told in (text, _dutch().get(text, text))}


@cache
def _dutch() -> dict[str, str]:
    from babel.messages.pofile import read_po  # imported when first needed: not every command tells something

    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="nl") if m.id and m.string}
