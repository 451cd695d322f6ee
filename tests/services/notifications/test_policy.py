"""Rules of who is told what, and when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notifications.policy import (
    Finding,
    Kind,
    Ladder,
    ReceivedEvent,
    Rung,
    Urgency,
    audience_of,
    breach_is_undone,
    difference,
    is_watched,
    kind_of,
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
