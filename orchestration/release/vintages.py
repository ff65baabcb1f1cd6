"""A vintage by a person's hand: what the first night of its day does by itself."""

from datetime import date

from orchestration.disclosure import ledger, vintage
from orchestration.disclosure.calendar import Planned
from orchestration.disclosure.vintage import Vintage, VintageError
from orchestration.errors import did_you_mean
from orchestration.files import make_folder, remove
from orchestration.language import say
from orchestration.release import public, store
from orchestration.release.writer import only_writer
from orchestration.settings import Settings


def hold_plan(settings: Settings, name: str) -> Planned:
    """The row of the calendar, of which the day has come.

    Raises ``VintageError`` when the calendar does not know it, its day has not come, or it was published.
    """
    calendar = {planned.name: planned for planned in public.decided(settings)}
    if name not in calendar:
        raise VintageError(
            say(
                "{file} has no vintage {name}.{hint} Add a row for it.",
                file=settings.publicatiekalender.name,
                name=name,
                hint=did_you_mean(name, calendar),
            )
        )
    planned, published = calendar[name], vintage.vintages(public.root(settings))
    if name in {v.name for v in published}:
        raise vintage.taken(name, published)
    if planned.day > date.fromisoformat(seen := store.read(settings, store.CURRENT)["peildatum"]):
        raise VintageError(
            say(
                "Vintage {name} is for {day}, and readers see the state of {seen}: it is too early.",
                name=name,
                day=planned.day,
                seen=seen,
            )
        )
    return planned


def freeze(settings: Settings, name: str) -> Vintage:
    """Publish a vintage of the calendar, made of the release that readers see; the next night's release has it.

    Raises ``VintageError`` as ``hold_plan``.
    """
    with only_writer(settings):
        planned, kept, content = hold_plan(settings, name), public.root(settings), store.read(settings, store.CURRENT)
        entries = ledger.append(kept / vintage.LEDGER, ledger.of_print())
        known = public.before(kept, vintage.vintages(kept), entries)
        making, database = kept / ".in-wording", settings.releases / content["release"] / store.DATABASE
        remove(making)
        try:
            told = public.make(planned, database, make_folder(making), entries, content, known)
            written, within = making / public.FOLDER, making / public.WITHIN
            return vintage.freeze(kept, name, public.today(), content["release"], told["regels"], written, within, public.MADE_OF)
        finally:
            remove(making)
