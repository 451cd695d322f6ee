"""Settings of a deployment: what it says, and what becomes of it."""

import pytest
from pydantic import ValidationError

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


def test_what_is_kept_free_for_emergencies_leaves_room_for_the_rest() -> None:
    """Or nothing else would ever leave; without a provider there is no limit to keep from."""
    with pytest.raises(ValidationError, match="PACE_KEPT_FREE is not below NOTIFY_PER_MINUTE"):
        Settings(notify_key="key", notify_per_minute=400, pace_kept_free=500)
    assert Settings(notify_per_minute=400, pace_kept_free=500).notify_key == ""
