"""Receiving a complaint, and what it tells of besides: a hazard, whose clocks start at once."""

from datetime import datetime
from typing import Any

from services.complaints import events, policy
from services.complaints.events import About, Referral as ReferralKind
from services.complaints.models import Complaint, Referral
from services.complaints.policy import Status
from services.complaints.policy.points import kept_points
from services.complaints.schemas.receipt import MentionedHazard, NewComplaint
from services.complaints.service.judging import needed_scope
from shared.cases.opening import open_case
from shared.cases.times import past_instant
from shared.errors import Invalid
from shared.work import Creation, Work

KNOWN_BY_THEN = "We are aware of a hazard when the complaint that names it comes in, at the latest."


async def receive(work: Creation, body: NewComplaint) -> Complaint:
    """Take a complaint in, whoever brings it and by whatever channel (Code, 1.2 and 3).

    Raises Invalid for a time in the future, a hazard known only after the receipt, and a point that needs
    another scope, Forbidden for `imported` without the scope.
    """
    complaint = open_complaint(work, body, about=body.about)
    work.record(complaint, received(complaint), at=complaint.received_at)
    if body.hazard is not None:
        _mention(work, complaint, body.hazard)
    return complaint


def open_complaint(
    work: Work, body: NewComplaint, *, about: About, made_from: str | None = None
) -> Complaint:
    """A new complaint with all that was told, added to the unit of work; its event is still to record."""
    home = body.property.model_dump(mode="json", exclude_none=True) if body.property else {}
    own: dict[str, Any] = {
        "property": home,
        "about": about,
        "about_reference": body.about_reference,
        "ombudsman": policy.OMBUDSMAN_FOR[about],
        "needs_scope": needed_scope(policy.SCOPE_FOR.get(about), body.points or ()),
        "description": body.description,
        "points": kept_points(body.points or (), about),
        "outcome_sought": body.outcome_sought,
        "occurred_on": body.occurred_on,
        "aware_on": body.aware_on,
        "representative": _kept(body.representative),
        "complainants": [each.model_dump(mode="json") for each in body.complainants or ()],
        "conflicts": [],
        "hazard": _kept(body.hazard),
        "made_from": made_from,
    }
    return open_case(
        work, Complaint, "CMP", body, status=Status.RECEIVED, department=policy.DEPARTMENT, **own
    )


def received(complaint: Complaint) -> events.ComplaintReceived:
    """The fact that opens a complaint."""
    return events.ComplaintReceived(
        about=About(complaint.about),
        ombudsman=complaint.code,
        department=complaint.department,
        channel=complaint.channel,
        imported=complaint.imported,
        needs_scope=complaint.needs_scope,
        made_from=complaint.made_from,
        kept_from=complaint.kept_from,
        resident=complaint.resident,
    )


def _mention(work: Creation, complaint: Complaint, hazard: MentionedHazard) -> None:
    """Tell of the hazard that a complaint names: repairs raises it where the home is known (Awaab's law)."""
    aware_at = _aware_at(work, complaint, hazard)
    fact = events.HazardMentioned(
        severity=hazard.severity,
        hazard=hazard.hazard,
        aware_at=aware_at.isoformat(),
        home_known=bool(complaint.property),
    )
    work.record(complaint, fact, at=complaint.received_at)
    if complaint.property:
        work.add(
            Referral(
                reference=complaint.reference,
                referral=ReferralKind.HAZARD,
                service=About.REPAIRS,
                referred_at=complaint.received_at,
            )
        )


def _aware_at(work: Work, complaint: Complaint, hazard: MentionedHazard) -> datetime:
    if hazard.aware_at is None:
        return complaint.received_at
    aware_at = past_instant(work, hazard.aware_at, "/hazard/aware_at")
    if aware_at > complaint.received_at:  # the clocks of Awaab's law would start too late
        raise Invalid(KNOWN_BY_THEN, "/hazard/aware_at")
    return aware_at


def _kept(part: MentionedHazard | Any | None) -> dict[str, Any] | None:
    return None if part is None else part.model_dump(mode="json", exclude_none=True)
