"""The half-year file: read back by other code and counted against the registration, handed over, replaced, forgotten; and what stops it.

What should stand in it is worked out here of the rows that were delivered, not of facts.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.files import sha256
from orchestration.keys.use import open_key, right_key, uses
from orchestration.landing import cbs_files
from orchestration.outputs.cbs import layout as layouts
from orchestration.outputs.cbs import records, write
from orchestration.outputs.cbs.half_year import CbsError, HalfYear
from orchestration.privacy import forget, rotate
from orchestration.register import register
from orchestration.register.register import Register
from orchestration.settings import Omgeving, Settings
from tests.lib.handmade import HandmadeDelivery, Row
from tests.lib.random_registration import registration

pytestmark = pytest.mark.xdist_group("uitgave")
HALVES = ("2023-H1", "2023-H2", "2024-H1", "2024-H2")


@pytest.fixture(scope="module")
def delivered() -> HandmadeDelivery:
    """The registration as its last delivery has it."""
    whole = registration(3)
    for row in whole.rows["meldingen"][:5]:
        row["urgentie"] = "2" if row["urgentie"] == "1" else "1"
    return whole


@pytest.fixture
def home(released: Settings, tmp_path: Path) -> Settings:
    """A copy of the data folder with a release, to be changed."""
    shutil.copytree(released.root, tmp_path / "vt", symlinks=True)
    return Settings(home=tmp_path / "vt")


def sliced(content: bytes, path: Path = layouts.DEFAULT) -> dict[str, list[dict[str, str]]]:
    """Record set → records, field → text, cut out of the lines by the positions in the layout."""
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: dict[str, list[dict[str, str]]] = {record["verzameling"]: [] for record in form["records"]}
    by_code = {record["code"]: record for record in form["records"]}
    lines = content.decode("ascii").split("\r\n")
    assert lines.pop() == ""
    for line in lines:
        record = by_code[line[:2]]
        last = record["velden"][-1]
        assert len(line) == last["positie"] + last["lengte"] - 1
        found[record["verzameling"]].append(
            {f["naam"]: line[f["positie"] - 1 : f["positie"] - 1 + f["lengte"]].strip() for f in record["velden"]}
        )
    return found


def within(day: str | None, half: str) -> bool:
    year, part = half.split("-H")
    return bool(day) and day is not None and day[:4] == year and (int(day[5:7]) > 6) == (part == "2")


def expected(rows: dict[str, list[Row]], half: str) -> dict[str, dict[Any, tuple[str, ...]]]:
    """Key → what must stand there, of the rows of the registration."""
    tables = yaml.safe_load(layouts.DEFAULT.read_text(encoding="utf-8"))["codelijsten"]
    reports = {row["melding_nummer"]: row for row in rows["meldingen"]}
    forms_of: dict[str, set[str]] = {}
    kinds_of: dict[str, set[str]] = {}
    for row in rows["melding_vormen"]:
        forms_of.setdefault(row["melding_nummer"], set()).add(tables["vorm"][row["vorm"]])
    for row in rows["melding_aarden"]:
        kinds_of.setdefault(row["melding_nummer"], set()).add(tables["aard"][row["aard"]])
    decided = {row["melding_nummer"]: row for row in rows["veiligheidsbeoordelingen"] if within(row["besluit_op"], half)}
    closed = {row["dienst_nummer"]: row for row in rows["diensten"] if row["soort"] == "onderzoek" and within(row["afgesloten_op"], half)}
    persons: dict[str, list[Row]] = {}
    for row in rows["betrokkenen"]:
        persons.setdefault(row["melding_nummer"], []).append(row)

    def person(row: Row) -> tuple[str, ...]:
        return (row["bsn"], row["geboortedatum"], tables["geslacht"][row["geslacht"]])

    def day(text: str | None) -> str:
        return (text or "").replace("-", "")

    return {
        "adviezen": {
            row["advies_nummer"]: (day(row["gestart_op"]), day(row["afgesloten_op"]), tables["melder"][row["hoedanigheid"]])
            for row in rows["adviesvragen"]
            if within(row.get("afgesloten_op"), half)
        },
        "meldingen": {
            number: (
                reports[number]["casus_nummer"],
                tables["urgentie"][reports[number]["urgentie"]],
                "".join(sorted(forms_of.get(number, ()))),
                "".join(sorted(kinds_of.get(number, ()))),
                day(row["besluit_op"]),
                tables["besluit"][row["besluit"]],
                f"{len(persons.get(number, ())):03d}",
            )
            for number, row in decided.items()
        },
        "betrokkenen_meldingen": {(n, f"{int(p['volgnummer']):03d}"): person(p) for n in decided for p in persons.get(n, ())},
        "onderzoeken": {
            number: (
                row["melding_nummer"],
                day(row["gestart_op"]),
                day(row["afgesloten_op"]),
                tables["onderzoek"][row["uitkomst_huiselijk_geweld"]],
                tables["onderzoek"][row["uitkomst_kindermishandeling"]],
            )
            for number, row in closed.items()
        },
        "betrokkenen_onderzoeken": {
            (n, f"{int(p['volgnummer']):03d}"): person(p) for n, row in closed.items() for p in persons.get(row["melding_nummer"], ())
        },
    }


KEYS = {
    "adviezen": ("advies_nummer",),
    "meldingen": ("melding_nummer",),
    "betrokkenen_meldingen": ("melding_nummer", "volgnummer"),
    "onderzoeken": ("dienst_nummer",),
    "betrokkenen_onderzoeken": ("dienst_nummer", "volgnummer"),
}
FIELDS = {
    "adviezen": ("gestart_op", "afgesloten_op", "hoedanigheid"),
    "meldingen": ("casus_nummer", "urgentie", "vormen", "aarden", "besluit_op", "besluit", "betrokkenen"),
    "betrokkenen_meldingen": ("bsn", "geboortedatum", "geslacht"),
    "onderzoeken": ("melding_nummer", "gestart_op", "afgesloten_op", "uitkomst_huiselijk_geweld", "uitkomst_kindermishandeling"),
    "betrokkenen_onderzoeken": ("bsn", "geboortedatum", "geslacht"),
}


def content_of(settings: Settings, name: str) -> bytes:
    return cbs_files.unsealed(settings, right_key(settings), name)


def test_the_file_holds_the_registration(home: Settings, delivered: HandmadeDelivery) -> None:
    seen: Counter[str] = Counter()
    for half in HALVES:
        made = write.make(home, HalfYear.of(half))
        records, wanted = sliced(content_of(home, made.name)), expected(delivered.rows, half)
        assert made.account["records"] == {of: len(found) for of, found in records.items()}
        for of, found in records.items():
            keyed = {tuple(r[k] for k in KEYS[of]): tuple(r[f] for f in FIELDS[of]) for r in found}
            assert len(keyed) == len(found)
            assert keyed == {key if isinstance(key, tuple) else (key,): value for key, value in wanted[of].items()}
            seen[of] += len(found)
    assert min(seen.values()) >= 10, seen
    births = Counter(v[1] for v in expected(delivered.rows, "2024-H1")["betrokkenen_meldingen"].values())
    births += Counter(v[1] for v in expected(delivered.rows, "2023-H2")["betrokkenen_meldingen"].values())
    assert {"99999999", "19840600", "19840000"} <= set(births)


def test_what_is_beside_it_says_who_made_it_of_what(home: Settings) -> None:
    made = write.make(home, HalfYear.of("2024-H1"))
    told = json.loads((home.cbs / "2024-H1-1.json").read_text(encoding="utf-8"))
    assert told == json.loads(json.dumps(made.account))
    content = content_of(home, made.name)
    assert (told["bytes"], told["vervangt"], told["peildatum"]) == (len(content), None, "2024-12-31")
    assert told["indeling"] == {
        "naam": "Beleidsinformatie Veilig Thuis",
        "versie": "lezing-2019",
        "bestand": "bestandsdefinitie.yml",
        "sha256": sha256(layouts.DEFAULT),
    }
    (event,) = Register(home).events(register.CBS_MADE)
    assert (event.inhoud["sha256"], event.inhoud["records"]) == (told["sha256"], told["records"])
    assert uses(home)[-1]["waarvoor"] == "CBS: the delivery of 2024-H1"
    assert {path.stat().st_mode & 0o077 for path in home.cbs.iterdir()} == {0}


def test_no_copy_lies_anywhere_in_the_clear(home: Settings, tmp_path: Path) -> None:
    write.make(home, HalfYear.of("2024-H1"))
    content = content_of(home, "2024-H1-1")
    line = content.split(b"\r\n")[0]
    assert [p for p in home.root.rglob("*") if p.is_file() and line in p.read_bytes()] == []
    target = tmp_path / "naar_cbs.asc"
    write.hand_over(home, HalfYear.of("2024-H1"), None, target, "A. Voorbeeld")
    assert target.read_bytes() == content
    assert target.stat().st_mode & 0o777 == 0o600
    assert [p for p in home.root.rglob("*") if p.is_file() and line in p.read_bytes()] == []
    (event,) = Register(home).events(register.CBS_HANDED_OVER)
    assert event.inhoud == {"halfjaar": "2024-H1", "nummer": 1, "door": "A. Voorbeeld"}
    handed = write.deliveries(home)[0]["overhandigd"]
    assert (handed["door"], handed["op"]) == ("A. Voorbeeld", event.op.isoformat(timespec="seconds"))
    with pytest.raises(CbsError, match=r"naar_cbs\.asc cannot be written: File exists"):
        write.hand_over(home, HalfYear.of("2024-H1"), 1, target, "A. Voorbeeld")
    with pytest.raises(CbsError, match="lies in the data folder, and nothing lies there in the clear"):
        write.hand_over(home, HalfYear.of("2024-H1"), 1, home.root / "inbox" / "a.asc", "A. Voorbeeld")
    with pytest.raises(CbsError, match="There is no delivery 7 of 2024-H1"):
        write.hand_over(home, HalfYear.of("2024-H1"), 7, tmp_path / "b.asc", "A. Voorbeeld")


def test_a_correction_is_the_whole_once_more_and_tells_what_is_different(home: Settings, tmp_path: Path) -> None:
    period = HalfYear.of("2024-H1")
    write.make(home, period)
    with pytest.raises(CbsError, match=r"was delivered as number 1.*--vervangt 1"):
        write.make(home, period)
    with pytest.raises(CbsError, match="There is no delivery 4 of 2024-H1"):
        write.make(home, period, replaces=4)
    _change_the_kept_file(home, "2024-H1-1")
    rows = tmp_path / "verschil.csv"
    made = write.make(home, period, replaces=1, rows_to=rows)
    by_set = {d.of: (d.new, d.changed, d.gone) for d in made.differences}
    assert by_set["adviezen"] == (1, 0, 1)
    assert by_set["meldingen"] == (0, 1, 0)
    assert sum(map(sum, by_set.values())) == 3
    assert next(d for d in made.differences if d.of == "meldingen").fields == {"urgentie": 1}
    told = [line.split(";") for line in rows.read_text(encoding="utf-8").splitlines()]
    assert told[0] == ["verzameling", "wat", "sleutel"]
    assert sorted((of, what) for of, what, _ in told[1:]) == [("adviezen", "nieuw"), ("adviezen", "weg"), ("meldingen", "gewijzigd")]
    assert made.account["nummer"] == 2 and made.account["vervangt"] == 1


def _change_the_kept_file(settings: Settings, name: str) -> None:
    """The kept file as if it were of before: an advice under another number, a report with another urgency."""
    keyring = open_key(settings, "test")
    lines = content_of(settings, name).decode("ascii").split("\r\n")
    of_code = {code: next(i for i, line in enumerate(lines) if line.startswith(code)) for code in ("10", "20")}
    advice, told = lines[of_code["10"]], lines[of_code["20"]]
    lines[of_code["10"]] = advice[:8] + "A-VAN-EERST".ljust(20) + advice[28:]
    lines[of_code["20"]] = told[:59] + ("3" if told[59] != "3" else "4") + told[60:]
    content = "\r\n".join(lines).encode("ascii")
    cbs_files.seal(settings, keyring, name, content)
    path = settings.cbs / f"{name}.json"
    account = json.loads(path.read_text(encoding="utf-8"))
    account["sha256"] = hashlib.sha256(content).hexdigest()
    path.write_text(json.dumps(account), encoding="utf-8")


def test_another_layout_is_dropped_in_without_code(home: Settings, delivered: HandmadeDelivery) -> None:
    path = layouts.FOLDER / "bestandsdefinitie-2015.yml"
    made = write.make(home, HalfYear.of("2024-H1"), layout=path)
    records = sliced(content_of(home, made.name), path)
    wanted = expected(delivered.rows, "2024-H1")
    followed = {"01": "02", "02": "02", "03": "01", "04": "03", "05": "04"}
    assert {r["melding_nummer"]: r["vervolg"] for r in records["meldingen"]} == {
        number: followed[value[5]] for number, value in wanted["meldingen"].items()
    }
    both = {"1": "0104", "2": "0205", "3": "0306"}
    assert {r["dienst_nummer"]: r["uitkomst"] for r in records["onderzoeken"]} == {
        number: both[value[3]] for number, value in wanted["onderzoeken"].items()
    }
    other = sum(
        row["vorm"] == "andere_problematiek" and row["melding_nummer"] in wanted["meldingen"] for row in delivered.rows["melding_vormen"]
    )
    assert other > 0
    assert made.account["zonder_plaats"]["meldingen.aanleiding=andere_problematiek"] == other


def changed_layout(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = layouts.DEFAULT.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "eigen.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_value_that_does_not_fit_stops_it_and_nothing_is_cut_off(home: Settings, tmp_path: Path, delivered: HandmadeDelivery) -> None:
    narrow = "{naam: advies_nummer, positie: 9, lengte: 3, uit: nummer, verplicht: true, sleutel: true}"
    path = changed_layout(
        tmp_path,
        (
            "{naam: advies_nummer, positie: 9, lengte: 20, uit: nummer, verplicht: true, sleutel: true}",
            narrow + "\n      - {naam: rest, positie: 12, lengte: 17, vast: ''}",
        ),
    )
    count = len(expected(delivered.rows, "2024-H1")["adviezen"])
    with pytest.raises(CbsError) as caught:
        write.make(home, HalfYear.of("2024-H1"), layout=path)
    said = str(caught.value)
    assert f"record 10, field advies_nummer: {count} values are longer than the 3 positions of the field (1:adviesvragen.csv:" in said
    assert not any(number in said for number in expected(delivered.rows, "2024-H1")["adviezen"])
    assert write.deliveries(home) == [] and not list(home.cbs.glob("*"))
    assert Register(home).events(register.CBS_MADE) == []


def test_an_empty_field_that_must_be_filled_stops_it(home: Settings, tmp_path: Path) -> None:
    path = changed_layout(tmp_path, ("uit: eerdere_incidenten}", "uit: eerdere_incidenten, verplicht: true}"))
    with pytest.raises(CbsError, match=r"record 20, field eerdere_incidenten: \d+ times empty, where the layout wants it filled"):
        write.make(home, HalfYear.of("2024-H1"), layout=path)


def test_a_key_that_stands_there_twice_stops_it(home: Settings, tmp_path: Path) -> None:
    path = changed_layout(
        tmp_path,
        ("volgnummer, verplicht: true, sleutel: true}", "volgnummer, verplicht: true}"),
    )
    with pytest.raises(CbsError, match=r"record 21: \d+ keys stand there twice"):
        write.make(home, HalfYear.of("2024-H1"), layout=path)


def test_a_sign_of_another_alphabet_stops_it() -> None:
    whole, _ = layouts.read()
    form = whole.model_copy(update={"records": whole.records[:1]})
    with duckdb.connect() as con:
        con.execute(
            """create table adviezen as select date '2024-03-01' as telt_op, 'A\u00e91' as nummer, date '2024-01-01' as gestart_op,
            date '2024-03-01' as afgesloten_op, 'chat' as kanaal, 'politie' as hoedanigheid, true as anoniem, null::varchar as gemeente,
            ['partnergeweld'] as vormen, 7 as _levering, 'adviesvragen.csv' as _bestand, 3 as _regel"""
        )
        with pytest.raises(CbsError) as caught:
            records.write(con, form, HalfYear.of("2024-H1"), "000000")
    assert "record 10, field advies_nummer: 1 values hold signs that are no ASCII (7:adviesvragen.csv:3; " in str(caught.value)


@pytest.mark.parametrize(
    ("half", "told"),
    [
        ("2025-H1", "tells of 2024-12-31, and half-year 2025-H1 ends on 2025-06-30: it cannot be delivered yet"),
        ("2024", "2024 is no half-year; write it as 2024-H2"),
        ("2024-H3", "2024-H3 is no half-year"),
    ],
)
def test_a_half_year_that_cannot_be_delivered(home: Settings, half: str, told: str) -> None:
    with pytest.raises(CbsError, match=told):
        write.make(home, HalfYear.of(half))
    assert not home.cbs.exists()


def test_a_half_year_without_anything_is_an_empty_file(home: Settings) -> None:
    made = write.make(home, HalfYear.of("2019-H1"))
    assert set(made.account["records"].values()) == {0}
    assert content_of(home, made.name) == b""


def test_in_productie_the_number_at_cbs_is_wanted(home: Settings) -> None:
    there = home.model_copy(update={"omgeving": Omgeving.PRODUCTIE})
    with pytest.raises(CbsError, match=r"organisaties/amsterdam-amstelland\.yml has no cbs_instelling"):
        write.make(there, HalfYear.of("2024-H1"))


def test_whom_is_forgotten_goes_from_the_files_too(home: Settings, delivered: HandmadeDelivery) -> None:
    write.make(home, HalfYear.of("2024-H1"))
    write.make(home, HalfYear.of("2019-H1"))
    bsn = next(
        v[0] for v in expected(delivered.rows, "2024-H1")["betrokkenen_meldingen"].values() if v[0].startswith("99") and v[0] != "999999999"
    )
    almost = next(t for t in (f"{bsn[:-1]}{n}" for n in range(10)) if t != bsn)
    keyring = right_key(home)
    assert cbs_files.holding(home, keyring, {"persoon": {almost}, "casus": {bsn}, "advies": {"A"}}) == []
    report = forget.forget(home, "persoon", bsn, "A. Voorbeeld", "request", lambda _: None)
    assert report.searched["cbs"] == 1
    assert cbs_files.names(home, right_key(home)) == ["2019-H1-1"]
    assert [a["halfjaar"] for a in write.deliveries(home)] == ["2019-H1", "2024-H1"]
    with pytest.raises(CbsError, match=r"The file of 2024-H1-1 is gone.*--vervangt 1"):
        write.hand_over(home, HalfYear.of("2024-H1"), 1, home.root.parent / "a.asc", "A. Voorbeeld")


def test_a_new_key_opens_the_files_and_the_old_one_none(home: Settings) -> None:
    write.make(home, HalfYear.of("2024-H1"))
    before, old = content_of(home, "2024-H1-1"), right_key(home)
    rotate.rotate(home, "A. Voorbeeld", "yearly", lambda _: None)
    assert content_of(home, "2024-H1-1") == before
    assert cbs_files.names(home, old) == []
    assert len(list(home.cbs.glob("*.vtc"))) == 1


def test_a_making_that_was_cut_off_leaves_nothing_that_counts(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(write, "write_new", dies)
        with pytest.raises(KeyboardInterrupt):
            write.make(home, HalfYear.of("2024-H1"))
    assert write.deliveries(home) == []
    made = write.make(home, HalfYear.of("2024-H1"))
    assert made.name == "2024-H1-1"
    assert cbs_files.names(home, right_key(home)) == ["2024-H1-1"]


def test_a_file_that_was_changed_is_not_handed_over(home: Settings, tmp_path: Path) -> None:
    write.make(home, HalfYear.of("2024-H1"))
    cbs_files.seal(home, right_key(home), "2024-H1-1", b"something else")
    with pytest.raises(CbsError, match="The file of 2024-H1-1 is not the one that was made"):
        write.hand_over(home, HalfYear.of("2024-H1"), 1, tmp_path / "a.asc", "A. Voorbeeld")


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing pulls the plug in these tests."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    yield


def test_half_years_follow_each_other() -> None:
    period = HalfYear.of("2024-h1")
    assert (str(period), period.first, period.last) == ("2024-H1", date(2024, 1, 1), date(2024, 6, 30))
    assert [str(period.before(n)) for n in range(4)] == ["2024-H1", "2023-H2", "2023-H1", "2022-H2"]
    assert HalfYear.holding(date(2024, 7, 1)) == HalfYear(2024, 2)
    assert HalfYear.holding(date(2024, 6, 30)) == period
