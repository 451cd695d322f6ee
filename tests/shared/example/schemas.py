"""Requests and answers about a permit."""

from typing import ClassVar

from shared.cases.schemas import CaseOut, Channel, Contact, Instant, RequestModel, Words


class Request(RequestModel):
    """A permit as it is asked for."""

    description: Words
    channel: Channel
    contact: Contact
    received_at: Instant | None = None
    imported: bool = False


class Issue(RequestModel):
    """The issue of a permit, by default now."""

    occurred_at: Instant | None = None


class PermitOut(CaseOut):
    """A permit."""

    collection: ClassVar[str] = "/v1/permits"
    description: str
