"""The clock of these tests is one and the same, wherever a service asks for the time."""

from datetime import timedelta

from sqlalchemy import func, select

from shared.app_state import AppState
from shared.clock import Clock
from shared.db.transaction import transaction
from tests.services.notifications.consuming import ago, consume, emergency, notices

MOMENTS = timedelta(minutes=1)


async def test_a_service_and_its_database_show_the_hour_of_the_test(
    resources: AppState, clock: Clock
) -> None:
    """Asked for outright, and where a column has it by default."""
    case = emergency(ago(minutes=5))
    await consume(resources, *case.history)
    created = [notice.created_at for notice in await notices(resources, case.reference)]
    async with transaction(resources.database) as session:
        shown = (await session.execute(select(func.now(), func.clock_timestamp()))).one()
    for instant in (resources.clock(), *shown, *created):
        assert abs(instant - clock()) < MOMENTS
