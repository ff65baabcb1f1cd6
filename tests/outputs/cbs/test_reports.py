"""Spiegelrapport and kwaliteitsrapport: by hand, on a small world in which every combination occurs once, beside records without any."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from orchestration.outputs.cbs import layout as layouts
from orchestration.outputs.cbs import page, report_files, reports
from orchestration.outputs.cbs.half_year import CbsError, HalfYear
from orchestration.outputs.cbs.source import RecordSource
from orchestration.settings import Settings
from tests.lib import accessibility
from tests.lib.accessibility import PHONE, WIDE
from tests.lib.browser import Browser

PERIOD = HalfYear.of("2024-H2")
FOUR_FILES = (report_files.MIRROR, report_files.QUALITY, report_files.WORKBOOK, report_files.NUMBERS)

WORLD = """
create schema facts;
create table facts.dim_vorm as from (values ('km_anders', 'kindermishandeling'), ('partnergeweld', 'partnergeweld')) t(vorm, vorm_groep);
create table facts.dim_aard as from (values ('getuige', true), ('psychisch_geweld', false)) t(aard, alleen_kindermishandeling);
create table facts.fct_casussen as from (values (1, null::date), (2, date '2024-07-01')) t(casus_id, afgesloten_op);
create table facts.fct_overdrachten as from (values (1)) t(casus_id);
create table facts.fct_meldingen (melding_id int, casus_id int, ontvangen_dag date, _levering int, _regel int);
create table facts.fct_diensten (melding_id int, dienst_soort text, _levering int, _regel int);
create table facts.fct_veiligheidsbeoordelingen (melding_id int, besluit text, besluit_op date);

create table meldingen as
select
    nummer, coalesce(besluit_op, date '2024-08-01') as telt_op, '2024-H2' as periode, 'C' as casus_nummer,
    coalesce(ontvangen_op, date '2024-07-20') as ontvangen_op, 'politie' as hoedanigheid,
    coalesce(huishouden, 'met_kinderen') as huishouden, '2' as urgentie,
    null::int as eerdere_incidenten, 'hermelding' as betrokkenheid, true as acuut, 'GM0363' as gemeente,
    coalesce(vormen, ['partnergeweld']) as vormen, coalesce(aarden, ['psychisch_geweld']) as aarden, null::date as vb_gestart_op,
    coalesce(besluit_op, date '2024-08-01') as besluit_op, if(uitkomst = '-', null, coalesce(uitkomst, 'acuut')) as uitkomst,
    coalesce(besluit, 'geen_vervolg') as besluit, coalesce(betrokkenen, 1) as betrokkenen, 1 as _levering, 'meldingen.csv' as _bestand,
    (row_number() over ())::int as _regel, coalesce(casus_id, 1) as casus_id
from (values
    ('goed', null, null, null, null::text[], null::text[], null, null, null, null),
    ('besluit_zonder_uitkomst', null, null, null, null, null, '-', null, null, null),
    ('onderzoek_zonder_dienst', null, null, null, null, null, null, 'onderzoek', null, null),
    ('overdracht_zonder_overdracht', null, date '2024-06-30', null, null, null, null, 'overdracht', null, 2),
    ('kindermishandeling_zonder_kinderen', null, null, 'zonder_kinderen', ['km_anders'], null, null, null, null, null),
    ('ook_zo_door_de_aard', null, null, 'zonder_kinderen', null, ['getuige'], null, null, null, null),
    ('melding_na_sluiting', null, date '2024-07-02', null, null, null, null, null, null, 2),
    ('besluit_na_een_jaar', null, date '2023-07-31', null, null, null, null, null, null, null),
    ('melding_zonder_vorm', null, null, null, []::text[], null, null, null, null, null),
    ('melding_zonder_betrokkenen', null, null, null, null, null, null, null, 0, null),
    ('melding_zonder_bsn', null, null, null, null, null, null, null, null, null),
    ('kort_geleden_onderzoek', date '2024-12-10', null, null, null, null, null, 'onderzoek', null, null),
    ('met_onderzoek', null, null, null, null, null, null, 'onderzoek', null, null)
) t(nummer, besluit_op, ontvangen_op, huishouden, vormen, aarden, uitkomst, besluit, betrokkenen, casus_id);

insert into facts.fct_meldingen select _regel, casus_id, ontvangen_op, 1, _regel from meldingen;
alter table meldingen drop casus_id;

create table betrokkenen_meldingen as
select
    coalesce(melding, 'goed') as nummer, date '2024-08-01' as telt_op, '2024-H2' as periode, (row_number() over ())::int as volgnummer, bsn,
    geboortedatum, 'V' as geslacht, 1 as _levering, 'betrokkenen.csv' as _bestand, (row_number() over ())::int as _regel
