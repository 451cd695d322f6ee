"""Letters made ready to be sent: composed from what is still true, each problem noted where it is found."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID

from services.notifications import policy
from services.notifications.models import Notice
from services.notifications.notices import duty_texts
from services.notifications.notices.addressing import is_safe_at
from services.notifications.notices.channels import Letter
from services.notifications.notices.compose import Composed, compose
from services.notifications.notices.digests import Section, compose_digest
from services.notifications.notices.failing import Chance, note_failed
from services.notifications.notices.lookup import written_letter
from services.notifications.notices.parts import CaseContext, Part, StaleNotice, part_of
from services.notifications.notices.queries import letters as queries
from services.notifications.notices.queries.leaving import Said
from services.notifications.notices.queries.letters import Words
from services.notifications.notices.ready import Ready
from services.notifications.notices.rows import Messages, messages_of
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.cases.schemas import WrittenLetter
from shared.telemetry import NOTICES, request_id
from shared.work import unit_of_work


async def prepare(
    state: AppState,
    chance: Chance,
    id: UUID,
    notices: Sequence[Notice],
    known: Mapping[str, CaseContext | Exception],
) -> Ready | None:
    """Compose one letter; what is wrong with a notice or a letter keeps no other waiting."""
    request_id.set(notices[0].request_id or str(id))
    if notices[0].in_digest:
        return await _composed_digest(state, chance, id, notices, known)
    context = known[notices[0].reference]
    if isinstance(context, Exception):
        await note_failed_apart(state, chance, notices, context)
        return None
    messages = messages_of(state.settings.directory)
    try:
        written = await written_letter(state, notices[0], context)
    except Exception as problem:
        await note_failed_apart(state, chance, notices, problem)
        return None
    context = context.addressed_to(written.contact if written else None)
    if not _may_leave_now(notices, context):
        async with unit_of_work(state) as work:
            await queries.put_off(work, [notice.id for notice in notices])
        return None
    parts = await _parts(state, chance, messages, notices, context)
    parts = await duty_texts.owe(state, parts, context)
    if not parts:
        return None
    try:
        letters = compose(state, messages, id, parts, context, _letter_of(written))
    except Exception as problem:
        await note_failed_apart(state, chance, [part.notice for part in parts], problem)
        return None
    reference = notices[0].reference
    contexts, letter = {reference: context}, letters[0]
    words = {} if written else _kept(contexts, {reference: letter.letter}, letter)
    return Ready(id, parts, contexts, letters, words, _said(messages, parts, contexts, letter))


async def _composed_digest(
    state: AppState,
    chance: Chance,
    id: UUID,
    notices: Sequence[Notice],
    known: Mapping[str, CaseContext | Exception],
) -> Ready | None:
    """Compose one digest; what is wrong with a case keeps no other waiting."""
    messages, sections = messages_of(state.settings.directory), []
    for reference, of_one in groupby(sorted(notices, key=_reference), key=_reference):
        theirs, context = [*of_one], known[reference]
        if isinstance(context, Exception):
            await note_failed_apart(state, chance, theirs, context)
        elif parts := await _parts(state, chance, messages, theirs, context):
            sections.append(Section(reference, context, parts))
    if not sections:
        return None
    parts = [part for section in sections for part in section.parts]
    try:
        letter, words = compose_digest(state, messages, id, sections)
    except Exception as problem:
        await note_failed_apart(state, chance, [part.notice for part in parts], problem)
        return None
    contexts = {section.reference: section.known for section in sections}
    said = _said(messages, parts, contexts, letter)
    return Ready(id, parts, contexts, [letter], _kept(contexts, words, letter), said)


def _kept(
    contexts: Mapping[str, CaseContext], said: Mapping[str, Letter], letter: Composed
) -> Mapping[str, Words]:
    """The words that are kept as they are sent: none about a guarded case."""
    return {
        reference: Words(words.subject, words.text, letter.language)
        for reference, words in said.items()
        if not contexts[reference].is_guarded
    }


def _said(
    messages: Messages, parts: Sequence[Part], contexts: Mapping[str, CaseContext], letter: Composed
) -> Mapping[UUID, Said]:
    """The words and dates that the letter tells of each of its notices."""
    return {
        part.notice.id: Said(
            contexts[part.notice.reference].reader_of(part.notice),
            part.message.id,
            messages.said(part.message, letter.language).version,
            letter.letter.digest,
            part.told_dates,
            contexts[part.notice.reference].owner.handler.name is not None,
        )
        for part in parts
    }


def _reference(notice: Notice) -> str:
    return notice.reference


def _letter_of(kept: WrittenLetter | None) -> Letter | None:
    return None if kept is None else Letter(kept.subject, kept.text, kept.html)


async def _parts(
    state: AppState, chance: Chance, messages: Messages, notices: Sequence[Notice], known: CaseContext
) -> list[Part]:
    """The parts of the notices that are still true; what is wrong with one keeps no other waiting."""
    parts = []
    for notice in notices:
        try:
            parts.append(part_of(state, messages, notice, known))
        except StaleNotice:
            await _dropped(state, notice)
        except Exception as problem:
            await note_failed_apart(state, chance, [notice], problem)
    return parts


def _may_leave_now(notices: Sequence[Notice], known: CaseContext) -> bool:
    """Tell whether a letter may leave: one to somebody outside only at a time that is safe for them."""
    goes_outside = any(known.reader_of(notice) in policy.OUTSIDE for notice in notices)
    return not goes_outside or is_safe_at(known.owner.contact, known.now)


async def _dropped(state: AppState, notice: Notice) -> None:
    async with unit_of_work(state) as work:
        await queries.end(work, notice, Delivery.WITHDRAWN, StaleNotice.__name__)
    NOTICES.labels(notice.kind, Delivery.WITHDRAWN).inc()


async def note_failed_apart(
    state: AppState, chance: Chance, notices: Sequence[Notice], problem: Exception
) -> None:
    """Note why notices were not delivered, in a transaction of its own."""
    async with unit_of_work(state) as work:
        await note_failed(work, notices, problem, chance)
