"""Joint questions to another service: those asked while a request is in flight share the next one.

A request costs both sides far more than one more question in it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from shared.batching import Batcher, Waiting
from shared.clients.service_client import ServiceClient

MOST = 100
"""The questions in one request; the service that is asked takes as many."""

Question = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Answers:
    answers: list[Any]


_ANSWERS = TypeAdapter(_Answers)


class JointQuestions:
    """Questions that are posted as `{"questions": […]}`, and answered in their order as `{"answers": […]}`.

    A request that takes longer than `seconds` is given up, so that nobody waits behind it.
    """

    def __init__(self, services: ServiceClient, service: str, path: str, *, seconds: float) -> None:
        self._services = services
        self._service = service
        self._path = path
        self._seconds = seconds
        self._batcher = Batcher[Question, Any](self._settle, MOST)

    async def ask(self, question: Question) -> Any:
        """The answer to one question; a caller who stops waiting before it was sent takes it back.

        Raises httpx.HTTPError or TimeoutError without an answer, ValueError for one that cannot be read.
        """
        return await self._batcher.join(question)

    async def _settle(self, batch: Sequence[Waiting[Question, Any]]) -> None:
        async with asyncio.timeout(self._seconds):
            answers = await self._answers([one.given for one in batch])
        for one, answer in list(zip(batch, answers, strict=True)):
            one.succeed(answer)

    async def _answers(self, questions: Sequence[Question]) -> list[Any]:
        answer = await self._services.post(self._service, self._path, {"questions": questions})
        return _ANSWERS.validate_json(answer.raise_for_status().content).answers
