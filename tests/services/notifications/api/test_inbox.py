"""Inboxes: what officers and residents were sent, as it was sent."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, update

from services.notifications.models import Notice, SentLetter
from services.notifications.notices.queries import sent
from shared import housekeeping
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.notifications.consuming import Case, ago, consume, notices, swept
from tests.services.notifications.posting import a_reported_repair, deliver_all, mail
from tests.services.notifications.reading import listed, read
from tests.services.repairs.reporting import REPORT, zulu

INBOX = "/v1/me/notices"


def resident_words(resources: AppState) -> str:
    (letter,) = [letter for letter in mail(resources) if letter["To"] == "Sam Jones <sam@example.org>"]
    return str(letter.get_content()).replace("\r\n", "\n").rstrip("\n")


@pytest.mark.usefixtures("owner")
async def test_a_resident_reads_their_letters_as_they_were_sent(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Word for word, with the version of the message; nobody else's, and nothing that staff were told."""
    reference = await a_reported_repair(resources, repairs, callers)
    assert await listed(notifications, INBOX, callers.resident()) == []
    await deliver_all(resources)
    (item,) = await listed(notifications, INBOX, callers.resident())
    assert (item["reference"], item["kind"], item["audience"]) == (reference, "acknowledgement", "resident")
    assert item["subject"] == f"We have your report: {reference}"
    assert item["text"] == resident_words(resources)
    assert item["message"] == "repairs.repair-reported.acknowledgement.resident"
    messages = await read(notifications, "/v1/messages", callers.officer())
    (known,) = [row for row in messages["items"] if row["id"] == item["message"]]
    assert item["message_version"] == known["versions"][0]["version"]
    assert await listed(notifications, INBOX, callers.resident("bo")) == []


