"""Cases a second and milliseconds a case: at the service, through the whole chain, and beside pgbench."""

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import fmean
from typing import Concatenate, ParamSpec

from tests.benchmarks import pgbench
from tests.benchmarks.figures import BenchmarkFailed, Figure, Section, Steps, a_second, milliseconds
from tests.benchmarks.house import House, Servers, house
from tests.benchmarks.load import Answers, Target, closed_loop, open_loop, percentile

CONNECTIONS = 32
CALM_RATE = 100
CHAIN_GOAL = 0.08

# The first requests find everything cold: no connections, no query plans, no verified token.
WARM_UP_SECONDS = 1.0

# The gateway only gives the token and the keys to verify it with; nothing takes the events in.
SERVICE_ALONE = ("repairs", "gateway")

# From the front door to the stored deadline; letters are written afterwards, and are no part of it.
CHAIN = ("repairs", "notifications", "notifications-consumer", "gateway")

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rates:
    """What the ratios are made of, each per second; None was not measured."""

    pgbench: float
    created: float | None
    chain: float | None

    def figures(self) -> list[Figure]:
        """A case as a share of what the machine can do, which tells more than a rate on some machine."""
        rows = []
        if self.created is not None:
            rows.append(Figure("created ÷ pgbench", f"{self.created / self.pgbench:.3f}"))
        if self.chain is not None:
            share = self.chain / self.pgbench
            verdict = "reached" if share >= CHAIN_GOAL else "NOT reached"
            rows.append(Figure("chain ÷ pgbench", f"{share:.3f}", f"goal {CHAIN_GOAL} or more: {verdict}"))
        return rows


async def beside_pgbench(
    servers: Servers, seconds: int, steps: Steps, wanted: frozenset[str]
) -> list[Section]:
    """The wanted ones of created, chain and latency, and pgbench before and after them.

    Raises BenchmarkFailed when a case was refused or got lost on its way.
    """
    await pgbench.prepare(servers.postgres)
    before = await _pgbench(servers, seconds, steps)
    sections: list[Section] = []
    created = chain = None
    if "created" in wanted:
        created, rows = await _created(servers, seconds, steps)
        sections.append(("At the service", rows))
    if "latency" in wanted:
        async with house(servers, steps) as running:
            await _warmed_up(running, steps)
            await running.until_quiet()
            sections.append((f"At {CALM_RATE} cases a second", await _latency(running, seconds, steps)))
    if "chain" in wanted:
        async with house(servers, steps, CHAIN) as running:
            await _warmed_up(running, steps)
            chain, rows = await _chain(running, seconds, steps)
            sections.append(("Through the whole chain", rows))
    after = await _pgbench(servers, seconds, steps)
    rates = Rates(fmean((before, after)), created, chain)
    remark = f"{before:,.0f} before and {after:,.0f} after; {pgbench.CLIENTS} clients, durable commits"
    measure = Figure("pgbench, two inserts a transaction", a_second(rates.pgbench), remark)
    return [("What the machine can do", [measure]), *sections, ("Beside each other", rates.figures())]


async def _pgbench(servers: Servers, seconds: int, steps: Steps) -> float:
    with steps.step(f"pgbench for {seconds} s"):
        return await pgbench.transactions_a_second(servers.postgres, seconds, servers.folder)


async def _created(servers: Servers, seconds: int, steps: Steps) -> tuple[float, list[Figure]]:
    async with house(servers, steps, SERVICE_ALONE) as running:
        with steps.step(f"creating cases at the service for {seconds} s"):
            await _load(closed_loop, running.repairs(), CONNECTIONS, WARM_UP_SECONDS)
            answers = await _load(closed_loop, running.repairs(), CONNECTIONS, float(seconds))
    remark = f"{CONNECTIONS} connections; its relay publishes, nothing takes in"
    return answers.rate(), [
        Figure("cases created", a_second(answers.rate()), remark),
        *_percentiles("POST", answers.seconds),
    ]


async def _warmed_up(running: House, steps: Steps) -> None:
    with steps.step("warming up the whole house"):
        answers = await _load(closed_loop, running.front_door(), CONNECTIONS, WARM_UP_SECONDS)
        await running.until_stored(len(answers.references))


async def _latency(running: House, seconds: int, steps: Steps) -> list[Figure]:
    stored_before = await running.cases_stored()
    with steps.step(f"{CALM_RATE} cases a second for {seconds} s"):
        answers = await _load(open_loop, running.front_door(), float(CALM_RATE), float(seconds))
        await running.until_stored(stored_before + len(answers.references))
    stored_at = await running.stored_at()
    until_stored = [
        stored_at[reference] - sent
        for reference, sent in zip(answers.references, answers.sent_at, strict=True)
    ]
    return [*_percentiles("POST", answers.seconds), *_percentiles("report to deadline", until_stored)]


async def _chain(running: House, seconds: int, steps: Steps) -> tuple[float, list[Figure]]:
    stored_before = await running.cases_stored()
    with steps.step(f"cases through the whole chain for {seconds} s"):
        answers = await _load(closed_loop, running.front_door(), CONNECTIONS, float(seconds))
    with steps.step("waiting for the last deadline"):
        await running.until_stored(stored_before + len(answers.references))
    stored_at = await running.stored_at()
    arrivals = [stored_at[reference] for reference in answers.references]
    rate = len(arrivals) / (max(arrivals) - min(answers.sent_at))
    last_answer = answers.last_answered_at()
    owed = sum(arrival > last_answer for arrival in arrivals)
    return rate, [
        Figure("cases to stored deadlines", a_second(rate), "all cases, until the last one's deadline"),
        Figure("cases created meanwhile", a_second(answers.rate()), f"{CONNECTIONS} connections"),
        Figure("cases still under way at the last answer", f"{owed:,}", f"of {len(arrivals):,}"),
        *_percentiles("POST", answers.seconds),
    ]


def _percentiles(what: str, seconds: list[float]) -> list[Figure]:
    return [
        Figure(f"{what}, p50", milliseconds(percentile(seconds, 0.50))),
        Figure(f"{what}, p99", milliseconds(percentile(seconds, 0.99)), f"of {len(seconds):,}"),
    ]


async def _load(
    loop: Callable[Concatenate[Target, P], Answers], target: Target, *given: P.args, **named: P.kwargs
) -> Answers:
    """Run a load in a process of its own; raises BenchmarkFailed when anything was not created."""
    # Ctrl-C is ours to answer: what we started is stopped in order
    with ProcessPoolExecutor(1, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)) as own:
        answers = await asyncio.wrap_future(own.submit(loop, target, *given, **named))
    if answers.refused or not answers.references:
        raise BenchmarkFailed(f"{target.url} answered otherwise than 201: {dict(answers.refused)}.")
    return answers
