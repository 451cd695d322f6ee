"""Idempotency-Key on any POST: the first answer is stored with the work itself and replayed.

Only what was done is kept: a refusal did nothing, so the same request may be tried again. It is replayed only
to a caller who may still see it: a firm that has lost a job must not read in an old answer where it was. An
act on a case therefore runs again up to where its use case finds the case for this caller, which is the
route's own rule; so no route can forget to name one. Its body is validated on the way: after an upgrade that
asks more of a body, an act that is sent again is 422 and its stored answer stays unseen.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from shared.caller import Caller
from shared.db import stored_answers
from shared.db.stored_answers import StoredAnswer
from shared.errors import Conflict, Forbidden, Invalid
from shared.text import same
from shared.work import CaseFound, UnitOfWork

HEADER = "idempotency-key"
LONGEST = 255
KEPT_FOR = timedelta(hours=48)
CASE = "reference"  # the parameter of a path that names a case
REPLAYED = "Idempotent-Replayed"
REPLAYED_HEADERS = ("content-type", "location", "etag")

Run = Callable[[UnitOfWork], Awaitable[Response]]


async def once(work: UnitOfWork, request: Request, raw: bytes, run: Run) -> Response:
    """Do the work unless this caller's key has been answered; the answer is kept in the same transaction.

    Raises Conflict while the first request with the key still runs, Invalid when the key comes with another
    request, and as the route does, or Forbidden, when the caller may no longer see the answer.
    """
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST} characters.", f"/{HEADER}")
    fingerprint = _fingerprint(request, raw)
    caller = work.caller.identity
    if not await stored_answers.lock(work.session, caller, key):
        raise Conflict("The first request with this Idempotency-Key is still being worked on.")
    stored = await stored_answers.find(work.session, caller, key)
    if stored is not None:
        if stored.fingerprint != fingerprint:
            raise Invalid("This Idempotency-Key was used with another request.", f"/{HEADER}")
        return await _replay(work, request, stored, run)
    answer = await run(work)
    if answer.status_code < 300:
        await stored_answers.keep(work.session, _stored(work, key, fingerprint, answer))
    return answer


async def _replay(work: UnitOfWork, request: Request, stored: StoredAnswer, run: Run) -> Response:
    """The stored answer, or what the route shows in its place to a caller who sees less of the case now."""
    if CASE in request.path_params:
        work.only_finds = True
        try:
            less = await run(work)
        except CaseFound:
            pass
        else:
            if work.only_finds:
                raise RuntimeError("an act on a case did not look for the case, and would be done twice")
            less.headers[REPLAYED] = "true"
            return less
    if not _sees_as_much(work.caller, stored.standing):
        raise Forbidden("This was answered to a caller with other roles, scopes, departments or firm.")
    return Response(stored.body, stored.status, {**stored.headers, REPLAYED: "true"})


def _standing(caller: Caller) -> dict[str, Any]:
    return {
        "roles": sorted(caller.roles),
        "scopes": sorted(caller.scopes),
        "departments": sorted(caller.departments),
        "firm": caller.firm,
    }


def _sees_as_much(caller: Caller, standing: Mapping[str, Any] | None) -> bool:
    """Judge whether the caller is shown all that was shown to one of that standing.

    A scope or a department more shows more; a role more may show less. Answers from before standings were
    kept have none.
    """
    if standing is None:
        return True
    return (
        caller.roles == set(standing["roles"])
        and same(caller.firm, standing["firm"])
        and caller.scopes >= set(standing["scopes"])
        and caller.departments >= set(standing["departments"])
    )


def _stored(work: UnitOfWork, key: str, fingerprint: bytes, answer: Response) -> StoredAnswer:
    return StoredAnswer(
        caller=work.caller.identity,
        key=key,
        fingerprint=fingerprint,
        standing=_standing(work.caller),
        status=answer.status_code,
        headers={name: answer.headers[name] for name in REPLAYED_HEADERS if name in answer.headers},
        body=bytes(answer.body),
        created_at=work.now,
        expires_at=None if work.keeps_answer else work.now + KEPT_FOR,
    )


def _fingerprint(request: Request, raw: bytes) -> bytes:
    """A digest of the method, the path, the query if there is one, and the body."""
    query = request.scope["query_string"]
    asked = f"{request.method} {request.scope['path']}".encode() + (b"?" + query if query else b"")
    return hashlib.sha256(asked + b"\n" + raw).digest()
