"""The public API as one person uses it: every question and act carries the token of whoever signed in."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import punctuation
from typing import Any
from urllib.parse import quote

import httpx

from shared.errors import InProgress
from shared.telemetry import request_id

SECONDS = 5.0
"""The time for what a page cannot do without."""

PART_SECONDS = 1.5
"""The time for a part, without which the rest of its page is shown."""

STILL_RUNNING_WAITS = (0.1, 0.3, 0.6, 1.0)
"""Waits for the first try of an act that was sent twice at once, such as by a double click: it then answers
both."""

NOT_MODIFIED = 304
CONFLICT, IN_PROGRESS = 409, InProgress.slug
NO_OUTCOME = 500
"""From this status on nobody can tell what became of an act: behind the gateway it may have been done."""

Query = Mapping[str, str | int | Sequence[str]]


class Refused(Exception):
    """A refusal of the API: its status, and the problem (RFC 9457) that says why."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.problem = problem

    @property
    def detail(self) -> str:
        """The words for a person."""
        return str(self.problem.get("detail") or self.problem.get("title") or "")

    @property
    def errors(self) -> Sequence[Mapping[str, str]]:
        """The fields that a 422 is about, each with its JSON pointer."""
        return self.problem.get("errors") or ()

    @property
    def allowed(self) -> Sequence[str]:
        """The acts that a 409 says may be done."""
        return self.problem.get("allowed") or ()

    @property
    def is_still_running(self) -> bool:
        """Tell if it is refused only as the first try under the same key has not ended yet."""
        slug = str(self.problem.get("type", "")).rpartition(":")[2]
        return self.status == CONFLICT and slug == IN_PROGRESS


class Unanswered(Exception):
    """A question or an act to which no answer came; an act may have been done or may not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the API."""

    status: int
    body: Any
    etag: str = ""


class Api:
    """The API through the gateway, for one person; without a token only what is open to all."""

    def __init__(self, http: httpx.AsyncClient, token: str = "") -> None:
        self._http = http
        self._token = token

    async def get(self, path: str, query: Query | None = None, *, seconds: float | None = None) -> Answer:
        """Read; raises Refused, Unanswered."""
        return _answer(await self._read("GET", path, seconds or SECONDS, params=query))

    async def get_file(self, path: str, query: Query | None = None, known: str = "") -> httpx.Response:
        """Read a file, with a 304 where it is one of those `known`; raises Refused, Unanswered."""
        headers = {"If-None-Match": header_value(known)} if known else {}
        return await self._read("GET", path, 2 * SECONDS, params=query, headers=headers)

    async def ask(
        self, path: str, body: Mapping[str, Any], query: Query | None = None, *, seconds: float | None = None
    ) -> Answer:
        """Read what is asked for in a body, as nothing personal stands in a path; raises as `get` does."""
        return _answer(await self._read("POST", path, seconds or SECONDS, json=body, params=query))

    async def post(self, path: str, body: Mapping[str, Any], *, etag: str = "", key: str = "") -> Answer:
        """Act; raises Refused, Unanswered. `etag` is of the case as it was shown, `key` of this act."""
        return await self._act(path, key, {"If-Match": header_value(etag)} if etag else {}, json=body)

    async def post_file(self, path: str, content: bytes, media_type: str, *, key: str = "") -> Answer:
        """Send a file, which is the body itself; raises Refused, Unanswered."""
        return await self._act(path, key, {"Content-Type": media_type}, content=content)

    async def part(self, path: str, query: Query | None = None) -> Answer | None:
        """Read a part of a page; None where it cannot be had in time, or is not for this person."""
        try:
            return await self.get(path, query, seconds=PART_SECONDS)
        except (Refused, Unanswered):
            return None

    async def part_asked(
        self, path: str, body: Mapping[str, Any], query: Query | None = None
    ) -> Answer | None:
        """Read a part of a page that is asked for in a body; None as for `part`."""
        try:
            return await self.ask(path, body, query, seconds=PART_SECONDS)
        except (Refused, Unanswered):
            return None

    async def _act(self, path: str, key: str, headers: Mapping[str, str], **body: Any) -> Answer:
        """Act once; the answer to the first try with this key is the answer to each."""
        named = {**headers, **({"Idempotency-Key": header_value(key)} if key else {})}
        waits = iter(STILL_RUNNING_WAITS)
        while True:
            try:
                return _answer(await self._sent("POST", path, 2 * SECONDS, headers=named, **body))
            except Refused as refused:
                if not (key and refused.is_still_running):
                    raise
                wait = next(waits, None)
                if wait is None:
                    raise Unanswered("still running") from refused
            await asyncio.sleep(wait)

    async def _read(self, method: str, path: str, seconds: float, **request: Any) -> httpx.Response:
        """Read within this time in all: httpx's own limit is on each wait, and on none within one process.

        An act has httpx's alone: within one process, to stop waiting would be to break it off half done.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._sent(method, path, seconds, **request)
        except TimeoutError as late:
            raise Unanswered(f"nothing within {seconds:g} s") from late

    async def _sent(self, method: str, path: str, seconds: float, **request: Any) -> httpx.Response:
        headers = {**request.pop("headers", {}), "X-Request-ID": request_id.get()}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            answer = await self._http.request(method, path, headers=headers, timeout=seconds, **request)
        except httpx.HTTPError as failure:
            raise Unanswered(type(failure).__name__) from failure
        if answer.is_success or answer.status_code == NOT_MODIFIED:
            return answer
        if answer.status_code >= NO_OUTCOME:
            raise Unanswered(str(answer.status_code))
        raise Refused(answer.status_code, _problem(answer))


def _answer(answer: httpx.Response) -> Answer:
    return Answer(answer.status_code, answer.json(), answer.headers.get("etag", ""))


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def header_value(text: str) -> str:
    """A text as a header may have it: what is not ASCII is quoted, and stays another value than any other."""
    return quote(text, safe=f"{punctuation} ")


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")
