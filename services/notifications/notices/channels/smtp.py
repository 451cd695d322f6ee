"""Email by SMTP, to the mail server that the settings name; TLS is not optional but on one's own machine.

A server that has taken a letter has it: what it cannot bring comes back as a mail. One cannot ask it for a
letter, so one that breaks off after the last line may have it, and gets it once more under its Message-ID.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from uuid import UUID

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from services.notifications.notices.channels import (
    Form,
    Found,
    Letter,
    PermanentFailure,
    Recipient,
    TemporaryFailure,
)
from services.notifications.notices.channels.mailbox import email_of
from shared.telemetry import get_logger

log = get_logger(__name__)

# together less than a letter may take in sending: past that it is in doubt, and from these nothing has left
TURN_SECONDS, CONNECT_SECONDS, COMMAND_SECONDS = 5.0, 5.0, 9.0
AGAIN_SECONDS = 15.0
"""The pause before another try of a letter for which every connection was taken."""
REFUSED_FOR_GOOD = 500
PORTS = {"smtp": 587, "smtps": 465}


class BadServer(ValueError):
    """An address of a mail server that says too little; it repeats no part of it, which has a password."""


class Smtp:
    """The channel of emails; each leaves by a connection of its own, of which only so many are open."""

    name = "smtp"
    forms = frozenset({Form.EMAIL, Form.CALL})
    one_reader = False
    per_minute: int | None = None

    def __init__(self, url: str, sender: str, *, ca: Path | None = None, connections: int = 8) -> None:
        parts = connection_of(url)
        self._sender = sender
        self._free = asyncio.Semaphore(connections)
        implicit = parts.scheme == "smtps"
        self._open = partial(
            SMTP,
            hostname=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=implicit,
            start_tls=not implicit and parse_qs(parts.query).get("starttls") != ["never"],
            tls_context=ssl.create_default_context(cafile=ca),
            timeout=COMMAND_SECONDS,
        )

    async def deliver(self, id: UUID, to: Sequence[Recipient], letter: Letter) -> str:
        """Send, and return the Message-ID; what is taken for some of its readers is not sent again."""
        message = email_of(id, self._sender, to, letter)
        async with self._turn():
            server = self._open()
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await server.connect()  # with STARTTLS and the sign-in
            except (SMTPException, OSError) as away:
                server.close()
                raise TemporaryFailure(_code(away)) from away
            try:
                refused, _ = await server.send_message(message)
            except (SMTPException, OSError) as problem:
                raise failure_of(problem) from problem
            finally:
                await _take_leave(server)
        for answer in refused.values():
            about = {"letter": str(id), "status": answer[0]}
            log.error("a letter was refused for one of its readers", extra=about)
        return str(message["Message-ID"])

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One of the connections; raises TemporaryFailure where none is free in time: nothing has left."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise TemporaryFailure("every-connection-is-taken", retry_after=AGAIN_SECONDS) from None
        try:
            yield
        finally:
            self._free.release()

    async def find(self, id: UUID, since: datetime) -> Found | None:
        """Nothing: a mail server does not say what it has."""
        return None


def connection_of(url: str) -> SplitResult:
    """The parts of a mail server's address; raises BadServer."""
    try:
        parts = urlsplit(url)
        is_complete = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is no number, or a bracket too many
        is_complete = False
    if not is_complete:
        raise BadServer("SMTP_URL is smtps://host or smtp://host, with a user and a port if need be")
    return parts


def failure_of(problem: SMTPException | OSError) -> PermanentFailure | TemporaryFailure:
    """The failure that an answer means: 5xx is for good (RFC 5321), but not where our own sign-in is refused.

    Of one that breaks off nobody knows how far it had come.
    """
    match problem:
        case SMTPRecipientsRefused():
            code = min(one.code for one in problem.recipients)
        case SMTPSenderRefused():
            return TemporaryFailure(f"sender-refused-{problem.code}")
        case SMTPResponseException():
            code = problem.code
        case SMTPNotSupported():
            return PermanentFailure("not-supported")
        case _:
            return TemporaryFailure(_code(problem), in_doubt=True)
    return PermanentFailure(f"smtp-{code}") if code >= REFUSED_FOR_GOOD else TemporaryFailure(f"smtp-{code}")


def _code(problem: Exception) -> str:
    """A code without the server's words, which repeat the address."""
    return f"smtp-{problem.code}" if isinstance(problem, SMTPResponseException) else type(problem).__name__


async def _take_leave(server: SMTP) -> None:
    """Say goodbye; the letter is with the server or not, whatever it answers."""
    try:
        await server.quit()
    except (SMTPException, OSError):
        server.close()
