"""Every rule for one row: what goes to quarantine and why, what is a warning, and what is neither."""

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.intake.contract import Entiteit, Veld, load_contract
from orchestration.landing.takein import Uitslag
from tests.lib.handmade import BASIS, Aanlevering, Rij, elfproef
from tests.lib.warehouse import magazijn_in

PEILDATUM = "2024-12-31"


@dataclass
class Geval:
    """One row that is changed, and what must come of it: None where it is taken in."""

    entiteit: str
    wijziging: Rij
    controle: str | None
    veld: str | None = None
    basis: int = 0
    waarschuwing: str | None = None
    ouder: Rij = field(default_factory=dict)
    """Changes to the row that its key names."""
    regel: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.entiteit}-{self.controle or self.waarschuwing or 'goed'}-{self.wijziging}"[:90]


def fout(entiteit: str, controle: str, veld: str, basis: int = 0, **wijziging: str) -> Geval:
    return Geval(entiteit, wijziging, controle, veld, basis)


def goed(entiteit: str, basis: int = 0, waarschuwing: str | None = None, **wijziging: str) -> Geval:
    return Geval(entiteit, wijziging, None, None, basis, waarschuwing)


def at_noon(veld: Veld, dag: str) -> str:
    return f"{dag}T12:00:00+01:00" if veld.veldsoort == "moment" else dag


def early(entiteit: Entiteit, veld: Veld) -> list[Geval]:
    return [
        fout(entiteit.naam, "voor_venster", veld.naam, **{veld.naam: at_noon(veld, dag)})
        for dag in ("1989-12-31", "1900-01-01", "0202-01-02", "0001-01-01")
    ]


def late(entiteit: Entiteit, veld: Veld) -> list[Geval]:
    rule, after = ("na_venster", "2035-01-01") if veld.mag_na_peildatum else ("na_peildatum", "2025-01-01")
    return [fout(entiteit.naam, rule, veld.naam, **{veld.naam: at_noon(veld, dag)}) for dag in (after, "9999-12-31")]


def edges(entiteit: Entiteit, veld: Veld) -> list[Geval]:
    """The first and the last day of the window; what may not come before or after it lies on the same day."""
    found = []
    for dag in ("1990-01-01", PEILDATUM, *(("2025-01-01", "2034-12-31") if veld.mag_na_peildatum else ())):
        tied = [v for v in entiteit.velden if v == veld or v.niet_voor == veld.naam or veld.niet_voor == v.naam]
        no_area = {v.naam: "" for v in entiteit.velden if v.veldsoort in {"stadsdeel", "buurt"}}  # none of them is that old
        geval = goed(entiteit.naam, **no_area, **{v.naam: at_noon(v, dag) for v in tied})
        parent, _, late_field = (veld.niet_voor or "").partition(".")
        if late_field:
            geval.ouder = {late_field: at_noon(load_contract().entiteit(parent).veld(late_field), dag)}
            geval.ouder |= {"acuut_beoordeeld_op": "", "acuut_vermoeden": "", "stadsdeel_code": "", "buurt_code": ""}
        found.append(geval)
    return found


GEBEURTENISSEN = [(e, v) for e in load_contract().entiteiten for v in e.velden if v.veldsoort in {"datum", "moment"}]
NUMMERVELDEN = [(e, v) for e in load_contract().entiteiten for v in e.velden if v.veldsoort == "nummer"]

