"""A drill: the owner's database is restored from a backup, and gives the places of lost events to others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import update

from services.notifications.intake.service import take_over
from services.notifications.main import SERVICE as NOTIFICATIONS
from services.notifications.models import CaseEvent, Notice
from services.notifications.policy import Delivery, Finding, Kind
from services.notifications.reconciliation import nightly, refetch
from services.notifications.reconciliation.nightly import reconcile
from shared.app import worker_jobs
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.settings import Settings
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.notifications.consuming import ago, consume, emergency, notices, swept
from tests.services.notifications.reconciliation.drills import (
    REPAIRS_ALONE,
    Drill,
    agree,
    case,
    received,
    watched,
)
from tests.services.repairs.reporting import zulu
from tests.support.eventually import eventually
from tests.support.postgres import Databases

DONE = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
DANGER = {"priority": 1, "reason": "The ceiling is about to come down."}
WHY = {"reason": "It was a mistake."}


@pytest.fixture
async def drill(
    _databases: Databases,
    database_for: Callable[[str], Awaitable[str]],
    owner: Line,
    resources: AppState,
    settings: Settings,
    callers: Callers,
    inside: dict[str, Line],
) -> AsyncIterator[Drill]:
    """An owner with a database of its own, away until a test runs it, and notifications listening to it."""
    owner.is_cut = True
    resources.settings = resources.settings.model_copy(update=REPAIRS_ALONE)
    url = await database_for("repairs")
    listening = asyncio.ensure_future(worker_jobs(NOTIFICATIONS, resources)["consumer"](resources))
    drill = Drill(_databases, url, resources, settings, callers, inside)
    yield drill
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    for made in drill.made:
        await _databases.drop(made)


def conflicts() -> float:
    return REGISTRY.get_sample_value("event_conflicts_total", {"service": "repairs"}) or 0


def found(missing: list[dict[str, Any]]) -> dict[str, str]:
    """By reference, what a reconciliation found."""
    return {finding["reference"]: finding["finding"] for finding in missing}


async def test_an_older_database_is_restored_and_both_agree_in_the_end(
    drill: Drill, resources: AppState, caplog: pytest.LogCaptureFixture
) -> None:
    """Cases that went on since, ended since, began since, and one that nothing happened to."""
    async with drill.owner() as owner:
        quiet, raised, ended, goes_on = [await owner.report() for _ in range(4)]
        await owner.act(goes_on, "assignment", contractor="Fixit")
        await owner.told()
    backup = await drill.backup()

    async with drill.owner() as owner:
        await owner.act(raised, "priority", **DANGER)
        await owner.act(raised, "updates", type="made_safe")
        await owner.act(ended, "updates", **DONE)
        await owner.act(goes_on, "updates", type="accepted")
        since = await owner.report(fault="loss-of-gas", received_at=zulu(ago(hours=5)))
        await owner.told()
        await agree(resources, owner, quiet, raised, ended, goes_on, since)
    drill.restore(backup)

    before = conflicts()
    async with drill.owner() as owner:
        await owner.act(raised, "cancellation", **WHY)
        for update_type in ("en_route", "attended", "no_access"):
            await owner.act(goes_on, "updates", type=update_type)
        await owner.told()
        assert conflicts() == before + 2
        alarms = [record for record in caplog.records if "in this one's place" in record.message]
        assert {(alarm.levelname, alarm.__dict__["reference"]) for alarm in alarms} == {
            ("ERROR", raised),
            ("ERROR", goes_on),
        }
        assert await refetch.settle_disputes(resources)
        await agree(resources, owner, quiet, raised, goes_on)

        done = await reconcile(resources)
        assert found(done.missing) == {
            ended: Finding.HISTORIES_DIFFER,
            since: Finding.UNKNOWN_TO_ITS_OWNER,
        }
        await agree(resources, owner, quiet, raised, ended, goes_on)
        assert await watched(resources, since) == set()
        assert (await case(resources, since)).lost_at is not None
        assert await swept(resources) == 0
        assert (await reconcile(resources)).missing == []


async def test_what_cannot_be_refetched_now_is_refetched_when_its_owner_is_back(
    drill: Drill, resources: AppState, monkeypatch: pytest.MonkeyPatch, notifications: httpx.AsyncClient
) -> None:
    """The doubt is stored with the message that raised it, shown in the status, and settled by a worker."""
    async with drill.owner() as owner:
        reference = await owner.report()
        await owner.told()
    backup = await drill.backup()
    async with drill.owner() as owner:
        await owner.act(reference, "updates", type="accepted")
        await owner.told()
    drill.restore(backup)
    async with drill.owner() as owner:
        await owner.act(reference, "assignment", contractor="Fixit")
        await owner.told()
    assert not await refetch.settle_disputes(resources)
    assert (await case(resources, reference)).disputed_at is not None
    assert (await notifications.get("/internal/status")).json()["disputed_cases"] == 1

    working = asyncio.create_task(nightly.run(resources, nightly.Pace(owner_away_seconds=0.1)))
    async with drill.owner() as owner:

        async def settled() -> bool:
            return (await case(resources, reference)).disputed_at is None

        await eventually(settled)
        await agree(resources, owner, reference)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


async def test_equally_many_other_events_are_told_apart(drill: Drill, resources: AppState) -> None:
    """None of the new ones ever arrived: the counts agree, and the reconciliation compares ids."""
    async with drill.owner() as owner:
        reference = await owner.report()
        await owner.act(reference, "assignment", contractor="Fixit")
        await owner.told()
        async with transaction(resources.database) as session:
            await session.execute(update(CaseEvent).where(CaseEvent.sequence == 1).values(id=uuid4()))
        assert len(await received(resources, reference)) == len(await owner.ids(reference))
        assert found((await reconcile(resources)).missing) == {reference: Finding.HISTORIES_DIFFER}
        await agree(resources, owner, reference)
        assert (await reconcile(resources)).missing == []


async def test_the_end_of_a_case_that_never_arrived_is_found(drill: Drill, resources: AppState) -> None:
    """The owner has it open no more, and so it was in no list; here it was rung about for ever."""
    async with drill.owner() as owner:
        reference = await owner.report()
        await owner.act(reference, "updates", **DONE)
        await owner.told()
        async with transaction(resources.database) as session:
            last = await session.get_one(CaseEvent, (reference, len(await owner.ids(reference))))
            await session.delete(last)
        assert found((await reconcile(resources)).missing) == {reference: Finding.EVENTS_MISSING}
        await agree(resources, owner, reference)


async def test_notices_sent_in_error_are_withdrawn(drill: Drill, resources: AppState) -> None:
    """A breach of a raise that the owner lost is taken back; what was not sent yet never is."""
    async with drill.owner() as owner:
        reference = await owner.report(received_at=zulu(ago(days=1)))
        await owner.told()
    backup = await drill.backup()
    async with drill.owner() as owner:
        await owner.act(reference, "priority", occurred_at=zulu(ago(hours=5)), **DANGER)
        await owner.told()
    assert await swept(resources) > 0
    async with transaction(resources.database) as session:
        breaches = update(Notice).where(Notice.kind == Kind.BREACH)
        await session.execute(breaches.values(status=Delivery.SENT, sent_at=ago(minutes=1)))
    drill.restore(backup)
    async with drill.owner() as owner:
        await owner.act(reference, "updates", type="accepted")
        await owner.told()
        assert await refetch.settle_disputes(resources)
        await agree(resources, owner, reference)
    told = {(notice.kind, notice.status) for notice in await notices(resources, reference)}
    assert (Kind.BREACH, Delivery.SENT) not in told
    assert (Kind.WITHDRAWAL, Delivery.PENDING) in told
    assert ("emergency", Delivery.WITHDRAWN) in told
    assert ("acknowledgement", Delivery.PENDING) in told


async def test_nothing_is_lost_because_its_owner_is_away_or_it_is_young(
    drill: Drill, resources: AppState
) -> None:
    """Only an owner that answers, about a case that it must have written down long ago, can lose one."""
    unknown, watching = emergency(ago(minutes=5)), resources.settings
    await consume(resources, *unknown.history)
    done = await reconcile(resources)
    assert (done.missing, done.unasked) == ([], ["repairs"])
    assert await watched(resources, unknown.reference)
    async with drill.owner():
        resources.settings = watching.model_copy(update={"reconcile_after_seconds": 600.0})
        assert (await reconcile(resources)).missing == []
        assert await watched(resources, unknown.reference)
        resources.settings = watching
        assert found((await reconcile(resources)).missing) == {
            unknown.reference: Finding.UNKNOWN_TO_ITS_OWNER
        }
    assert not await watched(resources, unknown.reference)
    await consume(resources, unknown.event("repairs.repair-accepted", ago(minutes=1)))
    assert await watched(resources, unknown.reference), "it is there after all"
    assert (await case(resources, unknown.reference)).lost_at is None


async def test_a_wrong_database_costs_nothing_once_the_right_one_is_back(
    drill: Drill, resources: AppState
) -> None:
    """Cases that their owner does not know are alarmed once, and promised for again when it knows them."""
    empty, right = await drill.backup(), drill.url
    async with drill.owner() as owner:
        open_, ended = await owner.report(), await owner.report()
        await owner.act(ended, "updates", **DONE)
        await owner.told()
    drill.restore(empty)
    async with drill.owner():
        assert set(found((await reconcile(resources)).missing).values()) == {Finding.UNKNOWN_TO_ITS_OWNER}
        assert (await reconcile(resources)).missing == []
    drill.restore(right)
    async with drill.owner() as owner:
        assert found((await reconcile(resources)).missing).keys() == {open_, ended}
        await agree(resources, owner, open_, ended)
        assert (await reconcile(resources)).missing == []


async def test_the_same_event_heard_again_is_no_conflict(resources: AppState) -> None:
    """Brokers deliver at least once."""
    case_, before = emergency(ago(minutes=5)), conflicts()
    await consume(resources, *case_.history)
    await consume(resources, *case_.history, case_.event("repairs.repair-accepted", ago(minutes=1)))
    assert conflicts() == before
    assert (await case(resources, case_.reference)).disputed_at is None


async def test_what_is_heard_while_its_owner_is_asked_is_kept(resources: AppState) -> None:
    """The owner's answer is of before; neither the newer event nor the newer doubt is lost with it."""
    told = emergency(ago(minutes=5))
    await consume(resources, *told.history)
    of_before = [event.id for event in told.history]
    await consume(resources, told.event("repairs.repair-accepted", ago(minutes=1)))
    await consume(resources, replace(told.history[0], id=uuid4()))
    async with unit_of_work(resources) as work:
        await take_over(work, told.history[:1], of_before, disputed_at=None)
    assert await received(resources, told.reference) == [event.id for event in told.history]
    ours = await case(resources, told.reference)
    assert ours.version == 2
    assert ours.disputed_at is not None
