"""The times of digests: every so many minutes in a department's office hours; pure functions.

London's clocks differ from UTC by whole hours, so both have the same quarters of an hour.
"""

from datetime import datetime, timedelta

from shared.standards.calendar import Calendar
from shared.standards.periods import OfficeHours, civil_date, close_of

AT_ONCE = timedelta(0)
"""In the place of a pause: each digest leaves as soon as something is owed, at any hour."""


def next_digest_at(
    owed: datetime, hours: OfficeHours, calendar: Calendar, every: timedelta = timedelta(minutes=15)
) -> datetime:
    """The instant of the digest that tells what was owed then."""
    if every == AT_ONCE:
        return owed
    since = _since(owed, every)
    return hours.next_open(owed - since + (every if since else timedelta(0)), calendar)


def latest_digest_at(
    now: datetime, hours: OfficeHours, calendar: Calendar, every: timedelta = timedelta(minutes=15)
) -> datetime | None:
    """The instant of the latest digest that is due by `now`; None while the office is closed.

    What was owed by then goes with it: `next_digest_at` of each is no later.
    """
    if every == AT_ONCE:
        return now
    if hours.next_open(now, calendar) != now:
        return None
    return max(now - _since(now, every), close_of(civil_date(now), hours.opening))


def _since(instant: datetime, every: timedelta) -> timedelta:
    hour = instant.replace(minute=0, second=0, microsecond=0)
    return (instant - hour) % every
