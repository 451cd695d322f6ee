"""Every service is walked through."""

import pytest

from shared.directory import DIRECTORY, Directory


@pytest.fixture
def directory() -> Directory:
    """Every service."""
    return DIRECTORY