GEVALLEN = [
    # required
    *(
        fout(e.naam, "verplicht", v.naam, **{v.naam: ""})
        for e in load_contract().entiteiten
        for v in e.velden
        if v.verplicht and not (v.veldsoort == "nummer" and v.sleutel)
    ),
    fout("casussen", "verplicht", "casus_nummer", casus_nummer=""),
    fout("melding_vormen", "verplicht", "melding_nummer", melding_nummer=""),
    # dates
    *(
        fout("casussen", "type", "geopend_op", geopend_op=text)
        for text in ("2024-02-30", "2024-1-5", "24-01-05", "20240105", " 024-01-05", "2024-01-05 ", "2024-01-05T00:00", "0000-01-01")
    ),
    goed("casussen", geopend_op="2024-02-29"),
    goed("casussen", geopend_op="1998-01-01"),
    # the window
    *(geval for e, v in GEBEURTENISSEN for kind in (early, late, edges) for geval in kind(e, v)),
    # the local day counts: the second is 1 January 1990 in Amsterdam
    fout("meldingen", "voor_venster", "ontvangen_op", ontvangen_op="1989-12-31T22:59:59.999999999Z"),
    goed("meldingen", basis=1, ontvangen_op="1989-12-31T23:00:00Z"),
    goed("betrokkenen", geboortedatum="19800000"),
    # numbers that identify
    *(fout(e.naam, "geen_nummer", v.naam, **{v.naam: text}) for e, v in NUMMERVELDEN for text in (" \t", " null\u00a0")),
    *(fout(e.naam, "onzichtbaar_teken", v.naam, **{v.naam: "A\u200b1"}) for e, v in NUMMERVELDEN),
    *(
        fout("casussen", "geen_nummer", "huishouden_nummer", huishouden_nummer=text)
        for text in (
            "NULL", "Null", "n/a", "N/A", "#N/B", "#n/b", "0", "-", "?", "onbekend", "ONBEKEND", "nvt", "NVT", "\u2003?\r\n", "\u3000",
        )
    ),
    *(
        fout("casussen", "onzichtbaar_teken", "huishouden_nummer", huishouden_nummer=text)
        for text in (
            "H\t1", "H\u00a01", "H\u00ad1", "H\x7f1", "\ufeffH1", "H1\u200b", "H\u202e1", "H\u034f1", "H\u3164", "\u2800", "H\ufe0f1",
            "H\U000e00411", 'H;"1"\n2',
        )
    ),
    *(goed("casussen", huishouden_nummer=text) for text in ("00", "--", "n.v.t.", "N/A 1", "H 1", " H1", "H1\u00a0", "\tH1\t", 'H;"1"')),
    # moments
    *(
        fout("meldingen", "type", "ontvangen_op", ontvangen_op=text)
        for text in (
            "2024-01-04", "2024-01-04T10:00:00", "2024-01-04 10:00:00+01:00", "2024-01-04T25:00:00+01:00", "2024-01-04T24:00:00+01:00",
            "2024-02-30T10:00:00+01:00", "2024-01-04T10:61:00+01:00", "2024-01-04T10:00:00+1:00", "2024-01-04T10:00:00 Europe/Amsterdam",
        )
    ),
    *(
        goed("meldingen", ontvangen_op=text)
        for text in ("2024-01-04T09:00:00Z", "2024-01-04T10:00+01:00", "2024-01-04T10:00:00.5+01:00", "2024-01-04T10:00:00,25+01:00")
    ),
    # the local day counts: this is 1 January 2025 in Amsterdam
    fout("meldingen", "na_peildatum", "ontvangen_op", basis=1, ontvangen_op="2024-12-31T23:30:00+00:00"),
    goed("meldingen", basis=1, ontvangen_op="2024-12-31T23:59:59+01:00", waarschuwing="casus_gesloten"),
    fout("casussen", "na_peildatum", "geopend_op", geopend_op="2025-01-01"),
    fout("monitormomenten", "na_peildatum", "uitgevoerd_op", basis=1, uitgevoerd_op="2025-01-01"),
    fout("betrokkenen", "na_peildatum", "geboortedatum", geboortedatum="20250101"),
    fout("betrokkenen", "na_peildatum", "geboortedatum", geboortedatum="20250000"),
    goed("betrokkenen", geboortedatum="20241231"),
    goed("betrokkenen", geboortedatum="20241200"),
    # booleans, whole numbers, codes
    *(fout("meldingen", "type", "huishouden_met_kinderen", huishouden_met_kinderen=text) for text in ("Ja", "true", "1", "ja ")),
    *(fout("meldingen", "type", "eerdere_incidenten", eerdere_incidenten=text) for text in ("1.0", "1e2", " 1", "99999999999", "+1")),
    fout("meldingen", "minimum", "eerdere_incidenten", eerdere_incidenten="-1"),
    goed("meldingen", eerdere_incidenten="0"),
    fout("betrokkenen", "minimum", "volgnummer", volgnummer="0"),
    *(
        fout(e.naam, "codelijst", v.naam, **{v.naam: "BUURMAN"})
        for e in load_contract().entiteiten
        for v in e.velden
        if v.veldsoort == "code" and v.gevuld_precies_waar is None and v.alleen_waar is None
    ),
    fout("meldingen", "codelijst", "hoedanigheid", hoedanigheid="Politie"),
    fout("meldingen", "codelijst", "urgentie", urgentie="5"),
    fout("veiligheidsbeoordelingen", "codelijst", "uitkomst", uitkomst="onbekend"),
    fout("diensten", "codelijst", "uitkomst_huiselijk_geweld", uitkomst_huiselijk_geweld="ja"),
    # areas
    *(fout("meldingen", "type", "gemeente_code", gemeente_code=text) for text in ("0363", "GM363", "GM03633", "gm0363", "Amsterdam")),
    goed("meldingen", gemeente_code="GM9999", stadsdeel_code="", buurt_code=""),
    goed("meldingen", gemeente_code="", stadsdeel_code="", buurt_code=""),
    fout("meldingen", "codelijst", "stadsdeel_code", stadsdeel_code="Z"),
    fout("meldingen", "codelijst", "buurt_code", buurt_code="ZZ99"),
    goed("meldingen", stadsdeel_code="", buurt_code=""),
    # a code of either division, whatever the day
    goed("meldingen", buurt_code="A00a"),
    goed("meldingen", buurt_code="TM04"),
    goed("meldingen", gemeente_code="GM0384", stadsdeel_code="Z", buurt_code="", waarschuwing="stadsdeel_andere_gemeente"),
    goed("meldingen", gemeente_code="", stadsdeel_code="A", buurt_code="", waarschuwing="stadsdeel_andere_gemeente"),
    goed("meldingen", gemeente_code="GM0384", stadsdeel_code="", buurt_code="onzin", waarschuwing="buurt_andere_gemeente"),
    goed("meldingen", stadsdeel_code="S", ontvangen_op="2022-03-23T23:59:00+01:00", waarschuwing="stadsdeel_voor_ingang"),
    goed("meldingen", stadsdeel_code="S", ontvangen_op="2022-03-24T00:00:00+01:00"),
    # BSN and birth date
    *(fout("betrokkenen", "type", "bsn", bsn=text) for text in ("12345678", "1234567890", "99999001a", " 999990019")),
    fout("betrokkenen", "elfproef", "bsn", bsn="999990018"),
    fout("betrokkenen", "elfproef", "bsn", bsn="123456789"),
    *(goed("betrokkenen", bsn=elfproef(n)) for n in (1, 77, 123_456, 999_990)),
    goed("betrokkenen", bsn="000000000"),
    goed("betrokkenen", bsn="999999999"),
    *(
        fout("betrokkenen", "type", "geboortedatum", geboortedatum=text)
        for text in ("1985-03-12", "19851301", "19850230", "1985", "00000000", "19850012", "1985030", "abcdefgh", "12031985")
    ),
    *(goed("betrokkenen", geboortedatum=text) for text in ("19850300", "19850000", "20000229", "99999999")),
    goed("betrokkenen", geboortedatum="19041231", waarschuwing="geboortejaar"),
    goed("betrokkenen", geboortedatum="19050000"),
    # dates in order
    fout("adviesvragen", "volgorde", "afgesloten_op", afgesloten_op="2024-01-01"),
    goed("adviesvragen", afgesloten_op="2024-01-02"),
    fout("casussen", "volgorde", "afgesloten_op", basis=1, afgesloten_op="2024-01-04"),
    fout("meldingen", "volgorde", "acuut_beoordeeld_op", acuut_beoordeeld_op="2024-01-04T09:59:59+01:00"),
    goed("meldingen", acuut_beoordeeld_op="2024-01-04T09:00:00Z"),
    fout("veiligheidsbeoordelingen", "volgorde", "besluit_op", besluit_op="2024-01-03"),
    goed("veiligheidsbeoordelingen", besluit_op="2024-01-04"),
    fout("diensten", "volgorde", "afgesloten_op", afgesloten_op="2024-01-09"),
    goed("overdrachten", overgedragen_op="2023-01-01"),
    # filled where
    fout("meldingen", "gevuld_precies_waar", "acuut_vermoeden", acuut_vermoeden=""),
    fout("meldingen", "gevuld_precies_waar", "acuut_vermoeden", acuut_beoordeeld_op=""),
    fout("veiligheidsbeoordelingen", "gevuld_precies_waar", "uitkomst", uitkomst=""),
    fout("veiligheidsbeoordelingen", "gevuld_precies_waar", "besluit", besluit=""),
    fout("veiligheidsbeoordelingen", "gevuld_precies_waar", "uitkomst", besluit_op=""),
    fout("diensten", "alleen_waar", "uitkomst_huiselijk_geweld", soort="voorwaarden_vervolg"),
    goed("diensten", uitkomst_huiselijk_geweld=""),
    fout("monitormomenten", "alleen_waar", "directe_veiligheid", directe_veiligheid="ja"),
    goed("monitormomenten", basis=1, directe_veiligheid=""),
    fout("adviesvragen", "leeg_waar", "gemeente_code", basis=1, gemeente_code="GM0363"),
    # parents
    fout("meldingen", "ouder_ontbreekt", "casus_nummer", casus_nummer="NIET"),
    fout("overdrachten", "ouder_ontbreekt", "melding_nummer", melding_nummer="NIET"),
    fout("adviesvraag_vormen", "ouder_ontbreekt", "advies_nummer", advies_nummer="NIET"),
    goed("overdrachten", melding_nummer=""),
    # verwijderd has no place in a whole registration
    fout("casussen", "alleen_waar", "verwijderd", verwijderd="ja"),
    fout("casussen", "type", "verwijderd", verwijderd="nee"),
    goed("casussen", verwijderd=""),
    # implausible
    goed("meldingen", basis=1, ontvangen_op="2024-03-02T00:00:00+01:00", waarschuwing="casus_gesloten"),
    goed("meldingen", basis=1, ontvangen_op="2024-03-01T23:59:00+01:00"),
    goed("melding_aarden", basis=1, aard="munchhausen_by_proxy", waarschuwing="aard_zonder_kindermishandeling"),
    goed("melding_aarden", basis=1, aard="getuige", waarschuwing="aard_zonder_kindermishandeling"),
    goed("melding_aarden", aard="pedagogische_verwaarlozing"),
    goed("melding_aarden", basis=1, aard="seksueel_misbruik"),
    # text is text
    goed("casussen", huishouden_nummer="Ĥ-ß-漢-🙂"),
]  # fmt: skip


