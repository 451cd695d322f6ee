"""Serves one application as a process of its own: `python -m deploy.serve services.repairs.main:app 8101`."""

import argparse
import socket

import uvicorn
from pydantic import ValidationError

from deploy.protocol import LimitedProtocol

STOP_SECONDS = 5  # for requests under way; the relay is drained after them


class PortTaken(Exception):
    """A port on which we cannot listen; the message says which."""


def listen_on(port: int) -> socket.socket:
    """A socket that listens on this machine: who calls early waits, and nobody else can have the port.

    Raises PortTaken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        # Two sockets may be bound to one port with SO_REUSEADDR; only one can listen.
        listening.listen()
    except (OSError, OverflowError) as problem:
        listening.close()
        raise PortTaken(f"Port {port} cannot be used; choose another, as in PORT=8100.") from problem
    return listening


def first_fault(wrong: ValidationError) -> str:
    """The first thing that is wrong with the settings, in one sentence that repeats no value."""
    fault = wrong.errors()[0]
    setting = "".join(f"{part}: " for part in fault["loc"][:1]).upper()
    return setting + fault["msg"].removeprefix("Value error, ")


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m deploy.serve", description=__doc__)
    parser.add_argument("app", help="as in gateway.main:app")
    parser.add_argument("port", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    uvicorn.run(
        given.app,
        host=given.host,
        port=given.port,
        http=LimitedProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


if __name__ == "__main__":
    main()
