"""updated_since: what changed, in the order of the transactions that changed it, and nothing missed."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from shared.app_state import AppState
from shared.cases import queries
from shared.cases.filters import CaseFilters
from shared.cases.times import CLOCKS_DIFFER_BY
from shared.db.migrations import migrate
from shared.http.paging import CursorSigner, PageRequest
from shared.work import unit_of_work
from tests.shared.cases.rows import ADA, a_case, stored_case
from tests.shared.example.models import Permit
from tests.shared.stored import change, rows
from tests.support.eventually import eventually

BEGINNING = datetime(1990, 1, 2, tzinfo=UTC)
WRITERS, ACTS, CASES = 4, 12, 10
HELD = 0.3
"""The longest that a writer keeps a transaction open, in seconds."""


@dataclass
class Poller:
    """A reader that remembers the largest updated_at it saw, and the latest version of each case.

    It uses up the `allowance` for clocks: nothing may be shown because it would have been shown again anyway.
    """

    state: AppState
    since: datetime = BEGINNING
    allowance: timedelta = CLOCKS_DIFFER_BY
    seen: dict[str, int] = field(default_factory=dict)

    async def poll(self) -> list[str]:
        """The references on every page, in their order."""
        filters = CaseFilters(updated_since=self.since + self.allowance)
        cursor, shown = None, list[Permit]()
        while True:
            page = PageRequest(7, cursor, CursorSigner(b"a key", b"a list"))
            async with unit_of_work(self.state, ADA) as work:
                found, cursor = await queries.listed(work, Permit, filters, page)
            shown += found
            if cursor is None:
                break
        for case in shown:
            self.note(case.reference, case.version, case.changed_at)
        return [case.reference for case in shown]

    def note(self, reference: str, version: int, changed_at: datetime) -> None:
        self.seen[reference] = max(version, self.seen.get(reference, 0))
        self.since = max(self.since, changed_at)


class PunctualPoller(Poller):
    """A reader that remembers when it last asked, by its own clock."""

    async def poll(self) -> list[str]:
        asked_at = self.state.clock()
        found = await super().poll()
        self.since = asked_at
        return found


class NaivePoller(Poller):
    """A reader of what has a later time than any it saw."""

    async def poll(self) -> list[str]:
        later = "SELECT reference, version, changed_at FROM permits WHERE changed_at > :since"
        found = await rows(self.state.database, later, since=self.since)
        for reference, version, changed_at in found:
            self.note(reference, version, changed_at)
        return [reference for reference, *_ in found]


async def act(state: AppState, reference: str, seconds: float = 0.0) -> None:
    """Change a case in a transaction that stays open so long after."""
    async with unit_of_work(state, ADA) as work:
        case = await queries.get_for_update(work, Permit, reference)
        case.version += 1
        await work.session.flush()
        await asyncio.sleep(seconds)


async def report(state: AppState, seconds: float) -> None:
    """Report a case in a transaction that stays open so long after."""
    async with unit_of_work(state, ADA) as work:
        work.session.add(a_case())
        await work.session.flush()
        await asyncio.sleep(seconds)


async def write(state: AppState, references: list[str], random: Random) -> None:
    """A writer: acts on cases and reports others, in transactions of any length."""
    for _ in range(ACTS):
        if random.random() < 0.5:
            await report(state, random.uniform(0, HELD))
        else:
            await act(state, random.choice(references), random.uniform(0, HELD))


async def versions(state: AppState) -> dict[str, int]:
    """The version of every case, as it is now."""
    found = await rows(state.database, "SELECT reference, version FROM permits")
    return {str(reference): int(version) for reference, version in found}


async def test_a_poller_misses_nothing_that_commits_late(state: AppState) -> None:
    """Several write at once, and one holds its transaction open over everybody's polls.

    A naive poller has gone past the time of that change when it is committed, and never sees it.
    """
    held, *others = [await stored_case(state, version=1) for _ in range(CASES)]
    careful, naive = [Poller(state), PunctualPoller(state)], NaivePoller(state)
    async with unit_of_work(state, ADA) as late:
        (await queries.get_for_update(late, Permit, held)).version = 2
        await late.session.flush()
        await poll_while_writing(state, others, [*careful, naive])
    await poll_while_writing(state, others, [*careful, naive])
    truth = await versions(state)
    for poller in careful:
        await eventually(partial(caught_up, poller, truth))
    await naive.poll()
    assert (naive.seen[held], truth[held]) == (1, 2)


async def poll_while_writing(state: AppState, references: list[str], pollers: list[Poller]) -> None:
    """Let several write, all poll meanwhile, and once more when they have ended."""
    writing = [asyncio.create_task(write(state, references, Random(seed))) for seed in range(WRITERS)]
    while not all(writer.done() for writer in writing):
        for poller in pollers:
            await poller.poll()
        await asyncio.sleep(0.01)
    await asyncio.gather(*writing)
    for poller in pollers:
        await poller.poll()


async def caught_up(poller: Poller, truth: dict[str, int]) -> bool:
    """Poll once more: one of the server's own transactions, as autovacuum's, may hold a page back."""
    await poller.poll()
    return poller.seen == truth


async def test_what_is_younger_than_a_running_transaction_waits_for_it(state: AppState) -> None:
    """It is shown once everything before it has ended, and then in its order."""
    first, second = await stored_case(state), await stored_case(state)
    await eventually(lambda: settled(Poller(state), 2))
    async with unit_of_work(state, ADA) as late:
        (await queries.get_for_update(late, Permit, second)).version = 1
        await late.session.flush()
        await act(state, first)
        assert first not in await Poller(state).poll()
    assert await eventually(lambda: settled(Poller(state), 2)) == [second, first]


async def settled(poller: Poller, count: int) -> list[str] | None:
    """The references that a poll shows, once it shows so many."""
    found = await poller.poll()
    return found if len(found) == count else None


async def test_an_instant_begins_with_what_had_not_ended_then(state: AppState) -> None:
    """The last change that was seen comes again; what had ended before it was made does not."""

    async def begins_with_the_second() -> bool:
        """Three more cases; while PostgreSQL analyses a table, what ended then counts as not ended yet."""
        changed = [await stored_case(state) for _ in range(3)]
        [(second,)] = await rows(
            state.database,
            "SELECT changed_at FROM permits WHERE reference = :reference",
            reference=changed[1],
        )
        await eventually(lambda: has_come(Poller(state), changed[2]))
        assert (await Poller(state, since=second - timedelta.resolution).poll())[-3:] == changed
        assert await Poller(state, since=second + timedelta(days=1)).poll() == changed[2:]
        return await Poller(state, since=second).poll() == changed[1:]

    await eventually(begins_with_the_second)


async def has_come(poller: Poller, reference: str) -> bool:
    """Tell whether a poll shows that case."""
    return reference in await poller.poll()


async def test_clocks_may_differ_by_seconds(state: AppState) -> None:
    """A caller who remembers the time of a poll by a clock that is ahead of the database's misses nothing."""
    changed = [await stored_case(state) for _ in range(3)]
    await eventually(lambda: settled(Poller(state), 3))
    ahead = state.clock() + CLOCKS_DIFFER_BY - timedelta(seconds=1)
    assert await Poller(state, since=ahead, allowance=timedelta(0)).poll() == changed