@dataclass
class Uitkomst:
    uitslag: Uitslag
    quarantaine: dict[tuple[str, int], tuple[str, str]]
    waarschuwingen: dict[tuple[str, int], str]
    rijen: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def uitkomst(tmp_path_factory: pytest.TempPathFactory) -> Uitkomst:
    """One delivery that holds every case on a row of its own, taken in."""
    magazijn = magazijn_in(tmp_path_factory.mktemp("regels") / "vt")
    magazijn.settings = magazijn.settings.model_copy(update={"bewaar_jaren": 60})  # what was closed in 1990 is past its term otherwise
    aanlevering = Aanlevering(peildatum=PEILDATUM)
    for number, geval in enumerate(GEVALLEN, 1):
        _add(aanlevering, geval, number)
    uitslag = magazijn.een(aanlevering)
    assert uitslag.uitkomst == "opgenomen", uitslag.reden
    quarantaine = {(e, r): (c, v) for e, r, c, v in magazijn.vraag("select entiteit, regel, controle, veld from quarantaine")}
    found = _warnings(magazijn.settings.landing)
    rijen = {e: magazijn.vraag(f"select * from {e}") for e in BASIS}
    return Uitkomst(uitslag, quarantaine, found, rijen)


def _warnings(landing: Path) -> dict[tuple[str, int], str]:
    path = landing / "00000001" / "waarschuwingen.parquet"
    return {
        (e, r): c for e, r, c in duckdb.connect().execute("select entiteit, regel, controle from read_parquet(?)", [str(path)]).fetchall()
    }


