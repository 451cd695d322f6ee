"""Answers about a complaint."""

from datetime import date
from typing import Any, ClassVar

from pydantic import BaseModel, Field

from services.complaints.events import About, Interval, Outcome
from services.complaints.letters import LetterKind
from services.complaints.models import Complaint, Stage
from services.complaints.policy import not_recorded
from services.complaints.policy.points import whole_point
from shared.cases.contact import ContactOut
from shared.cases.formats import Instant, Pounds
from shared.cases.property import Property
from shared.cases.schemas import AnswerModel, CaseOut
from shared.standards.ombudsmen import Ombudsman

FOR_OFFICERS = frozenset({"considered", "evidence"})
"""Notes of a triage on people's health and risk, and on what shows that a complaint may be refused."""


class PointOut(BaseModel):
    """A point of a complaint; one that is not ours to answer says why."""

    text: str
    about: About | None = Field(description="None where it was kept before this was, and is about another")
    ours: bool
    ombudsman: Ombudsman = Field(description="Of the Code that it is under")
    reason: str | None = None


class PointDecisionOut(BaseModel):
    """The decision on one point."""

    point: int
    outcome: Outcome
    findings: str


class RemedyOut(BaseModel):
    """One remedy."""

    kind: str
    amount: Pounds | None = None
    basis: str | None = None
    description: str | None = None
    by: date | None = None


class StageOut(BaseModel):
    """One stage: how it was acknowledged, extended and answered."""

    stage: int
    acknowledged_at: Instant | None
    method: str | None
    understanding: str | None
    next_steps: str | None
    extended_by: int | None = Field(description="Working days")
    extension_reason: str | None
    good_reason: str | None
    approved_by: str | None = Field(description="The manager who approved the good reason; for officers")
    responded_at: Instant | None
    handler: str | None = Field(description="The officer who answered")
    outcome: Outcome | None
    findings: str | None
    points: list[PointDecisionOut]
    remedies: list[RemedyOut]
    learning: str | None = Field(description="For officers")

    @classmethod
    def of(cls, stage: Stage) -> "StageOut":
        """The stage as it is kept."""
        shared = {name: getattr(stage, name) for name in cls.model_fields if name != "handler"}
        return cls.model_validate({**shared, "handler": stage.handler_name}, from_attributes=True)


class ActionOut(AnswerModel):
    """Something that was promised, or ordered, and whether it is done or failed."""

    number: int
    origin: str
    description: str
    owner: str | None
    amount: Pounds | None
    by: date | None
    completed_at: Instant | None
    notes: str | None = Field(description="Of its completion; for officers")
    failed_at: Instant | None = Field(description="Of a remedy that could not be delivered")
    failure_reason: str | None


class ReferralOut(AnswerModel):
    """Work that another service is to take up, and the case that it has for it."""

    referral: str
    service: str
    referred_at: Instant
    taken_up_as: str | None


class OmbudsmanCaseOut(AnswerModel):
    """The complaint's way to the ombudsman."""

    their_reference: str | None
    referred_at: Instant | None
    determined_at: Instant | None
    determination: str | None
    findings: str | None


class ContactRestrictionOut(BaseModel):
    """A restriction of contact with the complainant, and the day by which it is reviewed."""

    restriction: str
    review_on: date


class AdjustmentsOut(BaseModel):
    """Reasonable adjustments in force, and the day by which they are reviewed."""

    adjustments: list[str]
    large_print: bool
    review_on: date


class ComplaintOut(CaseOut):
    """A complaint, as its complainant and officers see it."""

    collection: ClassVar[str] = "/v1/complaints"

    about: About
    about_reference: str | None
    ombudsman: Ombudsman
    stage: int
    description: str
    points: list[PointOut]
    outcome_sought: str | None
    property: Property | None
    hazard: dict[str, Any] | None
    occurred_on: date | None
    aware_on: date | None
    contact: ContactOut
    adjustments: AdjustmentsOut | None
    update_interval: Interval | None
    restriction: ContactRestrictionOut | None
    representative: dict[str, Any] | None
    complainants: list[str]
    conflicts: list[str] = Field(description="Officers with an interest in it, as officers see it")
    route: str | None
    triage: dict[str, Any] | None
    not_recorded: list[str] = Field(
        description="Parts of the triage that the Code wants recorded and are not; for officers"
    )
    stages: list[StageOut]
    actions: list[ActionOut]
    referrals: list[ReferralOut]
    ombudsman_case: OmbudsmanCaseOut | None
    letters: list[LetterKind]
    made_from: str | None

    @classmethod
    def kept(cls, complaint: Complaint, *, to_officer: bool) -> dict[str, Any]:
        """The fields that the complaint's own row has; notes for officers are told to nobody else."""
        hidden = frozenset() if to_officer else FOR_OFFICERS
        return {
            "about": complaint.about,
            "about_reference": complaint.about_reference,
            "ombudsman": complaint.ombudsman,
            "description": complaint.description,
            "points": [
                PointOut.model_validate(whole_point(point, About(complaint.about)))
                for point in complaint.points
            ],
            "outcome_sought": complaint.outcome_sought,
            "property": Property.model_construct(**complaint.property) if complaint.property else None,
            "hazard": complaint.hazard,
            "occurred_on": complaint.occurred_on,
            "aware_on": complaint.aware_on,
            "contact": ContactOut.of(complaint.contact),
            "adjustments": complaint.adjustments,
            "update_interval": complaint.update_interval,
            "restriction": complaint.restriction,
            "representative": complaint.representative,
            "complainants": [each["name"] for each in complaint.complainants],
            "route": complaint.route,
            "not_recorded": not_recorded(complaint.route, complaint.triage, complaint.code)
            if to_officer
            else [],
            "triage": complaint.triage
            and {name: said for name, said in complaint.triage.items() if name not in hidden},
            "made_from": complaint.made_from,
        }


class LetterLine(AnswerModel):
    """A letter in the list of those that were written."""

    sequence: int = Field(description="Of the event that it tells of")
    kind: LetterKind
    stage: int
    subject: str
    written_at: Instant


class Letters(BaseModel):
    """Every letter about a complaint, in order."""

    items: list[LetterLine]


class LetterOut(LetterLine):
    """A letter exactly as it is sent."""

    reference: str
    text: str
    html: str
    digest: str = Field(description="SHA-256 of the text, as notifications keeps it with the delivery")
