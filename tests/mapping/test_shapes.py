"""Shapes of others that become rows: lists in a cell, columns beside each other, files joined, one file for two entities."""

from orchestration.files import FILE_MODE
from tests.mapping.conftest import Translating

FORMS = "{PG: partnergeweld, KM: km_anders}"


def with_forms(small: Translating, how: str, rows: str) -> list[tuple[object, ...]]:
    """The forms of reports, as the mapping ``how`` makes them of a file with these rows."""
    small.change("melding_vormen: geen", f"melding_vormen:\n    uit: v\n    velden: {how}")
    small.change("  meld: meld.csv", "  meld: meld.csv\n  v: v.csv")
    small.write(rows, "v.csv")
    return small.rows("select melding_nummer, vorm, op_regel from klaar_melding_vormen order by op_regel")


def test_a_list_in_one_cell(small: Translating) -> None:
    how = f"{{melding_nummer: M, vorm: {{kolom: V, splits: ',', codes: {FORMS}}}}}"
    assert with_forms(small, how, "M;V\nM1;PG, KM\nM2;\nM3;KM,\nM4;XX,PG\n") == [
        ("M1", "partnergeweld", 2),
        ("M1", "km_anders", 3),
        ("M3", "km_anders", 4),
        ("M4", "onvertaald:XX", 5),
        ("M4", "partnergeweld", 6),
    ]
    (finding,) = small.run().findings
    assert (finding.waarde, finding.aantal, finding.regel) == ("XX", 1, 5)


def test_columns_beside_each_other_and_columns_that_say_yes(small: Translating) -> None:
    how = "\n".join(
        [
            "",
            "      melding_nummer: M",
            "    spreid:",
            f"      - vorm: {{kolom: V1, codes: {FORMS}}}",
            f"      - vorm: {{kolom: V2, codes: {FORMS}}}",
            "      - vorm: {kolom: OUD, codes: {J: ouderenmishandeling, N: ''}}",
        ]
    )
    found = with_forms(small, how, "M;V1;V2;OUD\nM1;PG;KM;J\nM2;;;N\nM3;;PG;\n")
    assert found == [
        ("M1", "partnergeweld", 2),
        ("M1", "km_anders", 3),
        ("M1", "ouderenmishandeling", 4),
        ("M3", "partnergeweld", 5),
    ]
    assert small.run().findings == []


def test_a_key_in_two_columns_and_what_stands_for_nothing(small: Translating) -> None:
    small.change("casus_nummer: DOSSIER\n      huis", "casus_nummer: {kolom: [NR, DOSSIER], tussen: '/'}\n      huis")
    small.change("  nee: N\n", "  nee: N\n  leeg: [n.v.t., '-']\n")
    small.write(
        "NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND\nM1;D1;-;n.v.t.;04-01-2024 10:00;POL;J\n-;D2;G;05-01-2024;04-01-2024 10:00;POL;J\n"
    )
    assert small.rows("select casus_nummer, huishouden_nummer, geopend_op from klaar_casussen order by op_regel") == [
        ("M1/D1", None, None),
        ("D2", "G", "2024-01-05"),
    ]


def test_what_a_join_does_not_find_is_empty_and_told(small: Translating) -> None:
    small.change(
        "meldingen:\n    uit: meld\n", "meldingen:\n    uit: meld\n    koppel:\n      - bestand: adres\n        op: {DOSSIER: ID}\n"
    )
    small.change("urgentie: {", "gemeente_code: adres.PLAATS\n      urgentie: {")
    small.change("  meld: meld.csv", "  meld: meld.csv\n  adres: {bestand: adres.csv, scheiding: ',', aanhaling: geen}")
    small.write('ID,PLAATS\nD1,GM0363\nD9,"\n', "adres.csv")
    assert small.rows("select melding_nummer, gemeente_code from klaar_meldingen order by op_regel") == [("M1", "GM0363"), ("M2", None)]
    (finding,) = small.run().findings
    assert (finding.bron, finding.soort, finding.aantal, finding.regel) == ("meld.csv", "niet_gevonden", 1, 3)
    assert finding.what == "the key (DOSSIER = ID) is not in adres.csv: what comes from there is empty"


def test_two_files_for_one_entity(small: Translating) -> None:
    small.text = small.text.replace(
        "  casussen:\n    uit: meld\n    velden:\n      casus_nummer: DOSSIER\n      huishouden_nummer: GEZIN\n      geopend_op: OPEN\n",
        "  casussen:\n"
        "    - uit: meld\n      velden: {casus_nummer: DOSSIER, huishouden_nummer: GEZIN, geopend_op: OPEN}\n"
        "    - uit: oud\n      velden: {casus_nummer: D, huishouden_nummer: G, geopend_op: {constante: '2020-01-01'}}\n",
    )
    small.change("  meld: meld.csv", "  meld: meld.csv\n  oud: oud.csv")
    small.write("D;G\nX1;Y1\n", "oud.csv")
    assert small.rows("select casus_nummer, geopend_op, op_regel from klaar_casussen order by op_regel") == [
        ("D1", "2024-01-04", 2),
        ("D2", "2024-01-05", 3),
        ("X1", "2020-01-01", 4),
    ]


def test_a_file_without_names_in_another_encoding(small: Translating) -> None:
    small.change(
        "  meld: meld.csv",
        "  meld:\n    bestand: meld.csv\n    codering: utf-16\n    kolommen: [NR, DOSSIER, GEZIN, OPEN, BINNEN, MELDER, KIND]",
    )
    small.write("M1;D1;Café;04-01-2024;04-01-2024 10:00;POL;J\n", encoding="utf-16")
    assert small.rows("select huishouden_nummer, op_regel from klaar_casussen") == [("Café", 2)]
    (origin,) = [row for row in _origin(small) if row.startswith("casussen")]
    assert origin == "casussen;2;1;meld.csv;1"


def _origin(small: Translating) -> list[str]:
    path = small.deliver(small.path.parent / "uit").path
    return (path / "herkomst.csv").read_text().splitlines()[1:]


def test_deletions_of_a_night(small: Translating) -> None:
    """``verwijderd`` is there only where the mapping has it; an entity that is not registered is left out of ``mutaties``."""
    small.change("geopend_op: OPEN", "geopend_op: OPEN\n      verwijderd: {kolom: WEG, ja: X, nee: []}")
    small.write("NR;DOSSIER;GEZIN;OPEN;BINNEN;MELDER;KIND;WEG\nM1;D1;G1;04-01-2024;04-01-2024 10:00;POL;J;\nM2;D2;G;04-01-2024;;;;X\n")
    made = small.deliver(small.path.parent / "uit", soort="mutaties")
    assert [f.entiteit for f in made.files] == ["casussen", "meldingen"]
    assert (made.path / "casussen.csv").read_text().splitlines() == [
        "casus_nummer;huishouden_nummer;geopend_op;afgesloten_op;verwijderd",
        "D1;G1;2024-01-04;;",
        "D2;G;2024-01-04;;ja",
    ]
    assert "verwijderd" not in (made.path / "meldingen.csv").read_text()
    assert {p.stat().st_mode & 0o777 for p in made.path.iterdir()} == {FILE_MODE}
