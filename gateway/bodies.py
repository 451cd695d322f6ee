"""Limits on request bodies, whether their length is announced or only their end will tell."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import TooLarge

MOST_THROWN_AWAY = 256 * 1024 * 1024


async def call_with_limited_body(
    app: ASGIApp, limit: int, length: int | None, scope: Scope, receive: Receive, send: Send
) -> None:
    """Call an application with a body of at most `limit` bytes; raises TooLarge.

    `length` is what was announced, which the server holds the client to, or None.
    """
    if length is not None:
        if length > limit:
            raise _too_large(limit)
        await app(scope, receive, send)
        return
    body = CountedBody(limit, receive, send)
    try:
        await app(scope, body.receive, body.send)
    except Exception:
        if not body.exceeded:
            raise
    if body.exceeded:
        raise _too_large(limit)


def announced_length(scope: Scope) -> int | None:
    """The announced length of the body, or None when only its end will tell (RFC 9112 section 6.3)."""
    length: int | None = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = int(value) if value.isdigit() else None
    return length


async def thrown_away(receive: Receive) -> None:
    """Receive a body that nobody wants, as far as that goes on for a reasonable time.

    A browser that is cut off while it sends shows a page of its own in the place of the answer.
    """
    received = 0
    while received < MOST_THROWN_AWAY:
        message = await receive()
        received += len(message.get("body", b""))
        if not message.get("more_body"):
            return


class EmptyBody:
    """Stands between an application and a client whose body was thrown away: the body is empty.

    After it comes what the client says, which is that it leaves: whoever listens for that must wait for it.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_read = False

    async def receive(self) -> Message:
        """The next message."""
        if self._is_read:
            return await self._receive()
        self._is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}


class CountedBody:
    """Stands between an application and its client, and ends a request whose body grows too large.

    An answer that the application makes out of the broken body is swallowed: FastAPI's would be a 400.
    """

    def __init__(self, limit: int, receive: Receive, send: Send) -> None:
        self._limit = limit
        self._left = limit
        self._receive = receive
        self._send = send
        self.exceeded = False

    async def receive(self) -> Message:
        """The next message; raises TooLarge when it goes beyond the limit."""
        if self.exceeded:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.exceeded = True
            raise _too_large(self._limit)
        return message

    async def send(self, message: Message) -> None:
        """Pass the answer on, as long as the body has not been found too large."""
        if not self.exceeded:
            await self._send(message)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"A body may have {limit} bytes.")
