"""Events that every service publishes alike, each under its own name; no fact describes a person."""

from typing import ClassVar

from shared.events import LETTER_ARRIVED, LETTER_RETURNED, STAFF_NOT_TOLD, STAFF_TOLD, Facts


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


class TextReceived(Facts):
    """A text message that quotes the case came in, and is kept with it."""

    type: ClassVar[str] = "text-received"
    plainly: ClassVar[str] = "A text message about your case reached us"


class LetterReturned(Facts):
    """A letter about the case came back, of which of its events if any; `given_up`: no form of it is left."""

    type: ClassVar[str] = LETTER_RETURNED
    plainly: ClassVar[str] = "A letter about your case did not reach you"
    about: int | None
    given_up: bool


class LetterArrived(Facts):
    """A letter about the case that had come back reached its reader after all."""

    type: ClassVar[str] = LETTER_ARRIVED
    plainly: ClassVar[str] = "Our letter reached you after all"
    about: int | None


class StaffNotTold(Facts):
    """Nobody of the staff could be told of something about the case: a notice of that `kind` failed for good.

    `tried` says by which channels, in order; `at_once` that it could not wait.
    """

    type: ClassVar[str] = STAFF_NOT_TOLD
    plainly: ClassVar[str] = "A message to our staff about your case reached nobody"
    for_staff: ClassVar[bool] = True
    kind: str
    tried: list[str]
    at_once: bool


class StaffTold(Facts):
    """Somebody of the staff knows of what nobody could be told of."""

    type: ClassVar[str] = STAFF_TOLD
    plainly: ClassVar[str] = "A message to our staff about your case was read"
    for_staff: ClassVar[bool] = True


OF_EVERY_SERVICE = (
    *(CaseClaimed, MailReceived, TextReceived),
    *(LetterReturned, LetterArrived, StaffNotTold, StaffTold),
)
