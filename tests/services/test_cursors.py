"""A cursor leads on in the list and for the caller it was given to; any other is refused, by every list."""

import base64
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from shared.app_state import cursor_key
from shared.caller import Caller
from shared.http.paging import signer_for
from shared.settings import Settings
from tests.services.callers import Callers
from tests.services.repairs.reporting import reported
from tests.support.apps import app_of

AT = "2025-06-02T10:00:00+00:00"  # a Monday
ID = "00000000-0000-4000-8000-000000000000"
# A sorting key as each list has it; a list that is added is named here.
KEYS: Mapping[str, tuple[Any, ...]] = {
    "/v1/repairs": (AT, "REP-7K3M-Q9TX"),
    "/v1/repairs/{reference}/updates": (7,),
    "/v1/slots": (AT, ID),
    "/v1/appliances": (AT, "APP-7K3M-Q9TX"),
    "/v1/contractors": ("fixit",),
    "/v1/deadlines": ("1", AT, "REP-7K3M-Q9TX", "repairs.completed", 1),
    "/v1/worklist": (1, AT, "REP-7K3M-Q9TX"),
    "/v1/notices": (AT, ID),
    "/v1/me/notices": (AT, ID),
}
OF_NOTIFICATIONS = {"/v1/deadlines", "/v1/worklist", "/v1/notices", "/v1/me/notices"}
every_list = pytest.mark.parametrize("path", KEYS)


def lists_of(app: FastAPI) -> set[str]:
    """The paths of an application's lists, which take a cursor."""
    paths: dict[str, Any] = app.openapi()["paths"]
    return {
        path
        for path, operations in paths.items()
        for parameter in operations.get("get", {}).get("parameters", ())
        if parameter["name"] == "cursor"
    }


@pytest.fixture
def clients(repairs: httpx.AsyncClient, notifications: httpx.AsyncClient) -> dict[str, httpx.AsyncClient]:
    """By path, who has the list."""
    return {path: notifications if path in OF_NOTIFICATIONS else repairs for path in KEYS}


async def actual(path: str, repairs: httpx.AsyncClient, callers: Callers) -> str:
    """The list's path, of a case that there is."""
    if "{" not in path:
        return path
    return path.format(reference=(await reported(repairs, callers.officer()))["reference"])


def cursor(
    settings: Settings, path: str, key: tuple[Any, ...], query: str = "", caller: str = "officer-7"
) -> str:
    """A cursor as this list gives it out to this caller."""
    nothing: frozenset[str] = frozenset()
    asked = Request({"type": "http", "path": path, "query_string": query.encode(), "headers": []})
    by = Caller(caller, nothing, nothing, nothing, None)
    return signer_for(asked, by, cursor_key(settings)).cursor_of(*key)


def test_every_list_is_walked() -> None:
    """One that is added is tried below as soon as it has a key here."""
    assert lists_of(app_of("repairs")) | lists_of(app_of("notifications")) == set(KEYS)


@every_list
async def test_a_lists_own_cursor_is_followed(
    clients: dict[str, httpx.AsyncClient],
    repairs: httpx.AsyncClient,
    callers: Callers,
    settings: Settings,
    path: str,
) -> None:
    """With pages of another size, too."""
    where = await actual(path, repairs, callers)
    query = {"cursor": cursor(settings, where, KEYS[path]), "limit": "7"}
    answer = await clients[path].get(where, params=query, headers=callers.officer())
    assert answer.status_code == 200, answer.text


@every_list
async def test_a_cursor_that_was_not_given_out_here_is_refused(
    clients: dict[str, httpx.AsyncClient],
    repairs: httpx.AsyncClient,
    callers: Callers,
    settings: Settings,
    path: str,
) -> None:
    """Another list's, another caller's, with other filters, forged, broken, or no cursor at all: 422."""
    where, key = await actual(path, repairs, callers), KEYS[path]
    own = cursor(settings, where, key)
    others = Settings(cursor_secret="guessed")
    refused = {
        "another list's": cursor(settings, "/v1/another", key),
        "another list's, with as many parts": cursor(settings, "/v1/another", ("x",) * len(key)),
        "another caller's": cursor(settings, where, key, caller="officer-8"),
        "other filters": cursor(settings, where, key, query="status=met"),
        "forged": cursor(others, where, key),
        "forged without a signature": base64.urlsafe_b64encode(b'["2025-06-02","x"]').decode(),
        "cut short": own[:-1],
        "with a character changed": own[:-2] + ("A" if own[-2] != "A" else "B") + own[-1],
        "with more at its end": own + "AAAA",
        "with what a decoder passes over": own[:5] + "!" + own[5:],
        "not ASCII": "cursör-日本",
        "with a digit of another script": own[:-1] + "٣",
        "NUL": "a\0b",
        "no text": "",
    }
    for name, wrong in refused.items():
        answer = await clients[path].get(where, params={"cursor": wrong}, headers=callers.officer())
        assert answer.status_code == 422, f"{name}: {answer.text}"
        assert answer.json()["errors"][0]["pointer"] == "/cursor", name
