"""A registration of odd rows that the delivery contract allows: none may hold the night or get lost, and each is in its figure.

Worked out on paper, as in ``gouden``. Each odd row stands in an area and a period of its own, so that it can be seen there. Its second
delivery corrects receipts past the decision, which is not delivered again and stands.
"""

from orchestration.intake.contract import load_contract
from tests.lib.golden import NONE, ExpectedFigure, ExpectedValue, at, complete, part, percent, table
from tests.lib.handmade import HandmadeDelivery, Row

CODES = load_contract("1.0").code_lists
FIRST_DAY, PEILDATUM = "1990-01-01", "2024-12-31"
"""The ends of the window that dates of events lie in."""


def each_of(code_list: str) -> list[tuple[int, str]]:
    """The codes of a list, numbered from 1."""
    return list(enumerate(CODES[code_list], start=1))


# --- reports ---------------------------------------------------------------------------------------------------------------------------
#
# R1 the first moment there is · R2 the last second of the peildatum · R3, R4 gemeenten that nobody has · R5, R6 Weesp on the day before and
# the day itself · R7 a neighbourhood of 2015 in 2024 · R8 one of 2022 in 2018 · R9 stadsdeel Weesp the day before there was one · R10
# Westpoort · R11 a neighbourhood of another stadsdeel · R12 codes that mean nothing outside Amsterdam · R13 a neighbourhood without a
# stadsdeel · R14 in the hour that the clock skips: 02:30 winter time is 03:30, judged at 04:30 summer time, 60 minutes later · R15, R16 in
# the hour that comes twice: 02:30 to 02:30, 60 minutes (in time); 02:10 to 03:20, 130 (late) · R17 the largest number of incidents, and odd
# persons · R18 after its casus was closed · R19 an empty VB · R20 no VB, and a dienst · R21 a dienst that ended before the decision · R22
# every vorm and aard.
MELDINGEN = """
    melding_nummer casus_nummer ontvangen_op hoedanigheid huishouden_met_kinderen gemeente_code stadsdeel_code buurt_code \
        urgentie eerdere_incidenten acuut_beoordeeld_op acuut_vermoeden
    R1 C1 1990-01-01T00:00:00+01:00 politie ja GM0358 - - 1 - - -
    R2 C2 2024-12-31T23:59:59+01:00 politie ja GM0451 - - 2 - - -
    R3 C3 2024-01-10T12:00:00+01:00 politie ja GM9999 - - 3 - - -
    R4 C4 2024-01-11T12:00:00+01:00 politie ja GM0000 - - 3 - - -
    R5 C5 2022-03-23T23:59:59+01:00 politie ja GM0457 - - 3 - - -
    R6 C6 2022-03-24T00:00:00+01:00 politie ja GM0457 - - 3 - - -
    R7 C7 2024-02-01T12:00:00+01:00 politie ja GM0363 K K23a 3 - - -
    R8 C8 2018-05-01T12:00:00+02:00 politie ja GM0363 T TA01 3 - - -
    R9 C9 2022-03-23T12:00:00+01:00 politie ja GM0363 S - 3 - - -
    R10 C10 2024-02-02T12:00:00+01:00 politie ja GM0363 B - 3 - - -
    R11 C11 2024-02-03T12:00:00+01:00 politie ja GM0363 N AA01 3 - - -
    R12 C12 2024-02-04T12:00:00+01:00 politie ja GM0362 Westwijk K23a 3 - - -
    R13 C13 2024-02-05T12:00:00+01:00 politie ja GM0363 - TA02 3 - - -
    R14 C14 2024-03-31T02:30:00+01:00 politie ja GM0384 - - 1 - 2024-03-31T04:30:00+02:00 ja
    R15 C15 2024-10-27T02:30:00+02:00 politie ja GM0384 - - 1 - 2024-10-27T02:30:00+01:00 nee
    R16 C16 2024-10-27T02:10:00+02:00 politie ja GM0384 - - 1 - 2024-10-27T03:20:00+01:00 ja
    R17 C17 2024-04-02T12:00:00+02:00 politie ja GM0437 - - 4 2147483647 - -
    R18 C18 2024-07-01T12:00:00+02:00 politie ja GM0358 - - 3 - - -
    R19 C19 2024-06-03T12:00:00+02:00 politie ja GM0358 - - 3 - - -
    R20 C20 2024-06-04T12:00:00+02:00 politie ja GM0358 - - 3 - - -
    R21 C21 2024-05-01T12:00:00+02:00 politie ja GM0358 - - 3 - - -
    R22 C22 2023-05-01T12:00:00+02:00 politie ja GM0363 E - 3 - - -
    K1 CK1 2024-09-02T12:00:00+02:00 politie ja GM0363 F FA01 3 - - -
    K2 CK2 2024-05-29T12:00:00+02:00 politie ja GM0363 M - 3 - - -
    K3 CK3 2023-12-28T12:00:00+01:00 politie ja GM0363 T TA01 3 - - -
    K4 CK4 2022-02-10T12:00:00+01:00 politie ja GM0457 - - 3 - - -
    K5 CK5 2022-11-30T12:00:00+01:00 politie ja GM0437 - - 3 - - -
    K6 CK6 1990-01-02T12:00:00+01:00 politie ja GM0437 - - 3 - - -
"""

