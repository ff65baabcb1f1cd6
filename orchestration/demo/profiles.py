"""What the generator assumes where nothing was published: shares, rates and rhythms of a year, made up but plausible.

Published figures always win over these (``doelen``); these fill the remainder.
"""

from collections.abc import Mapping

GEMEENTEN = ("GM0358", "GM0362", "GM0363", "GM0384", "GM0437", "GM0451")
AMSTERDAM, WEESP = "GM0363", "GM0457"
BUITEN = "BUITEN"
WEESP_JOINS_AMSTERDAM = "2022-03-24"

# Reports per 1,000 households. What the publications say in words: 2024 Uithoorn, then Amsterdam; 2021 (and "earlier") Diemen, then
# Uithoorn; first half of 2019 Uithoorn.
MELDINGEN_PER_1000_GEMEENTE: Mapping[int, Mapping[str, float]] = {
    2016: {"GM0358": 9.5, "GM0362": 9.0, "GM0363": 12.3, "GM0384": 13.6, "GM0437": 8.0, "GM0451": 13.2},
    2017: {"GM0358": 10.5, "GM0362": 10.2, "GM0363": 14.3, "GM0384": 15.8, "GM0437": 9.2, "GM0451": 15.4},
    2018: {"GM0358": 13.0, "GM0362": 13.2, "GM0363": 18.2, "GM0384": 20.2, "GM0437": 11.8, "GM0451": 20.6},
    2019: {"GM0358": 16.5, "GM0362": 15.8, "GM0363": 21.0, "GM0384": 22.4, "GM0437": 13.5, "GM0451": 25.0},
    2020: {"GM0358": 15.2, "GM0362": 14.6, "GM0363": 19.7, "GM0384": 23.2, "GM0437": 12.6, "GM0451": 22.0},
    2021: {"GM0358": 14.0, "GM0362": 14.0, "GM0363": 17.5, "GM0384": 20.8, "GM0437": 11.0, "GM0451": 19.4},
    2022: {"GM0358": 14.2, "GM0362": 13.6, "GM0363": 17.2, "GM0384": 19.2, "GM0437": 10.2, "GM0451": 20.4},
    2023: {"GM0358": 13.6, "GM0362": 12.6, "GM0363": 16.4, "GM0384": 17.6, "GM0437": 9.4, "GM0451": 22.5},
    2024: {"GM0358": 9.6, "GM0362": 12.0, "GM0363": 16.9, "GM0384": 12.2, "GM0437": 8.2, "GM0451": 18.6},
    2025: {"GM0358": 9.6, "GM0362": 12.0, "GM0363": 16.9, "GM0384": 12.2, "GM0437": 8.2, "GM0451": 18.6},
}

# Relative rate per household of the stadsdelen; 2024 Zuidoost, Noord, Nieuw-West, and most reports from Nieuw-West; 2021 most
# reports from Nieuw-West, then Zuidoost, and Zuidoost the highest rate. Reports without stadsdeel count in Centrum.
STADSDEEL_RATE: Mapping[int, Mapping[str, float]] = {
    2021: {"A": 13.0, "B": 10.0, "E": 14.0, "F": 23.6, "K": 9.5, "M": 13.5, "N": 19.5, "S": 0.0, "T": 34.5},
    2022: {"A": 13.0, "B": 10.0, "E": 14.0, "F": 23.0, "K": 9.4, "M": 13.2, "N": 21.5, "S": 6.0, "T": 31.0},
    2024: {"A": 13.0, "B": 10.0, "E": 14.0, "F": 22.4, "K": 9.3, "M": 13.0, "N": 23.8, "S": 9.0, "T": 28.0},
}
STADSDEEL_UNKNOWN = 0.017
"""Of Amsterdam's reports: stadsdeel not filled in, beside those of Centrum itself."""

SHARE_BUITEN = 0.0075
SHARE_WITH_CHILDREN = {2016: 0.79, 2017: 0.78, 2018: 0.775, 2019: 0.77, 2020: 0.76, 2021: 0.75, 2022: 0.75, 2023: 0.748}

OTHER_GEMEENTEN = ("GM0394", "GM0439", "GM0034", "GM0479", "GM0402", "GM0599", "GM0518", "GM0392")

