"""Idempotency-Key on any POST: the first answer is stored with the work itself and replayed.

Only what was done is kept: a refusal did nothing, so the same request may be tried again. It is replayed only
to a caller who may still see it: a firm that has lost a job must not read in an old answer where it was. An
act on a case therefore runs again up to where its use case finds the case for this caller, which is the
route's own rule; so no route can forget to name one. Its body is validated on the way: after an upgrade that
asks more of a body, an act that is sent again is 422 and its stored answer stays unseen. Where reads are
audited, a replay is one.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from shared.caller import Caller
from shared.db import stored_answers
from shared.db.stored_answers import StoredAnswer
from shared.db.transaction import transaction
from shared.encryption import Keyring
from shared.errors import Forbidden, InProgress, Invalid, Refusal
from shared.references import normalised
from shared.text import same
from shared.work import CaseFound, Creation, UnitOfWork, Work, commit_creation, unit_of_work

HEADER = "idempotency-key"
LONGEST = 255
CASE = "reference"  # the parameter of a path that names a case
REPLAYED = "Idempotent-Replayed"
REPLAYED_HEADERS = ("content-type", "location", "etag")

Run = Callable[[Any], Awaitable[Response]]
OnReplay = Callable[[UnitOfWork, str], Awaitable[None]]
"""Notes that a caller is shown a stored answer again, about the case of that reference."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request with an Idempotency-Key, and the fingerprint that tells it from any other.

    `to_the_byte` is the fingerprint that goes by the body's bytes, as answers were once kept with.
    """

    key: str
    path_params: Mapping[str, Any]
    fingerprint: bytes
    to_the_byte: bytes

    def checked(self, stored: StoredAnswer, keyring: Keyring | None) -> StoredAnswer:
        """The stored answer in plain; raises Invalid if the key was used with another request."""
        known = stored_answers.decrypted(stored, keyring)
        if known.fingerprint not in (self.fingerprint, self.to_the_byte):
            raise Invalid("This Idempotency-Key was used with another request.", f"/{HEADER}")
        return known


def keyed(request: Request, raw: bytes, by_value: Callable[[bytes], bytes]) -> Keyed | None:
    """The request, if it is a POST with a key; `by_value` is one form for all bodies of the same value.

    Raises Invalid for a key that is too long, or none.
    """
    key = request.headers.get(HEADER) if request.method == "POST" else None
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST} characters.", f"/{HEADER}")
    return Keyed(key, request.path_params, _fingerprint(request, by_value(raw)), _fingerprint(request, raw))


async def once(work: UnitOfWork, asked: Keyed, run: Run, on_replay: OnReplay | None = None) -> Response:
    """Do the work unless this caller's key has been answered; the answer is kept in the same transaction.

    Raises InProgress while the first request with the key still runs, Invalid when the key comes with another
    request, and as the route does, or Forbidden, when the caller may no longer see the answer.
    """
    caller = work.caller.identity
    if not await stored_answers.lock(work.session, caller, asked.key):
        raise InProgress(stored_answers.IN_USE)
    stored = await stored_answers.find(work.session, caller, asked.key)
    if stored is not None:
        stored = asked.checked(stored, work.state.keyring)
        return await _replay(work, asked, stored, run, on_replay)
    answer = await run(work)
    if answer.status_code < 300:
        await stored_answers.keep(work.session, _to_store(work, asked, answer))
    return answer


async def create_once(work: Creation, asked: Keyed, run: Run, on_replay: OnReplay | None = None) -> Response:
    """Create a case unless this caller's key has been answered; one statement keeps the case and the answer.

    The use case runs first, for its answer is a part of the statement; if the key turns out to have been
    answered, what was made is dropped. So the key of a request that is refused is looked up too. Raises as
    `once` does.
    """
    try:
        answer = await run(work)
    except (Refusal, RequestValidationError):
        async with transaction(work.state.database) as session:
            stored = await stored_answers.find(session, work.caller.identity, asked.key)
        if stored is None:
            raise
    else:
        stored = await commit_creation(work, _to_store(work, asked, answer))
        if stored is None:
            return answer
    replayed = _replayed(work, asked.checked(stored, work.state.keyring))
    if on_replay is not None:
        async with unit_of_work(work.state, work.caller, now=work.now) as noting:
            await _note(noting, asked, stored, on_replay)
    return replayed


async def _note(work: UnitOfWork, asked: Keyed, stored: StoredAnswer, on_replay: OnReplay) -> None:
    """Have the replay noted with its case: the one of the path, or the one that was created."""
    created = stored.reference or stored.headers.get("location", "").rpartition("/")[2]
    if reference := normalised(asked.path_params.get(CASE, created)):
        await on_replay(work, reference)


async def _replay(
    work: UnitOfWork, asked: Keyed, stored: StoredAnswer, run: Run, on_replay: OnReplay | None
) -> Response:
    """The stored answer, or what the route shows in its place to a caller who sees less of the case now."""
    if CASE in asked.path_params:
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
    replayed = _replayed(work, stored)
    if on_replay is not None:
        await _note(work, asked, stored, on_replay)
    return replayed


def _replayed(work: Work, stored: StoredAnswer) -> Response:
    if not _has_visibility_of(work.caller, stored.standing):
        raise Forbidden("This was answered to a caller with other roles, scopes, departments or firm.")
    return Response(stored.body, stored.status, {**stored.headers, REPLAYED: "true"})


def _standing(caller: Caller) -> dict[str, Any]:
    return {
        "roles": sorted(caller.roles),
        "scopes": sorted(caller.scopes),
        "departments": sorted(caller.departments),
        "firm": caller.firm,
    }


def _has_visibility_of(caller: Caller, standing: Mapping[str, Any] | None) -> bool:
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


def _to_store(work: Work, asked: Keyed, answer: Response) -> StoredAnswer:
    kept_for = timedelta(hours=work.state.settings.idempotency_hours)
    given = StoredAnswer(
        caller=work.caller.identity,
        key=asked.key,
        fingerprint=asked.fingerprint,
        standing=_standing(work.caller),
        status=answer.status_code,
        headers={name: answer.headers[name] for name in REPLAYED_HEADERS if name in answer.headers},
        body=bytes(answer.body).decode(),
        created_at=work.now,
        expires_at=None if work.keeps_answer else work.now + kept_for,
    )
    return stored_answers.encrypted(given, work.state.keyring)


def _fingerprint(request: Request, body: bytes) -> bytes:
    """A digest of the method, the path, the query if there is one, and the body."""
    query = request.scope["query_string"]
    asked = f"{request.method} {request.scope['path']}".encode() + (b"?" + query if query else b"")
    return hashlib.sha256(asked + b"\n" + body).digest()
