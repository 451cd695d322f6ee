"""Events of repairs that another service asked for, which waits to hear of them."""

from typing import Annotated, ClassVar, Literal

from shared.events import Facts


class ReferralTakenUp(Facts):
    """This repair is what a complaint referred to us asks for; complaints waits for this."""

    type: ClassVar[str] = "repairs.referral-taken-up"
    plainly: ClassVar[str] = "We raised a repair for what you complained about"
    complaint_reference: str
    referral: Annotated[str, Literal["hazard", "service_request"]]


class IssueTakenUp(Facts):
    """This repair is what a problem on an estate needs; estates waits for this."""

    type: ClassVar[str] = "repairs.issue-taken-up"
    plainly: ClassVar[str] = "We raised a repair for the problem that you reported"
    issue_reference: str


class IssueEnded(Facts):
    """The repair that a problem on an estate needed has ended; with the problem dealt with, or without."""

    type: ClassVar[str] = "repairs.issue-ended"
    plainly: ClassVar[str] = "We ended our work on the problem that you reported"
    issue_reference: str
    dealt_with: bool
