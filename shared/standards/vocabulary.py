"""The events a standard may name, the facts each carries, and how to say each to a resident."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

Value = bool | int | str
FactKind = Literal["text", "number", "yes or no", "date"] | tuple[Value, ...]

_BUNDLED = Path(__file__).with_name("vocabulary.toml")
_PYTHON_TYPES = {"text": str, "number": int, "yes or no": bool, "date": str}


class UnknownWord(ValueError):
    """An event or a fact that the vocabulary does not have, or a value the fact cannot take."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """One type of event: what is said of it ("Your repair was reported") and the kinds of its facts."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    plainly: str
    facts: Mapping[str, FactKind] = field(default_factory=dict)
    # by fact, the scope without which nobody may learn it
    scopes: Mapping[str, str] = field(default_factory=dict)
    acknowledged: bool = False


_FILE = TypeAdapter(dict[str, dict[str, EventWords]])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All event types that rows may name, by type."""

    events: Mapping[str, EventWords]

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read a vocabulary file: one table per event, under its service."""
        services = _FILE.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
        return cls(
            {
                f"{service}.{name}": words
                for service, events in services.items()
                for name, words in events.items()
            }
        )

    @classmethod
    def bundled(cls) -> "Vocabulary":
        """The vocabulary of the product's own services."""
        return _bundled_vocabulary()

    def plainly(self, event_type: str) -> str:
        """The event as the beginning of a sentence to a resident."""
        return self.events[event_type].plainly

    def scope_of(self, event_type: str, fact: str) -> str | None:
        """The scope without which nobody may learn that fact; None for one that needs none."""
        words = self.events.get(event_type)
        return words.scopes.get(fact) if words else None

    @property
    def acknowledged_events(self) -> frozenset[str]:
        """The events that open a case and owe its resident an acknowledgement."""
        return frozenset(type for type, words in self.events.items() if words.acknowledged)

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
    return Vocabulary.load(_BUNDLED)
