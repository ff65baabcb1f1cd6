"""Every text that people are told has its Dutch, with the same values in it; and the Dutch has nothing that nobody says any more."""

import string

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from orchestration import language
from orchestration.settings import PROJECT


def said() -> set[str]:
    """The English texts in the code."""
    found = extract_from_dir(PROJECT / "orchestration", [("**.py", "python")], keywords={"say": None, "later": None})
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def dutch() -> dict[str, str]:
    with language.CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="nl") if m.id}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_has_its_dutch_and_no_dutch_stands_alone() -> None:
    assert said() == set(dutch())
    assert [english for english, text in dutch().items() if not text] == []


def test_the_dutch_has_the_same_values_as_the_english() -> None:
    assert {english: fields(text) for english, text in dutch().items()} == {english: fields(english) for english in dutch()}


def test_a_text_is_told_in_the_language_that_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_dutch", lambda: {"Delivery {number} waits": "Levering {number} wacht"})
    texts = []
    for name in ("nl", "en"):
        language.speak(name)
        texts.append((language.say("Delivery {number} waits", number=3), language.say("Nobody translated {what}", what="this")))
    assert texts == [("Levering 3 wacht", "Nobody translated this"), ("Delivery 3 waits", "Nobody translated this")]
