"""Chains of the staff: who is told of a notice in whose place, by what is known of its case."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.notifications import policy
from services.notifications.models import Notice
from services.notifications.notices import staff
from services.notifications.notices.queries import cases
from services.notifications.notices.queries.digests import handlers_of
from shared.work import UnitOfWork

Chains = Mapping[UUID, Sequence[str]]
"""By notice, the staff who are told of it, each if none before them could be."""


async def chains_of(work: UnitOfWork, notices: Sequence[Notice]) -> Chains:
    """The chains of those of these notices that are for staff."""
    meant = [notice for notice in notices if notice.is_for_staff]
    references = sorted({notice.reference for notice in meant})
    known = await cases.cases(work, references) if references else {}
    handlers = await handlers_of(work, references) if references else {}

    def chain(notice: Notice) -> Sequence[str]:
        case = known.get(notice.reference)
        department = (case and case.department) or ""
        return [*staff.chain_of(work.state.settings, notice, department, handlers.get(notice.reference))]

    return {notice.id: chain(notice) for notice in meant}


def reader_with_a_next(chains: Chains, notice: Notice) -> str | None:
    """The one of the staff whom a notice was to tell, if there is another who is told in their place."""
    chain, failed = chains.get(notice.id, ()), notice.failed_forms or []
    reader = policy.staff_reader(chain, failed)
    return reader if reader and policy.staff_reader(chain, [*failed, reader]) else None
