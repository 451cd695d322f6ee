"""Reading the worklist, and marking on it what somebody has learnt of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notifications.notices.untold import publish_told
from services.notifications.worklist import queries
from services.notifications.worklist.policy import Group
from services.notifications.worklist.queries import Filters, Row
from shared.errors import NotFound
from shared.http.paging import PageRequest
from shared.work import UnitOfWork

NO_SUCH_TASK = "There is no such task on this caller's worklist."


@dataclass(frozen=True, slots=True)
class Shown:
    """Cases of the worklist, the number in each group, and the cursor of the next page of one group."""

    counts: Mapping[Group, int]
    rows: Sequence[Row]
    next: str | None


async def read(work: UnitOfWork, filters: Filters, due: Group | None, page: PageRequest) -> Shown:
    """A page of one group, or the first cases of each, as many as a page has; raises Invalid for a cursor.

    A whole picture has no cursor: whoever wants more of a group asks for that group.
    """
    after = page.after(len(queries.ORDER))
    counts = await queries.counts(work, filters)
    found, following = list[Row](), None
    for group in [due] if due else Group:
        rows = await queries.rows(work, filters, group, after, page.limit + 1)
        shown, following = page.cut(rows, Row.sorting_key)
        found += shown
    # high risk first in a whole picture too; each of its parts stays in its order
    found.sort(key=lambda row: not row.deadline.high_risk)
    return Shown(counts, found, following if due else None)


async def mark_as_told(work: UnitOfWork, reference: str) -> str:
    """Mark that the caller knows what nobody of the staff could be told about a case; returns its reference.

    Its owner is told, and records it. Raises NotFound where there is no such task, and StaleVersion.
    """
    case = await queries.worked_case(work, reference)
    told = (await queries.untold_of(work, [case.reference])).get(case.reference)
    if not told:
        raise NotFound(NO_SUCH_TASK)
    for event in told:
        await publish_told(work, event)
    await queries.take_off(work, case, told)
    return case.reference
