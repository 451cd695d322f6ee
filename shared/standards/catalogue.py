"""All standards in force, past and to come, read once at start-up and asked by event type."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from shared.directory import DIRECTORY
from shared.standards.contact_points import ContactPoint
from shared.standards.ombudsmen import ContactDetails, Ombudsman, details_of
from shared.standards.periods import OfficeHours
from shared.standards.reading import BadStandard, read_regime
from shared.standards.rows import (
    Condition,
    Extension,
    Pausing,
    PeriodChange,
    Recipient,
    Regime,
    Rung,
    Standard,
    Start,
)
from shared.standards.vocabulary import Vocabulary

__all__ = [
    "BUNDLED",
    "BadStandard",
    "Catalogue",
    "Condition",
    "ContactPoint",
    "Extension",
    "Pausing",
    "PeriodChange",
    "Recipient",
    "Regime",
    "Rung",
    "Standard",
    "Start",
    "UnknownStandard",
]

BUNDLED = DIRECTORY.standards


class UnknownStandard(KeyError):
    """No row has that id, or none was in force on that day."""


class PromiseWords(NamedTuple):
    """The words of a promise that was made: as its file has it, its source, and as a letter says it."""

    promise: str
    source: str
    duty: str


class Catalogue:
    """The standards of all regimes that a council keeps to; immutable.

    `event_types` are those that some row names: an event of another type changes no deadline; `vocabulary`
    has those that rows may name.
    """

    def __init__(self, standards: Iterable[Standard]) -> None:
        self.standards: tuple[Standard, ...] = tuple(standards)
        self.regimes: tuple[Regime, ...] = tuple(
            {row.regime.name: row.regime for row in self.standards}.values()
        )
        self.vocabulary: Vocabulary = self.regimes[0].vocabulary if self.regimes else Vocabulary.bundled()
        starting: defaultdict[str, list[Standard]] = defaultdict(list)
        versions: defaultdict[str, list[Standard]] = defaultdict(list)
        for row in self.standards:
            versions[row.id].append(row)
            for event in dict.fromkeys(start.event for start in row.starts_on):
                starting[event].append(row)
        self.event_types = frozenset(each.event for row in self.standards for each in row.conditions())
        self._starting = {event: tuple(rows) for event, rows in starting.items()}
        self._versions = {id: tuple(rows) for id, rows in versions.items()}
        self._for_staff = frozenset(row.id for row in self.standards if row.regime.for_staff)
        self._neutral_ids = {row.id: f"{row.service}.job" for row in self.standards if row.told_neutrally}
        self._emergencies = frozenset(row.id for row in self.standards if row.emergency)
        self._office_hours = {
            regime.name: OfficeHours(regime.opening, regime.office_closing) for regime in self.regimes
        }
        self._first_days = {id: min(row.in_force_from for row in rows) for id, rows in versions.items()}

    @classmethod
    def bundled(cls) -> "Catalogue":
        """The files that ship with the product, read once."""
        return cls.of(BUNDLED, DIRECTORY.vocabulary)

    @classmethod
    def of(cls, standards: Sequence[Path], vocabulary: Sequence[Path]) -> "Catalogue":
        """The standards in these files, in the words of those; read once. Raises BadStandard."""
        return _read(tuple(standards), tuple(vocabulary))

    @classmethod
    def load(cls, paths: Sequence[Path] | None = None, vocabulary: Vocabulary | None = None) -> "Catalogue":
        """Read the files given, one per regime, or those bundled; raises BadStandard.

        A council's own file may name further events only if `vocabulary` has them.
        """
        files = BUNDLED if paths is None else paths
        if not files:
            raise BadStandard("STANDARDS", None, "names no file")
        standards: list[Standard] = []
        seen: dict[str, str] = {}
        for path in files:
            rows = read_regime(path, vocabulary or Vocabulary.bundled())
            for word, row_id in [(rows[0].regime.name, None), *((id, id) for id in {row.id for row in rows})]:
                if other := seen.get(word):
                    raise BadStandard(path.name, row_id, f'"{word}" is already in {other}')
                seen[word] = path.name
            standards.extend(rows)
        return cls(standards)

    def named(self, id: str, on: date | None = None) -> Standard:
        """The row with that id in force on that day, its latest version if no day is given.

        Raises UnknownStandard.
        """
        if on is None:
            versions = self._versions.get(id)
            row = max(versions, key=lambda version: version.in_force_from) if versions else None
        else:
            row = self.in_force(id, on)
        if row is None:
            raise UnknownStandard(id)
        return row

    def in_force(self, id: str, day: date) -> Standard | None:
        """The version of a row under which a promise started that day stands, if there is one."""
        for row in self._versions.get(id, ()):
            if row.is_in_force(day):
                return row
        return None

    def first_day_of(self, id: str) -> date:
        """The day from which the first version of a row is in force."""
        return self._first_days[id]

    def stands_under(self, id: str, started_on: date) -> Standard:
        """The version under which a promise made that day stands, the latest if the files have lost it since.

        Raises UnknownStandard when no file has such a row any more.
        """
        return self.in_force(id, started_on) or self.named(id)

    def words_of(self, id: str, started_on: date, period: str | None = None) -> PromiseWords:
        """The words of the promise made that day, with its period, even of a row that no file has any more.

        Cases that were over when a council changed its files keep the deadlines promised under the old ones.
        """
        try:
            row = self.stands_under(id, started_on)
        except UnknownStandard:
            lost = f"What we promised under {id}."
            return PromiseWords(lost, "a standard that is no longer in the files", lost)
        return PromiseWords(row.said(period), row.source, row.duty(period))

    def contact_point(self, service: str, day: date) -> ContactPoint | None:
        """The ways to reach a service on that day; None where no file says so."""
        given = [
            point
            for regime in self.regimes
            for point in regime.contact_points
            if service in point.services and point.in_force_from <= day
        ]
        return max(given, key=lambda point: point.in_force_from, default=None)

    def ombudsman(self, which: Ombudsman, day: date) -> ContactDetails:
        """The details of an ombudsman to give on that day; raises NoDetails."""
        return details_of(which, day, [each for regime in self.regimes for each in regime.ombudsmen])

    def is_for_staff(self, id: str) -> bool:
        """Tell whether a row is told to no resident."""
        return id in self._for_staff

    @property
    def open_to_all(self) -> Sequence[Standard]:
        """The rows that anybody may read: no rule for staff, and none that names a guarded kind of case."""
        guarded = self.vocabulary.guarded_services
        return [
            row
            for row in self.standards
            if not (row.regime.for_staff or row.told_neutrally or row.service in guarded)
        ]

    def shown_to_all(self, id: str) -> str | None:
        """The id by which a row that is told neutrally is shown to whoever is no officer; None for others."""
        return self._neutral_ids.get(id)

    def is_emergency(self, id: str) -> bool:
        """Tell whether a row is told of at any hour, and before all else."""
        return id in self._emergencies

    def office_hours(self, regime: str) -> OfficeHours:
        """The hours in which reminders of a regime leave; the usual ones if no file has it any more."""
        return self._office_hours.get(regime, OfficeHours())

    def starting(self, event_type: str) -> tuple[Standard, ...]:
        """The rows, in all their versions, that such an event may start."""
        return self._starting.get(event_type, ())


@cache
def _read(standards: tuple[Path, ...], vocabulary: tuple[Path, ...]) -> Catalogue:
    return Catalogue.load(standards, Vocabulary.load(*vocabulary))
