"""Recharges: work that waits for the resident's signature, work that never does, and acts on the charge."""

from datetime import datetime
from decimal import Decimal

import pytest

from services.repairs.case.guide import EMERGENCY, ROUTINE, URGENT
from services.repairs.case.policy import Status, Update, pence
from services.repairs.case.situation import Situation
from services.repairs.recharges.policy import (
    HELD_UNTIL_SIGNED,
    LIFECYCLE,
    RechargeStatus,
    is_held,
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
    """Only the completion of an emergency waits: somebody must come to make it safe."""
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


def test_the_table_knows_every_priority() -> None:
    """No priority is forgotten."""
    assert set(HELD_UNTIL_SIGNED) == {EMERGENCY, URGENT, ROUTINE}


def allowed(
    recharge: RechargeStatus | None, status: Status = Status.ATTENDED, *, hazard_is_open: bool = False
) -> set[str]:
    """The acts on a charge that officers and residents may do."""
    situation = Situation(
        now=QUOTED_AT, status=status, priority=ROUTINE, recharge=recharge, hazard_is_open=hazard_is_open
    )
    return set(LIFECYCLE.allowed({"officer", "resident"}, situation))


@pytest.mark.parametrize(
    ("recharge", "acts"),
    [
        (None, {"recharge", "recharge/waiver"}),
        (
            RechargeStatus.QUOTED,
            {"recharge", "recharge/signature", "recharge/decline", "recharge/waiver"},
        ),
        (RechargeStatus.SIGNED, {"recharge/waiver"}),
        (RechargeStatus.WAIVED, {"recharge"}),
        (RechargeStatus.DECLINED, set()),
    ],
)
def test_what_may_be_done_about_a_charge(recharge: RechargeStatus | None, acts: set[str]) -> None:
    """A quote may be replaced until it is signed; after the repair's end nothing changes about its charge."""
    assert allowed(recharge) == acts
    for ended in (Status.COMPLETED, Status.CANCELLED):
        assert allowed(recharge, ended) == set()


def test_a_hazard_is_put_right_whoever_pays() -> None:
    """A charge may be quoted, signed or let off while a hazard stands open, and not declined."""
    acts = allowed(RechargeStatus.QUOTED, Status.REPORTED, hazard_is_open=True)
    assert acts == {"recharge", "recharge/signature", "recharge/waiver"}


@pytest.mark.parametrize(
    ("cost", "charge", "sum_in_pence"),
    [("120.00", "18.00", 13800), ("0.10", "0.20", 30), ("0.01", "0", 1), ("999999.99", "0.01", 100000000)],
)
def test_money_is_exact_to_the_penny(cost: str, charge: str, sum_in_pence: int) -> None:
    """Ten pence and twenty pence are thirty pence, which binary fractions would not say."""
    assert pence(total(Decimal(cost), Decimal(charge))) == sum_in_pence
