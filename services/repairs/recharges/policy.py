"""Recharges: the lifecycle of a charge, and the work that waits for a signature (section 6)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from services.repairs.case.guide import EMERGENCY, ROUTINE, URGENT
from services.repairs.case.policy import Update
from services.repairs.case.situation import Situation
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule

HAZARD_STANDS_OPEN = "A hazard in the home is still being dealt with, and that waits for no payment."


class RechargeStatus(StrEnum):
    """The stages of the charge for a repair."""

    QUOTED = "quoted"
    SIGNED = "signed"
    DECLINED = "declined"
    WAIVED = "waived"


class Action(StrEnum):
    """An act on the charge, by its path."""

    QUOTE = "recharge"
    SIGNATURE = "recharge/signature"
    DECLINE = "recharge/decline"
    WAIVER = "recharge/waiver"


def _repair_is_open(situation: Situation) -> bool:
    return situation.is_open


def _may_be_declined(situation: Situation) -> bool:
    """Declining ends the repair, and with it the clocks of Awaab's law, which no refusal stops.

    So nobody declines while a hazard stands open, and an officer can only let the resident off.
    """
    return situation.is_open and not situation.hazard_is_open


# A quote may be replaced until it is signed. What was signed may change to the resident's good only.
LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: RechargeStatus(situation.recharge) if situation.recharge else None,
    rules={
        Action.QUOTE: Rule(
            who=OFFICER,
            moves=dict.fromkeys((None, RechargeStatus.QUOTED, RechargeStatus.WAIVED), RechargeStatus.QUOTED),
            when=_repair_is_open,
            out_of_turn="The charge is settled and cannot be quoted anew.",
        ),
        Action.SIGNATURE: Rule(
            # a firm that signed for the resident would be paid by its own word
            who=RESIDENT | OFFICER,
            moves={RechargeStatus.QUOTED: RechargeStatus.SIGNED},
            when=_repair_is_open,
            out_of_turn="There is no quote to sign.",
        ),
        Action.DECLINE: Rule(
            who=RESIDENT | OFFICER,
            moves={RechargeStatus.QUOTED: RechargeStatus.DECLINED},
            when=_may_be_declined,
            otherwise=HAZARD_STANDS_OPEN,
            out_of_turn="There is no quote to decline.",
        ),
        Action.WAIVER: Rule(
            who=OFFICER,
            moves=dict.fromkeys((None, RechargeStatus.QUOTED, RechargeStatus.SIGNED), RechargeStatus.WAIVED),
            when=_repair_is_open,
            out_of_turn="The charge is settled and cannot be waived.",
        ),
    },
)
UNDECIDED = frozenset({None, RechargeStatus.QUOTED})

WORK = frozenset({Update.ATTENDED, Update.FOLLOW_ON_NEEDED, Update.COMPLETED})
# The updates that wait for the signature, by priority. Making safe is never held up by money: the landlord's
# duty to remove a danger does not depend on who pays for it. So an emergency is attended too, and a next
# visit agreed; only its completion waits.
HELD_UNTIL_SIGNED: Mapping[int, frozenset[Update]] = {
    EMERGENCY: frozenset({Update.COMPLETED}),
    URGENT: WORK,
    ROUTINE: WORK,
}


def is_held(
    update: Update, priority: int, status: RechargeStatus | None, *, at: datetime, since: datetime | None
) -> bool:
    """Tell whether an update tells of work, done at `at`, that the resident had not agreed to pay for.

    `since` is when the repair became one that the resident pays for, None if it never did: what was done
    before then was rightly done, and is welcome however late it is told.
    """
    if since is None or at < since or status not in UNDECIDED:
        return False
    return update in HELD_UNTIL_SIGNED[priority]


def total(estimated_cost: Decimal, administration_charge: Decimal) -> Decimal:
    """The sum that the resident is asked to pay, in pounds and exact pence."""
    return estimated_cost + administration_charge
