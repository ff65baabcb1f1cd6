"""Whether a delivery may follow those that were taken in: its number, its peildatum, its rows, and the word of a person. Needs no key."""

import duckdb

from orchestration import duck
from orchestration.intake.delivery import Manifest, RefusedError
from orchestration.language import later, say
from orchestration.register import register
from orchestration.register.register import Levering, Register

MINIMUM_SHARE = 0.8
"""A ``volledig`` delivery with less than this part of the current rows of an entity is refused (delivery contract 1.0) ..."""
MINIMUM_STAND = 100
"""... when the entity has more rows than this."""

MAXIMUM_JUMP = 1_000
"""A levering_nummer that is further from the last one needs a person (delivery contract 1.0) ..."""
MAXIMUM_DAYS = 400
"""... and so does a peildatum that lies more days after the last one."""

GAP = "gat"
"""Code of the refusal that a later delivery undoes: the one that was missing."""
TOO_FEW, NUMBER_JUMP, PEILDATUM_JUMP, TAKEN_BACK = "te_weinig_rijen", "nummer_sprong", "peildatum_sprong", "ingetrokken"
DECIDABLE = {TOO_FEW, NUMBER_JUMP, PEILDATUM_JUMP, TAKEN_BACK}
"""Codes of refusals that a person can undo (``accept``)."""


def verify(log: Register, manifest: Manifest, deliveries: list[Levering]) -> None:
    """Raise ``RefusedError`` when the delivery may not follow these, which do not hold its number."""
    if not accepted(log, manifest):
        _verify_withdrawn(log, manifest)
    _verify_order(log, manifest, deliveries[-1] if deliveries else None)


def verify_same(manifest: Manifest, same: Levering) -> None:
    """Raise ``RefusedError`` when a delivery whose number was taken in is not that one."""
    if same.vingerafdruk != manifest.vingerafdruk:
        raise RefusedError(
            "andere_inhoud",
            say(
                "number {number} was taken in on {day} with other contents; give new contents a new number",
                number=manifest.nummer,
                day=f"{same.verwerkt_op:%Y-%m-%d}",
            ),
            file="levering.json",
            field="levering_nummer",
        )


def _verify_withdrawn(log: Register, manifest: Manifest) -> None:
    """What was taken out again by a person does not come in again by itself."""
    for event in log.events(register.WITHDRAWN):
        if event.inhoud["vingerafdrukken"].get(str(manifest.nummer)) == manifest.vingerafdruk:
            raise RefusedError(
                TAKEN_BACK,
                say(
                    "this delivery was withdrawn on {day}; send number {number} with other contents. If it was right after all: "
                    "vt deliveries accept {number}",
                    day=f"{event.op:%Y-%m-%d}",
                    number=manifest.nummer,
                ),
                file="levering.json",
                field="levering_nummer",
            )


def _verify_order(log: Register, manifest: Manifest, last: Levering | None) -> None:
    def refuse(code: str, reden: str, field: str) -> RefusedError:
        return RefusedError(code, reden, file="levering.json", field=field)

    number = manifest.nummer
    if last is None:
        if manifest.soort == "mutaties":
            raise refuse(GAP, say("the first delivery must be volledig; nothing was taken in yet"), "soort")
        return
    if number < last.nummer:
        lower = say("number {number} was never taken in and {last} was; use a higher number", number=number, last=last.nummer)
        raise refuse("lager_nummer", lower, "levering_nummer")
    if manifest.soort == "mutaties" and number != last.nummer + 1:
        one = later("mutaties {number} does not follow {last}: deliver {first} first, or a volledig delivery")
        several = later("mutaties {number} does not follow {last}: deliver {first} to {before} first, or a volledig delivery")
        gap = say(one if number == last.nummer + 2 else several, number=number, last=last.nummer, first=last.nummer + 1, before=number - 1)
        raise refuse(GAP, gap, "levering_nummer")
    if manifest.peildatum < last.peildatum:
        earlier = later("{peildatum} lies before {known}, the peildatum of delivery {last}")
        reason = say(earlier, peildatum=manifest.peildatum, known=last.peildatum, last=last.nummer)
        raise refuse("peildatum", reason, "peildatum")
    if accepted(log, manifest):
        return
    if number - last.nummer > MAXIMUM_JUMP:
        raise refuse(
            NUMBER_JUMP,
            say(
                "number {number} lies more than {most} after {last}, the last one taken in: no lower number could be delivered any "
                "more. Send it with the number that follows. If it is right: vt deliveries accept {number}",
                number=number,
                most=MAXIMUM_JUMP,
                last=last.nummer,
            ),
            "levering_nummer",
        )
    if (manifest.peildatum - last.peildatum).days > MAXIMUM_DAYS:
        raise refuse(
            PEILDATUM_JUMP,
            say(
                "{peildatum} lies more than {most} days after {known}, the peildatum of delivery {last}. Send it with the right "
                "peildatum. If it is right: vt deliveries accept {number}",
                peildatum=manifest.peildatum,
                most=MAXIMUM_DAYS,
                known=last.peildatum,
                last=last.nummer,
                number=number,
            ),
            "peildatum",
        )


def verify_rows(con: duckdb.DuckDBPyConnection, log: Register, manifest: Manifest) -> None:
    """The 80% guard: a whole registration that shrank is more likely cut off than true."""
    if manifest.soort != "volledig" or accepted(log, manifest):
        return
    for b in manifest.bestanden:
        before = duck.number(con, f"select count(*) from stand_{b.entiteit}")
        if before > MINIMUM_STAND and b.rijen < MINIMUM_SHARE * before:
            raise RefusedError(
                TOO_FEW,
                say(
                    "{rows} rows where the current state of {entity} has {before}: less than {share}. If that is right: "
                    "vt deliveries accept {number}",
                    rows=b.rijen,
                    entity=b.entiteit,
                    before=before,
                    share=f"{MINIMUM_SHARE:.0%}",
                    number=manifest.nummer,
                ),
                file=b.bestand,
            )


def accepted(log: Register, manifest: Manifest) -> bool:
    """A person's word on these contents, since they were last withdrawn."""
    found = log.events(register.ACCEPTED, register.WITHDRAWN)
    words = [e for e in found if e.inhoud["nummer"] == manifest.nummer]
    return bool(words) and words[-1].soort == register.ACCEPTED and words[-1].inhoud["vingerafdruk"] == manifest.vingerafdruk
