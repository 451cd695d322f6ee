"""Preview of a correction of the calendar: the promises it would move, the residents it would be told to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.notifications.calendar.closures import Correction, with_closure, without_closure
from services.notifications.deadlines.calendar_changes import BATCH, span_of
from services.notifications.deadlines.queries import touched
from services.notifications.deadlines.recalculate import counted
from services.notifications.models import WatchedCase
from services.notifications.notices.queries import cases
from services.notifications.notices.queries.owed import may_know_dates
from shared import calendar_sync
from shared.standards.calendar import Calendar
from shared.work import UnitOfWork


@dataclass(slots=True)
class Effect:
    """The promises of one standard that would move, and the residents who would be told.

    A resident who has an account counts once, and every case of others as a resident of its own.
    """

    promises: int = 0
    residents: set[str] = field(default_factory=set)


Effects = dict[str, Effect]
"""By standard, the effect of a correction."""


async def preview_closure(work: UnitOfWork, day: date, reason: str) -> Effects:
    """The effects of entering a closure; changes nothing, and raises as entering it does."""
    current = await calendar_sync.stored(work.session)
    return await _effects(work, with_closure(current, day, reason, work.now))


async def preview_withdrawal(work: UnitOfWork, day: date, reason: str) -> Effects:
    """The effects of taking a closure back; changes nothing, and raises as taking it back does."""
    current = await calendar_sync.stored(work.session)
    return await _effects(work, without_closure(current, day, reason, work.now))


async def _effects(work: UnitOfWork, correction: Correction) -> Effects:
    effects: Effects = defaultdict(Effect)
    calendar, span, after = correction.calendar.calendar(), span_of([correction.day.day]), ""
    while references := await touched(work, span, after, BATCH):
        await _add(work, effects, references, calendar)
        after = references[-1]
    return effects


async def _add(work: UnitOfWork, effects: Effects, references: Sequence[str], calendar: Calendar) -> None:
    """Add the effects on these cases, moved as by `recalculate` and told as by `tell_new_dates`."""
    histories = await cases.histories(work, references)
    stored = await cases.stored_deadlines(work, references)
    watched = await cases.cases(work, references)
    informed = await may_know_dates(work, references)
    for reference in references:
        case, known = watched[reference], stored[reference]
        for deadline in counted(work.state, reference, histories[reference], calendar) or ():
            previous = known.get((deadline.standard, deadline.started_by))
            if previous is None or not previous.is_open or previous.due_at == deadline.due_at:
                continue
            effect = effects[deadline.standard]
            effect.promises += 1
            if reference in informed and _is_told(work, case, deadline.standard):
                effect.residents.add(case.resident or reference)


def _is_told(work: UnitOfWork, case: WatchedCase, standard: str) -> bool:
    return not case.imported and not work.state.catalogue.is_for_staff(standard)
