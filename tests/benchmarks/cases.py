"""Cases a second and milliseconds a case: at the service, through the whole chain, and beside pgbench.

Cases are posted without an Idempotency-Key and with one by turns, so that neither has the better minutes.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from statistics import fmean

from tests.benchmarks import pgbench
from tests.benchmarks.figures import Figure, Section, Steps, a_second, milliseconds
from tests.benchmarks.house import House, Servers, house
from tests.benchmarks.load import Answers, closed_loop, open_loop, percentile
from tests.benchmarks.running import CONNECTIONS, run_load

CALM_RATE = 100
CHAIN_GOAL = 0.10

WITH_KEYS = (False, True, True, False)
"""The turns of a load, each a quarter of it."""

# The first requests find everything cold: no connections, no query plans, no verified token.
WARM_UP_SECONDS = 1.0

# A report asks residents about the household. The gateway only gives the token and the keys to verify it;
# nothing takes the events in.
SERVICE_ALONE = ("repairs", "residents", "gateway")

# From the front door to the stored deadline; letters are written afterwards, and are no part of it.
CHAIN = ("repairs", "residents", "notifications", "notifications-consumer", "gateway")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a load: its answers, when the last case was done with, and how many came after the load.

    `spent` is the processor time of each process from the first request to the last case.
    """

    answers: Answers
    ended_at: float
    still_under_way: int = 0
    spent: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Load:
    """All turns of a load that were posted without keys, or all that were posted with them."""

    turns: Sequence[Turn]

    def rate(self) -> float:
        """Cases a second, from each turn's first request to its end."""
        seconds = sum(turn.ended_at - min(turn.answers.sent_at) for turn in self.turns)
        return self.cases() / seconds

    def cases(self) -> int:
        """The number of cases."""
        return sum(len(turn.answers.references) for turn in self.turns)

    def seconds(self) -> list[float]:
        """The time that each answer took."""
        return list(chain.from_iterable(turn.answers.seconds for turn in self.turns))

    def milliseconds_a_case(self) -> Mapping[str, float]:
        """The processor time that each process spent on a case."""
        spent: Counter[str] = Counter()
        for turn in self.turns:
            spent.update(turn.spent)
        return {name: 1000 * seconds / self.cases() for name, seconds in spent.items()}

    def still_under_way(self) -> int:
        """The cases that had been answered, and not been done with at the last answer of their turn."""
        return sum(turn.still_under_way for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Pair:
    """One load, without keys and with them."""

    without: Load
    with_keys: Load

    def share_with_keys(self) -> str:
        """The part of the rate that is left with keys."""
        return f"{self.with_keys.rate() / self.without.rate():.3f}"


def ratios(machine: float, created: Pair | None, through_chain: Pair | None) -> list[Figure]:
    """A case as a share of what the machine can do, which tells more than a rate on some machine."""
    rows = []
    for name, pair in (("created", created), ("chain", through_chain)):
        if pair is not None:
            rows += [
                Figure(f"{name} with keys ÷ without", pair.share_with_keys()),
                Figure(f"{name} ÷ pgbench", f"{pair.without.rate() / machine:.3f}"),
                Figure(f"{name} with keys ÷ pgbench", f"{pair.with_keys.rate() / machine:.3f}"),
            ]
    if through_chain is not None:
        reached = through_chain.with_keys.rate() / machine >= CHAIN_GOAL
        rows.append(Figure(f"goal of {CHAIN_GOAL} with keys", "reached" if reached else "NOT reached"))
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
    created = through_chain = None
    if "created" in wanted:
        created = await _created(servers, seconds, steps)
        sections += _of_both("At the service", created, _created_figures)
    if "latency" in wanted:
        async with house(servers, steps) as running:
            await _warmed_up(running, steps)
            await running.until_quiet()
            sections.append((f"At {CALM_RATE} cases a second", await _latency(running, seconds, steps)))
    if "chain" in wanted:
        async with house(servers, steps, CHAIN) as running:
            await _warmed_up(running, steps)
            through_chain = await _chain(running, seconds, steps)
            sections += _of_both("Through the whole chain", through_chain, _chain_figures)
    after = await _pgbench(servers, seconds, steps)
    machine = fmean((before, after))
    remark = f"{before:,.0f} before and {after:,.0f} after; {pgbench.CLIENTS} clients, durable commits"
    measure = Figure("pgbench, two inserts a transaction", a_second(machine), remark)
    beside = ("Beside each other", ratios(machine, created, through_chain))
    return [("What the machine can do", [measure]), *sections, beside]


async def _pgbench(servers: Servers, seconds: int, steps: Steps) -> float:
    with steps.step(f"pgbench for {seconds} s"):
        return await pgbench.transactions_a_second(servers.postgres, seconds, servers.folder)


async def _by_turns(turn: Callable[[bool], Awaitable[Turn]]) -> Pair:
    turns = [(with_keys, await turn(with_keys)) for with_keys in WITH_KEYS]
    loads = [Load([done for had_keys, done in turns if had_keys is wanted]) for wanted in (False, True)]
    return Pair(*loads)


def _of_both(title: str, pair: Pair, figures: Callable[[Load], list[Figure]]) -> list[Section]:
    return [(title, figures(pair.without)), (f"{title}, with keys", figures(pair.with_keys))]


async def _created(servers: Servers, seconds: int, steps: Steps) -> Pair:
    async with house(servers, steps, SERVICE_ALONE) as running:

        async def turn(with_keys: bool) -> Turn:
            target = running.repairs(with_keys)
            answers = await run_load(closed_loop, target, CONNECTIONS, 2 * seconds / len(WITH_KEYS))
            return Turn(answers, answers.last_answered_at())

        with steps.step(f"creating cases at the service for twice {seconds} s"):
            await run_load(closed_loop, running.repairs(), CONNECTIONS, WARM_UP_SECONDS)
            return await _by_turns(turn)


def _created_figures(load: Load) -> list[Figure]:
    remark = f"{CONNECTIONS} connections; its relay publishes, nothing takes in"
    return [
        Figure("cases created", a_second(load.rate()), remark),
        *_percentiles("POST", load.seconds()),
    ]


async def _warmed_up(running: House, steps: Steps) -> None:
    with steps.step("warming up the whole house"):
        answers = await run_load(closed_loop, running.front_door(), CONNECTIONS, WARM_UP_SECONDS)
        await running.until_stored(len(answers.references))


async def _latency(running: House, seconds: int, steps: Steps) -> list[Figure]:
    stored_before = await running.cases_stored()
    with steps.step(f"{CALM_RATE} cases a second for {seconds} s"):
        answers = await run_load(
            open_loop, running.front_door(with_keys=True), float(CALM_RATE), float(seconds)
        )
        await running.until_stored(stored_before + len(answers.references))
    stored_at = await running.stored_at()
    until_stored = [
        stored_at[reference] - sent
        for reference, sent in zip(answers.references, answers.sent_at, strict=True)
    ]
    return [*_percentiles("POST", answers.seconds), *_percentiles("report to deadline", until_stored)]


async def _chain(running: House, seconds: int, steps: Steps) -> Pair:
    async def turn(with_keys: bool) -> Turn:
        stored_before = await running.cases_stored()
        spent_before = running.processor_seconds()
        target = running.front_door(with_keys)
        answers = await run_load(closed_loop, target, CONNECTIONS, 2 * seconds / len(WITH_KEYS))
        await running.until_stored(stored_before + len(answers.references))
        spent = {name: now - spent_before[name] for name, now in running.processor_seconds().items()}
        stored_at = await running.stored_at()
        arrivals = [stored_at[reference] for reference in answers.references]
        last_answer = answers.last_answered_at()
        return Turn(answers, max(arrivals), sum(arrival > last_answer for arrival in arrivals), spent)

    with steps.step(f"cases through the whole chain for twice {seconds} s, each to its last deadline"):
        return await _by_turns(turn)


def _chain_figures(load: Load) -> list[Figure]:
    owed, cases = load.still_under_way(), load.cases()
    remark = f"{CONNECTIONS} connections; all cases, until the last one's deadline"
    return [
        Figure("cases to stored deadlines", a_second(load.rate()), remark),
        Figure("cases still under way at the last answers", f"{owed:,}", f"of {cases:,}"),
        *_percentiles("POST", load.seconds()),
        *_processor_time(load.milliseconds_a_case()),
    ]


def _processor_time(spent: Mapping[str, float]) -> list[Figure]:
    total = sum(spent.values())
    share = f"{spent['gateway'] / total:.0%} of it"
    return [
        Figure("processor time of all processes, a case", f"{total:.2f} ms", "without the servers'"),
        Figure("of the gateway, a case", f"{spent['gateway']:.2f} ms", share),
    ]


def _percentiles(what: str, seconds: list[float]) -> list[Figure]:
    return [
        Figure(f"{what}, p50", milliseconds(percentile(seconds, 0.50))),
        Figure(f"{what}, p99", milliseconds(percentile(seconds, 0.99)), f"of {len(seconds):,}"),
    ]
