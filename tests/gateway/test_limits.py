"""How often a caller may come."""

import pytest

from gateway import limits
from gateway.limits import RateLimiter, RateLimits
from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.settings import Settings


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_caller_may_use_the_whole_quota_at_once_and_then_waits() -> None:
    """Three a minute: three at once, the fourth is told to wait the twenty seconds until one is free."""
    watch = Watch()
    limiter = RateLimiter(3, now=watch)
    assert [limiter.take("resident").remaining for _ in range(3)] == [2, 1, 0]
    refused = limiter.take("resident")
    assert (refused.retry_after, refused.remaining, refused.reset) == (20, 0, 60)
    with pytest.raises(TooManyRequests):
        refused.check()
    watch.now += 20
    limiter.take("resident").check()
    assert limiter.take("resident").retry_after == 20


def test_asking_too_often_does_not_lengthen_the_wait() -> None:
    """Refused requests are not counted."""
    watch = Watch()
    limiter = RateLimiter(1, now=watch)
    limiter.take("resident")
    waits = {limiter.take("resident").retry_after for _ in range(100)}
    assert waits == {60}


def test_callers_do_not_use_up_each_others_quota() -> None:
    """Each has a bucket of its own."""
    limiter = RateLimiter(1, now=Watch())
    limiter.take("one").check()
    limiter.take("another").check()


def test_the_headers_say_what_is_left() -> None:
    """The IETF draft's fields: a quota in a window, what remains of it, and when it is whole again."""
    assert RateLimiter(4, now=Watch()).take("resident").headers() == [
        (b"ratelimit-policy", b'"default";q=4;w=60'),
        (b"ratelimit", b'"default";r=3;t=15'),
    ]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many callers the one longest unseen is forgotten, not the one who comes all the time."""
    monkeypatch.setattr(limits, "CALLERS_REMEMBERED", 2)
    limiter = RateLimiter(2, now=Watch())
    for caller in ("busy", "a", "busy", "b"):
        limiter.take(caller)
    assert limiter.take("busy").retry_after is not None
    assert limiter.take("a").remaining == 1


def caller(subject: str, role: str) -> Caller:
    nothing: frozenset[str] = frozenset()
    return Caller(subject, frozenset({role}), nothing, nothing, None)


def test_machines_may_come_more_often_than_people() -> None:
    """A contractor's system acts for many jobs; a resident for one home."""
    rates = RateLimits(Settings(rate_limit_per_minute=10, rate_limit_machines_per_minute=100))
    assert rates.take(caller("r", "resident"), {}).quota == 10
    assert rates.take(caller("c", "contractor"), {}).quota == 100


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
def test_who_is_not_known_is_counted_by_address(first: str, second: str, together: bool) -> None:
    """Of IPv6 by network: one household has more addresses in it than there are people."""
    rates = RateLimits(Settings(rate_limit_per_minute=2))
    rates.take(None, {"client": (first, 1)})
    assert (rates.take(None, {"client": (second, 2)}).remaining == 0) is together
