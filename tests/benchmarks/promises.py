"""The cost of a date: a sum of working days, and the fold of a case that has just been reported."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from services.repairs.events import RepairReported
from shared.events import Event
from shared.standards.calendar import Calendar
from shared.standards.catalogue import Catalogue
from shared.standards.deadlines import deadlines
from tests.benchmarks.figures import Figure, Section, Steps

ROUNDS = 20
A_YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
FOLDS = 1_000


def promises(steps: Steps) -> list[Section]:
    """Both, with everything warm, as a service has it from its second request on."""
    with steps.step("adding working days, folding a case"):
        sums, folds = _working_day_sums(), _folds()
    rows = [
        Figure("10 working days added", f"{sums * 1e9:,.0f} ns", "from each day of 2026"),
        Figure("fold of a reported repair", f"{folds * 1e6:,.1f} µs", "one event, three deadlines"),
    ]
    return [("Promises", rows)]


def _working_day_sums() -> float:
    calendar = Calendar.bundled()

    def add() -> None:
        for day in A_YEAR:
            calendar.add_working_days(day, 10)

    return _fastest(add) / len(A_YEAR)


def _folds() -> float:
    catalogue, calendar = Catalogue.load(), Calendar.bundled()
    history = [_reported()]

    def fold() -> None:
        for _ in range(FOLDS):
            deadlines(history, catalogue, calendar)

    return _fastest(fold) / FOLDS


def _reported() -> Event:
    facts = RepairReported(
        priority=1, fault="loss-of-gas", department="repairs", channel="online", imported=False
    )
    now = datetime.now(UTC)
    return Event(
        id=uuid4(), type=facts.type, reference="REP-7K3M-Q9TX", sequence=1,
        occurred_at=now, recorded_at=now, facts=vars(facts),
    )  # fmt: skip


def _fastest(work: Callable[[], None]) -> float:
    """The seconds of the fastest round: all that the others have more is somebody else's."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - started)
    return min(rounds)
