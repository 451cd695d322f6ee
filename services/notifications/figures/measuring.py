"""The Regulator's measures of a year, of the cases that the caller may see."""

from collections.abc import Sequence
from datetime import time

from services.notifications.figures import queries
from services.notifications.figures.measures import Figure, bundled, figure
from shared.standards.periods import close_of, reporting_year
from shared.work import UnitOfWork


async def measure(work: UnitOfWork, year: int) -> Sequence[Figure]:
    """Every measure of the reporting year that begins in that April."""
    first, last = reporting_year(year)
    span = close_of(first, time.min), close_of(last, time.max)
    homes = work.state.settings.homes_owned.get(year)
    figures = []
    for row in bundled():
        references = await queries.cases_with(work, row.counts, span)
        types = sorted({condition.event for condition in row.conditions()})
        histories = await queries.histories_of(work, references, types)
        states = await queries.states_of(work, references, row.kept)
        figures.append(figure(row, histories, states, homes))
    return figures
