"""Creates every service's database and brings it up to date, as `make up` does first.

By itself: `python -m deploy.databases`.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from deploy.keys import ensure_keys
from deploy.serve import first_fault
from deploy.supervision import say
from shared.db.errors import is_transient
from shared.db.migrations import NewerDatabase, create_missing_databases, migrate
from shared.directory import ServiceRow
from shared.encryption import KeysMissing
from shared.settings import Settings

WAIT_SECONDS = 2.0


async def bring_all_up_to_date(settings: Settings) -> None:
    """Create and migrate every service's database; raises NewerDatabase, KeysMissing and DBAPIError."""
    for row in settings.directory.services:
        keys = settings.encryption_keys_path(row.name)
        await _bring_up_to_date(settings.database_url(row.name), row, keys)


async def _bring_up_to_date(url: str, service: ServiceRow, keys: Path) -> None:
    """Create and migrate a database, waiting for the server if it is not there yet."""
    while True:
        try:
            await create_missing_databases([url])
            say(f"bringing the {service.name} database up to date")
            if service.encrypts:
                await ensure_keys(keys, service, url)
            await migrate(url, service, keys)
            return
        except (OSError, DBAPIError) as away:
            if not is_transient(away):
                raise
            say(f"PostgreSQL is not there yet ({type(away).__name__}); waiting …")
        await asyncio.sleep(WAIT_SECONDS)


def main() -> int:
    """The command line; answers the exit code."""
    argparse.ArgumentParser(prog="python -m deploy.databases", description=__doc__).parse_args()
    try:
        asyncio.run(bring_all_up_to_date(Settings()))
    except ValidationError as wrong:
        print(f"Cannot run: {first_fault(wrong)}.", file=sys.stderr)
        return 1
    except (NewerDatabase, KeysMissing) as problem:
        print(f"Cannot run: {problem}", file=sys.stderr)
        return 1
    except DBAPIError as problem:
        print(f"Cannot run: PostgreSQL does not let us in: {problem.orig}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
