"""Requests and answers about a recharge; sums are pounds with two decimals, as in "120.00"."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from services.repairs.case.money import Pounds
from services.repairs.recharges import policy
from services.repairs.recharges.models import Recharge
from services.repairs.recharges.policy import RechargeStatus
from shared.cases.schemas import Instant, RequestModel
from shared.cases.words import ONE_LINE, Line, Words

LARGEST_SIGNATURE = 200_000  # characters; a drawn one, sent as a data URL, is a few thousand

Signature = Annotated[str, StringConstraints(min_length=1, max_length=LARGEST_SIGNATURE), ONE_LINE]


class Quote(RequestModel):
    """The sum that the resident is asked to pay, and why it is theirs to pay."""

    reason: Words
    estimated_cost: Annotated[Pounds, Field(gt=0)]
    administration_charge: Annotated[Pounds, Field(ge=0)]


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


class JobRechargeOut(BaseModel):
    """The charge as the operative on the doorstep must be able to say it."""

    status: RechargeStatus
    estimated_cost: Pounds | None
    administration_charge: Pounds | None
    total: Pounds | None

    @classmethod
    def of(cls, recharge: Recharge) -> "JobRechargeOut":
        """The charge as it stands."""
        return cls.model_construct(**_sums(recharge))


class RechargeOut(JobRechargeOut):
    """The charge as resident and officers see it."""

    reason: str
    quoted_at: Instant
    signed_at: Instant | None
    signed_by: str | None
    ended_at: Instant | None
    ended_because: str | None

    @classmethod
    def of(cls, recharge: Recharge) -> "RechargeOut":
        """The charge as it stands."""
        return cls.model_construct(**_sums(recharge), **_told(recharge))


class SignedRechargeOut(RechargeOut):
    """The charge with what was signed: the council's evidence."""

    signature: str | None

    @classmethod
    def of(cls, recharge: Recharge) -> "SignedRechargeOut":
        """The charge as it stands."""
        return cls.model_construct(**_sums(recharge), **_told(recharge), signature=recharge.signature)


def _sums(recharge: Recharge) -> dict[str, Any]:
    cost, charge = recharge.estimated_cost, recharge.administration_charge
    return {
        "status": RechargeStatus(recharge.status),
        "estimated_cost": cost,
        "administration_charge": charge,
        "total": policy.total(cost, charge) if cost is not None and charge is not None else None,
    }


def _told(recharge: Recharge) -> dict[str, Any]:
    return {
        "reason": recharge.reason,
        "quoted_at": recharge.quoted_at,
        "signed_at": recharge.signed_at,
        "signed_by": recharge.signed_by,
        "ended_at": recharge.ended_at,
        "ended_because": recharge.ended_because,
    }
