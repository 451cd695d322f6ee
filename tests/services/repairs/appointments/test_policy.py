"""Appointments by the rules alone: the acts on a visit, and the slots that fit a repair."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.repairs.appointments.policy import (
    LIFECYCLE,
    TRADE_FOR,
    Action,
    Because,
    Trade,
    Wanted,
    binding_firm,
    latest_end,
    misfit,
    trade_for,
    wanted_on_site,
)
from services.repairs.case.guide import GUIDE
from services.repairs.case.policy import Status
from services.repairs.case.situation import Situation
from shared.caller import CONTRACTOR, OFFICER
from shared.events import Event
from shared.standards.calendar import Calendar
from shared.standards.catalogue import Catalogue
from shared.standards.deadlines import Deadline, deadlines
from shared.standards.vocabulary import Vocabulary
from tests.services.repairs.reporting import london

EMERGENCY = "An emergency needs no appointment: somebody comes at once."
REPORTED = "Friday 2025-08-22 16:55"


def promises(*happened: tuple[str, str, Mapping[str, Any]]) -> list[Deadline]:
    """The deadlines of a repair to which this happened."""
    events = [
        Event(
            id=uuid4(),
            type=f"repairs.{type}",
            reference="REP-7K3M-Q9TX",
            sequence=number,
            occurred_at=london(when),
            recorded_at=london(when),
            facts=facts,
        )
        for number, (type, when, facts) in enumerate(happened, start=1)
    ]
    return deadlines(events, Catalogue.load(), Calendar.bundled())


def test_every_fault_has_a_trade() -> None:
    """No report goes without offers because nobody thought of who mends it."""
    assert set(TRADE_FOR) == set(GUIDE)
    assert set(TRADE_FOR.values()) == set(Trade) - {Trade.HANDYPERSON}


def test_the_handypersons_work_is_the_handypersons() -> None:
    """A repair in their queue is offered their slots, and not a firm's."""
    assert trade_for("tap-not-turning", "handyperson") is Trade.HANDYPERSON
    assert trade_for("tap-not-turning", None) is Trade.PLUMBING


@pytest.mark.parametrize(
    ("fault", "priority", "until"),
    [
        ("tap-not-turning", 2, "Thursday 2025-08-28 23:59:59"),
        ("frames-and-doors", 3, "Thursday 2025-10-02 23:59:59"),
        # the law's seven working days are stricter than the 28 of its priority
        ("leaking-roof", 3, "Wednesday 2025-09-03 23:59:59"),
    ],
)
def test_a_visit_is_over_before_the_promise_to_complete_is(fault: str, priority: int, until: str) -> None:
    """A slot fits when the strictest promise can still be kept in it, the council's own or the law's."""
    told = promises(("repair-reported", REPORTED, {"priority": priority, "fault": fault}))
    assert latest_end(told, london(REPORTED)) == london(until)


def test_a_raised_priority_wants_an_earlier_visit() -> None:
    """The stricter promise counts, from the raising on."""
    told = promises(
        ("repair-reported", REPORTED, {"priority": 3, "fault": "frames-and-doors"}),
        ("priority-raised", "Tuesday 2025-08-26 09:00", {"priority": 2}),
    )
    assert latest_end(told, london("Tuesday 2025-08-26 09:00")) == london("Friday 2025-08-29 23:59:59")


def test_a_repair_that_is_late_may_have_any_visit() -> None:
    """Once the date has passed the earliest slot there is will do: to offer none would make it later yet."""
    told = promises(("repair-reported", REPORTED, {"priority": 2, "fault": "tap-not-turning"}))
    assert latest_end(told, london("Friday 2025-08-29 00:00")) is None


def test_an_emergency_hazard_is_visited_before_the_law_wants_it_safe() -> None:
    """The repair may have 28 working days; the home must be safe within 24 hours of our becoming aware."""
    when = "Monday 2026-02-02 10:00"
    hazard = {"severity": "emergency", "hazard": "electrical", "aware_at": "2026-02-02T10:00:00Z"}
    told = promises(
        ("repair-reported", when, {"priority": 3, "fault": "other"}), ("hazard-reported", when, hazard)
    )
    assert latest_end(told, london(when)) == london("Tuesday 2026-02-03 10:00")


@pytest.mark.parametrize(
    ("status", "priority", "needed"),
    [
        (Status.REPORTED, 3, True),
        (Status.FOLLOW_ON_NEEDED, 2, True),
        (Status.REPORTED, 1, False),
        (Status.COMPLETED, 3, False),
        (Status.CANCELLED, 2, False),
    ],
)
def test_emergencies_and_ended_repairs_need_no_appointment(
    status: Status, priority: int, needed: bool
) -> None:
    """To an emergency somebody comes at any hour."""
    situation = Situation(now=london(REPORTED), status=status, priority=priority)
    assert LIFECYCLE.allows(Action.APPOINTMENT, situation) is needed


