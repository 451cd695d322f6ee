"""Times in words, as people say them: the time left, dates with their weekday, London's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The time until an instant, or since: what is read first, and what follows it."""

    instant: datetime
    said: str
    detail: str
    is_late: bool
    is_soon: bool

    @property
    def whole(self) -> str:
        """Both in one line: "3 h 25 min left, by 12:20pm"."""
        return ", ".join(filter(None, (self.said, self.detail)))


def time_left(due_at: datetime, now: datetime) -> TimeLeft:
    """The time until a promise is due, in whole seconds; exactly due is not late.

    A promise that ends with the day is due at its last second, and nobody counts the hours to that.
    """
    left = due_at.replace(microsecond=0) - now.replace(microsecond=0)
    if left < timedelta():
        return TimeLeft(due_at, f"{_late(-left)} late", f"since {_since(due_at, now)}", True, False)
    if left < HOUR:
        return TimeLeft(due_at, f"{_hours_and_minutes(left)} left", f"by {_by(due_at, now)}", False, True)
    ends_with_day = local(due_at).time() == END_OF_DAY
    if ends_with_day and day_of(due_at) == day_of(now):
        return TimeLeft(due_at, "By the end of today", "", False, False)
    if left < DAY and not ends_with_day:
        return TimeLeft(due_at, f"{_hours_and_minutes(left)} left", f"by {_by(due_at, now)}", False, False)
    said = _date_from_now(day_of(due_at), day_of(now))
    return TimeLeft(due_at, said, "" if ends_with_day else f"by {clock(due_at)}", False, False)


def due(due_at: datetime, now: datetime) -> str:
    """An instant by which something is due: "12:20pm today", "the end of Friday 4 December"."""
    if local(due_at).time() == END_OF_DAY:
        return f"the end of {relative_day(day_of(due_at), day_of(now))}"
    return moment(due_at, now)


def moment(at: datetime, now: datetime) -> str:
    """An instant: "8:55am today", "4:58pm yesterday", "Friday 20 November, 4:40pm"."""
    on, today = day_of(at), day_of(now)
    if abs((on - today).days) <= 1:
        return f"{clock(at)} {relative_day(on, today)}"
    return f"{weekday_date(on, today)}, {clock(at)}"


def in_full(at: datetime, now: datetime) -> str:
    """An instant that is read on another day too, as on paper: "Monday 23 November, 8:55am"."""
    return f"{weekday_date(day_of(at), day_of(now))}, {clock(at)}"


def relative_day(on: date, today: date) -> str:
    """A date: today, yesterday, tomorrow, or with its weekday."""
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return names.get((on - today).days) or weekday_date(on, today)


def weekday_date(on: date, today: date) -> str:
    """A date with its weekday, and with its year only if that is another: "Friday 4 December"."""
    return f"{on:%A} {on.day} {on:%B}" + (f" {on.year}" if on.year != today.year else "")


def clock(at: datetime) -> str:
    """The time of day in London: 9am, 12:20pm, midday."""
    there = local(at)
    if there.minute == 0 and there.hour in (0, 12):
        return "midday" if there.hour else "midnight"
    minutes = f":{there.minute:02}" if there.minute else ""
    return f"{there.hour % 12 or 12}{minutes}{'am' if there.hour < 12 else 'pm'}"


def local(at: datetime) -> datetime:
    """An instant as London's clocks show it."""
    return at.astimezone(LONDON)


def day_of(at: datetime) -> date:
    """The date in London."""
    return local(at).date()


def parsed(instant: str) -> datetime:
    """An instant as the API writes it."""
    return datetime.fromisoformat(instant)


def _hours_and_minutes(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if not hours and not minutes:
        return "Under a minute"
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "")))


def _late(span: timedelta) -> str:
    if span < DAY:
        return _hours_and_minutes(span)
    return "1 day" if span.days == 1 else f"{span.days} days"


def _since(due_at: datetime, now: datetime) -> str:
    if now - due_at >= DAY:
        return weekday_date(day_of(due_at), day_of(now))
    return due(due_at, now)


def _by(due_at: datetime, now: datetime) -> str:
    if day_of(due_at) == day_of(now) and local(due_at).time() != END_OF_DAY:
        return clock(due_at)
    return due(due_at, now)


def _date_from_now(on: date, today: date) -> str:
    said = weekday_date(on, today)
    return f"Tomorrow, {said}" if on - today == DAY else said
