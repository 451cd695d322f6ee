"""Requests and answers about appliances."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from fastapi import Query
from pydantic import BaseModel, Field, model_validator

from services.repairs.appliances.models import Appliance
from services.repairs.appliances.policy import ApplianceStatus
from services.repairs.events.values import ApplianceKind
from shared.cases.contact import ContactOut
from shared.cases.filters import PropertyFilters, Sort
from shared.cases.formats import Day, Instant
from shared.cases.property import Property, ReportedProperty
from shared.cases.registers import LINES_SHOWN
from shared.cases.schemas import AnswerModel, CaseOut, RequestModel, common_fields
from shared.cases.summaries import in_words, plainly
from shared.cases.words import Line, Words
from shared.errors import Invalid
from shared.http.problems import Problem
from shared.standards.deadlines import Deadline


class ApplianceSort(StrEnum):
    """The order of the list: of registration, or the next service due first and those never due last."""

    LATEST = Sort.LATEST
    EARLIEST = Sort.EARLIEST
    NEXT_DUE = "next_service_due_at"


@dataclass(frozen=True, kw_only=True)
class ApplianceFilters(PropertyFilters):
    """Filters of the list of appliances."""

    status: Annotated[
        ApplianceStatus | None,
        Query(description="Those on the register, unless this, `reference` or `updated_since` is given"),
    ] = None
    sort: ApplianceSort | None = None
    kind: ApplianceKind | None = None
    due_before: Annotated[Instant | None, Query(description="The next due first")] = None
    overdue: Annotated[
        bool | None,
        Query(description="Only those whose service is, or is not yet, overdue; the next due first"),
    ] = None

    def __post_init__(self) -> None:
        """Raise Invalid for contradictions: in another order no index finds what is due."""
        super().__post_init__()
        if self.is_of_due_dates and self.sort not in (None, ApplianceSort.NEXT_DUE):
            raise Invalid("What is due comes with the next due first, and in no other order.", "/sort")

    @property
    def is_of_due_dates(self) -> bool:
        """Tell whether only what is due, or not yet, is asked for."""
        return self.due_before is not None or self.overdue is not None


class Registration(RequestModel):
    """An appliance as it comes onto the register."""

    kind: ApplianceKind
    property: ReportedProperty
    location: Line | None = Field(
        None,
        description="Place in the home, as in hall or first-floor landing; tells several of a kind apart",
    )
    last_serviced_on: Day | None = Field(None, description="The yearly service counts from this day")
    received_at: Instant | None = None


class Serviced(RequestModel):
    """A service that an appliance had: on a day, or at an instant; today unless either is given."""

    serviced_on: Day | None = None
    occurred_at: Instant | None = None
    certificate: Line | None = Field(None, description="The number of the safety record")
    notes: Words | None = None

    @model_validator(mode="after")
    def has_one_time(self) -> Self:
        """Two times could contradict each other."""
        if self.serviced_on is not None and self.occurred_at is not None:
            raise ValueError("give serviced_on or occurred_at, not both")
        return self


class Removal(RequestModel):
    """The reason for which an appliance is serviced no more, if anybody says."""

    reason: Words | None = None
    occurred_at: Instant | None = None


class ApplianceOut(CaseOut):
    """An appliance, on the register or removed, with the date of its next service."""

    collection: ClassVar[str] = "/v1/appliances"

    kind: ApplianceKind
    property: Property
    contact: ContactOut
    location: str | None
    last_serviced_on: date | None
    next_service_due_at: Instant | None
    removed_at: Instant | None
    removed_because: str | None

    @classmethod
    def of(
        cls, appliance: Appliance, promises: Sequence[Deadline], now: datetime, allowed: Sequence[str]
    ) -> Self:
        """The appliance with its deadlines as they stand at `now`."""
        return cls.model_construct(
            **common_fields(
                appliance,
                promises,
                now,
                allowed,
                summary=in_words(plainly(appliance.kind), appliance),
                to_officer=True,
            ),
            kind=ApplianceKind(appliance.kind),
            property=Property.model_construct(**appliance.property),
            contact=ContactOut.of(appliance.contact),
            location=appliance.location,
            last_serviced_on=appliance.last_serviced_on,
            next_service_due_at=appliance.next_due_at,
            removed_at=appliance.removed_at,
            removed_because=appliance.removed_because,
        )


class ServiceOut(AnswerModel):
    """One service that an appliance had."""

    serviced_on: date
    recorded_at: Instant
    certificate: str | None
    notes: str | None


class Services(BaseModel):
    """The services that an appliance has had, the latest first."""

    items: list[ServiceOut]


class Outcome(StrEnum):
    """The outcome of one line of a register."""

    REGISTERED = "registered"
    ALREADY_REGISTERED = "already_registered"
    REFUSED = "refused"


class LineOut(BaseModel):
    """The outcome of one line, by its number in the file."""

    line: int
    outcome: Outcome
    reference: str | None = None
    note: str | None = None
    problem: Problem | None = None


class RegisterOut(BaseModel):
    """The outcome of a register: how many of each, and the lines."""

    registered: int
    already_registered: int
    refused: int
    lines: list[LineOut] = Field(description=LINES_SHOWN)

    @classmethod
    def of(cls, outcomes: Counter[Outcome], lines: list[LineOut]) -> Self:
        """The lines that are shown of all that were counted."""
        return cls(
            registered=outcomes[Outcome.REGISTERED],
            already_registered=outcomes[Outcome.ALREADY_REGISTERED],
            refused=outcomes[Outcome.REFUSED],
            lines=lines,
        )
