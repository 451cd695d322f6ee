"""The places in which something that was said to asb could turn up, each read as texts.

`PLACES` is the list; a test holds it complete against the services and channels that there are.
"""

import email.policy
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aio_pika
import asyncpg
import httpx
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue

from shared.directory import DIRECTORY
from shared.messaging.rabbitmq import Topology
from tests.end_to_end.houses import (
    ASB_OFFICER,
    CONFIDANT,
    CONTRACTOR,
    FRONTEND,
    OPS,
    RESIDENT,
    House,
)
from tests.services.strict.requests import SERVICES
from tests.services.strict.valid.common import Valid

READERS = (RESIDENT, CONTRACTOR, OPS, FRONTEND, "demo-officer", "demo-officer-2")
"""Everybody who has no business with a case of anti-social behaviour."""
STAFF = (ASB_OFFICER, CONFIDANT)
"""Those who have: they may read what asb answers, and find none of it anywhere else."""


@dataclass
class Visit:
    """A house to be searched; `events` is a queue that got all that was published since the beginning.

    `answers` are those that senders got, by where they were sent; `references` the cases to be looked for.
    """

    house: House
    events: AbstractQueue
    topology: Topology
    answers: list[tuple[str, httpx.Response]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Text:
    """A text that was found in a place; `at` says where in it."""

    at: str
    text: str


Search = Callable[[Visit], Awaitable[list[Text]]]


@asynccontextmanager
async def tapped(house: House) -> AsyncIterator[tuple[AbstractQueue, Topology]]:
    """A queue that takes every event of a house from now on."""
    topology = Topology(house.broker_prefix)
    async with await aio_pika.connect(house.rabbitmq_url) as connection:
        channel = await connection.channel()
        exchange = await topology.declare_exchange(channel)
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(exchange, "#")
        yield queue, topology


async def rows(url: str) -> list[Text]:
    """Every row of every table of a database, as plain SQL reads it."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [
            Text(table["tablename"], row["row"])
            for table in tables
            for row in await connection.fetch(f'SELECT t::text AS row FROM "{table["tablename"]}" t')
        ]
    finally:
        await connection.close()


def database_of(service: str) -> Search:
    """The tables of a service: its cases, outbox, inbox, stored answers and attachments."""

    async def search(visit: Visit) -> list[Text]:
        return await rows(visit.house.databases[service])

    return search


async def published(visit: Visit) -> list[Text]:
    """Every message on the exchange: its body, headers and routing key."""
    found = []
    while message := await visit.events.get(fail=False, no_ack=True):
        found.append(_message("exchange", message))
    return found


async def dead_letters(visit: Visit) -> list[Text]:
    """The messages that a consumer refused, as the broker keeps them and as ops are shown them."""
    found = []
    async with await aio_pika.connect(visit.house.rabbitmq_url) as connection:
        channel = await connection.channel()
        for service in DIRECTORY.names:
            queue = await channel.get_queue(visit.topology.dead_queue(service))
            messages = []
            while message := await queue.get(fail=False):
                messages.append(message)
            found += [_message(service, message) for message in messages]
            for message in messages:
                await message.nack(requeue=True)
            shown = await visit.house.get("/v1/dead-letters", by=OPS, queue=service)
            found.append(Text(f"{service} as shown", shown.text))
    return found


def _message(at: str, message: AbstractIncomingMessage) -> Text:
    return Text(at, f"{message.routing_key} {message.headers} {message.body.decode()}")


async def logs(visit: Visit) -> list[Text]:
    """Every log line of every process, and what they wrote to the terminal."""
    process = visit.house.process
    lines = [
        Text(path.name, line)
        for path in _files(visit)
        if path.suffix in (".log", ".jsonl")
        for line in path.read_text().splitlines()
    ]
    return [*lines, Text("terminal", process.said()), Text("terminal", process.complained())]


async def mail(visit: Visit) -> list[Text]:
    """Every letter in the mailbox, its headers and what its parts say."""
    found = []
    for path in _files(visit):
        if path.suffix == ".eml":
            found.append(said_by(message_from_bytes(path.read_bytes(), policy=email.policy.default)))
    return found


def said_by(letter: EmailMessage) -> Text:
    """The headers and the decoded parts of an email."""
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    return Text(f"to {letter['To']}", "\n".join([*map(str, letter.items()), *parts]))


async def files(visit: Visit) -> list[Text]:
    """Whatever else the house wrote to its folder, whether text or not."""
    others = [path for path in _files(visit) if path.suffix not in (".log", ".jsonl", ".eml")]
    return [Text(path.name, path.read_bytes().decode("latin-1")) for path in others]


def _files(visit: Visit) -> list[Path]:
    return [path for path in visit.house.var.rglob("*") if path.is_file()]


async def metrics_and_status(visit: Visit) -> list[Text]:
    """The figures for operations: of every service, of the gateway, and the page of all."""
    found = [Text(path, (await visit.house.get(path, by=OPS)).text) for path in ("/metrics", "/status")]
    for service, url in visit.house.service_urls.items():
        for path in ("/internal/metrics", "/internal/status"):
            answer = await visit.house.http.get(f"{url}{path}")
            found.append(Text(f"{service} {path}", answer.text))
    return found


async def problems(visit: Visit) -> list[Text]:
    """The answers to requests that were refused or failed."""
    return [Text(where, answer.text) for where, answer in visit.answers if answer.is_error]


async def read_by_others(visit: Visit) -> list[Text]:
    """Every answer of every service to somebody without the scope or the team, found, listed or refused."""
    found = []
    for by in READERS:
        for where, answer in await _reads(visit, by, SERVICES):
            found.append(Text(f"{by} GET {where}", f"{answer.headers} {answer.text}"))
    return found


async def read_elsewhere(visit: Visit) -> list[Text]:
    """Every answer of the other services to the officers of the team: lists, timeline, notices, figures."""
    others = {service: table for service, table in SERVICES.items() if service != "asb"}
    found = []
    for by in STAFF:
        for where, answer in await _reads(visit, by, others):
            found.append(Text(f"{by} GET {where}", f"{answer.headers} {answer.text}"))
    return found


async def exported(visit: Visit) -> list[Text]:
    """Every file that can be downloaded, as everybody inside the council or out gets it."""
    return [
        Text(f"{by} GET {path}", (await visit.house.get(path, by=by, **query)).text)
        for path, query in EXPORTS.items()
        for by in (*READERS, *STAFF)
    ]


async def _reads(visit: Visit, by: str, tables: Mapping[str, Any]) -> list[tuple[str, httpx.Response]]:
    """Every route that is read: without a filter, and by each of the service's references."""
    found = []
    for service, table in tables.items():
        prefixes = DIRECTORY.row(service).prefixes
        own = [each for each in visit.references if not prefixes or each.partition("-")[0] in prefixes]
        for (method, path), valid in table.items():
            if method == "get" and path.startswith("/v1/"):
                for at, query in _addresses(own, path, valid):
                    found.append((at, await visit.house.get(at, by=by, **query)))
    return found


def _addresses(references: Sequence[str], path: str, valid: Valid) -> list[tuple[str, dict[str, str]]]:
    needed = {name: said for name, said in valid.query.items() if name in NEEDED}
    query = {**needed, **({"limit": "100"} if "limit" in valid.query else {})}
    if "{" not in path:
        by_case = [{**query, "reference": each} for each in references if "reference" in valid.query]
        return [(path, each) for each in (query, *by_case)]
    for name, said in valid.path.items():
        if name != "reference":
            path = path.replace(f"{{{name}}}", said)
    return [(path.replace("{reference}", reference), query) for reference in references]


NEEDED = frozenset({"year", "from", "to", "queue"})
EXPORTS = {"/v1/complaints/annual-report": {"year": "2026", "format": "csv"}}
"""The routes that answer with a file of rows."""


PLACES: Mapping[str, Search] = {
    **{f"database of {service}": database_of(service) for service in DIRECTORY.names},
    "events on the exchange": published,
    "dead letters": dead_letters,
    "logs": logs,
    "channel mailbox": mail,
    "files": files,
    "metrics and status": metrics_and_status,
    "problems": problems,
    "exports": exported,
    "read by others": read_by_others,
    "read elsewhere by the team": read_elsewhere,
}
