"""A lifecycle of few stages, with a rule of every kind: a question is answered, and closed."""

from dataclasses import dataclass
from enum import StrEnum

from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every


class Stage(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    ANSWER = "answer"
    NOTE = "note"
    CLOSURE = "closure"
    RETURN = "return"
    START = "start"


@dataclass(frozen=True)
class Situation:
    """The facts that this table's rules look at."""

    stage: Stage | None
    is_urgent: bool = False


NOT_WHILE_URGENT = "Somebody is in danger, and so this stays open."
NEVER_ANSWERED = "Nobody has answered yet."

LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.stage,
    ended=frozenset({Stage.CLOSED}),
    rules={
        Act.ANSWER: Rule(who=OFFICER, moves={Stage.OPEN: Stage.ANSWERED}),
        Act.NOTE: Rule(who=RESIDENT | OFFICER, moves=from_every(Stage)),
        Act.CLOSURE: Rule(
            who=RESIDENT | OFFICER,
            moves={Stage.OPEN: Stage.CLOSED, Stage.ANSWERED: Stage.CLOSED},
            when=lambda situation: not situation.is_urgent,
            otherwise=NOT_WHILE_URGENT,
        ),
        Act.RETURN: Rule(
            who=RESIDENT,
            moves={Stage.ANSWERED: Stage.OPEN},
            when=lambda situation: situation.is_urgent,
            out_of_turn=NEVER_ANSWERED,
        ),
        Act.START: Rule(who=OFFICER, moves={None: Stage.OPEN}),
    },
)

OPEN, ANSWERED, CLOSED = map(Situation, Stage)
URGENT, URGENT_ANSWERED = Situation(Stage.OPEN, True), Situation(Stage.ANSWERED, True)
NOTHING_YET = Situation(None)
