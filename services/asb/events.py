"""Events of a case of anti-social behaviour, as other services receive them; no fact describes a person."""

from enum import IntEnum, StrEnum
from typing import ClassVar

from shared.events import Facts


class Priority(IntEnum):
    """The priority of a case: 1 for violence and hate, 2 for all other behaviour."""

    VIOLENCE_OR_HATE = 1
    OTHER = 2


class Every(StrEnum):
    """The frequency with which a victim is told how the case stands."""

    WEEKLY = "weekly"
    TEN_WORKING_DAYS = "ten_working_days"


class CaseOpened(Facts):
    """A report became a case; the victim is contacted from here on."""

    type: ClassVar[str] = "asb.case-opened"
    plainly: ClassVar[str] = "Your report reached us"
    acknowledged: ClassVar[bool] = True
    priority: Priority


class IncidentReported(Facts):
    """A further incident of the case was reported."""

    type: ClassVar[str] = "asb.incident-reported"
    plainly: ClassVar[str] = "Your report of a further incident reached us"
    priority: Priority


class VictimContacted(Facts):
    """An officer spoke with the victim."""

    type: ClassVar[str] = "asb.victim-contacted"
    plainly: ClassVar[str] = "We spoke with you"


class VictimVisited(Facts):
    """An officer visited the victim; a plan agreed there is due in writing."""

    type: ClassVar[str] = "asb.victim-visited"
    plainly: ClassVar[str] = "We visited you"
    action_plan_agreed: bool


class ActionPlanSent(Facts):
    """The written plan was sent to the victim."""

    type: ClassVar[str] = "asb.action-plan-sent"
    plainly: ClassVar[str] = "The written action plan was sent to you"


class VictimUpdated(Facts):
    """The victim was told how the case stands; the next update is due from here."""

    type: ClassVar[str] = "asb.victim-updated"
    plainly: ClassVar[str] = "We told you how your case stands"


class UpdateFrequencySet(Facts):
    """The frequency of updates was agreed with the victim."""

    type: ClassVar[str] = "asb.update-frequency-set"
    plainly: ClassVar[str] = "We agreed how often to tell you how your case stands"
    every: Every


class DamageReported(Facts):
    """Damage to the home, numbered within the case, was reported; what is ours to repair becomes a repair."""

    type: ClassVar[str] = "asb.damage-reported"
    plainly: ClassVar[str] = "The damage to your home was reported to us"
    damage: int
    our_repair_responsibility: bool
    imported: bool


class DamageMadeSafe(Facts):
    """The damage numbered so is safe, as its repair has told."""

    type: ClassVar[str] = "asb.damage-made-safe"
    plainly: ClassVar[str] = "The damage was made safe"
    damage: int


class CaseClosed(Facts):
    """The case ended; the survey is due from here."""

    type: ClassVar[str] = "asb.case-closed"
    plainly: ClassVar[str] = "The case was closed"


class CaseReopened(Facts):
    """A closed case is worked again."""

    type: ClassVar[str] = "asb.case-reopened"
    plainly: ClassVar[str] = "The case was opened again"


class SurveySent(Facts):
    """The victim was sent the satisfaction questionnaire."""

    type: ClassVar[str] = "asb.survey-sent"
    plainly: ClassVar[str] = "The satisfaction questionnaire was sent to you"
