"""Events of the repair of damage that was done by anti-social behaviour."""

from typing import Annotated, ClassVar

from shared.events import Date, Facts, NeedsScope


class AsbDamageRepairRaised(Facts):
    """The damage numbered so on an ASB case became a repair, to be made safe a day after it was reported.

    So asb can tell the victim the repair's reference, in a way that is safe for them.
    """

    type: ClassVar[str] = "repairs.asb-damage-repair-raised"
    plainly: ClassVar[str] = "We raised a repair for the damage to your home"
    for_staff: ClassVar[bool] = True
    asb_reference: Annotated[str, NeedsScope("asb")]
    damage: int
    damage_reported_at: Date


class AsbDamageMadeSafe(Facts):
    """The damage numbered so on an ASB case is safe; asb waits for this, and tells the victim.

    Comes again when an earlier time becomes known, since contractors may tell late: the earliest holds.
    """

    type: ClassVar[str] = "repairs.asb-damage-made-safe"
    plainly: ClassVar[str] = "The damage to your home was made safe"
    for_staff: ClassVar[bool] = True
    asb_reference: Annotated[str, NeedsScope("asb")]
    damage: int


class AsbDamageLocated(Facts):
    """The service whose case it is told where the damage is, or corrected that."""

    type: ClassVar[str] = "repairs.asb-damage-located"
    plainly: ClassVar[str] = "We noted where the repair is"
    for_staff: ClassVar[bool] = True


class AsbDamageRepairCancelled(Facts):
    """The repair of the damage numbered so on an ASB case was called off; asb has somebody see to it."""

    type: ClassVar[str] = "repairs.asb-damage-repair-cancelled"
    plainly: ClassVar[str] = "The repair of the damage to your home was called off"
    for_staff: ClassVar[bool] = True
    asb_reference: Annotated[str, NeedsScope("asb")]
    damage: int
