"""Questions that take several calls of the API, asked at once; a part that gives no answer is left out."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.acts.forms import Form
from services.board.client import Answer, Api, segment
from services.board.presenting.cases import COLLECTIONS, Case, collection_of, spoken
from services.board.presenting.homes import postcode_of
from services.board.presenting.timeline import named_in
from services.board.presenting.times import clock, moment, parsed
from shared.references import prefix_of

PENDING = "pending"
"""The decision on an update that waits for one."""

MANY = 100
"""Cases in one list at most, as the API has it."""

MOST_PAGES = 10
"""Pages of one list that are read at most, one after the other."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A list from all its pages; `is_whole` is False where it goes on after those that were read.

    `unavailable` are the services that gave no answer, in a list that is gathered from several.
    """

    items: Sequence[Case]
    is_whole: bool
    unavailable: Sequence[str] = ()


async def every_page(api: Api, path: str, query: Mapping[str, str]) -> Gathered:
    """A list to its end, or as far as the most pages go; raises Refused, Unanswered."""
    pages: list[Mapping[str, Any]] = []
    cursor = ""
    for _ in range(MOST_PAGES):
        answer = await api.get(path, {**query, "limit": MANY, **({"cursor": cursor} if cursor else {})})
        pages.append(answer.body)
        cursor = answer.body["next"] or ""
        if not cursor:
            break
    unavailable = sorted({name for each in pages for name in each.get("unavailable", ())})
    return Gathered([item for each in pages for item in each["items"]], not cursor, unavailable)


async def cases_by_reference(api: Api, references: Iterable[str]) -> Mapping[str, Case]:
    """The cases that this person may see, by reference; those of a service that is silent are left out."""
    wanted = sorted({each for each in references if prefix_of(each) in COLLECTIONS})
    asked = [
        api.part_asked("/v1/search", {"references": wanted[start : start + MANY]}, {"limit": MANY})
        for start in range(0, len(wanted), MANY)
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
    """A case, and what belongs to its page: deadlines, timeline, attachments, cases at its postcode or named.

    Raises Refused, Unanswered where the case itself cannot be had; a part that cannot be had is None.
    """
    path = f"{collection_of(reference)}/{segment(reference)}"
    asked = asyncio.gather(
        api.part(f"/v1/cases/{segment(reference)}/deadlines"),
        api.part(f"/v1/cases/{segment(reference)}/timeline"),
        api.part(f"{path}/attachments"),
    )
    try:
        case = await api.get(path)
    except BaseException:
        asked.cancel()
        raise
    at_postcode, answers = await asyncio.gather(_at_postcode(api, postcode_of(case.body)), asked)
    names = ("deadlines", "timeline", "attachments", "at_postcode")
    parts = zip(names, (*answers, at_postcode), strict=True)
    found = {name: answer.body if answer else None for name, answer in parts}
    return case, {**found, "named": await cases_by_reference(api, named_in(found["timeline"]))}


async def _at_postcode(api: Api, postcode: str) -> Answer | None:
    """The cases at a postcode that this person may see; None without one, or without an answer."""
    return await api.part_asked("/v1/search", {"postcode": postcode}, {"limit": MANY}) if postcode else None


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


async def effects(api: Api, reference: str, events: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """The effects that events of a case would have, by event; none without an answer."""
    asked = {"event": [*dict.fromkeys(events)]}
    answer = await api.part(f"/v1/cases/{segment(reference)}/effects", asked) if asked["event"] else None
    return {each["event"]: each for each in answer.body["items"]} if answer else {}


async def options(
    api: Api, prefix: str, reference: str, form: Form, now: datetime
) -> Mapping[str, Mapping[str, str]]:
    """The choices of a form that only the API knows: firms, visits, updates; none without an answer."""
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
            case "REP", "number":
                answer = await api.part(f"/v1/repairs/{segment(reference)}/updates")
                found[field.name] = {
                    str(each["number"]): f"{spoken(each['type'])}, {moment(parsed(each['occurred_at']), now)}"
                    for each in (answer.body["items"] if answer else ())
                    if each["decision"] == PENDING
                }
    return found


async def firms(api: Api) -> Sequence[str]:
    """The names of the firms that jobs can be given to; none without an answer."""
    answer = await api.part("/v1/contractors", {"limit": MANY})
    return [each["name"] for each in answer.body["items"]] if answer else []
