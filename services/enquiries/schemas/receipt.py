"""Requests by which an enquiry comes in, and the filters of their list."""

from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Query
from pydantic import AfterValidator, Field, model_validator

from services.enquiries.events import Service
from services.enquiries.policy.enquiry import IN_WRITING, SPOKEN, Kind, Status
from shared.cases.contact import ReportedContact
from shared.cases.filters import CaseFilters, Sort, Term
from shared.cases.formats import Day, Instant
from shared.cases.schemas import Channel, RequestModel, wrong_at
from shared.cases.words import Line, ShortLine, Words
from shared.references import normalised

AnyReference = Annotated[ShortLine, AfterValidator(lambda text: normalised(text) or text)]
OF_FIRST_CONTACT = ("resolved_at_first_contact", "expected_answer_on", "referred_to")


class NewEnquiry(RequestModel):
    """An enquiry as it comes in, or a request under a law on information.

    By word of mouth it is resolved at once, or the enquirer is told until when, or which service will help
    (sections 4 and 5).
    """

    imported: bool = False
    channel: Channel
    kind: Kind = Kind.ENQUIRY
    subject: Line
    message: Words
    contact: ReportedContact
    resolved_at_first_contact: bool = False
    expected_answer_on: Day | None = Field(None, description="The date that the enquirer was given")
    referred_to: Service | None = Field(None, description="The service that will help")
    about_reference: AnyReference | None = Field(None, description="The case that it is about")
    received_at: Instant | None = None

    @model_validator(mode="after")
    def is_answered_or_promised(self) -> Self:
        """Nobody leaves the desk or the telephone without an answer or a date."""
        if self.kind is not Kind.ENQUIRY:
            return self._as_a_request()
        told = self.resolved_at_first_contact, self.expected_answer_on, self.referred_to, self.imported
        if str(self.channel) in SPOKEN and not any(told):
            raise wrong_at(
                "/expected_answer_on",
                "say until when, or which service will help: it was not resolved at once",
            )
        if self.resolved_at_first_contact and (self.expected_answer_on or self.referred_to):
            raise wrong_at("/resolved_at_first_contact", "what is resolved awaits no answer")
        return self

    def _as_a_request(self) -> Self:
        for name in OF_FIRST_CONTACT:
            if getattr(self, name):
                raise wrong_at(f"/{name}", "a request for information has the dates of its own law")
        if self.kind is Kind.FREEDOM_OF_INFORMATION and str(self.channel) not in IN_WRITING:
            raise wrong_at("/channel", "a request under the Freedom of Information Act is made in writing")
        return self


@dataclass(frozen=True, kw_only=True)
class EnquiryFilters(CaseFilters):
    """Filters of the list of enquiries."""

    status: Status | None = None
    sort: Sort | None = None
    kind: Kind | None = None
    about_reference: Annotated[Term | None, Query(description="The case that they are about")] = None
