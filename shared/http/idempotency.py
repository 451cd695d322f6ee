"""Idempotency-Key on any POST: the first answer is stored with the work itself and replayed.

Only what was done is kept: a refusal did nothing, so the same request may be tried again. It is replayed only
to a caller who may still see it: a firm that has lost a job must not read in an old answer where it was. An
act on a case therefore runs again up to where `casework.locked` finds the case for this caller, which is the
route's own rule; so no route can forget to name one.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from shared.caller import Caller
from shared.db.tables import idempotency_keys
from shared.errors import Conflict, Forbidden, Invalid

HEADER = "idempotency-key"
LONGEST = 255
KEPT_FOR = timedelta(hours=48)
KEEP_FOR_GOOD = "keep the answer for good"
DONE_BEFORE = "the act was done before, and its caller only has to be known to see the case"
CASE = "reference"  # the parameter of a path that names a case
REPLAYED = "Idempotent-Replayed"
REPLAYED_HEADERS = ("content-type", "location", "etag")

Handle = Callable[[Request], Awaitable[Response]]


class AlreadyDone(Exception):
    """The case of an act that was done before, found for the caller who asks for its answer again."""

    def __init__(self, case: Any) -> None:
        super().__init__("the act was done before")
        self.case = case


def stop_if_done(session: AsyncSession, case: object) -> None:
    """Raise AlreadyDone if the request is only asked whether its caller may see this case."""
    if session.info.pop(DONE_BEFORE, False):
        raise AlreadyDone(case)


async def once(
    session: AsyncSession, request: Request, caller: Caller, handle: Handle, now: datetime
) -> Response:
    """Do the work unless this caller's key has been answered; the answer is kept in the same transaction.

    Raises Conflict while the first request with the key still runs, Invalid when the key comes with
    another request, and as the route does, or Forbidden, when the caller may no longer see the answer.
    """
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST} characters.", f"/{HEADER}")
    fingerprint = await _fingerprint(request)  # first: a slow sender must not hold a connection meanwhile
    lock = func.hashtextextended(f"{caller.identity}\n{key}", 0)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(lock))):
        raise Conflict("The first request with this Idempotency-Key is still being worked on.")
    query = select(idempotency_keys).filter_by(caller=caller.identity, key=key)
    kept = (await session.execute(query)).first()
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise Invalid("This Idempotency-Key was used with another request.", f"/{HEADER}")
        return await _replayed(session, request, caller, handle, kept)
    answer = await handle(request)
    if answer.status_code < 300:
        expires_at = None if session.info.get(KEEP_FOR_GOOD) else now + KEPT_FOR
        await _keep(session, caller, key, fingerprint, answer, now, expires_at)
    return answer


async def _replayed(
    session: AsyncSession, request: Request, caller: Caller, handle: Handle, kept: Row[Any]
) -> Response:
    """The stored answer, or what the route shows in its place to a caller who sees less of the case now."""
    if CASE in request.path_params:
        session.info[DONE_BEFORE] = True
        try:
            less = await handle(request)
        except AlreadyDone:
            pass
        else:
            if DONE_BEFORE in session.info:
                raise RuntimeError("an act on a case did not look for the case, and would be done twice")
            less.headers[REPLAYED] = "true"
            return less
    if not _sees_as_much(caller, kept.standing):
        raise Forbidden("This was answered to a caller with other roles, scopes, departments or firm.")
    return Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})


def _standing(caller: Caller) -> dict[str, Any]:
    """What of a caller decides what they are shown, besides the case."""
    return {
        "roles": sorted(caller.roles),
        "scopes": sorted(caller.scopes),
        "departments": sorted(caller.departments),
        "firm": caller.firm,
    }


def _sees_as_much(caller: Caller, standing: dict[str, Any] | None) -> bool:
    """Whether the caller is shown all that was shown to one of that standing.

    A scope or a department more shows more; a role more may show less. Answers from before standings were
    kept have none.
    """
    if standing is None:
        return True
    return (
        caller.roles == set(standing["roles"])
        and caller.firm == standing["firm"]
        and caller.scopes >= set(standing["scopes"])
        and caller.departments >= set(standing["departments"])
    )


async def _keep(
    session: AsyncSession,
    caller: Caller,
    key: str,
    fingerprint: bytes,
    answer: Response,
    now: datetime,
    expires_at: datetime | None,
) -> None:
    row = {
        "caller": caller.identity,
        "key": key,
        "fingerprint": fingerprint,
        "standing": _standing(caller),
        "status": answer.status_code,
        "headers": {name: answer.headers[name] for name in REPLAYED_HEADERS if name in answer.headers},
        "body": bytes(answer.body),
        "created_at": now,
        "expires_at": expires_at,
    }
    await session.execute(insert(idempotency_keys).values(row))


async def _fingerprint(request: Request) -> bytes:
    """A digest of the method, the path, the query if there is one, and the body."""
    query = request.scope["query_string"]
    asked = f"{request.method} {request.scope['path']}".encode() + (b"?" + query if query else b"")
    return hashlib.sha256(asked + b"\n" + await request.body()).digest()


async def forget_expired(session: AsyncSession, now: datetime) -> None:
    """Delete the answers whose time is over."""
    await session.execute(delete(idempotency_keys).where(idempotency_keys.c.expires_at < now))
