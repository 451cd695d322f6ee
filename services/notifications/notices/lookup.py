"""Look-ups before letters are composed: what is known of their cases, here and at their owners."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from services.notifications.models import Notice, WatchedCase
from services.notifications.notices.parts import CaseContext, DatesTold
from services.notifications.notices.queries import cases, letters as queries
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.cases.schemas import ContactForNotice, WrittenLetter
from shared.work import UnitOfWork

MOST_ASKED = 200
"""References in one question: an address of 8 KiB is the longest that a service takes."""


class UnknownToItsOwner(LookupError):
    """The service whose case it is says that it has none of this reference."""


async def look_up(work: UnitOfWork, notices: Sequence[Notice]) -> dict[str, CaseContext | Exception]:
    """By reference, what is known of each case, or why it could not be learnt now."""
    references = sorted({notice.reference for notice in notices})
    about_events = (notice for notice in notices if not notice.standard and notice.started_by)
    places = {(notice.reference, notice.started_by) for notice in about_events}
    moved = [notice.reference for notice in notices if notice.kind == Kind.NEW_DATES]
    # asked before the deadlines: whatever is told or changes after this makes a later notice's news
    now = await queries.clock(work)
    told = await queries.notices_with_dates(work, moved) if moved else {}
    watched = await cases.cases(work, references)
    stored = await cases.stored_deadlines(work, references)
    events = await cases.events_at(work, places)
    answers = await owners(work.state, watched.values())
    found: dict[str, CaseContext | Exception] = {}
    for reference in references:
        owner = answers.get(reference, UnknownToItsOwner())
        if isinstance(owner, Exception):
            found[reference] = owner
            continue
        found[reference] = CaseContext(
            owner,
            list(stored.get(reference, {}).values()),
            now,
            {sequence: event for (case, sequence), event in events.items() if case == reference},
            DatesTold.of(told.get(reference, ())),
            watched[reference].needs_scope is not None,
        )
    return found


async def owners(
    state: AppState, watched: Collection[WatchedCase]
) -> dict[str, ContactForNotice | Exception]:
    """Ask each case's owner for its contact; a service that is away fails its own cases only."""
    by_service: dict[str, list[str]] = defaultdict(list)
    for one in watched:
        by_service[one.service].append(one.reference)
    asked = [
        (service, references[start : start + MOST_ASKED])
        for service, references in by_service.items()
        for start in range(0, len(references), MOST_ASKED)
    ]
    found: dict[str, ContactForNotice | Exception] = {}
    for service, references in asked:
        try:
            answer = await state.services.get(service, "/internal/contacts", reference=references)
            answer.raise_for_status()
            for reference, contact in answer.json()["contacts"].items():
                found[reference] = ContactForNotice.model_validate(contact)
        except Exception as problem:  # noted on each notice, which is then tried again
            found |= dict.fromkeys(references, problem)
    return found


async def written_letter(state: AppState, notice: Notice, known: CaseContext) -> WrittenLetter | None:
    """The letter that the case's owner wrote and keeps, if it is one; it leaves exactly as it is there.

    Raises httpx.HTTPError where the owner is away or has no such letter.
    """
    if not notice.kept_by_owner:
        return None
    owner = known.events[notice.started_by].service
    answer = await state.services.get(owner, f"/internal/letters/{notice.reference}/{notice.started_by}")
    return WrittenLetter.model_validate_json(answer.raise_for_status().content)
