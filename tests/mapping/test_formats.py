"""Dates, moments and numbers as others write them: right, or told not to be read; never another day or hour than was meant."""

import pytest

from tests.mapping.conftest import Translating


def moments(small: Translating, *texts: str, again: str = "") -> list[object]:
    """What each text becomes as the moment of a report."""
    small.write("NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND\n" + "\n".join(f"M{i};D{i};G;01-01-2024;{t};POL;J" for i, t in enumerate(texts)))
    if again:
        small.change("  nee: N\n", f"  nee: N\n  uurwisseling: {again}\n")
    return [row[0] for row in small.rows("select ontvangen_op from klaar_meldingen order by op_regel")]


def test_local_times_get_the_offset_of_their_day(small: Translating) -> None:
    assert moments(small, "04-01-2024 10:00", "04-07-2024 10:00", "31-03-2024 01:59", "31-03-2024 03:00") == [
        "2024-01-04T10:00:00+01:00",
        "2024-07-04T10:00:00+02:00",
        "2024-03-31T01:59:00+01:00",
        "2024-03-31T03:00:00+02:00",
    ]


@pytest.mark.parametrize(
    ("again", "expected", "told"),
    [
        ("", "2024-10-27T02:30:00+02:00", "read as the first"),
        ("eerste", "2024-10-27T02:30:00+02:00", "read as the first"),
        ("tweede", "2024-10-27T02:30:00+01:00", "read as the second"),
        ("quarantaine", "onvertaald:27-10-2024 02:30", "not read"),
    ],
)
def test_the_hour_that_came_twice_is_read_as_the_mapping_says_and_told(small: Translating, again: str, expected: str, told: str) -> None:
    assert moments(small, "27-10-2024 02:30", "27-10-2024 01:59", "27-10-2024 03:00", again=again) == [
        expected,
        "2024-10-27T01:59:00+02:00",
        "2024-10-27T03:00:00+01:00",
    ]
    (remark,) = small.run().remarks
    assert told in remark and "meld.csv, BINNEN → meldingen.ontvangen_op: 1 " in remark


def test_an_hour_that_never_came_is_not_read(small: Translating) -> None:
    assert moments(small, "31-03-2024 02:30") == ["onvertaald:31-03-2024 02:30"]
    assert [(f.bron, f.veld, f.aantal, f.waarde) for f in small.run().findings] == [("meld.csv, BINNEN", "ontvangen_op", 1, None)]


@pytest.mark.parametrize("text", ["30-02-2024 10:00", "04-01-24 10:00", "2024-01-04 10:00", "4-1-2024 10:00", "04-01-2024 24:00", "morgen"])
def test_what_is_no_moment_goes_on_as_it_is_with_a_mark(small: Translating, text: str) -> None:
    assert moments(small, text) == [f"onvertaald:{text}"]


@pytest.mark.parametrize(
    ("notation", "text", "expected"),
    [
        ("dd-mm-jjjj", "05-01-2024", "2024-01-05"),
        ("d-m-jjjj", "5-1-2024", "2024-01-05"),
        ("jjjjmmdd", "20240105", "2024-01-05"),
        ("mm/dd/jjjj", "01/05/2024", "2024-01-05"),
        ("dd.mm.jjjj uu:mm:ss", "05.01.2024 23:59:59", "2024-01-05"),
        ("dd-mm-jjjj", "31-04-2024", "onvertaald:31-04-2024"),
        ("dd-mm-jjjj", "2024-01-05", "onvertaald:2024-01-05"),
        ("dd-mm-jjjj", " 05-01-2024\u00a0", "2024-01-05"),
        ("dd-mm-jjjj", "", None),
    ],
)
def test_dates(small: Translating, notation: str, text: str, expected: str | None) -> None:
    small.write(f"NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND\nM1;D1;G1;{text};04-01-2024 10:00;POL;J\n")
    small.change("geopend_op: OPEN", f"geopend_op: {{kolom: OPEN, vorm: '{notation}'}}")
    assert small.rows("select geopend_op from klaar_casussen") == [(expected,)]


def teams(small: Translating, text: str, how: str) -> object:
    """What a text becomes as a number with decimals."""
    small.change('contract: "1.0"', 'contract: "1.1"')
    small.text += f"  capaciteit:\n    uit: fte\n    velden: {{maand: MND, team: TEAM, formatie_fte: {how}, bezetting_fte: F}}\n"
    small.change("  meld: meld.csv", "  meld: meld.csv\n  fte: {bestand: fte.csv, scheiding: tab}")
    small.write(f"MND\tTEAM\tF\n2024-01\tSpoed\t{text}\n", "fte.csv")
    return small.rows("select formatie_fte from klaar_capaciteit")[0][0]


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        ("10,5", "F", "10.5"),
        ("-3", "F", "-3"),
        ("10.5", "F", "onvertaald:10.5"),
        ("1.234,5", "F", "onvertaald:1.234,5"),
        ("1.234,5", "{kolom: F, duizend: '.'}", "1234.5"),
        ("1.23,5", "{kolom: F, duizend: '.'}", "onvertaald:1.23,5"),
        ("10.5", "{kolom: F, decimaal: '.'}", "10.5"),
        ("10,5", "{kolom: F, decimaal: '.'}", "onvertaald:10,5"),
        ("veel", "F", "onvertaald:veel"),
    ],
)
def test_numbers(small: Translating, text: str, how: str, expected: str) -> None:
    assert teams(small, text, how) == expected


def test_a_date_of_birth_keeps_what_is_not_known_and_is_not_judged_here(small: Translating) -> None:
    small.change(
        "betrokkenen: geen",
        "betrokkenen:\n    uit: p\n    velden: {melding_nummer: M, volgnummer: N, bsn: B, geboortedatum: G, geslacht: S}",
    )
    small.change("  meld: meld.csv", "  meld: meld.csv\n  p: p.csv")
    small.write("M;N;B;G;S\nM1;1;000000000;00-00-1980;V\nM1;2;000000000;31-13-1980;M\nM1;3;000000000;1980;O\n", "p.csv")
    assert small.rows("select geboortedatum, geslacht from klaar_betrokkenen") == [
        ("19800000", "V"),
        ("19801331", "M"),  # eight digits: that it is no day, the intake tells
        ("onvertaald:1980", "O"),
    ]
