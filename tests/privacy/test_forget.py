"""Forgetting a person or a case: gone everywhere, kept out, proven by a search; the balance stays closed."""

import base64
import zipfile
from pathlib import Path

import pytest

from orchestration import duck
from orchestration.intake import checks
from orchestration.keys.use import open_key
from orchestration.landing import quarantine
from orchestration.privacy import forget, rotate
from orchestration.privacy.forget import VergeetFout
from orchestration.register.register import Register
from tests.lib.handmade import BASIS, Aanlevering, Rij, elfproef, mutaties
from tests.lib.warehouse import Magazijn

BSN = "999990019"


def second() -> Aanlevering:
    """The person in two reports, once in bad order; a case in bad order too."""
    aanlevering = Aanlevering(2)
    person = aanlevering.rij("betrokkenen")
    aanlevering.rijen["betrokkenen"] += [
        person | {"melding_nummer": "M2", "volgnummer": "2"},
        person | {"volgnummer": "9", "geslacht": "?"},
    ]
    aanlevering.rijen["huisverboden"].append(aanlevering.rij("huisverboden") | {"huisverbod_nummer": "X2", "aanvrager": "?"})
    return aanlevering


def balanced(magazijn: Magazijn) -> bool:
    counts = magazijn.vraag("select gelezen = opgenomen + identieke_kopieen + quarantaine + vergeten from levering_entiteiten")
    return all(row == (True,) for row in counts)


def test_a_person(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), second())
    others = {e: magazijn.vraag(f"select count(*) from {e}") for e in BASIS if e != "betrokkenen"}
    report = forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert report.rijen == {"betrokkenen": 4}
    assert report.leveringen == (1, 2)
    assert report.archieven == 2
    assert report.doorzocht["landing"] > 0 and report.doorzocht["vault"] > 0
    assert magazijn.vraag("select persoon_id from betrokkenen where persoon_id is not null") == []
    assert magazijn.vraag("select count(*) from betrokkenen where _is_actueel") == [(2,)]
    assert {e: magazijn.vraag(f"select count(*) from {e}") for e in others} == others
    assert [i for i in quarantine.entries(magazijn.settings) if i.entiteit == "betrokkenen"] == []
    counts = "select levering_nummer, opgenomen, quarantaine, vergeten from levering_entiteiten where entiteit = 'betrokkenen'"
    assert magazijn.vraag(counts) == [
        (1, 2, 0, 1), (2, 2, 0, 3),
    ]  # fmt: skip
    assert balanced(magazijn)
    assert BSN not in "".join(p.read_text() for p in magazijn.settings.register.iterdir())


