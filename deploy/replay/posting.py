"""Old repairs into the new system: each is reported, and completed or called off if it was."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import httpx

from deploy.replay.client import GatewayClient, HouseFailed, RequestRefused, for_each
from deploy.replay.mapping import Mapping, Outcome
from deploy.replay.rows import OldRepair, RefusedRow


class Change(StrEnum):
    """The outcome of posting a row."""

    NEW = "new"
    COMPLETED = "completed since they were last posted"
    CALLED_OFF = "called off since they were last posted"
    NOTHING = "there already, unchanged"


@dataclass(frozen=True, slots=True)
class Ending:
    """One way in which a repair ends: where it is posted, under which key, and how it is said."""

    path: str
    act: str
    words: str
    change: Change


ENDINGS = {
    Outcome.DONE: Ending("updates", "completed", "completion", Change.COMPLETED),
    Outcome.CALLED_OFF: Ending("cancellation", "called-off", "cancellation", Change.CALLED_OFF),
}


@dataclass(frozen=True, slots=True)
class PostedCase:
    """A case as its owner answered; its deadlines are up to date once they have reached `version`."""

    reference: str
    version: int
    change: Change


async def post_all(
    gateway: GatewayClient, repairs: Iterable[OldRepair], mapping: Mapping, step: Callable[[], None]
) -> tuple[list[PostedCase], list[RefusedRow]]:
    """Post repairs, several at once; `step` is called after each. Raises CannotReplay.

    A repair whose completion or cancellation is refused is in both lists: the case is there, and open.
    """
    posted: list[PostedCase] = []
    refused: list[RefusedRow] = []

    async def post(repair: OldRepair) -> None:
        case: PostedCase | None = None
        try:
            case = await _report(gateway, repair, mapping.file.source)
            if repair.ended_at is not None:
                case = await _end(gateway, case, repair, mapping)
        except RequestRefused as refusal:
            what = ENDINGS[repair.outcome].words if case else "report"
            failed = isinstance(refusal, HouseFailed)
            reason = f"its {what} {'failed' if failed else 'was refused'}: {refusal}"
            refused.append(RefusedRow(repair.line, reason, failed))
        if case is not None:
            posted.append(case)
        step()

    await for_each(repairs, post)
    return posted, refused


async def _report(gateway: GatewayClient, repair: OldRepair, source: str) -> PostedCase:
    answer = await gateway.post("/v1/repairs", report_of(repair), _key(source, repair, "report"))
    return _posted(answer, Change.NOTHING if _is_replayed(answer) else Change.NEW)


async def _end(gateway: GatewayClient, case: PostedCase, repair: OldRepair, mapping: Mapping) -> PostedCase:
    """Complete a repair that was done, call off one that was called off."""
    ending = ENDINGS[repair.outcome]
    path = f"/v1/repairs/{case.reference}/{ending.path}"
    key = _key(mapping.file.source, repair, ending.act)
    answer = await gateway.post(path, ending_of(repair, mapping), key)
    if case.change is Change.NOTHING and not _is_replayed(answer):
        return _posted(answer, ending.change)
    return _posted(answer, case.change)


def report_of(repair: OldRepair) -> dict[str, Any]:
    """The repair as the API takes it; the old system knows the resident by the address alone."""
    report = {
        "imported": True,
        "received_at": _zulu(repair.received_at),
        "property": {"address": repair.address, "postcode": repair.postcode},
        "fault": repair.meaning.fault,
        "description": repair.description,
        "channel": repair.channel,
        "contact": {"address": f"{repair.address}, {repair.postcode}"},
    }
    if repair.meaning.hazard is not None:
        report["hazard"] = {"hazard": repair.meaning.hazard, "severity": repair.meaning.severity}
    return report


def ending_of(repair: OldRepair, mapping: Mapping) -> dict[str, Any]:
    """The body that completes a repair that was done, or calls off one that was called off."""
    assert repair.ended_at is not None
    at = {"occurred_at": _zulu(repair.ended_at)}
    if repair.outcome is Outcome.CALLED_OFF:
        return {**at, **mapping.called_off.model_dump()}
    return {"type": "completed", **at, **mapping.completed.model_dump()}


def _zulu(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _key(source: str, repair: OldRepair, act: str) -> str:
    """The row's own key as an Idempotency-Key, which is a header and so plain ASCII."""
    return quote(f"{source}/{repair.key}/{act}")


def _is_replayed(answer: httpx.Response) -> bool:
    return "Idempotent-Replayed" in answer.headers


def _posted(answer: httpx.Response, change: Change) -> PostedCase:
    case = answer.json()
    return PostedCase(case["reference"], case["version"], change)
