"""State of a service while it runs: opened once at start-up, handed to routes and workers."""

import hmac
import secrets
from dataclasses import dataclass
from pkgutil import resolve_name

import httpx

from shared.clients.joint_questions import JointQuestions
from shared.clients.service_client import ServiceClient
from shared.clients.tokens import TokenVerifier
from shared.clock import Clock, system_clock
from shared.db.engine import Database, open_database
from shared.encryption import Keyring
from shared.messaging.broker import Broker
from shared.messaging.relay import Relay
from shared.settings import Settings
from shared.standards.calendar import Calendar
from shared.standards.catalogue import Catalogue
from shared.telemetry import get_logger

log = get_logger(__name__)

RESIDENTS = "residents"
RABBITMQ = "shared.messaging.rabbitmq:RabbitMQ"


@dataclass(slots=True)
class AppState:
    """One service's; `calendar` is replaced when a holiday is proclaimed or a closure is entered.

    `keyring` is that of a service which encrypts, by its row of the directory.
    """

    service: str
    settings: Settings
    database: Database
    broker: Broker
    relay: Relay
    catalogue: Catalogue
    calendar: Calendar
    verifier: TokenVerifier
    services: ServiceClient
    households: JointQuestions
    cursor_key: bytes
    clock: Clock = system_clock
    calendar_version: int = 0
    keyring: Keyring | None = None

    async def close(self) -> None:
        """Let go of everything, in the order of need."""
        await self.services.close()
        await self.broker.close()
        await self.database.close()


def open_app_state(
    service: str,
    settings: Settings,
    *,
    broker: Broker | None = None,
    transports: dict[str, httpx.AsyncBaseTransport] | None = None,
    clock: Clock = system_clock,
) -> AppState:
    """Open what a service needs, from settings.

    Raises BadStandard when a regime file has a bad row, UnknownService when the directory lacks this service,
    KeysMissing when it encrypts and has no keys, BadClaimsMap for the file of the council's sign-in.

    `broker` and `transports` (by base URL) replace the network where all services share one process.
    """
    row = settings.directory.row(service)
    keyring = Keyring(settings.encryption_keys_path(service)) if row.encrypts else None
    services = ServiceClient(service, settings, {} if transports is None else transports)
    database = open_database(
        settings.database_url(service), pool_size=settings.pool_size, pool_timeout=settings.pool_timeout
    )
    broker = broker or _rabbitmq(settings)
    relay = Relay(database, broker, service)
    database.on_recorded = relay.wake
    return AppState(
        service=service,
        settings=settings,
        database=database,
        broker=broker,
        relay=relay,
        catalogue=Catalogue.of(settings.standards_paths(), settings.directory.vocabulary),
        calendar=Calendar.bundled(),
        verifier=services.verifier(),
        services=services,
        households=JointQuestions(
            services, RESIDENTS, "/internal/households", seconds=settings.household_timeout
        ),
        cursor_key=cursor_key(settings),
        clock=clock,
        keyring=keyring,
    )


def _rabbitmq(settings: Settings) -> Broker:
    """The broker of services in processes of their own; one process of all does not load its libraries."""
    broker: Broker = resolve_name(RABBITMQ)(settings.rabbitmq_url, settings.broker_prefix)
    return broker


def cursor_key(settings: Settings) -> bytes:
    """The key that cursors are signed with, the same in every replica of a service that has a secret."""
    secret = settings.cursor_secret or settings.client_secret
    if not secret:
        log.warning("CURSOR_SECRET and CLIENT_SECRET are not set: cursors are good in this process alone")
        return secrets.token_bytes(32)
    return hmac.digest(secret.encode(), b"cursors", "sha256")  # not the secret itself, which is a password
