"""A lifecycle as a table: which act moves a case from which status to which, by whom, and when.

The same rule judges an act and lists what is allowed, so the two cannot disagree. A table is data and pure
functions; the facts a rule looks at are handed in as the service's `Situation`, a frozen dataclass.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final, Generic, TypeVar

Situation = TypeVar("Situation")


class _Stays(Enum):
    STAYS = "stays"


STAYS: Final = _Stays.STAYS
"""The move of an act that leaves the status as it is."""

Status = StrEnum | None
"""A status of the table; None where a feature has not begun, such as a recharge that nobody has quoted."""

Moves = Mapping[Any, StrEnum | _Stays]


def always(_: Any) -> bool:
    """The predicate of a rule that only the status and the caller decide."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Situation]):
    """One act: the roles that may do it, the moves it makes, and the facts it depends on.

    `moves` has a line for every status in which the act is possible, with the status it leads to or STAYS.
    `otherwise` is told to a caller whose act `when` refuses, `out_of_turn` to one whose act this status does
    not have; without them the status is named.
    """

    who: frozenset[str]
    moves: Moves
    when: Callable[[Situation], bool] = always
    otherwise: str | None = None
    out_of_turn: str | None = None

    def allows(self, status: Status, situation: Situation) -> bool:
        """Judge the act in that status and situation, whoever asks."""
        return status in self.moves and self.when(situation)


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[Situation]):
    """The rules of one case, or of one feature of it that has a status of its own.

    `status_of` reads that status from the situation; `ended` are those in which nothing more is awaited.
    """

    rules: Mapping[Any, Rule[Situation]]
    status_of: Callable[[Situation], Status]
    ended: frozenset[Any] = field(default_factory=frozenset)
    _by_status: dict[Status, list[tuple[str, Rule[Situation]]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_status: dict[Status, list[tuple[str, Rule[Situation]]]] = {}
        for action, rule in self.rules.items():
            for status in rule.moves:
                by_status.setdefault(status, []).append((str(action), rule))
        object.__setattr__(self, "_by_status", by_status)

    def who(self, action: StrEnum) -> frozenset[str]:
        """The roles that may do an act, if the case allows it."""
        return self.rules[action].who

    def allows(self, action: StrEnum, situation: Situation) -> bool:
        """Judge an act, whoever asks; the caller's role was judged at the door."""
        return self.rules[action].allows(self.status_of(situation), situation)

    def allowed(self, roles: Collection[str], situation: Situation) -> frozenset[str]:
        """The acts that a caller with these roles may do now."""
        possible = self._by_status.get(self.status_of(situation), ())
        return frozenset(
            action for action, rule in possible if not rule.who.isdisjoint(roles) and rule.when(situation)
        )

    def after(self, action: StrEnum, status: Status) -> Status:
        """The status that an act leads to; raises KeyError for an act that this status does not have."""
        following = self.rules[action].moves[status]
        return status if following is STAYS else following

    def refusal(self, action: StrEnum, situation: Situation) -> str | None:
        """Explain to a person why an act is refused; None if it is allowed."""
        rule, status = self.rules[action], self.status_of(situation)
        if status not in rule.moves:
            return rule.out_of_turn or _in_status(status)
        return None if rule.when(situation) else rule.otherwise or _in_status(status)


def allowed_by(
    lifecycles: Iterable[Lifecycle[Situation]], roles: Collection[str], situation: Situation
) -> list[str]:
    """The union of what several tables allow a caller, sorted."""
    return sorted({act for table in lifecycles for act in table.allowed(roles, situation)})


def from_every(statuses: Iterable[StrEnum], but: Collection[StrEnum] = ()) -> dict[Any, _Stays]:
    """The moves of an act that every status has and none is changed by, but for those named."""
    return {status: STAYS for status in statuses if status not in but}


def _in_status(status: Status) -> str:
    return "Nothing has begun yet that this could be done to." if status is None else f"This is {status}."