def _add(aanlevering: Aanlevering, geval: Geval, number: int) -> None:
    """Add the case as a new row with a key of its own, and with parents of its own where its key is the parent's."""
    entiteit = load_contract().entiteit(geval.entiteit)
    rij = copy.deepcopy(BASIS[geval.entiteit][geval.basis])
    own = f"{geval.entiteit}-{number}"
    sleutel = entiteit.sleutel[0]
    if sleutel.verwijst_naar:
        parent = next(r for r in BASIS[sleutel.verwijst_naar] if r[sleutel.naam] == rij[sleutel.naam]) | {sleutel.naam: own} | geval.ouder
        if sleutel.verwijst_naar == "meldingen":
            parent["casus_nummer"] = _own_case(aanlevering, parent["casus_nummer"], own)
        aanlevering.rijen[sleutel.verwijst_naar].append(parent)
        if geval.entiteit == "melding_aarden" and rij["melding_nummer"] == "M1":
            aanlevering.rijen["melding_vormen"].append({"melding_nummer": own, "vorm": "km_anders"})
    rij[sleutel.naam] = own
    if geval.entiteit == "casussen":
        rij["huishouden_nummer"] = f"H-{own}"
    if geval.entiteit == "meldingen":
        rij["casus_nummer"] = _own_case(aanlevering, rij["casus_nummer"], own)
    rij |= geval.wijziging
    rijen = aanlevering.rijen[geval.entiteit]
    rijen.append(rij)
    # a quoted newline earlier in the file moves the physical line
    geval.regel = 1 + len(rijen) + sum(v.count("\n") for r in rijen[:-1] for v in r.values())


