"""The hazards, and what may be done about one at each stage; refused access changes none of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from services.repairs.policy import Status, Update

# The hazards of the Housing Health and Safety Rating System. The regime's file says which of them are in the
# scope of the law; the names are also those of the vocabulary, so that it cannot misspell one.
HAZARDS: Mapping[str, str] = {
    "damp": "Damp",
    "mould": "Mould",
    "damp-and-mould": "Damp and mould",
    "excess-cold": "A home that cannot be kept warm",
    "excess-heat": "A home that gets too hot",
    "asbestos": "Asbestos and manufactured mineral fibres",
    "biocides": "Chemicals used against mould and pests",
    "carbon-monoxide": "Carbon monoxide and other fumes from burning fuel",
    "lead": "Lead in paint or water pipes",
    "radiation": "Radiation, such as radon",
    "uncombusted-fuel-gas": "Escaping gas",
    "volatile-organic-compounds": "Harmful vapours from materials",
    "crowding": "Too little space",
    "entry-by-intruders": "A home that cannot be kept secure",
    "poor-lighting": "Too little light",
    "noise": "Noise",
    "hygiene-pests-or-refuse": "Surfaces that cannot be kept clean, pests and refuse",
    "food-safety": "Nowhere safe to prepare food",
    "sanitation-or-drainage": "Washing, toilets and drains that do not work",
    "water-supply": "Unsafe or lacking drinking water",
    "falls-in-baths": "Falls in a bath or shower",
    "falls-on-the-level": "Falls on floors, yards and paths",
    "falls-on-stairs": "Falls on stairs, steps and ramps",
    "falls-between-levels": "Falls from windows, balconies and landings",
    "electrical": "Electric shock and burns",
    "fire": "Fire",
    "hot-surfaces": "Flames, hot surfaces and hot water",
    "collision-or-entrapment": "Doors, windows and low beams that can hurt or trap",
    "explosion": "Explosion",
    "awkward-amenities": "Fittings that strain or hurt whoever uses them",
    "structural-collapse": "Collapse and falling parts of the building",
}


class Severity(StrEnum):
    """How grave a hazard is taken to be."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"


class Finding(StrEnum):
    """What an investigation found."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"
    NONE = "none"


class Stage(StrEnum):
    """How far a hazard has come."""

    REPORTED = "reported"
    FOUND = "found"
    MADE_SAFE = "made_safe"
    NOT_FOUND = "not_found"


class Act(StrEnum):
    """What can be done about a hazard, by the names of the paths."""

    NAMING = "hazard"
    INVESTIGATION = "hazard/investigation"
    SUMMARY = "hazard/summary"
    SAFETY_WORK = "hazard/safety-work"
    PREVENTIVE_WORK = "hazard/preventive-work"
    DECANT = "hazard/decant"
    ACCESS_ATTEMPT = "hazard/access-attempt"


# Danger does not wait for paper: safety work may come before the investigation ends, and again after it. A
# summary is owed whatever was found. What is safe or was not found may be named anew, as it may come back.
ALLOWED: Mapping[Stage | None, frozenset[Act]] = {
    None: frozenset({Act.NAMING}),
    Stage.REPORTED: frozenset(
        {Act.NAMING, Act.INVESTIGATION, Act.SAFETY_WORK, Act.DECANT, Act.ACCESS_ATTEMPT}
    ),
    Stage.FOUND: frozenset(
        {Act.NAMING, Act.SUMMARY, Act.SAFETY_WORK, Act.PREVENTIVE_WORK, Act.DECANT, Act.ACCESS_ATTEMPT}
    ),
    Stage.MADE_SAFE: frozenset(
        {Act.NAMING, Act.SUMMARY, Act.SAFETY_WORK, Act.PREVENTIVE_WORK, Act.DECANT, Act.ACCESS_ATTEMPT}
    ),
    Stage.NOT_FOUND: frozenset({Act.NAMING, Act.SUMMARY}),
}

# While a hazard stands open it can only be named graver than it was: nobody stops a clock by calling the
# hazard something less. That is for the investigation to find. Nor does a resident stop one by refusing.
OPEN = frozenset({Stage.REPORTED, Stage.FOUND})

# The updates of a job that are safety work too: the regime's file has the same clocks met by them.
MAKES_SAFE = frozenset({Update.MADE_SAFE, Update.COMPLETED})


def acts_allowed(status: Status, stage: Stage | None, severity: Severity | None) -> frozenset[Act]:
    """What may be done now about a hazard at that stage, None if none was named, on a repair in that status.

    A hazard is dealt with to its end though the repair is completed; a new one is then a new repair.
    """
    if status is Status.CANCELLED:
        return frozenset()
    can_be_named = status is not Status.COMPLETED and may_be_named(stage, severity, Severity.EMERGENCY)
    return ALLOWED[stage] if can_be_named else ALLOWED[stage] - {Act.NAMING}


def may_be_named(stage: Stage | None, was: Severity | None, severity: Severity) -> bool:
    """Whether a hazard at that stage may now be named with that severity."""
    if stage not in OPEN:
        return True
    return was is Severity.SIGNIFICANT and severity is Severity.EMERGENCY


def stage_of(
    severity: Severity,
    finding: Finding | None,
    investigated_at: datetime | None,
    made_safe_at: datetime | None,
) -> Stage:
    """How far a hazard has come, whatever order its facts became known in.

    Safety work counts if it came after the investigation, which said what was to be done; that of an
    emergency which was found to be one counts at once, as its 24 hours run from our becoming aware.
    """
    if finding is None or investigated_at is None:
        return Stage.REPORTED
    if finding is Finding.NONE:
        return Stage.NOT_FOUND
    if made_safe_at is None:
        return Stage.FOUND
    was_known_to_be = severity is Severity.EMERGENCY and finding is Finding.EMERGENCY
    return Stage.MADE_SAFE if was_known_to_be or made_safe_at >= investigated_at else Stage.FOUND
