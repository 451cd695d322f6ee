"""Events of tenancies and of the address book, as other services receive them; none describes a person."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from shared.events import PROPERTIES_RECORDED, Date, Facts


class TenancyStarted(Facts):
    """A tenancy began; the settling-in visit is promised from the day it started on."""

    type: ClassVar[str] = "residents.tenancy-started"
    plainly: ClassVar[str] = "Your tenancy began"
    acknowledged: ClassVar[bool] = True
    started_on: Date
    care_leaver: bool
    department: str
    imported: bool
    resident: str | None = None  # the id of the tenant's own sign-in, to show them their case


class SettlingInVisitBooked(Facts):
    """The settling-in visit was agreed, or moved to another time."""

    type: ClassVar[str] = "residents.settling-in-visit-booked"
    plainly: ClassVar[str] = "We agreed the time of the settling-in visit"
    visit_at: Date


class SettlingInVisitCompleted(Facts):
    """The settling-in visit was made; the promise is met."""

    type: ClassVar[str] = "residents.settling-in-visit-completed"
    plainly: ClassVar[str] = "We made the settling-in visit"
    support_plan_made: bool
    identification_shown: bool | None = None


class SupportPlanRequested(Facts):
    """A support plan was asked for.

    Comes again when the plan is made, saying that the request is met: the latest word holds.
    """

    type: ClassVar[str] = "residents.support-plan-requested"
    plainly: ClassVar[str] = "You asked for a support plan"
    met: bool


class SupportPlanMade(Facts):
    """The support plan was made or made anew, in the visit or after it."""

    type: ClassVar[str] = "residents.support-plan-made"
    plainly: ClassVar[str] = "We made your support plan with you"


class TenantsChanged(Facts):
    """Somebody joined the tenancy or left it."""

    type: ClassVar[str] = "residents.tenants-changed"
    plainly: ClassVar[str] = "The tenants of your home were changed"


class NeedsCorrected(Facts):
    """The word on the household's vulnerability was corrected."""

    type: ClassVar[str] = "residents.needs-corrected"
    plainly: ClassVar[str] = "What we know of your household's needs was corrected"


class VisitingInPairsDecided(Facts):
    """An officer decided if two people must go to the household; the reason is kept with the tenancy.

    `home` is its id in the address book; `home_needs_it` too where another household there does.
    """

    type: ClassVar[str] = "residents.visiting-in-pairs-decided"
    plainly: ClassVar[str] = "We decided how we visit you"
    for_staff: ClassVar[bool] = True
    home: str
    home_needs_it: bool
    needed: bool
    review_on: Date | None = None


class ContactCorrected(Facts):
    """The contact was corrected: whom to tell, how to get in, how it is safe."""

    type: ClassVar[str] = "residents.contact-corrected"
    plainly: ClassVar[str] = "Your contact details were corrected"


class ReferralTakenUp(Facts):
    """A complaint's request is dealt with under this tenancy; complaints waits for this."""

    type: ClassVar[str] = "residents.referral-taken-up"
    plainly: ClassVar[str] = "We took up what you asked for in your complaint"
    complaint_reference: str
    referral: Annotated[str, Literal["service_request"]]


class WelfareOutcome(StrEnum):
    """The way in which a worry about a resident ended."""

    HELPED = "helped"
    NO_CONCERN = "no_concern"
    PASSED_ON = "passed_on"
    NOT_REACHED = "not_reached"


class WelfareCaseOpened(Facts):
    """Somebody is worried about a resident, as caretakers look out for elderly and vulnerable residents."""

    type: ClassVar[str] = "residents.welfare-case-opened"
    plainly: ClassVar[str] = "We opened a case"
    for_staff: ClassVar[bool] = True
    department: str
    imported: bool


class WelfareCaseAssigned(Facts):
    """The worry was given to an officer."""

    type: ClassVar[str] = "residents.welfare-case-assigned"
    plainly: ClassVar[str] = "The case was given to an officer"
    for_staff: ClassVar[bool] = True
    handler: str


class WelfareVisited(Facts):
    """An officer called at the home; the resident was seen, or was not."""

    type: ClassVar[str] = "residents.welfare-visited"
    plainly: ClassVar[str] = "An officer called at the home"
    for_staff: ClassVar[bool] = True
    seen: bool


class WelfareCaseClosed(Facts):
    """The worry came to its end."""

    type: ClassVar[str] = "residents.welfare-case-closed"
    plainly: ClassVar[str] = "The case was closed"
    for_staff: ClassVar[bool] = True
    outcome: WelfareOutcome


class IssueTakenUp(Facts):
    """A welfare case was opened for a worry about a resident; estates waits for this."""

    type: ClassVar[str] = "residents.issue-taken-up"
    plainly: ClassVar[str] = "We opened a case for the problem that you reported"
    issue_reference: str


class IssueEnded(Facts):
    """The welfare case has ended; with somebody seen and helped, or without."""

    type: ClassVar[str] = "residents.issue-ended"
    plainly: ClassVar[str] = "We ended our work on the problem that you reported"
    issue_reference: str
    dealt_with: bool


class TenancyEnded(Facts):
    """A tenancy ended; nothing more is promised about it."""

    type: ClassVar[str] = "residents.tenancy-ended"
    plainly: ClassVar[str] = "The tenancy ended"


class PropertiesRecorded(Facts):
    """Homes came into the address book or were corrected there: their spellings from now on, and no address.

    It is about no case: the events of the address book have a sequence of their own. Each home has its `id`,
    and `uprn` and `property_reference` as far as it is known by them; one with neither was found to be
    another home, and is no more. Many homes are one event: a register of thousands keeps no report waiting.
    """

    type: ClassVar[str] = PROPERTIES_RECORDED
    properties: Sequence[Mapping[str, str]]
