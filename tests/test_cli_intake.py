"""The commands that belong to the intake, as a user meets them: a table or a sentence, the right exit code, never a stack trace."""

import csv
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from orchestration import cli
from orchestration.keys.use import uses
from orchestration.landing import quarantine
from orchestration.landing.takein import take_in_waiting
from orchestration.language import say, speak
from orchestration.quality import outcomes
from orchestration.register.register import Register
from orchestration.release import hold, store, verdict_log
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.release.writer import TAKEN
from orchestration.settings import Settings
from orchestration.transform import steps
from orchestration.transform.controle import Controle
from tests.lib.handmade import HandmadeDelivery, mutaties

pytestmark = pytest.mark.xdist_group("uitgave")
Vt = Callable[..., "Answer"]
WHO = ["--door", "J. Voorbeeld", "--reden", "afgesproken"]


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


@pytest.fixture
def vt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vt:
    """``vt`` in this process: arguments, the data folder, and what is typed."""

    def run(home: Path, *args: str, typed: str = "") -> Answer:
        monkeypatch.setenv("VT_HOME", str(home))
        monkeypatch.setattr(sys, "argv", ["vt", *args])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        found = capsys.readouterr()
        assert "Traceback" not in found.err + found.out
        code = ended.value.code
        return Answer(code if isinstance(code, int) else 0, found.out, found.err)

    return run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with two deliveries and three rows in quarantine; a third was refused. What the register keeps of it is Dutch."""
    speak("nl")
    root = tmp_path / "vt"
    root.mkdir()
    settings = Settings(home=root)
    first = HandmadeDelivery(1)
    first.rows["casussen"] += [first.row("casussen") | {"casus_nummer": f"K{i}"} for i in range(120)]
    first.row("meldingen")["urgentie"] = "?"
    first.zip(settings.inbox)
    mutaties(2, casussen=[]).zip(settings.inbox)
    HandmadeDelivery(3).zip(settings.inbox)
    found = take_in_waiting(settings, lambda _: None)
    assert [u.uitkomst for u in found] == ["opgenomen", "opgenomen", "geweigerd"]
    return root


# --- deliveries, quarantine -----------------------------------------------------------------------------------------------------------


def test_the_register_and_what_is_late(vt: Vt, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = vt(home, "deliveries", "list", "--geweigerd")
    assert found.code == 0
    rows = [line for line in found.out.splitlines() if "2024-12-31" in line and "│" in line]
    assert ["onbevestigd" in r for r in rows] == [False, True]
    assert "minder dan 80%" in " ".join(found.out.split())
    assert "te laat" not in found.out, "ontwikkeling"
    monkeypatch.setenv("VT_OMGEVING", "productie")
    assert "leveringen zijn te laat, met peildatum 2025-01-01 tot en met " in vt(home, "deliveries", "list").out
    monkeypatch.setenv("VT_AANLEVERDAGEN", "soms")
    assert vt(home, "deliveries", "list").code == 2


def test_accepting_a_delivery_that_shrank(vt: Vt, home: Path) -> None:
    assert "Levering 9 is nooit aangeboden" in vt(home, "deliveries", "accept", "9", *WHO).err
    assert "Hier hoort de naam van wie besluit" in vt(home, "deliveries", "accept", "3", "--door", " ", "--reden", "x").err
    found = vt(home, "deliveries", "accept", "3", *WHO)
    assert (found.code, "draai vt refresh" in found.out) == (0, True)
    event = Register(Settings(home=home)).events("levering_geaccepteerd")[0]
    assert (event.inhoud["nummer"], event.inhoud["door"], event.inhoud["reden"]) == (3, "J. Voorbeeld", "afgesproken")
    assert [u.uitkomst for u in take_in_waiting(Settings(home=home), lambda _: None)] == ["opgenomen"]


def test_a_refusal_for_which_no_good_delivery_comes_is_closed_by_a_person(vt: Vt, home: Path) -> None:
    assert "Levering 3 is geweigerd" in " ".join(vt(home, "status").out.split())
    assert "Er staat geen weigering van 9 open" in vt(home, "deliveries", "dismiss", "9", *WHO).err
    found = vt(home, "deliveries", "dismiss", "3", *WHO)
    assert (found.code, found.out.startswith("De weigering van 3 is afgedaan")) == (0, True)
    (event,) = Register(Settings(home=home)).events("weigering_afgedaan")
    assert (event.inhoud["nummer"], event.inhoud["door"], event.inhoud["reden"]) == (3, *WHO[1::2])
    assert "Levering 3 is geweigerd" not in " ".join(vt(home, "status").out.split())
    assert "minder dan 80%" in " ".join(vt(home, "deliveries", "list", "--geweigerd").out.split())
    HandmadeDelivery(3).zip(home / "inbox")  # the same once more is news
    take_in_waiting(Settings(home=home), lambda _: None)
    assert "Levering 3 is geweigerd" in " ".join(vt(home, "status").out.split())
    (home / "inbox" / "kapot.zip").write_bytes(b"PK rubbish")
    take_in_waiting(Settings(home=home), lambda _: None)
    assert vt(home, "deliveries", "dismiss", "kapot.zip", *WHO).code == 0


def test_what_a_person_dismissed_does_not_come_in_by_itself_when_the_gap_is_filled(vt: Vt, home: Path) -> None:
    settings = Settings(home=home)
    mutaties(4, casussen=[]).zip(settings.inbox)
    take_in_waiting(settings, lambda _: None)
    assert vt(home, "deliveries", "dismiss", "4", *WHO).code == 0
    mutaties(3, casussen=[]).zip(settings.inbox)
    take_in_waiting(settings, lambda _: None)
    assert [d.nummer for d in Register(settings).leveringen()] == [1, 2, 3]


def test_a_refusal_that_a_good_delivery_closed_stays_closed_when_that_is_withdrawn(vt: Vt, home: Path) -> None:
    settings = Settings(home=home)
    for number in (4, 3):
        mutaties(number, casussen=[]).zip(settings.inbox)
        take_in_waiting(settings, lambda _: None)
    assert [d.nummer for d in Register(settings).leveringen()] == [1, 2, 3, 4]
    assert vt(home, "deliveries", "withdraw", "4", *WHO).code == 0
    assert "is geweigerd" not in vt(home, "status").out


def test_who_decides_is_asked_in_the_language_of_the_day(vt: Vt, home: Path) -> None:
    found = vt(home, "deliveries", "accept", "3", typed="J. Voorbeeld\nafgesproken\n")
    assert (found.code, "Wie besluit: " in found.out, "Waarom: " in found.out) == (0, True, True)


def test_taking_in_anew(vt: Vt, home: Path) -> None:
    assert vt(home, "deliveries", "reintake", "9", *WHO).code == 2
    found = vt(home, "deliveries", "reintake", "1", *WHO)
    assert (found.code, found.out.strip()) == (
        0,
        "Opnieuw opgenomen leveringen: 2. Alle aantallen zijn gelijk gebleven. Draai nu vt refresh.",
    )
    event = Register(Settings(home=home)).events("landing_herschreven")[0]
    assert (event.inhoud["waarom"], event.inhoud["door"]) == ("heropname", "J. Voorbeeld")


def test_quarantine_from_list_to_dismissal(vt: Vt, home: Path, tmp_path: Path) -> None:
    listed = vt(home, "quarantine", "list", "--entiteit", "meldingen")
    assert "urgentie" in listed.out
    assert "M1" not in listed.out
    shown = vt(home, "quarantine", "show", "1", "meldingen", "2")
    assert "M1;C1;" in shown.out
    assert "meldingen.csv, regel 2, veld urgentie: staat niet in codelijst urgentie (open)" in shown.out
    assert "Toegestaan: 1, 2, 3, 4; " in shown.out
    (told,) = quarantine.told(Settings(home=home), [1, 2])
    counted = "Levering 1: 8 rijen in quarantaine, waarvan 7 alleen omdat de rij waar zij bij horen daar ook staat."
    assert told.startswith(f"{counted} meldingen.csv, regel 2, veld urgentie: ")
    assert "Zie vt quarantine show 1 meldingen 2" in told
    assert uses(Settings(home=home))[-1]["waarvoor"] == "quarantine show: levering 1, meldingen, regel 2"
    target = tmp_path / "q.csv"
    assert vt(home, "quarantine", "export", str(target), "--met-regels").code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with target.open(encoding="utf-8", newline="") as file:
        assert "M1;C1;" in next(r["ruw"] for r in csv.DictReader(file, delimiter=";") if r["entiteit"] == "meldingen")
    assert vt(home, "quarantine", "export", str(target)).code == 2
    assert vt(home, "quarantine", "dismiss", "1", "meldingen", "--door", "", "--reden", "x").code == 2
    assert "1 rijen van meldingen van levering 1 afgewezen." in vt(home, "quarantine", "dismiss", "1", "meldingen", *WHO).out
    assert Register(Settings(home=home)).events()[-1].inhoud["reden"] == "afgesproken"
    assert "afgewezen" in vt(home, "quarantine", "list", "--status", "alle", "--entiteit", "meldingen").out
    assert vt(home, "quarantine", "dismiss", "1", "meldingen", *WHO).code == 2
    assert vt(home, "quarantine", "show", "1", "meldingen", "77").code == 2


@pytest.mark.parametrize("args", [["--status", "weg"], ["--entiteit", "huizen"]])
def test_quarantine_of_what_is_not_there(vt: Vt, home: Path, args: list[str]) -> None:
    found = vt(home, "quarantine", "list", *args)
    assert found.code == 2
    assert "Er zijn: " in found.err


# --- releases ----------------------------------------------------------------------------------------------------------------------------


def test_approving_a_release_is_a_decision_of_a_person(vt: Vt, home: Path) -> None:
    settings = Settings(home=home)
    for name in ("r1", "r2"):
        (settings.releases / name).mkdir(parents=True)
        waits = {"goedkeuring": "wacht op goedkeuring"} if name == "r2" else {}
        content = {"release": name, "gemaakt_op": "2025-01-01T00:00:00+00:00", "wacht": waits, "gewijzigde_cijfers": None}
        (settings.releases / name / "release.json").write_text(json.dumps(content))
    (settings.releases / "current").symlink_to("r1")
    assert vt(home, "release", "approve", "r9", *WHO).code == 2
    assert vt(home, "release", "approve", "r2", "--door", "J. Voorbeeld", "--reden", " ").code == 2
    assert Register(settings).events("release_vrijgegeven") == []
    assert vt(home, "release", "approve", "r2", typed="J. Voorbeeld\ncodelijst gewijzigd\n").code == 0
    assert (settings.releases / "current").readlink() == Path("r2")
    (event,) = Register(settings).events("release_vrijgegeven")
    assert event.inhoud == {"release": "r2", "vorige_release": "r1", "door": "J. Voorbeeld", "reden": "codelijst gewijzigd"}
    assert vt(home, "release", "approve", "r2", *WHO).code == 2, "it does not wait any more"
    found = vt(home, "release", "rollback", "r1", *WHO)
    assert "vastgezet" in found.out and "vt release unpin" in found.out
    assert "Lezers zien nu r2" in vt(home, "release", "unpin", *WHO).out


# --- status and check -------------------------------------------------------------------------------------------------------------------


def test_status_is_one_screen_with_what_is_open_and_what_to_type(vt: Vt, home: Path) -> None:
    found = vt(home, "status")
    assert found.code == 0
    assert "nog geen release" in found.out
    text = " ".join(found.out.split())
    assert "Levering 3 is geweigerd: bestand casussen.csv: 2 rijen, waar de huidige stand van casussen er 122 heeft" in text
    assert "vt deliveries accept 3" in text
    assert re.search(r"Rijen in quarantaine: \d \(.*meldingen 1.*\), de oudste sinds", text) and "vt quarantine list" in text
    assert len(found.out.splitlines()) <= 24
    (home / "register" / "00000001-levering_opgenomen.json").write_text("{}")
    broken = vt(home, "status")
    assert broken.code == 0
    assert broken.out.count("Het register is niet heel") == 1 and "Nu te doen: " in broken.out, "the rest is shown all the same"


def test_status_of_a_refresh_that_was_killed(vt: Vt, home: Path) -> None:
    settings = Settings(home=home)
    steps.begin(settings, "killed")
    with FileLock(settings.root / "schrijver.lock"):  # as another process does
        assert "is afgebroken" not in said(vt, home, "status"), "it is at work"
    killed = said(vt, home, "status")
    assert "is afgebroken: haar proces werd beëindigd, de machine stopte, of het geheugen raakte op" in killed and killed.endswith(
        "Nu te doen: vt refresh"
    )
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    verdict_log.keep(settings, Verdict(Uitkomst.NIETS_NIEUWS, None, None, None), moment)
    assert "is afgebroken" not in said(vt, home, "status")
    begun = moment.timestamp() + 0.9
    os.utime(settings.build / "stand" / "begin.json", (begun, begun))
    assert "is afgebroken" not in said(vt, home, "status"), "a quiet night that began and ended within a second"


def said(vt: Vt, home: Path, *args: str, code: int = 0) -> str:
    found = vt(home, *args)
    assert found.code == code, found.out + found.err
    return " ".join(found.out.split())


def test_status_after_a_night_that_broke_down_looks_again(vt: Vt, home: Path) -> None:
    """What a night looks at before it takes anything in: mended since, it is not told any more, and what is told now is what is so now."""
    table = home / "landing" / "00000002" / "casussen.parquet"
    table.write_bytes(table.read_bytes()[:-2])
    assert "vt deliveries reintake 2" in said(vt, home, "refresh", code=2)
    broken = said(vt, home, "status")
    assert "casussen.parquet (levering 2) heeft een andere grootte" in broken and "zoals de laatste nacht het zei" not in broken
    assert "Nu te doen: neem de oorzaak weg (docs/runbooks/nacht.md), zoals hierboven staat, dan vt refresh" in broken
    said(vt, home, "deliveries", "reintake", "2", *WHO)
    mended = said(vt, home, "status")
    assert "andere grootte" not in mended and mended.endswith("Nu te doen: vt refresh")
    (home / "landing" / "00000099").mkdir()
    for name in ("landing/los.txt", "archive/vreemd.bin"):
        (home / name).touch()
    told = said(vt, home, "refresh", code=2)
    assert "landing/00000099 en nog 2 in" in told and "Alles wat er is: vt landing verify" in told
    listed = said(vt, home, "landing", "verify", code=1)
    assert all(name in listed for name in ("landing/00000099", "landing/los.txt", "archive/vreemd.bin", "3 mappen en bestanden"))
    (home / "landing" / "00000099").rmdir()
    assert "landing/los.txt en nog 1 in" in said(vt, home, "status")
    for name in ("landing/los.txt", "archive/vreemd.bin"):
        (home / name).unlink()
    assert said(vt, home, "status").endswith("Nu te doen: vt refresh")
    assert "zijn zoals het register zegt" in said(vt, home, "landing", "verify")


def test_status_of_a_delivery_that_was_let_through(vt: Vt, home: Path) -> None:
    said(vt, home, "deliveries", "accept", "3", *WHO)
    told = said(vt, home, "status")
    assert f"Levering 3 is geweigerd, en op {date.today()} doorgelaten door J. Voorbeeld: vt refresh neemt haar op" in told
    assert "vt deliveries accept" not in told and told.endswith("Nu te doen: vt refresh")
    assert "(doorgelaten op" in said(vt, home, "deliveries", "list")
    settings = Settings(home=home)
    assert [u.uitkomst for u in take_in_waiting(settings, lambda _: None)] == ["opgenomen"]
    assert "Levering 3" not in said(vt, home, "status")


def test_status_of_what_waited_and_of_what_only_a_night_can_tell(vt: Vt, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.inbox.mkdir()
    for name, waits in (("r1", {}), ("r2", {"vastgezet": "Release r2 waits: readers keep r1"})):
        (settings.releases / name).mkdir(parents=True)
        content = {"release": name, "gemaakt_op": "2025-01-01T00:00:00+00:00", "wacht": waits, "gewijzigde_cijfers": None, "peildatum": "x"}
        (settings.releases / name / "release.json").write_text(json.dumps(content))
    store.switch(settings, "r1")
    hold.roll_back(settings, "r1", "J. Voorbeeld", "x")
    why = {"wacht vastgezet": "Release r2 waits: readers keep r1"}
    verdict_log.keep(settings, Verdict(Uitkomst.VASTGEHOUDEN, "r1", "r1", "x", redenen=why))
    told = said(vt, tmp_path, "status")
    assert told.count("Release r2 waits") == 1 and told.endswith("Nu te doen: wat de regels hierboven zeggen; verder niets")
    said(vt, tmp_path, "release", "unpin", *WHO)
    assert said(vt, tmp_path, "status").endswith("open niets Nu te doen: niets: de volgende levering wordt opgenomen als zij komt")
    verdict_log.keep(
        settings, Verdict(Uitkomst.VASTGEHOUDEN, "r2", "r2", "x", redenen={"sleutels_uniek": "controle sleutels_uniek: 3 rows"})
    )
    told = said(vt, tmp_path, "status")
    assert "controle sleutels_uniek: 3 rows (zoals de laatste nacht het zei)" in told and "Nu te doen: neem de oorzaak weg" in told


def test_another_refresh_that_is_writing_is_told_for_as_long_as_it_is(vt: Vt, home: Path) -> None:
    settings = Settings(home=home)
    hold_it = f"""
