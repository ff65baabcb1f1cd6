"""The audit fails on everything that would tell of a small count, on whatever switches it off, and passes what is safe."""

import shutil
from pathlib import Path

import duckdb
import numpy as np
import pytest

from orchestration.disclosure import audit, database, publish, relations
from orchestration.disclosure.attacker import NotProvenError
from orchestration.disclosure.cells import RelationError
from orchestration.disclosure.ledger import PRINT, Entry
from orchestration.disclosure.protect import Pattern, Protection, read_system
from orchestration.disclosure.report import render
from orchestration.disclosure.rules import Rule
from orchestration.disclosure.whole import Publication
from orchestration.formats import open_data
from tests.disclosure.conftest import TRIAL, Change
from tests.lib import small_publication
from tests.lib.small_publication import PARAMETERS, rows, rules, world

ORDER = ", ".join(publish.KEY_COLUMNS)


def whats(report: audit.Report) -> set[str]:
    return {f.what for f in report.findings}


def test_what_is_safe_passes_and_is_counted(small: Publication, pattern: Pattern, written: Path) -> None:
    report = small.audit(written, utility=False)
    assert report.findings == []
    counted = small.con.execute("select count(*) filter (waarde < 10), count(*) from cells where regel != 'ongepubliceerd'").fetchone()
    assert (report.small, report.cells) == counted
    assert report.first == report.small
    assert report.targets == report.small + report.unlisted_targets
    assert report.unlisted_targets > 10
    assert report.second == len(pattern.complementary(small.system)) > 0
    assert report.narrowest == pytest.approx(4, abs=1e-5)
    assert report.programs > 20
    page = render(report, PARAMETERS, "r")
    assert 'lang="nl"' in page
    assert "Geslaagd" in page
    assert "http" not in page


def test_each_complementary_cell_shown_again_trips_and_a_cell_is_named(small: Publication, pattern: Pattern, tmp_path: Path) -> None:
    extra = pattern.complementary(small.system)
    assert len(extra) > 5
    for cell in extra:
        again = Pattern(pattern.hidden.copy())
        again.hidden[cell] = False
        small.write(again, tmp_path)
        report = small.audit(tmp_path, utility=False)
        assert whats(report) == {audit.NARROW}, small.system.keys[cell]
        assert report.findings[0].key in small.system.keys


def test_every_small_cell_shown_again_is_named(small: Publication, pattern: Pattern, tmp_path: Path) -> None:
    again = Pattern(pattern.hidden & ~small.system.small)
    small.write(again, tmp_path)
    report = small.audit(tmp_path, utility=False)
    named = {f.key for f in report.findings if f.what == audit.SMALL_SHOWN}
    assert named == {small.system.keys[c] for c in np.flatnonzero(small.system.small)}


def test_exact_receivers_by_involvement_trip(pattern: Pattern, tmp_path: Path) -> None:
    """What is safe with rounded figures is not with exact ones."""
    with world() as con:
        exact = Rule("overdrachten", "ontvanger|betrokken", "regio", "jaar", "exact")
        opened = Publication.of(con, rules(exact), PARAMETERS, [], "marts", None)
        opened.write(Pattern(pattern.hidden), tmp_path)
        report = opened.audit(tmp_path, utility=False)
        narrow = {f.key for f in report.findings if f.what == audit.NARROW}
        truth = dict(zip(opened.system.keys, opened.system.truth.tolist(), strict=True))
        assert any(0 < truth[k] < 10 for k in narrow)


def test_shares_in_one_decimal_of_exact_counts_trip(changed: Change) -> None:
    report = changed("set waarde = round(waarde * 0.991, 1) where indicator = 'aandeel_meldingen_politie' and waarde is not null")
    assert audit.SHARE in whats(report)


def test_a_share_of_a_hidden_count_trips(changed: Change) -> None:
    report = changed("set waarde = 50, status = 'gepubliceerd' where indicator like 'aandeel%' and status = 'onderdrukt'")
    assert audit.SHARE in whats(report)