async def test_no_way_of_writing_forgets_the_transaction(state: AppState) -> None:
    """A group commit, an object and plain SQL: the database keeps it, with its own clock."""
    reference = await stored_case(state)
    kept = "SELECT changed_in::text::bigint, snapshot_xmin::text::bigint, changed_at FROM permits"
    [inserted] = await rows(state.database, kept)
    await act(state, reference)
    [updated] = await rows(state.database, kept)
    await change(
        state.database, "UPDATE permits SET version = 9, changed_in = '7', changed_at = '1990-01-02Z'"
    )
    [overruled] = await rows(state.database, kept)
    for transaction, oldest_running, changed_at in (inserted, updated, overruled):
        assert 7 < oldest_running <= transaction
        assert abs(state.clock() - changed_at) < timedelta(minutes=5)
    assert inserted < updated < overruled


async def test_a_case_shows_what_the_database_kept_of_a_change(state: AppState) -> None:
    """Without being read again: the update itself returns it."""
    reference = await stored_case(state)
    async with unit_of_work(state, ADA) as work:
        case = await queries.get_for_update(work, Permit, reference)
        before = case.changed_at
        case.version += 1
        await work.session.flush()
        after = case.changed_at
    assert after > before
    async with unit_of_work(state, ADA) as work:
        assert (await queries.get(work, Permit, reference)).changed_at == after


async def test_rows_of_another_cluster_are_taken_in_at_the_next_start(state: AppState) -> None:
    """A dump brings the ids of transactions that this cluster has yet to come to: years of hiding."""
    to_come = 10**12
    restored = await stored_case(
        state, changed_in=to_come, snapshot_xmin=to_come, changed_at=datetime(2026, 1, 5, tzinfo=UTC)
    )
    assert await Poller(state).poll() == []
    await migrate(state.settings.database_url("permits"), state.settings.directory.row("permits"))
    assert await eventually(lambda: settled(Poller(state), 1)) == [restored]
    [(left,)] = await rows(state.database, f"SELECT count(*) FROM permits WHERE changed_in >= '{to_come}'")
    assert left == 0
