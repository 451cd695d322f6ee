"""Closed values in the facts of a case of anti-social behaviour, and the scope that reads them."""

from enum import IntEnum, StrEnum

SCOPE = "asb"


class Priority(IntEnum):
    """The priority of a case: 1 for violence and hate, 2 for all other behaviour."""

    VIOLENCE_OR_HATE = 1
    OTHER = 2


class Every(StrEnum):
    """The frequency with which a victim is told how the case stands."""

    WEEKLY = "weekly"
    TEN_WORKING_DAYS = "ten_working_days"


class Risk(StrEnum):
    """The risk to a victim, as an officer assesses it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Outcome(StrEnum):
    """The outcome of the review of a closed case with whose handling the victim is dissatisfied."""

    REOPEN = "reopen"
    STAND = "stand"