# One report of every hoedanigheid (stadsdeel West, 2023-06), and of every urgentie, each with a betrokkene of every geslacht (2023-07).
ROWS_OF_CODES: list[Row] = [
    {"melding_nummer": f"H{i}", "casus_nummer": "C22", "ontvangen_op": f"2023-06-{i:02d}T12:00:00+02:00", "hoedanigheid": code,
     "huishouden_met_kinderen": "nee", "gemeente_code": "GM0363", "stadsdeel_code": "E", "urgentie": "4"}
    for i, code in each_of("melder")
] + [
    {"melding_nummer": f"U{i}", "casus_nummer": "C22", "ontvangen_op": f"2023-07-{i:02d}T12:00:00+02:00", "hoedanigheid": "onbekend",
     "huishouden_met_kinderen": "nee", "gemeente_code": "GM0363", "stadsdeel_code": "E", "urgentie": code}
    for i, code in each_of("urgentie")
]  # fmt: skip

# Corrected in the second delivery, and decided before their new receipt:
#   K1  within a month: decided 4 September 2024, received the 10th
#   K2  over a month's end: decided 30 May 2024, received 3 June
#   K3  over a year's end: decided 29 December 2023, received 2 January 2024
#   K4  into another area, which was not there yet: of Weesp, decided 15 February 2022, becomes one of Amsterdam, received 1 April
#   K5  into another gemeente over a year's end: from Ouder-Amstel, decided 1 December 2022, to Uithoorn, received 4 January 2023
#   K6  over thirty years: decided 3 January 1990, received 5 February 2024
CORRECTED = HandmadeDelivery(2, "mutaties", PEILDATUM, {
    "meldingen": table("""
        melding_nummer casus_nummer ontvangen_op hoedanigheid huishouden_met_kinderen gemeente_code stadsdeel_code buurt_code urgentie
        K1 CK1 2024-09-10T12:00:00+02:00 politie ja GM0363 F FA01 3
        K2 CK2 2024-06-03T12:00:00+02:00 politie ja GM0363 M - 3
        K3 CK3 2024-01-02T12:00:00+01:00 politie ja GM0363 T TA01 3
        K4 CK4 2022-04-01T12:00:00+02:00 politie ja GM0457 - - 3
        K5 CK5 2023-01-04T12:00:00+01:00 politie ja GM0451 - - 3
        K6 CK6 2024-02-05T12:00:00+01:00 politie ja GM0437 - - 3
    """),
})  # fmt: skip