from (values
    (null, '999990019', '19850312'), (null, '999990020', '19850600'), (null, '999999999', '99999999'),
    ('ongeboren_met_bsn', '999990032', '99999999'), ('ongeboren_met_geboortedatum', '999999999', '20240101'),
    ('goed', '999990044', '20240721'), ('geboren_voor_1905', '999990056', '19040101'), ('melding_zonder_bsn', '000000000', '19850312'),
    ('bsn_met_twee_geboortedata', '999990068', '19850312'), ('bsn_met_twee_geboortedata', '999990068', '19850313'),
    (null, '999990070', '19850312'), (null, '999990070', '19850300')
) t(melding, bsn, geboortedatum);

insert into betrokkenen_meldingen
select nummer, telt_op, periode, 50, '999990019', '19850312', 'V', 1, 'betrokkenen.csv', 100 + _regel
from meldingen where nummer not in ('goed', 'melding_zonder_bsn', 'melding_zonder_betrokkenen');

create table onderzoeken as
select
    nummer, date '2024-09-01' as telt_op, '2024-H2' as periode, 'M' as melding_nummer,
    coalesce(gestart_op, date '2024-08-05') as gestart_op,
    date '2024-09-01' as afgesloten_op, if(uitkomst = '-', null, coalesce(uitkomst, 'bevestigd')) as uitkomst_huiselijk_geweld,
    null::text as uitkomst_kindermishandeling, voortijdig, []::text[] as uitkomsten, 'politie' as hoedanigheid,
    'met_kinderen' as huishouden, 'GM0363' as gemeente, ['partnergeweld'] as vormen, []::text[] as aarden, 1 as _levering,
    'diensten.csv' as _bestand, (row_number() over ())::int as _regel, coalesce(besluit, 'onderzoek') as besluit
from (values
    ('goed', null, null, null, null), ('goed_afgebroken', null, '-', 'overleden', null),
    ('onderzoek_zonder_besluit', null, null, null, 'geen_vervolg'), ('onderzoek_zonder_uitkomst', null, '-', null, null),
    ('uitkomst_en_voortijdig', null, null, 'overleden', null), ('onderzoek_voor_besluit', date '2024-07-31', null, null, null),
    ('onderzoek_langer_dan_een_jaar', date '2023-08-31', null, null, null)
) t(nummer, gestart_op, uitkomst, voortijdig, besluit);

insert into facts.fct_diensten select 100 + _regel, 'onderzoek', 1, _regel from onderzoeken;
insert into facts.fct_diensten select _regel, 'onderzoek', 1, 99 from meldingen where nummer = 'met_onderzoek';
insert into facts.fct_veiligheidsbeoordelingen
select 100 + _regel, besluit, if(nummer = 'onderzoek_langer_dan_een_jaar', date '2023-08-01', date '2024-08-01') from onderzoeken;
alter table onderzoeken drop besluit;

create table betrokkenen_onderzoeken as from betrokkenen_meldingen where false;
create table adviezen as
select
    nummer, afgesloten_op as telt_op, if(afgesloten_op < date '2024-07-01', '2024-H1', '2024-H2') as periode, gestart_op, afgesloten_op,
    'chat' as kanaal, hoedanigheid, false as anoniem, gemeente, vormen, 1 as _levering, 'adviesvragen.csv' as _bestand,
    (row_number() over ())::int as _regel
