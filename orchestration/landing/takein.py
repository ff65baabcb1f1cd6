"""Taking in what waits in the inbox, in order of number: the way from a delivery to the landing.

Phases of one delivery, in order; a process that is killed in any of them leaves the landing as it was, or with the delivery whole:

``gelezen`` (checked against manifest, in memory) · ``nummers`` (hashed) · ``beoordeeld`` (each row, against the contract) · ``kluis``
(originals, encrypted) · ``quarantaine`` (raw lines, encrypted) · ``landing`` (Parquet, written beside) · ``archief`` (the delivery,
encrypted, beside) · ``voorgenomen`` (the plan in the register: what will be put in place) · ``geplaatst`` (archive and folders in place) ·
``vastgelegd`` (the event in the register: from here on the delivery counts) · ``opgeruimd`` (removed from the inbox).
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.errors import UserError
from orchestration.files import remove
from orchestration.intake.checks import Counts
from orchestration.intake.delivery import Manifest, Offered, RefusedError, make_inbox, opened, peek_number, read_manifest, tidy, waiting
from orchestration.keys.crypt import DecryptError
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.landing import archive, order, process, store, verify
from orchestration.landing.order import DECIDABLE, GAP
from orchestration.landing.process import Progress
from orchestration.landing.sweep import LEAVING, sweep
from orchestration.language import later, say
from orchestration.register import register
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import Levering, Register
from orchestration.settings import Settings


class IntakeError(UserError):
    """The intake broke off for a reason that is not in the delivery; nothing of it was taken in."""


class AcceptError(UserError):
    """There is nothing to accept under that number."""


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery. ``reden`` is for engineers: file, line, field and what to do; never a value."""

    nummer: int | None
    soort: str | None
    peildatum: date | None
    uitkomst: str
    """``opgenomen``, ``geweigerd`` or ``al_opgenomen``."""
    reden: str = ""
    entiteiten: dict[str, Counts] = field(default_factory=dict)
    duur_s: float = 0.0
    code: str = ""
    """Why it was refused, for machines."""
    opmerkingen: tuple[str, ...] = ()
    """What was ignored, such as unknown columns."""


def take_in_waiting(settings: Settings, progress: Progress) -> list[Outcome]:
    """Take in every complete delivery in the inbox, in order of number; what cannot be read comes first.

    A ``mutaties`` delivery that was refused because one before it was missing is taken from the archive again once that one is there.
    What lies in the landing is held to the register first. Raises ``KeyFileError`` for a wrong key, ``BusyError`` when another intake runs,
    ``DiskError`` for a full disk or missing rights, ``RegisterError``, ``UnknownFilesError`` and ``LandingError`` for what is not as it was
    left; each says what to do, and what was taken in before stands.
    """
    with only_intake(settings), disk_errors(say("The intake")):
        log = Register(settings)
        log.events()
        queue = _queue(settings)
        keyring = open_key(settings, say("intake of {count} deliveries", count=len(queue))) if queue else None
        sweep(settings, log)
        if sealed := verify.seal_older(settings, log):
            progress(say("sealing {count} deliveries of before", count=sealed))
        verify.hold(settings, log)
        found: list[Outcome] = []
        with ExitStack() as stack:
            intake = _Intake(settings, stack, log, keyring, progress)
            queue = intake.fill_gap(queue)
            while queue:
                found.append(intake.take_in(queue.pop(0)))
                if found[-1].uitkomst == "opgenomen":
                    queue = intake.fill_gap(queue)
            taken = {u.nummer for u in found}
            found += [outcome for number, outcome in intake.stuck.items() if number not in taken]
        return found


