"""Who pays for a repair, and what waits for a signature: section 6."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from services.repairs.policy import EMERGENCY, ENDED, ROUTINE, URGENT, Status, Update

PENCE_IN_A_POUND = 100


class RechargeStatus(StrEnum):
    """How far the charge for a repair has come."""

    QUOTED = "quoted"
    SIGNED = "signed"
    DECLINED = "declined"
    WAIVED = "waived"


QUOTE, SIGNATURE, DECLINE, WAIVER = "recharge", "recharge/signature", "recharge/decline", "recharge/waiver"

# The acts that a charge allows, by the names of their paths; None: nothing was quoted yet. A quote may be
# replaced until it is signed. What was signed stands: only to the resident's good may it still change.
ALLOWS: Mapping[RechargeStatus | None, frozenset[str]] = {
    None: frozenset({QUOTE, WAIVER}),
    RechargeStatus.QUOTED: frozenset({QUOTE, SIGNATURE, DECLINE, WAIVER}),
    RechargeStatus.SIGNED: frozenset({WAIVER}),
    RechargeStatus.WAIVED: frozenset({QUOTE}),
    RechargeStatus.DECLINED: frozenset(),
}
UNDECIDED = frozenset({None, RechargeStatus.QUOTED})

WORK = frozenset({Update.ATTENDED, Update.FOLLOW_ON_NEEDED, Update.COMPLETED})
# What waits for the signature, by priority. Making safe is never held up by money: the landlord's duty to
# remove a danger does not depend on who pays for it. So an emergency is attended too, and a next visit
# agreed; only its completion waits.
HELD_UNTIL_SIGNED: Mapping[int, frozenset[Update]] = {
    EMERGENCY: frozenset({Update.COMPLETED}),
    URGENT: WORK,
    ROUTINE: WORK,
}


def acts_allowed(status: Status, recharge: RechargeStatus | None, *, hazard_is_open: bool) -> frozenset[str]:
    """Which of these acts a repair in that status allows now, whose charge has come so far.

    Declining ends the repair, and with it the clocks of Awaab's law, which no refusal stops; so nobody
    declines while a hazard stands open, and an officer can only let the resident off.
    """
    if status in ENDED:
        return frozenset()
    return ALLOWS[recharge] - {DECLINE} if hazard_is_open else ALLOWS[recharge]


def is_held(
    update: Update, priority: int, status: RechargeStatus | None, *, at: datetime, since: datetime | None
) -> bool:
    """Whether an update tells of work, done at `at`, that the resident had not agreed to pay for.

    `since` is when the repair became one that the resident pays for, None if it never did: what was done
    before then was rightly done, and is welcome however late it is told.
    """
    if since is None or at < since or status not in UNDECIDED:
        return False
    return update in HELD_UNTIL_SIGNED[priority]


def total(estimated_cost: Decimal, administration_charge: Decimal) -> Decimal:
    """What the resident is asked to pay, in pounds and exact pence."""
    return estimated_cost + administration_charge


def pence(pounds: Decimal) -> int:
    """The same sum as a whole number of pence, as events carry it."""
    return int(pounds * PENCE_IN_A_POUND)
