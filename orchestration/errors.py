"""The one kind of error that a user is shown as a sentence."""


class GebruikersFout(Exception):
    """Something that the reader of the message can mend; the message says what is wrong, where, and what to do."""
