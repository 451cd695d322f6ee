"""Events that every service publishes alike, each under its own name; no fact describes a person."""

from typing import ClassVar

from shared.events import Facts


class CaseClaimed(Facts):
    """A case that was taken for its resident became their own: they see it and act on it from here on."""

    type: ClassVar[str] = "case-claimed"
    plainly: ClassVar[str] = "You added your case to your account"
    resident: str  # the id of the resident, to show them their case


class MailReceived(Facts):
    """A mail that quotes the case came in, and is kept with it; an `automatic` one is a machine's."""

    type: ClassVar[str] = "mail-received"
    plainly: ClassVar[str] = "A mail about your case reached us"
    automatic: bool


OF_EVERY_SERVICE = (CaseClaimed, MailReceived)
