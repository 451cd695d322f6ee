"""What a service works with while it runs: opened once at start-up, handed to routes and workers."""

from dataclasses import dataclass

import httpx

from shared.clock import Clock, system_clock
from shared.db import Database, open_database
from shared.http.auth import TokenVerifier
from shared.http.paging import signing_key
from shared.http.service_client import ServiceClient
from shared.messaging.broker import Broker
from shared.messaging.rabbitmq import RabbitMQ
from shared.messaging.relay import Relay
from shared.settings import Settings
from shared.standards.calendar import Calendar
from shared.standards.catalogue import Catalogue


@dataclass(slots=True)
class Resources:
    """One service's; `calendar` is replaced when a holiday is proclaimed or a closure is entered."""

    service: str
    settings: Settings
    database: Database
    broker: Broker
    relay: Relay
    catalogue: Catalogue
    calendar: Calendar
    verifier: TokenVerifier
    services: ServiceClient
    cursor_key: bytes
    clock: Clock = system_clock
    calendar_version: int = 0

    async def close(self) -> None:
        """Let go of everything, in the order of need."""
        await self.services.close()
        await self.broker.close()
        await self.database.close()


def open_resources(
    service: str,
    settings: Settings,
    *,
    broker: Broker | None = None,
    transports: dict[str, httpx.AsyncBaseTransport] | None = None,
    clock: Clock = system_clock,
) -> Resources:
    """What a service needs, from settings; raises BadStandard when a regime file has a bad row.

    `broker` and `transports` (by base URL) replace the network where all services share one process.
    """
    services = ServiceClient(settings, {} if transports is None else transports)
    database = open_database(
        settings.database_url(service), pool_size=settings.pool_size, pool_timeout=settings.pool_timeout
    )
    broker = broker or RabbitMQ(settings.rabbitmq_url, settings.broker_prefix)
    relay = Relay(database, broker, service)
    database.on_recorded = relay.wake
    chosen = settings.standards_paths()
    return Resources(
        service=service,
        settings=settings,
        database=database,
        broker=broker,
        relay=relay,
        catalogue=Catalogue.load(chosen) if chosen else Catalogue.bundled(),
        calendar=Calendar.bundled(),
        verifier=services.verifier(),
        services=services,
        cursor_key=signing_key(settings),
        clock=clock,
    )
