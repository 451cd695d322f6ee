"""Events of a permit; no fact describes a person."""

from enum import StrEnum
from typing import Annotated, ClassVar

from shared.events import Facts


class Zone(StrEnum):
    """The zones in which a permit is good."""

    NORTH = "north"
    SOUTH = "south"


class PermitRequested(Facts):
    """A resident asked for a permit; its clock starts."""

    type: ClassVar[str] = "permits.permit-requested"
    plainly: ClassVar[str] = "You asked us for a permit"
    acknowledged: ClassVar[bool] = True
    zone: Annotated[str, Zone]
    department: str
    imported: bool


class PermitAssigned(Facts):
    """An officer was named who deals with it."""

    type: ClassVar[str] = "permits.permit-assigned"
    plainly: ClassVar[str] = "We decided who deals with your permit"


class PermitIssued(Facts):
    """The permit was issued; the promise is met."""

    type: ClassVar[str] = "permits.permit-issued"
    plainly: ClassVar[str] = "Your permit was issued"
