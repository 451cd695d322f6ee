"""Events of the right to repair (SI 1994/133), and of the estimate that may end it."""

from typing import Annotated, ClassVar

from services.repairs.events.values import NoRightToRepair, SecondPeriod
from shared.events import Facts


class RepairEstimated(Facts):
    """The cost of a repair was estimated; over the limit of the right to repair, that ends."""

    type: ClassVar[str] = "repairs.repair-estimated"
    plainly: ClassVar[str] = "The cost of your repair was estimated"
    amount_pence: int


class RightToRepairEnded(Facts):
    """A repair that had the right to repair has it no longer; its clocks fall away from here."""

    type: ClassVar[str] = "repairs.right-to-repair-ended"
    plainly: ClassVar[str] = "The right to repair ended for your repair"
    because: Annotated[str, NoRightToRepair]


class RightToRepairSuspended(Facts):
    """Something beyond anybody's control keeps the repair from being done; the period stands still."""

    type: ClassVar[str] = "repairs.right-to-repair-suspended"
    plainly: ClassVar[str] = "The period of the right to repair was suspended"


class RightToRepairResumed(Facts):
    """The repair can be done again; the period runs on, with the days of the suspension given back."""

    type: ClassVar[str] = "repairs.right-to-repair-resumed"
    plainly: ClassVar[str] = "The period of the right to repair ran on"


class SecondContractorAppointed(Facts):
    """The tenant asked for another contractor as the first was late; the same period again runs from here."""

    type: ClassVar[str] = "repairs.second-contractor-appointed"
    plainly: ClassVar[str] = "You asked for a second contractor, who was given your repair"
    period: Annotated[str, SecondPeriod]


class CompensationOwed(Facts):
    """The sum that the council owes in the end, as the second contractor was late too.

    Comes again when a late fact changes it, with nothing where none is owed after all: the latest holds.
    """

    type: ClassVar[str] = "repairs.compensation-owed"
    plainly: ClassVar[str] = "We worked out what we owe you for the late repair"
    amount_pence: int


class CompensationSetOff(Facts):
    """A part of the compensation was set off against what the tenant owes the council."""

    type: ClassVar[str] = "repairs.compensation-set-off"
    plainly: ClassVar[str] = "We set a part of what we owe you off against what you owe us"
    amount_pence: int