def test_a_person_stays_out(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    copies = second()
    copies.rijen["betrokkenen"].append(copies.rij("betrokkenen"))
    uitslag = magazijn.een(copies)
    telling = uitslag.entiteiten["betrokkenen"]
    assert (telling.gelezen, telling.opgenomen, telling.vergeten, telling.quarantaine) == (6, 2, 4, 0)
    assert "stayed out" in uitslag.opmerkingen[0]
    assert not list(magazijn.settings.archive.iterdir())
    assert magazijn.vraag("select persoon_id from betrokkenen where persoon_id is not null") == []
    assert balanced(magazijn)
    # and once more says the search that nothing is there
    assert forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "again", lambda _: None).rijen == {}
    # also with a new key
    rotate.rotate(magazijn.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert magazijn.een(mutaties(3, betrokkenen=[BASIS["betrokkenen"][0]])).entiteiten["betrokkenen"].vergeten == 1


def test_an_older_version_of_the_row_does_not_rise_again(magazijn: Magazijn) -> None:
    person = BASIS["betrokkenen"][0]
    other: Rij = person | {"bsn": "000000000"}
    first = Aanlevering(1)
    first.rijen["betrokkenen"][0] = other
    magazijn.neem(first, mutaties(2, betrokkenen=[person]))
    forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert magazijn.vraag("select _geldig_van, _geldig_tot from betrokkenen where _regel = 2 and bsn_onbekend") == [(1, 2)]
    magazijn.een(mutaties(3, betrokkenen=[other]))
    assert magazijn.vraag("select count(*) from betrokkenen where _is_actueel") == [(3,)]


def test_a_case_and_all_that_hangs_on_it(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), second())
    report = forget.forget(magazijn.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert set(report.rijen) == {
        "casussen", "meldingen", "melding_vormen", "melding_aarden", "betrokkenen", "veiligheidsbeoordelingen", "diensten", "overdrachten",
        "huisverboden",
    }  # fmt: skip
    assert magazijn.vraag("select count(*) from casussen union all select count(*) from meldingen") == [(1,), (1,)]
    assert magazijn.vraag("select count(*) from diensten") == [(0,)]
    assert magazijn.vraag("select count(*) from monitormomenten") == [(2,)]
    assert quarantine.entries(magazijn.settings) == []
    assert balanced(magazijn)
    # it stays out, with what a later delivery hangs on it, also when it comes alone or new
    again = Aanlevering(3)
    again.rijen["meldingen"].append(again.rij("meldingen") | {"melding_nummer": "M7"})
    again.rijen["diensten"].append(again.rij("diensten") | {"dienst_nummer": "D7", "melding_nummer": "M7"})
    uitslagen = magazijn.neem(
        again, mutaties(4, diensten=[BASIS["diensten"][0], BASIS["diensten"][0] | {"dienst_nummer": "D8", "melding_nummer": "M7"}])
    )
    assert [uitslagen[0].entiteiten[e].vergeten for e in ("casussen", "meldingen", "diensten", "huisverboden")] == [1, 2, 2, 1]
    assert uitslagen[1].entiteiten["diensten"].vergeten == 2
    assert magazijn.vraag("select count(*) from diensten") == [(0,)]
    assert quarantine.entries(magazijn.settings) == []


def vault_holds(magazijn: Magazijn, entiteit: str, veld: str, nummer: str) -> int:
    """How many rows in the vault hold this number."""
    keyring = open_key(magazijn.settings, "test")
    with duck.connect(magazijn.settings) as con:
        con.execute(f"pragma add_parquet_key('vault', '{base64.b64encode(keyring.derive('vault')).decode()}')")
        paths = [str(p) for p in magazijn.settings.vault.rglob(f"{entiteit}.parquet")]
        sql = f"select count(*) from read_parquet(?, encryption_config = {{footer_key: 'vault'}}) where {veld} = ?"
        row = con.execute(sql, [paths, nummer]).fetchone()
    return row[0] if row else 0


@pytest.mark.parametrize(
    ("entiteit", "veld", "nummer"),
    [("huisverboden", "huisverbod_nummer", "X1"), ("diensten", "dienst_nummer", "D1"), ("meldingen", "melding_nummer", "M1")],
)
def test_a_deletion_that_names_only_a_number_of_the_case_goes_too(magazijn: Magazijn, entiteit: str, veld: str, nummer: str) -> None:
    deletion = mutaties(2, **{entiteit: [{veld: nummer, "verwijderd": "ja"}]})
    magazijn.neem(Aanlevering(1), deletion)
    assert vault_holds(magazijn, entiteit, veld, nummer) == 2
    report = forget.forget(magazijn.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert report.leveringen == (1, 2)
    assert report.archieven == 2
    assert vault_holds(magazijn, entiteit, veld, nummer) == 0
    # also when it comes after it, alone, of something that came after the case was forgotten
    again = Aanlevering(3)
    again.rijen["huisverboden"].append(again.rij("huisverboden") | {"huisverbod_nummer": "X7"})
    later = mutaties(4, huisverboden=[{"huisverbod_nummer": n, "verwijderd": "ja"} for n in ("X1", "X7")])
    assert magazijn.neem(again, later)[1].entiteiten["huisverboden"].vergeten == 2
    assert [vault_holds(magazijn, "huisverboden", "huisverbod_nummer", n) for n in ("X1", "X7")] == [0, 0]
    assert balanced(magazijn)


def test_numbers_are_looked_for_where_such_numbers_stand(magazijn: Magazijn) -> None:
    """Dienst 7 of the case that goes is no reason to destroy a row of another case that holds a 7."""
    first = Aanlevering(1)
    first.rij("diensten")["dienst_nummer"] = "7"
    first.rijen["monitormomenten"][1]["directe_veiligheid"] = "7"
    magazijn.een(first)
    (entry,) = quarantine.entries(magazijn.settings)
    assert entry.entiteit == "monitormomenten"
    forget.forget(magazijn.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert len(quarantine.entries(magazijn.settings)) == 1


WHITE = ["\u00a0C1\t", "C1 ", "\u3000 C1", "C1\u2028"]


def test_a_case_in_whatever_white_space_it_was_delivered(magazijn: Magazijn) -> None:
    """Asked for with white space of its own; taken in, in quarantine, and in the archive of a delivery that was refused."""
    first = Aanlevering(1)
    first.rij("casussen")["casus_nummer"] = WHITE[0]
    first.rij("meldingen")["casus_nummer"] = WHITE[1]
    first.rijen["huisverboden"] = [{"huisverbod_nummer": f"X{i}", "casus_nummer": w, "aanvrager": "?"} for i, w in enumerate(WHITE)]
    refused = mutaties(9, huisverboden=[{"huisverbod_nummer": "X9", "casus_nummer": WHITE[0], "aanvrager": "politie"}])
    other = mutaties(8, huisverboden=[{"huisverbod_nummer": "C1 X", "casus_nummer": "C2", "aanvrager": "XC1"}])
    assert [u.uitkomst for u in magazijn.neem(first, refused, other)] == ["opgenomen", "geweigerd", "geweigerd"]
    assert len(quarantine.entries(magazijn.settings)) == len(WHITE)
    report = forget.forget(magazijn.settings, "casus", " C1\u2003", "J. Voorbeeld", "request", lambda _: None)
    assert (report.rijen["casussen"], report.rijen["meldingen"], report.rijen["huisverboden"]) == (1, 1, len(WHITE))
    assert report.archieven == 2
    assert len(list(magazijn.settings.archive.iterdir())) == 1
    assert quarantine.entries(magazijn.settings) == []
    assert balanced(magazijn)


@pytest.mark.parametrize("nummer", ["C1", *WHITE])
def test_a_case_stays_out_in_whatever_white_space_it_comes_again(magazijn: Magazijn, nummer: str) -> None:
    magazijn.een(Aanlevering(1))
    forget.forget(magazijn.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    again = Aanlevering(2)
    again.rij("casussen")["casus_nummer"] = nummer
    again.rijen["huisverboden"].append({"huisverbod_nummer": "X7", "casus_nummer": nummer, "aanvrager": "?"})
    uitslag = magazijn.een(again)
    assert (uitslag.entiteiten["casussen"].vergeten, uitslag.entiteiten["huisverboden"].vergeten) == (1, 2)
    assert quarantine.entries(magazijn.settings) == []
    assert not list(magazijn.settings.archive.iterdir())


def test_a_person_in_white_space(magazijn: Magazijn) -> None:
    """That is no BSN and goes to quarantine; the line there holds the person all the same."""
    person = BASIS["betrokkenen"][0]
    rows = [person | {"volgnummer": str(7 + i), "bsn": white.replace("C1", BSN)} for i, white in enumerate(WHITE)]
    magazijn.neem(Aanlevering(1), mutaties(2, betrokkenen=rows))
    assert len(quarantine.entries(magazijn.settings)) == len(WHITE)
    assert forget.forget(magazijn.settings, "persoon", f" {BSN}", "J. Voorbeeld", "x", lambda _: None).rijen == {"betrokkenen": 5}
    assert quarantine.entries(magazijn.settings) == []
    assert balanced(magazijn)


def test_a_person_stays_out_in_whatever_white_space(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "x", lambda _: None)
    person = BASIS["betrokkenen"][0]
    rows = [person | {"volgnummer": str(7 + i), "bsn": white.replace("C1", BSN)} for i, white in enumerate(WHITE)]
    assert magazijn.een(mutaties(2, betrokkenen=rows)).entiteiten["betrokkenen"].vergeten == len(WHITE)
    assert quarantine.entries(magazijn.settings) == []


def test_a_case_that_older_code_took_in_with_its_white_space(magazijn: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its landing has the hash of another text; the vault says which."""
    first = Aanlevering(1)
    for entiteit in ("casussen", "meldingen", "overdrachten", "huisverboden"):
        first.rij(entiteit)["casus_nummer"] = "C1 "
    with monkeypatch.context() as older:
        older.setattr(checks, "find_improper", lambda con, soort, geen_nummer: (False, False))
        magazijn.een(first)
    assert vault_holds(magazijn, "casussen", "casus_nummer", "C1 ") == 1
    magazijn.een(Aanlevering(2))
    report = forget.forget(magazijn.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert (report.leveringen, report.rijen["casussen"], report.rijen["meldingen"]) == ((1, 2), 2, 2)
    assert vault_holds(magazijn, "casussen", "casus_nummer", "C1 ") == 0
    assert magazijn.vraag("select count(*) from huisverboden") == [(0,)]


def test_a_report_that_moved_to_another_case_stays(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, meldingen=[BASIS["meldingen"][0] | {"casus_nummer": "C2"}]))
    forget.forget(magazijn.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    assert magazijn.vraag("select count(*) from meldingen where _is_actueel") == [(2,)]
    assert magazijn.vraag("select count(*) from betrokkenen where _is_actueel") == [(3,)]


@pytest.mark.parametrize(("soort", "nummer"), [("persoon", "12345"), ("huis", "1"), ("casus", " ")])
def test_what_is_no_person_or_case(magazijn: Magazijn, soort: str, nummer: str) -> None:
    with pytest.raises(VergeetFout, match="BSN"):
        forget.forget(magazijn.settings, soort, nummer, "J. Voorbeeld", "request", lambda _: None)


def test_cut_off_before_it_counts_nothing_is_gone(magazijn: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    magazijn.neem(Aanlevering(1), second())
    before = magazijn.vraag("select count(*), count(persoon_id) from betrokkenen")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Register, "leg_vast", die)
    with pytest.raises(KeyboardInterrupt):
        forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    monkeypatch.undo()
    magazijn.neem()
    assert magazijn.vraag("select count(*), count(persoon_id) from betrokkenen") == before
    assert all("." not in p.name for p in magazijn.settings.landing.glob("0*"))


def test_an_archived_delivery_that_cannot_be_unpacked_goes_too(magazijn: Magazijn) -> None:
    """Nobody can tell whether the person is in it: refused because it was damaged, and kept as it came."""
    magazijn.een(Aanlevering(1))
    path = mutaties(2, betrokkenen=[BASIS["betrokkenen"][0]]).zip(magazijn.settings.inbox)
    with zipfile.ZipFile(path) as packed:
        start = packed.getinfo("betrokkenen.csv").header_offset + 30 + len("betrokkenen.csv")
    data = bytearray(path.read_bytes())
    data[start] |= 0b110  # the kind of block that deflate does not know
    path.write_bytes(data)
    (refused,) = magazijn.neem()
    assert (refused.uitkomst, refused.code) == ("geweigerd", "onleesbaar")
    assert len(list(magazijn.settings.archive.iterdir())) == 2
    report = forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert report.archieven == 2
    assert not list(magazijn.settings.archive.iterdir())


def test_a_search_that_finds_something_says_so(magazijn: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    magazijn.een(Aanlevering(1))
    monkeypatch.setattr(forget.Vergeten, "_without", lambda self, delivery, base, path, sql: sql)
    with pytest.raises(VergeetFout, match=str(Path("vault") / "00000001.1")):
        forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)


@pytest.mark.parametrize("vorm", ["zip", "map", "loose", "damaged"])
def test_what_lies_in_the_inbox_is_searched_too(magazijn: Magazijn, vorm: str) -> None:
    magazijn.neem(Aanlevering(1))
    inbox = magazijn.settings.inbox
    match vorm:
        case "zip":
            path = Aanlevering(2).zip(inbox)
        case "map":
            path = Aanlevering(2).map(inbox)
        case "loose":
            path = inbox / "betrokkenen.csv"
            path.write_bytes(Aanlevering(2).inhoud()["betrokkenen.csv"])
        case _:
            path = inbox / "x.zip"
            path.write_bytes(b"PK damaged")
    before = {n: c for n, c in magazijn.bestanden().items() if not n.endswith(".jsonl")}
    with pytest.raises(VergeetFout, match=rf"inbox.*{path.name}.*Nothing was destroyed"):
        forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert {n: c for n, c in magazijn.bestanden().items() if not n.endswith(".jsonl")} == before
    if vorm == "loose":
        path.unlink()
    else:
        magazijn.neem()
    report = forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)
    assert report.doorzocht["inbox"] == 0


def test_a_file_in_the_place_of_the_inbox_is_not_passed_over(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    magazijn.settings.inbox.rmdir()
    magazijn.settings.inbox.write_bytes(BSN.encode())
    with pytest.raises(VergeetFout, match=r"inbox is a file.* Then forget again\. Nothing was destroyed"):
        forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None)


def test_someone_else_in_the_inbox_does_not_stop_it(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1))
    other = Aanlevering(2)
    other.rij("betrokkenen")["bsn"] = elfproef(77)
    other.zip(magazijn.settings.inbox)
    assert forget.forget(magazijn.settings, "persoon", BSN, "J. Voorbeeld", "request", lambda _: None).doorzocht["inbox"] == 1


def test_a_typing_error_keeps_no_correct_row_out(magazijn: Magazijn) -> None:
    """A report that named a forgotten case for one night: it comes in when it names its own, and one that stood stands on."""
    magazijn.een(Aanlevering(1))
    forget.forget(magazijn.settings, "casus", "C2", "J. Voorbeeld", "request", lambda _: None)
    report = BASIS["meldingen"][0] | {"melding_nummer": "M7"}
    dienst = BASIS["diensten"][0] | {"dienst_nummer": "D7", "melding_nummer": "M7"}
    wrong = mutaties(2, meldingen=[report | {"casus_nummer": "C2"}, BASIS["meldingen"][0] | {"casus_nummer": "C2"}])
    assert magazijn.een(wrong).entiteiten["meldingen"].vergeten == 2
    assert magazijn.een(mutaties(3, diensten=[dienst])).entiteiten["diensten"].vergeten == 1
    # what names nothing that stands stays out, and is not archived
    assert [p.name[:8] for p in magazijn.settings.archive.iterdir()] == []
    found = magazijn.een(mutaties(4, meldingen=[report], diensten=[dienst]))
    assert (found.entiteiten["meldingen"].opgenomen, found.entiteiten["diensten"].opgenomen) == (1, 1)
    whole = Aanlevering(5)
    whole.rijen = {e: [r for r in rows if "C2" not in r.values() and "M2" not in r.values()] for e, rows in whole.rijen.items()}
    whole.rijen["meldingen"].append(report)
    whole.rijen["diensten"].append(dienst)
    assert sum(t.vergeten + t.quarantaine for t in magazijn.een(whole).entiteiten.values()) == 0
    assert magazijn.vraag("select count(*) from meldingen where _is_actueel") == [(2,)]
    assert len(list(magazijn.settings.archive.iterdir())) == 2
    assert balanced(magazijn)
