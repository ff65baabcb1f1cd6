"""Every rule for one row: what goes to quarantine and why, what is a warning, and what is neither."""

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.intake.contract import Entity, Field, load_contract
from orchestration.landing.takein import Outcome
from tests.lib.handmade import BASIS, HandmadeDelivery, Row, eleven_test
from tests.lib.warehouse import warehouse_in

PEILDATUM = "2024-12-31"


@dataclass
class RowCase:
    """One row that is changed, and what must come of it: None where it is taken in."""

    entity: str
    change: Row
    controle: str | None
    field_name: str | None = None
    base: int = 0
    warning: str | None = None
    parent: Row = field(default_factory=dict)
    """Changes to the row that its key names."""
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.entity}-{self.controle or self.warning or 'goed'}-{self.change}"[:90]


def bad(entity: str, controle: str, field: str, base: int = 0, **change: str) -> RowCase:
    return RowCase(entity, change, controle, field, base)


def good(entity: str, base: int = 0, warning: str | None = None, **change: str) -> RowCase:
    return RowCase(entity, change, None, None, base, warning)


def at_noon(field: Field, day: str) -> str:
    return f"{day}T12:00:00+01:00" if field.veldsoort == "moment" else day


def early(entity: Entity, field: Field) -> list[RowCase]:
    return [
        bad(entity.name, "voor_venster", field.name, **{field.name: at_noon(field, day)})
        for day in ("1989-12-31", "1900-01-01", "0202-01-02", "0001-01-01")
    ]


def late(entity: Entity, field: Field) -> list[RowCase]:
    rule, after = ("na_venster", "2035-01-01") if field.mag_na_peildatum else ("na_peildatum", "2025-01-01")
    return [bad(entity.name, rule, field.name, **{field.name: at_noon(field, day)}) for day in (after, "9999-12-31")]


def edges(entity: Entity, field: Field) -> list[RowCase]:
    """The first and the last day of the window; what may not come before or after it lies on the same day."""
    found = []
    for day in ("1990-01-01", PEILDATUM, *(("2025-01-01", "2034-12-31") if field.mag_na_peildatum else ())):
        tied = [v for v in entity.fields if v == field or v.niet_voor == field.name or field.niet_voor == v.name]
        no_area = {v.name: "" for v in entity.fields if v.veldsoort in {"stadsdeel", "buurt"}}  # none of them is that old
        case = good(entity.name, **no_area, **{v.name: at_noon(v, day) for v in tied})
        parent, _, late_field = (field.niet_voor or "").partition(".")
        if late_field:
            case.parent = {late_field: at_noon(load_contract().entity(parent).field(late_field), day)}
            case.parent |= {"acuut_beoordeeld_op": "", "acuut_vermoeden": "", "stadsdeel_code": "", "buurt_code": ""}
        found.append(case)
    return found


EVENTS = [(e, v) for e in load_contract().entities for v in e.fields if v.veldsoort in {"datum", "moment"}]
NUMBER_FIELDS = [(e, v) for e in load_contract().entities for v in e.fields if v.veldsoort == "nummer"]

