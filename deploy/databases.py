"""Creates every service's database and brings it up to date, as `make up` does first.

By itself: `python -m deploy.databases`.
"""

import argparse
import asyncio
import sys

from sqlalchemy.exc import DBAPIError

from deploy.keys import ensure_keys
from deploy.supervision import say
from shared.db.databases import create_missing_databases
from shared.db.errors import is_transient
from shared.db.migrations import NewerDatabase, migrate
from shared.db.roles import let_in
from shared.directory import ServiceRow
from shared.encryption import KeysMissing
from shared.settings import BadSettings, Settings, from_environment

WAIT_SECONDS = 2.0


async def bring_all_up_to_date(settings: Settings) -> None:
    """Create and migrate every service's database; raises NewerDatabase, KeysMissing and DBAPIError."""
    for row in settings.directory.services:
        await _bring_up_to_date(settings, row)


async def _bring_up_to_date(settings: Settings, service: ServiceRow) -> None:
    """Create and migrate a database and let its service in, waiting for the server if it is not there yet."""
    url, keys = settings.owner_url(service.name), settings.encryption_keys_path(service.name)
    while True:
        try:
            await create_missing_databases([url])
            say(f"bringing the {service.name} database up to date")
            if service.encrypts:
                await ensure_keys(keys, service, url)
            await migrate(url, service, keys)
            await let_in(url, settings.database_role(service.name))
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
        asyncio.run(bring_all_up_to_date(from_environment(Settings)))
    except BadSettings as wrong:
        print(f"Cannot run: {wrong}.", file=sys.stderr)
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
