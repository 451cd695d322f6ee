"""Outages of what the many processes stand on: it comes late, goes away and comes back; they outlive it."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psutil
import pytest

from tests.end_to_end.houses import (
    RESIDENT,
    SAM,
    House,
    fresh_databases,
    many_processes,
    until_well,
    var_folder,
)
from tests.support.child import START_SECONDS
from tests.support.eventually import eventually
from tests.support.postgres import PrivatePostgres, private_postgres
from tests.support.programs import free_port
from tests.support.rabbitmq import PrivateRabbitMQ, server_script

QUICKLY = 2.0


@dataclass
class Estate:
    """A house of many processes with its own database server and broker, to be stopped and started."""

    house: House
    postgres: PrivatePostgres
    rabbitmq: PrivateRabbitMQ

    async def broker(self) -> set[str]:
        """The states of the broker that the services report."""
        return {service["broker"] for service in (await self.house.status()).values() if service}


@pytest.fixture(scope="module")
async def estate(rabbitmq_url: str) -> AsyncIterator[Estate]:
    """Started before its PostgreSQL, which then comes, and long before its RabbitMQ, which does not yet."""
    server_script()
    with tempfile.TemporaryDirectory(prefix="rabbitmq-", ignore_cleanup_errors=True) as folder:
        rabbitmq = PrivateRabbitMQ(Path(folder), free_port())
        async with var_folder() as var, private_postgres() as postgres:
            databases = fresh_databases(postgres)
            await postgres.stop()
            try:
                async with many_processes(var, databases, rabbitmq.url) as house:
                    yield Estate(house, postgres, rabbitmq)
            finally:
                await rabbitmq.close()


async def test_what_starts_before_its_database_and_its_broker_waits_for_them(estate: Estate) -> None:
    """It says what it waits for; without a broker it takes reports, and when that comes they arrive."""
    process = estate.house.process
    await process.until_said("PostgreSQL is not there yet")
    await estate.postgres.start()
    await process.until_said("RabbitMQ is not there yet")

    await eventually(lambda: is_reachable(estate.house), START_SECONDS)
    case = await estate.house.report()
    assert await estate.broker() == {"away"}

    await estate.rabbitmq.start()
    await until_well(estate.house)
    await process.until_said("RabbitMQ is there")
    assert await estate.house.deadlines(case["reference"])


async def is_reachable(house: House) -> bool:
    """Tell whether every service answers."""
    services = await house.status()
    return bool(services) and all(services.values())


async def test_reports_outlive_the_broker(estate: Estate) -> None:
    """With RabbitMQ stopped each is accepted and the status says so; they arrive once it is back, once."""
    house = estate.house
    await estate.rabbitmq.stop()
    cases = await asyncio.gather(*(house.report() for _ in range(10)))
    await eventually(lambda: is_away(estate))

    await estate.rabbitmq.start()
    for case in cases:
        assert await house.deadlines(case["reference"], seconds=30)
        assert len(await house.notices(case["reference"], "acknowledgement")) == 1
        assert len(house.letters(case["reference"], to=SAM)) == 1


async def is_away(estate: Estate) -> bool:
    return await estate.broker() == {"away"}


async def test_a_service_that_dies_takes_no_other_with_it(estate: Estate) -> None:
    """Its routes are refused quickly, the others serve on, and it is started again."""
    house = estate.house
    case = await house.report()
    await house.deadlines(case["reference"])
    path = f"/v1/repairs/{case['reference']}"
    repairs_process(house).send_signal(signal.SIGKILL)

    began = monotonic()
    refused = await house.get(path, by=RESIDENT)
    assert monotonic() - began < QUICKLY
    assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0
    assert (await house.get(f"/v1/cases/{case['reference']}/timeline")).status_code == 200

    await house.process.until_said("repairs ended with code -9 and is started again")
    await until_well(house)
    assert (await house.get(path, by=RESIDENT)).status_code == 200


def repairs_process(house: House) -> psutil.Process:
    """The process that serves the routes of repairs."""
    [found] = [
        process
        for process in psutil.Process(house.process.process.pid).children()
        if "services.repairs.main:app" in process.cmdline()
    ]
    return found
