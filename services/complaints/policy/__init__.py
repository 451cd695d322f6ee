"""The lifecycle of a complaint, and the rules of both Codes that look at the complaint alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.complaints.events import About, Origin, Route, Stage
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import STAYS, Lifecycle, Rule, from_every
from shared.standards.ombudsmen import Ombudsman
from shared.text import same_name

DEPARTMENT = "complaints"
MANAGER = "manager"
"""The scope of an officer senior enough to approve what the Code allows for a good reason only."""


class Status(StrEnum):
    """The stages of a complaint; `triaged` is accepted at stage one and not yet acknowledged."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    ACKNOWLEDGED = "acknowledged"
    STAGE_1_RESPONDED = "stage_1_responded"
    ESCALATED = "escalated"
    STAGE_2_ACKNOWLEDGED = "stage_2_acknowledged"
    STAGE_2_RESPONDED = "stage_2_responded"
    WITH_OMBUDSMAN = "with_ombudsman"
    DETERMINED = "determined"
    SERVICE_REQUEST = "service_request"
    REFERRED = "referred"
    OTHER_BODY = "other_body"
    REFUSED = "refused"
    PUT_RIGHT = "put_right"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """An act on a complaint, by its path."""

    TRIAGE = "triage"
    ASSIGNMENT = "assignment"
    CONFLICT = "conflict-of-interest"
    ACKNOWLEDGEMENT = "acknowledgement"
    POINTS = "points"
    EXTENSION = "extension"
    UPDATES = "updates"
    INTERVAL = "update-interval"
    ADJUSTMENTS = "adjustments"
    RESPONSE = "response"
    ESCALATION = "escalation"
    COMPLETION = "actions/{n}/completion"
    FAILURE = "actions/{n}/failure"
    OMBUDSMAN_REFERRAL = "ombudsman-referral"
    OMBUDSMAN_DETERMINATION = "ombudsman-determination"
    REOPENING = "reopening"
    WITHDRAWAL = "withdrawal"
    CONTACT = "contact"
    RESTRICTION = "contact-restriction"
    LIFTING = "contact-restriction-lifting"


STAGE_1 = frozenset({Status.RECEIVED, Status.TRIAGED, Status.ACKNOWLEDGED})
STAGE_2 = frozenset({Status.ESCALATED, Status.STAGE_2_ACKNOWLEDGED})
UNANSWERED = STAGE_1 | STAGE_2
"""The statuses in which an answer is owed."""

CLOSED_WITHOUT_ANSWER: Mapping[Route, Status] = {
    Route.SERVICE_REQUEST: Status.SERVICE_REQUEST,
    Route.OTHER_BODY: Status.OTHER_BODY,
    Route.REFUSED: Status.REFUSED,
    Route.PUT_RIGHT: Status.PUT_RIGHT,
}
REOPENED_FROM = frozenset({*CLOSED_WITHOUT_ANSWER.values(), Status.REFERRED})

