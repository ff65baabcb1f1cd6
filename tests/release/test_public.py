"""What leaves with a release: on its day a vintage, after that the same bytes, and nothing when the audit finds something."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.disclosure import audit, publish, vintage
from orchestration.disclosure.calendar import Planned, due, read_calendar
from orchestration.disclosure.joint import Joint
from orchestration.disclosure.ledger import PublicationLedgerError
from orchestration.disclosure.rules import RULES, RuleError
from orchestration.disclosure.vintage import VintageError
from orchestration.formats import open_data
from orchestration.formats.edition import DescriptionError
from orchestration.register.register import PINNED, Register
from orchestration.release import hold, public, store
from orchestration.release.public import AuditError
from orchestration.settings import PROJECT, Omgeving, Settings
from orchestration.sql import text
from tests.lib.small_publication import rows, rules, world

HEAD = "jaargang,publicatiedatum,tot_en_met,eigenaar,vastgesteld_op\n"
EXAMPLE = PROJECT / "docs" / "examples" / "publicatiekalender.csv"
ROW = "2024,2025-02-03,2024-12-31,eigenaar,2025-01-06\n"


@pytest.fixture
def publishing(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings by which the small world publishes on 3 February 2025."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "publicatieparameters.csv").write_bytes((public.SEEDS / "publicatieparameters.csv").read_bytes())
    with (seeds / RULES).open("w", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow(["indicator", "categorie_soort", "gebied_soort", "periode_soort", "regel"])
        written.writerows([r.indicator, r.breakdown, r.area, r.period, r.rule] for r in rules())
    monkeypatch.setattr(public, "SEEDS", seeds)
    monkeypatch.setattr(audit, "SMALLEST_SHARE", 0)  # so small a world has little to show
    monkeypatch.setattr(audit, "SMALLEST_LARGE_SHARE", 0)
    monkeypatch.setattr(public.ledger, "of_print", list)
    monkeypatch.setattr(public, "today", lambda: date(2025, 2, 4))
    (tmp_path / "kalender.csv").write_text(HEAD + ROW)
    return settings.model_copy(update={"publicatiekalender": tmp_path / "kalender.csv"})


def released(
    settings: Settings, release: str, peildatum: str = "2025-02-05", *, show: bool = True, change: str = "", late: int = 0
) -> dict[str, Any]:
    """A release of the small world with what leaves in it; shown to readers. ``change`` is SQL on the true figures, ``late`` so many
    reports more."""
    folder = settings.releases / release
    (folder / "intern").mkdir(parents=True)
    reports, _ = rows()
    with world([*reports, *[(9999 + n, *reports[60 + n][1:]) for n in range(late)]]) as con:
        con.execute(f"attach {text(folder / store.DATABASE)} as f; create schema f.marts; create schema f.facts; create schema f.kwaliteit")
        for table in ("indicatoren", "dim_periode", "dim_gebied", "dim_indicator", "dim_breuk"):
            con.execute(f"create table f.marts.{table} as from marts.{table}")
        con.execute("create table f.kwaliteit.indicatoren as from kwaliteit.indicatoren")
        con.execute("create table f.facts.fct_veiligheidsbeoordelingen (besluit_op date, ontvangen_dag date)")
        con.execute(change.replace("{figures}", "f.marts.indicatoren"))
        con.execute("detach f")
    told = public.prepare(settings, folder / store.DATABASE, {"release": release, "peildatum": peildatum})
    content = {"release": release, "peildatum": peildatum, "publiek": told, "gemaakt_op": "2025-02-05T00:00:00+00:00"}
    (folder / "release.json").write_text(json.dumps(content))
    if show:
        store.switch(settings, release)
    return content


def left(settings: Settings, release: str) -> dict[str, bytes]:
    folder = settings.releases / release / public.FOLDER
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_before_its_day_nothing_leaves(publishing: Settings) -> None:
    content = released(publishing, "r1", "2025-02-02")
    assert content["publiek"] is None
    assert not (publishing.releases / "r1" / public.FOLDER).exists()
    assert vintage.vintages(public.root(publishing)) == []


def test_in_production_nothing_leaves_that_nobody_decided_on(publishing: Settings, tmp_path: Path) -> None:
    real = publishing.model_copy(update={"omgeving": Omgeving.PRODUCTIE})
    assert [p.name for p in public.decided(publishing)] == ["2024"]
    assert public.decided(real) == [], "the limits are a proposal"
    assert released(real, "r1", "2025-02-03")["publiek"] is None
    limits = public.SEEDS / "publicatieparameters.csv"
    limits.write_text(limits.read_text().replace("voorstel aan de functionaris gegevensbescherming", "de directie"))
    assert public.decided(real) == [], "nobody has said under which licence, and who answers questions"
    filled_in = tmp_path / "gegevens.yaml"
    filled_in.write_text(real.publicatiegegevens.read_text().replace(".example", ".nl"))
    assert [p.name for p in public.decided(real.model_copy(update={"publicatiegegevens": filled_in}))] == ["2024"]


def test_on_its_day_a_vintage_leaves_and_the_night_after_repeats_it(publishing: Settings) -> None:
    first = released(publishing, "r1", "2025-02-03")
    assert (first["publiek"]["jaargang"], first["publiek"]["nieuw"]) == ("2024", True)
    assert first["publiek"]["doelen"] > 100 and first["publiek"]["kleinste_breedte"] == 4
    assert set(left(publishing, "r1")) == {str(name) for name in publish.FILES}
    told = json.loads(left(publishing, "r1")[str(open_data.PACKAGE)])
    assert (told["version"], told["tot_en_met"], told["peildatum"]) == ("2024", "2024-12-31", "2025-02-03")
    (published,) = vintage.vintages(public.root(publishing))
    assert (published.name, published.day, published.release) == ("2024", "2025-02-04", "r1")
    # a late report: the truth of the night after is another, what leaves is not
    late = "update {figures} set waarde = waarde + 1 where indicator = 'meldingen' and categorie_soort = '' and periode_soort = 'jaar'"
    second = released(publishing, "r2", "2025-02-04", change=late)
    assert second["publiek"] == first["publiek"] | {"nieuw": False}
    assert left(publishing, "r2") == left(publishing, "r1")
    assert (publishing.releases / "r2" / public.WITHIN / public.PAGE).read_text().startswith("<!")
    with duckdb.connect(str(publishing.releases / "r2" / public.FOLDER / publish.DATABASE), read_only=True) as con:
        assert con.execute(f"select count(*) from {publish.TABLE} where status = 'gepubliceerd'").fetchone() > (100,)


@pytest.mark.parametrize(
    ("omgeving", "more", "missed"),
    [
        (Omgeving.ONTWIKKELING, "", ""),
        (Omgeving.ACCEPTATIE, "", "2026-02-03"),
        (Omgeving.ACCEPTATIE, "2024b,2025-09-01,2025-06-30,wie,2025-01-06\n2025,2026-02-01,2025-12-31,wie,2025-01-06\n", "2025-09-01"),
    ],
)
def test_a_vintage_says_from_which_day_a_newer_one_is_missed(publishing: Settings, omgeving: Omgeving, more: str, missed: str) -> None:
    """That of the next in the calendar, or a year after it; where nothing is due, nothing is missed."""
    publishing.publicatiekalender.write_text(HEAD + ROW + more)
    settings = publishing.model_copy(update={"omgeving": omgeving})
    planned = public.planned(settings, date(2025, 2, 5))
    assert planned and planned.name == "2024"
    assert public.edition_of(settings, planned, {"peildatum": "2025-02-05"}).stale_from == missed


Audited = list[tuple[Path, public.Before | None]]


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> Audited:
    """Each audit that is made: of which folder, beside what."""
    found: Audited = []
    whole = public.Publication.audit

    def seen(self: public.Publication, folder: Path, **more: Any) -> audit.Report:
        found.append((folder, more["before"]))
        return whole(self, folder, **more)

    monkeypatch.setattr(public.Publication, "audit", seen)
    return found


def test_it_is_audited_again_when_more_is_in_print(publishing: Settings, audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    released(publishing, "r1")
    audited.clear()
    released(publishing, "r2")
    assert audited == []
    with duckdb.connect(str(publishing.releases / "r1" / store.DATABASE), read_only=True) as con:
        (true,) = con.execute(
            "select waarde from marts.indicatoren where indicator = 'meldingen' and gebied = 'REGIO' and periode = '2024'"
            " and categorie_soort = ''"
        ).fetchone() or (0,)
    told = public.ledger.Entry("jaarverslag", public.ledger.PRINT, "meldingen", "", "", "REGIO", "2024", f"{true:g}", "exact")
    monkeypatch.setattr(public.ledger, "of_print", lambda: [told])
    third = released(publishing, "r3")
    assert [folder for folder, _ in audited] == [publishing.releases / "r3" / public.FOLDER]
    assert third["publiek"]["jaargang"] == "2024"
    released(publishing, "r4")
    assert len(audited) == 1, "what was looked at once is not looked at again"


SECOND = "2024b,2025-06-02,2024-12-31,eigenaar,2025-05-06\n"


def test_a_second_vintage_is_made_and_audited_beside_the_first(
    publishing: Settings, audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.publicatiekalender.write_text(HEAD + ROW + SECOND)
    released(publishing, "r1")
    audited.clear()
    second = released(publishing, "r2", "2025-06-03", late=1)
    assert (second["publiek"]["jaargang"], second["publiek"]["nieuw"]) == ("2024b", True)
    assert [v.name for v in vintage.vintages(public.root(publishing))] == ["2024", "2024b"]
    # one late report: the exact total says so, and what is shared out of it; no rounded figure moved
    moved = vintage.difference(public.root(publishing), "2024", "2024b")
    assert {(row[0], row[4], row[5]) for row in moved} == {
        ("meldingen", "REGIO", "jaar"), ("meldingen_per_1000_huishoudens", "REGIO", "jaar"),
    }  # fmt: skip
    third = released(publishing, "r3", "2025-06-04")
    assert third["publiek"] == second["publiek"] | {"nieuw": False}
    assert left(publishing, "r3") == left(publishing, "r2") != left(publishing, "r1")
    # more in print: the second is looked at again, beside the first
    told = public.ledger.Entry("brief", public.ledger.PRINT, "overdrachten", "", "", "GM0358", "2024", "77", "exact")
    monkeypatch.setattr(public.ledger, "of_print", lambda: [told])
    released(publishing, "r4", "2025-06-05")
    assert [before is not None for _, before in audited] == [True, True]


def test_a_second_vintage_that_nobody_looked_at_beside_the_first_does_not_pass(
    publishing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.publicatiekalender.write_text(HEAD + ROW + SECOND)
    released(publishing, "r1")
    alone = public.Publication.protect
    monkeypatch.setattr(public.Publication, "protect", lambda self, before: alone(self))
    with pytest.raises(AuditError, match=r"findings, and nothing is published"):
        released(publishing, "r2", "2025-06-03", late=100)


def test_a_third_vintage_is_looked_at_beside_both(publishing: Settings, audited: Audited) -> None:
    publishing.publicatiekalender.write_text(HEAD + ROW + SECOND + "2024c,2025-09-01,2024-12-31,eigenaar,2025-05-06\n")
    released(publishing, "r1")
    released(publishing, "r2", "2025-06-03", late=40)
    audited.clear()
    released(publishing, "r3", "2025-09-02", late=80)
    assert [v.name for v in vintage.vintages(public.root(publishing))] == ["2024", "2024b", "2024c"]
    ((_, before),) = audited
    assert before is not None
    assert isinstance(before.system, Joint), "the second is known with the first beside it"


def test_what_is_not_shown_to_readers_is_not_published(publishing: Settings) -> None:
    released(publishing, "r1", show=False)
    assert vintage.vintages(public.root(publishing)) == []
    released(publishing, "r2")
    assert [v.release for v in vintage.vintages(public.root(publishing))] == ["r2"]
    with pytest.raises(VintageError, match="Release r1 would publish vintage 2024, and r2 did"):
        hold.roll_back(publishing, "r1", "de test", "kijken")
    assert Register(publishing).events(PINNED) == [], "what cannot be is not decided"
    assert store.current(publishing) == "r2"
    store.switch(publishing, "r2")


def test_an_audit_that_finds_something_ends_the_release_and_names_no_value(publishing: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    careful = public.Publication.write

    def careless(self: public.Publication, pattern: Any, folder: Path, edition: Any) -> None:
        pattern.hidden[:] = False
        careful(self, pattern, folder, edition)

    monkeypatch.setattr(public.Publication, "write", careless)
    with pytest.raises(AuditError, match=r"findings, and nothing is published. klein_en_getoond: [a-z_: ]+") as stopped:
        released(publishing, "r1")
    assert "waarde" not in str(stopped.value)
    assert vintage.vintages(public.root(publishing)) == []


def test_what_was_published_is_held_to_its_ledger(publishing: Settings) -> None:
    released(publishing, "r1")
    kept = public.root(publishing) / vintage.VINTAGES / "2024" / publish.PARQUET
    kept.chmod(0o600)
    content = kept.read_bytes()
    kept.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(VintageError, match="is not what was published"):
        released(publishing, "r2")
    kept.write_bytes(content)
    true = public.root(publishing) / vintage.VINTAGES / "2024" / vintage.WITHIN / public.TRUTH
    true.chmod(0o600)
    whole = true.read_bytes()
    true.write_bytes(whole + b"\0")
    with pytest.raises(VintageError, match=r"waarheid\.duckdb is not what was published"):
        released(publishing, "r3")
    true.write_bytes(whole)
    book = public.root(publishing) / vintage.LEDGER / "grootboek.jsonl"
    book.write_text(book.read_text().replace("2025-02-04", "2025-02-05"))
    with pytest.raises(PublicationLedgerError):
        released(publishing, "r4")


# --- the calendar -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "2024,2025-01-05,2024-12-31,e,2025-01-06",
            "row 2: vintage 2024 was decided on 2025-01-06, and its publicatiedatum 2025-01-05",
        ),
        ("2024,2024-12-31,2024-12-31,e,2024-12-01", "row 2: vintage 2024 tells of periods until 2024-12-31, and those have not ended"),
        ("2024,volgend jaar,2024-12-31,e,2024-12-01", "row 2: publicatiedatum is 'volgend jaar'. Give a day"),
        ("../2024,2025-02-03,2024-12-31,e,2025-01-06", "row 2: '../2024' cannot be the name of a vintage"),
        ("2024,2025-02-03,2024-12-31,,2025-01-06", "row 2: vintage 2024 has no eigenaar"),
        ("2024,2025-02-03,2024-12-31,e,2025-01-06\n2024,2026-02-03,2025-12-31,e,2026-01-06", "row 3: there is a vintage 2024 in a row"),
        ("2024,2025-02-03,2024-12-31,e,2025-01-06\n2023,2024-02-03,2023-12-31,e,2024-01-06", "row 3: .* Put the rows in order of day"),
    ],
)
def test_a_row_of_the_calendar_that_cannot_be_followed_is_refused(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "publicatiekalender.csv"
    path.write_text(f"{HEAD}{row}\n")
    with pytest.raises(RuleError, match=told):
        read_calendar(path)


def test_what_is_said_of_the_figures_is_read_before_its_day(publishing: Settings, tmp_path: Path) -> None:
    (tmp_path / "gegevens.yaml").write_text("title: Cijfers\n")
    with pytest.raises(DescriptionError, match="contact, contact_mail"):
        released(publishing.model_copy(update={"publicatiegegevens": tmp_path / "gegevens.yaml"}), "r1", "2025-02-02")


def test_the_newest_vintage_whose_day_has_come_is_due_once() -> None:
    calendar = read_calendar(EXAMPLE)
    names = [planned.name for planned in calendar]
    earlier = Planned("2021", date(2022, 1, 31), date(2021, 12, 31))
    calendar = [earlier, *calendar]
    assert due(calendar, set(), date(2022, 1, 31)) == earlier
    assert due(calendar, set(), date(2022, 1, 30)) is None
    assert due(calendar, set(), date(2025, 2, 3)) == Planned("2024", date(2025, 2, 3), date(2024, 12, 31))
    assert due(calendar, {"2024"}, date(2025, 2, 5)) is None, "2021 was passed over: it is not published afterwards"
    assert names == sorted(names)


def test_until_somebody_decides_on_a_day_nothing_leaves(settings: Settings) -> None:
    assert read_calendar(settings.publicatiekalender) == []
    assert public.decided(settings) == []


# --- vt vintage ---------------------------------------------------------------------------------------------------------------------------


def vt(*arguments: str, typed: str = "") -> str:
    from typer.testing import CliRunner

    from orchestration.cli import app

    done = CliRunner().invoke(app, ["vintage", *arguments], catch_exceptions=False, input=typed)
    return done.output


def test_the_vintages_are_listed_and_a_figure_told_as_it_was_on_a_day(publishing: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_PUBLICATIEKALENDER", str(publishing.publicatiekalender))
    assert "Nothing was published yet" in vt("list")
    released(publishing, "r1", "2025-02-02")
    with pytest.raises(VintageError, match="2024 is for 2025-02-03, and readers see the state of 2025-02-02: it is too early"):
        vt("freeze", "2024")
    with pytest.raises(VintageError, match=r"no vintage 2042. Did you mean 2024\?"):
        vt("freeze", "2042")
    (publishing.releases / "r1" / "release.json").write_text(json.dumps({"release": "r1", "peildatum": "2025-02-03"}))
    with pytest.raises(VintageError, match="Nothing was published"):
        vt("freeze", "2024", typed="n\n")
    assert "Vintage 2024 of 2025-02-04 is published" in vt("freeze", "2024", "--ja")
    assert "r1" in vt("list") and "2025-02-04" in vt("list")
    with pytest.raises(VintageError, match="There is a vintage 2024 already"):
        vt("freeze", "2024")
    figure = {"indicator": "meldingen", "periode": "2024", "gebied": "GM0363", "categorie_soort": "", "categorie": ""}
    found, value, status = vintage.said(public.root(publishing), date(2025, 12, 31), figure)
    assert (found.name, status) == ("2024", "gepubliceerd") and value is not None and value % 5 == 0
    with pytest.raises(VintageError, match="Nothing was published on or before 2025-02-03"):
        vintage.said(public.root(publishing), date(2025, 2, 3), figure)
    with pytest.raises(VintageError, match="Vintage 2024 has no figure meldingen 2031 GM0363"):
        vintage.said(public.root(publishing), date(2025, 12, 31), figure | {"periode": "2031"})
    assert "0 published figures differ between 2024 and 2024" in vt("diff", "2024", "2024")
    released(publishing, "r2")
    assert {name: (public.root(publishing) / vintage.VINTAGES / "2024" / name).read_bytes() for name in left(publishing, "r2")} == left(
        publishing, "r2"
    )
