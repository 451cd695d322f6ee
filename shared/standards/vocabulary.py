"""The events a standard may name, the facts each carries, and how to say each to a resident."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from shared.directory import DIRECTORY

Value = bool | int | str
FactKind = Literal["text", "texts", "number", "yes or no", "date"] | tuple[Value, ...]

# no row asks for one of several texts
_PYTHON_TYPES = {"text": str, "texts": None, "number": int, "yes or no": bool, "date": str}


class UnknownWord(ValueError):
    """An event or a fact that the vocabulary does not have, or a value the fact cannot take."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """One type of event: what is said of it ("Your repair was reported") and the kinds of its facts.

    `acknowledged`: it opens a case that is acknowledged to the resident. `for_staff`: nobody is told of it
    but the officers who work its case. `by_letter`: it is done once its letter arrives. `scopes`: the scope
    without which no caller may read a fact, by the fact.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    plainly: str
    acknowledged: bool = False
    for_staff: bool = False
    by_letter: bool = False
    facts: Mapping[str, FactKind] = field(default_factory=dict)
    scopes: Mapping[str, str] = field(default_factory=dict)


_FILE = TypeAdapter(dict[str, dict[str, EventWords]])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All event types that rows may name, by type."""

    events: Mapping[str, EventWords]

    @classmethod
    def load(cls, *paths: Path) -> "Vocabulary":
        """Read vocabulary files: one table per event, under its service."""
        files = [_FILE.validate_python(tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths]
        return cls(
            {
                f"{service}.{name}": words
                for services in files
                for service, events in services.items()
                for name, words in events.items()
            }
        )

    @classmethod
    def bundled(cls) -> "Vocabulary":
        """The vocabulary of the product's own services."""
        return _bundled_vocabulary()

    @property
    def services(self) -> frozenset[str]:
        """The services that publish these events, or will."""
        return frozenset(type.partition(".")[0] for type in self.events)

    @property
    def acknowledged_events(self) -> frozenset[str]:
        """The types of events that open a case and are acknowledged to the resident."""
        return frozenset(type for type, words in self.events.items() if words.acknowledged)

    @property
    def guarded_services(self) -> frozenset[str]:
        """The services whose cases only callers with a scope of their name may see."""
        scopes = {scope for words in self.events.values() for scope in words.scopes.values()}
        return frozenset(scopes) & self.services

    def scope_of(self, event_type: str, fact: str) -> str | None:
        """The scope without which no caller may read a fact; None for one that needs none or is unknown."""
        words = self.events.get(event_type)
        return words.scopes.get(fact) if words else None

    def is_for_staff(self, event_type: str) -> bool:
        """Tell an event of which only officers are told; one that is unknown is not told to others either."""
        words = self.events.get(event_type)
        return words is None or words.for_staff

    def is_by_letter(self, event_type: str) -> bool:
        """Tell an act that meets no promise while its letter has come back."""
        words = self.events.get(event_type)
        return words is not None and words.by_letter

    def plainly(self, event_type: str) -> str:
        """The event as the beginning of a sentence to a resident."""
        return self.events[event_type].plainly

    def facts_of(self, event_type: str) -> Mapping[str, FactKind]:
        """The facts of an event; raises UnknownWord, with the nearest known event."""
        if event_type not in self.events:
            near = get_close_matches(event_type, self.events, n=1)
            hint = f', did you mean "{near[0]}"?' if near else ""
            raise UnknownWord(f'unknown event "{event_type}"{hint}')
        return self.events[event_type].facts

    def check_fact(self, event_type: str, fact: str, *kinds: str) -> None:
        """Raise UnknownWord unless the event carries that fact, of one of those kinds if any are given."""
        known = self.facts_of(event_type)
        if fact not in known:
            raise UnknownWord(f'{event_type} has no fact "{fact}"; it has {", ".join(known) or "none"}')
        if kinds and known[fact] not in kinds:
            raise UnknownWord(f'the fact "{fact}" of {event_type} is no {" or ".join(kinds)}')

    def check_value(self, event_type: str, fact: str, value: Value) -> None:
        """Raise UnknownWord if the fact can never have that value."""
        self.check_fact(event_type, fact)
        kind = self.facts_of(event_type)[fact]
        possible = value in kind if isinstance(kind, tuple) else type(value) is _PYTHON_TYPES[kind]
        if not possible:
            meant = ", ".join(map(str, kind)) if isinstance(kind, tuple) else kind
            raise UnknownWord(f'the fact "{fact}" of {event_type} is never "{value}"; it is: {meant}')


@cache
def _bundled_vocabulary() -> Vocabulary:
    return Vocabulary.load(*DIRECTORY.vocabulary)
