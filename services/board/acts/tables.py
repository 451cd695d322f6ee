"""All forms by the collection of the case, and the next steps by service and status."""

from collections.abc import Mapping, Sequence

from services.board.acts.asb import ASB
from services.board.acts.complaints import COMPLAINTS
from services.board.acts.enquiries import APPOINTMENTS, CALLS, ENQUIRIES, FEEDBACK, VISITS
from services.board.acts.estates import ISSUES, SITES
from services.board.acts.forms import Form, Forms
from services.board.acts.repairs import APPLIANCES, REPAIRS
from services.board.acts.residents import TENANCIES, WELFARE

BY_PREFIX: Mapping[str, Forms] = {
    "REP": REPAIRS,
    "APP": APPLIANCES,
    "TEN": TENANCIES,
    "WEL": WELFARE,
    "CMP": COMPLAINTS,
    "CAS": ASB,
    "SIT": SITES,
    "EST": ISSUES,
    "ENQ": ENQUIRIES,
    "CAL": CALLS,
    "VIS": VISITS,
    "MTG": APPOINTMENTS,
    "FBK": FEEDBACK,
}
"""The forms of each kind of case, by the prefix of its references."""

WITHOUT_A_FORM: Mapping[str, str] = {
    "attachments": "a photo is added on a page of its own, as it is no JSON",
    "tracking": "it is asked by whoever follows a case without signing in, and is no act",
}
"""Routes below a case that have no form, each with the reason."""

# The first that the API allows is the button of the duty list: the way a case goes on if nothing is amiss.
NEXT_STEPS: Mapping[tuple[str, str], Sequence[str]] = {
    ("REP", "reported"): ("assignment", "updates"),
    ("REP", "accepted"): ("updates",),
    ("REP", "en_route"): ("updates",),
    ("REP", "attended"): ("updates",),
    ("REP", "made_safe"): ("assignment", "updates"),
    ("REP", "follow_on_needed"): ("assignment", "updates"),
    ("APP", "registered"): ("services",),
    ("CMP", "received"): ("triage", "acknowledgement"),
    ("CMP", "triaged"): ("acknowledgement", "assignment"),
    ("CMP", "acknowledged"): ("response",),
    ("CMP", "stage_1_responded"): ("actions/{n}/completion",),
    ("CMP", "escalated"): ("assignment", "acknowledgement"),
    ("CMP", "stage_2_acknowledged"): ("response",),
    ("CMP", "stage_2_responded"): ("actions/{n}/completion",),
    ("CMP", "determined"): ("actions/{n}/completion",),
    ("CAS", "open"): ("victim-contact", "risk", "updates"),
    ("CAS", "closed"): ("survey", "review"),
    ("ENQ", "received"): ("assignment", "response"),
    ("ENQ", "assigned"): ("response", "acknowledgement"),
    ("ENQ", "reopened"): ("response",),
    ("ENQ", "waiting"): ("need/met",),
    ("CAL", "answered"): ("resolution",),
    ("CAL", "queued"): ("answer",),
    ("VIS", "waiting"): ("seeing",),
    ("MTG", "booked"): ("outcome", "move"),
    ("FBK", "open"): ("follow-up",),
    ("SIT", "registered"): ("cleans", "inspections"),
    ("EST", "reported"): ("assignment", "resolution"),
    ("EST", "assigned"): ("resolution", "attendance"),
    ("EST", "referred"): ("resolution",),
    ("TEN", "started"): ("settling-in-visit/booking", "settling-in-visit"),
    ("TEN", "visit_booked"): ("settling-in-visit",),
    ("TEN", "visited"): ("support-plan",),
    ("WEL", "open"): ("assignment", "visit"),
    ("WEL", "assigned"): ("visit",),
    ("WEL", "visited"): ("closure",),
}


ASSIGNMENT = "assignment"
TAKEN_BY_NAME = frozenset({"CMP", "EST", "WEL", "ENQ"})
"""The kinds of case that are an officer's once their name is said; a repair is a firm's first."""

BREAK_GLASS = "break-glass"
"""The act that opens a guarded case to an officer who is not in its team."""


def form_of(prefix: str, act: str) -> Form | None:
    """The form of an act on a case of that kind; a part in braces is named without them in addresses."""
    return next(
        (form for form in BY_PREFIX.get(prefix, {}).values() if act in {form.act, form.address}), None
    )


def next_step(
    prefix: str, status: str, allowed: Sequence[str], *, is_with_somebody: bool = False
) -> Form | None:
    """The form of the next act that is allowed now; None where a person has to look first.

    A case that somebody has is not given away again as its next step.
    """
    for act in NEXT_STEPS.get((prefix, status), ()):
        if act in allowed and not (act == ASSIGNMENT and is_with_somebody):
            return form_of(prefix, act)
    return None


def takes(prefix: str, step: Form | None) -> bool:
    """Tell whether the next step is that somebody takes the case, which an officer does by one button."""
    return step is not None and step.act == ASSIGNMENT and prefix in TAKEN_BY_NAME


def forms_allowed(prefix: str, allowed: Sequence[str]) -> Sequence[Form]:
    """The forms of all acts that are allowed now, in the order of their table."""
    return [form for act, form in BY_PREFIX.get(prefix, {}).items() if act in allowed]
