"""Leases and pauses: until when a row is left alone, by a clock that may be put forward and back."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

# Machines' clocks differ, and PostgreSQL's now() is the instant at which a transaction began.
TOLERANCE = timedelta(minutes=1)

Instant = ColumnElement[datetime] | InstrumentedAttribute[datetime]


def is_over(
    until: Instant, longest: timedelta | ColumnElement[timedelta], now: datetime | ColumnElement[datetime]
) -> ColumnElement[bool]:
    """The condition that a lease or pause has run out, of which none lasts longer than `longest`.

    One that ends later than any could that begins now was set by a clock that has been put back since. It
    would stand for as long as that clock was ahead, which left an emergency's letter waiting two hours.
    """
    return or_(until <= now, until > now + longest + TOLERANCE)
