"""Migration of the embedded databases in a process of its own, with which its libraries end."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping

from deploy.postgres import OWNER, SERVICES, EmbeddedPostgres
from shared.directory import Directory
from shared.settings import Settings

TOLD = frozenset({"directory", "var", "database_urls", "migrations_url"})
PREFIX = "Cannot run: "


class CannotMigrate(Exception):
    """A database could not be brought up to date; the message says why, in one sentence."""


def database_urls(directory: Directory, postgres: EmbeddedPostgres) -> Mapping[str, str]:
    """The databases of all services, as the role that services have."""
    return {name: postgres.url(f"housing_{name}", SERVICES) for name in directory.names}


def on_embedded(settings: Settings, postgres: EmbeddedPostgres) -> Settings:
    """These settings, with the databases of an embedded server and their owner."""
    urls = dict(database_urls(settings.directory, postgres))
    return settings.model_copy(update={"database_urls": urls, "migrations_url": postgres.url(role=OWNER)})


async def migrate_apart(settings: Settings) -> None:
    """Bring every service's database up to date, by `python -m deploy.databases`; raises CannotMigrate."""
    told = settings.model_dump(mode="json", include=set(TOLD))
    environment = {
        name.upper(): value if isinstance(value, str) else json.dumps(value) for name, value in told.items()
    }
    migrating = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.databases"),
        env={**os.environ, **environment},
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches us alone, who then end it
    )
    try:
        _, said = await migrating.communicate()
    except asyncio.CancelledError:
        migrating.terminate()
        await migrating.wait()
        raise
    if migrating.returncode != 0:
        last = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise CannotMigrate(last.removeprefix(PREFIX) or "the migration of the databases was ended")
