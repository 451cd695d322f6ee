"""The lifecycle of an enquiry, and the rules of the laws on information that look at one request alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.enquiries.events import Channel, InformationKind, Need
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every


class Status(StrEnum):
    """The stages of an enquiry; `waiting` is for what its requester has to give first."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    REOPENED = "reopened"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Kind(StrEnum):
    """An ordinary enquiry, or a request under a law on information."""

    ENQUIRY = "enquiry"
    FREEDOM_OF_INFORMATION = "freedom_of_information"
    ENVIRONMENTAL_INFORMATION = "environmental_information"
    SUBJECT_ACCESS = "subject_access"
    DATA_PROTECTION_COMPLAINT = "data_protection_complaint"


class Action(StrEnum):
    """An act on an enquiry, by its path."""

    ASSIGNMENT = "assignment"
    ACKNOWLEDGEMENT = "acknowledgement"
    HOLDING_REPLY = "holding-reply"
    REFERRAL = "referral"
    NEED = "need"
    NEED_MET = "need/met"
    EXTENSION = "extension"
    RESPONSE = "response"
    REPLY = "reply"
    COMPLAINT = "complaint"
    CLOSURE = "closure"
    CONTACT = "contact"


UNANSWERED = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.WAITING, Status.REOPENED})
AT_WORK = UNANSWERED - {Status.WAITING}
ENDED = frozenset({Status.ANSWERED, Status.RESOLVED, Status.CLOSED})

# The things that may be missing, by the law of each kind of request.
NEEDS: Mapping[Kind, frozenset[Need]] = {
    Kind.FREEDOM_OF_INFORMATION: frozenset({Need.CLARIFICATION, Need.FEE}),
    Kind.ENVIRONMENTAL_INFORMATION: frozenset({Need.CLARIFICATION, Need.FEE}),
    Kind.SUBJECT_ACCESS: frozenset({Need.CLARIFICATION, Need.IDENTITY, Need.FEE}),
}
# A request under the Act is made in writing (section 8); the others may be spoken.
IN_WRITING = frozenset({Channel.EMAIL, Channel.LETTER, Channel.ONLINE, Channel.MOBILE})
SPOKEN = frozenset({Channel.PHONE, Channel.IN_PERSON})
"""Channels on which an enquiry is settled at once, or its caller told when and by whom (sections 4 and 5)."""

# Environmental Information Regulations 2004, regulation 7; UK GDPR, article 12(3).
MORE_WORKING_DAYS, MORE_MONTHS = 20, 2
# The months for which a fee may stay unpaid (Freedom of Information and Data Protection Regulations 2004).
FEE_EXPIRES_AFTER = timedelta(days=92)
USUAL_WORKING_DAYS = 10
"""Working days promised for what is asked online without a date of its own: the time of a letter."""

WHAT_IT_IS: Mapping[Kind, str] = {
    Kind.ENQUIRY: "Enquiry",
    Kind.FREEDOM_OF_INFORMATION: "Request for information",
    Kind.ENVIRONMENTAL_INFORMATION: "Request for information about the environment",
    Kind.SUBJECT_ACCESS: "Request to see personal data",
    Kind.DATA_PROTECTION_COMPLAINT: "Complaint about personal data",
}

NOBODY_DEALS_WITH_IT = "Nobody deals with this yet; assign it first."
ONLY_ORDINARY = "A request for information has the dates of its own law."
NO_LONGER_TIME = "No law gives this a longer time."
EXTENDED_ONCE = "The time was extended before."
LAPSED = "The last day is past; the law gives longer only if the requester is told before."
COMPLAINT_ONCE = "This was made into a complaint before."
NOTHING_IS_NEEDED = "Nothing can be asked for here before the answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one enquiry at one instant, by which its lifecycle judges an act."""

    status: Status
    kind: Kind = Kind.ENQUIRY
    has_handler: bool = False
    is_extended: bool = False
    has_lapsed: bool = False
    is_complaint: bool = False


def _can_be_extended(situation: Situation) -> bool:
    return why_not_extended(situation) is None


def why_not_extended(situation: Situation) -> str | None:
    """Explain to a person why the law gives a request no longer time; None if it does."""
    if situation.kind not in NEEDS:
        return NO_LONGER_TIME
    if situation.is_extended:
        return EXTENDED_ONCE
    return LAPSED if situation.has_lapsed else None


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.ASSIGNMENT: Rule(
            who=OFFICER, moves={**from_every(UNANSWERED), Status.RECEIVED: Status.ASSIGNED}
        ),
        # it names who deals with the enquiry (section 3)
        Action.ACKNOWLEDGEMENT: Rule(
            who=OFFICER,
            moves=from_every(UNANSWERED),
            when=lambda situation: situation.has_handler,
            otherwise=NOBODY_DEALS_WITH_IT,
        ),
        Action.HOLDING_REPLY: Rule(
            who=OFFICER,
            moves=from_every(AT_WORK),
            when=lambda situation: situation.kind not in NEEDS,
            otherwise=ONLY_ORDINARY,
        ),
        Action.REFERRAL: Rule(
            who=OFFICER,
            moves=from_every(AT_WORK),
            when=lambda situation: situation.kind is Kind.ENQUIRY,
            otherwise=ONLY_ORDINARY,
        ),
        Action.NEED: Rule(
            who=OFFICER,
            moves=dict.fromkeys(AT_WORK, Status.WAITING),
            when=lambda situation: situation.kind in NEEDS,
            otherwise=NOTHING_IS_NEEDED,
        ),
        Action.NEED_MET: Rule(who=OFFICER, moves={Status.WAITING: Status.RECEIVED}),
        Action.EXTENSION: Rule(
            who=OFFICER, moves=from_every(AT_WORK), when=_can_be_extended, otherwise=LAPSED
        ),
        Action.RESPONSE: Rule(who=OFFICER, moves=dict.fromkeys(UNANSWERED, Status.ANSWERED)),
        # nobody who writes after the answer is left without one
        Action.REPLY: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(UNANSWERED) | dict.fromkeys(ENDED, Status.REOPENED),
        ),
        # A complaint never closes or pauses the work (Complaint Handling Code, 1.5).
        Action.COMPLAINT: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(Status),
            when=lambda situation: not situation.is_complaint,
            otherwise=COMPLAINT_ONCE,
        ),
        Action.CLOSURE: Rule(who=OFFICER, moves=dict.fromkeys(UNANSWERED, Status.CLOSED)),
        Action.CONTACT: Rule(who=RESIDENT | OFFICER, moves=from_every(Status)),
    },
)

ANSWERING_STANDARDS = frozenset(
    {
        "enquiries.freedom-of-information",
        "enquiries.environmental-information",
        "enquiries.subject-access",
    }
)
"""The rows in which the laws on information give the time for an answer."""


def status_with(status: Status, *, has_handler: bool) -> Status:
    """The status of an enquiry that is at work again: with whoever dealt with it before, if anybody did."""
    return Status.ASSIGNED if status is Status.RECEIVED and has_handler else status


def information_kind(kind: Kind) -> InformationKind | None:
    """The law under which it is made; None for an ordinary enquiry."""
    return None if kind is Kind.ENQUIRY else InformationKind(kind)


def fee_has_expired(told_on: date, today: date) -> bool:
    """Tell whether a fee was not paid for so long that its request lapses."""
    return today - told_on >= FEE_EXPIRES_AFTER
