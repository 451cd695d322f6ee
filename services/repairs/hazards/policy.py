"""Hazards: the vocabulary, the stages and their lifecycle; refused access changes none of it."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from services.repairs.case.policy import Status, Update
from services.repairs.case.situation import Situation
from services.repairs.events.values import Finding, Severity
from shared.caller import CONTRACTOR, OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every

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


class Stage(StrEnum):
    """The stages of a hazard, from its naming on."""

    REPORTED = "reported"
    FOUND = "found"
    MADE_SAFE = "made_safe"
    NOT_FOUND = "not_found"
    ENDED = "ended"


class Action(StrEnum):
    """An act on a hazard, by its path."""

    NAMING = "hazard"
    MATERIAL_CHANGE = "hazard/material-change"
    INVESTIGATION = "hazard/investigation"
    IN_PERSON_REQUEST = "hazard/in-person-request"
    SUMMARY = "hazard/summary"
    SAFETY_WORK = "hazard/safety-work"
    PREVENTIVE_WORK = "hazard/preventive-work"
    DECANT = "hazard/decant"
    DECANT_ANSWER = "hazard/decant/answer"
    ACCESS_ATTEMPT = "hazard/access-attempt"
    REASONABLE_STEP = "hazard/reasonable-step"
    END = "hazard/end"


OPEN = frozenset({Stage.REPORTED, Stage.FOUND})
"""The stages in which a hazard is neither made safe yet nor found to be none."""

NOT_RULED_OUT = frozenset({*OPEN, Stage.MADE_SAFE})
"""The stages at which the home has, or may have, the hazard."""

INVESTIGATED = frozenset({Stage.FOUND, Stage.MADE_SAFE, Stage.NOT_FOUND})

# The updates of a job that are safety work too: the regime's file has the same clocks met by them.
MAKES_SAFE = frozenset({Update.MADE_SAFE, Update.COMPLETED})

# "Lifestyle" is never a reason (the regulations' guidance): a home is judged with whoever lives in it.
LIFESTYLE = re.compile(r"\blife\W?styles?\b", re.IGNORECASE)

NOTHING_TO_INVESTIGATE = "There is no hazard whose investigation has yet to end."
NOTHING_TO_SUM_UP = "No investigation of a hazard has ended yet that could be summed up."
ONLY_GRAVER = "While a hazard is dealt with it can only be named graver; the investigation may find less."
CANCELLED = "The repair is cancelled, and with it what was to be done about a hazard."


def may_be_named(stage: Stage | None, was: Severity | None, severity: Severity) -> bool:
    """Tell whether a hazard at that stage may now be named with that severity.

    While one stands open it can only be named graver than it was: nobody stops a clock by calling the hazard
    something less. That is for the investigation to find.
    """
    if stage not in OPEN:
        return True
    return was is Severity.SIGNIFICANT and severity is Severity.EMERGENCY


def _may_be_named(situation: Situation) -> bool:
    """A new hazard on a completed repair is a new repair."""
    severity = Severity(situation.hazard_severity) if situation.hazard_severity else None
    return situation.is_open and may_be_named(_stage(situation), severity, Severity.EMERGENCY)


def _is_not_cancelled(situation: Situation) -> bool:
    """A hazard is dealt with to its end though the repair is completed."""
    return situation.status is not Status.CANCELLED


def _is_to_be_investigated(situation: Situation) -> bool:
    """A tenant who asked for it has an investigation in person after a remote one, whatever that found."""
    is_owed = situation.hazard == Stage.REPORTED or situation.in_person_is_owed
    return is_owed and _is_not_cancelled(situation)


def _may_be_summed_up(situation: Situation) -> bool:
    """A summary is of the last investigation that ended, also once the hazard is named anew."""
    return situation.hazard_was_investigated and _is_not_cancelled(situation)


def _was_remote(situation: Situation) -> bool:
    return situation.investigated_remotely and _is_not_cancelled(situation)


def _decant_is_unanswered(situation: Situation) -> bool:
    return situation.decant_is_unanswered and _is_not_cancelled(situation)


def _stage(situation: Situation) -> Stage | None:
    return Stage(situation.hazard) if situation.hazard else None


# Its facts become known in any order, and `stage_of` tells the stage from them: the moves say only at which
# stages an act is possible. Danger does not wait for paper: safety work may come before the investigation
# ends, and again after it. A summary is owed whatever was found. A hazard that is safe or was not found may
# be named anew, as it may come back.
LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=_stage,
    rules={
        Action.NAMING: Rule(
            who=CONTRACTOR | OFFICER,
            moves=dict.fromkeys((None, *Stage), Stage.REPORTED),
            when=_may_be_named,
            otherwise=ONLY_GRAVER,
        ),
        Action.MATERIAL_CHANGE: Rule(
            who=CONTRACTOR | OFFICER,
            moves=dict.fromkeys((*NOT_RULED_OUT, Stage.NOT_FOUND), Stage.REPORTED),
            when=_is_not_cancelled,
            otherwise=CANCELLED,
            out_of_turn="There is no known hazard that could have changed.",
        ),
        Action.INVESTIGATION: Rule(
            who=OFFICER,
            moves=from_every((Stage.REPORTED, *INVESTIGATED)),
            when=_is_to_be_investigated,
            otherwise=NOTHING_TO_INVESTIGATE,
            out_of_turn=NOTHING_TO_INVESTIGATE,
        ),
        Action.IN_PERSON_REQUEST: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(INVESTIGATED),
            when=_was_remote,
            otherwise="The investigation was in person, or one in person has been asked for already.",
            out_of_turn="No investigation of a hazard has ended yet.",
        ),
        Action.SUMMARY: Rule(
            who=OFFICER,
            moves=from_every(Stage),
            when=_may_be_summed_up,
            otherwise=NOTHING_TO_SUM_UP,
            out_of_turn=NOTHING_TO_SUM_UP,
        ),
        Action.SAFETY_WORK: Rule(
            who=CONTRACTOR | OFFICER,
            moves=from_every(NOT_RULED_OUT),
            when=_is_not_cancelled,
            otherwise=CANCELLED,
            out_of_turn="There is no hazard that could be made safe.",
        ),
        Action.PREVENTIVE_WORK: Rule(
            who=OFFICER,
            moves=from_every(INVESTIGATED, but={Stage.NOT_FOUND}),
            when=_is_not_cancelled,
            otherwise=CANCELLED,
            out_of_turn="No investigation has found a hazard that could be kept from coming back.",
        ),
        Action.DECANT: Rule(
            who=OFFICER,
            moves=from_every(NOT_RULED_OUT),
            when=_is_not_cancelled,
            otherwise=CANCELLED,
            out_of_turn="There is no hazard for which the household would have to move out.",
        ),
        Action.DECANT_ANSWER: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(NOT_RULED_OUT),
            when=_decant_is_unanswered,
            otherwise="No offer of somewhere to stay waits for an answer.",
            out_of_turn="There is no hazard for which the household would have to move out.",
        ),
        Action.REASONABLE_STEP: Rule(
            who=CONTRACTOR | OFFICER,
            moves=from_every(NOT_RULED_OUT),
            when=_is_not_cancelled,
            otherwise=CANCELLED,
            out_of_turn="There is no hazard to make safe.",
        ),
        Action.END: Rule(
            who=OFFICER,
            moves=dict.fromkeys(NOT_RULED_OUT, Stage.ENDED),
            when=_is_not_cancelled,
            otherwise=CANCELLED,
            out_of_turn="There is no hazard that is still dealt with.",
        ),
        Action.ACCESS_ATTEMPT: Rule(
            who=CONTRACTOR | OFFICER,
            moves=from_every(NOT_RULED_OUT),
            when=_is_not_cancelled,
            otherwise=CANCELLED,
            out_of_turn="There is no hazard for which somebody would have to get in.",
        ),
    },
)


def stage_of(
    severity: Severity,
    finding: Finding | None,
    investigated_at: datetime | None,
    made_safe_at: datetime | None,
) -> Stage:
    """The stage of a hazard, whatever order its facts became known in.

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
