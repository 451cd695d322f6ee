"""Rules of inbound text messages: who wrote one, and what a word that telephones know asks for."""

import re

from shared.cases.contact import e164
from shared.cases.mail.mails import Sender
from shared.text import compared

# The words by which people end messages to their telephones, alone in a text (GSMA, "STOP").
STOP_WORDS = frozenset({"stop", "stopall", "stop all", "unsubscribe", "quit", "end", "cancel", "opt out"})
NOT_A_LETTER = re.compile(r"[^\w\s]")
NO_MORE_TEXTS = "Please send me no more text messages"
"""The subject of an enquiry that asks for this; an officer corrects how to reach its writer."""


def number_of(source: str) -> str | None:
    """The number of a text's writer in E.164, which Notify gives without its plus sign; None for no number.

    A short code, or a name in the place of a number, is a machine's, and nobody can answer it.
    """
    digits = "".join(source.split())
    is_international = digits.isdecimal() and not digits.startswith("0")
    return e164(f"+{digits}" if is_international else digits)


def writer_of(number: str | None) -> Sender:
    """Tell a person's text from a machine's."""
    return Sender.MACHINE if number is None else Sender.PERSON


def asks_to_stop(words: str) -> bool:
    """Tell a text that asks for no more texts, and says nothing else."""
    return " ".join(NOT_A_LETTER.sub(" ", compared(words)).split()) in STOP_WORDS
