"""Notices as they were sent: officers who work a case read what its people were told, and of which dates."""

import httpx
import pytest

from shared.app_state import AppState
from tests.services.callers import Callers
from tests.services.complaints.complaining import UNDERSTOOD, Team
from tests.services.lines import Line
from tests.services.notifications.consuming import consume_history
from tests.services.notifications.letters import close, next_working_days
from tests.services.notifications.posting import a_reported_repair, deliver_all, make_due
from tests.services.notifications.reading import listed, read

pytestmark = pytest.mark.usefixtures("owner")


async def test_an_officer_reads_the_letter_that_a_resident_was_sent(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Word for word; officers of other departments find nothing, and what has not left has no words."""
    reference = await a_reported_repair(resources, repairs, callers)
    officer = callers.officer()
    (owed,) = await listed(notifications, "/v1/notices", officer, reference=reference)
    assert owed["words_kept"] is False
    path = f"/v1/notices/{owed['id']}/words"
    assert (await notifications.get(path, headers=officer)).status_code == 404
    await deliver_all(resources)
    (left,) = await listed(notifications, "/v1/notices", officer, reference=reference)
    timeline = await read(notifications, f"/v1/cases/{reference}/timeline", officer)
    assert [left["words_kept"]] == [
        entry["notice"]["words_kept"] for entry in timeline["entries"] if entry["notice"]
    ]
    said = await read(notifications, path, officer)
    (own,) = await listed(notifications, "/v1/me/notices", callers.resident())
    assert (said["subject"], said["text"], said["audience"]) == (own["subject"], own["text"], "resident")
    assert (owed["form"], left["form"], said["form"], own["form"]) == (None, *["email"] * 3)
    other = await notifications.get(path, headers=callers.officer("complaints"))
    assert other.status_code == 404
    assert (await notifications.get(path, headers=callers.resident())).status_code == 403


async def test_a_letter_that_its_owner_keeps_is_read_there(
    resources: AppState,
    team: Team,
    notifications: httpx.AsyncClient,
    callers: Callers,
    inside: dict[str, Line],
) -> None:
    """While the owner is away it is unavailable, not gone; and its new date counts as told."""
    reference = await team.complain(team.resident)
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await team.act("extension", reference, reason="Many issues.", working_days=5)
    await consume_history(resources, reference, "complaints")
    while await deliver_all(resources):
        pass
    officer = callers.officer("complaints")
    told = await listed(notifications, "/v1/notices", officer, reference=reference)
    (extended,) = [each for each in told if each["kind"] == "extended"]
    assert extended["words_kept"] is True
    path = f"/v1/notices/{extended['id']}/words"
    said = await read(notifications, path, officer)
    assert said["text"] == (await team.letter(reference, "extension"))["text"]
    answer = await read(notifications, f"/v1/cases/{reference}/deadlines", officer)
    moves = [move for row in answer["deadlines"] for move in row["working"]["moved"]]
    assert {move["told_at"] for move in moves} == {said["sent_at"]}
    inside[resources.settings.service_url("complaints")].is_cut = True
    assert (await notifications.get(path, headers=officer)).status_code == 503


async def test_a_new_date_counts_as_told_once_its_letter_has_left(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Until then the move says that its resident was not told."""
    reference = await a_reported_repair(resources, repairs, callers)
    await deliver_all(resources)
    await close(resources, *next_working_days(resources))

    async def told() -> set[bool]:
        answer = await read(notifications, f"/v1/cases/{reference}/deadlines", callers.officer())
        moves = [move for row in answer["deadlines"] for move in row["working"]["moved"]]
        assert moves
        return {move["told_at"] is not None for move in moves}

    assert await told() == {False}
    await make_due(resources)
    await deliver_all(resources)
    assert await told() == {True}
