"""The ways between services that share this process."""

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
