"""Answers about sites and what is done at them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Self

from pydantic import BaseModel, Field

from services.estates.events import SiteKind
from services.estates.models import Clean, Clearance, FollowUp, Inspection, Site
from services.estates.policy.site import Part
from shared.cases.formats import Instant
from shared.cases.registers import LINES_SHOWN
from shared.cases.schemas import AnswerModel, CaseOut
from shared.http.problems import Problem


class FollowUpOut(AnswerModel):
    """One element that an inspection found unsatisfactory."""

    number: int
    element: str
    found_at: Instant
    resolved_at: Instant | None
    resolved_by: str | None
    caretaker: str | None
    notes: str | None


class ClearanceOut(AnswerModel):
    """A planned clearance; `carried_out` is null while its day is to come."""

    number: int
    date: date
    partner: str | None
    carried_out: bool | None
    ended_at: Instant | None
    notes: str | None

    @classmethod
    def of_row(cls, row: Clearance) -> Self:
        """The clearance as it is kept."""
        same = ("number", "partner", "carried_out", "ended_at", "notes")
        return cls(date=row.planned_on, **{name: getattr(row, name) for name in same})


class CleanOut(BaseModel):
    """One clean of a site; half a clean is not `complete`."""

    cleaned_at: Instant
    inside: bool
    outside: bool
    lifts: bool
    lobbies: bool
    landings: list[int]
    swept: bool
    complete: bool
    told_by: str

    @classmethod
    def of(cls, row: Clean) -> Self:
        """The clean as it is kept."""
        same = ("cleaned_at", "landings", "swept", "complete", "told_by")
        shown: dict[str, Any] = {str(part): part in row.parts for part in Part}
        return cls(**shown, **{name: getattr(row, name) for name in same})


class InspectionOut(BaseModel):
    """One inspection of a site, with what it found."""

    inspected_at: Instant
    cleanliness: int
    notes: str | None
    inspected_by: str
    unsatisfactory: list[FollowUpOut]

    @classmethod
    def of(cls, row: Inspection, found: Sequence[FollowUp]) -> Self:
        """The inspection as it is kept."""
        same = ("inspected_at", "cleanliness", "notes", "inspected_by")
        elements = [FollowUpOut.of(each) for each in found]
        return cls(unsatisfactory=elements, **{name: getattr(row, name) for name in same})


class SiteOut(CaseOut):
    """A site; its handler is its caretaker."""

    collection: ClassVar[str] = "/v1/estates/sites"

    name: str
    kind: SiteKind
    address: str
    walking_order: int | None
    landings: int
    next_landing: int | None = Field(description="The landing whose turn it is")
    cleaned_at: Instant | None = Field(description="Of the latest complete clean")
    inspected_at: Instant | None
    cleanliness: int | None
    follow_ups: list[FollowUpOut] = Field(description="What inspections found and is still to be put right")
    clearances: list[ClearanceOut] = Field(description="Those still to come")
    retired_at: Instant | None
    why_retired: str | None

    @classmethod
    def own_fields(
        cls, site: Site, follow_ups: Sequence[FollowUp], clearances: Sequence[Clearance]
    ) -> dict[str, Any]:
        """The fields besides those of every case."""
        same = (
            *("name", "kind", "address", "walking_order", "landings", "next_landing"),
            *("cleaned_at", "inspected_at", "cleanliness", "retired_at", "why_retired"),
        )
        return {
            "follow_ups": [FollowUpOut.of(each) for each in follow_ups],
            "clearances": [ClearanceOut.of_row(each) for each in clearances],
            **{name: getattr(site, name) for name in same},
        }


KINDS = {
    SiteKind.LOW_RISE: "Low-rise block",
    SiteKind.TOWER_BLOCK: "Tower block",
    SiteKind.SHELTERED: "Sheltered scheme",
}


class SitesLoaded(BaseModel):
    """The outcome of a register of sites: how many of each, and the lines."""

    registered: int
    known: int
    refused: int
    lines: list["LoadedLine"] = Field(description=LINES_SHOWN)


class LoadedLine(BaseModel):
    """One line of a register: the site that it is, or why it was refused."""

    line: int
    reference: str | None = None
    is_new: bool = False
    problem: Problem | None = None
