"""What stands on the page, in Dutch: its readers are policy readers."""

from orchestration.disclosure.publish import NONE
from orchestration.outputs.words import MEANT, UNFINISHED, WORDS
from orchestration.standing import CAREFUL, GOOD, STALE

SUBJECTS = {
    "instroom": ("Instroom", ("instroom",)),
    "wachten": ("Wachten", ("termijnen", "werkvoorraad")),
    "capaciteit": ("Capaciteit", ("capaciteit",)),
    "uitstroom": ("Uitstroom", ("uitstroom",)),
    "effect": ("Effect", ("effect",)),
}
"""Subject of the page: its name, and the subjects of the catalogue that are in it."""

AREA_KINDS = {
    "regio": "Regio",
    "gemeente": "Gemeente",
    "buiten": "Buiten de regio of onbekend",
    "stadsdeel": "Stadsdeel",
    "wijk": "Wijk",
    "buurt": "Buurt",
}
PERIOD_KINDS = {"jaar": "Jaar", "halfjaar": "Halfjaar", "kwartaal": "Kwartaal", "maand": "Maand"}

TITLE = "Veilig Thuis in cijfers"
CONTROLS = {
    "onderwerp": "Onderwerp",
    "cijfer": "Cijfer",
    "uitsplitsing": "Uitsplitsing",
    "soort_gebied": "Soort gebied",
    "gebied": "Gebied",
    "gebieden": "Gebieden",
    "periode": "Periode",
    "bereik": "Van en tot en met",
}
"""The controls by the name that they have in the address."""
CHOOSE = "Kies er een of meer"
TOTAL = "Geen: het totaal"
CHOOSE_AREA = "Kies links een of meer gebieden."
CONTROLS_HINT = "Andere keuzes: het pijltje linksboven."

PUBLIC = "Cijfers die naar buiten mogen"
INTERN = "Intern, niet voor verspreiding"
INTERN_WHY = "Exacte cijfers, ook kleine: een 1 kan een gezin zijn dat iemand kent. Geef deze pagina en wat erop staat niet door."
LOCKED = "Deze pagina heeft exacte cijfers en gaat alleen open met het hele adres dat `vt dashboard --intern` noemde."
STAND = "Stand van de registratie: {peildatum}"
STAND_UNKNOWN = "onbekend"
RELEASE = "Release {release}"
NEWER = "Er is een nieuwere release, {release}. Deze pagina toont nog {old}, zodat alle cijfers erop bij elkaar horen."
SHOW_NEWER = "Toon de nieuwe"
BROKEN = "Deze pagina kan dit nu niet tonen. {why}"

STANDING = {
    GOOD: "<b>Kwaliteit: goed.</b>",
    CAREFUL: '<b class="let-op">Let op.</b> {reason}.',
    STALE: '<b class="let-op">Verouderd.</b> {reason}.',
}
"""How good a figure is, by ``kwaliteit``."""
CHECKED = "<b>Controles.</b> {total} controles bij deze release: {outcomes}."
OUTCOMES = {
    "geslaagd": "geslaagd",
    "gewaarschuwd": "met een waarschuwing",
    "bekend": "bekende fouten",
    "niet_te_beoordelen": "nog niet te beoordelen",
    "niet_uitgevoerd": "niet uitgevoerd",
    "gefaald": "gefaald",
}
PROTECTED = "<b>Bescherming.</b> Gecontroleerd voor het naar buiten ging. {note}. Alleen perioden die om zijn."
DEFINITION = "<b>Wat dit cijfer betekent.</b> {definition}."

RUNNING = "loopt nog"
NOTHING_TO_SHOW = WORDS[NONE]
LEGEND_RUNNING = "<b>Loopt nog</b>: de periode was op de peildatum niet om; het cijfer groeit nog en hoort niet in de lijn."
LEGENDS = {word: f"<b>{word}</b>: {MEANT[status]}." for status, word in WORDS.items()}
LEGEND_UNFINISHED = f"<b>{UNFINISHED}</b>, met een ring in de grafiek: {{meant}}."
DIFFERENT = "<b>Doorlooptijd en wachttijd.</b> {why}"
LEGEND_BREAK = "<b>{letter}</b> Niet te vergelijken met de vorige periode: {reason}."
LEGEND_GAP = "<b>×</b> in de grafiek: hier is geen cijfer te tonen; de tabel zegt waarom."
MOST = "De grafiek toont de eerste {shown} van {total}; de tabel heeft ze alle."
PERIOD_HEAD, BREAK = "Periode", "Breuk"
DESCRIPTION = "Grafiek van {figure}, per {period}. Alle getallen staan in de tabel ernaast."
