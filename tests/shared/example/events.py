"""Events of a permit; no fact describes a person."""

from typing import ClassVar

from shared.events import Facts


class PermitRequested(Facts):
    """A resident asked for a permit; its clock starts."""

    type: ClassVar[str] = "permits.permit-requested"
    plainly: ClassVar[str] = "You asked us for a permit"
    acknowledged: ClassVar[bool] = True
    department: str
    imported: bool


class PermitIssued(Facts):
    """The permit was issued; the promise is met."""

    type: ClassVar[str] = "permits.permit-issued"
    plainly: ClassVar[str] = "Your permit was issued"
