"""Texts to duty telephones: departments are told by text of what cannot wait, beside their email or alone."""

from collections.abc import Sequence

from services.notifications.notices import staff
from services.notifications.notices.parts import CaseContext, Part
from services.notifications.notices.queries import duty_texts as queries
from services.notifications.policy import HANDLER
from shared.app_state import AppState
from shared.work import unit_of_work


async def owe(state: AppState, parts: Sequence[Part], known: CaseContext) -> list[Part]:
    """Owe the texts that tell of these parts of a letter to staff; returns those that it tells by email.

    They are owed before the letter leaves, so a crash loses none and owes none twice.
    """
    by_text = [part for part in parts if staff.is_told_by_text(state.settings, part.notice, known.owner)]
    if not by_text:
        return list(parts)
    by_email = [part for part in by_text if staff.is_told_by_email(state.settings, part.notice, known.owner)]
    alone = {part.notice.id for part in by_text} - {part.notice.id for part in by_email}
    async with unit_of_work(state) as work:
        await queries.owe_beside(work, [part.notice.id for part in _once(by_email)])
        apart = await queries.take_apart(work, alone)
    return [part for part in parts if part.notice.id not in apart]


def _once(parts: Sequence[Part]) -> Sequence[Part]:
    """The parts without those to a handler that their department is told, too: one telephone rings once."""
    departments = {_said(part) for part in parts if part.notice.audience != HANDLER}
    return [part for part in parts if part.notice.audience != HANDLER or _said(part) not in departments]


def _said(part: Part) -> tuple[object, ...]:
    return *part.notice.key, part.notice.rung, part.notice.due_at