OVERDRACHTEN: list[Row] = [
    {"overdracht_nummer": f"O{i}", "casus_nummer": "C22", "moment": CODES["overdracht_moment"][i % 3], "overgedragen_op": "2024-08-01",
     "ontvanger": code, "ontvanger_betrokken": ("ja", "nee", "")[i % 3]}
    for i, code in each_of("ontvanger")
] + [
    # long before its casus was opened; on the peildatum; to the buurtteam before it was there
    {"overdracht_nummer": "OA", "casus_nummer": "C22", "moment": "onderzoek", "overgedragen_op": FIRST_DAY, "ontvanger": "JBRA"},
    {"overdracht_nummer": "OB", "casus_nummer": "C22", "melding_nummer": "U4", "moment": "onderzoek", "overgedragen_op": PEILDATUM,
     "ontvanger": "JBRA"},
    {"overdracht_nummer": "OC", "casus_nummer": "C22", "moment": "onderzoek", "overgedragen_op": "2018-01-01", "ontvanger": "BUURTTEAM"},
]  # fmt: skip

ADVIESVRAGEN: list[Row] = [
    {"advies_nummer": f"A{i}", "gestart_op": f"2023-08-{i:02d}", "kanaal": CODES["kanaal"][i % 4], "hoedanigheid": code, "anoniem": "nee",
     "gemeente_code": "GM0384"}
    for i, code in each_of("melder")
] + [
    {"advies_nummer": "AA", "gestart_op": FIRST_DAY, "kanaal": "mail", "hoedanigheid": "onbekend",
     "anoniem": "nee", "gemeente_code": "GM0362"},
    {"advies_nummer": "AB", "gestart_op": PEILDATUM, "afgesloten_op": PEILDATUM, "kanaal": "mail", "hoedanigheid": "onbekend",
     "anoniem": "ja"},
    {"advies_nummer": "AC", "gestart_op": "2024-11-01", "kanaal": "mail", "hoedanigheid": "onbekend", "anoniem": "nee",
     "gemeente_code": "GM9999"},
]  # fmt: skip

# One VB of every outcome and of every decision, on the reports of the first five reporters.
BEOORDELINGEN: list[Row] = [
    {
        "melding_nummer": f"H{i}",
        "gestart_op": PEILDATUM,
        "besluit_op": "2023-06-30",
        "uitkomst": code,
        "besluit": CODES["vb_besluit"][i - 1],
    }
    for i, code in each_of("vb_uitkomst")
]

# One onderzoek of every outcome and of every reason to break off, on a report without a VB; of 2023-09.
DIENSTEN: list[Row] = [
    {"dienst_nummer": f"DU{i}", "melding_nummer": "R22", "soort": "onderzoek", "gestart_op": "2023-09-01", "afgesloten_op": "2023-09-01",
     "uitkomst_huiselijk_geweld": code, "uitkomst_kindermishandeling": code}
    for i, code in each_of("onderzoek_uitkomst")
] + [
    {"dienst_nummer": f"DV{i}", "melding_nummer": "R22", "soort": "voorwaarden_vervolg", "gestart_op": "2023-09-02",
     "afgesloten_op": "2023-09-03", "voortijdig": code}
    for i, code in each_of("voortijdig")
]  # fmt: skip