@pytest.mark.parametrize(
    ("status", "priority", "hours", "allowed"),
    [
        (Status.REPORTED, 3, None, {"appointment"}),
        (Status.REPORTED, 3, 1, {"appointment", "appointment/cancellation"}),
        (Status.ACCEPTED, 2, 0, {"appointment"}),  # it is beginning: nobody can be told any more
        (Status.ATTENDED, 2, -1, {"appointment"}),
        (Status.MADE_SAFE, 1, 1, {"appointment/cancellation"}),
        (Status.MADE_SAFE, 1, None, set()),
        (Status.COMPLETED, 3, 1, set()),
        (Status.CANCELLED, 1, None, set()),
    ],
)
def test_a_visit_is_called_off_while_it_is_ahead(
    status: Status, priority: int, hours: int | None, allowed: set[str]
) -> None:
    """Also that of an emergency, which may have one agreed on site; there is none to book for it."""
    now = london(REPORTED)
    visit_at = None if hours is None else now + timedelta(hours=hours)
    situation = Situation(now=now, status=status, priority=priority, visit_at=visit_at)
    assert LIFECYCLE.allowed(OFFICER, situation) == allowed
    assert LIFECYCLE.allowed(CONTRACTOR, situation) == allowed - {"appointment"}


@pytest.mark.parametrize(
    ("action", "status", "priority", "why"),
    [
        (
            Action.APPOINTMENT,
            Status.REPORTED,
            1,
            "An emergency needs no appointment: somebody comes at once.",
        ),
        (Action.CANCELLATION, Status.REPORTED, 3, "The repair has no appointment ahead."),
        (Action.CANCELLATION, Status.COMPLETED, 3, "The repair has no appointment ahead."),
    ],
)
def test_a_refusal_says_why(action: Action, status: Status, priority: int, why: str) -> None:
    """The reason is in words for whoever asked."""
    situation = Situation(now=london(REPORTED), status=status, priority=priority)
    assert LIFECYCLE.refusal(action, situation) == why


@pytest.mark.parametrize(
    ("contractor", "got_by_booking", "status", "bound"),
    [
        (None, False, Status.REPORTED, None),
        ("Fixit", False, Status.REPORTED, "Fixit"),
        ("Fixit", True, Status.REPORTED, None),
        ("Fixit", True, Status.ACCEPTED, "Fixit"),
    ],
    ids=["nobody's", "given by an officer", "only booked", "booked and taken on"],
)
def test_whose_slots_may_be_booked(
    contractor: str | None, got_by_booking: bool, status: Status, bound: str | None
) -> None:
    """A resident who moves their appointment may choose another firm, until a firm has taken the job on."""
    assert binding_firm(contractor, got_by_booking, status) == bound


@pytest.mark.parametrize(
    ("trade", "firm", "hours", "said"),
    [
        ("roofing", "Fixit", 0, None),
        ("plumbing", "Fixit", 0, "for plumbing; the repair needs roofing"),
        ("roofing", "Bodgers", 0, "another firm"),
        ("roofing", "Fixit", 1, "too late"),
    ],
)
def test_a_slot_that_does_not_fit_says_why(trade: str, firm: str, hours: int, said: str | None) -> None:
    """The last instant of the promise still fits."""
    until = datetime.fromisoformat("2025-08-28T22:59:59+00:00")
    wanted = Wanted(Trade.ROOFING, "Fixit", until - timedelta(days=3), until)
    why = misfit(wanted, trade, firm, until + timedelta(hours=hours))
    assert why is None if said is None else said in (why or "")


@pytest.mark.parametrize("is_emergency", [True, False])
def test_the_next_visit_is_in_a_slot_of_the_firm_that_is_there(is_emergency: bool) -> None:
    """Before the promise runs out, unless it is an emergency's, which is made safe and finished later."""
    after, until = london(REPORTED), london("Thursday 2025-08-28 23:59:59")
    wanted = wanted_on_site(Wanted(Trade.ROOFING, None, after, until), "Fixit", is_emergency=is_emergency)
    assert wanted == Wanted(Trade.ROOFING, "Fixit", after, None if is_emergency else until)


def test_everybody_knows_why_a_visit_may_be_called_off() -> None:
    """The published reason is one of a list; moving a visit is told as its new time."""
    told = set(Because) - {Because.REBOOKED, Because.FOLLOW_ON}
    assert set(Vocabulary.bundled().facts_of("repairs.appointment-cancelled")["because"]) == told
