"""The one sentence on a night, and the message around it."""

import pytest

from orchestration.alarm.causes import REFUSED, SIGNALEN, TE_LAAT, CauseChanges, causes
from orchestration.alarm.message import AT_MOST, TO_DO, reason, sentence, write
from orchestration.language import say, speak
from orchestration.release.verdict import Uitkomst, Verdict

RELEASE = "release 20250201T033000Z-000002, stand van 2025-01-31"


@pytest.fixture(autouse=True)
def dutch(spoken: None) -> None:
    speak("nl")


def verdict(outcome: Uitkomst, **more: object) -> Verdict:
    return Verdict(outcome, "20250201T033000Z-000002", None, "2025-01-31", **more)  # type: ignore[arg-type]  # any field, by its name


def test_a_night_that_nobody_need_look_at_gives_no_reason() -> None:
    assert sentence(verdict(Uitkomst.GEPUBLICEERD)) == f"Gepubliceerd: {RELEASE}."
    assert sentence(verdict(Uitkomst.NIETS_NIEUWS)) == f"Niets nieuws: {RELEASE}."
    assert reason(verdict(Uitkomst.GEPUBLICEERD)) == ""


def test_what_broke_down_is_said_with_what_readers_see_and_what_to_do() -> None:
    """The sentence of an error ends with a full stop, that of a check does not."""
    broken = verdict(Uitkomst.MISLUKT, redenen={"storing": "Make room, then run it again."})
    told = "Mislukt: Make room, then run it again. De oude release blijft staan (20250201T033000Z-000002, stand van 2025-01-31)"
    assert sentence(broken) == f"{told}; lezers merken niets. {say(TO_DO['mislukt'])}"
    first = Verdict(Uitkomst.MISLUKT, None, None, None, redenen={"storing": "Make room, then run it again."})
    assert sentence(first) == f"Mislukt: Make room, then run it again. Lezers zien geen release. {say(TO_DO['mislukt'])}"
    speak("en")
    assert sentence(first) == f"Failed: Make room, then run it again. Readers see no release. {TO_DO['mislukt']}"


def test_what_held_a_night_back_is_told_without_the_warnings_that_did_not() -> None:
    held_back = {"redenen": {"a": "controle a: 3 rijen"}, "signalen": {"gewaarschuwd:b": "waarschuwing b: 9 rijen"}}
    assert reason(verdict(Uitkomst.VASTGEHOUDEN, **held_back)) == "controle a: 3 rijen"
    assert reason(verdict(Uitkomst.GEPUBLICEERD, **held_back)) == "waarschuwing b: 9 rijen"


def test_of_many_reasons_some_are_told_and_the_rest_counted_and_the_message_has_them_all() -> None:
    many = verdict(Uitkomst.VASTGEHOUDEN, redenen={f"c{n}": f"controle c{n}: {n} rijen" for n in range(AT_MOST + 2)})
    assert len(causes(many)) == AT_MOST + 2
    assert reason(many) == "controle c0: 0 rijen; controle c1: 1 rijen; controle c2: 2 rijen; en nog 2"
    body = write(many, CauseChanges(causes(many), {}))[1]
    assert all(f"- controle c{n}: {n} rijen" in body for n in range(AT_MOST + 2))
    speak("en")
    assert reason(many).endswith("; and 2 more")


def test_a_message_is_the_sentence_and_repeats_nothing_of_it() -> None:
    held = verdict(Uitkomst.VASTGEHOUDEN, redenen={"a": "controle a: 3 rijen"})
    assert write(held, CauseChanges(causes(held), {})) == ("Veilig Thuis: vastgehouden", f"{sentence(held)}\n")
    over = verdict(Uitkomst.GEPUBLICEERD)
    subject, body = write(over, CauseChanges({}, causes(held)))
    assert (subject, body) == ("Veilig Thuis: hersteld", f"{sentence(over)}\n\nWat voorbij is:\n- controle a: 3 rijen\n")


def test_what_is_new_beside_what_the_sentence_says_is_told_with_what_to_do() -> None:
    held = verdict(Uitkomst.VASTGEHOUDEN, redenen={"a": "controle a: 3 rijen"}, signalen={"inbox:x": "In the inbox: x is a loose file"})
    body = write(held, CauseChanges({"inbox:x": "In the inbox: x is a loose file"}, {}))[1]
    assert body.startswith(sentence(held))
    assert body.endswith(f"Wat er nieuw is:\n- In the inbox: x is a loose file\n\nWat te doen:\n- {say(TO_DO['inbox'])}\n")


@pytest.mark.parametrize("outcome", list(Uitkomst))
def test_every_outcome_has_a_sentence_in_both_languages(outcome: Uitkomst) -> None:
    night = verdict(outcome, redenen={"a": "controle a: 3 rijen"})
    told = sentence(night)
    speak("en")
    assert sentence(night) != told


def test_every_kind_of_cause_says_what_to_do() -> None:
    """A kind without its line would take the sentence from the verdict, and with it the night."""
    kinds = {*SIGNALEN, REFUSED, TE_LAAT, Uitkomst.VASTGEHOUDEN, Uitkomst.MISLUKT}
    assert kinds - set(TO_DO) == set()
    for kind in SIGNALEN:
        told = Verdict(Uitkomst.GEPUBLICEERD, "r2", "r1", "2025-01-31", signalen={f"{kind}:x": "Something is so."})
        assert sentence(told).endswith(f"Something is so. {say(TO_DO[kind])}")
