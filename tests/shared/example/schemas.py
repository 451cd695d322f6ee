"""Requests and answers about a permit."""

from dataclasses import dataclass
from typing import ClassVar

from shared.cases.contact import ReportedContact
from shared.cases.filters import CaseFilters, Sort
from shared.cases.formats import Instant
from shared.cases.schemas import CaseOut, Channel, RequestModel
from shared.cases.words import Words
from tests.shared.example.policy import Status


class Request(RequestModel):
    """A permit as it is asked for."""

    imported: bool = False
    description: Words
    channel: Channel
    contact: ReportedContact
    received_at: Instant | None = None


class Issue(RequestModel):
    """The issue of a permit, by default now."""

    occurred_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class PermitFilters(CaseFilters):
    """Filters of the list of permits."""

    status: Status | None = None
    sort: Sort | None = None


class PermitOut(CaseOut):
    """A permit."""

    collection: ClassVar[str] = "/v1/permits"
    description: str
