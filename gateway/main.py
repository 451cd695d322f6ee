"""The gateway as a process of its own: `python -m deploy.serve gateway.main:app 8000`."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.types import ASGIApp

from gateway.application import Gateway, in_this_process
from gateway.clients import Client
from gateway.proxy import DistantService, open_session
from shared.settings import Settings


@asynccontextmanager
async def distant(settings: Settings) -> AsyncIterator[Mapping[str, ASGIApp]]:
    """All that is served, each at its address by connections of its own, so that none suffers for another."""
    services: dict[str, ASGIApp] = {}
    async with AsyncExitStack() as stack:
        for row in settings.directory.served:
            session = await stack.enter_async_context(open_session(settings))
            services[row.name] = DistantService(row.name, settings.service_url(row.name), session)
        yield services


def create_gateway(
    settings: Settings | None = None,
    upstreams: Mapping[str, ASGIApp] | None = None,
    clients: Iterable[Client] = (),
) -> Gateway:
    """The gateway; `upstreams` are services in this same process, else they are at their addresses."""
    return Gateway(settings, distant if upstreams is None else in_this_process(upstreams), clients)


app = create_gateway
