"""What a letter says of whose turn it is."""

import pytest

from services.repairs.case.policy import Status
from services.repairs.views.summaries import whose_turn


@pytest.mark.parametrize(
    ("status", "contractor", "unsigned", "turn"),
    [
        (Status.REPORTED, None, False, "The department's: to give the repair to a firm."),
        (Status.REPORTED, "Fixit", False, "Fixit's: to take the job on."),
        (Status.ACCEPTED, "Fixit", True, "The resident's: to sign for the cost, or to decline it."),
        (Status.ATTENDED, "Fixit", False, "Fixit's: to finish the repair."),
        (Status.MADE_SAFE, "Fixit", False, "Fixit's: to finish what was made safe."),
        (Status.FOLLOW_ON_NEEDED, "Fixit", False, "Fixit's: to come again."),
        (Status.COMPLETED, "Fixit", True, "Nobody's: the repair is completed."),
    ],
)
def test_a_letter_to_staff_says_whose_turn_it_is(
    status: Status, contractor: str | None, unsigned: bool, turn: str
) -> None:
    """One party owes the next act, and it is named; a repair that has ended waits for nobody."""
    assert whose_turn(status, contractor, unsigned=unsigned) == turn
