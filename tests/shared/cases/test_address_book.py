"""Spellings of homes as a service stores them: the latest of each stands, however the events arrive."""

from collections.abc import Awaitable, Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from shared.app_state import open_app_state
from shared.cases import address_book
from shared.events import Event
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from shared.work import unit_of_work
from tests.shared.cases.spellings import told
from tests.shared.example.directory import ALONE

HISTORY = (
    told(1, {"id": "a", "uprn": "10"}, {"id": "b", "property_reference": "007"}),
    told(2, {"id": "a", "uprn": "10", "property_reference": "007"}, {"id": "b"}),
    told(3, {"id": "a", "uprn": "11", "property_reference": "007"}),
)
GIVEN = ({"uprn": "11"}, {"property_reference": "7"}, {"uprn": "10"}, {"address": "1 High Street"})
KNOWN = (
    {"uprn": "11", "property_reference": "007"},
    {"uprn": "11", "property_reference": "7"},
    {"uprn": "10"},
    {"address": "1 High Street"},
)


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
async def test_the_latest_spelling_of_each_home_stands(
    database_for: Callable[[str], Awaitable[str]], tmp_path: Path, together: bool
) -> None:
    """In any order and twice; a home that was found to be another one is known by nothing any more."""
    urls = {"permits": await database_for("permits")}
    settings = Settings(directory=ALONE, database_urls=urls)
    state = open_app_state("permits", settings, broker=LocalBroker(tmp_path))
    for order in permutations(HISTORY):
        batches: list[list[Event]] = [[*order, order[0]]] if together else [[event] for event in order]
        for batch in batches:
            async with unit_of_work(state) as work:
                await address_book.take_in(work, batch)
    async with unit_of_work(state) as work:
        found: list[dict[str, Any]] = await address_book.spelt_both_ways(work, GIVEN)
    assert tuple(found) == KNOWN
    await state.close()
