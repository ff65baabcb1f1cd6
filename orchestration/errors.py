"""The one kind of error that a user is shown as a sentence."""

import difflib
from collections.abc import Iterable

from orchestration.language import say


class UserError(Exception):
    """Something that the reader of the message can mend; the message says what is wrong, where, and what to do."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The names that come near to a word as a sentence to end an error with, or nothing; letters count, not whether they are capitals."""
    by_lower: dict[str, str] = {}
    for name in known:
        by_lower.setdefault(name.lower(), name)
    near = difflib.get_close_matches(word.lower(), by_lower, n=3)
    near += [name for name in by_lower if word and word.lower() in name and name not in near][: 3 - len(near)]
    return " " + say("Did you mean {names}?", names=say(" or ").join(by_lower[name] for name in near)) if near else ""
