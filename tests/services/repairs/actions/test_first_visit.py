"""The promise to complete a repair at the first visit: what its owner knows of it, and publishes."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st

from services.repairs.actions.first_visit import finished_at_first_visit
from tests.services.callers import Callers
from tests.services.repairs.reporting import ago, assigned, london

DAY = "Tuesday 2024-06-04"
NEXT = "Wednesday 2024-06-05"
Story = Sequence[tuple[str, str]]

STORIES: list[tuple[str, Story, bool]] = [
    ("one visit", [("repair-attended", f"{DAY} 10:00"), ("repair-completed", f"{DAY} 11:00")], True),
    ("only its end is told", [("repair-completed", f"{DAY} 11:00")], True),
    (
        "made safe and finished in one visit",
        [
            ("repair-attended", f"{DAY} 10:00"),
            ("repair-made-safe", f"{DAY} 10:20"),
            ("repair-completed", f"{DAY} 11:00"),
        ],
        True,
    ),
    (
        "nobody in at first",
        [
            ("access-refused", f"{DAY} 09:00"),
            ("repair-attended", f"{NEXT} 10:00"),
            ("repair-completed", f"{NEXT} 11:00"),
        ],
        True,
    ),
    (
        "attended twice",
        [
            ("repair-attended", f"{DAY} 10:00"),
            ("repair-attended", f"{NEXT} 10:00"),
            ("repair-completed", f"{NEXT} 11:00"),
        ],
        False,
    ),
    (
        "made safe, finished by another visit",
        [
            ("repair-made-safe", f"{DAY} 10:00"),
            ("repair-attended", f"{NEXT} 10:00"),
            ("repair-completed", f"{NEXT} 11:00"),
        ],
        False,
    ),
    (
        "made safe one day and finished the next, by people who did not say that they came",
        [("repair-made-safe", f"{DAY} 10:00"), ("repair-completed", f"{NEXT} 11:00")],
        False,
    ),
    (
        "one arrival told twice, by the operative and by the office",
        [
            ("repair-attended", f"{DAY} 10:00"),
            ("repair-attended", f"{DAY} 10:07"),
            ("repair-completed", f"{DAY} 17:30"),
        ],
        True,
    ),
    (
        "twice on one day",
        [
            ("repair-attended", f"{DAY} 09:00"),
            ("repair-attended", f"{DAY} 15:00"),
            ("repair-completed", f"{DAY} 16:00"),
        ],
        False,
    ),
    (
        "one visit over midnight",
        [("repair-attended", f"{DAY} 23:30"), ("repair-completed", f"{NEXT} 00:45")],
        True,
    ),
    (
        "a follow-on visit",
        [
            ("repair-attended", f"{DAY} 10:00"),
            ("follow-on-needed", f"{DAY} 11:00"),
            ("repair-completed", f"{NEXT} 11:00"),
        ],
        False,
    ),
    (
        "somebody looked in after it was finished",
        [
            ("repair-attended", f"{DAY} 10:00"),
            ("repair-completed", f"{DAY} 11:00"),
            ("repair-attended", f"{NEXT} 10:00"),
        ],
        True,
    ),
]


@pytest.mark.parametrize(("story", "kept"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES])
@given(data=st.data())
def test_a_first_visit_is_known_by_the_facts_in_any_order(
    story: Story, kept: bool, data: st.DataObject
) -> None:
    """Updates come out of order and twice; what counts is when things happened."""
    history = [(f"repairs.{what}", london(when)) for what, when in story]
    told = data.draw(st.permutations([*history, data.draw(st.sampled_from(history))]))
    assert finished_at_first_visit(told) is kept


async def completions(repairs: httpx.AsyncClient, callers: Callers, reference: str) -> list[Any]:
    """The `first_visit` of each completion that was published, in order."""
    answer = await repairs.get(f"/internal/cases/{reference}/events", headers=callers.service("cases"))
    events = answer.json()["events"]
    return [event["data"].get("first_visit") for event in events if event["type"].endswith("completed")]


async def told(
    repairs: httpx.AsyncClient, callers: Callers, reference: str, type: str, **when: float
) -> None:
    update: dict[str, Any] = {"type": type, "occurred_at": ago(**when)}
    if type == "completed":
        update |= {"clean_and_tidy": True, "identification_shown": True}
    path = f"/v1/repairs/{reference}/updates"
    assert (await repairs.post(path, json=update, headers=callers.officer())).status_code == 201


async def test_a_completion_says_if_one_visit_was_enough_and_again_when_that_changes(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A visit of the day before, told late, shows that there were two; a third changes nothing any more."""
    case = await assigned(repairs, callers.officer(), received_at=ago(days=5))
    reference = case["reference"]
    await told(repairs, callers, reference, "attended", hours=3)
    await told(repairs, callers, reference, "completed", hours=2)
    assert await completions(repairs, callers, reference) == [True]
    await told(repairs, callers, reference, "attended", days=2)
    assert await completions(repairs, callers, reference) == [True, False]
    await told(repairs, callers, reference, "attended", days=3)
    assert await completions(repairs, callers, reference) == [True, False]


async def test_an_old_systems_record_says_nothing_of_visits(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An imported completion tells of no visits, so whether one was enough stays unknown."""
    importing = callers.officer(scopes=["import"])
    case = await assigned(repairs, importing, received_at=ago(days=5), imported=True)
    await told(repairs, callers, case["reference"], "completed", hours=2)
    assert await completions(repairs, callers, case["reference"]) == [None]
