"""The database role of the services: it reads and writes their tables, and rewrites no event.

Migrations run as the owner of the tables, and let the role in after each; so a fault in a service, or whoever
breaks into one, can neither rewrite the history of a case nor change a table.
"""

from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db.databases import LOCK
from shared.db.engine import async_url
from shared.db.tables import events

PUBLISHING = ("published_at", "leased_by", "leased_until")
"""The columns of an event that say whether the broker has it; all others are as they were recorded."""

LET_IN = """
SELECT pg_advisory_xact_lock({lock});
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role};
REVOKE UPDATE, DELETE ON {events} FROM {role};
GRANT UPDATE ({publishing}) ON {events} TO {role}"""

CREATE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') THEN CREATE ROLE {role} LOGIN; END IF;
END $$"""


async def let_in(owner_url: str, role: str) -> None:
    """Give the role what services need of a database that was just migrated, in one transaction.

    Nothing is done where the role is the owner itself.
    """
    url = make_url(async_url(owner_url))
    if role == url.username:
        return
    names = {"database": _quoted(str(url.database)), "role": _quoted(role), "events": _quoted(events.name)}
    more = {"publishing": ", ".join(PUBLISHING), "lock": LOCK}
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for statement in LET_IN.format(**names, **more).split(";"):
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


async def create_role(owner_url: str, name: str) -> None:
    """Create a role without a password, if it is not there: for a server that trusts its socket."""
    engine = create_async_engine(async_url(owner_url))
    try:
        async with engine.begin() as connection:
            await connection.execute(text(CREATE.format(name=name, role=_quoted(name))))
    finally:
        await engine.dispose()


def _quoted(name: str) -> str:
    quote: str = postgresql.dialect().identifier_preparer.quote_identifier(name)  # type: ignore[no-untyped-call]
    return quote
