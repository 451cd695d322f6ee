"""Events of a site; no fact describes a person."""

from typing import ClassVar

from services.estates.events.values import SiteKind
from shared.events import Date, Facts


class SiteRegistered(Facts):
    """A site is on the register; its cleaning and inspection are promised from now on."""

    type: ClassVar[str] = "estates.site-registered"
    plainly: ClassVar[str] = "The site was registered with us"
    kind: SiteKind
    department: str
    handler: str  # the subject of the caretaker's token, empty if unknown
    imported: bool


class CaretakerAssigned(Facts):
    """A site has another caretaker, or its caretaker another place for it in the round."""

    type: ClassVar[str] = "estates.caretaker-assigned"
    plainly: ClassVar[str] = "The site was given to a caretaker"
    handler: str


class SiteCleaned(Facts):
    """A site was cleaned, with the parts that were; only a `complete` clean keeps the promise."""

    type: ClassVar[str] = "estates.site-cleaned"
    plainly: ClassVar[str] = "The site was cleaned"
    inside: bool
    outside: bool
    lifts: bool
    lobbies: bool
    complete: bool


class SiteInspected(Facts):
    """A site was inspected; each of so many unsatisfactory elements is followed up with the caretaker."""

    type: ClassVar[str] = "estates.site-inspected"
    plainly: ClassVar[str] = "The site was inspected"
    cleanliness: int  # 1, the worst, to 5
    unsatisfactory: int
    satisfactory: bool


class FollowUpResolved(Facts):
    """An element that an inspection found unsatisfactory was put right with the caretaker."""

    type: ClassVar[str] = "estates.follow-up-resolved"
    plainly: ClassVar[str] = "What an inspection found was put right"
    follow_up: int
    still_open: int


class ClearancePlanned(Facts):
    """The site will be cleared on a day, alone or with a partner."""

    type: ClassVar[str] = "estates.clearance-planned"
    plainly: ClassVar[str] = "A clearance of the site was planned"
    clearance: int
    planned_on: Date
    with_partner: bool


class ClearanceEnded(Facts):
    """A planned clearance was carried out, or it was not."""

    type: ClassVar[str] = "estates.clearance-ended"
    plainly: ClassVar[str] = "The day of a planned clearance came"
    clearance: int
    carried_out: bool


class SiteRetired(Facts):
    """A site is cleaned no longer; nothing more is due on it."""

    type: ClassVar[str] = "estates.site-retired"
    plainly: ClassVar[str] = "The site was retired"