def registration() -> HandmadeDelivery:
    """The first delivery."""
    levering = complete(
        PEILDATUM,
        meldingen=MELDINGEN,
        # C18 was closed the day before its report; C23 and C24 have none, C24 was closed on the peildatum. What was closed over
        # fifteen years ago would be destroyed.
        casussen="""
            casus_nummer huishouden_nummer geopend_op afgesloten_op
            C1 H1 1990-01-01 -
            C18 H18 2024-01-01 2024-06-30
            C22 H22 2024-12-31 -
            C23 H23 2016-02-29 2016-02-29
            C24 H24 2024-12-31 2024-12-31
        """,
        betrokkenen="""
            melding_nummer volgnummer bsn geboortedatum geslacht
            R17 1 000000000 18740402 V
            R17 2 000000000 00010101 M
            R17 3 000000000 20241231 O
            R17 4 999999999 99999999 O
            R17 2147483647 000000000 19900100 V
            U1 1 000000000 20230701 V
            U1 2 000000000 20230701 M
            U1 3 000000000 20241231 O
        """,
        veiligheidsbeoordelingen="""
            melding_nummer gestart_op besluit_op uitkomst besluit
            R19 - - - -
            R21 2024-05-10 2024-05-10 eenmalig voorwaarden_vervolg
            K1 - 2024-09-04 acuut overdracht
            K2 - 2024-05-30 acuut overdracht
            K3 - 2023-12-29 acuut overdracht
            K4 - 2022-02-15 acuut overdracht
            K5 - 2022-12-01 acuut overdracht
            K6 - 1990-01-03 acuut overdracht
        """,
        diensten="""
            dienst_nummer melding_nummer soort gestart_op afgesloten_op
            D1 R20 onderzoek 2024-06-05 2024-12-31
            D2 R21 voorwaarden_vervolg 2024-05-02 2024-05-03
            D3 R1 onderzoek 1990-01-01 -
            D4 R2 onderzoek 2024-12-31 2024-12-31
        """,
        veiligheidscontacten="""
            contact_nummer melding_nummer contact_op met urgentie_nieuw
            V1 R1 1990-01-01 melder 1
            V2 R1 2024-12-31 directbetrokkene -
            V3 R18 2024-12-18 ketenpartner 4
        """,
        monitormomenten="""
            moment_nummer casus_nummer gepland_op uitgevoerd_op directe_veiligheid structurele_veiligheid nieuw_geweld
            P1 C22 2034-12-31 - - - -
            P2 C22 2034-12-31 1990-01-01 ja nee -
            P3 C22 1990-01-01 2024-12-31 - ja nee
        """,
        huisverboden="""
            huisverbod_nummer casus_nummer opgelegd_op aanvrager
            X1 C22 1990-01-01 politie
            X2 C22 2024-12-31 veilig_thuis
            X3 C22 2024-12-31 hulpverlening
        """,
    )
    own = {str(m["casus_nummer"]) for m in levering.rows["meldingen"]} - {"C1", "C18", "C22"}
    levering.rows["casussen"] += [{"casus_nummer": c, "huishouden_nummer": f"H{c}", "geopend_op": PEILDATUM} for c in sorted(own)]
    levering.rows["meldingen"] += ROWS_OF_CODES
    levering.rows["melding_vormen"] = [{"melding_nummer": "R22", "vorm": code} for code in CODES["vorm"]]
    levering.rows["melding_aarden"] = [{"melding_nummer": "R22", "aard": code} for code in CODES["aard"]]
    levering.rows["adviesvragen"] = ADVIESVRAGEN
    levering.rows["adviesvraag_vormen"] = [{"advies_nummer": "AC", "vorm": code} for code in CODES["vorm"]]
    levering.rows["veiligheidsbeoordelingen"] += BEOORDELINGEN
    levering.rows["diensten"] += DIENSTEN
    levering.rows["overdrachten"] = OVERDRACHTEN
    return levering


def of_each(indicator: str, soort: str, code_list: str, but: tuple[str, ...] = ()) -> "dict[str, ExpectedValue | float | int | None]":
    """One of every code of the list."""
    return {f"{indicator} {soort}={code}": 1 for code in CODES[code_list] if code not in but}


