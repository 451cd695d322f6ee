"""Failures of notices: each is tried again, leaves in another form, or is given up on and told."""

import logging
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from services.notifications import policy
from services.notifications.events import Outcome
from services.notifications.models import Notice
from services.notifications.notices import untold
from services.notifications.notices.addressing import NoFormLeft
from services.notifications.notices.chains import Chains, chains_of, reader_with_a_next
from services.notifications.notices.channels import DeliveryFailure, Form, TemporaryFailure
from services.notifications.notices.queries import attempts, letters as queries
from services.notifications.notices.telling import publish_returned
from services.notifications.policy import AfterFailure, Delivery, Failure, Urgency
from shared.events import Event
from shared.telemetry import NOTICES, following, get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)

CAME_BACK, BOUNCED = "the letter came back", "bounced"

MOST_BY_TEXT_ALONE = 4
"""Tries after which a department that is told by text alone is told by email: some minutes, and no day."""

Chance = Callable[[], float]
"""A number from 0 to 1, drawn anew for each pause."""


async def note_failed(
    work: UnitOfWork,
    notices: Sequence[Notice],
    problem: Exception,
    chance: Chance,
    *,
    form: Form | None = None,
) -> None:
    """Note why notices were not delivered, and go on with each.

    `form` is that in which their letter went to somebody outside. What one of the staff cannot be told is
    told to the next.
    """
    ended, chains = [], await chains_of(work, notices)
    for notice in notices:
        failed = form or _staff_with_a_next(notice, chains)
        way_on = _way_on(notice, kind_of(problem), failed)
        _log(notice, problem, way_on)
        if way_on is AfterFailure.TRY_AGAIN:
            asked_for = problem.retry_after if isinstance(problem, TemporaryFailure) else 0.0
            await queries.try_again(work, notice, _pause(notice, chance, asked_for))
        elif way_on is AfterFailure.TRY_OTHER_FORM:
            await queries.leave_again(work, [notice.id], failed=failed)
        else:
            ended.append(notice)
    await give_up(work, ended, reason_of(problem))


def _staff_with_a_next(notice: Notice, chains: Chains) -> str | None:
    """The one of the staff whom a notice was to tell, if there is another who is told in their place.

    In place of the duty telephone their department is told by email, where it was not told so already.
    """
    if notice.audience in policy.OUTSIDE:
        return None
    if notice.to_duty_phone:
        return None if notice.beside_email else Form.TEXT
    return reader_with_a_next(chains, notice)


def _way_on(notice: Notice, failure: Failure, failed: str | None) -> AfterFailure:
    to_an_address, urgency = failed is not None, Urgency(notice.urgency)
    if notice.to_duty_phone and to_an_address and notice.attempts > MOST_BY_TEXT_ALONE:
        failure = Failure.PERMANENT
    return policy.after_failure(failure, notice.attempts, urgency, to_an_address=to_an_address)


def _pause(notice: Notice, chance: Chance, asked_for: float = 0.0) -> timedelta:
    wait = policy.retry_after(notice.attempts, Urgency(notice.urgency), chance(), asked_for)
    return timedelta(seconds=wait)


async def give_up(work: UnitOfWork, notices: Sequence[Notice], reason: str) -> None:
    """End notices as failed, and tell their owners that residents, or staff, were not reached.

    One that was withdrawn on its way need not reach anybody, and is nobody's task.
    """
    ended = [one for one in notices if await queries.end(work, one, Delivery.FAILED, reason)]
    await publish_returned(work, ended, Outcome.GIVEN_UP)
    await untold.publish_failed(work, ended)


async def note_bounced(work: UnitOfWork, events: Sequence[Event], chance: Chance = random.random) -> None:
    """Take back letters of which a mailbox said that they came back."""
    for event in events:
        letter = UUID(event.facts["letter"])
        await attempts.note_failed(work, letter, work.now, Failure.PERMANENT, BOUNCED)
        await take_back(work, letter, Failure.PERMANENT, chance)


async def take_back(work: UnitOfWork, letter: UUID, failure: Failure, chance: Chance) -> None:
    """Let the notices of a letter that came back leave again, and tell of it.

    After a fault of their provider they leave in the same form, as after one that refused them for now; else
    in another, or for another of the staff. What leaves again is composed again: where no form is left, it is
    given up on then.
    """
    tried = (await attempts.of_letters(work, [letter])).get(letter, [])
    came_back = max(tried, key=lambda attempt: attempt.status_at, default=None)
    given_up, left = [], await queries.left_with(work, letter)
    chains = await chains_of(work, left)
    for notice in left:
        outside = notice.reader in policy.OUTSIDE
        failed = came_back.form if came_back and outside else _staff_with_a_next(notice, chains)
        way_on = _way_on(notice, failure, failed)
        if came_back is None or way_on is AfterFailure.GIVE_UP:
            await queries.note_returned(work, notice, CAME_BACK)
            at = came_back.status_at if came_back else None
            await publish_returned(work, [notice], Outcome.GIVEN_UP, at)
            given_up.append(notice)
            continue
        if way_on is AfterFailure.TRY_AGAIN:
            await queries.leave_again(work, [notice.id], after=_pause(notice, chance))
        else:
            await queries.leave_again(work, [notice.id], failed=failed)
        await publish_returned(work, [notice], Outcome.CAME_BACK, came_back.status_at)
    await untold.publish_failed(work, given_up)


def is_tried_again(notice: Notice, problem: Exception) -> bool:
    """Tell a notice whose letter is tried once more in the same form after a problem."""
    failed = _staff_with_a_next(notice, {})  # who is next says nothing of when
    return _way_on(notice, kind_of(problem), failed) is AfterFailure.TRY_AGAIN


def is_in_doubt(problem: Exception) -> bool:
    """Tell a failure after which nobody knows if the letter was taken."""
    return isinstance(problem, TemporaryFailure) and problem.in_doubt


def kind_of(problem: Exception) -> Failure:
    """The kind of a failure, whatever failed."""
    if isinstance(problem, NoFormLeft):
        return Failure.PERMANENT
    return problem.kind if isinstance(problem, DeliveryFailure) else Failure.TEMPORARY


def reason_of(problem: Exception) -> str:
    """The code by which a failure is known."""
    return problem.reason if isinstance(problem, DeliveryFailure) else type(problem).__name__


def _log(notice: Notice, problem: Exception, way_on: AfterFailure) -> None:
    ended = way_on is AfterFailure.GIVE_UP
    about = {"notice": str(notice.id), "error": reason_of(problem), "attempt": notice.attempts}
    level = logging.ERROR if ended else logging.WARNING
    with following(notice.request_id or str(notice.id)):
        log.log(level, "a notice could not be delivered", exc_info=problem, extra=about)
    NOTICES.labels(notice.kind, Delivery.FAILED if ended else "retried").inc()
