"""Letters of a case that came back, and the acts that were done by them: none is done before it arrives.

An acknowledgement or reply meets its promise when it is made, as letters arrive as a rule. Once its letter is
known to have come back it does so no more, and where it arrives after all, at that instant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.events import LETTER_ARRIVED, LETTER_RETURNED, Event
from shared.standards.rows import Condition, first_that_holds
from shared.standards.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The acts of a case whose letters came back, each by the sequence that its letter is about.

    `returned` has of each the fact that says so last, if no later one says that it arrived; `arrived` the act
    that is done by an arrival, by the sequence of that fact. What was given up on after it had arrived, as we
    heard later, is `undone`.
    """

    acts: frozenset[int] = frozenset()
    returned: Mapping[int, Event] = field(default_factory=dict)
    arrived: Mapping[int, Event] = field(default_factory=dict)
    undone: frozenset[int] = frozenset()

    @classmethod
    def of(cls, history: Iterable[Event], vocabulary: Vocabulary) -> "Arrivals":
        """Read arrivals from the events of a case, in any order."""
        told = [event for event in history if _name(event) in (LETTER_RETURNED, LETTER_ARRIVED)]
        if not told:
            return ALL_ARRIVED
        last = {event.facts.get("about"): event for event in sorted(told, key=_sequence)}
        acts: dict[int, Event] = {}
        for event in sorted(history, key=_sequence):
            if vocabulary.is_by_letter(event.type):
                acts.setdefault(letter_of(event), event)
        known = {about: (event, acts[about]) for about, event in last.items() if about in acts}
        return cls(
            frozenset(known),
            {about: event for about, (event, _) in known.items() if _name(event) == LETTER_RETURNED},
            {event.sequence: act for event, act in known.values() if _name(event) == LETTER_ARRIVED},
            frozenset(event.sequence for event in told if _is_undone(event, last)),
        )

    def done_by(self, event: Event, wanted: Iterable[Condition]) -> Event:
        """The act that an event does: itself if it is `wanted`, else the one whose letter arrived by it."""
        act = self.arrived.get(event.sequence, event)
        return event if first_that_holds(wanted, event) else act

    def without_undone(self, history: Iterable[Event]) -> Iterable[Event]:
        """The history without the returns of letters that are known, since, to have arrived before."""
        return (event for event in history if event.sequence not in self.undone)

    def came_back(self, event: Event, vocabulary: Vocabulary) -> bool:
        """Tell an act whose letter came back, whether or not it arrived later."""
        return bool(self.acts) and letter_of(event) in self.acts and vocabulary.is_by_letter(event.type)


ALL_ARRIVED = Arrivals()


def letter_of(event: Event) -> int:
    """The sequence of the event that the letter of an act is about."""
    about: int = event.facts.get("about", event.sequence)
    return about


def _is_undone(event: Event, last: Mapping[int | None, Event]) -> bool:
    about = event.facts.get("about")
    if about is None or _name(event) != LETTER_RETURNED:  # about no event: nothing tells such letters apart
        return False
    latest = last[about]
    later_heard = _name(latest) == LETTER_ARRIVED and latest.sequence > event.sequence
    return later_heard and latest.occurred_at < event.occurred_at


def _name(event: Event) -> str:
    return event.type.partition(".")[2]


def _sequence(event: Event) -> int:
    return event.sequence
