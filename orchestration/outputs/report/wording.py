"""How indicators and what they are of are named in the sentences and notes of the report. Definitions and names: the catalogue."""

from typing import Final

from orchestration.outputs.report.sentences import Wording
from orchestration.outputs.words import TOOK_AND_WAITED

_COUNT, _SHARE, _TIME, _LEVEL = "aantal", "aandeel", "duur", "peil"

WORDINGS: Final = {
    "meldingen": Wording("meldingen", _COUNT),
    "adviesvragen": Wording("adviesvragen", _COUNT),
    "meldingen_per_1000_huishoudens": Wording("meldingen per 1.000 huishoudens", _COUNT),
    "aandeel_meldingen_vorm": Wording("meldingen met deze vorm van geweld", _SHARE),
    "aandeel_hermeldingen": Wording("hermeldingen", _SHARE),
    "vb_doorlooptijd_gemiddeld": Wording("doorlooptijd van een veiligheidsbeoordeling", _TIME),
    "vb_doorlooptijd_mediaan": Wording("doorlooptijd van een veiligheidsbeoordeling", _TIME, "de mediane"),
    "wachttijd_vb_mediaan_instroom": Wording("wachttijd van ontvangen meldingen", _TIME, "de mediane"),
    "aandeel_vb_binnen_termijn": Wording("veiligheidsbeoordelingen binnen vijf werkdagen", _SHARE),
    "aandeel_vb_binnen_termijn_instroom": Wording("ontvangen meldingen met een oordeel binnen vijf werkdagen", _SHARE),
    "aandeel_acuut_binnen_2_uur": Wording("meldingen met een oordeel over acuut gevaar binnen twee uur", _SHARE),
    "dienst_doorlooptijd_gemiddeld": Wording("doorlooptijd van een dienst", _TIME),
    "aandeel_diensten_binnen_termijn": Wording("diensten afgesloten binnen tien weken", _SHARE),
    "vb_open": Wording("openstaande veiligheidsbeoordelingen", _COUNT),
    "vb_open_over_termijn": Wording("openstaande veiligheidsbeoordelingen over de termijn", _COUNT),
    "vb_open_zonder_zicht": Wording("openstaande veiligheidsbeoordelingen zonder zicht op veiligheid", _COUNT),
    "diensten_open": Wording("openstaande diensten", _COUNT),
    "diensten_open_over_termijn": Wording("openstaande diensten over de termijn", _COUNT),
    "overdrachten": Wording("overdrachten", _COUNT),
    "overdrachten_en_afsluitingen": Wording("overdrachten en afsluitingen", _COUNT),
    "aandeel_inwoners_instroom": Wording("meldingen en adviesvragen van inwoners", _SHARE),
    "aandeel_professionals_niet_politie": Wording("meldingen en adviesvragen van professionals zonder de politie", _SHARE),
    "aandeel_zonder_hermelding_2jaar": Wording("casussen zonder nieuwe melding binnen twee jaar na sluiting", _SHARE),
    "aandeel_structureel_veilig": Wording("gevolgde huishoudens met structurele veiligheid", _SHARE),
    "aandeel_directe_veiligheid": Wording("gevolgde huishoudens met directe veiligheid", _SHARE),
    "huisverboden": Wording("tijdelijke huisverboden", _COUNT),
    "vb_instroom_min_afgerond": Wording("verschil tussen meldingen en afgeronde veiligheidsbeoordelingen", _LEVEL, "het"),
    "formatie_fte": Wording("formatie", _LEVEL),
    "bezetting_fte": Wording("bezetting", _LEVEL),
    "verzuim_procent": Wording("ziekteverzuim", _LEVEL, "het"),
    "vb_afgerond_per_fte": Wording("afgeronde veiligheidsbeoordelingen per bezette formatieplaats", _COUNT),
}
"""Indicator → its wording. An indicator of the report has one; a test holds that."""

OF_GROUPS: Final = {
    ("meldingen", "met_kinderen"): Wording("meldingen over huishoudens met kinderen", _COUNT),
    ("meldingen", "zonder_kinderen"): Wording("meldingen over huishoudens zonder kinderen", _COUNT),
    ("meldingen", "eerste_melding"): Wording("eerste meldingen", _COUNT),
    ("meldingen", "hermelding"): Wording("hermeldingen", _COUNT),
    ("meldingen", "vervolgmelding"): Wording("vervolgmeldingen", _COUNT),
    ("dienst_doorlooptijd_gemiddeld", "voorwaarden_vervolg"): Wording("doorlooptijd van de dienst Voorwaarden & Vervolg", _TIME),
    ("dienst_doorlooptijd_gemiddeld", "onderzoek"): Wording("doorlooptijd van de dienst Onderzoek", _TIME),
    ("aandeel_diensten_binnen_termijn", "voorwaarden_vervolg"): Wording(
        "diensten Voorwaarden & Vervolg afgesloten binnen tien weken", _SHARE
    ),
    ("aandeel_diensten_binnen_termijn", "onderzoek"): Wording("diensten Onderzoek afgesloten binnen tien weken", _SHARE),
    ("overdrachten_en_afsluitingen", "regiehoudend"): Wording("overdrachten aan regiehoudende partijen", _COUNT),
    ("overdrachten_en_afsluitingen", "overige_hulpverlening"): Wording("overdrachten aan overige hulpverlening", _COUNT),
    ("overdrachten_en_afsluitingen", "clientsysteem"): Wording("overdrachten aan het cliëntsysteem", _COUNT),
    ("overdrachten_en_afsluitingen", "geen_vervolg"): Wording("afsluitingen zonder vervolg", _COUNT),
}
"""Groups that have a name of their own in a sentence: indicator and category → wording."""

