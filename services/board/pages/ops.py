"""The page for ops: faults first, then every service, then dead letters."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.client import Answer, Api, Refused, Unanswered
from services.board.frame import ROOT, go_on, page
from services.board.pages.problems import not_here
from services.board.people import Ops
from services.board.presenting.ops import Buried, buried_in, findings, heading
from services.board.signin import checked_form
from services.board.state import state_of

router = APIRouter(prefix=ROOT)

OPS = f"{ROOT}/ops"
SOURCE_SECONDS = 1.0
"""The time that each source has: at night a page that waits is worse than one with a gap."""

MOST_REPLAYED = 1000


@router.get("/ops")
async def read_ops(request: Request, ops: Ops) -> Response:
    """Faults in sentences, even where half of the service gives no answer."""
    return await _shown(request, state_of(request).api(ops.token))


@router.post("/ops/dead-letters")
async def act_on_dead_letters(request: Request, ops: Ops) -> Response:
    """Try one or all of a reason once more, or discard them with a reason."""
    form = await checked_form(request)
    typed = {name: str(form.get(name, "")) for name in ("queue", "ids", "act", "reason")}
    ids = typed["ids"].split()[:MOST_REPLAYED]
    api = state_of(request).api(ops.token)
    try:
        match typed["act"]:
            case "try-one" | "try-all":
                tried = ids[:1] if typed["act"] == "try-one" else ids
                body = {"queue": typed["queue"], "ids": tried, "limit": max(1, len(tried))}
                done = (await api.post("/v1/dead-letters/replay", body)).body["replayed"]
                said = f"{done} tried. What fails again is back here in a few seconds."
            case "discard":
                body = {"queue": typed["queue"], "ids": ids, "reason": typed["reason"]}
                done = len((await api.post("/v1/dead-letters/discard", body)).body["items"])
                said = f"{done} discarded. Each is kept with your name and the reason."
            case _:
                return not_here(request)
    except Refused as refused:
        return await _shown(request, api, error=refused.detail, status=refused.status)
    return go_on(request, OPS, said)


async def _shown(request: Request, api: Api, error: str = "", status: int = 200) -> Response:
    queues = state_of(request).settings.directory.names
    whole, *letters = await asyncio.gather(
        _source(api, "/status"), *(_source(api, "/v1/dead-letters", {"queue": name}) for name in queues)
    )
    by_queue = dict(zip(queues, letters, strict=True))
    buried: Sequence[Buried] = [
        each for name, answer in by_queue.items() if answer for each in buried_in(name, answer.body["items"])
    ]
    silent = [name for name, answer in by_queue.items() if answer is None]
    found = findings(whole.body if whole else None, buried, silent)
    return page(
        request,
        "ops.html",
        heading(found),
        status=status,
        findings=found,
        services=_services(whole),
        buried=buried,
        error=error,
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


async def _source(api: Api, path: str, query: dict[str, str] | None = None) -> Answer | None:
    """A part of the page; a source that is dead is a gap in it, and no error page."""
    try:
        return await api.get(path, query, seconds=SOURCE_SECONDS)
    except (Refused, Unanswered):
        return None
