"""An application that takes its time and says which process answers; it starts with no help of the house."""

import asyncio
import os
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send


def app() -> ASGIApp:
    """The application, made by whoever serves it."""
    return answer


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the id of this process, a moment later; fail to start where NEVER_READY exists."""
    if scope["type"] == "lifespan":
        await receive()
        if Path(os.environ.get("NEVER_READY", "")).is_file():
            await send({"type": "lifespan.startup.failed"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await asyncio.sleep(0.02)
    body = str(os.getpid()).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