CASES = [
    # required
    *(
        bad(e.name, "verplicht", v.name, **{v.name: ""})
        for e in load_contract().entities
        for v in e.fields
        if v.required and not (v.veldsoort == "nummer" and v.key_position)
    ),
    bad("casussen", "verplicht", "casus_nummer", casus_nummer=""),
    bad("melding_vormen", "verplicht", "melding_nummer", melding_nummer=""),
    # dates
    *(
        bad("casussen", "type", "geopend_op", geopend_op=text)
        for text in ("2024-02-30", "2024-1-5", "24-01-05", "20240105", " 024-01-05", "2024-01-05 ", "2024-01-05T00:00", "0000-01-01")
    ),
    good("casussen", geopend_op="2024-02-29"),
    good("casussen", geopend_op="1998-01-01"),
    # the window
    *(case for e, v in EVENTS for kind in (early, late, edges) for case in kind(e, v)),
    # the local day counts: the second is 1 January 1990 in Amsterdam
    bad("meldingen", "voor_venster", "ontvangen_op", ontvangen_op="1989-12-31T22:59:59.999999999Z"),
    good("meldingen", base=1, ontvangen_op="1989-12-31T23:00:00Z"),
    good("betrokkenen", geboortedatum="19800000"),
    # numbers that identify
    *(bad(e.name, "geen_nummer", v.name, **{v.name: text}) for e, v in NUMBER_FIELDS for text in (" \t", " null\u00a0")),
    *(bad(e.name, "onzichtbaar_teken", v.name, **{v.name: "A\u200b1"}) for e, v in NUMBER_FIELDS),
    *(
        bad("casussen", "geen_nummer", "huishouden_nummer", huishouden_nummer=text)
        for text in (
            "NULL", "Null", "n/a", "N/A", "#N/B", "#n/b", "0", "-", "?", "onbekend", "ONBEKEND", "nvt", "NVT", "\u2003?\r\n", "\u3000",
        )
    ),
    *(
        bad("casussen", "onzichtbaar_teken", "huishouden_nummer", huishouden_nummer=text)
        for text in (
            "H\t1", "H\u00a01", "H\u00ad1", "H\x7f1", "\ufeffH1", "H1\u200b", "H\u202e1", "H\u034f1", "H\u3164", "\u2800", "H\ufe0f1",
            "H\U000e00411", 'H;"1"\n2',
        )
    ),
    *(good("casussen", huishouden_nummer=text) for text in ("00", "--", "n.v.t.", "N/A 1", "H 1", " H1", "H1\u00a0", "\tH1\t", 'H;"1"')),
    # moments
    *(
        bad("meldingen", "type", "ontvangen_op", ontvangen_op=text)
        for text in (
            "2024-01-04", "2024-01-04T10:00:00", "2024-01-04 10:00:00+01:00", "2024-01-04T25:00:00+01:00", "2024-01-04T24:00:00+01:00",
            "2024-02-30T10:00:00+01:00", "2024-01-04T10:61:00+01:00", "2024-01-04T10:00:00+1:00", "2024-01-04T10:00:00 Europe/Amsterdam",
        )
    ),
    *(
        good("meldingen", ontvangen_op=text)
        for text in ("2024-01-04T09:00:00Z", "2024-01-04T10:00+01:00", "2024-01-04T10:00:00.5+01:00", "2024-01-04T10:00:00,25+01:00")
    ),
    # the local day counts: this is 1 January 2025 in Amsterdam
    bad("meldingen", "na_peildatum", "ontvangen_op", base=1, ontvangen_op="2024-12-31T23:30:00+00:00"),
    good("meldingen", base=1, ontvangen_op="2024-12-31T23:59:59+01:00", warning="casus_gesloten"),
    bad("casussen", "na_peildatum", "geopend_op", geopend_op="2025-01-01"),
    bad("monitormomenten", "na_peildatum", "uitgevoerd_op", base=1, uitgevoerd_op="2025-01-01"),
    bad("betrokkenen", "na_peildatum", "geboortedatum", geboortedatum="20250101"),
    bad("betrokkenen", "na_peildatum", "geboortedatum", geboortedatum="20250000"),
    good("betrokkenen", geboortedatum="20241231"),
    good("betrokkenen", geboortedatum="20241200"),
    # booleans, whole numbers, codes
    *(bad("meldingen", "type", "huishouden_met_kinderen", huishouden_met_kinderen=text) for text in ("Ja", "true", "1", "ja ")),
    *(bad("meldingen", "type", "eerdere_incidenten", eerdere_incidenten=text) for text in ("1.0", "1e2", " 1", "99999999999", "+1")),
    bad("meldingen", "minimum", "eerdere_incidenten", eerdere_incidenten="-1"),
    good("meldingen", eerdere_incidenten="0"),
    bad("betrokkenen", "minimum", "volgnummer", volgnummer="0"),
    *(
        bad(e.name, "codelijst", v.name, **{v.name: "BUURMAN"})
        for e in load_contract().entities
        for v in e.fields
        if v.veldsoort == "code" and v.gevuld_precies_waar is None and v.alleen_waar is None
    ),
    bad("meldingen", "codelijst", "hoedanigheid", hoedanigheid="Politie"),
    bad("meldingen", "codelijst", "urgentie", urgentie="5"),
    bad("veiligheidsbeoordelingen", "codelijst", "uitkomst", uitkomst="onbekend"),
    bad("diensten", "codelijst", "uitkomst_huiselijk_geweld", uitkomst_huiselijk_geweld="ja"),
    # areas
    *(bad("meldingen", "type", "gemeente_code", gemeente_code=text) for text in ("0363", "GM363", "GM03633", "gm0363", "Amsterdam")),
    good("meldingen", gemeente_code="GM9999", stadsdeel_code="", buurt_code=""),
    good("meldingen", gemeente_code="", stadsdeel_code="", buurt_code=""),
    bad("meldingen", "codelijst", "stadsdeel_code", stadsdeel_code="Z"),
    bad("meldingen", "codelijst", "buurt_code", buurt_code="ZZ99"),
    good("meldingen", stadsdeel_code="", buurt_code=""),
    # a code of either division, whatever the day
    good("meldingen", buurt_code="A00a"),
    good("meldingen", buurt_code="TM04"),
    good("meldingen", gemeente_code="GM0384", stadsdeel_code="Z", buurt_code="", warning="stadsdeel_andere_gemeente"),
    good("meldingen", gemeente_code="", stadsdeel_code="A", buurt_code="", warning="stadsdeel_andere_gemeente"),
    good("meldingen", gemeente_code="GM0384", stadsdeel_code="", buurt_code="onzin", warning="buurt_andere_gemeente"),
    good("meldingen", stadsdeel_code="S", ontvangen_op="2022-03-23T23:59:00+01:00", warning="stadsdeel_voor_ingang"),
    good("meldingen", stadsdeel_code="S", ontvangen_op="2022-03-24T00:00:00+01:00"),
    # BSN and birth date
    *(bad("betrokkenen", "type", "bsn", bsn=text) for text in ("12345678", "1234567890", "99999001a", " 999990019")),
    bad("betrokkenen", "elfproef", "bsn", bsn="999990018"),
    bad("betrokkenen", "elfproef", "bsn", bsn="123456789"),
    *(good("betrokkenen", bsn=eleven_test(n)) for n in (1, 77, 123_456, 999_990)),
    good("betrokkenen", bsn="000000000"),
    good("betrokkenen", bsn="999999999"),
    *(
        bad("betrokkenen", "type", "geboortedatum", geboortedatum=text)
        for text in ("1985-03-12", "19851301", "19850230", "1985", "00000000", "19850012", "1985030", "abcdefgh", "12031985")
    ),
    *(good("betrokkenen", geboortedatum=text) for text in ("19850300", "19850000", "20000229", "99999999")),
    good("betrokkenen", geboortedatum="19041231", warning="geboortejaar"),
    good("betrokkenen", geboortedatum="19050000"),
    # dates in order
    bad("adviesvragen", "volgorde", "afgesloten_op", afgesloten_op="2024-01-01"),
    good("adviesvragen", afgesloten_op="2024-01-02"),
    bad("casussen", "volgorde", "afgesloten_op", base=1, afgesloten_op="2024-01-04"),
    bad("meldingen", "volgorde", "acuut_beoordeeld_op", acuut_beoordeeld_op="2024-01-04T09:59:59+01:00"),
    good("meldingen", acuut_beoordeeld_op="2024-01-04T09:00:00Z"),
    bad("veiligheidsbeoordelingen", "volgorde", "besluit_op", besluit_op="2024-01-03"),
    good("veiligheidsbeoordelingen", besluit_op="2024-01-04"),
    bad("diensten", "volgorde", "afgesloten_op", afgesloten_op="2024-01-09"),
    good("overdrachten", overgedragen_op="2023-01-01"),
    # filled where
    bad("meldingen", "gevuld_precies_waar", "acuut_vermoeden", acuut_vermoeden=""),
    bad("meldingen", "gevuld_precies_waar", "acuut_vermoeden", acuut_beoordeeld_op=""),
    bad("veiligheidsbeoordelingen", "gevuld_precies_waar", "uitkomst", uitkomst=""),
    bad("veiligheidsbeoordelingen", "gevuld_precies_waar", "besluit", besluit=""),
    bad("veiligheidsbeoordelingen", "gevuld_precies_waar", "uitkomst", besluit_op=""),
    bad("diensten", "alleen_waar", "uitkomst_huiselijk_geweld", soort="voorwaarden_vervolg"),
    good("diensten", uitkomst_huiselijk_geweld=""),
    bad("monitormomenten", "alleen_waar", "directe_veiligheid", directe_veiligheid="ja"),
    good("monitormomenten", base=1, directe_veiligheid=""),
    bad("adviesvragen", "leeg_waar", "gemeente_code", base=1, gemeente_code="GM0363"),
    # parents
    bad("meldingen", "ouder_ontbreekt", "casus_nummer", casus_nummer="NIET"),
    bad("overdrachten", "ouder_ontbreekt", "melding_nummer", melding_nummer="NIET"),
    bad("adviesvraag_vormen", "ouder_ontbreekt", "advies_nummer", advies_nummer="NIET"),
    good("overdrachten", melding_nummer=""),
    # verwijderd has no place in a whole registration
    bad("casussen", "alleen_waar", "verwijderd", verwijderd="ja"),
    bad("casussen", "type", "verwijderd", verwijderd="nee"),
    good("casussen", verwijderd=""),
    # implausible
    good("meldingen", base=1, ontvangen_op="2024-03-02T00:00:00+01:00", warning="casus_gesloten"),
    good("meldingen", base=1, ontvangen_op="2024-03-01T23:59:00+01:00"),
    good("melding_aarden", base=1, aard="munchhausen_by_proxy", warning="aard_zonder_kindermishandeling"),
    good("melding_aarden", base=1, aard="getuige", warning="aard_zonder_kindermishandeling"),
    good("melding_aarden", aard="pedagogische_verwaarlozing"),
    good("melding_aarden", base=1, aard="seksueel_misbruik"),
    # months, numbers with decimals, texts
    *(
        bad("capaciteit", "type", "maand", maand=text)
        for text in ("2024", "2024-1", "2024-13", "2024-00", "202401", "2024-01-01", "01-2024", " 2024-01", "2024-01 ", "jan 2024")
    ),
    *(bad("capaciteit", "na_peildatum", "maand", maand=text) for text in ("2025-01", "9999-12")),
    *(bad("capaciteit", "voor_venster", "maand", maand=text) for text in ("1989-12", "0001-01")),
    *(good("capaciteit", maand=text) for text in ("2024-12", "1990-01")),
    *(
        bad("capaciteit", "type", field, **{field: text})
        for field in ("formatie_fte", "bezetting_fte", "verzuim_procent")
        for text in (
            "1.234,5", "1,234.5", "1 234,5", "12,", ",5", ".5", "12.", "12,5%", "+5", "1e1", "5,1234567", "1234567890", "12..5", "12,5,0",
            "tien", " 5", "5 ", "٣", "NaN", "-",
        )
    ),
    *(bad("capaciteit", "minimum", field, **{field: "-0,5"}) for field in ("formatie_fte", "bezetting_fte", "verzuim_procent")),
    *(bad("capaciteit", "maximum", "verzuim_procent", verzuim_procent=text) for text in ("100,000001", "101", "999")),
    *(good("capaciteit", verzuim_procent=text) for text in ("", "0", "100", "100.0", "8,25", "007", "8.123456")),
    good("capaciteit", formatie_fte="1.234", team="Overig (1)", warning="klein_team"),  # a point is before decimals, whatever was meant
    good("capaciteit", formatie_fte="2,99", warning="klein_team"),
    good("capaciteit", formatie_fte="0", team="OVERIG"),
    good("capaciteit", formatie_fte="123456789,123456"),
    *(bad("capaciteit", "type", "team", team=text) for text in (" ", "\u00a0", "Spoed\tteam", "Spoed\u200bteam", "x" * 41)),
    *(good("capaciteit", team=text) for text in ("x" * 40, " " + "y" * 40 + "\u00a0", "Advies & Ondersteuning", "é")),
    # text is text
    good("casussen", huishouden_nummer="Ĥ-ß-漢-🙂"),
]  # fmt: skip


