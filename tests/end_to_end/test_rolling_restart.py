"""Everything is restarted under load, and nobody outside can tell."""

import signal
from pathlib import Path

from tests.end_to_end.deployment import Deployment
from tests.end_to_end.restarting import DONE, EXPECTED, RESTART_SECONDS, load, restart_everything
from tests.support.eventually import eventually


async def test_everything_is_restarted_and_no_request_fails(deployment: Deployment, tmp_path: Path) -> None:
    """Every process is another one, and each request was answered, though none may be sent twice."""
    await deployment.until_well()
    restart = await restart_everything(deployment, tmp_path)
    assert DONE in restart.said, restart.said
    assert not restart.failures, restart.outcomes
    assert restart.outcomes.keys() == EXPECTED
    assert restart.after.keys() == restart.before.keys()
    assert not restart.not_replaced


async def test_a_service_that_is_told_to_end_is_followed_without_a_request_lost(
    deployment: Deployment,
) -> None:
    """SIGTERM from somebody else: it serves on until the next is ready, and ends then."""
    house = await deployment.until_well()
    last = deployment.process_of("services.repairs.main:app")
    async with load(house) as outcomes:
        last.send_signal(signal.SIGTERM)
        await eventually(lambda: not last.is_running(), RESTART_SECONDS)
    assert outcomes.keys() == EXPECTED, outcomes
