"""What happens to a repair, as every other service hears of it; no fact describes a person."""

from typing import ClassVar

from shared.events import Facts


class RepairReported(Facts):
    """A fault was reported. Notifications starts its clocks and acknowledges it to the resident."""

    type: ClassVar[str] = "repairs.repair-reported"
    priority: int
    fault: str
    department: str
    channel: str
    imported: bool
    resident: str | None = None  # the id of the resident who reported it themselves, to show them their case


class RepairAssigned(Facts):
    """A contractor was given the job."""

    type: ClassVar[str] = "repairs.repair-assigned"
    contractor: str
    department: str


class RepairAccepted(Facts):
    """The contractor has taken the job on."""

    type: ClassVar[str] = "repairs.repair-accepted"


class OperativeEnRoute(Facts):
    """Somebody is on the way."""

    type: ClassVar[str] = "repairs.operative-en-route"


class RepairAttended(Facts):
    """Somebody is on site."""

    type: ClassVar[str] = "repairs.repair-attended"


class RepairMadeSafe(Facts):
    """The danger is gone; the four-hour promise is met, the repair may still need finishing."""

    type: ClassVar[str] = "repairs.repair-made-safe"


class AccessRefused(Facts):
    """Nobody let the operative in; recorded, and it stops no clock."""

    type: ClassVar[str] = "repairs.access-refused"


class FollowOnNeeded(Facts):
    """The work needs another visit, whose appointment was agreed on site."""

    type: ClassVar[str] = "repairs.follow-on-needed"
    appointment_at: str


class RepairCompleted(Facts):
    """The repair is finished; every completion promise is met at this instant."""

    type: ClassVar[str] = "repairs.repair-completed"
    clean_and_tidy: bool | None  # none: unknown to the old system that it was brought over from
    identification_shown: bool | None
