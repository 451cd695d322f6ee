"""A signing key is withdrawn: whoever holds its tokens is refused, and no notice waits for that."""

import asyncio
from pathlib import Path

import httpx
import pytest

from gateway.keys import KeyRing, main
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.clients.jwks import BELIEVED_SECONDS
from shared.clients.service_client import ServiceClient
from shared.clock import system_clock
from shared.settings import Settings
from tests.services.callers import Callers
from tests.services.lines import CountedLine, Line
from tests.services.notifications.consuming import consume_history, notices
from tests.services.notifications.posting import deliver_all
from tests.services.repairs.reporting import reported
from tests.shared.http.issuing import Watch


@pytest.fixture
def watch() -> Watch:
    """The clock by which services fetch keys."""
    return Watch()


@pytest.fixture
def callers(tmp_path: Path, watch: Watch) -> Callers:
    """Callers with a folder of keys that no other test uses."""
    return Callers(tmp_path / "keys", watch, kept_seconds=0)


def withdraw_the_signer(settings: Settings) -> None:
    """Withdraw it on the command line, as an operator does."""
    folder = settings.signing_keys_folder()
    kid = KeyRing(folder).signer(system_clock()).kid
    assert main(["withdraw", "--folder", str(folder), "--", kid[:8]]) == 0


async def test_tokens_of_a_withdrawn_key_are_refused_half_a_minute_later(
    repairs: httpx.AsyncClient, callers: Callers, settings: Settings, watch: Watch
) -> None:
    """Those that the service has seen before and others; the ones of the new key are believed."""
    seen, unseen = callers.resident(), callers.resident("alex")
    path = f"/v1/repairs/{(await reported(repairs, seen))['reference']}"
    withdraw_the_signer(settings)
    watch.now += BELIEVED_SECONDS
    answers = [await repairs.get(path, headers=given) for given in (seen, unseen, callers.resident())]
    assert [answer.status_code for answer in answers] == [401, 401, 200]


async def test_a_token_signed_right_after_the_withdrawal_is_believed_at_once(
    repairs: httpx.AsyncClient, callers: Callers, settings: Settings
) -> None:
    """The service has only just fetched the keys, and fetches them again for one it does not know."""
    seen = callers.resident()
    path = f"/v1/repairs/{(await reported(repairs, seen))['reference']}"
    withdraw_the_signer(settings)
    answers = [await repairs.get(path, headers=given) for given in (callers.resident(), seen)]
    assert [answer.status_code for answer in answers] == [200, 401]


@pytest.mark.usefixtures("owner")
async def test_notices_leave_at_the_first_try_though_the_services_token_is_refused(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, settings: Settings, watch: Watch
) -> None:
    """It has another token before the answer is noted on any of them."""
    for _ in range(3):
        await consume_history(resources, (await reported(repairs, callers.resident()))["reference"])
    withdraw_the_signer(settings)
    watch.now += BELIEVED_SECONDS
    await deliver_all(resources)
    owed = [notice for notice in await notices(resources) if notice.kind == "acknowledgement"]
    assert [(notice.status, notice.attempts) for notice in owed] == [(Delivery.SENT, 1)] * 3


async def test_all_whose_token_is_refused_share_one_renewal(
    owner: Line, settings: Settings, inside: dict[str, Line], watch: Watch
) -> None:
    """The gateway checks a secret by design slowly; ten questions at once cost it one."""
    to_gateway = CountedLine(inside[settings.gateway_url])
    services = ServiceClient(
        "notifications", settings, {settings.gateway_url: to_gateway, settings.service_url("repairs"): owner}
    )

    async def statuses() -> set[int]:
        questions = (services.get("repairs", "/internal/contacts", reference="REP-1") for _ in range(10))
        return {answer.status_code for answer in await asyncio.gather(*questions)}

    assert await statuses() == {200}
    assert to_gateway.asked["/v1/token"] == 1
    withdraw_the_signer(settings)
    watch.now += BELIEVED_SECONDS
    assert await statuses() == {200}
    assert to_gateway.asked["/v1/token"] == 2
    await services.close()
