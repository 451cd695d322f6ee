"""Lists in pages: nothing shown twice or left out while others add to the list, and no cursor made up."""

from urllib.parse import parse_qsl

import httpx
import pytest
from fastapi import Request, Response
from hypothesis import given, strategies as st

from shared.app_state import cursor_key
from shared.errors import Invalid
from shared.http.paging import CursorSigner, Page, link_next
from shared.settings import Settings
from tests.shared.permits_app import requested

SIGNER = CursorSigner(b"a key", b"a list and its caller")
cursor_of, key_of, page_of = SIGNER.cursor_of, SIGNER.key_of, SIGNER.page_of

parts = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4)


@given(parts)
def test_a_cursor_gives_back_the_key_it_was_made_of(key: list[str]) -> None:
    """Whatever the key's texts are; and it needs no quoting in a URL."""
    cursor = cursor_of(*key)
    assert key_of(cursor, len(key)) == key
    assert cursor.replace("-", "").replace("_", "").isalnum()


def test_no_cursor_is_the_beginning() -> None:
    """A first page has none."""
    assert key_of(None, 2) is None


@given(st.text(max_size=60))
def test_a_made_up_cursor_is_refused(text: str) -> None:
    """Whatever it is: it points at the parameter, and breaks nothing."""
    with pytest.raises(Invalid) as refusal:
        key_of(text, 2)
    assert refusal.value.pointer == "/cursor"


@given(parts, st.data())
def test_a_cursor_that_was_cut_short_is_refused(key: list[str], data: st.DataObject) -> None:
    """A cursor is cut short when somebody copies half of a link."""
    cursor = cursor_of(*key)
    short = cursor[: data.draw(st.integers(0, len(cursor) - 1))]
    with pytest.raises(Invalid):
        key_of(short, len(key))


@given(parts, st.data())
def test_a_cursor_that_was_added_to_is_refused(key: list[str], data: st.DataObject) -> None:
    """Also by what a lenient decoder passes over."""
    cursor = cursor_of(*key)
    place = data.draw(st.integers(0, len(cursor)))
    more = data.draw(st.sampled_from(["=", "!", " ", "\n", "A", "é", "\u0662"]))
    with pytest.raises(Invalid):
        key_of(cursor[:place] + more + cursor[place:], len(key))


def test_a_cursor_of_another_list_caller_or_key_is_refused() -> None:
    """Nothing but the very signature will do, nor a key of another length."""
    cursor = cursor_of("one", "two")
    others = CursorSigner(b"another key", SIGNER.scope), CursorSigner(SIGNER.key, b"another list")
    for other in others:
        with pytest.raises(Invalid):
            other.key_of(cursor, 2)
    with pytest.raises(Invalid):
        key_of(cursor, 3)


def test_replicas_agree_on_the_key() -> None:
    """It comes from the cursors' own secret, or else from the service's, and is neither of them."""
    own = Settings(cursor_secret="mine", client_secret="house")
    assert cursor_key(own) == cursor_key(Settings(cursor_secret="mine"))
    assert cursor_key(Settings(client_secret="house")) == cursor_key(Settings(client_secret="house"))
    assert cursor_key(own) != cursor_key(Settings(client_secret="house"))
    assert b"mine" not in cursor_key(own)


def test_without_a_secret_nobody_can_guess_the_key(caplog: pytest.LogCaptureFixture) -> None:
    """An empty key could be computed by anybody; a log says that replicas do not agree."""
    assert cursor_key(Settings()) != cursor_key(Settings())
    assert "CURSOR_SECRET" in caplog.text


def test_the_last_page_has_no_next() -> None:
    """Queries ask for one row more than is shown, to know whether there is more."""
    assert page_of([1, 2, 3], 3, lambda row: (row,)) == ([1, 2, 3], None)
    shown, following = page_of([1, 2, 3, 4], 3, lambda row: (row,))
    assert (shown, key_of(following, 1)) == ([1, 2, 3], ["3"])
    assert page_of([], 3, lambda row: (row,)) == ([], None)


def test_the_link_keeps_the_filters_even_those_given_twice() -> None:
    """RFC 8288; the old cursor is replaced, and the Host header has no say in it."""
    scope = {
        "type": "http",
        "path": "/v1/permits",
        "query_string": b"state=met&state=late&cursor=old&q=a%26b",
        "headers": [(b"host", b"evil.example")],
        "server": ("localhost", 80),
    }
    response = Response()
    link_next(Request(scope), response, Page[str](items=[], next="new"))
    link = response.headers["link"]
    assert link.startswith("</v1/permits?")
    assert link.endswith('>; rel="next"')
    query = link[len("</v1/permits?") : -len('>; rel="next"')]
    assert parse_qsl(query) == [("state", "met"), ("state", "late"), ("q", "a&b"), ("cursor", "new")]


@pytest.mark.parametrize("answer", [Page[str](items=["the last"], next=None), ["no page"], None])
def test_nothing_else_has_a_link(answer: object) -> None:
    """The last page leads nowhere, and what is no page never did."""
    response = Response()
    link_next(Request({"type": "http", "path": "/", "query_string": b"", "headers": []}), response, answer)
    assert "link" not in response.headers


async def test_pages_neither_repeat_nor_skip_while_the_list_grows(client: httpx.AsyncClient) -> None:
    """Reading five cases in pages of two, with a new one reported after each page."""
    five = [(await requested(client)).json()["reference"] for _ in range(5)]
    seen: list[str] = []
    where: str | None = "/v1/permits?limit=2"
    while where:
        answer = await client.get(where)
        seen += [item["reference"] for item in answer.json()["items"]]
        await requested(client)
        where = answer.links.get("next", {}).get("url")
    assert seen == five[::-1]
