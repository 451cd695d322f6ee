"""Requests by which something is done about an enquiry."""

from typing import Annotated

from pydantic import Field

from services.enquiries.events import Ground, Need, Service
from shared.cases.formats import Day, Instant, PositivePounds
from shared.cases.handlers import Officer, or_by_name
from shared.cases.schemas import Channel, RequestModel
from shared.cases.words import Line, Words


class NamedHandler(Officer):
    """The officer who is to deal with an enquiry; of another department, it goes there."""

    department: Line | None = None


HandlerGiven = Annotated[NamedHandler, or_by_name(NamedHandler)]


class Act(RequestModel):
    """An act, by default now."""

    occurred_at: Instant | None = None


class Assignment(Act):
    """The officer who is to deal with the enquiry."""

    handler: HandlerGiven


class Acknowledgement(Act):
    """The letter that names who deals with the enquiry."""


class HoldingReply(Act):
    """The reason why the answer takes longer, its new date, and as much of it as is known."""

    reason: Words
    respond_by: Day
    message: Words | None = Field(None, description="As much of the answer as is known")


class Referral(Act):
    """The service that will help, and until when."""

    to: Service
    expected_answer_on: Day
    reason: Words | None = None


class NeedTold(Act):
    """The thing that the requester has to give before the request can be answered."""

    need: Need
    message: Words = Field(description="As the requester is told")
    amount: PositivePounds | None = Field(None, description="Of a fee")


class NeedMet(Act):
    """The requester's giving what was needed, by default now."""

    message: Words | None = Field(None, description="As the requester put it")


class TimeExtension(Act):
    """The notice by which the law gives longer; a test of the public interest gives its own date."""

    reason: Words
    respond_by: Day | None = Field(None, description="For freedom of information alone")


class Response(Act):
    """The full answer."""

    message: Words


class Reply(Act):
    """The enquirer's own words, after the enquiry was received."""

    message: Words
    channel: Channel = Channel.ONLINE


class ComplaintWanted(Act):
    """The wish to have it dealt with as a complaint; the enquiry goes on beside it."""

    about: Service | None = Field(None, description="The service complained about, by default ours")


class Closure(Act):
    """The ground on which it ends without an answer, and why."""

    ground: Ground
    reason: Words
