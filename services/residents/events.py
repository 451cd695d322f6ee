"""Events of a tenancy, as every other service receives them; no fact describes a person."""

from typing import ClassVar

from shared.events import Date, Facts


class TenancyStarted(Facts):
    """A tenancy began; the settling-in visit is promised from here."""

    type: ClassVar[str] = "residents.tenancy-started"
    plainly: ClassVar[str] = "Your tenancy began"
    started_on: Date
    care_leaver: bool


class SettlingInVisitCompleted(Facts):
    """The settling-in visit was made."""

    type: ClassVar[str] = "residents.settling-in-visit-completed"
    plainly: ClassVar[str] = "We made the settling-in visit"


class TenancyEnded(Facts):
    """A tenancy ended; nothing more is promised about it."""

    type: ClassVar[str] = "residents.tenancy-ended"
    plainly: ClassVar[str] = "The tenancy ended"