from (values
    ('goed', date '2024-08-01', date '2024-08-01', 'politie', 'GM0363', ['partnergeweld']),
    ('advies_langer_dan_een_jaar', date '2023-08-01', date '2024-08-02', 'onbekend', null, ['partnergeweld']),
    ('een_dag_minder', date '2023-08-02', date '2024-08-02', 'politie', null, ['partnergeweld', 'km_anders']),
    ('geen_vorm', date '2024-08-01', date '2024-08-01', 'politie', null, []::text[]),
    ('eerder', date '2024-05-01', date '2024-05-01', 'politie', 'GM0363', ['partnergeweld']),
    ('veel_te_lang_geleden', date '2019-05-01', date '2019-05-01', 'politie', 'GM0363', ['partnergeweld'])
) t(nummer, gestart_op, afgesloten_op, hoedanigheid, gemeente, vormen);
"""


@pytest.fixture(scope="module")
def found() -> Iterator[tuple[RecordSource, reports.Reports]]:
    with duckdb.connect() as con:
        con.execute(WORLD)
        source = RecordSource(con, "20250101T000000Z-000001", date(2024, 12, 31))
        form, _ = layouts.read()
        yield source, reports.make(source, form, PERIOD)


def test_every_combination_finds_what_it_is_named_for_and_nothing_else(found: tuple[RecordSource, reports.Reports]) -> None:
    source, made = found
    rows = source.con.execute("select code, nummer, count(*) from reports.found group by all").fetchall()
    by_code: dict[str, set[str]] = {}
    for code, number, _ in rows:
        by_code.setdefault(code, set()).add(number)
    wanted = {c.code: {c.code} for c in reports.combinations()}
    wanted["kindermishandeling_zonder_kinderen"].add("ook_zo_door_de_aard")
    wanted["geboren_na_melding"] = {"goed"}
    wanted["overdracht_zonder_overdracht"] = {"overdracht_zonder_overdracht"}
    assert by_code == wanted
    assert {f.combination.code: f.counts for f in made.found}["bsn_met_twee_geboortedata"] == {"2024-H2": 2}
    assert {f.combination.code: f.counts for f in made.found}["geboren_na_melding"] == {"2024-H2": 1}


def test_filling_tells_known_unknown_and_empty_apart(found: tuple[RecordSource, reports.Reports]) -> None:
    _, made = found
    by_field = {(f.of, f.field, f.periode): (f.records, f.filled, f.unknown, f.empty) for f in made.filling}
    assert by_field["adviezen", "hoedanigheid", "2024-H2"] == (4, 3, 1, 0)
    assert by_field["adviezen", "gemeente", "2024-H2"] == (4, 1, 0, 3)
    assert by_field["adviezen", "vormen", "2024-H2"] == (4, 3, 0, 1)
    assert by_field["adviezen", "gemeente", "2024-H1"] == (1, 1, 0, 0)
    assert by_field["betrokkenen_meldingen", "bsn", "2024-H2"] == (22, 21, 1, 0)
    assert by_field["betrokkenen_meldingen", "geboortedatum", "2024-H2"] == (22, 20, 2, 0)
    assert not any(periode == "2019-H1" for _, _, periode in by_field)
    assert made.periods == ("2022-H2", "2023-H1", "2023-H2", "2024-H1", "2024-H2")
    values = {(of, field, code): counts for of, field, code, counts in made.values}
    assert values["adviezen", "vormen", "partnergeweld"] == {"2024-H2": 3, "2024-H1": 1}
    assert values["adviezen", "vormen", "km_anders"] == {"2024-H2": 1}


def test_the_pages_say_it(found: tuple[RecordSource, reports.Reports]) -> None:
    _, made = found
    mirror, quality = page.mirror(made, "Veilig Thuis Voorbeeld"), page.quality(made, "Veilig Thuis <Voorbeeld>")
    assert '<th scope="row">gemeente <span' in mirror  # filled in 100% before, and now in 25%
    assert "▼ minder</span></th>" + '<td class="n">geen records</td>' * 3 in mirror
    assert '<td class="n">100,0%</td><td class="n">25,0%</td></tr>' in mirror
    assert "Veilig Thuis &lt;Voorbeeld&gt;, stand van 31 december 2024" in quality
    assert "Gevonden in dit halfjaar: 22." in quality
    for combination in reports.combinations():
        assert combination.sentence in quality
    for told in (mirror, quality):
        assert not re.search(r"(src|href)=|url\(|@import", told)  # nothing from elsewhere


@pytest.mark.xdist_group("uitgave")
def test_files_of_a_release(released: Settings, tmp_path: Path) -> None:
    """The whole way; the numbers only for whoever asks."""
    shutil.copytree(released.root, tmp_path / "vt", symlinks=True)
    home = Settings(home=tmp_path / "vt")
    written = report_files.write(home, PERIOD, tmp_path / "uit", with_numbers=True)
    assert [p.name for p in written] == [
        f"2024-H2-{n}" for n in (report_files.MIRROR, report_files.QUALITY, report_files.WORKBOOK, report_files.NUMBERS)
    ]
    assert {p.stat().st_mode & 0o777 for p in written} == {0o600}
    head, *rows = [line.split(";") for line in written[3].read_text(encoding="utf-8").splitlines()]
    assert head == ["code", "nummer", "levering", "bestand", "regel"]
    assert rows and all(row[1][0] in "MAD" for row in rows)
    book = CalamineWorkbook.from_path(str(written[2]))
    assert book.sheet_names == ["vulling", "waarden", "combinaties"]
    sheet = book.get_sheet_by_name("combinaties").to_python()
    of_period = {row[0]: row[5] for row in sheet[1:] if row[4] == "2024-H2"}
    assert {code: count for code, count in of_period.items() if count} == {
        code: sum(row[0] == code for row in rows) for code in {row[0] for row in rows}
    }
    assert not any(row[1] in written[i].read_text(encoding="utf-8") for row in rows for i in (0, 1))
    with pytest.raises(CbsError, match=r"2024-H2-spiegelrapport\.html is there already; name another folder"):
        report_files.write(home, PERIOD, tmp_path / "uit")


@pytest.mark.xdist_group("report")
def test_the_pages_are_for_everybody(found: tuple[RecordSource, reports.Reports], tmp_path: Path) -> None:
    """By WCAG 2.2 AA, in a real browser, wide and on a phone, with the details open."""
    _, made = found
    pages = {"spiegel": page.mirror(made, "Voorbeeld"), "kwaliteit": page.quality(made, "Voorbeeld")}
    with Browser(tmp_path / "profile") as browser:
        for name, told in pages.items():
            path = tmp_path / f"{name}.html"
            path.write_text(told, encoding="utf-8")
            assert accessibility.source_faults(path) == []
            accessibility.load(browser, path)
            ways = [("light", WIDE, True), ("dark", PHONE, True)]
            assert accessibility.axe_faults_everywhere(browser, ways) == []
            browser.resize(PHONE, 900)  # a wide table scrolls within its own frame, the page does not
            assert browser.run("document.documentElement.scrollWidth <= innerWidth") is True