@pytest.mark.usefixtures("owner")
async def test_an_officer_reads_what_their_department_was_told(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Page by page, the latest first; a manager also what managers are told; no resident's letter."""
    for _ in range(2):
        await a_reported_repair(resources, repairs, callers, received_at=zulu(ago(days=80)))
    await swept(resources)
    await deliver_all(resources)
    seen = await listed(notifications, INBOX, callers.officer(), limit=1)
    assert {item["audience"] for item in seen} == {"department"}
    assert len({item["id"] for item in seen}) == len(seen) >= 2
    assert [item["sent_at"] for item in seen] == sorted((item["sent_at"] for item in seen), reverse=True)
    assert all(item["text"].count("Case: REP-") == 1 for item in seen)
    as_manager = await listed(notifications, INBOX, callers.officer(scopes=["manager"]))
    assert {item["audience"] for item in as_manager} == {"department", "manager"}
    assert await listed(notifications, INBOX, callers.officer("complaints")) == []


@pytest.mark.usefixtures("owner")
async def test_nothing_of_a_case_that_has_become_unsafe_is_in_a_residents_inbox(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
) -> None:
    """Whoever reads over a victim's shoulder reads nothing that was sent before it was known, either."""
    reference = await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    (item,) = await listed(notifications, INBOX, callers.resident())
    path = f"/v1/repairs/{reference}/contact"
    answer = await repairs.post(path, json={"safe_to_contact": False}, headers=callers.officer())
    assert answer.status_code == 201
    assert await listed(notifications, INBOX, callers.resident()) == []
    marked = await notifications.post(f"{INBOX}/{item['id']}/reading", headers=callers.resident(), json={})
    assert marked.status_code == 404


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(("agreed", "shown"), [(["letter"], 0), (["letter", "online"], 1)])
async def test_what_is_safe_by_post_alone_is_in_no_inbox(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    agreed: list[str],
    shown: int,
) -> None:
    """It leaves by post, though they prefer emails; where online is safe, an email may say so too."""
    contact = {**REPORT["contact"], "preferred_channel": "email", "safe_channels": agreed}
    await a_reported_repair(resources, repairs, callers, contact=contact)
    await deliver_all(resources)
    [letter] = mail(resources)
    assert letter["X-Postal-Address"] == (None if shown else contact["address"])
    assert len(await listed(notifications, INBOX, callers.resident())) == shown


async def test_an_owner_who_is_away_is_named(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    owner: Line,
) -> None:
    """Nobody can say if it is still safe to show it, so it is not shown, and the page says why."""
    await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    owner.is_cut = True
    page = await read(notifications, INBOX, callers.resident())
    assert (page["items"], page["unavailable"]) == ([], ["repairs"])


@pytest.mark.usefixtures("owner")
async def test_a_letter_to_whom_it_is_not_safe_to_write_is_the_departments(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """It was told to the department in the resident's place."""
    contact: dict[str, Any] = {**REPORT["contact"], "safe_to_contact": False}
    await a_reported_repair(resources, repairs, callers, contact=contact)
    await deliver_all(resources)
    assert await listed(notifications, INBOX, callers.resident()) == []
    (item,) = await listed(notifications, INBOX, callers.officer())
    assert item["audience"] == "department"
    assert REPORT["contact"]["email"] not in item["text"]


async def test_a_guarded_case_is_in_no_residents_inbox_and_none_of_its_words_are_kept(
    resources: AppState, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Officers see that something was sent by scope and team; what it said stays with the case's owner."""
    case = Case("CAS")
    opened = {"department": "asb", "resident": "sam", "needs_scope": "asb", "team": ["officer-7"]}
    case.event("asb.case-opened", ago(days=1), priority=2, kept_from=[], imported=False, **opened)
    await consume(resources, *case.history)
    told = await notices(resources, case.reference)
    await as_if_sent(resources, case.reference)
    assert {notice.audience for notice in told} == {"resident"}
    assert await listed(notifications, INBOX, callers.resident()) == []
    own = callers.officer("asb", scopes=["asb"])
    assert [item["text"] for item in await listed(notifications, INBOX, own)] == [None]
    assert await listed(notifications, INBOX, callers.officer("asb")) == []
    stranger = callers.named_officer("officer-8", "asb", scopes=["asb"])
    assert await listed(notifications, INBOX, stranger) == []


async def as_if_sent(resources: AppState, reference: str) -> None:
    """Note that what is owed about a case reached its department."""
    async with transaction(resources.database) as session:
        sent_now = update(Notice).where(Notice.reference == reference)
        await session.execute(sent_now.values(status="sent", sent_at=func.now(), told="department"))


@pytest.mark.usefixtures("owner")
async def test_what_was_read_is_marked_for_whoever_read_it(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Once: a second time changes nothing; and nobody marks what they were not sent."""
    await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    (item,) = await listed(notifications, INBOX, callers.resident())
    assert item["read_at"] is None
    path = f"{INBOX}/{item['id']}/reading"
    first = await notifications.post(path, headers=callers.resident(), json={})
    again = await notifications.post(path, headers=callers.resident(), json={})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["read_at"] == again.json()["read_at"] is not None
    (item,) = await listed(notifications, INBOX, callers.resident())
    assert item["read_at"] == first.json()["read_at"]
    other = await notifications.post(path, headers=callers.resident("bo"), json={})
    assert other.status_code == 404


@pytest.mark.usefixtures("owner")
async def test_a_letter_is_kept_until_its_retention_ends(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Then its words go; that somebody was told stays, with the digest of the words."""
    await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    kept_for = resources.settings.letters_kept_days
    await aged(resources, days=kept_for - 0.1)
    await housekeeping.do(resources, [sent.forget])
    (item,) = await listed(notifications, INBOX, callers.resident())
    assert item["text"]
    await aged(resources, days=0.2)
    await housekeeping.do(resources, [sent.forget])
    (item,) = await listed(notifications, INBOX, callers.resident())
    assert item["text"] is None
    assert item["message_version"]


async def aged(resources: AppState, days: float) -> None:
    """Make every letter that was kept so much older."""
    async with transaction(resources.database) as session:
        older = SentLetter.sent_at - timedelta(days=days)
        await session.execute(update(SentLetter).values(sent_at=older))
