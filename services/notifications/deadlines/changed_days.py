"""Days that count otherwise than before, and those of them by which a date moved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.standards.calendar import ENGLAND_AND_WALES, CalendarName
from shared.standards.rows import Regime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDay:
    """A day that counts otherwise than before, and why, in words that follow "because".

    `worked` and `works` tell if it was a working day before the change, and after it. `calendar` is the one
    that it changes: a holiday in Scotland moves no date counted on ours. No `closure` moves one that the law
    counts.
    """

    day: date
    words: str
    worked: bool = True
    works: bool = False
    closure: bool = False
    calendar: CalendarName = ENGLAND_AND_WALES

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "ChangedDay":
        """Read the form in which it is stored with the change of calendar; older ones lack what is usual."""
        said = {name: value for name, value in row.items() if name != "date"}
        return cls(day=date.fromisoformat(row["date"]), **said)

    def to_row(self) -> dict[str, Any]:
        """The form it is stored in."""
        return {
            "date": self.day.isoformat(),
            "words": self.words,
            "worked": self.worked,
            "works": self.works,
            "closure": self.closure,
            "calendar": self.calendar,
        }

    def counts_for(self, regime: Regime) -> bool:
        """Tell a regime whose dates may move by it."""
        if self.closure and regime.statutory:
            return False
        return self.calendar in (ENGLAND_AND_WALES, regime.calendar)


def reasons_between(changes: Sequence[ChangedDay], regime: Regime, first: date, last: date) -> list[str]:
    """The reasons of a move of a promise that runs from after `first` to `last`, in the order of the changes.

    A day that was changed and changed back has moved nothing, unless the promise was made in between: it is
    named only where no other day is.
    """
    within = [each for each in changes if first < each.day <= last and each.counts_for(regime)]
    changed, changed_back = _by_outcome(within)
    return [each.words for each in changed or changed_back]


def _by_outcome(changes: Iterable[ChangedDay]) -> tuple[list[ChangedDay], list[ChangedDay]]:
    """The latest change of each day, of those that in the end count otherwise and of those that do not."""
    worked: dict[tuple[date, bool, CalendarName], bool] = {}
    latest: dict[tuple[date, bool, CalendarName], ChangedDay] = {}
    for each in changes:
        key = each.day, each.closure, each.calendar
        worked.setdefault(key, each.worked)
        latest[key] = each
    changed = [each for key, each in latest.items() if worked[key] != each.works]
    return changed, [each for key, each in latest.items() if worked[key] == each.works]
