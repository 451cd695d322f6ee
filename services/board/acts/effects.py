"""Events that acts record, by which the interface tells before an act what will follow; literal tables.

Only what is certain stands here: an event that depends on more than the answers of the form is left out, and
nothing is said of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Records:
    """An event of an act, where its form's fields have one of these `answers`.

    `facts` are those that are known beforehand, `gives` are given each time with whatever value. One
    `once_arrived` is recorded when the letter of the act has arrived.
    """

    event: str
    answers: Answers = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    gives: Sequence[str] = ()
    once_arrived: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """The events of an act; `is_all` where it records no other, and tells of nothing else."""

    records: Sequence[Records]
    is_all: bool = False


def _one(event: str, *, is_all: bool = False, **more: Any) -> Effect:
    return Effect((Records(event, **more),), is_all)


_RESOLUTIONS = ("dealt_with", "nothing_found", "called_off")

EFFECTS: Mapping[tuple[str, str], Effect] = {
    ("REP", "updates"): Effect(
        (
            Records("repairs.repair-made-safe", {"type": ["made_safe"]}),
            Records("repairs.repair-completed", {"type": ["completed"]}),
            Records("repairs.follow-on-needed", {"type": ["follow_on_needed"]}, gives=("appointment_at",)),
        )
    ),
    ("REP", "appointment"): _one("repairs.appointment-booked", gives=("starts_at", "ends_at")),
    ("REP", "recharge"): _one(
        "repairs.recharge-quoted",
        gives=("estimated_cost_pence", "administration_charge_pence", "total_pence"),
    ),
    ("REP", "second-contractor"): _one("repairs.second-contractor-appointed"),
    ("REP", "hazard/investigation"): Effect(
        (
            Records("repairs.hazard-investigated", {"in_person": ["yes"]}, {"in_person": True}),
            Records("repairs.hazard-investigated", {"in_person": ["no"]}, {"in_person": False}),
        )
    ),
    ("REP", "hazard/summary"): _one("repairs.hazard-summary-sent"),
    ("REP", "hazard/safety-work"): _one("repairs.hazard-made-safe"),
    ("APP", "services"): _one("repairs.appliance-serviced"),
    ("CMP", "acknowledgement"): _one("complaints.complaint-acknowledged"),
    ("CMP", "response"): _one("complaints.complaint-responded"),
    ("CMP", "extension"): _one("complaints.reply-extended"),
    ("CMP", "updates"): _one("complaints.update-given"),
    ("CMP", "triage"): _one(
        "complaints.complaint-triaged", answers={"route": ["refused"]}, facts={"route": "refused"}
    ),
    ("CMP", "actions/{n}/completion"): _one("complaints.action-completed"),
    ("CMP", "actions/{n}/failure"): _one("complaints.remedy-failed"),
    ("CMP", "contact-restriction"): _one("complaints.contact-restricted"),
    ("CMP", "contact-restriction-lifting"): _one("complaints.contact-restriction-lifted"),
    ("CAS", "victim-contact"): _one("asb.victim-contacted", answers={"reached": ["yes"]}, is_all=True),
    ("CAS", "visit"): _one("asb.victim-visited", is_all=True),
    ("CAS", "action-plan"): _one("asb.action-plan-sent", is_all=True),
    ("CAS", "updates"): _one("asb.victim-updated", is_all=True),
    ("CAS", "risk/review"): _one("asb.risk-reviewed", is_all=True),
    ("CAS", "survey"): _one("asb.survey-sent"),
    ("CAS", "review"): _one("asb.closure-reviewed"),
    ("CAS", "home"): _one("asb.home-given"),
    ("CAS", "damage/outcome"): _one("asb.damage-made-safe", answers={"outcome": ["made_safe"]}),
    ("CAS", "case-review/decision"): _one("asb.case-review-decided"),
    ("CAS", "case-review/outcome"): _one("asb.case-review-concluded"),
    ("SIT", "cleans"): _one("estates.site-cleaned"),
    ("SIT", "inspections"): _one("estates.site-inspected"),
    ("EST", "attendance"): _one("estates.issue-attended", is_all=True),
    ("EST", "resolution"): Effect(
        tuple(
            Records("estates.issue-resolved", {"resolution": [each]}, {"resolution": each})
            for each in _RESOLUTIONS
        )
    ),
    ("ENQ", "acknowledgement"): Effect(
        (
            Records("enquiries.enquiry-acknowledged"),
            Records("enquiries.acknowledgement-delivered", once_arrived=True),
        )
    ),
    ("ENQ", "response"): _one("enquiries.enquiry-answered"),
    ("ENQ", "holding-reply"): _one("enquiries.holding-reply-sent"),
    ("ENQ", "referral"): _one("enquiries.enquiry-referred"),
    ("ENQ", "need"): _one("enquiries.need-told"),
    ("ENQ", "extension"): _one("enquiries.time-extended"),
    ("CAL", "answer"): _one("enquiries.call-answered"),
    ("CAL", "resolution"): _one("enquiries.call-resolved"),
    ("MTG", "move"): _one("enquiries.appointment-moved", gives=("at",)),
    ("MTG", "cancellation"): _one("enquiries.appointment-cancelled"),
    ("TEN", "settling-in-visit/booking"): _one("residents.settling-in-visit-booked", gives=("visit_at",)),
    ("TEN", "settling-in-visit"): _one("residents.settling-in-visit-completed"),
    ("TEN", "visiting-in-pairs"): _one("residents.visiting-in-pairs-decided"),
}
"""The effects by the kind of case and the act; an act that is not here has none that can be told."""


def effect_of(prefix: str, act: str) -> Effect | None:
    """The effect of an act; None where nothing can be told."""
    return EFFECTS.get((prefix, act))
