"""Messages as officers see them: what there is to be said, and how it would be said about a case now."""

from typing import Any

import httpx
import pytest

from services.notifications.notices.rows import messages_of
from shared.app_state import AppState
from tests.services.callers import Callers, Headers
from tests.services.lines import Line
from tests.services.notifications.consuming import Case, ago, consume, swept
from tests.services.notifications.posting import a_reported_repair, deliver_all, mail
from tests.services.notifications.reading import read
from tests.services.repairs.reporting import REPORT, zulu

ACKNOWLEDGED = "repairs.repair-reported.acknowledgement.resident"
OVERDUE = "breach.department-handler-manager"
MOBILE = {"name": "Zoë O’Brien", "phone": "07700 900123"}


async def asked(client: httpx.AsyncClient, headers: Headers, id: str, reference: str) -> tuple[int, Any]:
    answer = await client.get(f"/v1/messages/{id}/preview", params={"reference": reference}, headers=headers)
    return answer.status_code, answer.json()


async def test_every_message_is_listed_with_its_versions(
    resources: AppState, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """By one id each; residents need not know of those for staff."""
    items = (await read(notifications, "/v1/messages", callers.officer()))["items"]
    assert len({item["id"] for item in items}) == len(items) > 0
    assert {item["id"] for item in items} == {*messages_of(resources.settings.directory).by_id}
    assert all(len(version["version"]) == 12 for item in items for version in item["versions"])
    assert all(item["versions"][0]["language"] == "en" for item in items)
    refused = await notifications.get("/v1/messages", headers=callers.resident())
    assert refused.status_code == 403


@pytest.mark.usefixtures("owner")
async def test_a_preview_is_the_letter_that_leaves(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Word for word; nothing is sent by it, and nothing owed."""
    reference = await a_reported_repair(resources, repairs, callers)
    status, shown = await asked(notifications, callers.officer(), ACKNOWLEDGED, reference.lower())
    assert (status, shown["message"], shown["audience"]) == (200, ACKNOWLEDGED, "resident")
    assert mail(resources) == []
    assert await deliver_all(resources) == 1
    (letter,) = mail(resources)
    assert shown["letters"] == [
        {
            "form": "email",
            "subject": letter["Subject"],
            "text": letter.get_content().replace("\r\n", "\n").rstrip("\n"),
            "text_parts": None,
        }
    ]


@pytest.mark.usefixtures("owner")
async def test_a_preview_of_a_text_says_in_how_many_parts(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """It names no home, and is in the alphabet that costs least."""
    reference = await a_reported_repair(resources, repairs, callers, contact=MOBILE)
    _, shown = await asked(notifications, callers.officer(), ACKNOWLEDGED, reference)
    (text,) = shown["letters"]
    assert (text["form"], text["text_parts"]) == ("text", 3)
    assert REPORT["property"]["address"] not in text["text"]


@pytest.mark.usefixtures("owner")
async def test_a_preview_says_where_the_resident_must_not_be_written_to(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """It is the department's letter that would leave."""
    contact = {**REPORT["contact"], "safe_to_contact": False}
    reference = await a_reported_repair(resources, repairs, callers, contact=contact)
    _, shown = await asked(notifications, callers.officer(), ACKNOWLEDGED, reference)
    (letter,) = shown["letters"]
    assert letter["subject"] == f"Do not write to the resident: {reference}"


@pytest.mark.usefixtures("owner")
async def test_what_cannot_be_said_about_a_case_is_refused_with_the_reason(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Nothing has happened that it is about, or nothing is promised."""
    reference = await a_reported_repair(resources, repairs, callers)
    status, problem = await asked(
        notifications, callers.officer(), "repairs.repair-completed.completed.resident", reference
    )
    assert status == 422
    assert problem["errors"] == [
        {
            "pointer": "/reference",
            "detail": "Nothing has happened in this case that the message is about.",
        }
    ]
    status, shown = await asked(notifications, callers.officer(), OVERDUE, reference)
    assert (status, shown["audience"]) == (200, "department")


@pytest.mark.usefixtures("owner")
async def test_a_case_that_an_officer_does_not_work_is_not_there(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """By department, scope and team, in the same words as an unknown one; nor is an unknown message."""
    known = await a_reported_repair(resources, repairs, callers)
    case = Case("CAS")
    opened = {"department": "asb", "resident": "sam", "needs_scope": "asb", "team": ["officer-9"]}
    case.event("asb.case-opened", ago(days=1), priority=2, kept_from=[], imported=False, **opened)
    await consume(resources, *case.history)
    theirs = "asb.case-opened.acknowledgement.resident"
    answers = [
        await asked(notifications, callers.officer("complaints"), ACKNOWLEDGED, known),
        await asked(notifications, callers.officer(), ACKNOWLEDGED, "REP-7K3M-Q9TX"),
        await asked(notifications, callers.officer("asb"), theirs, case.reference),
        await asked(notifications, callers.officer("asb", scopes=["asb"]), theirs, case.reference),
    ]
    assert {status for status, _ in answers} == {404}
    assert len({str(problem["detail"]) for _, problem in answers}) == 1
    assert (await asked(notifications, callers.officer(), "no.such", known))[0] == 404


async def test_a_preview_waits_for_no_owner_who_is_away(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    notifications: httpx.AsyncClient,
    owner: Line,
) -> None:
    """It is asked for again later."""
    reference = await a_reported_repair(resources, repairs, callers, received_at=zulu(ago(days=60)))
    await swept(resources)
    owner.is_cut = True
    assert (await asked(notifications, callers.officer(), OVERDUE, reference))[0] == 503
