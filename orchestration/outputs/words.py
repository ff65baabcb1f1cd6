"""How outputs for people write a figure that is not shown, and what that means: one word and one sentence for each status."""

from typing import Final

from orchestration.disclosure.publish import HIDDEN, MISSING, NONE

NOWHERE: Final = "geen_cijfer"
"""Status of a figure of which the release has no row."""
WORDS: Final = {HIDDEN: "verborgen", MISSING: "ontbreekt", NONE: "n.v.t.", NOWHERE: "geen cijfer"}
MEANT: Final = {
    HIDDEN: "te klein om te tonen, of nodig om een klein aantal te beschermen; nul is er niet van te onderscheiden",
    MISSING: "een gegeven waarmee het berekend wordt, is er niet",
    NONE: "dit gebied of deze waarde bestond toen niet",
    NOWHERE: "over deze periode staat er niets in de release",
}