from pathlib import Path
from orchestration.release.writer import only_writer
from orchestration.settings import Settings
with only_writer(Settings(home=Path({str(home)!r}))):
    print("held", flush=True)
    input()
"""
    with subprocess.Popen([sys.executable, "-c", hold_it], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        verdict_log.keep(settings, Verdict(Uitkomst.MISLUKT, None, None, None, redenen={"storing": say(TAKEN, folder=settings.root)}))
        assert re.search("Another refresh is writing|andere verversing schrijft", said(vt, home, "status"))
        other.communicate("\n")
    told = said(vt, home, "status")
    assert "refresh is writing" not in told and "verversing schrijft" not in told and told.endswith("Nu te doen: vt refresh")


def test_the_inbox_is_made_where_it_is_missing_and_a_file_in_its_place_is_told(vt: Vt, home: Path) -> None:
    inbox = home / "inbox"
    inbox.rmdir()
    assert f"Nu te doen: maak {inbox} (mkdir -m 700, of vt refresh)" in said(vt, home, "status")
    assert f"{inbox} is er niet: mkdir -m 700 {inbox}" in said(vt, home, "check", "--no-alert", code=2)
    inbox.write_bytes(b"PK")
    told = f"{inbox} is een bestand, waar de map met leveringen hoort: haal het weg, dan maakt vt refresh de map"
    shown = said(vt, home, "status")
    assert told in shown and f"Nu te doen: maak de inbox in orde, {inbox}, zoals hierboven staat, dan vt refresh" in shown
    assert told in said(vt, home, "check", "--no-alert", code=2)
    assert told in said(vt, home, "refresh", code=2)
    assert told in " ".join(vt(home, "deliveries", "accept", "3", *WHO).err.split())
    shown = said(vt, home, "status")
    assert shown.count(told) == 1 and "Nu te doen: maak de inbox in orde" in shown
    inbox.unlink()
    said(vt, home, "deliveries", "accept", "3", *WHO)
    assert stat.S_IMODE(inbox.stat().st_mode) == 0o700


def test_a_number_that_is_none_is_refused_before_anyone_is_asked_to_go_on(vt: Vt, home: Path) -> None:
    found = vt(home, "forget", "persoon", *WHO, typed="12\ny\n")
    assert (found.code, "9 cijfers van het BSN" in found.err, "Doorgaan?" in found.out + found.err) == (2, True, False)


def test_a_postponement_says_what_it_does_and_how_it_ends(vt: Vt, home: Path) -> None:
    today, later = date.today(), date.today() + timedelta(days=30)
    told = said(vt, home, "retention", "postpone", str(later), *WHO)
    assert f"Voor {later} wordt niets vernietigd" in told and f"Dit eerder beëindigen: vt retention postpone {today}" in told
    assert f"wordt vanaf {later} opnieuw aangekondigd" in " ".join(vt(home, "retention", "approve", *WHO).err.split())
    assert f"voor {later}" in said(vt, home, "retention", "show")
    assert "Er is niets meer uitgesteld." in said(vt, home, "retention", "postpone", str(today), *WHO)
    assert "Uitgesteld" not in said(vt, home, "retention", "show")


@pytest.mark.parametrize(("uitkomst", "told"), [("gefaald", True), ("gewaarschuwd", True), ("geslaagd", False)])
def test_of_a_check_that_is_no_test_of_dbt_the_sentence_names_the_lines(
    vt: Vt, home: Path, monkeypatch: pytest.MonkeyPatch, uitkomst: str, told: bool
) -> None:
    sentence = "levering 2, meldingen.csv, regel 4"
    found = Controle("landing_meldingen.datums", "great_expectations", "landing_meldingen", uitkomst, "blokkeert", 3, sentence)
    monkeypatch.setattr(outcomes, "last_run", lambda _: [found])
    shown = said(vt, home, "checks", "show", "landing_meldingen.datums")
    assert sentence in shown
    assert ("Rijen worden alleen van een dbt-test getoond; wat van de regels of cijfers van deze controle bekend is staat" in shown) is told


def test_check_finds_what_is_wrong_and_says_what_to_do(vt: Vt, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vt(home, "check", "--no-alert").code == 0
    calendar = home / "kalender.csv"
    calendar.write_text("jaargang,publicatiedatum,tot_en_met,eigenaar,vastgesteld_op\n2024,2025-13-01,2024-12-31,e,2025-01-06\n")
    monkeypatch.setenv("VT_PUBLICATIEKALENDER", str(calendar))
    assert "publicatie kalender.csv, rij 2: publicatiedatum is" in " ".join(vt(home, "check", "--no-alert").out.split())
    monkeypatch.delenv("VT_PUBLICATIEKALENDER")
    (home / "inbox" / "meldingen.csv").write_text("x")
    monkeypatch.setenv("VT_GEHEUEN", "1GiB")
    monkeypatch.setenv("VT_ALARM_NAAR", "foo")
    found = vt(home, "check")
    text = " ".join(found.out.split())
    assert found.code == 2
    assert "VT_GEHEUEN is geen instelling en doet dus niets; bedoel je VT_GEHEUGEN?" in text
    assert "meldingen.csv is een los bestand" in text
    assert "adres 1 (geen adres dat Apprise kent) van VT_ALARM_NAAR: het bericht is niet aangenomen" in text
    monkeypatch.delenv("VT_GEHEUEN")
    monkeypatch.setenv("VT_GEHEUGEN", "veel")
    assert "niet goed DuckDB" in " ".join(vt(home, "check", "--no-alert").out.split())
    (home / "dagster").mkdir()
    (home / "dagster" / "x.db").write_bytes(b"rubbish" * 999)
    assert "is beschadigd: file is not a database" in " ".join(vt(home, "check", "--no-alert").out.split())


# --- the key ----------------------------------------------------------------------------------------------------------------------------


def test_the_key_shown_used_and_changed(vt: Vt, home: Path) -> None:
    settings = Settings(home=home)
    before, content = Register(settings).key_fingerprint() or "", settings.key_path.read_text()
    assert vt(home, "key", "show").out.count(before) == 2
    assert "opname van 3 leveringen" in vt(home, "key", "uses").out
    found = vt(home, "key", "rotate", *WHO)
    assert found.code == 0
    after = Register(settings).key_fingerprint() or ""
    assert after != before
    assert f"De sleutel is nu {after}" in " ".join(found.out.split())
    settings.key_path.write_text(content)  # the old one back
    wrong = vt(home, "key", "show")
    assert (wrong.code, "zet het juiste sleutelbestand terug" in " ".join(wrong.err.split())) == (2, True)
    assert vt(home, "deliveries", "reintake", "1", *WHO).code == 2


@pytest.mark.parametrize("instead", [None, "ab" * 32])
def test_a_refresh_without_the_right_key_writes_nothing(vt: Vt, home: Path, instead: str | None) -> None:
    """A data folder put back from a backup, before its key: also when no delivery waits."""
    settings = Settings(home=home)
    settings.key_path.unlink()
    if instead:
        settings.key_path.write_text(instead)
        settings.key_path.chmod(0o600)

    def files() -> list[Path]:
        return sorted(p for p in home.rglob("*") if p.is_file() and p.parent != home / "logboek")

    before = files()
    found = vt(home, "refresh")
    assert found.code == 2
    assert "de landing is gemaakt met sleutel" in " ".join(found.out.split())
    assert files() == before
    assert len(list((home / "logboek").glob("oordeel-*.json"))) == 1, "the verdict alone is kept"


# --- trace ------------------------------------------------------------------------------------------------------------------------------


def test_from_a_figure_to_lines(vt: Vt, released: Settings, tmp_path: Path) -> None:
    found = vt(released.root, "trace", "meldingen", "2023-H1", "GM0384")
    count = int(found.out.split("GM0384: ")[1].split()[0])
    assert f"{count} regels, elk telt als één" in found.out
    target = tmp_path / "regels.csv"
    assert vt(released.root, "trace", "meldingen", "2023-H1", "GM0384", "--naar", str(target)).code == 0
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert (len(rows), {r["bestand"] for r in rows}) == (count, {"meldingen.csv"})
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    share = vt(released.root, "trace", "aandeel_meldingen_vorm", "2023", "REGIO", "vorm_groep=partnergeweld")
    assert " regels tellen in de teller" in share.out
    assert vt(released.root, "trace", "meldingen", "2023", "--naar", str(target)).code == 2


def test_with_the_key_also_the_report_numbers_and_nothing_of_a_person(vt: Vt, released: Settings) -> None:
    found = vt(released.root, "trace", "betrokkenen", "2023-02", "--met-nummers")
    assert "melding_nummer" in found.out
    assert " M0" in found.out
    assert "bsn" not in found.out
    assert uses(released)[-1]["waarvoor"].startswith("trace: betrokkenen 2023-02 REGIO (")


def test_from_a_line_and_from_a_number_to_figures(vt: Vt, released: Settings, tmp_path: Path) -> None:
    target = tmp_path / "cijfers.csv"
    assert "telt mee in" in vt(released.root, "trace", "--rij", "3:meldingen.csv:20").out
    assert vt(released.root, "trace", "--rij", "3:meldingen:20", "--naar", str(target)).code == 0
    with target.open(encoding="utf-8", newline="") as file:
        assert {"meldingen", "aandeel_meldingen_politie"} <= {r["indicator"] for r in csv.DictReader(file, delimiter=";")}
    found = vt(released.root, "trace", "--nummer", "melding", typed="M0003\n")
    assert "meldingen.csv" in found.out
    assert "M0003" not in found.out
    assert "M0003" not in str(uses(released))
    person = vt(released.root, "trace", "--persoon", typed="123456782\n")
    assert (person.code, person.out.split(";")[0]) == (0, "Nummer van soort persoon: 0 regels bevatten het nummer")
    assert "123456782" not in str(uses(released))


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "Noem een cijfer"),
        (["meldingen"], "Noem een cijfer"),
        (["meldingen", "2023", "--rij", "1:a:2"], "Noem een cijfer"),
        (["--rij", "een:meldingen.csv:2"], "--rij vraagt LEVERING:BESTAND:REGEL"),
        (["--rij", "1:meldingen.csv:"], "--rij vraagt LEVERING:BESTAND:REGEL"),
        (["--rij", "1:[/b].csv:2"], "met [/b].csv is nooit opgenomen"),
        (["meldingen", "2023", "[/b]"], "heeft geen gebied [/b]"),
        (["meldingen", "2023", "REGIO", "x"], "heeft geen categorie_soort x"),
        (["meldingen", "2023", "--release", "r1"], "Er is geen release r1"),
        (["--nummer", "huis"], "geen soort nummer"),
    ],
)
def test_a_trace_of_nothing(vt: Vt, released: Settings, args: list[str], sentence: str) -> None:
    found = vt(released.root, "trace", *args, typed="1\n")
    assert found.code == 2
    assert sentence in " ".join(found.err.split())


# --- mistakes of every day ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["quarantine", "export", "/nergens/x.csv"], "Er is geen map /nergens"),
        (["trace", "meldingen", "2024", "--naar", "/nergens/x.csv"], "Er is geen map /nergens"),
        (["bench", "intake", "--folder", "/nergens"], "Er is geen map /nergens"),
        (["forget", "huis", *WHO], "Er zijn: persoon, casus"),
        (["forget", "casus", "--ja", *WHO], "Er is nog niets opgenomen"),
        (["key", "rotate", *WHO], "Er is nog niets opgenomen"),
        (["deliveries", "reintake", "1", *WHO], "nooit opgenomen"),
        (["trace", "meldingen", "2024"], "Er zijn er geen."),
    ],
)
def test_before_there_is_anything(vt: Vt, tmp_path: Path, args: list[str], sentence: str) -> None:
    found = vt(tmp_path / "leeg", *args, typed="123456782\n")
    assert found.code == 2
    assert sentence in " ".join(found.err.split())
    assert not (tmp_path / "leeg" / "keys").exists()


def test_a_data_folder_that_cannot_be_made(vt: Vt) -> None:
    found = vt(Path("/proc/vt"), "key", "rotate", *WHO)
    assert found.code == 2
    assert "/proc/vt" in found.err


# --- forget -----------------------------------------------------------------------------------------------------------------------------


def test_forgetting_before_there_is_a_release(vt: Vt, home: Path) -> None:
    assert vt(home, "forget", "casus", *WHO, typed="C2\nn\n").code == 2
    assert vt(home, "forget", "persoon", "--ja", *WHO, typed="12\n").code == 2
    found = vt(home, "forget", "casus", "--ja", *WHO, typed="C2\n")
    assert found.code == 0
    assert "Daarna doorzocht, en niets gevonden" in found.out
    settings = Settings(home=home)
    event = Register(settings).events("vergeten")[0]
    assert (event.inhoud["soort"], event.inhoud["door"]) == ("casus", "J. Voorbeeld")
    assert "C2" not in str({k: v for k, v in event.inhoud.items() if k not in {"vergeetlijst", "vergeetsleutel"}})  # letters of chance
    counts = Register(settings).leveringen()[0].tellingen["casussen"]
    assert (counts["vergeten"], counts["gelezen"]) == (1, counts["opgenomen"] + 1)


def test_as_of_a_delivery_that_is_not_there_or_into_a_folder_that_is(vt: Vt, home: Path, tmp_path: Path) -> None:
    new = str(tmp_path / "nieuw")
    assert "er zijn: 1 tot en met 2" in vt(home, "refresh", "--levering", "7", "--naar", new).err
    assert "horen bij elkaar" in vt(home, "refresh", "--levering", "1").err
    assert "is niet leeg" in vt(home, "refresh", "--levering", "1", "--naar", str(home)).err
    assert not Path(new).exists()
    shutil.rmtree(new, ignore_errors=True)