MELDER_GROUPS: Mapping[str, tuple[str, ...]] = {
    "onderwijs": ("basisonderwijs", "voortgezet_onderwijs", "onderwijs_anders", "leerplicht"),
    "gezondheidszorg": (
        "huisarts",
        "kinderarts",
        "geriater",
        "ziekenhuis",
        "ggz_jeugd",
        "ggz_volwassenen",
        "ggd",
        "gezondheidszorg_anders",
    ),
    "jeugd_en_lokaal": ("lokaal_team", "gecertificeerde_instelling", "jeugdzorg_anders", "kinderopvang"),
    "overige_professionals": ("justitie", "opvang", "beroepsmatig_anders"),
    "inwoners": (
        "betrokkene_jeugdige",
        "betrokkene_volwassene",
        "familielid",
        "sociaal_netwerk",
        "buurtbewoner",
        "vrijwilliger",
        "niet_beroepsmatig_anders",
    ),
}
PROFESSIONALS_BUT_POLICE = tuple(code for group, codes in MELDER_GROUPS.items() if group != "inwoners" for code in codes)
RESIDENTS = MELDER_GROUPS["inwoners"]
EDUCATION = MELDER_GROUPS["onderwijs"]

# Weights of reporters among the professionals other than police, by kind of household.
MELDER_WEIGHT: Mapping[bool, Mapping[str, float]] = {
    True: {
        "basisonderwijs": 22,
        "voortgezet_onderwijs": 10,
        "onderwijs_anders": 2,
        "leerplicht": 2.5,
        "huisarts": 4,
        "kinderarts": 3,
        "geriater": 0.05,
        "ziekenhuis": 17,
        "ggz_jeugd": 4,
        "ggz_volwassenen": 5.5,
        "ggd": 4,
        "gezondheidszorg_anders": 3,
        "lokaal_team": 7,
        "gecertificeerde_instelling": 4,
        "jeugdzorg_anders": 6,
        "kinderopvang": 2.5,
        "justitie": 1.5,
        "opvang": 2.5,
        "beroepsmatig_anders": 3,
    },
    False: {
        "basisonderwijs": 0.2,
        "voortgezet_onderwijs": 0.6,
        "onderwijs_anders": 0.4,
        "leerplicht": 0.1,
        "huisarts": 9,
        "kinderarts": 0.1,
        "geriater": 5,
        "ziekenhuis": 16,
        "ggz_jeugd": 0.5,
        "ggz_volwassenen": 13,
        "ggd": 8,
        "gezondheidszorg_anders": 12,
        "lokaal_team": 11,
        "gecertificeerde_instelling": 0.5,
        "jeugdzorg_anders": 0.5,
        "kinderopvang": 0.1,
        "justitie": 5,
        "opvang": 8,
        "beroepsmatig_anders": 10,
    },
}
RESIDENT_WEIGHT = (6, 34, 27, 9, 16, 2, 6)

# Share of police, of residents and of unknown reporters, by kind of household.
SHARE_POLICE: Mapping[bool, Mapping[int, float]] = {
    True: {2016: 0.80, 2017: 0.80, 2018: 0.78, 2019: 0.76, 2020: 0.75, 2021: 0.735, 2022: 0.735, 2023: 0.732, 2024: 0.73, 2025: 0.73},
    False: {2016: 0.90, 2017: 0.90, 2018: 0.92, 2019: 0.93, 2020: 0.915, 2021: 0.89, 2022: 0.90, 2023: 0.91, 2024: 0.885, 2025: 0.885},
}
SHARE_RESIDENTS: Mapping[int, float] = {2016: 0.017, 2017: 0.017, 2018: 0.017, 2019: 0.018, 2020: 0.022, 2021: 0.031}
SHARE_RESIDENTS_LATER = 0.03
SHARE_MELDER_UNKNOWN = 0.004

VORM_GROUPS = (
    "kindermishandeling",
    "andere_problematiek",
    "overig_huiselijk_geweld",
    "geweld_tegen_ouders",
    "ouderenmishandeling",
    "partnergeweld",
)
"""In the order in which they are dealt out: what stands last is combined with what stands first."""
SHARE_VORM: Mapping[bool, tuple[float, ...]] = {
    True: (0.58, 0.15, 0.12, 0.047, 0.008, 0.38),
    False: (0.012, 0.06, 0.24, 0.07, 0.075, 0.62),
}
SHARE_WITHOUT_VORM = 0.025
VORMEN: Mapping[str, tuple[tuple[str, float], ...]] = {
    "kindermishandeling": (("km_kindcheck", 0.33), ("km_vechtscheiding", 0.17), ("km_anders", 0.5)),
    "andere_problematiek": (("andere_problematiek", 1.0),),
    "overig_huiselijk_geweld": (("eergerelateerd", 0.07), ("huwelijksdwang_achterlating", 0.02), ("hg_anders", 0.91)),
    "geweld_tegen_ouders": (("geweld_tegen_ouders", 1.0),),
    "ouderenmishandeling": (("ouderenmishandeling", 1.0),),
    "partnergeweld": (("partnergeweld", 1.0),),
}

