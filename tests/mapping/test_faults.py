"""A mapping that cannot be right is refused with its own line, the field, and the file and line of theirs; all of it at once in a check."""

import pytest

from orchestration.declared import DeclaredError
from orchestration.mapping.errors import MappingError
from orchestration.mapping.model import read_mapping
from tests.mapping.conftest import Translating


def test_the_small_mapping_is_right(small: Translating) -> None:
    done = small.run()
    assert (done.faults, done.findings, done.remarks) == ([], [], [])
    assert {e: n for e, n in done.rows.items() if n} == {"casussen": 2, "meldingen": 2}


@pytest.mark.parametrize(
    ("old", "new", "at", "veld", "what"),
    [
        ("DOSSIER\n      huis", "DOSIER\n      huis", "DOSIER", "casus_nummer", "meld.csv has no column DOSIER. Did"),
        ("  meld: meld.csv", "  meld: meld*.txt", "meld*.txt", "meld.bestand", "there is no file meld*.txt in"),
        ("POL: politie", "POL: politei", "POL: politei", "hoedanigheid.codes.POL", "politei is no code of"),
        ("POL: politie", 'POL: ""', "POL:", "hoedanigheid.codes.POL", "must be a code"),
        ('constante: "3"', 'constante: "9"', "constante", "urgentie.constante", "9 is no code of urgentie; there are: 1"),
        ("      geopend_op: OPEN\n", "", "  casussen:", "geopend_op", "has no source"),
        ("  huisverboden: geen\n", "", "entiteiten:", "huisverboden", "say where its rows come from"),
        ("huisverboden: geen", "huisverbod: geen", "huisverbod:", "huisverbod", "Did you mean huisverboden?"),
        ("DOSSIER\n      ont", "DOSSIER\n      casusnummer: DOSSIER\n      ont", "casusnummer", "casusnummer", "is no field of meldingen"),
        ('contract: "1.0"', 'contract: "9.0"', "contract", "contract", "known: 1.0, 1.1"),
        ("uit: meld\n    velden:\n      casus", "uit: mld\n    velden:\n      casus", "uit: mld", "casussen.uit", "mld is no file"),
        ("datum: dd-mm-jjjj", "datum: jj-mm-dd", "datum:", "datum", "is no way of writing a date"),
        ("  ja: J", "  jaa: J", "jaa", "jaa", "is not known here. Did you mean"),
        ("  ja: J", "  nee: J", "nee: N", "nee", "stands there twice"),
        ("mapping: 1", "mapping: 2", "mapping", "mapping", "must be 1"),
        ("ontvangen_op: BINNEN", "ontvangen_op: {kolom: BINNEN, vorm: dd-mm-jjjj}", "vorm:", "ontvangen_op.vorm", "must have a day, hours"),
        ("huishouden_nummer: GEZIN", "huishouden_nummer: {kolom: GEZIN, codes: {A: B}}", "GEZIN", "nummer.codes", "goes with"),
        ("geopend_op: OPEN", "geopend_op: {vorm: dd-mm-jjjj}", "geopend_op", "geopend_op", "must have either kolom or constante"),
        ("\n    uit: meld\n", "\n    uit: meld\n    koppel: {bestand: meld, op: {NR: NR}}\n", "koppel", "koppel.bestand", "there already"),
    ],
)  # fmt: skip
def test_what_names_something_that_is_not_there_is_told_with_its_line(
    small: Translating, old: str, new: str, at: str, veld: str, what: str
) -> None:
    small.change(old, new)
    found = small.faults()
    told = [reason for line, field, reason in found if line == small.line(at) and field.endswith(veld)]
    assert any(what in reason for reason in told), found


def test_all_faults_are_told_and_nothing_is_made(small: Translating) -> None:
    for old, new in (("NR\n", "NUMMER\n"), ("POL: politie", "POL: politei"), ("  huisverboden: geen\n", "")):
        small.change(old, new)
    assert len(small.faults()) == 3
    with pytest.raises(MappingError) as refused:
        small.deliver(small.path.parent / "inbox")
    told = str(refused.value)
    assert "klein.yml, line" in told and "politei is no code" in told and "huisverboden" in told and "NUMMER" in told
    assert not (small.path.parent / "inbox").exists()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a: [b", "line 1: this is not YAML"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"- een lijst", "is no mapping"),
        (b"", "is no mapping"),
        (b"a: 'b\nc: d", "this is not YAML"),
    ],
)
def test_what_is_no_mapping_at_all(small: Translating, content: bytes, what: str) -> None:
    small.path.write_bytes(content)
    with pytest.raises((MappingError, DeclaredError), match=what):
        read_mapping(small.path)
    with pytest.raises(DeclaredError, match="cannot be read"):
        read_mapping(small.path.with_name("weg.yml"))


