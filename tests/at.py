"""`make test AT='2026-12-24 16:55'`: the tests as they go at another time, on servers of their own.

Everything that a test starts is moved with it: PostgreSQL, RabbitMQ, each process of a house. The time is
London's.
"""

import argparse
import os
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.support.faketime import NoFaketime, starting_at

LONDON = ZoneInfo("Europe/London")
NOBODY_LISTENS = "amqp://127.0.0.1:1/"
"""A machine's own RabbitMQ keeps real time: where none answers, the tests start one of their own."""


def main() -> None:
    """Become pytest, at that time."""
    parser = argparse.ArgumentParser(prog="python -m tests.at", description=__doc__)
    parser.add_argument("instant", type=datetime.fromisoformat, help="as in '2026-12-24 16:55'")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="what pytest is given")
    given = parser.parse_args()
    instant: datetime = given.instant
    try:
        environment = starting_at(instant if instant.tzinfo else instant.replace(tzinfo=LONDON))
    except NoFaketime as reason:
        sys.exit(f"Cannot: {reason}")
    environment["RABBITMQ_URL"] = NOBODY_LISTENS
    command = (sys.executable, "-m", "pytest", "-p", "tests.support.sleeping", *given.pytest)
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    main()
