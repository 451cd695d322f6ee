"""Rate limits of a caller."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from gateway.limits import RateLimits
from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.settings import Settings
from tests.support.redis import NoRedis, private_redis

NOBODY_LISTENS = "redis://127.0.0.1:1"
MINUTE_ENDS = 2.0  # seconds before it does


def caller(subject: str, role: str) -> Caller:
    nothing: frozenset[str] = frozenset()
    return Caller(subject, frozenset({role}), nothing, nothing, None)


@pytest.fixture(scope="module")
async def redis_url() -> AsyncIterator[str]:
    try:
        async with private_redis() as url:
            yield url
    except NoRedis as reason:
        pytest.skip(str(reason))


@pytest.fixture(params=["memory", "redis"])
def storage(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "memory" else str(request.getfixturevalue("redis_url"))


@pytest.fixture(autouse=True)
async def within_a_minute() -> None:
    """The window slides over minutes of the clock: a count of three is not to begin at the end of one."""
    left = 60 - time.time() % 60
    if left < MINUTE_ENDS:
        await asyncio.sleep(left)


async def test_a_caller_may_use_the_whole_quota_at_once_and_then_waits(storage: str) -> None:
    """Three a minute: three at once, and the fourth is told how long to wait."""
    rates = RateLimits(Settings(rate_limit_per_minute=3, redis_url=storage))
    ada = caller(f"ada{id(rates)}", "resident")
    assert [(await rates.take(ada, {})).remaining for _ in range(3)] == [2, 1, 0]
    refused = await rates.take(ada, {})
    assert (refused.remaining, refused.is_exceeded) == (0, True)
    with pytest.raises(TooManyRequests) as told:
        refused.check()
    assert 1 <= int(dict(told.value.headers())["Retry-After"]) <= 60


async def test_callers_do_not_use_up_each_others_quota(storage: str) -> None:
    """Each is counted alone."""
    rates = RateLimits(Settings(rate_limit_per_minute=1, redis_url=storage))
    for subject in (f"one{id(rates)}", f"another{id(rates)}"):
        (await rates.take(caller(subject, "resident"), {})).check()


async def test_replicas_with_a_redis_count_together(redis_url: str) -> None:
    """Two gateways behind a balancer allow no more than one would."""
    settings = Settings(rate_limit_per_minute=2, redis_url=redis_url)
    one, other = RateLimits(settings), RateLimits(settings)
    ada = caller(f"ada{id(one)}", "resident")
    assert not (await one.take(ada, {})).is_exceeded
    assert not (await other.take(ada, {})).is_exceeded
    assert (await one.take(ada, {})).is_exceeded


async def test_a_redis_that_is_away_refuses_nobody() -> None:
    """Each replica then counts for itself."""
    rates = RateLimits(Settings(rate_limit_per_minute=1, redis_url=NOBODY_LISTENS))
    ada = caller("ada", "resident")
    assert not (await rates.take(ada, {})).is_exceeded
    assert (await rates.take(ada, {})).is_exceeded


async def test_machines_may_come_more_often_than_people() -> None:
    """A contractor's system acts for many jobs; a resident for one home."""
    rates = RateLimits(Settings(rate_limit_per_minute=10, rate_limit_machines_per_minute=100))
    assert (await rates.take(caller("r", "resident"), {})).quota == 10
    assert (await rates.take(caller("c", "contractor"), {})).quota == 100


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
async def test_who_is_not_known_is_counted_by_address(first: str, second: str, together: bool) -> None:
    """IPv6 is counted by network: one household has more addresses in it than there are people."""
    rates = RateLimits(Settings(rate_limit_per_minute=2))
    await rates.take(None, {"client": (first, 1)})
    assert ((await rates.take(None, {"client": (second, 2)})).remaining == 0) is together
