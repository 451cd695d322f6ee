"""The permits service as a process of its own: `python -m tests.shared.http.process URL JWK [--crash]`.

It says its address. With --crash it ends, as kill -9 does, as soon as a creation is committed.
"""

import argparse
import asyncio
import json
import os
import signal

from shared.clients.jwks import KeySource
from shared.clients.tokens import TokenVerifier
from tests.gateway.serving import served
from tests.shared.permits_app import AUDIENCE, ISSUER, permits_app


async def serve(url: str, jwk: str, crash: bool) -> None:
    """Serve until the process is ended; tokens are those of whoever has this key."""

    async def keys() -> dict[str, object]:
        return {"keys": [json.loads(jwk)]}

    async with permits_app(url) as app:
        app.state.resources.verifier = TokenVerifier({ISSUER: KeySource(keys)}, AUDIENCE)
        if crash:
            app.state.resources.database.on_recorded = lambda: os.kill(os.getpid(), signal.SIGKILL)
        async with served(app) as address:
            print(address, flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("jwk")
    parser.add_argument("--crash", action="store_true")
    given = parser.parse_args()
    asyncio.run(serve(given.url, given.jwk, given.crash))
