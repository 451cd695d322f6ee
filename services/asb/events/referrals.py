"""Events of cases that another service asked for, which waits to hear of them."""

from typing import Annotated, ClassVar, Literal

from services.asb.events.values import SCOPE
from shared.events import Facts, NeedsScope


class ReferralTakenUp(Facts):
    """This case is what a complaint referred to us asks for; complaints waits for this."""

    type: ClassVar[str] = "asb.referral-taken-up"
    plainly: ClassVar[str] = "We opened a case for what you complained about"
    complaint_reference: Annotated[str, NeedsScope(SCOPE)]
    referral: Annotated[str, Literal["service_request"]]


class IssueTakenUp(Facts):
    """This case is what a problem on an estate turned out to be; estates waits for this."""

    type: ClassVar[str] = "asb.issue-taken-up"
    plainly: ClassVar[str] = "We opened a case for the problem that you reported"
    issue_reference: Annotated[str, NeedsScope(SCOPE)]


class IssueEnded(Facts):
    """The case that a problem on an estate became has ended; with the problem dealt with, or without."""

    type: ClassVar[str] = "asb.issue-ended"
    plainly: ClassVar[str] = "We ended our work on the problem that you reported"
    issue_reference: Annotated[str, NeedsScope(SCOPE)]
    dealt_with: bool
