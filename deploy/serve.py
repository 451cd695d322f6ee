"""Serves one application as a process of its own: `python -m deploy.serve services.repairs.main:app 8101`."""

import argparse

import uvicorn

STOP_SECONDS = 5  # for requests under way; the relay is drained after them


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
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


if __name__ == "__main__":
    main()
