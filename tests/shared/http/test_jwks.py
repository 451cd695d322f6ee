"""An issuer's keys: new ones, withdrawn ones, and what happens when the issuer is away."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from shared.clients.jwks import BELIEVED_SECONDS, FETCH_SECONDS, REFETCH_SECONDS, REFRESH_SECONDS, KeySource
from shared.clients.tokens import TokenVerifier
from shared.errors import Unauthenticated, Unavailable
from tests.shared.http.issuing import ANOTHER_KEY, AUDIENCE, ISSUER, KEY, Issuer, Watch, jwk, token

ONE, TWO = jwk(KEY, "one"), jwk(ANOTHER_KEY, "two")


class HeldIssuer(Issuer):
    """An issuer that has read its keys when it is asked, and answers only when it is let go."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        super().__init__(*keys)
        self.let_go = asyncio.Event()
        self.let_go.set()

    async def __call__(self) -> Mapping[str, Any]:
        answer = await super().__call__()
        await self.let_go.wait()
        return {"keys": list(answer["keys"])}


async def answered() -> None:
    """Let a fetch in the background come to its end."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_made_up_key_ids_do_not_hammer_the_issuer() -> None:
    """A flood of tokens with unknown key ids costs the issuer one request in two seconds."""
    issuer, watch = Issuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    for number in range(100):
        assert await keys.key(f"made-up-{number}") is None
    assert issuer.asked == 2
    watch.now += REFETCH_SECONDS
    assert await keys.key("made-up") is None
    assert issuer.asked == 3


async def test_a_new_key_is_found_without_a_restart() -> None:
    """After a rotation the first token of the new key fetches it."""
    issuer, watch = Issuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    assert await keys.key("one") is not None
    issuer.keys.append(TWO)
    watch.now += 10
    assert await keys.key("two") is not None
    assert await keys.key("one") is not None


async def test_a_key_made_a_moment_after_the_last_fetch_is_found_at_once() -> None:
    """A withdrawal makes a key that signs at once; a service that has just refreshed must not refuse it."""
    issuer, watch = Issuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.keys = [TWO]
    assert await keys.key("two") is not None


async def test_a_refresh_that_was_answered_too_early_does_not_hide_a_new_key() -> None:
    """The issuer had read its keys before the new one was made; all who bring its tokens ask once more."""
    issuer, watch = HeldIssuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    watch.now += REFRESH_SECONDS
    issuer.let_go.clear()
    await keys.key("one")
    await answered()
    assert issuer.asked == 2
    issuer.keys = [TWO]
    looking = [asyncio.create_task(keys.key("two")) for _ in range(5)]
    await answered()
    issuer.let_go.set()
    assert None not in await asyncio.gather(*looking)
    assert issuer.asked == 3


async def test_the_keys_we_have_are_kept_while_the_issuer_is_away() -> None:
    """An issuer's outage locks nobody out whose key is known, however long it lasts."""
    issuer, watch = Issuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.is_away = True
    for _ in range(10):
        watch.now += 1000
        assert await keys.key("two") is None
        assert await keys.key("one") is not None


async def test_an_issuer_that_was_never_reached_is_an_outage_and_no_bad_token() -> None:
    """A caller with a good token is told to come back, not that the token is bad; a second later it works."""
    issuer, watch = Issuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    issuer.is_away = True
    with pytest.raises(Unavailable):
        await keys.key("one")
    issuer.is_away = False
    watch.now += 1
    assert await keys.key("one") is not None


async def test_keys_in_use_are_refreshed_and_no_request_waits_for_it() -> None:
    """The issuer may take its time; meanwhile the keys at hand serve."""
    issuer, watch = HeldIssuer(ONE, TWO), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.let_go.clear()
    issuer.keys = [ONE]
    watch.now += REFRESH_SECONDS
    async with asyncio.timeout(1):
        assert await keys.key("two") is not None
    issuer.let_go.set()
    await answered()
    assert await keys.key("two") is None


async def test_a_key_withdrawn_in_an_idle_time_is_not_believed_once_more() -> None:
    """The first token after hours without any waits for the keys of now."""
    issuer, watch = Issuer(ONE, TWO), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.keys = [ONE]
    watch.now += BELIEVED_SECONDS
    assert await keys.key("two") is None


async def test_a_refresh_that_failed_is_tried_again_before_the_keys_are_too_old() -> None:
    """One bad moment of the issuer does not double the life of a stolen key."""
    issuer, watch = Issuer(ONE, TWO), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.keys, issuer.is_away = [ONE], True
    watch.now += REFRESH_SECONDS
    assert await keys.key("two") is not None
    await answered()
    issuer.is_away = False
    watch.now += REFETCH_SECONDS
    await keys.key("one")
    await answered()
    assert REFRESH_SECONDS + FETCH_SECONDS + REFETCH_SECONDS < BELIEVED_SECONDS
    assert await keys.key("two") is None


async def test_nobody_waits_for_an_issuer_that_is_lost() -> None:
    """Only the first fetch that fails is waited for; later ones are tried in the background."""
    issuer, watch = HeldIssuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.is_away = True
    watch.now += 1000
    assert await keys.key("one") is not None
    issuer.is_away = False
    issuer.let_go.clear()
    watch.now += 1000
    async with asyncio.timeout(1):
        assert await keys.key("one") is not None
    issuer.let_go.set()
    await answered()
    assert issuer.asked == 3


async def test_an_issuer_that_shows_no_key_has_withdrawn_them_all() -> None:
    """An empty list is an answer; until there is a key again, nothing can be verified."""
    issuer, watch = Issuer(ONE), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.keys = []
    watch.now += BELIEVED_SECONDS
    with pytest.raises(Unavailable):
        await keys.key("one")


@pytest.mark.parametrize("shown", [[TWO], [jwk(ANOTHER_KEY, "one")]], ids=["withdrawn", "replaced"])
async def test_a_token_that_was_seen_before_ends_with_its_key(shown: list[dict[str, Any]]) -> None:
    """A remembered token is no better than a new one, be its key gone or another key under its id."""
    issuer, watch = Issuer(ONE), Watch()
    verifier = TokenVerifier({ISSUER: KeySource(issuer, now=watch)}, AUDIENCE)
    given = token()
    assert (await verifier.verify(given)).subject == "officer-7"
    issuer.keys = shown
    watch.now += BELIEVED_SECONDS
    with pytest.raises(Unauthenticated):
        await verifier.verify(given)


async def test_a_refresh_costs_remembered_tokens_nothing() -> None:
    """The same keys, fetched again, leave what was verified as it is."""
    issuer, watch = Issuer(ONE), Watch()
    verifier = TokenVerifier({ISSUER: KeySource(issuer, now=watch)}, AUDIENCE)
    given = token()
    caller = await verifier.verify(given)
    watch.now += BELIEVED_SECONDS
    assert await verifier.verify(given) is caller
    assert issuer.asked == 2
