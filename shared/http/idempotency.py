"""Idempotency-Key on any POST: the first answer is stored with the work itself and replayed.

Only what was done is kept: a refusal did nothing, so the same request may be tried again.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import Conflict, Invalid
from shared.tables import idempotency_keys

HEADER = "idempotency-key"
LONGEST = 255
KEPT_FOR = timedelta(hours=48)
KEEP_FOR_GOOD = "keep the answer for good"
REPLAYED_HEADERS = ("content-type", "location", "etag")

Handle = Callable[[Request], Awaitable[Response]]


async def once(
    session: AsyncSession, request: Request, caller: str, handle: Handle, now: datetime
) -> Response:
    """Do the work unless this caller's key has been answered; the answer is kept in the same transaction.

    Raises Conflict while the first request with the key still runs, and Invalid when the key comes
    with another body.
    """
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST} characters.", f"/{HEADER}")
    fingerprint = await _fingerprint(request)  # first: a slow sender must not hold a connection meanwhile
    lock = func.hashtextextended(f"{caller}\n{key}", 0)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(lock))):
        raise Conflict("The first request with this Idempotency-Key is still being worked on.")
    kept = (await session.execute(select(idempotency_keys).filter_by(caller=caller, key=key))).first()
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise Invalid("This Idempotency-Key was used with another request.", f"/{HEADER}")
        return Response(kept.body, kept.status, {**kept.headers, "Idempotent-Replayed": "true"})
    answer = await handle(request)
    if answer.status_code < 300:
        expires_at = None if session.info.get(KEEP_FOR_GOOD) else now + KEPT_FOR
        await _keep(session, caller, key, fingerprint, answer, now, expires_at)
    return answer


async def _keep(
    session: AsyncSession,
    caller: str,
    key: str,
    fingerprint: bytes,
    answer: Response,
    now: datetime,
    expires_at: datetime | None,
) -> None:
    row = {
        "caller": caller,
        "key": key,
        "fingerprint": fingerprint,
        "status": answer.status_code,
        "headers": {name: answer.headers[name] for name in REPLAYED_HEADERS if name in answer.headers},
        "body": bytes(answer.body),
        "created_at": now,
        "expires_at": expires_at,
    }
    await session.execute(insert(idempotency_keys).values(row))


async def _fingerprint(request: Request) -> bytes:
    asked = f"{request.method} {request.scope['path']}\n".encode()
    return hashlib.sha256(asked + await request.body()).digest()


async def forget_expired(session: AsyncSession, now: datetime) -> None:
    """Delete the answers whose time is over."""
    await session.execute(delete(idempotency_keys).where(idempotency_keys.c.expires_at < now))
