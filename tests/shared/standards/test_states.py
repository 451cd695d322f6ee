"""One state of a deadline, in whole seconds and with its pauses, whoever asks."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.standards.states import State, is_in_time, lapses_at, state_of

DUE = datetime(2026, 2, 10, 23, 59, 59, tzinfo=UTC)
IN_ITS_LAST_SECOND = DUE + timedelta(microseconds=999_999)
AFTER = DUE + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("met_at", "cancelled_at", "paused_at", "now", "state"),
    [
        (None, None, None, IN_ITS_LAST_SECOND, "running"),
        (None, None, None, AFTER, "breached"),
        (None, None, DUE, AFTER, "running"),
        (IN_ITS_LAST_SECOND, None, None, AFTER, "met"),
        (AFTER, None, None, AFTER, "late"),
        (None, IN_ITS_LAST_SECOND, None, AFTER, "cancelled"),
        (None, AFTER, None, AFTER, "breached"),
        (AFTER, IN_ITS_LAST_SECOND, None, AFTER, "late"),
    ],
)
def test_a_days_last_second_is_all_of_it(
    met_at: datetime | None,
    cancelled_at: datetime | None,
    paused_at: datetime | None,
    now: datetime,
    state: State,
) -> None:
    """For keeping a promise, for cancelling it, and for waiting."""
    given = {"met_at": met_at, "cancelled_at": cancelled_at, "paused_at": paused_at}
    assert state_of(due_at=DUE, now=now, **given) == state


@pytest.mark.parametrize("fraction", [0, 1, 500_000, 999_999])
def test_a_promise_lapses_at_the_first_instant_that_is_not_in_time(fraction: int) -> None:
    """A promise of hours is due at a fraction of a second; its second counts too."""
    due = DUE.replace(microsecond=fraction)
    assert is_in_time(lapses_at(due) - timedelta(microseconds=1), due)
    assert not is_in_time(lapses_at(due), due)