AARDEN = (
    "lichamelijke_mishandeling",
    "lichamelijke_verwaarlozing",
    "psychisch_geweld",
    "affectieve_verwaarlozing",
    "pedagogische_verwaarlozing",
    "seksueel_misbruik",
    "financiele_uitbuiting",
    "getuige",
    "munchhausen_by_proxy",
    "vrouwelijke_genitale_verminking",
    "anders_onveilig",
    "anders_niet_onveilig",
)
# Chance of each nature: with child abuse, with other violence only, with other problems only.
AARD_CHANCE: Mapping[str, tuple[float, ...]] = {
    "kindermishandeling": (0.28, 0.09, 0.42, 0.12, 0.13, 0.045, 0.003, 0.46, 0.001, 0.003, 0.06, 0.02),
    "geweld": (0.52, 0.03, 0.55, 0.02, 0.0, 0.025, 0.04, 0.0, 0.0, 0.0, 0.08, 0.03),
    "anders": (0.03, 0.04, 0.12, 0.02, 0.0, 0.005, 0.02, 0.0, 0.0, 0.0, 0.18, 0.42),
}

URGENTIE_CHANCE = (0.06, 0.22, 0.46, 0.26)

# Rhythm: weight of Monday … Sunday, and of a day in the school holidays, by kind of reporter.
WEEK_RHYTHM: Mapping[str, tuple[float, ...]] = {
    "politie": (1.18, 1.02, 0.98, 0.98, 0.98, 0.90, 0.96),
    "onderwijs": (1.05, 1.15, 1.1, 1.15, 0.95, 0.01, 0.01),
    "professionals": (1.12, 1.1, 1.05, 1.05, 0.95, 0.14, 0.12),
    "inwoners": (1.2, 1.1, 1.05, 1.0, 0.95, 0.5, 0.5),
}
HOLIDAY_RHYTHM = {"politie": 0.96, "onderwijs": 0.06, "professionals": 0.82, "inwoners": 0.95}
EDUCATION_BEFORE_HOLIDAY = 1.45
MONTH_RHYTHM = (1.0, 0.98, 1.03, 1.0, 1.04, 1.05, 0.98, 0.95, 1.02, 1.01, 1.0, 0.96)
# Hours 0 … 23 at which reports come in.
HOUR_RHYTHM: Mapping[str, tuple[float, ...]] = {
    "politie": (5, 4, 3, 2.5, 2, 1.5, 1.5, 2, 3, 4, 4.5, 4.5, 4.5, 4.5, 4.5, 5, 5.5, 6, 6.5, 7, 7, 6.5, 6, 5.5),
    "professionals": (0.1, 0.05, 0.05, 0.05, 0.05, 0.1, 0.2, 1, 5, 10, 12, 11, 8, 10, 12, 12, 10, 5, 1.5, 0.8, 0.6, 0.5, 0.4, 0.2),
    "inwoners": (1, 0.6, 0.4, 0.3, 0.3, 0.3, 0.5, 1, 4, 8, 9, 8, 7, 8, 8, 7, 7, 6, 6, 6, 5, 4, 3, 2),
}

# Safety assessments, by year of receipt: share decided within five working days; mean working days of the others.
VB_IN_TIME = {2016: 0.60, 2017: 0.74, 2018: 0.66, 2019: 0.60, 2020: 0.52, 2021: 0.50, 2022: 0.41, 2023: 0.36, 2024: 0.33, 2025: 0.36}
VB_WAIT = {2016: 15.0, 2017: 10.0, 2018: 11.0, 2019: 12.0, 2020: 11.5, 2021: 12.0, 2022: 27.0, 2023: 45.0, 2024: 50.0, 2025: 44.0}
VB_OUTCOMES = ("acuut", "structureel", "eenmalig", "andere_leefdomeinen", "geen_zorgen")
VB_OUTCOME_CHANCE = (0.05, 0.71, 0.11, 0.08, 0.05)

DIENST_CHANCE = {"voorwaarden_vervolg": 0.125, "onderzoek": 0.045}
DIENST_IN_TIME = {2016: 0.62, 2017: 0.70, 2018: 0.66, 2019: 0.63, 2020: 0.62, 2021: 0.56, 2022: 0.48, 2023: 0.42, 2024: 0.40, 2025: 0.40}

# Days between two contacts with a waiting household.
CONTACT_INTERVAL = {2016: 90, 2017: 90, 2018: 80, 2019: 70, 2020: 60, 2021: 45, 2022: 40, 2023: 34, 2024: 22, 2025: 15}

