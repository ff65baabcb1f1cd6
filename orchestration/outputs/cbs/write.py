"""Making a delivery for CBS, handing it over, and telling what is different from the one that it replaces.

The content is put together in memory and written encrypted; in the clear it leaves by ``hand_over`` alone, to the file that a person names.
Each making and each handing over is an event of the register.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.code_version import code_version
from orchestration.files import make_folder, why, write_new
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.landing import cbs_files
from orchestration.language import say
from orchestration.organisation import organisation
from orchestration.outputs.cbs import layout as layouts
from orchestration.outputs.cbs import records
from orchestration.outputs.cbs.half_year import CbsError, HalfYear
from orchestration.outputs.cbs.layout import FileLayout
from orchestration.outputs.cbs.source import opened
from orchestration.register import register
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import Register, who
from orchestration.release import store
from orchestration.settings import Omgeving, Settings
from orchestration.spreadsheet import as_text
from orchestration.sql import text

NO_NUMBER = "000000"
"""Stands for the organisation's number at CBS outside productie."""


@dataclass(frozen=True)
class Difference:
    """What is different in one record set, from the delivery that is replaced."""

    of: str
    new: int
    changed: int
    gone: int
    same: int
    fields: dict[str, int]
    """Field → in how many of the changed records it differs."""


@dataclass(frozen=True)
class CbsDelivery:
    """A delivery that was made: what stands beside its file (``account``), and what it changes."""

    name: str
    account: dict[str, Any]
    differences: tuple[Difference, ...] = ()


def deliveries(settings: Settings) -> list[dict[str, Any]]:
    """What is known of every delivery that was made, oldest first; ``overhandigd`` is when and by whom, of those that were handed over."""
    handed = {
        (e.inhoud["halfjaar"], e.inhoud["nummer"]): {"op": e.op.isoformat(timespec="seconds"), "door": e.inhoud["door"]}
        for e in Register(settings).events(register.CBS_HANDED_OVER)
    }
    found = [json.loads(path.read_text(encoding="utf-8")) for path in settings.cbs.glob(f"*{cbs_files.ACCOUNT}")]
    found = [a | {"overhandigd": handed.get((a["halfjaar"], a["nummer"]))} for a in found]
    return sorted(found, key=lambda a: (a["halfjaar"], a["nummer"]))


def name_of(period: HalfYear | str, number: int) -> str:
    """``2024-H2-1``: the first delivery of that half-year."""
    return f"{period}-{number}"


