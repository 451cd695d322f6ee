"""What all cases have in common: the dates promised, as the case's history stands at that moment."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from services.repairs.events import AccessRefused, RepairCompleted, RepairReported
from shared.app_state import AppState, open_app_state
from shared.casework import act_now, following, promised
from shared.db.transaction import savepoint, transaction
from shared.messaging.local import LocalBroker
from shared.messaging.outbox import record
from shared.settings import Settings
from tests.shared.messaging.facts import NOW, Case


@pytest.fixture
async def resources(database_for: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[AppState]:
    settings = Settings(database_urls={"repairs": await database_for("repairs")})
    resources = open_app_state("repairs", settings, broker=LocalBroker(tmp_path))
    yield resources
    await resources.close()


async def test_what_a_failed_savepoint_takes_back_promises_and_keeps_nothing(resources: AppState) -> None:
    """Of a batch one item is refused after its date was worked out; the next one's is worked out anew."""
    case = Case("REP-7K3M-Q9TX")
    reported = RepairReported(
        priority=1, fault="loss-of-gas", department="repairs", channel="online", imported=False
    )

    async with transaction(resources.database) as session:

        async def is_kept() -> bool:
            promises = (await promised(session, resources, [case.reference]))[case.reference]
            return any(promise.met_at is not None for promise in promises)

        record(session, case, reported, occurred_at=NOW, now=NOW)
        assert not await is_kept()
        with suppress(RuntimeError):
            async with savepoint(session):
                done = RepairCompleted(clean_and_tidy=True, identification_shown=True)
                record(session, case, done, occurred_at=NOW, now=NOW)
                assert await is_kept()
                raise RuntimeError("the item was refused")
        case.version = 1  # as the row has it again
        record(session, case, AccessRefused(), occurred_at=NOW, now=NOW)
        assert not await is_kept()


def test_what_follows_a_fact_is_dated_now_or_right_after_it() -> None:
    """A clock that was put back tells a time from before the fact."""
    assert following(NOW, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert following(NOW, NOW) == NOW
    assert following(NOW, NOW - timedelta(hours=2)) == NOW + timedelta(microseconds=1)


async def test_an_act_follows_what_its_own_transaction_recorded(resources: AppState) -> None:
    """Of a batch, the second update of a case comes after the first."""
    case = Case("REP-7K3M-Q9TX")
    async with transaction(resources.database) as session:
        assert await act_now(session, case, NOW) == NOW
        record(session, case, AccessRefused(), occurred_at=NOW + timedelta(hours=2), now=NOW)
        assert await act_now(session, case, NOW) > NOW + timedelta(hours=2)
