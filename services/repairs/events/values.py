"""Closed values of facts: the only ones that an event can carry, and a standard can name."""

from enum import StrEnum


class Fault(StrEnum):
    """A fault of the repairs guide (services/repairs/case/guide.py)."""

    TOTAL_LOSS_OF_WATER = "total-loss-of-water"
    TOTAL_LOSS_OF_ELECTRICITY = "total-loss-of-electricity"
    UNSAFE_ELECTRICAL_FITTING = "unsafe-electrical-fitting"
    LOSS_OF_GAS = "loss-of-gas"
    BLOCKED_FLUE = "blocked-flue"
    BLOCKED_OR_LEAKING_DRAIN = "blocked-or-leaking-drain"
    TOILET_NOT_FLUSHING = "toilet-not-flushing"
    LEAKING_WATER_OR_HEATING_PIPE = "leaking-water-or-heating-pipe"
    INSECURE_WINDOW_DOOR_OR_LOCK = "insecure-window-door-or-lock"
    LOSS_OF_HEATING_OR_HOT_WATER = "loss-of-heating-or-hot-water"
    PARTIAL_LOSS_OF_ELECTRICITY = "partial-loss-of-electricity"
    PARTIAL_LOSS_OF_WATER = "partial-loss-of-water"
    BLOCKED_SINK_BATH_BASIN_OR_SHOWER = "blocked-sink-bath-basin-or-shower"
    TAP_NOT_TURNING = "tap-not-turning"
    LOOSE_BANISTER_OR_HANDRAIL = "loose-banister-or-handrail"
    ROTTEN_FLOOR_OR_STAIRS = "rotten-floor-or-stairs"
    BROKEN_DOOR_ENTRY_PHONE = "broken-door-entry-phone"
    FRAMES_AND_DOORS = "frames-and-doors"
    WORKTOPS_AND_SINK_TOPS = "worktops-and-sink-tops"
    WINDOW_FRAMES = "window-frames"
    EXTRACTOR_FAN = "extractor-fan"
    LEAKING_ROOF = "leaking-roof"
    OTHER = "other"


class Tenure(StrEnum):
    """The tenure of a home; the law on repairs differs by it, and one that is not known has every right."""

    SECURE = "secure"
    FLEXIBLE = "flexible"
    INTRODUCTORY = "introductory"
    TEMPORARY = "temporary"
    SUPPORTED = "supported"
    LICENCE = "licence"
    LONG_LEASE = "long_lease"
    SHARED_OWNERSHIP = "shared_ownership"


class NoRightToRepair(StrEnum):
    """The ground on which a repair has no right to repair, or no longer (SI 1994/133)."""

    FAULT = "fault"
    TENURE = "tenure"
    CAUSED_BY_RESIDENT = "caused_by_resident"
    OVER_LIMIT = "over_limit"
    NO_ACCESS = "no_access"
    NOT_WANTED = "not_wanted"


class ToldInTime(StrEnum):
    """An update of a job that meets promises by the time it gives."""

    MADE_SAFE = "made_safe"
    COMPLETED = "completed"


class ApplianceKind(StrEnum):
    """The kinds of appliance that are serviced every year."""

    HEATING = "heating"
    SMOKE_ALARM = "smoke_alarm"


class HandbackReason(StrEnum):
    """The reason for which a firm hands a job back."""

    NOT_OUR_TRADE = "not_our_trade"
    NOT_IN_CONTRACT = "not_in_contract"
    NOT_OUR_AREA = "not_our_area"
    NO_CAPACITY = "no_capacity"
    OTHER = "other"


class CalledOff(StrEnum):
    """The published reason for which an appointment was called off."""

    ASKED = "asked"
    ANOTHER_FIRM = "another_firm"
    HANDED_BACK = "handed_back"
    EMERGENCY = "emergency"
    REPAIR_ENDED = "repair_ended"


class SecondPeriod(StrEnum):
    """The period of a second contractor, the same as the first one had."""

    ONE_DAY = "1 working day"
    THREE_DAYS = "3 working days"
    SEVEN_DAYS = "7 working days"


class Hazard(StrEnum):
    """A hazard of the Housing Health and Safety Rating System; a regime's file says which the law covers."""

    DAMP = "damp"
    MOULD = "mould"
    DAMP_AND_MOULD = "damp-and-mould"
    EXCESS_COLD = "excess-cold"
    EXCESS_HEAT = "excess-heat"
    ASBESTOS = "asbestos"
    BIOCIDES = "biocides"
    CARBON_MONOXIDE = "carbon-monoxide"
    LEAD = "lead"
    RADIATION = "radiation"
    UNCOMBUSTED_FUEL_GAS = "uncombusted-fuel-gas"
    VOLATILE_ORGANIC_COMPOUNDS = "volatile-organic-compounds"
    CROWDING = "crowding"
    ENTRY_BY_INTRUDERS = "entry-by-intruders"
    POOR_LIGHTING = "poor-lighting"
    NOISE = "noise"
    HYGIENE_PESTS_OR_REFUSE = "hygiene-pests-or-refuse"
    FOOD_SAFETY = "food-safety"
    SANITATION_OR_DRAINAGE = "sanitation-or-drainage"
    WATER_SUPPLY = "water-supply"
    FALLS_IN_BATHS = "falls-in-baths"
    FALLS_ON_THE_LEVEL = "falls-on-the-level"
    FALLS_ON_STAIRS = "falls-on-stairs"
    FALLS_BETWEEN_LEVELS = "falls-between-levels"
    ELECTRICAL = "electrical"
    FIRE = "fire"
    HOT_SURFACES = "hot-surfaces"
    COLLISION_OR_ENTRAPMENT = "collision-or-entrapment"
    EXPLOSION = "explosion"
    AWKWARD_AMENITIES = "awkward-amenities"
    STRUCTURAL_COLLAPSE = "structural-collapse"


class Severity(StrEnum):
    """The grade of a hazard as it is named."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"


class HazardEnd(StrEnum):
    """The ground on which a hazard is dealt with no more, though it was neither made safe nor ruled out."""

    MOVED_OUT = "moved_out"
    CONSENT_EXHAUSTED = "consent_exhausted"


class ReasonableStep(StrEnum):
    """The kind of a step towards safety that took time; it is evidence of our efforts, and stops no clock."""

    SPECIALIST = "specialist"
    APPROVAL = "approval"
    MATERIALS = "materials"
    OTHER = "other"


class Finding(StrEnum):
    """The outcome of an investigation."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"
    NONE = "none"
