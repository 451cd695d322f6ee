"""What waits for the resident's signature, and what never does."""

from datetime import datetime
from decimal import Decimal

import pytest

from services.repairs.policy import EMERGENCY, ROUTINE, URGENT, Status, Update
from services.repairs.recharges.policy import (
    ALLOWS,
    HELD_UNTIL_SIGNED,
    RechargeStatus,
    acts_allowed,
    is_held,
    pence,
    total,
)
from tests.services.repairs.reporting import london

QUOTED_AT = london("Tuesday 2025-06-03 10:00")
BEFORE = london("Tuesday 2025-06-03 09:59")


@pytest.mark.parametrize("priority", [EMERGENCY, URGENT, ROUTINE])
def test_making_safe_is_never_held_up_by_money(priority: int) -> None:
    """Neither is setting out, nor telling that a door stayed shut."""
    for update in (Update.MADE_SAFE, Update.ACCEPTED, Update.EN_ROUTE, Update.NO_ACCESS):
        assert not is_held(update, priority, RechargeStatus.QUOTED, at=QUOTED_AT, since=QUOTED_AT)


@pytest.mark.parametrize(
    ("update", "priority", "held"),
    [
        (Update.ATTENDED, EMERGENCY, False),
        (Update.FOLLOW_ON_NEEDED, EMERGENCY, False),
        (Update.COMPLETED, EMERGENCY, True),
        (Update.ATTENDED, URGENT, True),
        (Update.FOLLOW_ON_NEEDED, URGENT, True),
        (Update.COMPLETED, URGENT, True),
        (Update.ATTENDED, ROUTINE, True),
        (Update.COMPLETED, ROUTINE, True),
    ],
)
def test_work_waits_for_the_signature(update: Update, priority: int, held: bool) -> None:
    """Of an emergency only the completion waits: somebody must come to make it safe."""
    assert is_held(update, priority, RechargeStatus.QUOTED, at=QUOTED_AT, since=QUOTED_AT) is held


@pytest.mark.parametrize(
    ("status", "held"),
    [
        (None, True),  # the report said that the resident caused it: a quote must come first
        (RechargeStatus.QUOTED, True),
        (RechargeStatus.SIGNED, False),
        (RechargeStatus.WAIVED, False),
    ],
)
def test_work_waits_until_it_is_settled_who_pays(status: RechargeStatus | None, held: bool) -> None:
    """A signature settles it, and so does the council's letting them off."""
    assert is_held(Update.COMPLETED, ROUTINE, status, at=QUOTED_AT, since=QUOTED_AT) is held


@pytest.mark.parametrize(
    ("at", "since", "held"), [(QUOTED_AT, None, False), (BEFORE, QUOTED_AT, False), (QUOTED_AT, BEFORE, True)]
)
def test_what_was_done_before_anything_was_quoted_was_rightly_done(
    at: datetime, since: datetime | None, held: bool
) -> None:
    """However late it is told; and a repair that is nobody's fault waits for nothing."""
    assert is_held(Update.COMPLETED, ROUTINE, RechargeStatus.QUOTED, at=at, since=since) is held


def test_the_table_knows_every_priority_and_every_state() -> None:
    """No state of a charge, and no priority, is forgotten."""
    assert set(HELD_UNTIL_SIGNED) == {EMERGENCY, URGENT, ROUTINE}
    assert set(ALLOWS) == {None, *RechargeStatus}


@pytest.mark.parametrize("recharge", [None, *RechargeStatus])
def test_after_the_repairs_end_nothing_changes_about_its_charge(recharge: RechargeStatus | None) -> None:
    """What was signed by then stands; what was not is not asked for any more."""
    assert acts_allowed(Status.ATTENDED, recharge, hazard_is_open=False) == ALLOWS[recharge]
    for ended in (Status.COMPLETED, Status.CANCELLED):
        assert acts_allowed(ended, recharge, hazard_is_open=False) == set()


def test_a_hazard_is_put_right_whoever_pays() -> None:
    """A charge may be quoted, signed or let off while a hazard stands open, and not declined."""
    allowed = acts_allowed(Status.REPORTED, RechargeStatus.QUOTED, hazard_is_open=True)
    assert allowed == {"recharge", "recharge/signature", "recharge/waiver"}


@pytest.mark.parametrize(
    ("cost", "charge", "sum_in_pence"),
    [("120.00", "18.00", 13800), ("0.10", "0.20", 30), ("0.01", "0", 1), ("999999.99", "0.01", 100000000)],
)
def test_money_is_exact_to_the_penny(cost: str, charge: str, sum_in_pence: int) -> None:
    """Ten pence and twenty pence are thirty pence, which binary fractions would not say."""
    assert pence(total(Decimal(cost), Decimal(charge))) == sum_in_pence
