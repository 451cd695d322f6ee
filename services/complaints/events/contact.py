"""Events of how the complainant is kept informed, and reached."""

from typing import ClassVar

from services.complaints.events.values import Interval
from shared.events import Date, Facts


class UpdateIntervalAgreed(Facts):
    """The complainant agreed at which intervals we keep them informed (Code, 5.9)."""

    type: ClassVar[str] = "complaints.update-interval-agreed"
    plainly: ClassVar[str] = "We agreed with you how often you hear from us"
    every: Interval


class UpdateGiven(Facts):
    """The complainant was told by letter how far we are with a late reply or a remedy."""

    type: ClassVar[str] = "complaints.update-given"
    plainly: ClassVar[str] = "We told you how far we are"
    by_letter: ClassVar[bool] = True


class AdjustmentsAgreed(Facts):
    """Reasonable adjustments are in force, anew or still, and reviewed by that day (Code, 5.10)."""

    type: ClassVar[str] = "complaints.adjustments-agreed"
    plainly: ClassVar[str] = "We agreed to do things in a way that works for you"
    review_on: Date


class AdjustmentsEnded(Facts):
    """The complainant needs no reasonable adjustments any more."""

    type: ClassVar[str] = "complaints.adjustments-ended"
    plainly: ClassVar[str] = "We agreed that you need no changes to how we do things"


class ContactRestricted(Facts):
    """Contact with the complainant is restricted, anew or still, and reviewed by that day (Code, 5)."""

    type: ClassVar[str] = "complaints.contact-restricted"
    plainly: ClassVar[str] = "We limited the ways in which you can reach us about this"
    review_on: Date


class ContactRestrictionLifted(Facts):
    """Contact with the complainant is restricted no longer."""

    type: ClassVar[str] = "complaints.contact-restriction-lifted"
    plainly: ClassVar[str] = "You can reach us again in every way"


class ContactCorrected(Facts):
    """The contact of the case was corrected; which fields is for its owner to know."""

    type: ClassVar[str] = "complaints.contact-corrected"
    plainly: ClassVar[str] = "The contact of your case was corrected"
