"""Reading the worklist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notifications.worklist import queries
from services.notifications.worklist.policy import Group
from services.notifications.worklist.queries import Filters, Row
from shared.http.paging import PageRequest
from shared.work import UnitOfWork


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
