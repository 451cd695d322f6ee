"""Rules of letters that fail or are heard of late: another try, another reader, the state that stands."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given, strategies as st

from services.notifications.policy import (
    RETRY_SECONDS,
    AfterFailure,
    Attempt,
    AttemptState,
    Failure,
    Urgency,
    after_failure,
    retry_after,
    staff_chain,
    staff_reader,
)

NOON = datetime(2025, 12, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_notice_is_tried_for_about_a_day_and_then_given_up_on() -> None:
    """At first at once again, then ever more slowly."""
    waits = [retry_after(attempts, Urgency.SOON, 1.0) for attempts in range(1, len(RETRY_SECONDS) + 1)]
    assert waits == sorted(RETRY_SECONDS)
    assert 20 * 3600 < sum(RETRY_SECONDS) < 30 * 3600
    last = len(RETRY_SECONDS)
    assert after_failure(Failure.TEMPORARY, last, Urgency.SOON, to_an_address=True) is AfterFailure.TRY_AGAIN
    assert (
        after_failure(Failure.TEMPORARY, last + 1, Urgency.SOON, to_an_address=True)
        is AfterFailure.TRY_OTHER_FORM
    )
    assert (
        after_failure(Failure.TEMPORARY, last + 1, Urgency.SOON, to_an_address=False) is AfterFailure.GIVE_UP
    )
    assert (
        after_failure(Failure.PERMANENT, 1, Urgency.SOON, to_an_address=True) is AfterFailure.TRY_OTHER_FORM
    )
    assert after_failure(Failure.PERMANENT, 1, Urgency.SOON, to_an_address=False) is AfterFailure.GIVE_UP


@pytest.mark.parametrize(
    ("attempts", "chance", "asked_for", "seconds"),
    [
        (1, 0.0, 0.0, 0.0),
        (4, 0.5, 0.0, 60.0),
        (4, 1.0, 0.0, 120.0),
        (4, 0.5, 90.0, 90.0),
        (5, 0.5, 90.0, 300.0),
    ],
)
def test_what_failed_together_is_not_tried_together_again(
    attempts: int, chance: float, asked_for: float, seconds: float
) -> None:
    """Any part of the pause is as likely as another, and never less than the provider asked for."""
    assert retry_after(attempts, Urgency.SOON, chance, asked_for) == seconds


def test_an_emergency_is_tried_again_within_a_minute_for_as_long() -> None:
    """Whatever its provider asked for: hours later it is of no use."""
    waits = [retry_after(attempts, Urgency.AT_ONCE, 1.0, 3600.0) for attempts in range(1, 1441)]
    assert set(waits) == {60.0}
    assert [retry_after(attempts, Urgency.AT_ONCE, 1.0) for attempts in (1, 2, 3, 4, 1440)] == [
        1,
        5,
        30,
        60,
        60,
    ]
    go_on = after_failure(Failure.TEMPORARY, 1440, Urgency.AT_ONCE, to_an_address=True)
    assert go_on is AfterFailure.TRY_AGAIN
    assert (
        after_failure(Failure.TEMPORARY, 1500, Urgency.AT_ONCE, to_an_address=False) is AfterFailure.GIVE_UP
    )


@pytest.mark.parametrize(
    ("known", "heard", "stands"),
    [
        (("queued", 0), ("sending", 0), ("sending", 0)),
        (("sending", 0), ("sent", 1), ("sent", 1)),
        (("sent", 1), ("sending", 2), ("sent", 1)),
        (("sent", 1), ("delivered", 2), ("delivered", 2)),
        (("sent", 3), ("failed", 2), ("failed", 2)),
        (("delivered", 2), ("sent", 3), ("delivered", 2)),
        (("delivered", 2), ("delivered", 2), ("delivered", 2)),
        (("delivered", 2), ("failed", 1), ("delivered", 2)),
        (("delivered", 2), ("failed", 3), ("failed", 3)),
        (("failed", 3), ("delivered", 2), ("failed", 3)),
        (("failed", 3), ("delivered", 4), ("delivered", 4)),
        (("failed", 3), ("delivered", 3), ("delivered", 3)),
        (("failed", 3), ("queued", 4), ("failed", 3)),
    ],
    ids=lambda state: f"{state[0]} at {state[1]}",
)
def test_a_final_state_is_left_for_a_later_final_one_alone(
    known: tuple[str, int], heard: tuple[str, int], stands: tuple[str, int]
) -> None:
    """By the provider's own time: its receipts come late, twice and in any order."""
    assert attempt(*known).after(attempt(*heard)) == attempt(*stands)


@given(receipts=st.lists(st.tuples(st.sampled_from(Attempt), st.integers(0, 5)), min_size=1), data=st.data())
def test_receipts_in_any_order_and_number_lead_to_one_state(
    receipts: list[tuple[Attempt, int]], data: st.DataObject
) -> None:
    """Each of them may come again, and after those that follow it."""
    heard = [attempt(*receipt) for receipt in receipts]
    again = data.draw(st.lists(st.sampled_from(heard)))
    shuffled = data.draw(st.permutations([*heard, *again]))
    started = attempt("queued", 0)
    in_order, in_any = (
        reduce(AttemptState.after, heard, started),
        reduce(AttemptState.after, shuffled, started),
    )
    assert in_order.status == in_any.status
    assert in_order == in_any or not in_order.is_final


def attempt(status: str, hour: int) -> AttemptState:
    return AttemptState(Attempt(status), NOON + hour * HOUR)


@pytest.mark.parametrize(
    ("meant", "at_once", "chain"),
    [
        ("handler", False, ["handler", "department", "manager"]),
        ("handler", True, ["handler", "department on duty", "department", "manager"]),
        ("department", True, ["department on duty", "department", "manager"]),
        ("legal department", True, ["legal department on duty", "legal department", "manager"]),
        ("manager", True, ["manager"]),
    ],
)
def test_what_one_of_the_staff_cannot_be_told_the_next_is(
    meant: str, at_once: bool, chain: list[str]
) -> None:
    """Handlers' departments, on duty first where it cannot wait, and their managers; then there is nobody."""
    assert [*staff_chain(meant, at_once=at_once)] == chain
    told = [staff_reader(chain, chain[:failed]) for failed in range(len(chain) + 1)]
    assert told == [*chain, None]
    assert staff_reader(chain, ["email"]) == chain[0]


def test_nobody_is_told_again_whom_somebody_is_told_in_place_of() -> None:
    """Though the address of whoever is on duty was entered meanwhile."""
    assert staff_reader(staff_chain("department", at_once=True), ["department"]) == "manager"
