"""Rules of inbound text messages: who wrote one, and what a word that telephones know asks for."""

import re

from shared.cases.mail.mails import Sender
from shared.text import compared

# The words by which people end messages to their telephones; "cancel" is not one: it may mean a visit.
STOP_WORDS = frozenset({"stop", "stopall", "stop all", "unsubscribe", "quit", "end", "opt out"})
NOT_A_LETTER = re.compile(r"[^\w\s]")
NO_MORE_TEXTS = "Please send me no more text messages"
"""The subject of an enquiry that asks for this; an officer corrects how to reach its writer."""


def writer_of(number: str | None) -> Sender:
    """Tell a person's text from a machine's."""
    return Sender.MACHINE if number is None else Sender.PERSON


def asks_to_stop(words: str) -> bool:
    """Tell a text that asks for no more texts, and says nothing else."""
    return " ".join(NOT_A_LETTER.sub(" ", compared(words)).split()) in STOP_WORDS
