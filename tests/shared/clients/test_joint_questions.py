"""Questions that share requests: each is answered for itself, and none waits behind a request that hangs."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from shared.clients.joint_questions import MOST, JointQuestions
from shared.clients.service_client import ServiceClient
from shared.settings import Settings
from tests.shared.example.directory import ALONE

SECONDS = 0.2


class Answerer:
    """A gateway and a service in one, which doubles numbers, as soon as a test lets it."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.is_asked, self.is_open, self.left_out = asyncio.Event(), asyncio.Event(), 0
        self.is_open.set()
        routes = [
            Route("/v1/token", self._token, methods=["POST"]),
            Route("/doubled", self._doubled, methods=["POST"]),
        ]
        self.transport = httpx.ASGITransport(Starlette(routes=routes))

    async def _token(self, _: Request) -> JSONResponse:
        return JSONResponse({"access_token": "token", "expires_in": 600})

    async def _doubled(self, request: Request) -> JSONResponse:
        numbers = [question["number"] for question in (await request.json())["questions"]]
        self.asked.append(numbers)
        self.is_asked.set()
        await self.is_open.wait()
        return JSONResponse({"answers": [2 * number for number in numbers[self.left_out :]]})


@pytest.fixture
def answerer() -> Answerer:
    return Answerer()


@pytest.fixture
async def questions(answerer: Answerer) -> AsyncIterator[JointQuestions]:
    settings = Settings(directory=ALONE, client_secret="between services")
    services = ServiceClient("permits", settings, {"all://": answerer.transport})
    await services.get_ready()
    yield JointQuestions(services, "permits", "/doubled", seconds=SECONDS)
    await services.close()


async def under_way(answerer: Answerer, questions: JointQuestions) -> asyncio.Task[int]:
    """A question whose request is in flight, and will be until the service is opened."""
    answerer.is_open.clear()
    first = asyncio.create_task(questions.ask({"number": 0}))
    await answerer.is_asked.wait()
    return first


async def test_questions_asked_while_a_request_is_in_flight_share_the_next(
    answerer: Answerer, questions: JointQuestions
) -> None:
    """Up to a bounded number, each with the answer that is its own."""
    first = await under_way(answerer, questions)
    others = [asyncio.create_task(questions.ask({"number": number})) for number in range(1, MOST + 2)]
    await asyncio.sleep(0)
    answerer.is_open.set()
    assert await asyncio.gather(first, *others) == [2 * number for number in range(MOST + 2)]
    assert [len(numbers) for numbers in answerer.asked] == [1, MOST, 1]


async def test_a_caller_who_stops_waiting_takes_the_question_back(
    answerer: Answerer, questions: JointQuestions
) -> None:
    """Nothing is read, and no reading noted, for somebody who has gone; the others are asked for."""
    first = await under_way(answerer, questions)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SECONDS / 10):
            await questions.ask({"number": 1})
    waiting = asyncio.create_task(questions.ask({"number": 2}))
    answerer.is_open.set()
    assert (await first, await waiting) == (0, 4)
    assert answerer.asked == [[0], [2]]


async def test_a_request_that_hangs_is_given_up(answerer: Answerer, questions: JointQuestions) -> None:
    """Whoever asks afterwards is answered by the next."""
    first = await under_way(answerer, questions)
    waiting = asyncio.create_task(questions.ask({"number": 1}))
    with pytest.raises(TimeoutError):
        await first
    answerer.is_open.set()
    assert await waiting == 2


async def test_too_few_answers_are_nobodys(answerer: Answerer, questions: JointQuestions) -> None:
    """Nobody could tell whose they are."""
    answerer.left_out = 1
    told = await asyncio.gather(
        *(questions.ask({"number": number}) for number in range(3)), return_exceptions=True
    )
    assert [type(problem) for problem in told] == [ValueError] * 3
