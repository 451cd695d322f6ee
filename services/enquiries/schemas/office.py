"""Requests and answers of visits, appointments and feedback."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.enquiries.events import FeedbackKind, Party, Place, Service, Topic
from services.enquiries.policy import appointment, feedback, visit
from services.enquiries.schemas.acts import Act, HandlerGiven
from services.enquiries.schemas.receipt import AnyReference
from shared.cases.columns import CaseColumns
from shared.cases.contact import AccessNeeds, ContactOut, ReportedContact
from shared.cases.filters import CaseFilters, Sort
from shared.cases.formats import Day, Instant
from shared.cases.schemas import AnswerModel, CaseOut, Channel, RequestModel, wrong_at
from shared.cases.words import Line, Words


class NewVisit(RequestModel):
    """Somebody who came to the office without an appointment."""

    subject: Line | None = None
    access_needs: AccessNeeds | None = None
    arrived_at: Instant | None = None


class Seeing(RequestModel):
    """The visitor's being seen: by whom, and to which service they were passed."""

    seen_at: Instant | None = None
    seen_by: HandlerGiven
    resolved_at_first_contact: bool
    passed_to: Service | None = None


class Departure(RequestModel):
    """The visitor's leaving before anybody saw them."""

    left_at: Instant | None = None


class NewAppointment(RequestModel):
    """An appointment at the office or at home."""

    imported: bool = False
    subject: Line
    at: Instant
    with_: HandlerGiven = Field(alias="with")
    place: Place = Place.OFFICE
    contact: ReportedContact
    access_needs: AccessNeeds | None = None
    private_room: bool = False
    channel: Channel = Channel.PHONE
    received_at: Instant | None = None


class AppointmentMove(Act):
    """Another time for an appointment."""

    at: Instant


class AppointmentOutcome(Act):
    """The way in which an appointment went; `kept` is whether we kept it."""

    kept: bool
    identification_shown: bool | None = None
    access_needs_met: bool | None = None
    notes: Words | None = None

    @model_validator(mode="after")
    def says_all(self) -> Self:
        """An officer who comes shows who they are (section 5)."""
        if self.kept and self.identification_shown is None:
            raise wrong_at("/identification_shown", "say whether identification was shown")
        return self


class AppointmentCancellation(Act):
    """The calling off of an appointment."""

    by: Party
    reason: Words | None = None


class NewFeedback(RequestModel):
    """Feedback or a compliment on a service, with or without a case."""

    about: Topic
    kind: FeedbackKind = FeedbackKind.FEEDBACK
    score: int | None = Field(None, ge=1, le=5)
    comment: Words | None = None
    reference: AnyReference | None = Field(None, description="The case that it is about")
    channel: Channel = Channel.ONLINE
    contact: ReportedContact | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """Feedback has its score; a compliment may be words alone."""
        if self.score is None and self.kind is FeedbackKind.FEEDBACK:
            raise wrong_at("/score", "give a score of 1 to 5")
        if self.score is None and self.comment is None:
            raise wrong_at("/comment", "say what was good")
        return self


class FollowUp(Act):
    """The department's looking into what a low score was given for."""

    outcome: Words


class NewImprovement(RequestModel):
    """Something that was changed because of feedback."""

    about: Topic
    you_said: Words
    we_did: Words
    done_on: Day


@dataclass(frozen=True, kw_only=True)
class VisitFilters(CaseFilters):
    """Filters of the list of visits."""

    status: visit.VisitStatus | None = None
    sort: Sort | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentFilters(CaseFilters):
    """Filters of the list of appointments."""

    status: appointment.AppointmentStatus | None = None
    sort: Sort | None = None


@dataclass(frozen=True, kw_only=True)
class FeedbackFilters(CaseFilters):
    """Filters of the list of feedback."""

    status: feedback.FeedbackStatus | None = None
    sort: Sort | None = None


class OfficeCaseOut(CaseOut):
    """A case whose own fields are shown as they are kept."""

    @classmethod
    def own_fields(cls, case: CaseColumns) -> dict[str, Any]:
        """The fields that the case's own row has."""
        return {name: getattr(case, name) for name in cls.model_fields.keys() - CaseOut.model_fields.keys()}


class VisitOut(OfficeCaseOut):
    """A visit to the office."""

    collection: ClassVar[str] = "/v1/visits"

    subject: str | None
    access_needs: str | None
    seen_at: Instant | None
    left_at: Instant | None
    passed_to: Service | None
    resolved_at_first_contact: bool | None


class AppointmentOut(OfficeCaseOut):
    """An appointment."""

    collection: ClassVar[str] = "/v1/appointments"

    subject: str
    at: Instant
    place: Place
    access_needs: str | None
    private_room: bool
    kept: bool | None
    identification_shown: bool | None
    access_needs_met: bool | None
    notes: str | None
    contact: ContactOut

    @classmethod
    def own_fields(cls, case: CaseColumns) -> dict[str, Any]:
        """The fields that the appointment's own row has."""
        return super().own_fields(case) | {"contact": ContactOut.of(case.contact)}


class FeedbackOut(OfficeCaseOut):
    """Feedback, as whoever gave it and officers see it."""

    collection: ClassVar[str] = "/v1/feedback"

    about: Topic
    kind: FeedbackKind
    score: int | None
    comment: str | None
    about_reference: str | None
    follow_up: str | None
    complaint_requested_at: Instant | None


class ImprovementOut(AnswerModel):
    """You said, we did."""

    id: UUID
    about: Topic
    you_said: str
    we_did: str
    done_on: date


class Improvements(BaseModel):
    """The improvements made because of feedback, the latest first."""

    items: list[ImprovementOut]
