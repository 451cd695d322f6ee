"""Outages of what the many processes stand on: it comes late, goes away and comes back; they outlive it."""

import asyncio
import signal
from time import monotonic

import httpx
import pytest

from tests.end_to_end.deployment import Deployment
from tests.end_to_end.houses import RESIDENT, SAM, House
from tests.support.child import START_SECONDS
from tests.support.eventually import eventually

QUICKLY = 2.0


async def broker(house: House) -> set[str]:
    """The states of the broker that the services report."""
    return {service["broker"] for service in (await house.status()).values() if service}


async def test_what_starts_before_its_database_and_its_broker_waits_for_them(deployment: Deployment) -> None:
    """It says what it waits for; without a broker it takes reports, and when that comes they arrive."""
    house = deployment.house
    await house.process.until_said("PostgreSQL is not there yet")
    await deployment.postgres.start()
    await house.process.until_said("RabbitMQ is not there yet")

    await eventually(lambda: is_reachable(house), START_SECONDS)
    case = await house.report()
    assert await broker(house) == {"away"}

    await deployment.until_well()
    await house.process.until_said("RabbitMQ is there")
    assert await house.deadlines(case["reference"])


async def is_reachable(house: House) -> bool:
    """Tell whether every service answers."""
    services = await house.status()
    return bool(services) and all(services.values())


async def test_reports_outlive_the_broker(deployment: Deployment) -> None:
    """With RabbitMQ stopped each is accepted and the status says so; they arrive once it is back, once."""
    house = await deployment.until_well()
    await deployment.rabbitmq.stop()
    cases = await asyncio.gather(*(house.report() for _ in range(10)))
    await eventually(lambda: is_away(house))

    await deployment.rabbitmq.start()
    for case in cases:
        assert await house.deadlines(case["reference"], seconds=30)
        assert len(await house.notices(case["reference"], "acknowledgement")) == 1
        assert len(house.letters(case["reference"], to=SAM)) == 1


async def is_away(house: House) -> bool:
    return await broker(house) == {"away"}


async def test_a_service_that_dies_takes_no_other_with_it(deployment: Deployment) -> None:
    """Its routes are refused quickly, the others serve on, and it is started again."""
    house = await deployment.until_well()
    case = await house.report()
    await house.deadlines(case["reference"])
    path = f"/v1/repairs/{case['reference']}"
    deployment.process_of("services.repairs.main:app").send_signal(signal.SIGKILL)

    began = monotonic()
    refused = await house.get(path, by=RESIDENT)
    assert monotonic() - began < QUICKLY
    assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0
    assert (await house.get(f"/v1/cases/{case['reference']}/timeline")).status_code == 200

    await house.process.until_said("repairs ended with code -9 and is started again")
    await deployment.until_well()
    assert (await house.get(path, by=RESIDENT)).status_code == 200


async def test_a_worker_shows_that_it_is_alive_and_what_it_does(deployment: Deployment) -> None:
    """At a port of its own, without a token; once it is stopped nobody answers there until it goes on."""
    house = await deployment.until_well()
    await house.deadlines((await house.report())["reference"])
    async with httpx.AsyncClient(base_url=deployment.first_worker, timeout=QUICKLY) as watch:
        assert (await watch.get("/health/live")).json() == {"status": "alive"}
        assert 'events_consumed_total{queue="notifications"}' in (await watch.get("/metrics")).text
        consumer = deployment.process_of("services.notifications.main consumer")
        consumer.suspend()
        try:
            with pytest.raises(httpx.TimeoutException):
                await watch.get("/health/live")
        finally:
            consumer.resume()
        assert (await watch.get("/health/live")).status_code == 200
