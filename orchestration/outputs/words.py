"""How outputs for people write figures: units, what is not shown and what that means, and what has to be known of waiting times."""

from typing import Final

from orchestration.disclosure.publish import HIDDEN, MISSING, NONE

NOWHERE: Final = "geen_cijfer"
"""Status of a figure of which the release has no row."""
UNDETERMINED: Final = "niet_te_bepalen"
"""Status of an exact figure that follows from nothing, though all is there."""
WORDS: Final = {HIDDEN: "verborgen", MISSING: "ontbreekt", NONE: "n.v.t.", NOWHERE: "geen cijfer", UNDETERMINED: "niet te bepalen"}
MEANT: Final = {
    HIDDEN: "te klein om te tonen, of nodig om een klein aantal te beschermen; nul is er niet van te onderscheiden",
    MISSING: "een gegeven waarmee het berekend wordt, is er niet",
    NONE: "dit gebied of deze waarde bestond toen niet",
    NOWHERE: "over deze periode staat er niets in de release",
    UNDETERMINED: "een aandeel of gemiddelde van niets, of een wachttijd die op de peildatum nog niet bereikt was",
}

IN_UNIT: Final = {"werkdagen": " werkdagen", "weken": " weken", "fte": " fte"}
"""The unit behind a number in a sentence."""

TOOK: Final = ("vb_doorlooptijd_mediaan", "vb_doorlooptijd_p90")
"""Working days to the decision, of what was decided in a period."""
WAITED: Final = ("wachttijd_vb_mediaan_instroom", "wachttijd_vb_p90_instroom")
"""The same of all that came in in a period; the second says when nearly all are decided."""
TOOK_AND_WAITED: Final = (
    "De doorlooptijd is pas bekend als een beoordeling klaar is, en telt in de periode van het besluit. Zij stijgt als de wachtlijst wordt"
    " weggewerkt (zo ook de Jaarcijfers 2024 van Veilig Thuis, hoofdstuk 2, Wettelijke termijnen), en daalt als wie lang wacht blijft"
    " liggen. De wachttijd telt alle meldingen, in de periode van ontvangst, ook wie nog wacht. Wachtten er op de peildatum nog te veel,"
    " dan is zij niet te bepalen en staat er geen getal."
)
"""Why the two differ."""
UNFINISHED: Final = "nog niet af"
"""Mark of a waiting time of a period of which some still wait."""
STILL_WAIT: Final = (
    "van de meldingen uit die periode wachtten er op de peildatum nog op een besluit; de wachttijd is een schatting, die nog kan veranderen"
)
MAY_STILL_WAIT: Final = (
    "op de peildatum was sinds het eind van die periode minder tijd om dan het negentigste percentiel van de wachttijd, of was dat nog niet"
    " te bepalen; waarschijnlijk wachtten er nog meldingen, en de wachttijd is een schatting, die nog kan veranderen"
)
"""What the mark means, of exact figures and of what leaves: how many wait is not published by the period in which they came."""