ROWS: Final = {
    "gemeente": ("Gemeente", "gemeenten"),
    "stadsdeel": ("Stadsdeel", "stadsdelen"),
    "wijk": ("Wijk", "wijken"),
    "buurt": ("Buurt", "buurten"),
    "huishouden": ("Huishouden", "huishoudens"),
    "melder": ("Melder", "melders"),
    "melder_groep": ("Groep melders", "groepen melders"),
    "vorm_groep": ("Vorm van geweld", "vormen van geweld"),
    "huishouden|melder": ("Melder", "melders"),
    "huishouden|melder_groep": ("Groep melders", "groepen melders"),
    "huishouden|vorm_groep": ("Vorm van geweld", "vormen van geweld"),
    "betrokkenheid": ("Eerdere betrokkenheid", "groepen"),
    "urgentie": ("Urgentie", "urgenties"),
    "vb_uitkomst": ("Uitkomst", "uitkomsten"),
    "dienst_soort": ("Dienst", "diensten"),
    "wachttijd": ("Wachttijd", "wachttijden"),
    "ontvanger": ("Ontvanger", "ontvangers"),
    "ontvanger_groep": ("Groep ontvangers", "groepen ontvangers"),
    "ontvanger|betrokken": ("Ontvanger", "ontvangers"),
    "ontvanger_groep|betrokken": ("Groep ontvangers", "groepen ontvangers"),
    "betrokken": ("Ontvanger al betrokken", "groepen"),
    "uitstroom_soort": ("Soort uitstroom", "soorten uitstroom"),
    "leeftijd": ("Leeftijd", "leeftijden"),
}
"""What rows are, as the head of a column, and several of them in a sentence."""

NOTES: Final = {
    "buiten": "Huishoudens die buiten de regio wonen of van wie de gemeente onbekend is, tellen mee in het totaal van de regio en in geen"
    " gemeente.",
    "anoniem": "Bij een anonieme adviesvraag is de gemeente onbekend.",
    "meer_dan_100": "Een melding kan meer vormen van geweld hebben; de aandelen tellen samen op tot meer dan 100%.",
    "doorlooptijd": "De doorlooptijd is pas bekend als de beoordeling of dienst klaar is. Wie nog wacht, telt er niet in mee; worden veel"
    " oude wachtenden geholpen, dan stijgt het gemiddelde.",
    "twee_tijden": TOOK_AND_WAITED,
    "instroom_min_afgerond": "Boven nul kwam er meer binnen dan er besloten is en groeit de werkvoorraad; onder nul krimpt zij. Een melding"
    " telt in de periode van ontvangst, een besluit in die van het besluit.",
    "fte": "Van alle teams samen; van een langere periode het gemiddelde van de maanden waarvan het bekend is.",
    "per_fte": "Alleen als van elke maand van de periode de bezetting bekend is. Formatieplaatsen doen meer dan veiligheidsbeoordelingen:"
    " het cijfer zegt niet hoe hard er gewerkt wordt.",
    "verzuim": "Gewogen naar bezetting, over de teams en maanden waarvan het bekend is.",
    "huishoudens": "Per 1.000 particuliere huishoudens op 1 januari van het jaar (CBS). Waar dat aantal ontbreekt, ontbreekt het cijfer.",
    "voorraad": "De stand op de laatste dag van de maand.",
    "regie": "Regiehoudende partijen zijn de gecertificeerde instellingen, Blijvend Veilig en de lokale teams.",
    "geen_clientsysteem": "Overdrachten aan het cliëntsysteem en afsluitingen zonder vervolg tellen hier niet mee.",
    "volgen": "Van huishoudens die gevolgd zijn en van wie het antwoord bekend is.",
    "twee_jaar": "Alleen casussen waarvan de twee jaar voor de peildatum om waren.",
    "terugblik": "Eerder is: in de drie jaar ervoor, over hetzelfde huishouden of een betrokkene ervan.",
    "buurten": "Bij elke wijk staan de buurten met een getoond cijfer, en hoeveel buurten verborgen zijn.",
    "termijn_vb": "De wettelijke termijn van een veiligheidsbeoordeling is vijf werkdagen.",
    "termijn_dienst": "De wettelijke termijn van een dienst is tien weken vanaf de veiligheidsbeoordeling.",
}
"""Notes under a figure."""
