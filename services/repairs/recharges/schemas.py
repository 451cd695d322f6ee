"""Requests and answers about a recharge; sums are pounds with two decimals, as in "120.00"."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.repairs.recharges.policy import RechargeStatus
from shared.cases.formats import Instant, PositivePounds, Pounds
from shared.cases.schemas import AnswerModel, RequestModel
from shared.cases.words import ONE_LINE, Line, Words

LARGEST_SIGNATURE = 200_000  # characters; a drawn one, sent as a data URL, is a few thousand

Signature = Annotated[str, StringConstraints(min_length=1, max_length=LARGEST_SIGNATURE), ONE_LINE]


class Quote(RequestModel):
    """The sum that the resident is asked to pay, and why it is theirs to pay."""

    reason: Words
    estimated_cost: PositivePounds
    administration_charge: Pounds


class SignatureIn(RequestModel):
    """The resident's word that they will pay: their name as typed, or their hand as a data URL."""

    signed_by: Line
    signature: Signature
    occurred_at: Instant | None = None


class Decline(RequestModel):
    """The reason for which the resident will not pay."""

    reason: Words


class Waiver(RequestModel):
    """The reason for which the resident need not pay."""

    reason: Words


class JobRechargeOut(AnswerModel):
    """The charge as the operative on the doorstep must be able to say it."""

    status: RechargeStatus
    estimated_cost: Pounds | None
    administration_charge: Pounds | None
    total: Pounds | None


class RechargeOut(JobRechargeOut):
    """The charge as resident and officers see it."""

    reason: str
    quoted_at: Instant
    signed_at: Instant | None
    signed_by: str | None
    recorded_by: str | None = Field(description="The officer who had the signature from the resident")
    ended_at: Instant | None
    ended_because: str | None


class SignedRechargeOut(RechargeOut):
    """The charge with what was signed: the council's evidence."""

    signature: str | None