def test_exact_shares_tell_which_cells_they_open(small: Publication, written: Path, tmp_path: Path) -> None:
    """The share itself is a bound on the true counts: with one decimal it pins hidden ones."""
    truths = small.con.execute(
        "select indicator, gebied, periode, 100 * teller / noemer from truths where indicator like 'aandeel_meldingen%' and noemer > 0"
    ).fetchall()
    small.con.execute(f"create or replace temp table opened as from read_parquet('{written / publish.PARQUET}')")
    small.con.executemany(
        "update opened set waarde = round(?, 1), status = 'gepubliceerd' where indicator = ? and gebied = ? and periode = ?",
        [(v, i, g, p) for i, g, p, v in truths],
    )
    (tmp_path / publish.PARQUET).parent.mkdir(parents=True)
    small.con.execute(f"copy opened to '{tmp_path / publish.PARQUET}' (format parquet)")
    database.make(tmp_path / publish.PARQUET, tmp_path / publish.DATABASE, publish.STORED, publish.TABLE, {})
    publish.derive(small.con, tmp_path, "", TRIAL)
    report = small.audit(tmp_path, utility=False)
    assert whats(report) == {audit.SHARE, audit.NARROW}


def test_a_model_without_relations_across_indicators_misses_what_the_audit_finds(tmp_path: Path) -> None:
    with world() as con:
        whole = Publication.of(con, rules(), PARAMETERS, [], "marts", None)
        con.execute("create temp table kept as from relation_terms")
        con.execute("delete from relation_terms where relatie ^@ 'verband' or relatie ^@ 'voorraad'")
        pattern = Protection(read_system(con, PARAMETERS)).run()
        con.execute("insert into relation_terms select * from kept where relatie ^@ 'verband' or relatie ^@ 'voorraad'")
        whole.write(pattern, tmp_path)
        report = whole.audit(tmp_path, utility=False)
        assert whats(report) == {audit.NARROW}


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("set waarde = waarde + 5 where indicator = 'meldingen' and gebied = 'GM0363' and periode = '2024'", audit.ASKEW),
        ("set waarde = waarde + 1 where indicator = 'meldingen' and gebied = 'GM0363' and periode = '2024'", audit.ASKEW),
        ("set waarde = waarde + 1 where indicator = 'meldingen' and gebied = 'REGIO' and periode = '2024'", audit.ASKEW),
        ("set teller = teller + 5 where indicator = 'aandeel_meldingen_professionals' and gebied = 'REGIO'", audit.SHARE),
        ("set waarde = waarde + 0.01 where indicator = 'vb_doorlooptijd_gemiddeld' and gebied = 'REGIO'", audit.MEAN),
        ("set noemer = 40 where indicator = 'vb_doorlooptijd_gemiddeld' and gebied = 'REGIO'", audit.MEAN),
        ("set noemer = 40 where indicator = 'meldingen' and gebied = 'REGIO'", audit.MEAN),
        ("set status = 'ontbreekt' where status = 'onderdrukt' and indicator = 'meldingen'", audit.STATUS),
        ("set status = 'geheim' where status = 'onderdrukt' and indicator = 'meldingen'", audit.STATUS),
        ("set periode = '2022' where indicator = 'meldingen' and gebied = 'AA01' and periode = '2024'", audit.KEYS),
        ("set vergelijkbaarheid = 'klein' where indicator = 'meldingen' and gebied = 'AA01' and periode = '2024'", audit.BESIDE),
        ("set kwaliteit = 'let_op' where indicator = 'meldingen' and gebied = 'AA01' and periode = '2024'", audit.BESIDE),
        ("set categorie_naam = 'Totaal.' where indicator = 'meldingen' and gebied = 'AA01' and periode = '2024'", audit.BESIDE),
        ("set peildatum = '2025-01-01' where indicator = 'meldingen' and gebied = 'AA01' and periode = '2024'", audit.BESIDE),
        ("set verouderd_vanaf = '2025-01-01' where waarde is null", audit.BESIDE),
        ("set voorlopig = true where waarde is null and indicator = 'meldingen'", audit.BESIDE),
    ],
)
def test_what_was_changed_in_a_file_is_found(changed: Change, sql: str, what: str) -> None:
    assert what in whats(changed(sql))