def test_codes_are_texts_whatever_yaml_takes_them_for(small: Translating) -> None:
    small.change('{POL: politie, "07": huisarts}', "{no: politie, 07: huisarts, 1.10: ggd, ~: familielid}")
    small.write("NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND\n" + "".join(
        f"M{i};D{i};G;01-01-2024;04-01-2024 10:00;{code};J\n" for i, code in enumerate(["no", "07", "1.10", "~", "7", "1.1"])
    ))  # fmt: skip
    found = small.rows("select hoedanigheid from klaar_meldingen order by op_regel")
    assert [f for (f,) in found] == ["politie", "huisarts", "ggd", "familielid", "onvertaald:7", "onvertaald:1.1"]


def test_two_files_of_one_pattern_and_none(small: Translating) -> None:
    small.change("  meld: meld.csv", "  meld: meld*.csv")
    assert small.faults() == []
    small.write("NR\n", "meld_2.csv")
    ((line, veld, what),) = small.faults()
    assert (line, veld) == (small.line("meld*.csv"), "bestanden.meld.bestand")
    assert "2 files" in what and "meld.csv, meld_2.csv" in what


def test_a_join_with_two_rows_for_one_key_names_both_lines(small: Translating) -> None:
    small.write("ID;PLAATS\nD1;GM0363\nD2;GM0384\n\nD1;GM0451\n", "adres.csv")
    small.change("  meld: meld.csv", "  meld: meld.csv\n  adres: adres.csv")
    small.change(
        "meldingen:\n    uit: meld\n", "meldingen:\n    uit: meld\n    koppel:\n      - bestand: adres\n        op: {DOSSIER: ID}\n"
    )
    ((line, veld, what),) = small.faults()
    assert (line, veld) == (small.line("- bestand: adres"), "entiteiten.meldingen.koppel.op")
    assert what == "1 keys stand twice or more in adres.csv, the first on lines 2 and 5: a join needs one row a key"


def test_a_record_of_which_nobody_knows_where_it_belongs_is_not_lost(small: Translating) -> None:
    small.change("meldingen:\n    uit: meld\n", "meldingen:\n    uit: meld\n    waar: {KIND: {is: J}}\n")
    ((line, veld, what),) = small.faults()
    assert (line, veld) == (small.line("waar:"), "entiteiten.meldingen.waar.KIND")
    assert "1 records of meld.csv, KIND have a value under neither is nor niet (N), the first on line 3" in what
    small.change("{is: J}", "{is: J, niet: N}")
    done = small.run()
    assert (done.faults, done.rows["meldingen"]) == ([], 1)
    assert done.remarks == ["meld.csv, KIND: 1 records are no meldingen (waar)."]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'NR;DOSSIER\nM1;"D1\n', "file meld.csv, line 2: a quote is never closed"),
        (b"NR;DOSSIER\nM1;D1;te veel\n", "file meld.csv, line 2: 3 fields where the header has 2"),
        (b"NR;DOSSIER\nM1;D1\nM2;\xe9\n", "file meld.csv, line 3: is not UTF-8"),
        (b"NR;DOSSIER\nM1;\0\n", "file meld.csv, line 2: holds a NUL byte"),
        (b"\xff\xfeN\0R\0", "is UTF-16"),
    ],
)
def test_a_file_of_theirs_that_cannot_be_read(small: Translating, content: bytes, what: str) -> None:
    (small.folder / "meld.csv").write_bytes(content)
    found = small.faults()
    assert found[0][1] == "bestanden.meld.bestand" and what in found[0][2], found


def test_a_sign_that_the_encoding_does_not_have_names_its_line(small: Translating) -> None:
    small.change("  datum: dd-mm-jjjj", "  codering: windows-1252\n  datum: dd-mm-jjjj")
    (small.folder / "meld.csv").write_bytes(b"NR;DOSSIER\nM1;caf\xe9\nM2;\x81\n")
    found = small.faults()
    assert "file meld.csv, line 3: is not in the encoding that is said of it" in found[0][2], found