def accept(settings: Settings, nummer: int, door: str, reden: str) -> Path | None:
    """Let a delivery through that is refused without a person: far fewer rows, a jump in number or peildatum, one that was withdrawn.

    ``door`` is the person who decides, ``reden`` why; both stand in the register. The decision holds for the delivery that waits in the
    inbox under that number, else for the one that was refused; not for other contents under its number. Returns where it lies in the inbox,
    or None when the archive does not have it any more and it must be sent again. Raises ``AcceptError`` when there is nothing to accept.
    """
    with only_intake(settings), disk_errors(say("Accepting")):
        log = Register(settings)
        if any(d.nummer == nummer for d in log.leveringen()):
            raise AcceptError(say("Delivery {number} was taken in already.", number=nummer))
        waits = next((path for path in _queue(settings) if _claimed(path) == nummer), None)
        if waits:
            with opened(waits) as source:
                source.verify()
                try:
                    fingerprint = read_manifest(source, settings.organisatie).vingerafdruk
                except RefusedError as refused:
                    will = later("Delivery {number} will be refused for a reason that cannot be let through: {reason}")
                    raise AcceptError(say(will, number=nummer, reason=refused)) from None
            log.record(register.ACCEPTED, {"nummer": nummer, "vingerafdruk": fingerprint, "door": door, "reden": reden})
            return waits
        attempts = [e for e in log.events(register.REFUSED) if e.inhoud["nummer"] == nummer]
        if not attempts:
            raise AcceptError(say("No delivery {number} was ever offered; see vt deliveries list.", number=nummer))
        last = attempts[-1]
        if last.inhoud["code"] not in DECIDABLE:
            was = later("Delivery {number} was refused for a reason that cannot be let through: {reason}")
            raise AcceptError(say(was, number=nummer, reason=last.inhoud["reden"]))
        keyring = open_key(settings, say("putting delivery {number} back from the archive", number=nummer))
        log.record(register.ACCEPTED, {"nummer": nummer, "vingerafdruk": last.inhoud["vingerafdruk"], "door": door, "reden": reden})
        return archive.put_back(settings, keyring, last.inhoud["archief"])


def _queue(settings: Settings) -> list[Path]:
    """What waits, by number; what has none that can be read comes first. Raises ``InboxError`` when the inbox is no folder to read."""
    make_inbox(settings.inbox)
    return sorted(waiting(settings.inbox), key=lambda path: (_claimed(path) or 0, path.name))


def _claimed(path: Path) -> int | None:
    with opened(path) as source:
        try:
            source.verify()
        except RefusedError:
            return None
        return peek_number(source)


