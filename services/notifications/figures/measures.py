"""The Regulator's measures, read from TOML and worked out from cases' events and promises; pure functions."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

from shared.events import Event
from shared.standards.catalogue import Catalogue
from shared.standards.rows import Condition, ConditionOrEvent, first_that_holds
from shared.standards.states import State

_FILE = Path(__file__).with_name("measures.toml")
TENTH = Decimal("0.1")

States = Mapping[str, State]
"""The state of each promise of a case, by its standard; of several of one standard the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure: which cases count, and the homes they are a number for, or the promises they kept."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    title: str
    source: str
    counts: ConditionOrEvent
    of: ConditionOrEvent | None = None
    leaves_out: tuple[ConditionOrEvent, ...] = ()
    takes_in: tuple[ConditionOrEvent, ...] = ()
    latest: tuple[ConditionOrEvent, ...] = ()
    per_homes: int | None = None
    kept: tuple[str, ...] = ()
    answered_by: ConditionOrEvent | None = None

    def conditions(self) -> Iterable[Condition]:
        """Every condition of the row."""
        yield self.counts
        yield from (*self.leaves_out, *self.takes_in, *self.latest)
        yield from (each for each in (self.of, self.answered_by) if each is not None)

    def includes(self, history: Sequence[Event]) -> bool:
        """Tell whether a case whose events these are, in their order, counts at all."""
        if self.of is not None and not any(self.of.holds_for(event) for event in history):
            return False
        types = {condition.event for condition in self.latest}
        said = [event for event in history if event.type in types]
        if self.latest and not (said and first_that_holds(self.latest, said[-1])):
            return False
        included = True
        for event in history:
            if first_that_holds(self.leaves_out, event):
                included = False
            elif first_that_holds(self.takes_in, event):
                included = True
        return included

    def is_kept(self, history: Sequence[Event], states: States) -> bool:
        """Tell whether a case that counts was answered, and kept the first of the promises that it has."""
        answered = self.answered_by is None or any(self.answered_by.holds_for(event) for event in history)
        states_of = [
            states[standard] for standard in self.kept if states.get(standard, "cancelled") != "cancelled"
        ]
        return answered and bool(states_of) and states_of[0] == "met"


_ROWS = TypeAdapter(dict[str, tuple[Measure, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure's figure: the cases that count, those that kept their promise, and what they amount to."""

    measure: Measure
    cases: Sequence[str]
    kept: Sequence[str]
    denominator: int | None
    value: Decimal | None

    @property
    def numerator(self) -> int:
        """The number above the line."""
        return len(self.cases if self.measure.per_homes else self.kept)


@cache
def bundled() -> tuple[Measure, ...]:
    """The measures that ship with the product, read once."""
    return _ROWS.validate_python(tomllib.loads(_FILE.read_text(encoding="utf-8")))["measure"]


def check(measures: Iterable[Measure], catalogue: Catalogue) -> None:
    """Raise UnknownWord or UnknownStandard for a measure that counts what nobody publishes or promises."""
    for measure in measures:
        for condition in measure.conditions():
            catalogue.vocabulary.facts_of(condition.event)
            for fact, values in condition.when.items():
                for value in values:
                    catalogue.vocabulary.check_value(condition.event, fact, value)
        for standard in measure.kept:
            catalogue.named(standard)


def figure(
    measure: Measure,
    histories: Mapping[str, Sequence[Event]],
    states: Mapping[str, States],
    homes: int | None,
) -> Figure:
    """The figure of a measure for these cases, of which each has the event that it counts in the year."""
    cases = sorted(reference for reference, history in histories.items() if measure.includes(history))
    if measure.per_homes:
        value = rounded(len(cases) * measure.per_homes, homes)
        return Figure(measure=measure, cases=cases, kept=(), denominator=homes, value=value)
    kept = [
        reference for reference in cases if measure.is_kept(histories[reference], states.get(reference, {}))
    ]
    share = rounded(len(kept) * 100, len(cases))
    return Figure(measure=measure, cases=cases, kept=kept, denominator=len(cases), value=share)


def rounded(numerator: int, denominator: int | None) -> Decimal | None:
    """The quotient with one decimal, rounded half up; None where there is nothing to divide by."""
    if not denominator:
        return None
    return (Decimal(numerator) / denominator).quantize(TENTH, ROUND_HALF_UP)
