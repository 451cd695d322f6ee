"""Another file of standards moves the dates of open cases at the next start, and says why."""

from datetime import datetime
from pathlib import Path

from services.notifications.deadlines.recalculate import NEW_STANDARDS
from services.notifications.deadlines.standards_changes import derive_again
from shared.app_state import AppState
from tests.services.notifications.consuming import Case, consume, deadlines
from tests.services.repairs.reporting import london
from tests.shared.standards.histories import told
from tests.shared.standards.riverton import FILE, ROW, load

DONE = "repairs.done"
REPORTED = london("Wednesday 2026-11-25 10:00")


def restarted(resources: AppState, folder: Path, period: str) -> None:
    """Let the service have started again with the promise to repair within that period."""
    resources.catalogue = load(folder, FILE + ROW.replace("5 days", period))
    resources.settings = resources.settings.model_copy(update={"standards": str(folder / "riverton.toml")})


def repair() -> Case:
    case = Case()
    case.event("repairs.repair-reported", REPORTED, department="repairs", imported=False)
    return case


async def moves(resources: AppState, case: Case) -> list[tuple[str, str, str]]:
    rows = (await deadlines(resources, case.reference))[DONE].moves
    return [(date_in(row["from"]), date_in(row["to"]), row["because"]) for row in rows]


def date_in(text: str) -> str:
    return told(datetime.fromisoformat(text))


async def test_new_standards_move_the_dates_of_open_cases_once(resources: AppState, tmp_path: Path) -> None:
    """Five days become seven at a restart, and five again; what was done by then keeps its date."""
    restarted(resources, tmp_path, "5 days")
    still_open, done = repair(), repair()
    done.event("repairs.repair-completed", london("Thursday 2026-11-26 10:00"))
    await consume(resources, *still_open.history, *done.history)
    assert await derive_again(resources) == 1
    assert await moves(resources, still_open) == []

    restarted(resources, tmp_path, "7 days")
    assert await derive_again(resources, batch=1) == 1
    assert await derive_again(resources) == 0
    five, seven = "Monday 2026-11-30 23:59:59", "Wednesday 2026-12-02 23:59:59"
    assert await moves(resources, still_open) == [(five, seven, NEW_STANDARDS)]
    assert await moves(resources, done) == []

    restarted(resources, tmp_path, "5 days")
    assert await derive_again(resources) == 1
    assert (await moves(resources, still_open))[1:] == [(seven, five, NEW_STANDARDS)]
