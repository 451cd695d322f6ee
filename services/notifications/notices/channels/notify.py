"""GOV.UK Notify: emails, text messages and letters, by the official client.

The client blocks and is not safe between threads, so each thread of a bounded pool has one of its own. Notify
takes a message twice if it is sent twice, whatever its reference: what may have left is looked for by that
first. The templates that a council makes there have one placeholder for the text, and one for a subject.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import local
from typing import Any, TypeVar
from uuid import UUID

from notifications_python_client.errors import HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from services.notifications.notices.channels import (
    DeliveryFailure,
    Form,
    Found,
    Letter,
    PermanentFailure,
    Recipient,
    TemporaryFailure,
)
from services.notifications.notices.channels.markdown import as_written
from services.notifications.notices.channels.statuses import NAME, STATUSES
from services.notifications.notices.postal import postal_lines
from services.notifications.notices.texts import plain
from services.notifications.policy import Attempt, AttemptState

REQUEST_SECONDS = 10
BAD_REQUEST, TOO_MANY, SERVER_ERROR = 400, 429, 500
RATE_LIMIT = "RateLimitError"
NOT_KNOWN = "notify-404"
MINUTE, HOUR = 60.0, 3600.0
Answer = TypeVar("Answer")


class Notify:
    """The channel of those forms for which there is a template."""

    name = NAME
    one_reader = True

    def __init__(
        self, key: str, url: str, templates: Mapping[Form, str], *, threads: int, per_minute: int
    ) -> None:
        self.forms = frozenset(templates)
        self.per_minute: int | None = per_minute
        self._templates = templates
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=self.name)
        self._own = local()
        self._new_client: Callable[[], Any] = lambda: NotificationsAPIClient(
            key, base_url=url, timeout=REQUEST_SECONDS
        )

    def close(self) -> None:
        """Let go of the threads; what they are sending is in doubt, and looked for later."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def deliver(self, id: UUID, to: Sequence[Recipient], letter: Letter) -> str:
        """Send to its reader, and return Notify's id: a message there has one."""
        [reader] = to
        form, address = _way(reader)
        template, reference = self._templates[form], str(id)

        def send(client: NotificationsAPIClient) -> Any:
            if form is Form.EMAIL:
                content = {"subject": letter.subject, "body": as_written(letter.text)}
                return client.send_email_notification(address, template, content, reference)
            if form is Form.TEXT:
                return client.send_sms_notification(
                    address, template, {"body": plain(letter.text)}, reference
                )
            content = {"subject": letter.subject, "body": as_written(letter.text), **address}
            return client.send_letter_notification(template, content, reference)

        return str((await self._ask(send))["id"])

    async def find(self, id: UUID, since: datetime) -> Found | None:
        """The latest message of this reference; a letter that is sent in another form has another."""
        answer = await self._ask(lambda client: client.get_all_notifications(reference=str(id)))
        sent = sorted(answer["notifications"], key=lambda one: str(one["created_at"]))
        return _found(sent[-1]) if sent else None

    async def ask(self, receipt: str) -> Found | None:
        """The message of this receipt; None once Notify knows it no more. Raises TemporaryFailure."""
        try:
            return _found(await self._ask(lambda client: client.get_notification_by_id(receipt)))
        except DeliveryFailure as refused:
            if refused.reason.startswith(NOT_KNOWN):
                return None
            raise

    async def _ask(self, question: Callable[[NotificationsAPIClient], Answer]) -> Answer:
        """Ask in a thread of the pool; raises PermanentFailure, TemporaryFailure."""

        def ask() -> Answer:
            if not hasattr(self._own, "client"):
                self._own.client = self._new_client()
            return question(self._own.client)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        except HTTPError as refused:
            raise failure_of(refused) from None  # its words repeat the address
        except InvalidResponse:
            raise TemporaryFailure("notify-unreadable", in_doubt=True) from None


def _found(message: Mapping[str, Any]) -> Found:
    """A message as Notify describes it."""
    word = str(message["status"])
    status, failure = STATUSES.get(word, (Attempt.SENT, None))
    at = message.get("completed_at") or message.get("sent_at") or message["created_at"]
    return Found(message["id"], AttemptState(status, datetime.fromisoformat(at)), failure, word)


def _way(to: Recipient) -> tuple[Form, Any]:
    """The form of a message to that address, and the address as Notify takes it; raises PermanentFailure."""
    if to.email:
        return Form.EMAIL, to.email
    if to.phone:
        return Form.TEXT, to.phone
    lines = postal_lines(to.address, to.name)
    if lines is None:
        raise PermanentFailure("no-postal-address")
    return Form.LETTER, {f"address_line_{number}": line for number, line in enumerate(lines, 1)}


def failure_of(refused: HTTPError) -> PermanentFailure | TemporaryFailure:
    """The failure that an answer means, by Notify's documented errors.

    An address that is none fails for good. A wrong key, template or trial mode is no fault of the address. A
    limit is over within a minute, or the next day. After an error of theirs, or none, it may have been taken.
    """
    errors = refused.message if isinstance(refused.message, list) else []
    kind = str(errors[0].get("error", "")) if errors else ""
    reason = f"notify-{refused.status_code}" + (f"-{kind}" if kind.isalnum() else "")
    if refused.status_code == BAD_REQUEST and kind == "ValidationError":
        return PermanentFailure(reason)
    if refused.status_code == TOO_MANY:
        return TemporaryFailure(reason, retry_after=MINUTE if kind == RATE_LIMIT else HOUR)
    return TemporaryFailure(reason, in_doubt=refused.status_code >= SERVER_ERROR)
