"""Applications that run already, handed to a server."""

from starlette.types import ASGIApp, Receive, Scope, Send


def requests_only(app: ASGIApp) -> ASGIApp:
    """The application without its lifespan: a server would else start and stop it a second time."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError("the house sees to it")
        await app(scope, receive, send)

    return handle
