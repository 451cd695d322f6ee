"""A house of one owner beside notifications, so that a reconciliation asks no other."""

from dataclasses import replace

import pytest

from shared.directory import DIRECTORY
from shared.settings import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings of all tests, with repairs as the only owner of cases."""
    rows = tuple(row for row in DIRECTORY.services if row.name in {"notifications", "repairs"})
    return settings.model_copy(update={"directory": replace(DIRECTORY, services=rows)})
