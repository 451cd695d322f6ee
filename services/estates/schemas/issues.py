"""Requests and answers about reported problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from fastapi import Query
from pydantic import BaseModel, Field, model_validator

from services.estates.events import IssueKind, Referee, Resolution
from services.estates.models import Issue, IssueReferral
from services.estates.policy.issue import IssueStatus
from services.estates.schemas.sites import Act
from shared.cases.contact import ContactOut, ReportedContact
from shared.cases.filters import PropertyFilters, Term
from shared.cases.formats import Instant
from shared.cases.handlers import Officer, or_by_name
from shared.cases.property import Property, ReportedProperty
from shared.cases.schemas import AnswerModel, CaseOut, Channel, RequestModel, wrong_at
from shared.cases.words import Line, ShortLine, Words


class NewIssue(RequestModel):
    """A problem as it is reported, by anybody: a resident, a caretaker on the round, the website."""

    imported: bool = False
    kind: IssueKind
    offensive: bool = Field(False, description="Of graffiti: racist or sexist")
    urgent: bool = Field(False, description="Needles always are")
    site: ShortLine | None = Field(None, description="The reference of the site")
    location: Line
    description: Words
    property: ReportedProperty | None = Field(
        None, description="The home that it is about, if it is about one"
    )
    channel: Channel
    contact: ReportedContact | None = None
    received_at: Instant | None = None

    @model_validator(mode="after")
    def is_offensive_graffiti(self) -> Self:
        """Let graffiti alone be offensive: for what it says it is promised to be gone within 24 hours."""
        if self.offensive and self.kind is not IssueKind.GRAFFITI:
            raise wrong_at("/offensive", "only graffiti is racist or sexist here; report other abuse as such")
        return self


class IssueAssignment(Act):
    """The caretaker or officer who is to deal with it."""

    handler: Annotated[Officer, or_by_name(Officer)]


class Attendance(Act):
    """The coming of a caretaker."""


class AppointmentTime(Act):
    """The time at which bulky items are collected."""

    at: Instant


class IssueResolution(Act):
    """The end of a problem: it was dealt with, nothing was found, or it was called off."""

    resolution: Resolution = Resolution.DEALT_WITH
    notes: Words | None = None


class NewReferral(Act):
    """The service that the problem goes to."""

    to: Referee
    reason: Words | None = None


class IssueSort(StrEnum):
    """The order of a list of problems; `urgent`: the urgent first, each by its age."""

    LATEST = "-received_at"
    EARLIEST = "received_at"
    URGENT = "urgent"


@dataclass(frozen=True, kw_only=True)
class IssueFilters(PropertyFilters):
    """Filters of the list of problems."""

    status: IssueStatus | None = None
    sort: IssueSort | None = None
    kind: IssueKind | None = None
    urgent: bool | None = None
    site: Annotated[Term | None, Query(description="The reference of the site")] = None


class IssueReferralOut(AnswerModel):
    """A service that the problem was passed on to; its case is named to whoever may know of it."""

    to: Referee
    reason: str | None
    referred_at: Instant
    taken_up_as: str | None
    ended_at: Instant | None
    dealt_with: bool | None


class IssueOut(CaseOut):
    """A problem on an estate."""

    collection: ClassVar[str] = "/v1/estates/issues"

    kind: IssueKind
    offensive: bool
    urgent: bool
    site: str | None
    site_name: str | None
    location: str
    description: str
    property: Property | None
    contact: ContactOut | None
    appointment_at: Instant | None
    attended_at: Instant | None
    resolved_at: Instant | None
    resolution: Resolution | None
    notes: str | None = Field(description="For officers")
    referrals: list[IssueReferralOut] = Field(description="For officers")
    made_from: str | None

    @classmethod
    def own_fields(
        cls, issue: Issue, home: dict[str, Any], referrals: Sequence[IssueReferralOut], *, to_officer: bool
    ) -> dict[str, Any]:
        """The fields besides those of every case; what a team was told of others is for officers."""
        same = (
            *("kind", "offensive", "urgent", "site", "location", "description", "appointment_at"),
            *("attended_at", "resolved_at", "resolution", "made_from"),
        )
        return {
            "property": Property.model_construct(**home) if home else None,
            "contact": ContactOut.of(issue.contact) if issue.tell_reporter else None,
            "notes": issue.notes if to_officer else None,
            "referrals": list(referrals) if to_officer else [],
            **{name: getattr(issue, name) for name in same},
        }


KINDS = {
    IssueKind.GRAFFITI: "Graffiti",
    IssueKind.FLY_TIPPING: "Fly tipping",
    IssueKind.NEEDLES: "Needles",
    IssueKind.RUBBISH: "Rubbish",
    IssueKind.BULKY_ITEMS: "Bulky items",
    IssueKind.ABANDONED_VEHICLE: "Abandoned vehicle",
    IssueKind.UNTAXED_VEHICLE: "Untaxed vehicle",
    IssueKind.UNAUTHORISED_VEHICLE: "Unauthorised vehicle",
    IssueKind.BADLY_PARKED_VEHICLE: "Badly parked vehicle",
    IssueKind.COMMUNAL_REPAIR: "Communal repair",
    IssueKind.WELFARE_CONCERN: "Worry about a resident",
    IssueKind.OTHER: "Other problem",
}


class HandedOver(BaseModel):
    """A problem in the words of whoever reported it, for the service that takes it up.

    `property` is the home that it is about, if it is about one; `place` is where it is.
    """

    description: str
    contact: dict[str, Any] | None
    property: dict[str, Any] | None
    place: dict[str, Any]


def shown_referral(referral: IssueReferral, *, names_case: bool) -> IssueReferralOut:
    """A referral as an officer reads it, with or without the other service's case."""
    shown = IssueReferralOut.of(referral)
    return shown if names_case else shown.model_copy(update={"taken_up_as": None})
