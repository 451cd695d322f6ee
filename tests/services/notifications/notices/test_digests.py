"""Digests: what can wait reaches each of the staff as one message, and what cannot at once."""

from pathlib import Path
from uuid import UUID

import httpx
import pytest

from services.notifications.figures.queries import oldest_owed_notice_seconds
from services.notifications.notices import digests
from services.notifications.notices.digests import due_digests
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import ago, notices, swept
from tests.services.notifications.posting import (
    a_reported_repair,
    claimed,
    deliver_all,
    digests_claimed,
    mail,
    make_due,
    post,
)
from tests.services.repairs.reporting import london, zulu

DEPARTMENT, MANAGER = "repairs-department@council.example", "repairs-manager@council.example"
OFFICE = """
[[department]]
name = "repairs"
email = "repairs@council.example"
duty_email = "duty@council.example"
duty_phone = "07700 900999"
emergencies_by = ["email", "text"]

[[handler]]
subject = "officer-9"
email = "pat@council.example"
"""


@pytest.fixture
def office(resources: AppState, tmp_path: Path) -> None:
    """The council's own file of recipients."""
    file = tmp_path / "recipients.toml"
    file.write_text(OFFICE)
    resources.settings.recipients_file = file


async def overdue(resources: AppState, repairs: httpx.AsyncClient, callers: Callers, days: float) -> str:
    """A repair of 28 working days that was reported so long ago, its steps taken."""
    reference = await a_reported_repair(resources, repairs, callers, received_at=zulu(ago(days=days)))
    await swept(resources)
    return reference


async def letters_of(resources: AppState, reference: str) -> dict[str, UUID | None]:
    """The letter that each notice to staff about a case left in, by audience."""
    told = [notice for notice in await notices(resources, reference) if notice.is_for_staff]
    return {notice.audience: notice.sent_with for notice in told if notice.status == Delivery.SENT}


def to(resources: AppState, address: str) -> list[str]:
    """The subjects of what was written to an address."""
    return [
        letter["Subject"]
        for letter in mail(resources)
        if address in [one.addr_spec for one in letter["To"].addresses]
    ]


@pytest.mark.usefixtures("owner")
async def test_a_department_is_told_of_several_cases_in_one_message(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The most urgent first, grouped by case; each rung keeps its notice, which names its digest."""
    late = await overdue(resources, repairs, callers, days=80)
    later = await overdue(resources, repairs, callers, days=60)
    await deliver_all(resources)
    (digest,) = [letter for letter in mail(resources) if DEPARTMENT in letter["To"]]
    assert digest["Subject"] == "2 cases: Overdue"
    text = digest.get_content()
    assert text.startswith("2 cases, the most urgent first.")
    assert text.index(f"Overdue: {late}") < text.index(f"Overdue: {later}")
    assert text.count("repairs.priority-3.completed") == 2
    first, second = await letters_of(resources, late), await letters_of(resources, later)
    assert first["department"] == second["department"] == UUID(digest["Message-ID"].strip("<>").split("@")[0])
    assert first["manager"] == second["manager"] != first["department"]
    assert len(to(resources, MANAGER)) == 1


@pytest.mark.usefixtures("owner")
async def test_a_digest_of_one_case_is_the_letter_about_it(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """With its reference in the subject."""
    reference = await overdue(resources, repairs, callers, days=60)
    await deliver_all(resources)
    assert to(resources, DEPARTMENT) == [f"Overdue: {reference}"]


@pytest.mark.usefixtures("owner")
async def test_what_waits_for_a_digest_does_not_leave_alone(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The resident is told at once; by night nothing is due for the office, and nothing is overdue either."""
    reference = await overdue(resources, repairs, callers, days=60)
    await post(resources, await claimed(resources))
    assert to(resources, DEPARTMENT) == []
    assert to(resources, "sam@example.org") == [f"We are late: {reference}"]
    settings, calendar = resources.settings, resources.calendar
    assert due_digests(settings, calendar, resources.clock()) == {}
    monday = london("Monday 2026-11-30 09:00")
    assert due_digests(settings, calendar, monday)["repairs"] == monday
    async with unit_of_work(resources) as work:
        assert await oldest_owed_notice_seconds(work) == 0


@pytest.mark.usefixtures("owner")
async def test_a_crash_sends_the_same_digest_again_and_no_second_one(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It was taken up and not noted: it is taken up again as it was, without what has come since."""
    first = [await overdue(resources, repairs, callers, days=days) for days in (60, 61)]
    taken = await digests_claimed(resources)
    later = await overdue(resources, repairs, callers, days=62)
    assert await digests_claimed(resources) != []  # the later one alone: the lease holds for the others
    await make_due(resources)
    again = [notice for notice in await digests_claimed(resources) if notice.reference in first]
    assert {notice.id: notice.sent_with for notice in again} == {
        notice.id: notice.sent_with for notice in taken
    }
    assert {notice.attempts for notice in again} == {2}
    await post(resources, again)
    assert to(resources, DEPARTMENT) == ["2 cases: Overdue"]
    assert await letters_of(resources, later) == {}


@pytest.mark.usefixtures("owner", "office")
async def test_what_can_wait_goes_along_with_what_cannot(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """One case, one letter: whoever is called out reads all of it, and no digest repeats it."""
    reference = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(days=5))
    )
    await swept(resources)
    await post(resources, await claimed(resources))
    told = [one for one in await notices(resources, reference) if one.is_for_staff and not one.to_duty_phone]
    assert any(notice.is_for_a_digest for notice in told)
    assert {notice.status for notice in told} == {Delivery.SENT}
    assert len({notice.sent_with for notice in told}) == 1
    assert await digests_claimed(resources) == []


@pytest.mark.usefixtures("owner")
async def test_of_a_storm_the_first_cases_are_told_in_full(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the others by a line, so that the one message tells of every case."""
    monkeypatch.setattr(digests, "IN_FULL", 1)
    references = [await overdue(resources, repairs, callers, days=days) for days in (74, 67, 60)]
    await deliver_all(resources)
    (digest,) = [letter for letter in mail(resources) if letter["Subject"] == "3 cases: Overdue"]
    text = digest.get_content()
    assert text.count("Case: REP-") == 1
    assert f"Overdue: {references[0]}" in text
    assert all(f"- {reference}: Overdue, by the end of " in text for reference in references[1:])


@pytest.mark.usefixtures("owner")
async def test_a_case_whose_owner_has_lost_it_keeps_no_other_waiting(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The digest leaves without it, and it is tried again with the next."""
    known = await overdue(resources, repairs, callers, days=60)
    await overdue(resources, repairs, callers, days=61)
    taken = await digests_claimed(resources)
    for notice in taken:
        if notice.reference != known:
            notice.reference = "REP-7K3M-Q9TY"
    await post(resources, taken)
    assert to(resources, DEPARTMENT) == [f"Overdue: {known}"]
