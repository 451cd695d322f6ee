"""The times of digests: each quarter of an hour in a department's office hours; pure functions."""

from datetime import datetime, timedelta

from shared.standards.calendar import Calendar
from shared.standards.periods import OfficeHours, civil_date, close_of

DIGEST_EVERY = timedelta(minutes=15)


def next_digest_at(owed: datetime, hours: OfficeHours, calendar: Calendar) -> datetime:
    """The instant of the digest that tells what was owed then: at a quarter of an hour, in office hours.

    London's clocks differ from UTC by whole hours, so both have the same quarters.
    """
    since = timedelta(minutes=owed.minute % 15, seconds=owed.second, microseconds=owed.microsecond)
    return hours.next_open(owed - since + (DIGEST_EVERY if since else timedelta(0)), calendar)


def latest_digest_at(now: datetime, hours: OfficeHours, calendar: Calendar) -> datetime | None:
    """The instant of the latest digest that is due by `now`; None while the office is closed.

    What was owed by then goes with it: `next_digest_at` of each is no later.
    """
    if hours.next_open(now, calendar) != now:
        return None
    since = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    return max(now - since, close_of(civil_date(now), hours.opening))