class _Intake:
    """One run over the inbox."""

    def __init__(self, settings: Settings, stack: ExitStack, log: Register, keyring: Keyring | None, progress: Progress) -> None:
        self.settings, self.log, self.progress = settings, log, progress
        self._stack, self._opened = stack, keyring
        self.stuck: dict[int, Outcome] = {}
        """Deliveries whose turn it is and that the archive does not give back."""

    @cached_property
    def keyring(self) -> Keyring:
        """The key; opened when there is anything to take in."""
        return self._opened or open_key(self.settings, say("filling a gap from the archive"))

    @cached_property
    def work(self) -> process.Processing:
        """Opened with the first delivery whose manifest is in order."""
        con = self._stack.enter_context(duck.connect(self.settings))
        return process.Processing(self.settings, con, self.log, self.keyring, self.progress)

    def take_in(self, path: Path) -> Outcome:
        started = time.monotonic()
        with opened(path) as source:
            number, manifest = None, None
            try:
                source.verify()
                number = peek_number(source)
                self.progress(say("delivery {number}: reading", number=number or tidy(source.name)))
                manifest = read_manifest(source, self.settings.organisatie)
                outcome = self._take(source, manifest)
            except RefusedError as refused:
                outcome = self._refuse(source, number, manifest, refused)
            except duckdb.Error as error:
                # DuckDB's own message can hold a value: its kind is all that is passed on.
                raise IntakeError(
                    say(
                        "Delivery {number}: the database engine stopped ({kind}); nothing of it was taken in. See that there is room on "
                        "the disk and memory (VT_GEHEUGEN), then run the refresh again; when that does not help, report this.",
                        number=number,
                        kind=type(error).__name__,
                    )
                ) from None
        _leave_inbox(path)
        process.phase("opgeruimd")
        return replace(outcome, duur_s=round(time.monotonic() - started, 3))

    def fill_gap(self, queue: list[Path]) -> list[Path]:
        """The queue, with the delivery in front that was refused because the one taken in now was missing."""
        last = self.log.last_taken_in()
        if last is None or any(_claimed(path) == last.nummer + 1 for path in queue):
            return queue
        following = last.nummer + 1
        archived = self._waits_for_gap(following)
        try:
            back = archive.put_back(self.settings, self.keyring, archived) if archived else None
        except DecryptError as error:  # it holds nothing else up
            reason = say("waits for its turn in the archive and cannot be taken out: {error} Or have it sent again.", error=error)
            self.stuck[following] = Outcome(following, None, None, "geweigerd", reason, code="archief")
            return queue
        return [back, *queue] if back else queue

    def _waits_for_gap(self, nummer: int) -> str | None:
        """The archive file of the delivery with this number whose last word was that one before it was missing, or taken out again.

        None for one of which a person said that it need not come.
        """
        word = None
        for event in self.log.events(register.REFUSED, register.TAKEN_IN, register.WITHDRAWN, register.SETTLED):
            if event.inhoud.get("nummer") == nummer:
                missing = event.soort == register.REFUSED and event.inhoud["code"] == GAP
                word = event.inhoud["archief"] if missing else None
            if event.soort == register.WITHDRAWN and str(nummer) in event.inhoud["wachtend"]:
                word = event.inhoud["wachtend"][str(nummer)]
        return word

    # --- a delivery that may come in -----------------------------------------------------------------------------------------------------

    def _take(self, source: Offered, manifest: Manifest) -> Outcome:
        deliveries = self.log.leveringen()
        same = next((d for d in deliveries if d.nummer == manifest.nummer), None)
        if same:
            return self._again(source, manifest, same)
        order.verify(self.log, manifest, deliveries)
        name = store.free_name(self.log, manifest.nummer)
        done = self.work.process(source, manifest, deliveries, name, self._guard)
        kept = self._seal(source, name) if done.to_archive else None
        process.phase("archief")
        self.log.plan([name], [kept.name] if kept else [])
        process.phase("voorgenomen")
        if kept:
            archive.place(self.settings, kept.name)
        self.work.place(name)
        process.phase("geplaatst")
        self.log.record(register.TAKEN_IN, done.inhoud | _archived(kept))
        process.phase("vastgelegd")
        notes = done.opmerkingen
        if forgotten := sum(t.vergeten for t in done.tellingen.values()):
            out = later("{count} rows of what was destroyed before stayed out")
            unkept = later("{count} rows of what was destroyed before stayed out; the delivery is not archived")
            notes += (say(out if kept else unkept, count=forgotten),)
        return Outcome(manifest.nummer, manifest.soort, manifest.peildatum, "opgenomen", "", done.tellingen, opmerkingen=notes)

    def _seal(self, source: Offered, name: str) -> archive.Sealed:
        return archive.seal(self.settings, self.keyring, source, name, self.log.next_number)

    def _again(self, source: Offered, manifest: Manifest, same: Levering) -> Outcome:
        order.verify_same(manifest, same)
        self.work.read(source, manifest)
        self.work.drop()
        return Outcome(manifest.nummer, manifest.soort, manifest.peildatum, "al_opgenomen", say("the same delivery was taken in before"))

    def _guard(self, manifest: Manifest) -> None:
        order.verify_rows(self.work.con, self.log, manifest)

    # --- a delivery that may not ---------------------------------------------------------------------------------------------------------

    def _refuse(self, source: Offered, number: int | None, manifest: Manifest | None, refused: RefusedError) -> Outcome:
        kept = self._seal(source, store.folder_name(number) if number else "onbekend")
        # without a number, the name in the inbox is all that tells the sender which one is meant
        reason = str(refused) if number or refused.bestand == source.name else f"{tidy(source.name)}, {refused}"
        self.log.plan(archieven=[kept.name])
        archive.place(self.settings, kept.name)
        content: dict[str, Any] = {
            "nummer": number,
            "naam": tidy(source.name),
            "code": refused.code,
            "reden": reason,
            **_archived(kept),
            "soort": manifest.soort if manifest else None,
            "peildatum": manifest.peildatum.isoformat() if manifest else None,
            "aangemaakt_op": manifest.aangemaakt_op.isoformat() if manifest else None,
            "contract_versie": manifest.contract_versie if manifest else None,
            "vingerafdruk": manifest.vingerafdruk if manifest else None,
            "sleutel": self.keyring.fingerprint,
        }
        self.log.record(register.REFUSED, content)
        process.phase("geweigerd")
        return Outcome(
            number,
            manifest.soort if manifest else None,
            manifest.peildatum if manifest else None,
            "geweigerd",
            reason,
            code=refused.code,
        )


def _leave_inbox(path: Path) -> None:
    """Remove a delivery from the inbox; a folder under a name that nothing takes for a delivery, so that no half of one stays behind."""
    if path.is_dir() and not path.is_symlink():
        path = path.rename(path.with_name(f"{LEAVING}{path.name}"))
    remove(path)


def _archived(kept: archive.Sealed | None) -> dict[str, Any]:
    """What an event says of the archived delivery."""
    return {"archief": kept.name, "archiefzegels": {kept.name: kept.seal}} if kept else {"archief": None}
