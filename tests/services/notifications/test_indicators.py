"""Promises without a time: the share of repairs that were finished at the first visit."""

from collections.abc import Sequence

import httpx
import pytest
from hypothesis import given, strategies as st

from services.notifications.indicators import finished_at_first_visit
from shared.app_state import AppState
from tests.services.callers import Callers
from tests.services.notifications.hearing import Case, emergency, hear
from tests.services.repairs.reporting import london

DAY = "Tuesday 2024-06-04"
NEXT = "Wednesday 2024-06-05"
Story = Sequence[tuple[str, str]]


def told_of(story: Story, *, imported: bool = False) -> Case:
    """A repair reported at eight, to which this happened, as (what, when)."""
    case = emergency(london(f"{DAY} 08:00"), imported=imported)
    for what, when in story:
        case.event(f"repairs.{what}", london(when))
    return case


STORIES: list[tuple[str, Story, bool | None]] = [
    ("not finished", [("repair-attended", f"{DAY} 10:00")], None),
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
    ("called off", [("repair-cancelled", f"{DAY} 11:00")], None),
]


@pytest.mark.parametrize(("story", "kept"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES])
@given(data=st.data())
def test_a_first_visit_is_known_by_the_facts_in_any_order(
    story: Story, kept: bool | None, data: st.DataObject
) -> None:
    """Updates come out of order and twice; what counts is when things happened."""
    history = told_of(story).history
    told = data.draw(st.permutations([*history, data.draw(st.sampled_from(history))]))
    verdict = finished_at_first_visit(told)
    assert (verdict.kept if verdict else None) is kept


def test_an_old_systems_record_says_nothing_of_visits() -> None:
    """That only an end was brought over does not mean that one visit was enough."""
    assert (
        finished_at_first_visit(told_of([("repair-completed", f"{DAY} 11:00")], imported=True).history)
        is None
    )


async def test_the_share_is_shown_beside_its_goal(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Of those finished in the time asked for; a late fact changes the verdict of a case already counted."""
    cases = [told_of(story) for _, story, _ in STORIES]
    await hear(resources, *(event for case in cases for event in case.history))

    async def share(**query: str) -> tuple[int, int, float | None]:
        answer = await notifications.get("/v1/performance", headers=callers.officer(), params=query)
        (first_visit,) = answer.json()["indicators"]
        assert (first_visit["indicator"], first_visit["goal"]) == ("repairs.first-visit", 0.9)
        return first_visit["counted"], first_visit["kept"], first_visit["share"]

    assert await share() == (12, 7, 0.5833)
    assert await share(**{"from": "2024-06-05"}) == (6, 2, 0.3333)
    assert await share(to="2024-06-03") == (0, 0, None)
    one_visit = cases[1]
    one_visit.event("repairs.repair-attended", london(f"{DAY} 08:30"))
    await hear(resources, one_visit.history[-1])
    assert await share() == (12, 6, 0.5)
