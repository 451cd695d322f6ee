"""Sites to which offensive graffiti came again and again, shown to the anti-social behaviour team."""

from datetime import timedelta

from services.estates.events import Referee
from services.estates.policy import DEPARTMENT
from services.estates.queries import issues as queries
from services.estates.schemas.rounds import RepeatedGraffiti, RepeatedGraffitiOut
from shared.errors import Forbidden
from shared.work import UnitOfWork

SHOWN_TO = frozenset({DEPARTMENT, str(Referee.ASB)})


async def repeated_graffiti(work: UnitOfWork) -> RepeatedGraffitiOut:
    """The sites where it came as often as the settings say, and in as many days; the latest first.

    Raises Forbidden for an officer of a department that has nothing to do with it.
    """
    if SHOWN_TO.isdisjoint(work.caller.departments):
        raise Forbidden("This is for the estates and the anti-social behaviour teams.")
    settings = work.state.settings
    times, days = settings.offensive_graffiti_times, settings.offensive_graffiti_within_days
    found = await queries.repeated_graffiti(work, work.now - timedelta(days=days), times)
    items = [
        RepeatedGraffiti(
            site=site.reference,
            name=site.name,
            address=site.address,
            times=count,
            latest_at=latest_at,
            issues=issues,
        )
        for site, count, latest_at, issues in found
    ]
    return RepeatedGraffitiOut(times=times, within_days=days, items=items)
