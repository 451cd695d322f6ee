"""Words of notices as they were sent, for officers who work their cases."""

from dataclasses import dataclass
from uuid import UUID

import httpx

from services.notifications.models import Notice, WatchedCase
from services.notifications.notices.languages import ENGLISH
from services.notifications.notices.queries import sent
from shared.cases.schemas import WrittenLetter
from shared.errors import NotFound, Unavailable
from shared.work import UnitOfWork

NOT_THERE = "There is no such notice for this caller, or its words are not kept."
AWAY = "The service that keeps this letter does not answer at the moment."
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class SentWords:
    """The words about one case in the letter that a notice left in."""

    notice: Notice
    subject: str
    text: str
    language: str = ENGLISH


async def read(work: UnitOfWork, id: UUID) -> SentWords:
    """The words of a notice that was sent about a case which the officer works; raises NotFound, Unavailable.

    Of a guarded case none are here: its owner notes who reads what people said.
    """
    found = await sent.of_notice(work, id)
    if found is None:
        raise NotFound(NOT_THERE)
    notice, case, letter = found
    if letter is not None:
        return SentWords(notice, letter.subject, letter.text, letter.language)
    if not notice.kept_by_owner or case.needs_scope is not None:
        raise NotFound(NOT_THERE)
    written = await _of_owner(work, notice, case)
    return SentWords(notice, written.subject, written.text)


async def _of_owner(work: UnitOfWork, notice: Notice, case: WatchedCase) -> WrittenLetter:
    """The letter at the owner of its case, which wrote it and keeps it."""
    path = f"/internal/letters/{notice.reference}/{notice.started_by}"
    try:
        answer = await work.state.services.get(case.service, path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NotFound(NOT_THERE)
        answer.raise_for_status()
    except httpx.HTTPError as away:
        raise Unavailable(AWAY, RETRY_SECONDS) from away
    return WrittenLetter.model_validate_json(answer.content)
