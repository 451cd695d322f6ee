"""Conditional requests: the version of a case as its ETag, and acts that name the version they mean."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import httpx
import pytest
from starlette.responses import Response

from shared.db.engine import Database
from shared.errors import Invalid
from shared.http.conditional import describe, expected_versions
from tests.shared.http.crates import crates_app
from tests.shared.permits_app import calling, requested
from tests.shared.stored import rows


async def issue(client: httpx.AsyncClient, case: str, **headers: str) -> httpx.Response:
    """Issue a permit."""
    return await client.post(f"/v1/permits/{case}/issue", json={}, headers=headers)


async def test_of_fifty_writers_who_read_the_same_version_one_wins(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Forty-nine are told 412 and have changed nothing; the history has the winner's act alone."""
    first = await requested(client)
    case, version = first.json()["reference"], {"If-Match": first.headers["etag"]}
    answers = await asyncio.gather(*(issue(client, case, **version) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 49
    told = "SELECT sequence FROM events WHERE type = 'permits.permit-issued'"
    assert await rows(database, told) == [(first.json()["version"] + 1,)]
    assert (await client.get(f"/v1/permits/{case}")).json()["status"] == "issued"


async def test_fifty_writers_who_name_no_version_come_one_after_the_other(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """Each takes the case's lock, so the history has no gap and no number twice."""
    async with crates_app(await database_for("permits")) as app, calling(app) as client:
        crate = (await client.post("/v1/crates", json={"words": "Ada"})).headers["location"]
        labels = (client.post(f"{crate}/label", json={"words": f"{number}"}) for number in range(50))
        assert {answer.status_code for answer in await asyncio.gather(*labels)} == {201}
        told = await rows(app.state.resources.database, "SELECT sequence FROM events ORDER BY sequence")
    assert told == [(number,) for number in range(1, 52)]


async def test_every_answer_about_a_case_carries_its_version(client: httpx.AsyncClient) -> None:
    """The ETag goes up with every act, and reading shows the same one."""
    first = await requested(client)
    case = first.json()["reference"]
    version = first.json()["version"]
    assert first.headers["etag"] == f'"{version}"'
    assert (await issue(client, case)).headers["etag"] == f'"{version + 1}"'
    assert (await client.get(f"/v1/permits/{case}")).headers["etag"] == f'"{version + 1}"'


async def test_what_was_made_is_read_at_its_location(client: httpx.AsyncClient) -> None:
    """A case and an act on it where the case is read; a reading names none."""
    case = await requested(client)
    path = f"/v1/permits/{case.json()['reference']}"
    for made in (case, await issue(client, case.json()["reference"])):
        assert made.headers["location"] == path
        read = await client.get(path)
        assert (read.status_code, "location" in read.headers) == (200, False)


async def test_a_page_links_to_the_next(client: httpx.AsyncClient) -> None:
    """With its filters, and only if there is one."""
    for _ in range(3):
        await requested(client)
    first = await client.get("/v1/permits", params={"limit": 2, "status": "requested"})
    assert first.links["next"]["url"].startswith("/v1/permits?limit=2&status=requested&cursor=")
    last = await client.get(first.links["next"]["url"])
    assert (len(last.json()["items"]), last.json()["next"], "link" in last.headers) == (1, None, False)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ('"{}"', 201),
        ('W/"{}"', 201),
        ("*", 201),
        (' "{}" ', 201),
        ('"{}1"', 412),
        ('"0"', 412),
        ('"999999999"', 412),
        ('"99999999999999999999"', 412),
        ('""', 412),
        ('"one"', 412),
        ('"-1"', 412),
        ('"one", "0"', 412),
        ('"one", "{}"', 201),
        ("{}", 422),
        ('"{}', 422),
        ('"{}" "2"', 422),
    ],
)
async def test_if_match_takes_an_etag_of_ours(
    shared_client: httpx.AsyncClient, given: str, status: int
) -> None:
    """A version that is no more, or never was, is 412 (RFC 9110, section 13.1.1); what is no ETag is 422."""
    case = (await requested(shared_client)).json()
    etag = given.format(case["version"])
    answer = await issue(shared_client, case["reference"], **{"If-Match": etag})
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["pointer"] == "/if-match"


async def test_a_stale_version_of_an_unknown_case_is_unknown(client: httpx.AsyncClient) -> None:
    """404 comes first, or a version would tell that there is such a case."""
    stale = await issue(client, "PER-0000-0000", **{"If-Match": '"1"'})
    assert stale.status_code == 404


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"3"', {"3"}),
        ('W/"3"', {"3"}),
        ('"3", W/"4","5"', {"3", "4", "5"}),
        ('""', {""}),
    ],
)
def test_if_match_names_versions(header: str | None, versions: set[str] | None) -> None:
    """One of them must be the case's; without the header, or for `*`, any will do."""
    assert expected_versions(header) == versions


@pytest.mark.parametrize(
    "header", ["", "3", '"3', '3"', '"3" "4"', '"3",', ',"3"', '"3"; "4"', '"a b"', "**"]
)
def test_what_is_no_list_of_etags_is_refused(header: str) -> None:
    """Guessing what was meant could overwrite what somebody else has done."""
    with pytest.raises(Invalid):
        expected_versions(header)


@pytest.mark.parametrize(
    "result",
    [None, [], {"version": 3, "path": "/"}, "text", object(), SimpleNamespace(version=3)],
)
def test_what_has_no_path_has_no_headers(result: object) -> None:
    """Such as a list of reasons, or a timeline: it has its case's version, and changes without it."""
    response = Response()
    describe(response, result, is_new=True)
    assert not {"etag", "location"} & set(response.headers)
