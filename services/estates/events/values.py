"""Values of facts of estates."""

from enum import StrEnum


class IssueKind(StrEnum):
    """The kinds of problem that are reported on an estate."""

    GRAFFITI = "graffiti"
    FLY_TIPPING = "fly_tipping"
    NEEDLES = "needles"
    RUBBISH = "rubbish"
    BULKY_ITEMS = "bulky_items"
    ABANDONED_VEHICLE = "abandoned_vehicle"
    UNTAXED_VEHICLE = "untaxed_vehicle"
    UNAUTHORISED_VEHICLE = "unauthorised_vehicle"
    BADLY_PARKED_VEHICLE = "badly_parked_vehicle"
    COMMUNAL_REPAIR = "communal_repair"
    WELFARE_CONCERN = "welfare_concern"
    OTHER = "other"


class SiteKind(StrEnum):
    """The kinds of site, each with rounds of its own."""

    LOW_RISE = "low_rise"
    TOWER_BLOCK = "tower_block"
    SHELTERED = "sheltered"


class Referee(StrEnum):
    """A service that problems are referred to."""

    REPAIRS = "repairs"
    ASB = "asb"
    RESIDENTS = "residents"


class Resolution(StrEnum):
    """The way in which a problem ended."""

    DEALT_WITH = "dealt_with"
    NOTHING_FOUND = "nothing_found"
    CALLED_OFF = "called_off"