def test_two_files_that_differ_are_found(small: Publication, written: Path, tmp_path: Path) -> None:
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    with duckdb.connect(str(tmp_path / publish.DATABASE)) as file:
        file.execute(f"update {publish.STORED} set waarde = waarde + 5 where indicator = 'meldingen' and gebied = 'GM0363'")
    report = small.audit(tmp_path, utility=False)
    assert [(f.what, f.key) for f in report.findings] == [(audit.UNEQUAL, f"{publish.PARQUET} {publish.DATABASE}")]


@pytest.mark.parametrize(("old", "new"), [(b"onderdrukt", b"gepubliceerd"), (b"\n", b"\r\n"), (b";;;", b";; ;")])
def test_a_file_for_a_spreadsheet_that_says_something_else_is_found(
    small: Publication, written: Path, tmp_path: Path, old: bytes, new: bytes
) -> None:
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    sheet = tmp_path / publish.CSV
    assert old in sheet.read_bytes()
    sheet.write_bytes(sheet.read_bytes().replace(old, new, 1))
    report = small.audit(tmp_path, utility=False)
    unequal = [f"{publish.PARQUET} {path}" for path in (publish.CSV, open_data.RECORD)]  # the record has a checksum of the file
    assert [(f.what, f.key) for f in report.findings] == [(audit.UNEQUAL, key) for key in unequal]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (open_data.CSV, b'"onderdrukt"', b'"gepubliceerd"'),
        (open_data.CSV, b',"aantal",', b'5,"aantal",'),
        (open_data.CSV, b"\r\n", b"\n"),
        (open_data.CUBE, b'"onderdrukt"', b'"ontbreekt"'),
        (open_data.CUBE, b'"value":{"0":', b'"value":{"0":1'),
        (open_data.CUBE, b'"value":{"0":', b'"value":{"99999":7,"0":'),
        (open_data.CUBE, b'"index":["2023","2024"]', b'"index":["2024","2023"]'),
        (open_data.CUBE, b'"Gebied GM0363"', b'"Gebied"'),
        (open_data.CUBE, b"]}", b"]"),
        (open_data.PACKAGE, b'"version"', b'"kleinste": 3, "version"'),
        (open_data.PACKAGE, b"sha256:", b"sha256:0"),
        (open_data.COLUMNS, b'"url"', b'"maximum": 12, "url"'),
        (open_data.COLUMNS, b"{", b""),
        (open_data.RECORD, b'"dct:title"', b'"dct:extent": 3, "dct:title"'),
    ],
)
def test_open_data_that_says_something_else_is_found(
    small: Publication, written: Path, tmp_path: Path, path: Path, old: bytes, new: bytes
) -> None:
    """A figure, a status, a place in a cube, a label; and a number in what describes, that is no size of what it describes."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    assert old in (tmp_path / path).read_bytes()
    (tmp_path / path).write_bytes((tmp_path / path).read_bytes().replace(old, new, 1))
    found = {(f.what, f.key) for f in small.audit(tmp_path, utility=False).findings}
    assert (audit.UNEQUAL, f"{publish.PARQUET} {path}") in found


def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_found(changed: Change) -> None:
    assert audit.FORMULA in whats(changed("set gebied_naam = '=1+1' where gebied = 'GM0363'"))


def test_what_lies_beside_it_is_found(small: Publication, written: Path, tmp_path: Path) -> None:
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    (tmp_path / "parquet" / "cells.parquet").write_bytes(b"")
    with duckdb.connect(str(tmp_path / publish.DATABASE)) as file:
        file.execute("create table publicatie.cells as select 1 as waarde")
    report = small.audit(tmp_path, utility=False)
    assert [f.key for f in report.findings if f.what == audit.SHAPE] == ["parquet/cells.parquet", "publicatie.cells"]


def test_rows_in_another_order_are_found(small: Publication, written: Path, tmp_path: Path) -> None:
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    path = tmp_path / publish.PARQUET
    small.con.execute(f"copy (from read_parquet('{written / publish.PARQUET}') order by waarde, {ORDER}) to '{path}' (format parquet)")
    publish.derive(small.con, tmp_path, "", TRIAL)
    assert whats(small.audit(tmp_path, utility=False)) == {audit.SHAPE}


def test_a_column_too_many_is_found(small: Publication, written: Path, tmp_path: Path) -> None:
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    source = f"read_parquet('{written / publish.PARQUET}')"
    small.con.execute(f"copy (select *, 1 as echt from {source}) to '{tmp_path / publish.PARQUET}' (format parquet)")
    with pytest.raises(RelationError, match="other columns"):
        small.audit(tmp_path, utility=False)


def test_a_headline_that_is_gone_is_found(small: Publication, pattern: Pattern, tmp_path: Path) -> None:
    hidden = pattern.hidden.copy()
    hidden[np.flatnonzero(small.system.exact)[0]] = True
    small.write(Pattern(hidden), tmp_path)
    assert audit.HEADLINE in whats(small.audit(tmp_path, utility=False))


def test_hiding_everything_is_no_protection(small: Publication, tmp_path: Path) -> None:
    small.write(Pattern(np.ones_like(small.system.exact)), tmp_path)
    assert audit.LITTLE in whats(small.audit(tmp_path))


def test_an_audit_of_nothing_fails(small: Publication, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "targets", lambda *_: np.array([], dtype=np.int64))
    assert audit.NO_TARGETS in whats(small.audit(written, utility=False))


def test_a_target_that_is_left_out_is_missed(small: Publication, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.disclosure import protect

    monkeypatch.setattr(audit, "targets", lambda *a: protect.targets(*a)[1:])
    assert audit.COUNT in whats(small.audit(written, utility=False))


def test_a_block_that_is_left_out_is_missed(small: Publication, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.disclosure import attacker

    monkeypatch.setattr(audit, "blocks", lambda *a: attacker.blocks(*a)[1:])
    with pytest.raises(NotProvenError, match="in no block"):
        small.audit(written, utility=False)


@pytest.mark.parametrize(
    "figure",
    [
        "indicator = 'vb_open'",
        "indicator = 'overdrachten' and categorie_soort = 'ontvanger' and periode = '2024' and gebied = 'REGIO'",
        "indicator = 'overdrachten_en_afsluitingen' and gebied = 'GM0358' and periode = '2024'",
    ],
)
def test_a_relation_that_is_false_is_an_error(figure: str) -> None:
    with world() as con:
        con.execute(
            f"update marts.indicatoren set waarde = waarde + 1 where rowid = (select min(rowid) from marts.indicatoren where {figure})"
        )
        with pytest.raises(RelationError, match="do not hold on the true figures"):
            Publication.of(con, rules(), PARAMETERS, [], "marts", None)


def test_a_part_that_is_not_the_count_it_is_said_to_be_is_an_error() -> None:
    with world() as con:
        con.execute("update marts.indicatoren set teller = teller + 1 where indicator = 'aandeel_meldingen_politie' and gebied = 'REGIO'")
        with pytest.raises(RelationError, match="not the counts they are said to be"):
            Publication.of(con, rules(), PARAMETERS, [], "marts", None)


def test_a_category_that_is_no_more_takes_no_relation_away_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = relations.Special("wachttijd", "=", ((1, "vb_open_over_termijn", "", ""), (-1, "vb_open", "wachttijd", "6+")))
    monkeypatch.setattr(relations, "specials", lambda: [wrong])
    with world() as con, pytest.raises(RelationError, match="Nowhere is there a relation wachttijd"):
        Publication.of(con, rules(), PARAMETERS, [], "marts", None)


def printed(
    indicator: str, area: str, period: str, value: object, precision: str = "exact", breakdown: str = "", category: str = ""
) -> Entry:
    return Entry("verslag", PRINT, indicator, breakdown, category, area, period, str(value), precision)


def test_what_stands_in_print_is_known_and_what_is_no_longer_true_is_told(tmp_path: Path) -> None:
    with world() as con:
        small = con.execute(
            """select categorie, periode, waarde from marts.indicatoren where indicator = 'overdrachten'
            and categorie_soort = 'ontvanger|betrokken' and gebied = 'REGIO' and periode_soort = 'jaar' and waarde between 1 and 9
            order by 1, 2"""
        ).fetchall()
        above, below = con.execute(
            """select teller, noemer from marts.indicatoren
            where indicator = 'aandeel_meldingen_politie' and gebied = 'A'
            and periode = '2024'"""
        ).fetchone() or (0, 1)
        (category, period, value), (other, other_period, older) = small[0], small[1]
        entries = [
            printed("overdrachten", "REGIO", period, int(value), breakdown="ontvanger|betrokken", category=category),
            printed("overdrachten", "REGIO", other_period, int(older) + 1, breakdown="ontvanger|betrokken", category=other),
            printed("aandeel_meldingen_politie", "A", "2024", round(100 * above / below), "afgerond 0"),
            printed("aandeel_meldingen_politie", "E", "2024", 1, "afgerond 0"),
            printed("huisverboden", "REGIO", "2024", 7),
        ]
        publication = Publication.of(con, rules(), PARAMETERS, entries, "marts", None)
        publication.write(publication.protect(), tmp_path)
        report = publication.audit(tmp_path, utility=False)
        assert report.findings == []
        assert f"overdrachten ontvanger|betrokken={category} REGIO {period}" in report.in_print
        assert (report.printed, report.printed_shares) == (1, 1)
        assert [o.split(" (")[0] for o in report.older] == [
            f"overdrachten ontvanger|betrokken={other} REGIO {other_period}", "aandeel_meldingen_politie E 2024",
        ]  # fmt: skip
        assert len(report.outside) == 1


def test_a_cell_narrower_than_print_makes_it_trips(tmp_path: Path) -> None:
    """The total of one group stands in print; the parts of it must not tell more than that did."""
    with world() as con:
        total = con.execute(
            """select waarde from marts.indicatoren
            where indicator = 'overdrachten' and categorie = 'LOKAAL_TEAM_REGIO' and gebied = 'REGIO' and periode = '2024'"""
        ).fetchone()
        assert total
        entries = [printed("overdrachten", "REGIO", "2024", int(total[0]), breakdown="ontvanger_groep", category="LOKAAL_TEAM_REGIO")]
        publication = Publication.of(con, rules(), PARAMETERS, entries, "marts", None)
        pattern = publication.protect()
        publication.write(Pattern(publication.system.small.copy()), tmp_path)
        assert whats(publication.audit(tmp_path, utility=False)) == {audit.NARROW}
        publication.write(pattern, tmp_path)
        assert publication.audit(tmp_path, utility=False).findings == []


def test_a_printed_total_that_one_area_nearly_makes_up_is_refused_until_the_rules_leave_it_out(tmp_path: Path) -> None:
    """11 transfers to one receiver in print, all in one gemeente: who is told that this is not small knows the others, shown or not."""
    moved = [t for t in rows()[1] if (t[0], t[3]) != (2024, "RVDK")]
    moved += [(2024, 1 + n % 12, "GM0363", "RVDK", ["ja", "nee"][n % 2]) for n in range(11)]
    entries = [printed("overdrachten", "REGIO", "2024", 11, breakdown="ontvanger_groep", category="RVDK")]
    finer = [Rule("overdrachten", "ontvanger_groep", area, "jaar", "niet") for area in ("gemeente", "buiten")]
    narrow = {f"overdrachten ontvanger_groep=RVDK {area} 2024" for area in ("BUITEN", "GM0358")}
    for chosen, findings in ((rules(), narrow), (rules(*finer), set())):
        with world(transfers=moved) as con:
            publication = Publication.of(con, chosen, PARAMETERS, entries, "marts", None)
            publication.write(publication.protect(), tmp_path)
            found = publication.audit(tmp_path, utility=False).findings
        assert {f.key for f in found} == findings
        assert {f.what for f in found} <= {audit.NARROW}


def test_findings_name_cells_and_no_values(small: Publication, pattern: Pattern, tmp_path: Path) -> None:
    small.write(Pattern(small.system.small.copy()), tmp_path)
    report = small.audit(tmp_path, utility=False)
    assert not report.passed
    assert {f.key for f in report.findings} <= set(small.system.keys)
    assert "nothing is published" in report.sentence()
    assert small_publication.PARAMETERS.width == 4
