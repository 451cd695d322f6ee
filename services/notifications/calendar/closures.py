"""The calendar that everybody counts with: council closure days entered and withdrawn, holidays replaced."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.notifications.deadlines.changed_days import ChangedDay
from services.notifications.events import CalendarChanged
from services.notifications.models import CalendarChange
from shared import calendar_sync
from shared.calendar_sync import StoredCalendar
from shared.cases.times import act_now
from shared.errors import Invalid, NotFound
from shared.standards.calendar import FIRST_YEAR, LAST_YEAR
from shared.standards.periods import civil_date, day_in_words
from shared.work import UnitOfWork


@dataclass(slots=True)
class TheCalendar:
    """The calendar as something with a history of its own."""

    reference: str
    version: int


@dataclass(frozen=True, slots=True)
class Correction:
    """One day that is to count otherwise, and the calendar with it."""

    calendar: StoredCalendar
    day: ChangedDay


async def enter_closure(work: UnitOfWork, day: date, reason: str) -> StoredCalendar:
    """Enter a day on which the council is closed; raises Invalid for a day that does not count anyway."""
    current = await calendar_sync.stored(work.session, for_update=True)
    if current.closures.get(day.isoformat()) == reason:
        return current
    return await _announce_correction(work, with_closure(current, day, reason, work.now))


async def withdraw_closure(work: UnitOfWork, day: date, reason: str) -> StoredCalendar:
    """Take a closure day back; raises NotFound for a day that was not entered."""
    current = await calendar_sync.stored(work.session, for_update=True)
    return await _announce_correction(work, without_closure(current, day, reason, work.now))


def with_closure(current: StoredCalendar, day: date, reason: str, now: datetime) -> Correction:
    """The calendar with a closure day; raises Invalid for a day that has passed or does not count anyway."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"The calendar knows the years {FIRST_YEAR} to {LAST_YEAR}.", "/date")
    _refuse_past(day, now)
    why_not = replace(current, closures={}).calendar().why_not_working(day)
    if why_not is not None:
        raise Invalid(f"That day does not count as a working day anyway ({why_not}).", "/date")
    closures = {**current.closures, day.isoformat(): reason}
    words = f"we are closed on {day_in_words(day)} ({reason})"
    worked = day.isoformat() not in current.closures
    changed_day = ChangedDay(day=day, words=words, worked=worked, works=False, closure=True)
    return Correction(current.changed(now, closures=closures), changed_day)


def without_closure(current: StoredCalendar, day: date, reason: str, now: datetime) -> Correction:
    """The calendar without a closure day; raises NotFound unless it was entered, Invalid once passed."""
    if day.isoformat() not in current.closures:
        raise NotFound("No closure was entered for that day.")
    _refuse_past(day, now)
    closures = {entered: words for entered, words in current.closures.items() if entered != day.isoformat()}
    words = f"we are open on {day_in_words(day)} after all ({reason})"
    changed_day = ChangedDay(day=day, words=words, worked=False, works=True, closure=True)
    return Correction(current.changed(now, closures=closures), changed_day)


async def _announce_correction(work: UnitOfWork, correction: Correction) -> StoredCalendar:
    return await announce(work, correction.calendar, [correction.day], by=work.caller.subject)


def _refuse_past(day: date, now: datetime) -> None:
    """Refuse a change to days gone by: what was kept or broken over them stays as it was told."""
    if day < civil_date(now):
        raise Invalid("That day has passed; a closure is entered or withdrawn by the day itself.", "/date")


async def announce(
    work: UnitOfWork, changed: StoredCalendar, days: list[ChangedDay], *, by: str
) -> StoredCalendar:
    """Store the calendar as its next version, tell every service, and have open deadlines planned again."""
    case = TheCalendar(calendar_sync.REFERENCE, changed.version)
    as_of = changed.official_as_of
    facts = CalendarChanged(
        version=changed.version + 1,
        official=dict(changed.official) if changed.official is not None else None,
        official_as_of=as_of.isoformat() if as_of else None,
        elsewhere=dict(changed.elsewhere) if changed.elsewhere is not None else None,
        closures=dict(changed.closures),
        changes=[dict(row) for row in changed.changes or ()],
    )
    work.record(case, facts, at=await act_now(work, case))
    current = replace(changed, version=case.version)
    await calendar_sync.store(work.session, current)
    if days:
        rows = [changed_day.to_row() for changed_day in days]
        change = CalendarChange(version=current.version, days=rows, changed_by=by, changed_at=work.now)
        work.session.add(change)
    return current
