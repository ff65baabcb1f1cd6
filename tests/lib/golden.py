"""Three small registrations written by hand, and what the contract says their figures are, with the arithmetic beside each.

The expectations were worked out on paper from the contract, never from what the warehouse said. Calendar used: 2023 has no working day on
Koningsdag (Thursday 27 April) and 5 May (Friday); 2024 none on Good Friday (29 March), Easter Monday (1 April), Ascension Day (Thursday 9
May) and Whit Monday (20 May).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.lib.handmade import HandmadeDelivery, Row, first_version

Value = float | int | None


@dataclass(frozen=True)
class ExpectedValue:
    """What a figure must be."""

    waarde: Value
    teller: Value = None
    noemer: Value = None
    status: str = "berekend"


NONE = None
"""There must be no such row."""


def percent(teller: float, noemer: float) -> ExpectedValue:
    """A share; empty over a denominator of 0."""
    return ExpectedValue(100 * teller / noemer if noemer else None, teller, noemer)


def part(teller: float, noemer: float) -> ExpectedValue:
    """A mean, or one count by another."""
    return ExpectedValue(teller / noemer if noemer else None, teller, noemer)


def per_1000(teller: float, noemer: int) -> ExpectedValue:
    return ExpectedValue(1000 * teller / noemer, teller, noemer)


def missing(teller: float) -> ExpectedValue:
    """A rate without a household count."""
    return ExpectedValue(None, teller, None, "ontbreekt")


@dataclass(frozen=True)
class ExpectedFigure:
    """One expectation."""

    indicator: str
    periode: str
    gebied: str
    soort: str
    categorie: str
    uitkomst: ExpectedValue | None


def at(periode: str, gebied: str, figures: "dict[str, ExpectedValue | float | int | None]") -> Iterator[ExpectedFigure]:
    """The figures of one period and area, by ``indicator`` or ``indicator soort=categorie``; a bare number is a count or a percentile."""
    for name, expected in figures.items():
        indicator, _, uitsplitsing = name.partition(" ")
        soort, _, categorie = uitsplitsing.partition("=")
        uitkomst = ExpectedValue(expected) if isinstance(expected, (int, float)) else expected
        yield ExpectedFigure(indicator, periode, gebied, soort, categorie, uitkomst)


def table(text: str) -> list[Row]:
    """Rows from a text: names on the first line, a dash for an empty field."""
    header, *regels = (line.split() for line in text.strip().splitlines())
    return [{k: v for k, v in zip(header, line, strict=True) if v != "-"} for line in regels]


ENTITIES = (
    "adviesvragen", "adviesvraag_vormen", "casussen", "meldingen", "melding_vormen", "melding_aarden", "betrokkenen",
    "veiligheidsbeoordelingen", "diensten", "overdrachten", "veiligheidscontacten", "monitormomenten", "huisverboden", "capaciteit",
)  # fmt: skip


def complete(peildatum: str, **entities: str) -> HandmadeDelivery:
    """A whole registration; an entity that is not named is empty. Without capaciteit it is one of the first version of the contract."""
    delivery = HandmadeDelivery(1, peildatum=peildatum, rows={e: table(entities[e]) if e in entities else [] for e in ENTITIES})
    return delivery if "capaciteit" in entities else first_version(delivery)


# --- 1. Terms over holidays, work stock, diensten ------------------------------------------------------------------------------------
#
# Working days from receipt to decision:
#   M1  Wed 27 March → Fri 5 April:  28, [29 Good Friday], [1 Easter Monday], 2, 3, 4, 5             = 5   in time
#   M2  Wed 27 March → Mon 8 April:  the same and 8                                                  = 6   late
#   M3  Mon 6 May    → Tue 14 May:   7, 8, [9 Ascension], 10, 13, 14                                 = 5   in time
#   M4  Mon 6 May    → Wed 15 May:   the same and 15                                                 = 6   late
#   M5  Fri 21 June, undecided:      24, 25, 26, 27, 28 until the peildatum (Sunday 30 June)         = 5   its term has not passed
#   M6  Thu 20 June, undecided:      21, 24, 25, 26, 27, 28                                          = 6   its term has passed
#   M7  Fri 26 April, the same day                                                                   = 0   in time
#   M8  Fri 22 December 2023 → Tue 2 January: [25, 26 Christmas], 27, 28, 29, [1 New Year], 2        = 4   in time
#   M9  Tue 2 May 2023 → Wed 10 May: 3, 4, [5 May], 8, 9, 10                                         = 5   in time
#   M10 Thu 1 February, never decided                                                                      its term has passed
#   M11 Sun 31 March → Tue 2 April:  [1 Easter Monday], 2                                            = 1   in time
#   M12 Fri 8 March  → Sat 9 March                                                                   = 0   in time
# Waiting by receipt in 2024, M5, M6 and M10 still waiting at the peildatum (after 5, 6 and many days). Of 10: two decided on day 0, 8/10
# wait; one of 8 on day 1, 7/10; two of 7 on day 5, 5/10, and M5 is seen no longer; two of the 4 left on day 6, 5/20. No tenth is reached.
# Posts: April 10 + 5 budgeted and 8 + 4.5 filled, May 15 and 9 + 5, June 12 and 9.5; of January to March nothing is known.
# Judgement of acute danger: M1 120 minutes (in time), M3 121 (late), M11 from 01:30 winter time (00:30 UTC) to 04:15 summer time
# (02:15 UTC) = 105 minutes (in time).
# Diensten, from the decision: the term is 70 days.
#   D1 of M8 (2 January + 70 = Tue 12 March): closed that day, 70 days, in time
#   D2 of M1 (5 April + 70 = Fri 14 June): closed 17 June, 73 days, late; broken off
#   D3 of M12 (9 March + 70 = Sat 18 May → [20 Whit Monday] → Tue 21 May): closed 21 May, 73 days, in time
#   D4 of M3 (14 May + 70 = 23 July): open · D5 of M2 (8 April + 70 = 17 June): open · D6, D7 of M10, which has no decision
TERMS = complete(
    "2024-06-30",
    casussen="""
        casus_nummer huishouden_nummer geopend_op
        C1 H1 2024-03-27
        C2 H2 2024-03-27
        C3 H3 2024-05-06
        C4 H4 2024-05-06
        C5 H5 2024-06-21
        C6 H6 2024-06-20
        C7 H7 2024-04-26
        C8 H8 2023-12-22
        C9 H9 2023-05-02
        C10 H10 2024-02-01
        C11 H11 2024-03-31
        C12 H12 2024-03-08
    """,
    meldingen="""
        melding_nummer casus_nummer ontvangen_op hoedanigheid huishouden_met_kinderen gemeente_code stadsdeel_code \
            urgentie acuut_beoordeeld_op acuut_vermoeden
        M1 C1 2024-03-27T09:00:00+01:00 politie ja GM0363 T 1 2024-03-27T11:00:00+01:00 ja
        M2 C2 2024-03-27T17:00:00+01:00 politie ja GM0363 T 2 - -
        M3 C3 2024-05-06T10:00:00+02:00 politie ja GM0363 T 1 2024-05-06T12:01:00+02:00 nee
        M4 C4 2024-05-06T10:00:00+02:00 politie ja GM0363 T 3 - -
        M5 C5 2024-06-21T23:59:00+02:00 politie ja GM0363 T 2 - -
        M6 C6 2024-06-20T08:00:00+02:00 politie ja GM0363 T 2 - -
        M7 C7 2024-04-26T08:00:00+02:00 politie ja GM0362 - 4 - -
        M8 C8 2023-12-22T08:00:00+01:00 politie ja GM0363 T 1 - -
        M9 C9 2023-05-02T08:00:00+02:00 politie ja GM0363 T 2 - -
        M10 C10 2024-02-01T08:00:00+01:00 politie ja GM0363 T 3 - -
        M11 C11 2024-03-31T01:30:00+01:00 politie ja GM0363 T 1 2024-03-31T04:15:00+02:00 nee
        M12 C12 2024-03-08T08:00:00+01:00 politie ja GM0362 - 4 - -
    """,
    veiligheidsbeoordelingen="""
        melding_nummer gestart_op besluit_op uitkomst besluit
        M1 2024-03-28 2024-04-05 acuut onderzoek
        M2 2024-03-28 2024-04-08 structureel voorwaarden_vervolg
        M3 2024-05-07 2024-05-14 eenmalig voorwaarden_vervolg
        M4 2024-05-07 2024-05-15 geen_zorgen geen_vervolg
        M5 - - - -
        M7 2024-04-26 2024-04-26 andere_leefdomeinen omgezet_in_advies
        M8 2023-12-27 2024-01-02 structureel onderzoek
        M9 2023-05-03 2023-05-10 acuut overdracht
        M10 2024-02-05 - - -
        M11 2024-04-02 2024-04-02 acuut overdracht
        M12 2024-03-09 2024-03-09 eenmalig voorwaarden_vervolg
    """,
    diensten="""
        dienst_nummer melding_nummer soort gestart_op afgesloten_op uitkomst_huiselijk_geweld uitkomst_kindermishandeling voortijdig
        D1 M8 onderzoek 2024-01-05 2024-03-12 bevestigd niet_bevestigd -
        D2 M1 onderzoek 2024-04-08 2024-06-17 - - verhuisd_andere_regio
        D3 M12 voorwaarden_vervolg 2024-03-12 2024-05-21 - - -
        D4 M3 voorwaarden_vervolg 2024-05-20 - - - -
        D5 M2 voorwaarden_vervolg 2024-04-10 - - - -
        D6 M10 voorwaarden_vervolg 2024-06-01 - - - -
        D7 M10 onderzoek 2024-02-05 2024-06-10 weerlegd - -
    """,
    veiligheidscontacten="""
        contact_nummer melding_nummer contact_op met urgentie_nieuw
        V1 M10 2024-02-16 melder 1
        V2 M10 2024-03-17 ketenpartner -
        V3 M10 2024-06-30 directbetrokkene -
    """,
    capaciteit="""
        maand team formatie_fte bezetting_fte verzuim_procent
        2024-04 Spoedteam 10 8 10
        2024-04 Overig 5 4,5 -
        2024-05 Spoedteam 10 9 5.5
        2024-05 Overig 5 5 20
        2024-06 Spoedteam 12 9,5 0
    """,
)

TERMS_EXPECTED = [
    *at("2024", "REGIO", {
        "meldingen": 10,  # all but M8 and M9
        "vb_afgerond": 8,  # M1, M2, M3, M4, M7, M8, M11, M12
        "vb_afgerond vb_uitkomst=acuut": 2,  # M1, M11
        "vb_afgerond vb_uitkomst=structureel": 2,  # M2, M8
        "vb_afgerond vb_besluit=voorwaarden_vervolg": 3,  # M2, M3, M12
        "vb_afgerond vb_besluit=onderzoek": 2,  # M1, M8
        "vb_afgerond urgentie=1": 4,  # M1, M3, M8, M11
        "vb_afgerond urgentie=3": 1,  # M4; M10 is undecided
        "aandeel_vb_uitkomst vb_uitkomst=eenmalig": percent(2, 8),  # M3, M12
        "aandeel_vb_uitkomst vb_uitkomst=geen_zorgen": percent(1, 8),  # M4
        "aandeel_vb_uitkomst": NONE,  # a share by X has no total
        "aandeel_vb_onveilig": percent(4, 8),  # acuut 2 + structureel 2
        "vb_doorlooptijd_gemiddeld": part(27, 8),  # 5 + 6 + 5 + 6 + 0 + 4 + 1 + 0
        "vb_doorlooptijd_mediaan": 4.5,  # 0 0 1 4 | 5 5 6 6
        "vb_doorlooptijd_p90": 6,  # 90% of 8 is 7.2: the 8th
        "vb_doorlooptijd_gemiddeld urgentie=1": part(15, 4),  # M11 1, M8 4, M1 5, M3 5
        "vb_doorlooptijd_mediaan urgentie=1": 4.5,
        "vb_doorlooptijd_p90 urgentie=1": 5,  # 90% of 4 is 3.6: the 4th
        "aandeel_vb_binnen_termijn": percent(6, 8),  # all but M2 and M4
        "aandeel_vb_binnen_termijn urgentie=1": percent(4, 4),  # its own category is the denominator
        "aandeel_vb_binnen_termijn urgentie=2": percent(0, 1),  # M2
        "aandeel_vb_binnen_termijn_instroom": percent(5, 9),  # in time M1 M3 M7 M11 M12; late M2 M4 M6 M10; not M5 (not yet)
        "aandeel_vb_binnen_termijn_instroom urgentie=2": percent(0, 2),  # M2 and M6; M5 does not count yet
        "aandeel_vb_binnen_termijn_instroom urgentie=3": percent(0, 2),  # M4, M10
        "aandeel_acuut_binnen_2_uur": percent(2, 3),  # M1, M11 of M1, M3, M11
        "diensten_gestart": 7,
        "diensten_gestart dienst_soort=onderzoek": 3,  # D1, D2, D7
        "diensten_afgesloten": 4,  # D1, D2, D3, D7
        "diensten_afgesloten dienst_soort=onderzoek": 3,
        "dienst_doorlooptijd_gemiddeld": part((70 + 73 + 73) / 7, 3),  # D7 has no decision
        "dienst_doorlooptijd_mediaan": 73 / 7,  # 70 73 73
        "dienst_doorlooptijd_p90": 73 / 7,
        "dienst_doorlooptijd_gemiddeld dienst_soort=onderzoek": part((70 + 73) / 7, 2),
        "dienst_doorlooptijd_mediaan dienst_soort=onderzoek": (70 + 73) / 2 / 7,
        "dienst_doorlooptijd_p90 dienst_soort=onderzoek": 73 / 7,  # 90% of 2 is 1.8: the 2nd
        "aandeel_diensten_binnen_termijn": percent(2, 3),  # D1 and D3; not D2
        "aandeel_diensten_binnen_termijn dienst_soort=onderzoek": percent(1, 2),
        "aandeel_diensten_binnen_termijn dienst_soort=voorwaarden_vervolg": percent(1, 1),
        "onderzoeken_uitkomst": 2,  # D1, D7; D2 was broken off
        "onderzoeken_uitkomst uitkomst_huiselijk_geweld=bevestigd": 1,  # D1
        "onderzoeken_uitkomst uitkomst_huiselijk_geweld=weerlegd": 1,  # D7
        "onderzoeken_uitkomst uitkomst_kindermishandeling=niet_bevestigd": 1,
        "onderzoeken_uitkomst uitkomst_kindermishandeling=weerlegd": 0,
        "wachttijd_vb_mediaan_instroom": 5,
        "wachttijd_vb_p90_instroom": ExpectedValue(None),
        "wachttijd_vb_mediaan_instroom urgentie=1": 5,  # M11 on day 1 of 3; M1 and M3 on day 5, the last 2
        "wachttijd_vb_p90_instroom urgentie=1": 5,
        "wachttijd_vb_mediaan_instroom urgentie=2": 6,  # M5 is seen until day 5; of M2 and M6 the one is decided on day 6
        "wachttijd_vb_p90_instroom urgentie=2": ExpectedValue(None),
        "vb_instroom_min_afgerond": 2,  # 10 - 8
        "formatie_fte": 14,  # (15 + 15 + 12) / 3
        "bezetting_fte": 12,  # (12.5 + 14 + 9.5) / 3
        "verzuim_procent": part(229.5, 31.5),  # 8 x 10 + 9 x 5.5 + 5 x 20 + 9.5 x 0; of the 4.5 of April it is not known
        "vb_afgerond_per_fte": missing(8),
        "vb_open": NONE,  # the year has not ended: no stock of it
        "diensten_open": NONE,
        "meldingen_per_1000_huishoudens": per_1000(10, 612188),  # 14405 + 45423 + 515181 + 16760 + 6610 + 13809
        "meldingen_per_1000_meerpersoonshuishoudens": missing(10),
    }),
    *at("2024-Q2", "T", {
        "meldingen": 4,  # M3, M4, M5, M6
        "vb_doorlooptijd_gemiddeld": part(23, 5),  # M11 1, M1 5, M2 6, M3 5, M4 6
        "vb_doorlooptijd_mediaan": 5,
        "vb_doorlooptijd_p90": 6,  # 90% of 5 is 4.5: the 5th
        "aandeel_vb_binnen_termijn": percent(3, 5),  # M11, M1, M3
    }),
    *at("2024-Q2", "REGIO", {
        "vb_doorlooptijd_gemiddeld": part(23, 6),  # and M7 0
        "aandeel_vb_binnen_termijn": percent(4, 6),
        "vb_open": 3,  # the figure of June
        "formatie_fte": 14,
        "bezetting_fte": 12,
        "vb_afgerond_per_fte": part(6, 12),  # M1, M2, M3, M4, M7, M11
    }),
    *at("2024-04", "REGIO", {
        "formatie_fte": 15, "bezetting_fte": 12.5, "verzuim_procent": part(80, 8), "vb_afgerond_per_fte": part(4, 12.5),
    }),
    *at("2024-03", "REGIO", {
        "formatie_fte": ExpectedValue(None, status="ontbreekt"), "bezetting_fte": ExpectedValue(None, status="ontbreekt"),
        "verzuim_procent": ExpectedValue(None, status="ontbreekt"), "vb_afgerond_per_fte": missing(1),  # M12
    }),
    *at("2024-Q2", "T", {
        "wachttijd_vb_mediaan_instroom": 6,  # M3 on day 5 of 4, M5 seen until then; M4 on day 6 of 2: 3/8
        "wachttijd_vb_p90_instroom": ExpectedValue(None),
        "vb_instroom_min_afgerond": -1,  # M3 to M6; M1, M2, M3, M4, M11
        "formatie_fte": NONE,  # of the region alone
    }),
    *at("2024-06", "T", {"wachttijd_vb_mediaan_instroom": ExpectedValue(None), "vb_instroom_min_afgerond": 2}),
    *at("2024-04", "E", {"wachttijd_vb_mediaan_instroom": ExpectedValue(None), "vb_instroom_min_afgerond": 0}),
    *at("2024-05", "T", {"vb_doorlooptijd_mediaan": 5.5, "vb_doorlooptijd_p90": 6}),  # M3 5, M4 6: the mean of the middle two
    *at("2024-04", "E", {"vb_doorlooptijd_mediaan": ExpectedValue(None), "aandeel_vb_binnen_termijn": percent(0, 0), "vb_afgerond": 0}),
    *at("2024-06", "T", {"aandeel_vb_binnen_termijn_instroom": percent(0, 1)}),  # M6 late, M5 not yet
    *at("2023", "REGIO", {
        "aandeel_vb_binnen_termijn_instroom": percent(2, 2),  # M8, M9
        "vb_afgerond": 1,  # M9; M8 was decided in 2024
        "vb_open": 1,  # M8
        "meldingen_per_1000_huishoudens": missing(2),  # Aalsmeer has no count of 2023
    }),
    *at("2024", "T", {"meldingen_per_1000_huishoudens": per_1000(8, 50575)}),  # all ten but M7 and M12, which are of Amstelveen
    *at("2024", "E", {"meldingen_per_1000_huishoudens": per_1000(0, 87585)}),
    *at("2024", "GM0362", {"meldingen_per_1000_huishoudens": per_1000(2, 45423), "vb_doorlooptijd_p90": 0}),
    *at("2023-12", "T", {"vb_open": 1, "vb_open wachttijd=0-5": 1, "vb_open_over_termijn": 0}),  # M8: 27, 28, 29 = 3 days
    *at("2024-01", "T", {"vb_open": 0, "diensten_open": 1, "diensten_open dienst_soort=onderzoek": 1}),  # D1
    *at("2024-02", "T", {
        "vb_open": 1,  # M10: 2, 5-9, 12-16, 19-23, 26-29 = 20 working days
        "vb_open wachttijd=6-20": 1,
        "vb_open_over_termijn": 1,
        "vb_open_zonder_zicht": 0,  # seen on 16 February, the first of the 14 days that end on the 29th
    }),
    *at("2024-03", "T", {
        "vb_open": 4,  # M10 and M1, M2, M11
        "vb_open wachttijd=0-5": 3,  # M1 and M2 1 day, M11 none
        "vb_open wachttijd=21-60": 1,  # M10: 20 + 1, 4-8, 11-15, 18-22, 25-28 = 40
        "vb_open wachttijd=61+": 0,
        "vb_open urgentie=1": 2,  # M1, M11; M10 stays 3 whatever a contact made of it
        "vb_open urgentie=3": 1,
        "vb_open_over_termijn": 1,
        "vb_open_over_termijn urgentie=3": 1,
        "vb_open_zonder_zicht": 1,  # M10 was last seen on 17 March, the day before the 14 days
        "vb_open_zonder_zicht urgentie=3": 1,
        "vb_open_zonder_zicht urgentie=1": 0,
        "diensten_open": 1,  # D7; D1 closed on the 12th
    }),
    *at("2024-03", "REGIO", {"diensten_open": 2, "diensten_open dienst_soort=voorwaarden_vervolg": 1}),  # and D3 of Amstelveen
    *at("2024-Q1", "T", {"vb_open": 4}),
    *at("2024-04", "T", {"vb_open": 1, "vb_open wachttijd=61+": 1}),  # M10: 40 + 2-5, 8-12, 15-19, 22-26, 29, 30 = 61
    *at("2024-05", "REGIO", {"vb_open": 1, "diensten_open": 4, "diensten_open_over_termijn": 0}),  # D2, D4, D5, D7
    *at("2024-H1", "REGIO", {"vb_open": 3, "vb_open_over_termijn": 2}),  # M5, M6, M10; over: M6 and M10
    *at("2024-06", "T", {
        "vb_open wachttijd=0-5": 1,  # M5 5 days
        "vb_open wachttijd=6-20": 1,  # M6 6 days
        "vb_open_over_termijn urgentie=2": 1,
        "vb_open_zonder_zicht": 0,  # M10 was seen on the day itself; M5 and M6 came in the 14 days
        "diensten_open": 3,  # D4, D5, D6
        "diensten_open dienst_soort=onderzoek": 0,
        "diensten_open_over_termijn": 1,  # D5 on 17 June; D6 has no decision
        "diensten_open_over_termijn dienst_soort=voorwaarden_vervolg": 1,
    }),
    *at("2023-04", "REGIO", {"meldingen": NONE}),  # before the month of the first report
    *at("2024-07", "REGIO", {"meldingen": NONE}),  # after the peildatum
]  # fmt: skip


# --- 2. Where a report counts, and what went before it ----------------------------------------------------------------------------------
#
# N1 to N8: areas. N1 and N2 lie twenty-three minutes before and ten after midnight; N8 was received on 31 December 2023, 23:30 UTC.
# B1 to B6: one household. B1 three years to the day before B2; its casus was closed long before: B2 is a hermelding. B4, B3, B6 and B5 (in
# order of receipt) are vervolgmeldingen in the open casus CB2:
#   B4 (20 June):    B2 was decided on 1 July                                                            → tijdens_vb
#   B3 (1 July):     the latest before it is B4, decided 25 June; no monitormoment yet                    → na_vb
#   B6 (12 August):  the latest is B3, decided 5 July; the dienst closed on 10 August, no overdracht yet  → na_vb
#   B5 (10 Sept.):   the latest is B6, decided 20 August; monitormoment planned 1 September, overdracht 15 August → monitoring
# Q1 shares a person with N5, whose casus was closed the day before: hermelding. R1's casus was closed on the day of R2: hermelding.
# S1 lies three years and a day before S2: eerste_melding. N6 and N7 share but an unknown BSN: both eerste_melding.
GEBIEDEN = complete(
    "2024-12-31",
    adviesvragen="""
        advies_nummer gestart_op kanaal hoedanigheid anoniem gemeente_code
        A1 2022-03-23 mail huisarts nee GM0457
        A2 2022-03-24 mail huisarts nee GM0457
        A3 2024-02-10 chat familielid nee GM0363
        A4 2024-02-11 telefoon onbekend ja -
        A5 2024-03-05 telefoon huisarts nee GM0362
    """,
    adviesvraag_vormen="""
        advies_nummer vorm
        A3 km_vechtscheiding
        A3 partnergeweld
        A4 eergerelateerd
    """,
    casussen="""
        casus_nummer huishouden_nummer geopend_op afgesloten_op
        CN1 HN1 2022-03-23 -
        CN2 HN2 2022-03-24 -
        CN3 HN3 2022-03-23 -
        CN4 HN4 2024-05-01 -
        CN5 HN5 2024-05-02 2024-09-30
        CN6 HN6 2024-05-03 -
        CN7 HN7 2024-05-03 -
        CN8 HN8 2024-01-01 -
        CB1 HB 2021-06-15 2021-09-01
        CB2 HB 2024-06-15 -
        CQ1 HQ 2024-10-01 -
        CR1 HR 2024-03-01 2024-04-10
        CR2 HR 2024-04-10 -
        CS1 HS 2021-03-01 -
        CS2 HS 2024-03-02 -
    """,
    meldingen="""
        melding_nummer casus_nummer ontvangen_op hoedanigheid huishouden_met_kinderen \
            gemeente_code stadsdeel_code buurt_code urgentie eerdere_incidenten
        N1 CN1 2022-03-23T23:37:00+01:00 politie nee GM0457 - - 3 -
        N2 CN2 2022-03-24T00:10:00+01:00 politie nee GM0457 - - 3 -
        N3 CN3 2022-03-23T12:00:00+01:00 politie nee GM0363 S - 3 -
        N4 CN4 2024-05-01T12:00:00+02:00 politie ja GM0363 - TA01 1 2
        N5 CN5 2024-05-02T12:00:00+02:00 huisarts ja GM0363 T TA01 1 0
        N6 CN6 2024-05-03T12:00:00+02:00 politie nee - - - 3 -
        N7 CN7 2024-05-03T13:00:00+02:00 familielid nee GM0999 - - 3 -
        N8 CN8 2023-12-31T23:30:00+00:00 justitie nee GM0384 - - 3 -
        B1 CB1 2021-06-15T12:00:00+02:00 politie ja GM0363 K K23a 3 -
        B2 CB2 2024-06-15T12:00:00+02:00 politie ja GM0363 K - 3 4
        B3 CB2 2024-07-01T12:00:00+02:00 politie ja GM0363 K - 3 -
        B4 CB2 2024-06-20T12:00:00+02:00 huisarts ja GM0363 K - 3 -
        B5 CB2 2024-09-10T12:00:00+02:00 lokaal_team ja GM0363 K - 3 -
        B6 CB2 2024-08-12T12:00:00+02:00 familielid ja GM0363 K - 3 -
        Q1 CQ1 2024-10-01T12:00:00+02:00 lokaal_team ja GM0362 - - 3 -
        R1 CR1 2024-03-01T12:00:00+01:00 politie nee GM0363 K - 3 -
        R2 CR2 2024-04-10T12:00:00+02:00 familielid nee GM0363 K - 3 -
        S1 CS1 2021-03-01T12:00:00+01:00 onbekend nee GM0363 K - 3 -
        S2 CS2 2024-03-02T12:00:00+01:00 onbekend nee GM0363 K - 3 -
    """,
    melding_vormen="""
        melding_nummer vorm
        N4 partnergeweld
        N4 km_anders
        N5 km_kindcheck
        N5 km_vechtscheiding
        B2 partnergeweld
        B3 huwelijksdwang_achterlating
        B4 ouderenmishandeling
    """,
    melding_aarden="""
        melding_nummer aard
        N4 lichamelijke_mishandeling
        N4 getuige
        N5 getuige
    """,
    betrokkenen="""
        melding_nummer volgnummer bsn geboortedatum geslacht
        N5 1 999990019 19850312 V
        Q1 1 999990019 19850312 V
        N6 1 000000000 19700000 M
        N7 1 000000000 19700000 M
    """,
    veiligheidsbeoordelingen="""
        melding_nummer besluit_op uitkomst besluit
        B2 2024-07-01 structureel voorwaarden_vervolg
        B3 2024-07-05 structureel voorwaarden_vervolg
        B4 2024-06-25 structureel voorwaarden_vervolg
        B6 2024-08-20 structureel overdracht
    """,
    diensten="""
        dienst_nummer melding_nummer soort gestart_op afgesloten_op
        DB B3 voorwaarden_vervolg 2024-07-10 2024-08-10
    """,
    overdrachten="""
        overdracht_nummer casus_nummer melding_nummer moment overgedragen_op ontvanger
        OB CB2 B3 voorwaarden_vervolg 2024-08-15 OKT
    """,
    monitormomenten="""
        moment_nummer casus_nummer gepland_op
        PB CB2 2024-09-01
    """,
)

GEBIEDEN_EXPECTED = [
    *at("2024", "REGIO", {
        "meldingen": 14,  # N4-N8, B2-B6, Q1, R1, R2, S2
        "meldingen huishouden=met_kinderen": 8,  # N4, N5, B2-B6, Q1
        "meldingen huishouden=zonder_kinderen": 6,
        "meldingen melder=politie": 5,  # N4, N6, B2, B3, R1
        "meldingen melder=lokaal_team": 2,  # B5, Q1
        "meldingen melder=kinderarts": 0,
        "meldingen melder_groep=gezondheidszorg": 2,  # N5, B4
        "meldingen melder_groep=inwoners": 3,  # N7, B6, R2
        "meldingen vorm=partnergeweld": 2,  # N4, B2
        "meldingen vorm=km_kindcheck": 1,
        "meldingen vorm_groep=kindermishandeling": 2,  # N4, and N5 once
        "meldingen vorm_groep=nog_niet_geregistreerd": 9,  # 14 less N4, N5, B2, B3, B4
        "meldingen aard=getuige": 2,
        "meldingen aard=seksueel_misbruik": 0,
        "meldingen urgentie=1": 2,
        "meldingen urgentie=3": 12,
        "meldingen betrokkenheid=eerste_melding": 7,  # N4-N8, R1, S2
        "meldingen betrokkenheid=hermelding": 3,  # B2, Q1, R2
        "meldingen betrokkenheid=vervolgmelding": 4,  # B3-B6
        "meldingen betrokkenheid_fase=tijdens_vb": 1,
        "meldingen betrokkenheid_fase=na_vb": 2,
        "meldingen betrokkenheid_fase=monitoring": 1,
        "meldingen huishouden|melder=met_kinderen|politie": 3,  # N4, B2, B3
        "meldingen huishouden|melder=met_kinderen|justitie": NONE,  # a crossed one that does not occur
        "meldingen huishouden|melder_groep=zonder_kinderen|inwoners": 2,  # N7, R2
        "meldingen huishouden|vorm_groep=met_kinderen|nog_niet_geregistreerd": 3,  # B5, B6, Q1
        "adviesvragen": 3,  # A3, A4, A5
        "adviesvragen kanaal=telefoon": 2,
        "adviesvragen kanaal=mail": 0,
        "adviesvragen melder=familielid": 1,
        "adviesvragen melder_groep=onbekend": 1,
        "adviesvragen vorm=km_vechtscheiding": 1,
        "adviesvragen vorm_groep=kindermishandeling": 1,
        "adviesvragen vorm_groep=overig_huiselijk_geweld": 1,
        "adviesvragen vorm_groep=nog_niet_geregistreerd": 1,  # A5
        "aandeel_meldingen_politie": percent(5, 14),
        "aandeel_meldingen_politie huishouden=met_kinderen": percent(3, 8),
        "aandeel_meldingen_professionals": percent(10, 14),  # all but N7, B6, R2 and S2
        "aandeel_meldingen_professionals huishouden=zonder_kinderen": percent(3, 6),  # N6, N8, R1
        "aandeel_meldingen_inwoners": percent(3, 14),
        "aandeel_meldingen_inwoners huishouden=zonder_kinderen": percent(2, 6),
        "aandeel_meldingen_huishouden huishouden=met_kinderen": percent(8, 14),
        "aandeel_meldingen_huishouden": NONE,
        "aandeel_meldingen_vorm vorm_groep=kindermishandeling": percent(2, 14),
        "aandeel_meldingen_vorm vorm_groep=geweld_tegen_ouders": percent(0, 14),
        "aandeel_meldingen_vorm huishouden|vorm_groep=met_kinderen|partnergeweld": percent(2, 8),
        "aandeel_meldingen_vorm huishouden|vorm_groep=zonder_kinderen|nog_niet_geregistreerd": percent(6, 6),
        "aandeel_meldingen_vorm huishouden|vorm_groep=zonder_kinderen|partnergeweld": NONE,
        "aandeel_hermeldingen": percent(3, 14),
        "eerdere_incidenten_gemiddeld": part(6, 3),  # N4 2, N5 0, B2 4
        "eerdere_incidenten_gemiddeld vorm_groep=partnergeweld": part(6, 2),  # N4, B2
        "eerdere_incidenten_gemiddeld vorm_groep=kindermishandeling": part(2, 2),  # N4, N5
        "eerdere_incidenten_gemiddeld vorm_groep=nog_niet_geregistreerd": part(0, 0),
        "casussen_met_melding": 10,  # CN4-CN8, CB2, CQ1, CR1, CR2, CS2
        "meldingen_per_casus": part(14, 10),
        "aandeel_inwoners_instroom": percent(4, 17),  # 3 reports and A3 of 14 + 3
        "aandeel_professionals_niet_politie": percent(6, 17),  # N5, N8, B4, B5, Q1 and A5
    }),
    *at("2024", "GM0363", {
        "meldingen": 10,  # N4, N5 and the eight of Zuid
        "adviesvragen": 1,
        "casussen_met_melding": 6,  # CN4, CN5, CB2, CR1, CR2, CS2
        "meldingen_per_casus": part(10, 6),
        "aandeel_inwoners_instroom": percent(3, 11),  # B6, R2, A3
    }),
    *at("2024", "BUITEN", {"meldingen": 2, "adviesvragen": 1, "aandeel_inwoners_instroom": percent(1, 3)}),  # N6, N7; A4
    *at("2024", "GM0384", {"meldingen": 1}),  # N8, half past midnight in Amsterdam
    *at("2024-01", "GM0384", {"meldingen": 1}),
    *at("2023", "GM0384", {"meldingen": 0}),
    *at("2024", "A", {"meldingen": 1}),  # N4: its buurt lies in Zuidoost, and does not make its stadsdeel
    *at("2024", "T", {"meldingen": 1}),  # N5
    *at("2024", "K", {"meldingen": 8, "casussen_met_melding": 4, "meldingen_per_casus": part(8, 4), "adviesvragen": NONE}),
    *at("2024-06", "K", {"meldingen": 2, "casussen_met_melding": 1}),  # B2, B4
    *at("2024-Q3", "K", {"meldingen": 3, "casussen_met_melding": 1, "meldingen_per_casus": part(3, 1)}),  # B3, B5, B6
    *at("2024", "TA01", {
        "meldingen": 2,  # N4, N5
        "meldingen huishouden=met_kinderen": 2,
        "meldingen huishouden=zonder_kinderen": NONE,  # below stadsdeel only what occurs
        "meldingen melder=huisarts": 1,  # every breakdown goes down to buurt: N5
        "meldingen melder=kinderarts": NONE,
        "meldingen melder_groep=gezondheidszorg": 1,
        "meldingen vorm=km_kindcheck": 1,  # N5
        "meldingen vorm_groep=kindermishandeling": 2,  # N4, and N5 once
        "meldingen aard=getuige": 2,
        "meldingen urgentie=1": 2,
        "meldingen betrokkenheid=eerste_melding": 2,
        "meldingen huishouden|melder=met_kinderen|politie": 1,  # N4
        "meldingen huishouden|vorm_groep=met_kinderen|partnergeweld": 1,  # N4
        "betrokkenen geslacht=V": 1,  # of N5
        "betrokkenen leeftijd=23-64": 1,
        "aandeel_meldingen_politie": percent(1, 2),
        "aandeel_meldingen_vorm vorm_groep=kindermishandeling": percent(2, 2),
        "aandeel_meldingen_vorm huishouden|vorm_groep=met_kinderen|partnergeweld": percent(1, 2),
        "eerdere_incidenten_gemiddeld vorm_groep=partnergeweld": part(2, 1),  # N4
        "casussen_met_melding": 2,
    }),
    *at("2024", "TA", {"meldingen": 2, "meldingen_per_casus": part(2, 2)}),  # the wijk
    *at("2024-05", "TA", {"meldingen melder=huisarts": 1, "aandeel_meldingen_politie huishouden=met_kinderen": percent(1, 2)}),
    *at("2021", "K23a", {"meldingen": 1}),  # B1, in the division of 2015
    *at("2021", "REGIO", {"meldingen": 2}),  # B1, S1
    *at("2021-03", "REGIO", {"meldingen": 1}),
    *at("2021-02", "REGIO", {"meldingen": NONE}),  # before the month of the first report
    *at("2022", "REGIO", {"meldingen": 3, "adviesvragen": 2}),
    *at("2022", "BUITEN", {"meldingen": 1, "adviesvragen": 1}),  # N1, A1: the day before Weesp joined
    *at("2022", "GM0363", {"meldingen": 2, "adviesvragen": 1}),  # N2, N3; A2
    *at("2022", "S", {"meldingen": 1, "meldingen_per_1000_huishoudens": NONE}),  # N2; households only from 2023
    *at("2022", "A", {"meldingen": 1}),  # N3: there was no stadsdeel S yet
    *at("2022-02", "S", {"meldingen": NONE}),
    *at("2022-03", "S", {"meldingen": 1}),
    *at("2023", "S", {"meldingen_per_1000_huishoudens": per_1000(0, 10790)}),
]  # fmt: skip


# --- 3. Transfers, effect, and what a second delivery changes ---------------------------------------------------------------------------
#
# The mutaties delivery: F8 is deleted, with what hangs on it; F11 gets another urgentie; F2 is new; F9 comes again with an unknown
# hoedanigheid, so that the version before it stands and is still a parent for its VB; F10 is new, and bad: neither it nor its betrokkene
# counts. The new peildatum is 31 July 2024.
# Areas of casussen: E1 → F1 (Zuid). E2 has no report → BUITEN. E3 → F3 (Amstelveen) until F4 of 1 March 2022 (Diemen). E4 → F5, Amsterdam
# without a stadsdeel → Centrum. E5 has F6 and F7 of the same moment: the highest number counts, F7 (Oost).
UITSTROOM = complete(
    "2024-06-30",
    casussen="""
        casus_nummer huishouden_nummer geopend_op afgesloten_op
        E1 HE1 2021-01-10 2022-07-30
        E2 HE2 2021-02-01 2022-07-31
        E3 HE3 2022-02-10 2022-03-01
        E4 HE4 2019-12-31 2020-02-29
        E5 HE4 2022-03-01 -
        E8 HE8 2024-02-01 -
        E9 HE9 2024-05-10 -
        E11 HE11 2024-04-02 -
    """,
    meldingen="""
        melding_nummer casus_nummer ontvangen_op hoedanigheid huishouden_met_kinderen gemeente_code stadsdeel_code urgentie
        F1 E1 2021-01-10T12:00:00+01:00 politie ja GM0363 K 3
        F3 E3 2022-02-10T12:00:00+01:00 politie ja GM0362 - 3
        F4 E3 2022-03-01T08:00:00+01:00 politie ja GM0384 - 3
        F5 E4 2019-12-31T12:00:00+01:00 politie ja GM0363 - 3
        F6 E5 2022-03-01T09:00:00+01:00 politie ja GM0363 N 3
        F7 E5 2022-03-01T09:00:00+01:00 politie ja GM0363 M 3
        F8 E8 2024-02-01T12:00:00+01:00 politie ja GM0451 - 3
        F9 E9 2024-05-10T12:00:00+02:00 politie ja GM0362 - 3
        F11 E11 2024-04-02T12:00:00+02:00 politie ja GM0358 - 3
    """,
    melding_vormen="""
        melding_nummer vorm
        F8 partnergeweld
    """,
    betrokkenen="""
        melding_nummer volgnummer bsn geboortedatum geslacht
        F8 1 000000000 19900101 V
        F9 1 000000000 19850312 V
        F9 2 999999999 99999999 O
        F11 1 000000000 20120000 V
        F11 2 000000000 20010704 V
        F11 3 000000000 20020101 M
        F11 4 000000000 19590101 M
        F11 5 000000000 20210101 M
        F11 6 000000000 20130101 M
    """,
    veiligheidsbeoordelingen="""
        melding_nummer besluit_op uitkomst besluit
        F1 2021-01-15 structureel overdracht
        F3 2022-02-15 structureel overdracht
        F4 - - -
        F8 2024-02-05 geen_zorgen geen_vervolg
    """,
    overdrachten="""
        overdracht_nummer casus_nummer melding_nummer moment overgedragen_op ontvanger ontvanger_betrokken
        O1 E1 F1 veiligheidsbeoordeling 2021-03-01 JBRA ja
        O2 E3 - onderzoek 2022-02-20 OKT nee
        O3 E3 - voorwaarden_vervolg 2022-03-05 RVDK -
        O4 E2 - veiligheidsbeoordeling 2022-05-01 GEEN_VERVOLG -
        O5 E3 F3 veiligheidsbeoordeling 2022-02-11 POLITIE_OM ja
        O6 E3 - veiligheidsbeoordeling 2022-03-06 CLIENTSYSTEEM ja
        O7 E5 - veiligheidsbeoordeling 2022-04-01 LDH nee
    """,
    monitormomenten="""
        moment_nummer casus_nummer gepland_op uitgevoerd_op directe_veiligheid structurele_veiligheid nieuw_geweld
        U1 E1 2022-09-01 2022-09-05 ja ja nee
        U2 E1 2022-12-01 2022-12-01 ja nee -
        U3 E3 2022-10-01 2022-10-01 nee - -
        U4 E3 2025-01-01 - - - -
    """,
    huisverboden="""
        huisverbod_nummer casus_nummer opgelegd_op aanvrager
        X1 E1 2021-01-10 politie
        X2 E3 2022-02-09 hulpverlening
        X3 E3 2022-02-10 veilig_thuis
    """,
)

UITSTROOM_MUTATIES = HandmadeDelivery(2, "mutaties", "2024-07-31", {
    "casussen": table("""
        casus_nummer huishouden_nummer geopend_op
        E6 HE1 2024-07-30
        E10 HE10 2024-07-01
    """),
    "meldingen": table("""
        melding_nummer casus_nummer ontvangen_op hoedanigheid huishouden_met_kinderen gemeente_code stadsdeel_code urgentie verwijderd
        F2 E6 2024-07-30T12:00:00+02:00 politie ja GM0363 K 3 -
        F8 - - - - - - - ja
        F9 E9 2024-05-10T12:00:00+02:00 postbode nee GM0363 T 1 -
        F10 E10 2024-07-01T12:00:00+02:00 politie ja GM0363 K 9 -
        F11 E11 2024-04-02T12:00:00+02:00 politie ja GM0358 - 2 -
    """),
    "betrokkenen": table("""
        melding_nummer volgnummer bsn geboortedatum geslacht
        F10 1 000000000 19900101 V
    """),
    "veiligheidsbeoordelingen": table("""
        melding_nummer besluit_op uitkomst besluit
        F9 2024-05-17 eenmalig geen_vervolg
    """),
})  # fmt: skip

UITSTROOM_EXPECTED = [
    *at("2022", "REGIO", {
        "overdrachten": 4,  # O2, O3, O5, O7
        "overdrachten ontvanger=OKT": 1,
        "overdrachten ontvanger=JBRA": 0,
        "overdrachten ontvanger=GEEN_VERVOLG": NONE,  # no transfer
        "overdrachten ontvanger_groep=GI": 1,  # O7
        "overdrachten ontvanger_groep=OVERIGE_HULP": 1,  # O5
        "overdrachten betrokken=ja": 1,  # O5; O6 is no transfer
        "overdrachten betrokken=nee": 2,  # O2, O7
        "overdrachten betrokken=onbekend": 1,  # O3
        "overdrachten moment=veiligheidsbeoordeling": 2,  # O5, O7
        "overdrachten ontvanger|betrokken=OKT|nee": 1,
        "overdrachten ontvanger|betrokken=OKT|ja": NONE,
        "overdrachten ontvanger_groep|betrokken=RVDK|onbekend": 1,
        "overdrachten_en_afsluitingen": 6,
        "overdrachten_en_afsluitingen uitstroom_soort=regiehoudend": 2,  # OKT, LDH
        "aandeel_uitstroom uitstroom_soort=regiehoudend": percent(2, 6),
        "aandeel_uitstroom uitstroom_soort=overige_hulpverlening": percent(2, 6),  # RVDK, POLITIE_OM
        "aandeel_uitstroom uitstroom_soort=clientsysteem": percent(1, 6),
        "aandeel_overdrachten_betrokken": percent(1, 3),  # O3 is not known
        "aandeel_overdrachten_betrokken ontvanger_groep=GI": percent(0, 1),
        "aandeel_overdrachten_betrokken ontvanger_groep=RVDK": percent(0, 0),
        "casussen_uitgestroomd": 3,  # E1, E2, E3
        "overdracht_doorlooptijd_gemiddeld": part(0, 0),  # O5 came before the decision, the others name no report
        "aandeel_zonder_hermelding_2jaar": percent(1, 2),  # E3 yes; E1 no, F2 came on the last day; E2's last day is the peildatum
        "aandeel_structureel_veilig": percent(1, 2),  # U1, U2; of U3 it is not known
        "aandeel_directe_veiligheid": percent(2, 3),
        "huisverboden": 2,
        "huisverboden aanvrager=hulpverlening": 1,
        "huisverboden aanvrager=politie": 0,
        "aandeel_huisverboden_hulpverlening": percent(2, 2),
        "formatie_fte": NONE,  # no delivery brought capaciteit
        "vb_afgerond_per_fte": missing(1),  # F3
    }),
    *at("2022", "GM0362", {"overdrachten": 2, "casussen_uitgestroomd": 0, "huisverboden": 1}),  # O2, O5; X3
    *at("2022", "GM0384", {
        "overdrachten": 1,  # O3
        "overdrachten_en_afsluitingen": 2,  # and O6
        "casussen_uitgestroomd": 1,  # E3
        "aandeel_zonder_hermelding_2jaar": percent(1, 1),
        "aandeel_directe_veiligheid": percent(0, 1),
        "aandeel_structureel_veilig": percent(0, 0),
    }),
    *at("2022", "M", {"overdrachten": 1, "overdrachten ontvanger=LDH": 1}),  # O7
    *at("2022", "N", {"overdrachten": 0}),
    *at("2022", "K", {
        "casussen_uitgestroomd": 1,  # E1
        "aandeel_directe_veiligheid": percent(2, 2),
        "aandeel_structureel_veilig": percent(1, 2),
    }),
    *at("2022", "BUITEN", {
        "overdrachten": 0,
        "overdrachten_en_afsluitingen": 1,  # O4
        "casussen_uitgestroomd": 1,  # E2
        "huisverboden": 1,  # X2: the day before the first report of its casus
    }),
    *at("2021", "REGIO", {
        "overdracht_doorlooptijd_gemiddeld": part(45 / 7, 1),  # O1: 15 January → 1 March = 16 + 28 + 1 days
        "overdracht_doorlooptijd_gemiddeld ontvanger_groep=GI": part(45 / 7, 1),
        "aandeel_overdrachten_betrokken": percent(1, 1),
        "aandeel_huisverboden_hulpverlening": percent(0, 1),
    }),
    *at("2021", "K", {"overdrachten": 1, "huisverboden": 1}),  # O1, X1
    *at("2020", "A", {"casussen_uitgestroomd": 1, "aandeel_zonder_hermelding_2jaar": percent(1, 1)}),  # E4: 29 February → 28 February 2022
    *at("2022", "REGIO", {
        "meldingen": 4,  # F3, F4, F6, F7
        "meldingen betrokkenheid=eerste_melding": 1,  # F3
        "meldingen betrokkenheid=hermelding": 3,  # F4 (E3 was closed that same day); F6 and F7 after F5, neither of them before the other
        "meldingen betrokkenheid=vervolgmelding": 0,
    }),
    *at("2024", "REGIO", {
        "meldingen": 3,  # F2, F9, F11
        "meldingen urgentie=2": 1,  # F11 as changed
        "meldingen urgentie=3": 2,
        "meldingen betrokkenheid=eerste_melding": 3,  # F2: F1 is more than three years back
        "meldingen vorm_groep=partnergeweld": 0,  # went with F8
        "betrokkenen": 8,
        "betrokkenen geslacht=V": 3,
        "betrokkenen geslacht=O": 1,
        "betrokkenen leeftijd=0-3": 1,  # 2024 - 2021 = 3
        "betrokkenen leeftijd=4-11": 1,  # 2024 - 2013 = 11
        "betrokkenen leeftijd=12-17": 1,  # 2024 - 2012 = 12
        "betrokkenen leeftijd=18-22": 1,  # 2024 - 2002 = 22
        "betrokkenen leeftijd=23-64": 2,  # 2024 - 2001 = 23, 2024 - 1985 = 39
        "betrokkenen leeftijd=65+": 1,  # 2024 - 1959 = 65
        "betrokkenen leeftijd=ongeboren": 1,
        "vb_afgerond": 1,  # F9; the VB of F8 went with it
        "aandeel_vb_binnen_termijn": percent(1, 1),  # Fri 10 May → Fri 17 May: 13, 14, 15, 16, 17 = 5
    }),
    *at("2024", "GM0362", {"meldingen": 1, "meldingen melder=politie": 1, "betrokkenen": 2}),  # F9 as it was
    *at("2024", "GM0451", {"meldingen": 0}),
    *at("2024", "T", {"meldingen": 0}),  # where the bad F9 would have it
    *at("2024-02", "GM0451", {"vb_afgerond": 0}),
    *at("2024-05", "REGIO", {
        "vb_open": 5,  # F4, F5, F6, F7, F11
        "vb_open wachttijd=61+": 4,
        "vb_open wachttijd=21-60": 1,  # F11, Tue 2 April: 20 in April, 1-3, 6-8, 10, 13-17, 21-24, 27-31 May = 21 → 41
    }),
]  # fmt: skip

# What of the second registration cannot be held against the period before it. Its first report is of 1 March 2021, so that three years back
# are whole from 1 March 2024.
BREAKS = {
    ("meldingen", "2022-03", "BUITEN"): "weesp_2022",
    ("meldingen", "2022-04", "BUITEN"): "weesp_2022",  # held against March, a week of which is of after the change
    ("meldingen", "2022-05", "BUITEN"): None,
    ("meldingen", "2022", "REGIO"): None,  # Weesp was and is in it
    ("meldingen", "2023", "GM0363"): "weesp_2022",
    ("meldingen", "2024", "GM0363"): None,
    ("meldingen", "2023", "T"): "driemond_2022",
    ("meldingen", "2024", "TA01"): None,
    ("meldingen_per_1000_huishoudens", "2023", "REGIO"): "noemer_ontbreekt",
    ("meldingen_per_1000_huishoudens", "2024", "REGIO"): "noemer_ontbreekt",  # 2024 is whole, 2023 is not
    ("aandeel_hermeldingen", "2024", "REGIO"): "terugblik_niet_heel",  # held against 2023
    ("aandeel_hermeldingen", "2024-03", "REGIO"): "terugblik_niet_heel",  # held against February
    ("aandeel_hermeldingen", "2024-04", "REGIO"): None,
}

GOLDEN: dict[str, tuple[list[HandmadeDelivery], list[ExpectedFigure]]] = {
    "termijnen": ([TERMS], TERMS_EXPECTED),
    "gebieden": ([GEBIEDEN], GEBIEDEN_EXPECTED),
    "uitstroom": ([UITSTROOM, UITSTROOM_MUTATIES], UITSTROOM_EXPECTED),
}