@dataclass
class Judged:
    outcome: Outcome
    quarantined: dict[tuple[str, int], tuple[str, str]]
    warnings: dict[tuple[str, int], str]
    rows: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def uitkomst(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """One delivery that holds every case on a row of its own, taken in."""
    warehouse = warehouse_in(tmp_path_factory.mktemp("regels") / "vt")
    warehouse.settings = warehouse.settings.model_copy(update={"bewaar_jaren": 60})  # what was closed in 1990 is past its term otherwise
    delivery = HandmadeDelivery(peildatum=PEILDATUM)
    for number, case in enumerate(CASES, 1):
        _add(delivery, case, number)
    outcome = warehouse.take_in_one(delivery)
    assert outcome.uitkomst == "opgenomen", outcome.reden
    quarantaine = {(e, r): (c, v) for e, r, c, v in warehouse.query("select entiteit, regel, controle, veld from quarantaine")}
    found = _warnings(warehouse.settings.landing)
    rows = {e: warehouse.query(f"select * from {e}") for e in BASIS}
    return Judged(outcome, quarantaine, found, rows)


def _warnings(landing: Path) -> dict[tuple[str, int], str]:
    path = landing / "00000001" / "waarschuwingen.parquet"
    return {
        (e, r): c for e, r, c in duckdb.connect().execute("select entiteit, regel, controle from read_parquet(?)", [str(path)]).fetchall()
    }


def _add(delivery: HandmadeDelivery, case: RowCase, number: int) -> None:
    """Add the case as a new row with a key of its own, and with parents of its own where its key is the parent's."""
    entity = load_contract().entity(case.entity)
    row = copy.deepcopy(BASIS[case.entity][case.base])
    own = f"{case.entity}-{number}"
    key = entity.primary_key[0]
    if key.verwijst_naar:
        parent = next(r for r in BASIS[key.verwijst_naar] if r[key.name] == row[key.name]) | {key.name: own} | case.parent
        if key.verwijst_naar == "meldingen":
            parent["casus_nummer"] = _own_case(delivery, parent["casus_nummer"], own)
        delivery.rows[key.verwijst_naar].append(parent)
        if case.entity == "melding_aarden" and row["melding_nummer"] == "M1":
            delivery.rows["melding_vormen"].append({"melding_nummer": own, "vorm": "km_anders"})
    row["team" if case.entity == "capaciteit" else key.name] = own
    if case.entity == "casussen":
        row["huishouden_nummer"] = f"H-{own}"
    if case.entity == "meldingen":
        row["casus_nummer"] = _own_case(delivery, row["casus_nummer"], own)
    row |= case.change
    rows = delivery.rows[case.entity]
    rows.append(row)
    # a quoted newline earlier in the file moves the physical line
    case.line = 1 + len(rows) + sum(v.count("\n") for r in rows[:-1] for v in r.values())


def _own_case(delivery: HandmadeDelivery, casus: str, own: str) -> str:
    """A copy of a case for one report, in a household of its own; its number."""
    original = next(r for r in BASIS["casussen"] if r["casus_nummer"] == casus)
    delivery.rows["casussen"].append(original | {"casus_nummer": f"C-{own}", "huishouden_nummer": f"H-{own}"})
    return f"C-{own}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case: RowCase, uitkomst: Judged) -> None:
    found = uitkomst.quarantined.get((case.entity, case.line))
    if case.controle:
        assert found == (case.controle, case.field_name)
        assert (case.entity, case.line) not in uitkomst.warnings
    else:
        assert found is None
        assert uitkomst.warnings.get((case.entity, case.line)) == case.warning


def test_nothing_else_is_quarantined_or_warned_of(uitkomst: Judged) -> None:
    assert set(uitkomst.quarantined) == {(g.entity, g.line) for g in CASES if g.controle}
    expected = {(g.entity, g.line) for g in CASES if g.warning}
    assert {k: v for k, v in uitkomst.warnings.items() if k not in expected and v != "dubbele_melding"} == {}


def test_the_balance_closes(uitkomst: Judged) -> None:
    for entity, count in uitkomst.outcome.entiteiten.items():
        assert count.gelezen == count.opgenomen + count.identieke_kopieen + count.quarantaine
        assert count.opgenomen == len(uitkomst.rows[entity])