ALREADY_AT_STAGE_1 = "This was taken up at stage one before."
EXTENDED_ONCE = "This reply was extended once, whatever is left of the days that may be added."
LAPSED = "The promised day of the reply is past; a promise that was missed is not mended by an extension."
HAS_CONFLICT = "An officer who declared a conflict of interest neither has a complaint nor decides it."
NOTHING_TO_TELL = "The answer was given, and nothing that was promised is still to be done."
NOT_RESTRICTED = "Contact with the complainant is not restricted."
NO_ACTION_IS_OPEN = "Nothing that was promised is still to be done."
NO_REMEDY_IS_OPEN = (
    "No remedy of ours is still to be delivered; an order is for the Ombudsman alone to change."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one complaint at one instant, by which its lifecycle judges an act.

    `is_extended` and `has_lapsed` are about the reply of the stage that it is at; `open_actions` are the
    origins of what is still to be done.
    """

    status: Status
    is_extended: bool = False
    has_lapsed: bool = False
    open_actions: Collection[Origin] = ()
    is_restricted: bool = False


def _can_be_extended(situation: Situation) -> bool:
    return not situation.is_extended and not situation.has_lapsed


def _owes_something(situation: Situation) -> bool:
    return situation.status in UNANSWERED or bool(situation.open_actions)


def may_be_replaced(origin: Origin) -> bool:
    """Tell whether the council may put an alternative in an action's place, as it may not for an order."""
    return origin is not Origin.OMBUDSMAN


def why_not_extended(situation: Situation) -> str:
    """Explain to a person why a reply that is still owed cannot be extended."""
    return EXTENDED_ONCE if situation.is_extended else LAPSED


# Progress to stage two is on request alone, never automatic and never refused (Code, 6.10 to 6.13). Actions
# outlive the answer that promised them (6.6). A refusal may be taken to the ombudsman, who may overrule it.
LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=frozenset({Status.REFERRED, Status.OTHER_BODY, Status.PUT_RIGHT, Status.WITHDRAWN}),
    rules={
        # by `status_after_triage`, as the route decides
        Action.TRIAGE: Rule(who=OFFICER, moves=from_every(STAGE_1)),
        Action.ASSIGNMENT: Rule(who=OFFICER, moves=from_every(UNANSWERED)),
        Action.CONFLICT: Rule(who=OFFICER, moves=from_every(UNANSWERED)),
        Action.ACKNOWLEDGEMENT: Rule(
            who=OFFICER,
            moves={
                Status.RECEIVED: Status.ACKNOWLEDGED,
                Status.TRIAGED: Status.ACKNOWLEDGED,
                Status.ESCALATED: Status.STAGE_2_ACKNOWLEDGED,
            },
        ),
        Action.POINTS: Rule(who=RESIDENT | OFFICER, moves=from_every(STAGE_1)),
        Action.EXTENSION: Rule(
            who=OFFICER, moves=from_every(UNANSWERED), when=_can_be_extended, otherwise=LAPSED
        ),
        Action.UPDATES: Rule(
            who=OFFICER, moves=from_every(Status), when=_owes_something, otherwise=NOTHING_TO_TELL
        ),
        Action.INTERVAL: Rule(
            who=OFFICER, moves=from_every(Status), when=_owes_something, otherwise=NOTHING_TO_TELL
        ),
        Action.ADJUSTMENTS: Rule(who=OFFICER, moves=from_every(Status)),
        Action.RESPONSE: Rule(
            who=OFFICER,
            moves=dict.fromkeys(STAGE_1, Status.STAGE_1_RESPONDED)
            | dict.fromkeys(STAGE_2, Status.STAGE_2_RESPONDED),
        ),
        Action.ESCALATION: Rule(who=RESIDENT | OFFICER, moves={Status.STAGE_1_RESPONDED: Status.ESCALATED}),
        Action.COMPLETION: Rule(
            who=OFFICER,
            moves=from_every(Status),
            when=lambda situation: bool(situation.open_actions),
            otherwise=NO_ACTION_IS_OPEN,
        ),
        Action.FAILURE: Rule(
            who=OFFICER,
            moves=from_every(Status),
            when=lambda situation: any(map(may_be_replaced, situation.open_actions)),
            otherwise=NO_REMEDY_IS_OPEN,
        ),
        Action.OMBUDSMAN_REFERRAL: Rule(
            who=RESIDENT | OFFICER,
            moves={Status.STAGE_2_RESPONDED: Status.WITH_OMBUDSMAN, Status.REFUSED: STAYS},
        ),
        Action.OMBUDSMAN_DETERMINATION: Rule(
            who=OFFICER,
            moves={
                Status.STAGE_2_RESPONDED: Status.DETERMINED,
                Status.WITH_OMBUDSMAN: Status.DETERMINED,
                Status.REFUSED: STAYS,
            },
        ),
        Action.REOPENING: Rule(who=OFFICER, moves=dict.fromkeys(REOPENED_FROM, Status.TRIAGED)),
        Action.WITHDRAWAL: Rule(who=RESIDENT | OFFICER, moves=dict.fromkeys(UNANSWERED, Status.WITHDRAWN)),
        Action.CONTACT: Rule(who=RESIDENT | OFFICER, moves=from_every(Status)),
        Action.RESTRICTION: Rule(who=OFFICER, moves=from_every(Status)),
        Action.LIFTING: Rule(
            who=OFFICER,
            moves=from_every(Status),
            when=lambda situation: situation.is_restricted,
            otherwise=NOT_RESTRICTED,
        ),
    },
)

# The landlord's work is the Housing Ombudsman's; all other work of the council the other's.
OMBUDSMAN_FOR: Mapping[About, Ombudsman] = dict.fromkeys(About, Ombudsman.HOUSING) | {
    About.OTHER_SERVICE: Ombudsman.LOCAL_GOVERNMENT
}

# What a complaint tells of anti-social behaviour, or of a colleague, is for those alone who have the scope.
SCOPE_FOR: Mapping[About, str] = {About.ASB: "asb", About.STAFF: MANAGER}

# Lists and screens show it: of anti-social behaviour, and of a colleague, it says nothing.
WHAT_IT_IS: Mapping[About, str] = dict.fromkeys(About, "Complaint") | {
    about: f"Complaint about {about}" for about in (About.REPAIRS, About.ESTATES, About.ENQUIRIES)
}

