"""Requests and answers about a permit."""

from typing import ClassVar

from shared.cases.schemas import CaseOut, Channel, Contact, Instant, Line, RequestModel, Words
from tests.shared.example.events import Zone


class Request(RequestModel):
    """A permit as it is asked for."""

    zone: Zone
    description: Words
    channel: Channel
    contact: Contact
    received_at: Instant | None = None
    imported: bool = False


class Assignment(RequestModel):
    """The officer who is to deal with a permit."""

    handler: Line


class Issue(RequestModel):
    """The issue of a permit, by default now."""

    occurred_at: Instant | None = None


class PermitOut(CaseOut):
    """A permit."""

    collection: ClassVar[str] = "/v1/permits"
    zone: Zone
    description: str
