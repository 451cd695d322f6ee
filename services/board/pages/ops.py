"""The page for ops: faults first, then every service, then dead letters."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from services.board.client import Answer, Api, Refused, Unanswered
from services.board.frame import ROOT, go_on, page
from services.board.pages.problems import not_here
from services.board.people import Ops
from services.board.presenting.dead_letters import Listed, Replay, became, listed, messages
from services.board.presenting.ops import by_kind, findings, heading
from services.board.signin import checked_form
from services.board.state import state_of

router = APIRouter(prefix=ROOT)

OPS = f"{ROOT}/ops"
SOURCE_SECONDS = 1.0
"""The time that each source has: at night a page that waits is worse than one with a gap."""

STATUS_MORE_SECONDS = 0.5
"""The status has more: the gateway gives each service that second, and then says which did not answer."""

FOLLOWED = timedelta(days=1)
"""The time for which a try is followed; an instant out of all reason is on no clock of ours either."""

LETTERS = "/v1/dead-letters"
MOST_IDS = 1000
LONGEST = 200
SIGNED_OUT = 401
FIELDS = ("queue", "ids", "act", "reason", "key")
TRY_ONE, TRY_ALL, DISCARD = "try-one", "try-all", "discard"
NO_REASON = "Say why nobody can or need handle them. It is kept with your name."

Queue = Annotated[str, Query(max_length=LONGEST)]
Count = Annotated[int, Query(ge=0, le=MOST_IDS)]
At = Annotated[AwareDatetime | None, Query()]


@router.get("/ops")
async def read_ops(
    request: Request, ops: Ops, queue: Queue = "", tried: Count = 0, at: At = None
) -> Response:
    """Faults in sentences, even where half of the service gives no answer; and what became of a replay."""
    state = state_of(request)
    is_known = queue in state.settings.directory.names
    is_followed = is_known and at is not None and abs(at - state.clock()) < FOLLOWED
    replay = Replay(queue, tried, at) if at and is_followed else None
    return await _shown(request, state.api(ops.token), replay=replay)


@router.post("/ops/dead-letters")
async def act_on_dead_letters(request: Request, ops: Ops) -> Response:
    """Try one or all of a reason once more, or discard them with a reason; pressing twice acts once."""
    form = await checked_form(request)
    typed = {name: str(form.get(name, "")) for name in FIELDS}
    if typed["act"] not in {TRY_ONE, TRY_ALL, DISCARD}:
        return not_here(request)
    api = state_of(request).api(ops.token)
    if typed["act"] == DISCARD and not typed["reason"].strip():
        return await _shown(request, api, typed=typed, error=NO_REASON, status=422)
    try:
        to, said = await _done(api, typed)
    except Refused as refused:
        if refused.status == SIGNED_OUT:
            raise
        error = " ".join(each["detail"] for each in refused.errors) or refused.detail
        return await _shown(request, api, typed=typed, error=error, status=refused.status)
    return go_on(request, to, said)


async def _done(api: Api, typed: Mapping[str, str]) -> tuple[str, str]:
    """The page to go on to after an act, and what was done; raises Refused, Unanswered."""
    queue, ids = typed["queue"], typed["ids"].split()[:MOST_IDS]
    key = f"{typed['key'][:64]}-{typed['act']}" if typed["key"] else ""
    if typed["act"] == DISCARD:
        body: Mapping[str, Any] = {"queue": queue, "ids": ids, "reason": typed["reason"]}
        done = len((await api.post(f"{LETTERS}/discard", body, key=key)).body["items"])
        return OPS, f"{messages(done)} discarded, and kept with your name and the reason."
    tried = ids[:1] if typed["act"] == TRY_ONE else ids
    body = {"queue": queue, "ids": tried, "limit": max(1, len(tried))}
    answer = (await api.post(f"{LETTERS}/replay", body, key=key)).body
    replay = {"queue": queue, "tried": answer["replayed"], "at": answer["replayed_at"]}
    said = f"{messages(answer['replayed'])} queued to be tried. Look again in a few seconds."
    return f"{OPS}?{urlencode(replay)}", said


async def _shown(
    request: Request,
    api: Api,
    *,
    replay: Replay | None = None,
    typed: Mapping[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    queues = state_of(request).settings.directory.names
    whole, *letters = await asyncio.gather(
        _source(api, "/status", seconds=SOURCE_SECONDS + STATUS_MORE_SECONDS),
        *(_source(api, LETTERS, {"queue": name}, seconds=SOURCE_SECONDS) for name in queues),
    )
    by_queue = {
        name: listed(name, answer.body) if answer else None
        for name, answer in zip(queues, letters, strict=True)
    }
    buried = [each for each in by_queue.values() if each]
    silent = [name for name, each in by_queue.items() if each is None]
    found = findings(whole.body if whole else None, buried, silent)
    return page(
        request,
        "ops.html",
        f"Error: {heading(found)}" if error else heading(found),
        status=status,
        heading=heading(found),
        kinds=by_kind(found),
        services=_services(whole),
        queues=[each for each in buried if each.total],
        is_whole=not silent,
        replay=became(replay, by_queue[replay.queue], state_of(request).clock()) if replay else (),
        again=str(request.url.query) if replay else "",
        typed=typed or {},
        typed_at=_typed_at(typed, buried) if typed else "",
        error=error,
        key=uuid4().hex,
    )


def _typed_at(typed: Mapping[str, str], buried: Sequence[Listed]) -> str:
    """The place of the group for which a reason was typed, also where others have joined it since."""
    meant = set(typed["ids"].split()) if typed["act"] == DISCARD else set()
    return next(
        (
            f"{queue.queue}-{number}"
            for queue in buried
            for number, group in enumerate(queue.groups, start=1)
            if queue.queue == typed["queue"] and meant.intersection(group.ids)
        ),
        "",
    )


def _services(answer: Answer | None) -> Sequence[tuple[str, str, dict[str, Any]]]:
    if answer is None:
        return ()
    services = answer.body["services"].items()
    front_ends = answer.body["front_ends"].items()
    return [
        *((name, service["state"], service["reported"] or {}) for name, service in services),
        *((name, state, {}) for name, state in front_ends),
    ]


async def _source(
    api: Api, path: str, query: dict[str, str] | None = None, *, seconds: float
) -> Answer | None:
    """A part of the page; a source that is dead, slow or talks nonsense is a gap in it, no error page."""
    try:
        return await api.get(path, query, seconds=seconds)
    except (Refused, Unanswered, ValueError):
        return None
