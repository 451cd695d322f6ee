"""Requests and answers about worries about residents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict

from services.residents.events import WelfareOutcome
from services.residents.models import Welfare
from services.residents.policy import WelfareStatus
from services.residents.schemas.households import HouseholdOut
from shared.cases.contact import Contact, ContactOut
from shared.cases.filters import PropertyFilters, Sort
from shared.cases.formats import Instant
from shared.cases.handlers import Officer, or_by_name
from shared.cases.property import Property
from shared.cases.schemas import CaseOut, RequestModel
from shared.cases.words import Words


class WelfareAssignment(RequestModel):
    """The officer who is to look into it."""

    handler: Annotated[Officer, or_by_name(Officer)]
    occurred_at: Instant | None = None


class WelfareVisit(RequestModel):
    """A call at the home; the resident was seen, or was not."""

    seen: bool
    notes: Words | None = None
    occurred_at: Instant | None = None


class WelfareClosure(RequestModel):
    """The end of a worry, and what came of it."""

    outcome: WelfareOutcome
    notes: Words
    occurred_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class WelfareFilters(PropertyFilters):
    """Filters of the list of worries."""

    status: WelfareStatus | None = None
    sort: Sort | None = None


class ReferredIssue(RequestModel):
    """The answer of estates about a problem; anything more that is said is left unread."""

    model_config = ConfigDict(extra="ignore")

    description: Words
    contact: Contact | None = None
    property: Property | None = None
    place: Property


class WelfareOut(CaseOut):
    """A worry about a resident, as the department sees it; its contact is whoever is worried."""

    collection: ClassVar[str] = "/v1/welfare"

    property: Property
    description: str
    contact: ContactOut
    household: HouseholdOut | None
    made_from: str
    visited_at: Instant | None
    seen: bool | None
    visit_notes: str | None
    closed_at: Instant | None
    outcome: WelfareOutcome | None
    closing_notes: str | None

    @classmethod
    def own_fields(cls, welfare: Welfare, home: dict[str, Any]) -> dict[str, Any]:
        """The fields besides those of every case."""
        return {
            "property": Property.model_construct(**home),
            "contact": ContactOut.of(welfare.contact),
            "household": welfare.household,
            **{name: getattr(welfare, name) for name in SAME},
        }


SAME: Sequence[str] = (
    *("description", "made_from", "visited_at", "seen", "visit_notes"),
    *("closed_at", "outcome", "closing_notes"),
)
