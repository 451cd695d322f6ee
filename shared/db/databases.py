"""Creates databases, for whoever migrates them then."""

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db.engine import async_url

LOCK = 7_310_421  # replicas that start at once migrate one after the other


async def create_missing_databases(urls: list[str]) -> None:
    """Create those of these databases that do not exist, through the server's `postgres` database."""
    for url in urls:
        parts = make_url(async_url(url))
        engine = create_async_engine(parts.set(database="postgres"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            known = await connection.scalar(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": parts.database}
            )
            if not known:
                await connection.execute(text(f'CREATE DATABASE "{parts.database}"'))
        await engine.dispose()