# Outflow: rows per year where no total was published, and the shares of the kinds of outflow beside the transfers to named receivers.
UITSTROOM_TOTAL = {2016: 5150, 2017: 6300, 2018: 8000, 2019: 9300, 2020: 9020, 2021: 7994, 2022: 7760, 2023: 7480, 2024: 7910}
UITSTROOM_KINDS = ("overige_hulpverlening", "clientsysteem", "geen_vervolg")
UITSTROOM_CHANCE: Mapping[int, tuple[float, ...]] = {
    2016: (0.20, 0.19, 0.11),
    2017: (0.20, 0.19, 0.11),
    2018: (0.20, 0.20, 0.11),
    2019: (0.20, 0.21, 0.10),
    2020: (0.19, 0.23, 0.10),
    2021: (0.19, 0.30, 0.10),
    2022: (0.19, 0.33, 0.11),
    2023: (0.18, 0.37, 0.13),
    2024: (0.17, 0.39, 0.15),
}
ONTVANGER_GROUPS: Mapping[str, tuple[str, ...]] = {
    "GI": ("JBRA", "LDH", "WSS", "GI_ANDERS"),
    "BLIJVEND_VEILIG": ("BLIJVEND_VEILIG",),
    "LOKAAL_TEAM_AMSTERDAM": ("OKT", "BUURTTEAM", "SAMENDOEN"),
    "LOKAAL_TEAM_REGIO": ("LT_AALSMEER", "LT_AMSTELVEEN", "LT_DIEMEN", "LT_OUDER_AMSTEL", "LT_UITHOORN"),
}
REGIEHOUDEND = tuple(code for codes in ONTVANGER_GROUPS.values() for code in codes)
# Shares of the total and share already involved, before 2020 (no figures were published).
REGIEHOUDEND_BEFORE_2020: Mapping[str, tuple[float, float]] = {
    "JBRA": (0.125, 0.76),
    "LDH": (0.006, 0.82),
    "WSS": (0.028, 0.83),
    "GI_ANDERS": (0.001, 0.75),
    "OKT": (0.125, 0.42),
    "SAMENDOEN": (0.125, 0.41),
    "LT_AALSMEER": (0.012, 0.46),
    "LT_AMSTELVEEN": (0.041, 0.52),
    "LT_DIEMEN": (0.011, 0.4),
    "LT_OUDER_AMSTEL": (0.005, 0.5),
    "LT_UITHOORN": (0.013, 0.6),
}
RVDK = {2016: 48, 2017: 52, 2018: 55, 2019: 58, 2020: 59, 2021: 72, 2022: 84, 2023: 95, 2024: 107}
OTHER_CARE: Mapping[str, float] = {
    "POLITIE_OM": 3,
    "JEUGDHULP": 17,
    "VROUWENOPVANG": 11,
    "MAATSCHAPPELIJKE_OPVANG": 4,
    "GGZ_JEUGD": 6,
    "GGZ_VOLWASSENEN": 12,
    "THUISZORG": 2,
    "VERSLAVINGSZORG": 5,
    "HUISARTS": 6,
    "AMBULANT_VOLWASSENEN": 8,
    "HULP_AANWEZIG": 14,
    "HUISVERBOD": 3,
    "HULP_ANDERS": 9,
}
GEMEENTE_OF_TEAM = {
    "OKT": "GM0363",
    "BUURTTEAM": "GM0363",
    "SAMENDOEN": "GM0363",
    "LT_AALSMEER": "GM0358",
    "LT_AMSTELVEEN": "GM0362",
    "LT_DIEMEN": "GM0384",
    "LT_OUDER_AMSTEL": "GM0437",
    "LT_UITHOORN": "GM0451",
}

HUISVERBODEN = {2016: 268, 2017: 281, 2018: 304, 2019: 322, 2020: 341, 2021: 318, 2022: 309, 2023: 326, 2024: 333, 2025: 33}
HUISVERBOD_APPLICANT = {"politie": 0.82, "veilig_thuis": 0.13, "hulpverlening": 0.05}

# Requests for advice.
SHARE_ADVIES_BUITEN = {2016: 0.30, 2017: 0.31, 2018: 0.33, 2019: 0.34, 2020: 0.37, 2021: 0.387, 2022: 0.39, 2023: 0.40}
SHARE_ADVIES_ANONYMOUS = 0.62
"""Of the requests whose gemeente is not registered."""
ADVIES_GROUP: Mapping[str, float] = {
    "politie": 1.5,
    "onderwijs": 17,
    "gezondheidszorg": 17,
    "jeugd_en_lokaal": 16,
    "overige_professionals": 7,
    "inwoners": 39,
    "onbekend": 2.5,
}
ADVIES_VORM_CHANCE = (0.49, 0.09, 0.13, 0.04, 0.05, 0.33)
CHANNELS = ("telefoon", "chat", "mail", "anders")