def _own_case(aanlevering: Aanlevering, casus: str, own: str) -> str:
    """A copy of a case for one report, in a household of its own; its number."""
    original = next(r for r in BASIS["casussen"] if r["casus_nummer"] == casus)
    aanlevering.rijen["casussen"].append(original | {"casus_nummer": f"C-{own}", "huishouden_nummer": f"H-{own}"})
    return f"C-{own}"


@pytest.mark.parametrize("geval", GEVALLEN, ids=str)
def test_rule(geval: Geval, uitkomst: Uitkomst) -> None:
    found = uitkomst.quarantaine.get((geval.entiteit, geval.regel))
    if geval.controle:
        assert found == (geval.controle, geval.veld)
        assert (geval.entiteit, geval.regel) not in uitkomst.waarschuwingen
    else:
        assert found is None
        assert uitkomst.waarschuwingen.get((geval.entiteit, geval.regel)) == geval.waarschuwing


def test_nothing_else_is_quarantined_or_warned_of(uitkomst: Uitkomst) -> None:
    assert set(uitkomst.quarantaine) == {(g.entiteit, g.regel) for g in GEVALLEN if g.controle}
    expected = {(g.entiteit, g.regel) for g in GEVALLEN if g.waarschuwing}
    assert {k: v for k, v in uitkomst.waarschuwingen.items() if k not in expected and v != "dubbele_melding"} == {}


def test_the_balance_closes(uitkomst: Uitkomst) -> None:
    for entiteit, telling in uitkomst.uitslag.entiteiten.items():
        assert telling.gelezen == telling.opgenomen + telling.identieke_kopieen + telling.quarantaine
        assert telling.opgenomen == len(uitkomst.rijen[entiteit])
