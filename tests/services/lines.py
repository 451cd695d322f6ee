"""The ways between services that share this process."""

from collections import Counter

import httpx
from starlette.types import ASGIApp


class Line(httpx.AsyncBaseTransport):
    """The way to an application in this process, once there is one; a test may cut and mend it."""

    def __init__(self, app: ASGIApp | None = None) -> None:
        self._to = httpx.ASGITransport(app) if app else None
        self.is_cut = False

    def lead_to(self, app: ASGIApp) -> None:
        """From now on there is somebody at the other end."""
        self._to = httpx.ASGITransport(app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._to is None or self.is_cut:
            raise httpx.ConnectError("the line is cut", request=request)
        return await self._to.handle_async_request(request)


class CountedLine(Line):
    """A way on which the requests are counted, by their path."""

    def __init__(self, way: Line) -> None:
        super().__init__()
        self._way = way
        self.asked: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked[request.url.path] += 1
        return await self._way.handle_async_request(request)
