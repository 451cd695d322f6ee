"""Old cases into the new system: each is reported, and ended if it was."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

import httpx

from deploy.gateway_client import GatewayClient, HouseFailed, RequestRefused, for_each
from deploy.replay.bodies import COLLECTIONS, ending_of, report_of
from deploy.replay.mapping import Mapping, Outcome
from deploy.replay.meanings import Service
from deploy.replay.rows import OldCase, RefusedRow


class Change(StrEnum):
    """The outcome of posting a row."""

    NEW = "new"
    COMPLETED = "completed since they were last posted"
    CALLED_OFF = "called off since they were last posted"
    NOTHING = "there already, unchanged"


@dataclass(frozen=True, slots=True)
class Ended:
    """One way in which a case ends: under which key that is posted, and how it is said."""

    key: str
    words: str
    change: Change


ENDED = {
    Outcome.DONE: Ended("completed", "completion", Change.COMPLETED),
    Outcome.CALLED_OFF: Ended("called-off", "cancellation", Change.CALLED_OFF),
}


@dataclass(frozen=True, slots=True)
class Gateways:
    """The gateway as the client that may import sees it, and as the one that works guarded cases.

    Nobody outside the team of a case of anti-social behaviour ends it, nor sees its deadlines.
    """

    importing: GatewayClient
    guarded: GatewayClient

    def working(self, service: Service) -> GatewayClient:
        """The client that acts on a service's cases."""
        return self.guarded if service is Service.ASB else self.importing


@dataclass(frozen=True, slots=True)
class PostedCase:
    """A case as its owner answered; its deadlines are up to date once they have reached `version`."""

    service: Service
    reference: str
    version: int
    change: Change


async def post_all(
    gateways: Gateways, cases: Iterable[OldCase], mapping: Mapping, step: Callable[[], None]
) -> tuple[list[PostedCase], list[RefusedRow]]:
    """Post cases, several at once; `step` is called after each. Raises UnusableGateway.

    A case whose completion or cancellation is refused is in both lists: it is there, and open.
    """
    posted: list[PostedCase] = []
    refused: list[RefusedRow] = []

    async def post(case: OldCase) -> None:
        done: PostedCase | None = None
        try:
            done = await _report(gateways, case, mapping.file.source)
            if case.ended_at is not None:
                done = await _end(gateways, done, case, mapping)
        except RequestRefused as refusal:
            what = ENDED[case.outcome].words if done else "report"
            failed = isinstance(refusal, HouseFailed)
            reason = f"its {what} {'failed' if failed else 'was refused'}: {refusal}"
            refused.append(RefusedRow(case.line, reason, failed))
        if done is not None:
            posted.append(done)
        step()

    await for_each(cases, post)
    return posted, refused


async def _report(gateways: Gateways, case: OldCase, source: str) -> PostedCase:
    path = COLLECTIONS[case.meaning.service]
    answer = await gateways.importing.post(path, report_of(case), _key(source, case, "report"))
    return _posted(case, answer, Change.NOTHING if _is_replayed(answer) else Change.NEW)


async def _end(gateways: Gateways, done: PostedCase, case: OldCase, mapping: Mapping) -> PostedCase:
    """Complete a case that was done, call off one that was called off."""
    ended, (act, body) = ENDED[case.outcome], ending_of(case, mapping)
    path = f"{COLLECTIONS[done.service]}/{done.reference}/{act}"
    key = _key(mapping.file.source, case, ended.key)
    answer = await gateways.working(done.service).post(path, body, key)
    if done.change is Change.NOTHING and not _is_replayed(answer):
        return _posted(case, answer, ended.change)
    return _posted(case, answer, done.change)


def _key(source: str, case: OldCase, act: str) -> str:
    """The row's own key as an Idempotency-Key, which is a header and so plain ASCII."""
    return quote(f"{source}/{case.key}/{act}")


def _is_replayed(answer: httpx.Response) -> bool:
    return "Idempotent-Replayed" in answer.headers


def _posted(case: OldCase, answer: httpx.Response, change: Change) -> PostedCase:
    told = answer.json()
    return PostedCase(case.meaning.service, told["reference"], told["version"], change)
