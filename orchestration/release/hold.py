"""What keeps a release from the readers: it changes much of the past and waits for a person, or a person pinned another one."""

from dataclasses import dataclass
from typing import Any

from orchestration.language import say
from orchestration.register.lock import only_intake
from orchestration.register.register import LET_GO, PINNED, RELEASED, Register
from orchestration.release import store
from orchestration.release.store import ReleaseError
from orchestration.release.writer import only_writer
from orchestration.settings import Settings


@dataclass(frozen=True)
class Pin:
    """A release that readers keep until a person says otherwise."""

    release: str
    door: str
    reden: str
    sinds: str
    """Day on which it was pinned"""


def pinned(log: Register) -> Pin | None:
    """The pin that holds now."""
    events = log.events(PINNED, LET_GO, RELEASED)
    if not events or events[-1].soort != PINNED:
        return None
    last = events[-1]
    return Pin(last.inhoud["release"], last.inhoud["door"], last.inhoud["reden"], f"{last.op:%Y-%m-%d}")


def why(settings: Settings, content: dict[str, Any]) -> dict[str, str]:
    """Why a new release (``release.json``) does not become the one that readers see, by name; empty when it does.

    ``goedkeuring``: it changes much of the past. ``vastgezet``: a person pinned another release.
    """
    release, change = content["release"], content["gewijzigde_cijfers"]
    if _changes_much(settings, content):
        return {
            "goedkeuring": say(
                "Release {release} waits for approval: {changed} of {all} figures over ended periods changed. Look at them with vt release "
                "diff current {release}, let it through with vt release approve {release}",
                release=release,
                changed=change["vast_gewijzigd"],
                all=change["vast"],
            )
        }
    pin = pinned(Register(settings))
    return {"vastgezet": say("Release {release} waits: {pin}", release=release, pin=sentence(pin))} if pin else {}


def _changes_much(settings: Settings, content: dict[str, Any]) -> bool:
    """Whether over VT_WIJZIGING_DREMPEL of the figures of ended periods changed."""
    change = content["gewijzigde_cijfers"]
    return bool(change and change["vast_gewijzigd"] > settings.wijziging_drempel * change["vast"])


def sentence(pin: Pin) -> str:
    """What a pin means, and how it ends."""
    return say(
        "readers keep {release}, pinned on {day} by {who} ({why}). End it with vt release unpin",
        release=pin.release,
        day=pin.sinds,
        who=pin.door,
        why=pin.reden,
    )


def waiting(settings: Settings) -> dict[str, Any] | None:
    """``release.json`` of the newest release, when it is newer than the one that readers see, waits, and nobody ever showed it."""
    there, standing = store.release_ids(settings), store.current(settings)
    if not there or (standing and there[-1] <= standing):
        return None
    content = store.read(settings, there[-1])
    shown = {e.inhoud["release"] for e in Register(settings).events(PINNED, LET_GO, RELEASED)}
    return content if content.get("wacht") and content["release"] not in shown else None


def standing(settings: Settings) -> dict[str, str]:
    """What waits for a person now, by name as in ``why``: a release, or a pin that no release waits behind yet."""
    content, pin = waiting(settings), pinned(Register(settings))
    if content:
        found: dict[str, str] = content["wacht"]
        return found
    return {"vastgezet": say("No later release is shown: {pin}", pin=sentence(pin))} if pin else {}


def approve(settings: Settings, release: str, door: str, reden: str) -> Pin | None:
    """Put the release that waits before the readers; returns the pin that ends with it, if there was one.

    Raises ``ReleaseError`` when it does not wait.
    """
    with only_writer(settings), only_intake(settings):
        store.chosen(settings, release)
        waits, pin = waiting(settings), pinned(Register(settings))
        if waits is None or waits["release"] != release:
            if waits:
                raise ReleaseError(
                    say(
                        "Release {release} does not wait for anyone; {waits} does. To show an older one: vt release rollback {release}",
                        release=release,
                        waits=waits["release"],
                    )
                )
            raise ReleaseError(
                say(
                    "Release {release} does not wait for anyone; none does. To show an older one: vt release rollback {release}",
                    release=release,
                )
            )
        _switch(settings, RELEASED, release, door, reden, **({"losgelaten": pin.release} if pin else {}))
        return pin


def roll_back(settings: Settings, release: str, door: str, reden: str) -> None:
    """Point readers at another release and pin it: no later one takes its place until ``unpin`` or ``approve``."""
    with only_writer(settings), only_intake(settings):
        store.chosen(settings, release)
        _switch(settings, PINNED, release, door, reden)


def unpin(settings: Settings, door: str, reden: str) -> str:
    """End the pin; the newest release that waited for nothing else comes before the readers. Returns the one they see now."""
    with only_writer(settings), only_intake(settings):
        pin = pinned(Register(settings))
        if pin is None:
            if seen := store.current(settings):
                raise ReleaseError(say("No release is pinned; readers see {release}.", release=seen))
            raise ReleaseError(say("No release is pinned; readers see none."))
        newest = store.release_ids(settings)[-1]
        shown = pin.release if _changes_much(settings, store.read(settings, newest)) else newest
        _switch(settings, LET_GO, store.chosen(settings, shown), door, reden)
        return shown


def _switch(settings: Settings, event: str, release: str, door: str, reden: str, **more: str) -> None:
    """The decision in the register, then the switch: a switch that nobody decided cannot be there."""
    before = store.current(settings)
    Register(settings).record(event, {"release": release, "vorige_release": before, "door": door, "reden": reden} | more)
    store.switch(settings, release)
    store.destroy_before_forgetting(settings)