EXPECTED: list[ExpectedFigure] = [
    # the first day of the window: with it the periods begin
    *at("1990-01", "GM0358", {
        "meldingen": 1,  # R1
        "diensten_gestart": 1,  # D3
        "vb_open": 1,  # R1; a month has the figure of its end
        "vb_open wachttijd=21-60": 1,  # 2-5, 8-12, 15-19, 22-26, 29-31 January 1990: 22 days
        "vb_open_zonder_zicht": 1,  # V1 is more than 14 days back
        "diensten_open": 1,
    }),
    *at("1990-01", "GM0362", {"adviesvragen": 1, "meldingen": 0}),  # AA
    *at("1990-01", "BUITEN", {
        "overdrachten": 1,  # OA: its casus has no report yet
        "huisverboden": 1,  # X1
        "aandeel_directe_veiligheid": percent(1, 1),  # P2
        "aandeel_structureel_veilig": percent(0, 1),
    }),
    *at("1990-02", "REGIO", {"meldingen": 0, "vb_open": 1}),
    *at("1989-12", "REGIO", {"meldingen": NONE}),
    # the peildatum
    *at("2024-12", "GM0451", {
        "meldingen": 1,  # R2
        "vb_open": 1,
        "vb_open wachttijd=0-5": 1,
        "vb_open_over_termijn": 0,
        "diensten_gestart": 1,  # D4
        "diensten_afgesloten": 1,
        "diensten_open": 0,
        "dienst_doorlooptijd_gemiddeld": part(0, 0),  # R2 has no VB
    }),
    *at("2024-12", "BUITEN", {
        "adviesvragen": 1,  # AB
        "casussen_uitgestroomd": 1,  # C24: no report
    }),
    *at("2024-12", "E", {
        "overdrachten": 1,  # OB: names U4
        "huisverboden": 2,  # X2, X3
        "aandeel_structureel_veilig": percent(1, 1),  # P3
    }),
    *at("2024-06", "BUITEN", {"casussen_uitgestroomd": 1, "aandeel_zonder_hermelding_2jaar": percent(0, 0)}),  # C18: its report came later
    *at("2016-02", "BUITEN", {"casussen_uitgestroomd": 1, "aandeel_zonder_hermelding_2jaar": percent(1, 1)}),  # C23
    *at("2025-01", "REGIO", {"meldingen": NONE}),
    *at("2034-12", "REGIO", {"meldingen": NONE}),  # P1 opens no period
    # areas
    *at("2024-01", "BUITEN", {"meldingen": 2}),  # R3, R4
    *at("2024-11", "BUITEN", {"adviesvragen": 1, **of_each("adviesvragen", "vorm", "vorm")}),  # AC
    *at("2022-03", "BUITEN", {"meldingen": 1}),  # R5
    *at("2022-03", "S", {"meldingen": 1}),  # R6
    *at("2022-03", "A", {"meldingen": 1}),  # R9
    *at("2024-02", "K", {"meldingen": 1}),  # R7
    *at("2024-02", "K23a", {"meldingen": 1}),  # R7; not R12
    *at("2018-05", "T", {"meldingen": 1}),  # R8
    *at("2018-05", "TA01", {"meldingen": 1}),
    *at("2024-02", "B", {"meldingen": 1}),  # R10
    *at("2024-02", "N", {"meldingen": 1}),  # R11
    *at("2024-02", "AA01", {"meldingen": 1}),
    *at("2024-02", "GM0362", {"meldingen": 1}),  # R12
    *at("2024-02", "A", {"meldingen": 1}),  # R13
    *at("2024-02", "T", {"meldingen": 0}),
    *at("2024-02", "GM0363", {"meldingen": 4}),  # R7, R10, R11, R13
    # the clock
    *at("2024-03", "GM0384", {"meldingen": 1, "aandeel_acuut_binnen_2_uur": percent(1, 1)}),  # R14
    *at("2024-10", "GM0384", {"meldingen": 2, "aandeel_acuut_binnen_2_uur": percent(1, 2)}),  # R15; not R16
    # persons, incidents
    *at("2024-04", "GM0437", {
        "eerdere_incidenten_gemiddeld": part(2147483647, 1),  # R17
        "meldingen vorm_groep=nog_niet_geregistreerd": 1,
        "betrokkenen": 5,
        "betrokkenen leeftijd=65+": 2,  # 150 years, and 2023
        "betrokkenen leeftijd=0-3": 1,  # born later in that year: 2024 - 2024 = 0
        "betrokkenen leeftijd=ongeboren": 1,
        "betrokkenen leeftijd=23-64": 1,
    }),
    # a report of a closed casus, empty and missing VBs, diensten
    *at("2024-07", "GM0358", {"meldingen": 1, "meldingen betrokkenheid=eerste_melding": 1}),  # R18
    *at("2024-06", "GM0358", {"meldingen": 2, "diensten_gestart": 1, "diensten_open": 2, "vb_open": 3}),  # R19, R20; D1, D3; and R1
    *at("2024-12", "GM0358", {
        "vb_open": 4,  # R1, R18, R19, R20
        "vb_open_zonder_zicht": 2,  # R1 was seen on the day itself, R18 on the first of the 14 days
        "diensten_afgesloten": 1,  # D1
        "diensten_open": 1,  # D3
        "diensten_open_over_termijn": 0,  # without a decision it has no term
        "onderzoeken_uitkomst": 1,
        "onderzoeken_uitkomst uitkomst_huiselijk_geweld=bevestigd": 0,
    }),
    *at("2024-05", "GM0358", {
        "diensten_afgesloten": 1,  # D2, a week before the decision of 10 May
        "dienst_doorlooptijd_gemiddeld": part(-1, 1),
        "dienst_doorlooptijd_mediaan": -1,
        "aandeel_diensten_binnen_termijn": percent(1, 1),
        "vb_afgerond": 1,  # R21: 2, 3, 6, 7, 8, [9 Ascension], 10 May = 6
        "vb_doorlooptijd_mediaan": 6,
    }),
    # every code
    *at("2023-05", "E", {"meldingen": 1, **of_each("meldingen", "vorm", "vorm"), **of_each("meldingen", "aard", "aard")}),  # R22
    *at("2023-06", "E", {
        "meldingen": 28,
        **of_each("meldingen", "melder", "melder"),
        "vb_afgerond": 5,
        **of_each("vb_afgerond", "vb_uitkomst", "vb_uitkomst"),
        **of_each("vb_afgerond", "vb_besluit", "vb_besluit"),
    }),
    *at("2023-07", "E", {
        "meldingen": 4,
        **of_each("meldingen", "urgentie", "urgentie"),
        **of_each("betrokkenen", "geslacht", "geslacht"),
        "betrokkenen leeftijd=0-3": 2,
        "betrokkenen leeftijd=ongeboren": 1,  # born in a later year
    }),
    *at("2023-08", "GM0384", {"adviesvragen": 28, **of_each("adviesvragen", "melder", "melder"), "adviesvragen kanaal=chat": 7}),
    *at("2023-09", "E", {
        "diensten_afgesloten": 6,
        "onderzoeken_uitkomst": 3,
        **of_each("onderzoeken_uitkomst", "uitkomst_huiselijk_geweld", "onderzoek_uitkomst"),
        **of_each("onderzoeken_uitkomst", "uitkomst_kindermishandeling", "onderzoek_uitkomst"),
    }),
    *at("2024-08", "E", {
        "overdrachten": 27,
        **of_each("overdrachten", "ontvanger", "ontvanger", but=("CLIENTSYSTEEM", "GEEN_VERVOLG")),  # SAMENDOEN too
        "overdrachten_en_afsluitingen": 29,
        "overdrachten_en_afsluitingen uitstroom_soort=clientsysteem": 1,
        "overdrachten_en_afsluitingen uitstroom_soort=geen_vervolg": 1,
    }),
    *at("2018-01", "BUITEN", {"overdrachten ontvanger=BUURTTEAM": 1}),  # OC
    *at("2024-12", "E", {"huisverboden aanvrager=veilig_thuis": 1, "huisverboden aanvrager=hulpverlening": 1}),
    # receipts corrected past the decision: K1 within a month
    *at("2024-08", "F", {"vb_open": 0, "meldingen": 0}),
    *at("2024-09", "F", {
        "meldingen": 1,
        "vb_afgerond": 1,
        "vb_open": 0,
        "vb_open_over_termijn": 0,
        "vb_open_zonder_zicht": 0,
        "vb_doorlooptijd_gemiddeld": part(0, 1),
        "vb_doorlooptijd_mediaan": 0,
        "vb_doorlooptijd_p90": 0,
        "aandeel_vb_binnen_termijn": percent(1, 1),
        "aandeel_vb_binnen_termijn_instroom": percent(1, 1),
    }),
    # K2 over a month's end
    *at("2024-05", "M", {
        "meldingen": 0,
        "vb_afgerond": 1,
        "vb_open": 0,
        "vb_doorlooptijd_p90": 0,
        "aandeel_vb_binnen_termijn": percent(1, 1),
        "aandeel_vb_binnen_termijn_instroom": percent(0, 0),
    }),
    *at("2024-06", "M", {
        "meldingen": 1,
        "vb_afgerond": 0,
        "vb_open": 0,
        "aandeel_vb_binnen_termijn": percent(0, 0),
        "aandeel_vb_binnen_termijn_instroom": percent(1, 1),
    }),
    *at("2024-Q2", "M", {"meldingen": 1, "vb_afgerond": 1, "vb_open": 0}),
    # K3 over a year's end
    *at("2023", "T", {"meldingen": 0, "vb_afgerond": 1, "vb_open": 1}),  # R8 waits since 2018
    *at("2023", "TA01", {"meldingen": NONE, "vb_afgerond": 1, "vb_open": 1}),
    *at("2024", "T", {"meldingen": 1, "vb_afgerond": 0, "vb_open": 1, "aandeel_vb_binnen_termijn_instroom": percent(1, 1)}),
    *at("2024", "TA01", {"meldingen": 1, "vb_afgerond": NONE, "vb_open": 1}),
    # K4 from Weesp into Amsterdam, whose stadsdeel Weesp was not there yet on the day of the decision
    *at("2022-02", "S", {"meldingen": NONE, "vb_afgerond": 1, "vb_open": NONE}),
    *at("2022-02", "GM0363", {"meldingen": 0, "vb_afgerond": 1, "vb_open": 1}),  # R8
    *at("2022-02", "BUITEN", {"meldingen": 0, "vb_afgerond": 0, "vb_open": 0}),
    *at("2022-03", "S", {"vb_open": 1}),  # R6
    *at("2022-04", "S", {"meldingen": 1, "vb_afgerond": 0, "vb_open": 1}),
    *at("2022-H1", "S", {"meldingen": 2, "vb_afgerond": 1, "vb_open": 1}),  # R6, K4
    # K5 from one gemeente into another
    *at("2022-11", "GM0437", {"meldingen": 0, "vb_open": 0}),
    *at("2022", "GM0437", {"meldingen": 0, "vb_afgerond": 0, "vb_open": 0}),
    *at("2022", "GM0451", {"meldingen": 0, "vb_afgerond": 1, "vb_open": 0}),
    *at("2023", "GM0451", {"meldingen": 1, "vb_afgerond": 0, "vb_open": 0}),
    # K6 over thirty years
    *at("1990", "GM0437", {"meldingen": 0, "vb_afgerond": 1, "vb_open": 0}),
    *at("2010", "GM0437", {"vb_open": 0}),
    *at("2024", "GM0437", {"meldingen": 2, "vb_afgerond": 0, "vb_open": 1}),  # R17 waits, K6 does not
    # the region, with all of it
    *at("1990", "REGIO", {"meldingen": 1, "vb_afgerond": 1, "vb_open": 1}),
]  # fmt: skip

PERMITTED: tuple[list[HandmadeDelivery], list[ExpectedFigure]] = ([registration(), CORRECTED], EXPECTED)
