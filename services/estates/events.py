"""Events of a site or a problem on it, as every other service receives them; no fact describes a person."""

from enum import StrEnum
from typing import ClassVar

from shared.events import Facts


class IssueKind(StrEnum):
    """The kinds of problem that are reported on an estate."""

    GRAFFITI = "graffiti"
    FLY_TIPPING = "fly_tipping"
    NEEDLES = "needles"
    RUBBISH = "rubbish"
    BULKY_ITEMS = "bulky_items"
    ABANDONED_VEHICLE = "abandoned_vehicle"
    UNTAXED_VEHICLE = "untaxed_vehicle"
    COMMUNAL_REPAIR = "communal_repair"
    OTHER = "other"


class SiteKind(StrEnum):
    """The kinds of site, each with rounds of its own."""

    LOW_RISE = "low_rise"
    TOWER_BLOCK = "tower_block"
    SHELTERED = "sheltered"


class IssueReported(Facts):
    """A problem on an estate was reported."""

    type: ClassVar[str] = "estates.issue-reported"
    plainly: ClassVar[str] = "The problem was reported to us"
    acknowledged: ClassVar[bool] = True
    kind: IssueKind
    offensive: bool


class IssueResolved(Facts):
    """The problem was dealt with."""

    type: ClassVar[str] = "estates.issue-resolved"
    plainly: ClassVar[str] = "The problem was dealt with"


class SiteRegistered(Facts):
    """A site is on the register; its cleaning and inspection are promised from now on."""

    type: ClassVar[str] = "estates.site-registered"
    plainly: ClassVar[str] = "The site was registered with us"
    kind: SiteKind


class SiteCleaned(Facts):
    """A site was cleaned, with the parts that were."""

    type: ClassVar[str] = "estates.site-cleaned"
    plainly: ClassVar[str] = "The site was cleaned"
    inside: bool
    outside: bool
    lifts: bool
    lobbies: bool


class SiteInspected(Facts):
    """A site was inspected."""

    type: ClassVar[str] = "estates.site-inspected"
    plainly: ClassVar[str] = "The site was inspected"


class SiteRetired(Facts):
    """A site is cleaned no longer; nothing more is due on it."""

    type: ClassVar[str] = "estates.site-retired"
    plainly: ClassVar[str] = "The site was retired"
