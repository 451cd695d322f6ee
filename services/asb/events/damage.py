"""Events of damage to the home, and of which home it is."""

from typing import Annotated, ClassVar

from services.asb.events.values import SCOPE
from shared.events import Facts, NeedsScope


class HomeGiven(Facts):
    """The home that the case is about became known, or was corrected."""

    type: ClassVar[str] = "asb.home-given"
    plainly: ClassVar[str] = "We noted which home it is about"


class DamageReported(Facts):
    """Damage to the home, numbered within the case, was reported; what is ours to repair becomes a repair."""

    type: ClassVar[str] = "asb.damage-reported"
    plainly: ClassVar[str] = "The damage to your home was reported to us"
    damage: int
    our_repair_responsibility: bool
    home_known: bool
    imported: bool
    team: list[str]
    kept_from: Annotated[list[str], NeedsScope(SCOPE)]


class DamageMadeSafe(Facts):
    """The damage numbered so is safe, as its repair has told."""

    type: ClassVar[str] = "asb.damage-made-safe"
    plainly: ClassVar[str] = "The damage was made safe"
    damage: int


class DamageNotOurs(Facts):
    """The damage numbered so is not ours to make safe, as an officer found: what was promised of it ends."""

    type: ClassVar[str] = "asb.damage-not-ours"
    plainly: ClassVar[str] = "We found that the damage is not ours to repair"
    damage: int


class DamageRepairCancelled(Facts):
    """The repair of the damage numbered so was called off, and it is not safe: somebody has to see to it."""

    type: ClassVar[str] = "asb.damage-repair-cancelled"
    plainly: ClassVar[str] = "The repair of the damage was called off"
    damage: int
