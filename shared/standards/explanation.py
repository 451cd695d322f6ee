"""Says in plain English how a date was reached, in words that can be read out to a resident."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from shared.standards.calendar import LONDON, Calendar, SkippedDay
from shared.standards.moves import Latest, Move
from shared.standards.periods import END_OF_DAY, Period, civil_date, close_of

if TYPE_CHECKING:
    from shared.standards.deadlines import Deadline

_MOVED = {
    "extended": "We then needed longer, and told you so",
    "shortened": "We then agreed with you to keep it sooner",
    "paused": "The time for which the count was paused was then added",
}
TOLD_BEFORE = "We had told you before that we needed longer"

REOPENED = "We wrote to you, but our letter came back"
KEPT = "So we kept this promise."
MISSED = "So we missed this promise."
CANCELLED = "So there is nothing more to do."
MISSED_AND_CANCELLED = "So we missed this promise, and then it was cancelled."
STILL_MISSED = "It is not done yet, so we have missed this promise."
NOT_YET = "It is not done yet, and there is still time."


def explain(deadline: "Deadline") -> str:
    """The promise, the fact it counts from, the period, what was left out, and how it ended."""
    regime, start = deadline.row.regime, deadline.start
    sentences = [
        f"{regime.lead_in} {deadline.promise.removeprefix('We will ')}",
        f"{regime.vocabulary.plainly(start.type)} {_on(start.occurred_at)}.",
    ]
    if deadline.counted_from != start.occurred_at:
        sentences.append(f"We count from {_day_or_instant(deadline.counted_from)}.")
    sentences += _reckoning(deadline)
    sentences += [_told(move, start.occurred_at, regime.closing) for move in deadline.moves]
    sentences += _outcome(deadline)
    return " ".join(sentences)


def _reckoning(deadline: "Deadline") -> list[str]:
    closing = deadline.row.regime.closing
    if not isinstance(deadline.length, Period):
        return [f"The date we gave you is {_by(deadline.first_due, closing)}."]
    end = deadline.length.after(deadline.counted_from, deadline.calendar, closing)
    leaving_out = _leaving_out(deadline.length, deadline.counted_from, end, deadline.calendar)
    sentences = [f"{_capital(deadline.period)} after that{leaving_out} is {_by(end, closing)}."]
    if deadline.length.elapses and (changed := _clock_change(deadline.counted_from, end)):
        sentences.append(changed)
    if deadline.row.rolls and (reason := deadline.calendar.why_not_working(civil_date(end))):
        end = close_of(deadline.calendar.add_working_days(civil_date(end), 1), closing)
        sentences.append(f"That is no working day ({reason}), so it moves to {_by(end, closing)}.")
    if deadline.latest and deadline.latest.at < end:
        sentences.append(_capped(deadline.latest, deadline.calendar, closing))
    return sentences


def _clock_change(start: datetime, end: datetime) -> str:
    """The change of London's clocks between two instants, in words; empty where there is none."""
    before, after = (instant.astimezone(LONDON).utcoffset() or timedelta() for instant in (start, end))
    if before == after:
        return ""
    return f"The clocks went {'forward' if after > before else 'back'} an hour in that time."


def _leaving_out(period: Period, start: datetime, end: datetime, calendar: Calendar) -> str:
    left_out = _summed_up(period.skipped(start, end, calendar))
    return f", leaving out {_listed(left_out)}," if left_out else ""


def _capped(latest: Latest, calendar: Calendar, closing: time) -> str:
    leaving_out = _leaving_out(latest.period, latest.counted_from, latest.at, calendar) or ","
    return (
        f"It may be no later than {latest.period} after {_day_or_instant(latest.counted_from)}"
        f"{leaving_out} which is {_by(latest.at, closing)}."
    )


def _told(move: Move, started_at: datetime, closing: time) -> str:
    told = TOLD_BEFORE if move.at < started_at else _MOVED[move.kind]
    return f"{told}: that made it {_by(move.moved_to, closing)}."


def _outcome(deadline: "Deadline") -> list[str]:
    plainly = deadline.row.regime.vocabulary.plainly
    if met := deadline.met:
        kept = deadline.state(met.occurred_at) == "met"
        judgement = ("in time", KEPT) if kept else ("later than promised", MISSED)
        return [f"{plainly(met.type)} {_on(met.occurred_at)}, {judgement[0]}.", judgement[1]]
    if cancelled := deadline.cancelled:
        was_missed = deadline.state(cancelled.occurred_at) == "breached"
        ended = f"{plainly(cancelled.type)} {_on(cancelled.occurred_at)}, which ended this promise."
        return [ended, MISSED_AND_CANCELLED if was_missed else CANCELLED]
    if deadline.reopened and deadline.open:
        return [f"{REOPENED} {_on(deadline.reopened.occurred_at)}, so this is open again."]
    if deadline.paused_at:
        return [f"The count has been paused since {_day_or_instant(deadline.paused_at)}."]
    return []


def result_so_far(deadline: "Deadline", now: datetime) -> str:
    """The result of a promise that is still to be kept, as it stands at `now`; empty once it has ended."""
    if not deadline.open:
        return ""
    return STILL_MISSED if deadline.state(now) == "breached" else NOT_YET


def _summed_up(skipped: Iterable[SkippedDay]) -> list[str]:
    """Weekends named once if there are several, every other day with its date."""
    days = list(skipped)
    times = Counter(day.reason for day in days)
    weekends = [
        f"{day.reason}s" if times[day.reason] > 1 else _day(day.date)
        for day in days
        if day.date.weekday() >= 5
    ]
    others = [f"{day.reason} ({_day(day.date)})" for day in days if day.date.weekday() < 5]
    return list(dict.fromkeys(weekends)) + others


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _by(instant: datetime, closing: time) -> str:
    local = instant.astimezone(LONDON)
    if local.time() == closing == END_OF_DAY:
        return f"the end of {_date(local)}"
    return f"{_clock(local)} on {_date(local)}"


def _on(instant: datetime) -> str:
    local = instant.astimezone(LONDON)
    return f"on {_date(local)} at {_clock(local)}"


def _day_or_instant(instant: datetime) -> str:
    local = instant.astimezone(LONDON)
    return _date(local) if local.time() == time.min else f"{_date(local)} at {_clock(local)}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _date(day: date) -> str:
    return f"{_day(day)} {day.year}"


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
