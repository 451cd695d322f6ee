"""Events of services that a house does not have yet, made to arrive in it as theirs will."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from urllib.parse import quote

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq.exceptions import ChannelNotFoundEntity
from sqlalchemy.dialects.postgresql import insert

from shared.db.engine import open_database
from shared.db.tables import events
from shared.db.transaction import transaction
from shared.directory import DIRECTORY
from shared.events import Event
from shared.messaging.rabbitmq import RabbitMQ, Topology
from tests.support.eventually import eventually

# The in-process broker delivers what stands in the outbox of any service that there is.
LENT_BY = "housing_notifications"


async def through_an_outbox(postgres: Path, event: Event) -> None:
    """Owe an event to the in-process broker, in an outbox of the house whose PostgreSQL has this folder.

    One that is there already is owed once more, as when the house died before noting that it was safe.
    """
    database = open_database(f"postgresql://postgres@/{LENT_BY}?host={quote(str(postgres))}")
    owed = insert(events).values(asdict(event))
    again = owed.on_conflict_do_update(index_elements=["reference", "sequence"], set_={"published_at": None})
    try:
        async with transaction(database) as session:
            await session.execute(again)
    finally:
        await database.close()


async def through_rabbitmq(url: str, prefix: str, event: Event) -> None:
    """Publish an event on a house's exchange, once every service is there to hear it."""
    broker = RabbitMQ(url, prefix)
    try:
        async with await aio_pika.connect(url) as connection:
            for service in DIRECTORY.names:
                await eventually(partial(_listens, connection, Topology(prefix).queue(service)))
        assert await broker.publish([event]) == [True]
    finally:
        await broker.close()


async def _listens(connection: AbstractConnection, queue: str) -> bool:
    """Tell whether a queue has a consumer, which subscribes to it after the queue was bound."""
    channel = await connection.channel()
    try:
        declared = (await channel.get_queue(queue)).declaration_result
    except ChannelNotFoundEntity:
        return False
    return bool(declared.consumer_count)
