"""Settings of a deployment: what it says, and what becomes of it."""

import pytest

from shared.settings import Settings


@pytest.mark.parametrize(
    ("server", "database"),
    [
        ("postgresql://postgres@127.0.0.1:5432", "postgresql://postgres@127.0.0.1:5432/housing_repairs"),
        ("postgresql://council@db:5432/", "postgresql://council@db:5432/housing_repairs"),
        (
            "postgresql://council:p%40ss@db:5432/?ssl=require",
            "postgresql://council:p%40ss@db:5432/housing_repairs?ssl=require",
        ),
    ],
)
def test_each_service_has_a_database_on_the_server(server: str, database: str) -> None:
    """Whatever follows the server's address stays behind the database's name."""
    assert Settings(postgres_url=server).database_url("repairs") == database


def test_a_database_may_be_elsewhere() -> None:
    """It is taken as it was given."""
    elsewhere = "postgresql://council@other:5433/repairs?host=/run/postgresql"
    assert Settings(database_urls={"repairs": elsewhere}).database_url("repairs") == elsewhere
