"""Events of what was promised or ordered, and of the way to the ombudsman."""

from typing import ClassVar

from services.complaints.events.values import Origin
from shared.events import Date, Facts
from shared.standards.ombudsmen import Ombudsman


class ActionPromised(Facts):
    """The action numbered so within the case was promised, or ordered, for a day."""

    type: ClassVar[str] = "complaints.action-promised"
    plainly: ClassVar[str] = "We promised to put something right"
    ombudsman: Ombudsman
    action: int
    origin: Origin
    by: Date


class ActionCompleted(Facts):
    """The action numbered so is done."""

    type: ClassVar[str] = "complaints.action-completed"
    plainly: ClassVar[str] = "We did what we had promised"
    action: int


class RemedyFailed(Facts):
    """The action numbered so cannot be delivered; its alternative follows as an action of its own."""

    type: ClassVar[str] = "complaints.remedy-failed"
    plainly: ClassVar[str] = "We told you that we cannot do what we had promised, and what we do instead"
    action: int


class RemediesOutstanding(Facts):
    """The first of what an answer promised, or the ombudsman ordered, is still to be done (Code, 6.6)."""

    type: ClassVar[str] = "complaints.remedies-outstanding"
    plainly: ClassVar[str] = "There is something left for us to put right"
    ombudsman: Ombudsman


class RemediesDelivered(Facts):
    """The last of what was promised or ordered is done."""

    type: ClassVar[str] = "complaints.remedies-delivered"
    plainly: ClassVar[str] = "We put everything right that we had promised"


class OmbudsmanReferred(Facts):
    """The complaint is with the ombudsman."""

    type: ClassVar[str] = "complaints.ombudsman-referred"
    plainly: ClassVar[str] = "Your complaint went to the Ombudsman"


class OmbudsmanDetermined(Facts):
    """The ombudsman decided; what was ordered follows as actions."""

    type: ClassVar[str] = "complaints.ombudsman-determined"
    plainly: ClassVar[str] = "The Ombudsman decided on your complaint"
