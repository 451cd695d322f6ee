"""The texts that are written to and fro about an enquiry, and the letters among them."""

from collections.abc import Mapping
from enum import StrEnum
from html import escape

from services.enquiries.events import Service


class MessageKind(StrEnum):
    """A text of the enquirer's, of a machine that writes for them, or of ours."""

    EMAIL = "email"
    TEXT = "text"
    REPLY = "reply"
    AUTOMATIC_REPLY = "automatic_reply"
    HOLDING_REPLY = "holding_reply"
    REFERRAL = "referral"
    NEED = "need"
    EXTENSION = "extension"
    RESPONSE = "response"


LETTERS: Mapping[MessageKind, str] = {
    MessageKind.HOLDING_REPLY: "Our answer takes longer",
    MessageKind.REFERRAL: "We passed your enquiry on",
    MessageKind.NEED: "What we need from you",
    MessageKind.EXTENSION: "We need longer to answer",
    MessageKind.RESPONSE: "Our answer",
}
"""The texts that are sent as letters, with their subjects."""

REPLY = "Your reply"

SPOKEN_OF: Mapping[Service, str] = {
    Service.REPAIRS: "our repairs team",
    Service.ESTATES: "our estates team",
    Service.RESIDENTS: "our resident services team",
    Service.ASB: "our anti-social behaviour team",
    Service.COMPLAINTS: "our complaints team",
    Service.ENQUIRIES: "our enquiries team",
    Service.OTHER: "another service",
}
"""The services as letters name them."""


def letter_of(text: str, *, reference: str, name: str | None, until: str | None, signed: str) -> str:
    """The text of a letter: what was written, as it was typed, between a greeting and a signature."""
    parts = (
        f"Dear {name or 'Sir or Madam'},",
        text,
        f"You will have our full answer by {until}." if until else "",
        f"Your reference is {reference}. Please give it when you write to us again.",
        f"Yours sincerely,\n{signed}",
    )
    return "\n\n".join(filter(None, parts))


def as_html(subject: str, text: str) -> str:
    """A letter as HTML, in which nothing that was typed is markup."""
    paragraphs = (f"<p>{'<br>'.join(escape(each).splitlines())}</p>" for each in text.split("\n\n"))
    head = f'<head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
    return f'<!DOCTYPE html>\n<html lang="en">\n{head}\n<body>\n{"".join(paragraphs)}\n</body>\n</html>\n'
