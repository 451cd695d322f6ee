"""The threshold of a case review (2014 Act, section 104: the community trigger)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.standards.calendar import Calendar
from shared.standards.periods import Period


@dataclass(frozen=True, slots=True)
class Reported:
    """The days in London on which an incident happened and was reported, to us or another body."""

    happened_on: date
    reported_on: date


@dataclass(frozen=True, slots=True)
class Threshold:
    """The threshold of a case review (2014 Act, section 104), as a council has set it.

    So many qualifying reports make a review due: each of an incident reported within the one period of its
    happening, with the application within the other period of the report.
    """

    reports: int
    reported_within: Period
    applied_within: Period

    def qualifying(self, incidents: Iterable[Reported], applied_on: date, calendar: Calendar) -> int:
        """The number of qualifying reports among incidents, when somebody applies on that day."""
        return sum(
            incident.reported_on <= self.reported_within.days_after(incident.happened_on, calendar)
            and applied_on <= self.applied_within.days_after(incident.reported_on, calendar)
            for incident in incidents
        )


def missing_reasons(
    qualifying: int, threshold: Threshold, reasons: Mapping[str, str | None]
) -> Sequence[str]:
    """The fields of a decision that lack their reasons: below the threshold every one is needed."""
    if qualifying >= threshold.reports:
        return []
    return [name for name, said in reasons.items() if not said]
