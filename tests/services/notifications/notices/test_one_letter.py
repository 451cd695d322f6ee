"""One case, one letter, one moment: what one audience is owed about a case at one time is one letter."""

from collections import Counter
from email.message import EmailMessage
from importlib import import_module
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update

from services.notifications.models import Notice
from services.notifications.policy import Delivery, Kind
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.notifications.consuming import ago, notices, swept
from tests.services.notifications.letters import close, completed, next_working_days
from tests.services.notifications.posting import (
    a_reported_repair,
    claimed,
    deliver_all,
    mail,
    make_due,
)
from tests.services.notifications.reading import listed
from tests.services.repairs.reporting import zulu

MIGRATION = import_module("services.notifications.migrations.versions.0008_letters")
HAZARD = {"hazard": "carbon-monoxide", "severity": "emergency"}
STAFF = ["repairs-department@council.example", "repairs-manager@council.example"]


async def five_days_late(resources: AppState, repairs: httpx.AsyncClient, callers: Callers) -> str:
    """A priority 1 repair with an emergency hazard, received five days after it was reported."""
    reference = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", hazard=HAZARD, received_at=zulu(ago(days=5))
    )
    await swept(resources)
    return reference


def to(letters: list[EmailMessage], *addresses: str) -> EmailMessage:
    """The one letter to exactly these."""
    (letter,) = [
        letter for letter in letters if [one.addr_spec for one in letter["To"].addresses] == [*addresses]
    ]
    return letter


def said(letter: EmailMessage) -> list[str]:
    return [line for line in letter.get_content().splitlines() if line]


