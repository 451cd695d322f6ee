"""Rules of who is told what, and when."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from services.notifications.policy import (
    RETRY_SECONDS,
    AfterFailure,
    Attempt,
    AttemptState,
    Failure,
    Finding,
    Kind,
    Ladder,
    ReceivedEvent,
    Rung,
    Urgency,
    after_failure,
    audience_of,
    breach_is_undone,
    difference,
    is_watched,
    kind_of,
    retry_after,
    staff_reader,
    urgency_of,
    waits_for_office,
)
from shared.events import digest

NOON = datetime(2025, 12, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

REMINDER = Rung("reminder", NOON - HOUR, ("department",))
BREACH = Rung("breach", NOON, ("department",))
ESCALATION = Rung("escalation", NOON + HOUR, ("manager",))
RUNGS = (REMINDER, BREACH, ESCALATION)


def ladder(*fired: str) -> Ladder:
    return Ladder(RUNGS, frozenset(fired))


@pytest.mark.parametrize(
    ("now", "fired", "owed"),
    [
        (NOON - 2 * HOUR, (), ()),
        (NOON - HOUR, (), ("reminder",)),
        (NOON - HOUR, ("reminder",), ()),
        (NOON - timedelta(microseconds=1), ("reminder",), ()),
        (NOON, ("reminder",), ("breach",)),
        (NOON + 2 * HOUR, ("reminder",), ("breach", "escalation")),
        (NOON + 2 * HOUR, ("reminder", "breach", "escalation"), ()),
    ],
)
def test_a_step_is_owed_from_its_instant_until_it_is_taken(
    now: datetime, fired: tuple[str, ...], owed: tuple[str, ...]
) -> None:
    """Never a moment early, and once taken never again."""
    assert tuple(rung.name for rung in ladder(*fired).owed(now)) == owed


def test_the_next_step_is_the_earliest_not_taken() -> None:
    """After the last step nothing is to be watched any more."""
    assert ladder().next_at() == REMINDER.at
    assert ladder("reminder").next_at() == BREACH.at
    assert ladder("reminder", "breach", "escalation").next_at() is None


def test_a_date_that_moved_on_arms_the_steps_that_lie_ahead_again() -> None:
    """Whoever was reminded of the old date is reminded of the new one; what lies behind stays taken."""
    tomorrow = timedelta(days=1)
    moved = Ladder(
        tuple(Rung(rung.name, rung.at + tomorrow, rung.tell) for rung in RUNGS),
        frozenset({"reminder", "breach"}),
    )
    assert moved.after_move(NOON, NOON + tomorrow, now=NOON).fired == frozenset()
    assert moved.after_move(NOON, NOON + tomorrow, now=NOON + tomorrow - HOUR).fired == {"reminder"}


def test_a_date_that_stayed_changes_nothing() -> None:
    """Hearing of a case again rings nothing twice."""
    assert ladder("reminder").after_move(NOON, NOON, now=NOON - 2 * HOUR) == ladder("reminder")


@pytest.mark.parametrize(
    ("rung", "kind"),
    [("reminder", Kind.REMINDER), ("breach", Kind.BREACH), ("escalation", Kind.ESCALATION)],
)
def test_a_steps_place_decides_what_its_notice_is(rung: str, kind: Kind) -> None:
    """Before the breach it reminds, after it it escalates, whatever a council calls its steps."""
    assert kind_of(rung, RUNGS) is kind


def test_without_a_breach_every_step_reminds() -> None:
    """A ladder may do no more than remind."""
    assert kind_of("nudge", (Rung("nudge", NOON, ("department",)),)) is Kind.REMINDER


@pytest.mark.parametrize(
    ("met", "cancelled", "imported", "watched"),
    [
        (False, False, False, True),
        (True, False, False, False),
        (False, True, False, False),
        (False, False, True, False),
    ],
)
def test_only_what_is_still_to_be_done_is_watched(
    met: bool, cancelled: bool, imported: bool, watched: bool
) -> None:
    """Nobody is rung about what is done, cancelled, or brought over from an old system."""
    assert is_watched(met=met, cancelled=cancelled, imported=imported) is watched


@pytest.mark.parametrize(
    ("fired", "state", "undone"),
    [
        ({"breach"}, "met", True),
        ({"breach"}, "cancelled", True),
        ({"breach"}, "running", True),
        ({"breach"}, "late", False),
        ({"breach"}, "breached", False),
        ({"reminder"}, "met", False),
        (set(), "met", False),
    ],
)
def test_only_an_announced_breach_can_be_undone(fired: set[str], state: str, undone: bool) -> None:
    """Done late is still broken; done in time, as it turns out later, never was."""
    assert breach_is_undone(fired, state) is undone


@pytest.mark.parametrize(
    ("meant", "safe_to_contact", "told"),
    [
        ("resident", True, "resident"),
        ("resident", False, "department"),
        ("department", False, "department"),
        ("manager", False, "manager"),
        ("handler", False, "handler"),
    ],
)
def test_nobody_writes_to_a_resident_who_is_not_safe(meant: str, safe_to_contact: bool, told: str) -> None:
    """A letter in the wrong hands endangers a victim of domestic abuse; the department sees to it instead."""
    assert audience_of(meant, safe_to_contact=safe_to_contact) == told


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
    ("usual", "emergency", "urgency"),
    [
        (Urgency.IN_TURN, True, Urgency.AT_ONCE),
        (Urgency.SOON, True, Urgency.AT_ONCE),
        (Urgency.SOON, False, Urgency.SOON),
        (Urgency.IN_TURN, False, Urgency.IN_TURN),
    ],
)
def test_an_emergency_waits_behind_no_other(usual: Urgency, emergency: bool, urgency: Urgency) -> None:
    """However many letters are owed about what was promised within a year."""
    assert urgency_of(usual, emergency=emergency) == urgency


@pytest.mark.parametrize(
    ("kinds", "emergency", "waits"),
    [
        ((Kind.REMINDER,), False, True),
        ((Kind.REMINDER,), True, False),
        ((Kind.REMINDER, Kind.BREACH), False, False),
        ((Kind.ESCALATION,), False, False),
    ],
)
def test_only_reminders_that_are_no_emergency_wait_for_the_office(
    kinds: tuple[Kind, ...], emergency: bool, waits: bool
) -> None:
    """A breach is told at once, and takes the reminder that waited with it."""
    assert waits_for_office(kinds, emergency=emergency) is waits


@pytest.mark.parametrize(
    ("received", "owned", "finding"),
    [
        ("", "a", Finding.EVENTS_MISSING),
        ("a", "ab", Finding.EVENTS_MISSING),
        ("ab", "ab", None),
        ("ac", "ab", Finding.HISTORIES_DIFFER),
        ("cb", "ab", Finding.HISTORIES_DIFFER),
        ("abc", "ab", Finding.HISTORIES_DIFFER),
    ],
)
def test_histories_are_compared_by_the_ids_of_their_events(
    received: str, owned: str, finding: Finding | None
) -> None:
    """Not by how many there are, nor by the latest alone."""
    of_all = digest(id_of(letter) for letter in owned)
    assert difference(events_of(received), len(owned), of_all, NOON) is finding


def test_what_may_have_happened_since_its_owner_was_asked_is_no_difference() -> None:
    """The owner's list was made before the event was received."""
    of_all = digest([id_of("a")])
    assert difference(events_of("ab", at=NOON), 1, of_all, NOON) is None


def id_of(letter: str) -> UUID:
    return UUID(int=ord(letter))


def events_of(letters: str, at: datetime = NOON - HOUR) -> list[ReceivedEvent]:
    return [ReceivedEvent(id_of(letter), number, at) for number, letter in enumerate(letters, start=1)]


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
    ("meant", "failed", "reader"),
    [
        ("handler", [], "handler"),
        ("handler", ["handler"], "department"),
        ("handler", ["handler", "department"], "manager"),
        ("department", ["email"], "department"),
        ("department", ["department"], "manager"),
        ("legal department", ["legal department"], "manager"),
        ("manager", ["manager"], None),
        ("handler", ["handler", "department", "manager"], None),
    ],
)
def test_what_one_of_the_staff_cannot_be_told_the_next_is(
    meant: str, failed: list[str], reader: str | None
) -> None:
    """Handlers' departments, and their managers; after them there is nobody."""
    assert staff_reader(meant, failed) == reader
