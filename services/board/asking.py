"""Questions that take several calls of the API, asked at once; a part that gives no answer is left out."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from services.board.acts.forms import Form
from services.board.client import Answer, Api, segment
from services.board.presenting.cases import COLLECTIONS, Case, collection_of
from services.board.presenting.times import clock, moment, parsed
from shared.references import prefix_of

MANY = 100
"""Cases in one list at most, as the API has it."""


async def cases_by_reference(api: Api, references: Iterable[str]) -> Mapping[str, Case]:
    """The cases that this person may see, by reference: one list for each kind, all at once."""
    wanted = sorted({each for each in references if prefix_of(each) in COLLECTIONS}, key=collection_of)
    asked = [
        api.part(path, {"reference": list(some)[:MANY], "limit": MANY})
        for path, some in groupby(wanted, key=collection_of)
    ]
    answers = await asyncio.gather(*asked)
    return {case["reference"]: case for answer in answers if answer for case in answer.body["items"]}


async def worklist(api: Api, filters: Mapping[str, str], **more: str | int) -> Answer:
    """The worklist under these filters; raises Refused, Unanswered."""
    return await api.get("/v1/worklist", {**filters, **more})


async def counts(api: Api, filters: Mapping[str, str]) -> Mapping[str, int] | None:
    """The number of cases in each group of the worklist under these filters; None without an answer."""
    answer = await api.part("/v1/worklist", {**filters, "limit": 1, "due": "late"})
    return answer.body["counts"] if answer else None


async def case_parts(api: Api, reference: str) -> tuple[Answer, Mapping[str, Any]]:
    """A case, and what belongs to its page: deadlines, timeline, attachments.

    Raises Refused, Unanswered where the case itself cannot be had; a part is None then.
    """
    path = f"{collection_of(reference)}/{segment(reference)}"
    case, deadlines, timeline, attachments = await asyncio.gather(
        api.get(path),
        api.part(f"/v1/cases/{segment(reference)}/deadlines"),
        api.part(f"/v1/cases/{segment(reference)}/timeline"),
        api.part(f"{path}/attachments"),
    )
    parts: Sequence[tuple[str, Answer | None]] = (
        ("deadlines", deadlines),
        ("timeline", timeline),
        ("attachments", attachments),
    )
    return case, {name: answer.body if answer else None for name, answer in parts}


async def case_of(api: Api, reference: str) -> Answer:
    """One case; raises Refused, Unanswered."""
    return await api.get(f"{collection_of(reference)}/{segment(reference)}")


async def happened_since(api: Api, reference: str, etag: str) -> Sequence[Mapping[str, Any]]:
    """The events of a case after the version that an ETag is of."""
    version = etag.strip('"')
    answer = await api.part(f"/v1/cases/{segment(reference)}/timeline")
    if answer is None or not version.isdecimal():
        return ()
    return [each for each in answer.body["entries"] if (each.get("sequence") or 0) > int(version)]


async def options(
    api: Api, prefix: str, reference: str, form: Form, now: datetime
) -> Mapping[str, Mapping[str, str]]:
    """The choices of a form that only the API knows: firms, and times of visits; none without an answer."""
    found: dict[str, Mapping[str, str]] = {}
    for field in form.fields:
        match prefix, field.name:
            case "REP", "contractor":
                found[field.name] = {name: name for name in await firms(api)}
            case "REP", "slot_id":
                answer = await api.part(f"/v1/repairs/{segment(reference)}/appointment-offers")
                found[field.name] = {
                    each["slot_id"]: f"{moment(parsed(each['starts_at']), now)} to "
                    f"{clock(parsed(each['ends_at']))}"
                    for each in (answer.body["items"] if answer else ())
                }
    return found


async def firms(api: Api) -> Sequence[str]:
    """The names of the firms that jobs can be given to; none without an answer."""
    answer = await api.part("/v1/contractors", {"limit": MANY})
    return [each["name"] for each in answer.body["items"]] if answer else []