@pytest.mark.usefixtures("owner")
async def test_a_repair_five_days_late_and_then_completed_writes_four_letters(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """What is owed leaves in two letters, and what the completion met is taken back in two more."""
    reference = await five_days_late(resources, repairs, callers)
    assert await deliver_all(resources) == 15
    late = mail(resources)
    assert len(late) == 2
    resident, staff = said(to(late, "sam@example.org")), to(late, *STAFF)
    assert staff["Subject"] == f"Emergency: {reference}"
    assert resident[0] == "Thank you for telling us."
    assert sum("You now have the right to repair." in line for line in resident) == 1
    overdue = [line for line in said(staff) if line.startswith("- By ")]
    assert len(overdue) == 3  # in four hours, in a day, and by the next working day
    assert "within 4 hours. We will finish an emergency repair within 4 hours." in overdue[0]

    await completed(resources, repairs, callers, reference, days=4, hours=23)
    assert await deliver_all(resources) == 9 + 2 + 1  # withdrawals, two rings stood down, the completion
    after = [letter for letter in mail(resources) if letter["Message-ID"] not in ids(late)]
    assert len(after) == 2
    assert to(after, "sam@example.org")["Subject"] == f"A correction to our letter: {reference}"
    assert to(after, *STAFF)["Subject"] == f"Stand down: {reference}"
    assert sum(line.startswith("- By ") for line in said(to(after, *STAFF))) == 3
    told = await notices(resources, reference)
    assert len({notice.sent_with for notice in told}) == len(mail(resources)) == 4


def ids(letters: list[EmailMessage]) -> set[str]:
    return {letter["Message-ID"] for letter in letters}


@pytest.mark.usefixtures("owner")
async def test_each_rung_keeps_its_notice_which_names_the_letter(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """At most once for each rung of each deadline and audience, and where it was told is known."""
    reference = await five_days_late(resources, repairs, callers)
    shown = await listed(notifications, "/v1/notices", callers.officer(), reference=reference)
    assert {notice["sent_with"] for notice in shown} == {None}
    await deliver_all(resources)
    shown = await listed(notifications, "/v1/notices", callers.officer(), reference=reference)
    rungs = Counter((notice["standard"], notice["kind"], notice["audience"]) for notice in shown)
    assert {count for rung, count in rungs.items() if rung[0]} == {1}
    assert Counter(notice["kind"] for notice in shown) == {
        "acknowledgement": 1,
        "emergency": 2,
        "hazard": 1,
        "breach": 6,
        "escalation": 5,
    }
    by_letter = {
        letter: {notice["audience"] for notice in shown if notice["sent_with"] == letter}
        for letter in {notice["sent_with"] for notice in shown}
    }
    assert sorted(by_letter.values(), key=len) == [{"resident"}, {"department", "manager"}]


@pytest.mark.usefixtures("owner")
async def test_an_unsafe_residents_letter_is_one_too(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It goes to the department, apart from their own: what must not be forwarded stays by itself."""
    contact: dict[str, Any] = {"name": "Sam Jones", "email": "sam@example.org", "safe_to_contact": False}
    await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(days=5)), contact=contact
    )
    await swept(resources)
    await deliver_all(resources)
    unsafe = to(mail(resources), STAFF[0])
    assert unsafe["Subject"].startswith("Do not write to the resident")
    assert "> We are sorry. We had to do this by " in unsafe.get_content()
    assert len(mail(resources)) == 2


async def test_an_outage_is_caught_up_by_one_letter(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, owner: Line
) -> None:
    """The owner was away as the letters were tried; what comes meanwhile takes along what is still true."""
    reference = await a_reported_repair(
        resources, repairs, callers, fault="loss-of-gas", received_at=zulu(ago(hours=3, minutes=30))
    )
    await swept(resources)
    owner.is_cut = True
    assert await deliver_all(resources) > 0
    owner.is_cut = False
    assert {notice.sent_with for notice in await notices(resources, reference)} == {None}
    await completed(resources, repairs, callers, reference)
    await make_due(resources)
    await deliver_all(resources)
    (letter,) = mail(resources)
    assert letter["Subject"].startswith("Your repair is done")


@pytest.mark.usefixtures("owner")
async def test_a_letter_that_may_have_left_is_sent_again_as_the_same_one(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A worker died between sending and noting: what is owed since waits, and goes in a letter after it."""
    await a_reported_repair(resources, repairs, callers)
    taken = await claimed(resources)  # and the process is killed before anything is noted
    (letter,) = {notice.sent_with for notice in taken}
    await close(resources, *next_working_days(resources))
    assert await claimed(resources) == []
    await make_due(resources)
    again = await claimed(resources)
    assert {notice.sent_with for notice in again} == {letter}
    assert {notice.id for notice in again} == {notice.id for notice in taken}


@pytest.mark.usefixtures("owner")
async def test_what_was_done_late_takes_nothing_back(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The promises were broken, and stay so; told is that it is done, and that nobody needs to go out."""
    reference = await five_days_late(resources, repairs, callers)
    await deliver_all(resources)
    await completed(resources, repairs, callers, reference)
    assert await deliver_all(resources) == 2 + 1
    told = await notices(resources, reference)
    assert Kind.WITHDRAWAL not in {notice.kind for notice in told}
    assert {notice.status for notice in told} == {Delivery.SENT}


@pytest.mark.usefixtures("owner")
async def test_notices_of_before_letters_were_shared_stay_readable(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Each was a letter of its own; one that was tried may have left, and is tried again by itself."""
    reference = await five_days_late(resources, repairs, callers)
    await deliver_all(resources)
    before = {"sent_with": None, "status": Delivery.SENT}
    in_hand = {**before, "status": Delivery.PENDING, "sent_at": None}
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).values(before))
        await session.execute(update(Notice).where(Notice.kind == Kind.ESCALATION).values(in_hand))
        await session.execute(text(MIGRATION.LETTERS_SENT_BEFORE))
    shown = await listed(notifications, "/v1/notices", callers.officer(), reference=reference)
    sent = [notice for notice in shown if notice["status"] == "sent"]
    assert all(notice["sent_with"] == notice["id"] for notice in sent)
    await make_due(resources)
    again = await claimed(resources)
    assert {notice.kind for notice in again} == {Kind.ESCALATION}
    assert all(notice.sent_with == notice.id for notice in again)
