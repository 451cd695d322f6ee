"""The permits service on a database of its own, called in this process."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from shared.db.engine import Database
from tests.shared.permits_app import calling, permits_app
from tests.support.postgres import Databases


@pytest.fixture
async def app(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[FastAPI]:
    async with permits_app(await database_for("permits")) as app:
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app) as client:
        yield client


@pytest.fixture(scope="module")
async def shared_client(_databases: Databases) -> AsyncIterator[httpx.AsyncClient]:
    """For tests that do not mind each other's cases, which a database for each would slow down."""
    url = await _databases.fresh("permits")
    async with permits_app(url) as app, calling(app) as client:
        yield client
    await _databases.drop(url)


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.resources.database
    return found
