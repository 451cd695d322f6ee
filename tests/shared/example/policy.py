"""Rules of a permit: who may do what to it, and when."""

from enum import StrEnum

from shared.caller import OFFICER
from shared.lifecycle import Lifecycle, Rule


class Status(StrEnum):
    """The stages of a permit."""

    REQUESTED = "requested"
    ISSUED = "issued"


class Action(StrEnum):
    """An act on a permit, by its path."""

    ISSUE = "issue"


LIFECYCLE: Lifecycle[Status] = Lifecycle(
    status_of=lambda status: status,
    ended=frozenset({Status.ISSUED}),
    rules={Action.ISSUE: Rule(who=OFFICER, moves={Status.REQUESTED: Status.ISSUED})},
)
