"""The routes of messages, of their words as they were sent, and of inboxes."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from services.notifications.api.messages_schemas import (
    InboxItem,
    InboxPage,
    MessageOut,
    MessagesOut,
    PreviewOut,
    SentWordsOut,
)
from services.notifications.notices import inbox, previewing, sent_words
from services.notifications.notices.rows import messages_of
from shared.caller import OFFICER, RESIDENT
from shared.errors import NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.paging import Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = routes_of(prefix="/v1", tags=["notifications"])

Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
MessageId = Annotated[str, Path(description="As `GET /v1/messages` lists it", max_length=120)]


@router.get("/messages", summary="Every message, with the versions of its words")
async def list_messages(work: Officer) -> MessagesOut:
    """All that somebody is told, by the event or the rung that it is about."""
    messages = messages_of(work.state.settings.directory)
    return MessagesOut(items=[MessageOut.of(row, messages) for row in messages.rows])


@router.get(
    "/messages/{id}/preview", summary="A message as it would be said now", responses=problems(NotFound)
)
async def preview_message(
    id: MessageId, reference: Annotated[str, Query(max_length=40)], work: Officer
) -> PreviewOut:
    """About a case that the officer works; nothing is sent, and nothing is kept."""
    shown = await previewing.preview(work, id, reference)
    return PreviewOut.of(shown, messages_of(work.state.settings.directory))


@router.get("/notices/{id}/words", summary="A notice as it was sent", responses=problems(NotFound))
async def read_notice_words(id: UUID, work: Officer) -> SentWordsOut:
    """Its words about the case, which the officer works; those of a guarded case are not kept here."""
    return SentWordsOut.of(await sent_words.read(work, id))


@router.get("/me/notices", summary="What I was sent, the latest first")
async def read_inbox(work: Reader, page: Paging) -> InboxPage:
    """The notices to an officer, as handler or by department; of residents their own letters.

    Nothing of a guarded case, or of one where it is not safe to reach its resident, is in a resident's.
    """
    return InboxPage.of_inbox(await inbox.read(work, page))


@router.post(
    "/me/notices/{id}/reading", status_code=201, summary="Mark one as read", responses=problems(NotFound)
)
async def mark_read(id: UUID, work: Reader) -> InboxItem:
    """Mark a notice as read by the caller alone; one that was read before keeps its instant."""
    return InboxItem.of(await inbox.mark_read(work, id))
