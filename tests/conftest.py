"""Fixtures of every test: a real PostgreSQL, a real RabbitMQ, and nothing left behind."""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from uuid import uuid4

import pytest
from aio_pika.abc import AbstractChannel, AbstractQueue
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from shared.messaging.broker import Queue
from shared.messaging.rabbitmq import Topology
from tests.shared.example.directory import WITH_EXAMPLE
from tests.support.postgres import Databases, PrivatePostgres, private_postgres
from tests.support.rabbitmq import NoRabbitMQ, any_rabbitmq, delete_topology
from tests.support.sign_in import OpenIDProvider, openid_provider

HOUSES = {
    "of many processes": ("house_of_many_processes", "[many"),
    "of one process": ("house_of_one_process", "test_docs.py", "test_front_ends.py", "test_generators.py"),
    "deployed": ("test_outages.py", "test_rolling_restart.py"),
}
"""The houses of child processes, with the parts of a test's id that tell which of them it is about."""
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[PrivatePostgres]:
    """One PostgreSQL server of our own for the whole run."""
    async with private_postgres() as server:
        await server.trade_durability_for_speed()
        yield server


@pytest.fixture(scope="session")
def _databases(postgres: PrivatePostgres) -> Databases:
    return Databases(postgres)


@pytest.fixture
async def database_for(_databases: Databases) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Gives the URL of a migrated database without a row: `await database_for("repairs")`."""
    lent: list[tuple[str, str]] = []

    async def lend(service: str) -> str:
        lent.append((service, await _databases.lend(service)))
        return lent[-1][1]

    yield lend
    for service, url in lent:
        await _databases.take_back(service, url)


@pytest.fixture(scope="session")
async def provider(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OpenIDProvider]:
    """An OpenID provider in a process of its own, at which a test's people sign in."""
    async with openid_provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture(scope="session")
async def rabbitmq_url(pytestconfig: pytest.Config) -> AsyncIterator[str]:
    """A RabbitMQ; where there is none, what needs it is skipped loudly, and under CI fails."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def say(what: str) -> None:
        with capture.global_and_fixture_disabled():
            # a process that runs a share of the tests has no other way to the terminal
            print(f"\n[{what}]", file=sys.stderr, flush=True)

    try:
        async with any_rabbitmq(say) as url:
            yield url
    except NoRabbitMQ as reason:
        pytest.skip(str(reason))


@pytest.fixture
async def broker_prefix(rabbitmq_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A prefix for this test's names on the broker; its exchanges and queues are deleted afterwards.

    Queues declared in this process are remembered; those of child processes are named for services.
    """
    prefix = f"test-{uuid4().hex}"
    queues = set(WITH_EXAMPLE.names)
    declare = Topology.declare_queue

    async def declare_and_remember(
        topology: Topology, channel: AbstractChannel, queue: Queue
    ) -> AbstractQueue:
        queues.add(queue.name)
        return await declare(topology, channel, queue)

    monkeypatch.setattr(Topology, "declare_queue", declare_and_remember)
    yield prefix
    await delete_topology(rabbitmq_url, prefix, queues)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a RabbitMQ, so that `-m "not rabbitmq"` leaves it out."""
    for item in items:
        if "rabbitmq_url" in getattr(item, "fixturenames", ()):
            item.add_marker("rabbitmq")


class ByHouse(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """Gives a file of tests to one worker, for they may tell one story; and so all stories about one house.

    A house of many processes takes 20 seconds to start, and is started once for them all.
    """

    def _split_scope(self, nodeid: str) -> str:
        houses = (name for name, marks in HOUSES.items() if any(mark in nodeid for mark in marks))
        return next(houses, nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHouse:
    """The scheduler by which `make test` spreads the tests over the processors."""
    return ByHouse(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than processors, for a test often waits for others' processes; four at most."""
    return min(4, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI nothing may be skipped: a skip is a failure."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which may not happen under CI: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not run, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted({_reason(report) for report in skipped}):
        count = sum(_reason(report) == reason for report in skipped)
        terminalreporter.write_sep("!", f"NOT RUN: {count}", red=True, bold=True)
        terminalreporter.write_line(reason, red=True, bold=True)


def _reason(report: pytest.TestReport) -> str:
    """The reason why a test was skipped: the last of (file, line, "Skipped: reason")."""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)