def make(
    settings: Settings,
    period: HalfYear,
    *,
    layout: Path = layouts.DEFAULT,
    replaces: int | None = None,
    rows_to: Path | None = None,
    release: str = store.CURRENT,
) -> CbsDelivery:
    """Make the delivery of a half-year of a release. A second one of the same half-year says which one it replaces; the records that differ
    from that go to ``rows_to``, a new CSV file of their numbers.

    Raises ``CbsError``, ``DeclaredError`` and ``KeyFileError`` with what is wrong; then nothing is kept of it.
    """
    form, checksum = layouts.read(layout)
    if rows_to and (replaces is None or rows_to.exists()):
        there = say("{file} is there already; name another file.", file=rows_to)
        raise CbsError(
            there if replaces else say("Records that differ are those of a delivery that replaces another: name it, --vervangt.")
        )
    told = store.read(settings, release)
    if told["peildatum"] < str(period.last):
        late = say("Release {release} tells of {day}, and half-year {period} ends on {last}: it cannot be delivered yet.",
                   release=told["release"], day=told["peildatum"], period=period, last=period.last)  # fmt: skip
        raise CbsError(late)
    where = _number_at_cbs(settings)
    with only_intake(settings), disk_errors(say("The delivery for CBS")):
        earlier = [a for a in deliveries(settings) if a["halfjaar"] == str(period)]
        _verify_replaced(period, replaces, earlier)
        purpose = say("CBS: the delivery of {period}", period=period)
        keyring = open_key(settings, purpose)
        cbs_files.tidy(settings, keyring)
        number = max((a["nummer"] for a in earlier), default=0) + 1
        with opened(settings, keyring, release) as source:
            written = records.write(source.con, form, period, where)
            content = records.content(source.con, form)
            _hold(source.con, form, content, written.counts)
            before = next((a for a in earlier if a["nummer"] == replaces), None)
            found = _differences(source.con, settings, keyring, form, before) if before else ()
            differing = source.con.execute("from differing order by all").fetchall() if before and rows_to else []
        account = {
            "halfjaar": str(period),
            "nummer": number,
            "vervangt": replaces,
            "organisatie": settings.organisatie,
            "instelling": where,
            "release": told["release"],
            "peildatum": told["peildatum"],
            "gemaakt_op": datetime.now(UTC).isoformat(timespec="seconds"),
            "gemaakt_door": who(),
            "code_versie": code_version(),
            "indeling": {"naam": form.name, "versie": form.version, "bestand": layout.name, "sha256": checksum},
            "recordcode": form.code_at,
            "nummers": form.numbers,
            "records": written.counts,
            "zonder_plaats": written.left_out,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        name = name_of(period, number)
        cbs_files.seal(settings, keyring, name, content)
        write_new(settings.cbs / f"{name}.indeling.yml", layout.read_bytes())
        write_new(settings.cbs / f"{name}{cbs_files.ACCOUNT}", (json.dumps(account, ensure_ascii=False, indent=1) + "\n").encode())
        event = {key: account[key] for key in ("halfjaar", "nummer", "vervangt", "release", "records", "sha256")}
        Register(settings).record(register.CBS_MADE, event)
    if rows_to:
        lines = [("verzameling", "wat", "sleutel"), *differing]
        write_new(rows_to.absolute(), "".join(";".join(str(as_text(cell)) for cell in line) + "\n" for line in lines).encode())
    return CbsDelivery(name, account, tuple(found))


def hand_over(settings: Settings, period: HalfYear, number: int | None, target: Path, door: str) -> dict[str, Any]:
    """Write a delivery in the clear to ``target``, a new file of its owner's alone, to be uploaded and removed. The last one of the
    half-year when no number is given. Returns its account.
    """
    of_period = [a for a in deliveries(settings) if a["halfjaar"] == str(period)]
    found = next((a for a in reversed(of_period) if number in {None, a["nummer"]}), None)
    if found is None:
        none = say("There is no delivery of {period}; see vt cbs list.", period=period)
        raise CbsError(say("There is no delivery {number} of {period}; see vt cbs list.", number=number, period=period) if number else none)
    if settings.root.resolve() in target.resolve().parents:
        raise CbsError(say("{file} lies in the data folder, and nothing lies there in the clear; name another.", file=target))
    with only_intake(settings), disk_errors(say("The delivery for CBS")):
        keyring = open_key(settings, say("CBS: handing over {name}", name=name_of(period, found["nummer"])))
        content = _content(settings, keyring, found)
        try:
            make_folder(target.absolute().parent)
            write_new(target.absolute(), content)
        except OSError as error:
            raise CbsError(say("{file} cannot be written: {why}.", file=target, why=why(error))) from None
        Register(settings).record(register.CBS_HANDED_OVER, {"halfjaar": str(period), "nummer": found["nummer"], "door": door})
    return found


def _number_at_cbs(settings: Settings) -> str:
    number = organisation(settings).cbs_number
    if not number and settings.omgeving is Omgeving.PRODUCTIE:
        raise CbsError(
            say(
                "organisaties/{organisation}.yml has no cbs_instelling: the number in the letter of CBS.", organisation=settings.organisatie
            )
        )
    return number or NO_NUMBER


def _verify_replaced(period: HalfYear, replaces: int | None, earlier: list[dict[str, Any]]) -> None:
    numbers = [a["nummer"] for a in earlier]
    if replaces is None and numbers:
        raise CbsError(
            say(
                "Half-year {period} was delivered as number {number}. A correction is the whole delivery once more, and says so: "
                "vt cbs --halfjaar {period} --vervangt {number}",
                period=period,
                number=numbers[-1],
            )
        )
    if replaces is not None and replaces not in numbers:
        raise CbsError(say("There is no delivery {number} of {period}; see vt cbs list.", number=replaces, period=period))


def _hold(con: duckdb.DuckDBPyConnection, form: FileLayout, content: bytes, counts: dict[str, int]) -> None:
    """What was put together is read back by its layout, and holds each record once. Raises ``CbsError`` otherwise."""
    records.parse(con, form, content, "read_back")
    for record in form.records:
        keys = ", ".join(field.name for field in record.keys)
        read, distinct = duck.row(con, f"select count(*), count(distinct ({keys})) from read_back_{record.of}")
        if not read == distinct == counts[record.of]:
            raise CbsError(say("The file does not read back as it was made: record {code}. Please report this.", code=record.code))


def _content(settings: Settings, keyring: Keyring, account: dict[str, Any]) -> bytes:
    """The content of a delivery, held to its checksum. Raises ``CbsError`` when it is gone or not what it was."""
    name = name_of(account["halfjaar"], account["nummer"])
    if name not in cbs_files.names(settings, keyring):
        gone = say(
            "The file of {name} is gone: somebody in it was forgotten since, or it was not put back from a backup. Make the delivery anew: "
            "vt cbs --halfjaar {period} --vervangt {number}",
            name=name,
            period=account["halfjaar"],
            number=account["nummer"],
        )
        raise CbsError(gone)
    content = cbs_files.unsealed(settings, keyring, name)
    if hashlib.sha256(content).hexdigest() != account["sha256"]:
        raise CbsError(say("The file of {name} is not the one that was made. Put it back from a backup.", name=name))
    return content


def _differences(
    con: duckdb.DuckDBPyConnection, settings: Settings, keyring: Keyring, form: FileLayout, before: dict[str, Any]
) -> list[Difference]:
    """By record set: which records are new, changed, gone or the same, by the fields that both layouts name."""
    name = name_of(before["halfjaar"], before["nummer"])
    old_form, _ = layouts.read(settings.cbs / f"{name}.indeling.yml")
    records.parse(con, old_form, _content(settings, keyring, before), "before")
    con.execute("create or replace table differing (verzameling varchar, wat varchar, sleutel varchar)")
    there = {record.of: {field.name for field in record.fields} for record in old_form.records}
    found = []
    for record in form.records:
        fields = [field.name for field in record.fields if field.name in there.get(record.of, set())]
        keys = [field.name for field in record.keys]
        if not set(keys) <= set(fields):
            raise CbsError(say("Layout {version} of delivery {name} has other keys: what changed cannot be told.", version=old_form.version,
                               name=name))  # fmt: skip
        others = [field for field in fields if field not in keys]
        differs = ", ".join(f"coalesce(n.{field} <> o.{field}, false) as d_{field}" for field in others)
        con.execute(
            f"""create or replace temp table compared as
            select n.{keys[0]} is null as gone, o.{keys[0]} is null as new, {differs or "false as d_none"},
                concat_ws(' ', {", ".join(f"coalesce(n.{key}, o.{key})" for key in keys)}) as sleutel
            from read_back_{record.of} n full join before_{record.of} o
            on {" and ".join(f"n.{key} = o.{key}" for key in keys)}"""
        )
        any_differs = " or ".join(f"d_{field}" for field in others) or "false"
        new, gone, changed, same = duck.row(
            con,
            f"select count(*) filter (new), count(*) filter (gone), count(*) filter ({any_differs}), "
            f"count(*) filter (not new and not gone and not ({any_differs})) from compared",
        )
        con.execute(
            f"""insert into differing
            select {text(record.of)}, case when gone then 'weg' when new then 'nieuw' else 'gewijzigd' end, sleutel
            from compared where gone or new or {any_differs}"""
        )
        counts = duck.row(con, "select " + (", ".join(f"count(*) filter (d_{field})" for field in others) or "0") + " from compared")
        by_field = {field: count for field, count in zip(others, counts, strict=False) if count}
        found.append(Difference(record.of, new, changed, gone, same, by_field))
    return found
