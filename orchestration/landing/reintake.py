"""Taking archived deliveries in anew, after a change of rules: from one delivery on, all that followed it too.

A delivery is judged against the state before it, so none can be redone alone. The new folders stand beside the old ones and count together,
from one event in the register on.
"""

from dataclasses import dataclass

from orchestration import duck
from orchestration.errors import GebruikersFout
from orchestration.intake.checks import Telling
from orchestration.intake.delivery import GeweigerdFout, read_manifest
from orchestration.landing import archive, store
from orchestration.landing.files import disk_errors
from orchestration.landing.process import Progress, Verwerking
from orchestration.landing.register import HERSCHREVEN, Gebeurtenis, Levering, Register, make_levering
from orchestration.landing.rewrite import next_map
from orchestration.landing.sleutel import open_key
from orchestration.landing.slot import only_intake
from orchestration.settings import Settings


class HeropnameFout(GebruikersFout):
    """The deliveries were not taken in anew; everything is as it was."""


@dataclass(frozen=True)
class Verschil:
    """What became of one delivery, then and now."""

    nummer: int
    was: dict[str, dict[str, int]]
    """Counts by entity as they were (see ``intake.checks.Telling``)."""
    is_nu: dict[str, Telling]


def take_in_again(settings: Settings, vanaf: int, door: str, reden: str, progress: Progress) -> list[Verschil]:
    """Take delivery ``vanaf`` and all after it in anew from the archive, with the rules as they are now.

    ``door`` and ``reden`` go to the register. Raises ``HeropnameFout`` when one of them is not in the archive any more, or would be refused
    now; nothing changes then.
    """
    with only_intake(settings), disk_errors("Taking in anew"):
        log = Register(settings)
        deliveries = log.leveringen()
        again = [d for d in deliveries if d.nummer >= vanaf]
        _verify(settings, again, vanaf)
        keyring = open_key(settings, f"taking {len(again)} deliveries in anew from {vanaf} on")
        store.clean_up(settings, log)
        before = [d for d in deliveries if d.nummer < vanaf]
        contents, found = {}, []
        with duck.connect(settings) as con:
            work = Verwerking(settings, con, log, keyring, progress)
            for delivery in again:
                assert delivery.archief is not None
                name = next_map(delivery.map)
                try:
                    with archive.opened(settings, keyring, delivery.archief) as bron:
                        bron.controleer()
                        done = work.process(bron, read_manifest(bron, settings.organisatie), before, name)
                except GeweigerdFout as refused:
                    raise HeropnameFout(f"Delivery {delivery.nummer} would be refused now: {refused}. Nothing was changed.") from None
                work.place(name)
                event = Gebeurtenis(0, "", delivery.verwerkt_op, "", delivery.code_versie, done.inhoud | {"archief": delivery.archief})
                before.append(make_levering(event, delivery.poging))
                contents[str(delivery.nummer)] = done.inhoud
                found.append(Verschil(delivery.nummer, delivery.tellingen, done.tellingen))
        lists: dict[str, list[str]] = {}
        for content in contents.values():
            for kind, entries in content.pop("vergeetlijst").items():
                lists.setdefault(kind, []).extend(entries)
        log.leg_vast(HERSCHREVEN, {"waarom": "heropname", "door": door, "reden": reden, "leveringen": contents, "vergeetlijst": lists})
        store.clean_up(settings, log)
        return found


def _verify(settings: Settings, again: list[Levering], vanaf: int) -> None:
    if not again or again[0].nummer != vanaf:
        raise HeropnameFout(f"Delivery {vanaf} was never taken in; see vt deliveries.")
    missing = [str(d.nummer) for d in again if d.archief is None or not (settings.archive / d.archief).exists()]
    if missing:
        raise HeropnameFout(
            f"Not in the archive any more: {', '.join(missing)}. All deliveries from {vanaf} on are needed; start from a later one, or "
            "have a volledig delivery sent."
        )