TAKES_REQUESTS = frozenset(About) - {About.STAFF, About.OTHER_SERVICE}
"""The services to which a complaint that is a request for service can be passed."""


def hears_the_words(service: About | None, needs_scope: str | None) -> bool:
    """Tell whether a complaint's words may go to that service: its cases have to need the same scope."""
    return needs_scope is None or (service in TAKES_REQUESTS and SCOPE_FOR.get(service) == needs_scope)


# Working days that a reply may be extended by without a good reason, approved by a manager (Code, 6.4, 6.15).
USUAL_EXTENSION: Mapping[Stage, int] = {Stage.ONE: 10, Stage.TWO: 20}

CODES: Mapping[Ombudsman, str] = {
    Ombudsman.HOUSING: "complaint_handling_code",
    Ombudsman.LOCAL_GOVERNMENT: "lgsco_complaint_handling_code",
}
"""The regime of each ombudsman's Code."""

# Of our own promise and of both Codes; a complaint has those of the Code that it is under.
REPLY_STANDARDS: Mapping[Stage, frozenset[str]] = {
    stage: frozenset(f"complaints.{code}stage-{stage}.response" for code in ("", "code.", "lgsco-code."))
    for stage in Stage
}
ACTION_STANDARDS: Mapping[Ombudsman, str] = {
    Ombudsman.HOUSING: "complaints.code.action",
    Ombudsman.LOCAL_GOVERNMENT: "complaints.lgsco-code.action",
}
"""The row of what an answer promises, which says by when it is done where the answer does not."""
UPDATE_STANDARDS = frozenset(
    f"complaints.{code}.{update}"
    for code in ("code", "lgsco-code")
    for update in ("stage-1.update", "stage-2.update", "remedy-update")
)
ORIGIN_OF: Mapping[Stage, Origin] = {Stage.ONE: Origin.STAGE_1, Stage.TWO: Origin.STAGE_2}


def stage_of(status: Status) -> Stage:
    """The stage that a complaint of that status is at, or was last."""
    later = {*STAGE_2, Status.STAGE_2_RESPONDED, Status.WITH_OMBUDSMAN, Status.DETERMINED}
    return Stage.TWO if status in later else Stage.ONE


def status_after_triage(status: Status, route: Route) -> Status:
    """The status that a triage leads to; one that goes to stage one after its acknowledgement stays there."""
    if route is not Route.STAGE_1:
        return CLOSED_WITHOUT_ANSWER[route]
    return Status.ACKNOWLEDGED if status is Status.ACKNOWLEDGED else Status.TRIAGED


# The parts that the Housing Ombudsman's Code wants recorded of a complaint that is not answered (1.3, 2.2).
PARTS_OF_TRIAGE: Mapping[Route, Sequence[str]] = {
    Route.SERVICE_REQUEST: ("choice",),
    Route.OTHER_BODY: ("other_body",),
    Route.REFUSED: ("ground", "evidence"),
}


def not_recorded(route: str | None, triage: Mapping[str, Any] | None, code: Ombudsman) -> list[str]:
    """The parts of a triage that the Code wants and that nobody has recorded; the other Code wants none."""
    if route is None or code is not Ombudsman.HOUSING:
        return []
    return [part for part in PARTS_OF_TRIAGE.get(Route(route), ()) if (triage or {}).get(part) is None]


def needs_good_reason(stage: Stage, working_days: int) -> bool:
    """Tell whether an extension is longer than the Code allows without a good reason."""
    return working_days > USUAL_EXTENSION[stage]


@dataclass(frozen=True, slots=True)
class StageOneHandler:
    """The people of stage one, by name and by token: who handled it, and who recorded its answer."""

    name: str | None
    subject: str | None
    responded_by: str | None

    def is_same(self, name: str, subject: str | None) -> bool:
        """Tell whether that officer is one of them, names compared as people read them (Code, 6.13)."""
        named = self.name is not None and same_name(self.name, name)
        return named or self.has_subject(subject)

    def has_subject(self, subject: str | None) -> bool:
        """Tell whether that token is one of theirs."""
        return subject is not None and subject in (self.subject, self.responded_by)


def has_conflict(conflicts: Iterable[Mapping[str, Any]], name: str | None, subject: str | None) -> bool:
    """Tell whether that officer declared a conflict of interest, names compared as people read them."""
    return any(
        (name is not None and same_name(each["name"], name))
        or (subject is not None and each["subject"] == subject)
        for each in conflicts
    )
