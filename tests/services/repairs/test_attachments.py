"""Photos and signatures: what is taken, and who may see it again."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import ExifTags

from shared.cases.attachments.policy import MEDIA_TYPES, MOST_BYTES, MOST_OF_A_CASE
from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import assigned, reported
from tests.support.images import TELLTALE, jpeg, opened, picture, plain, png, webp

JPEG, PNG, WEBP = plain("JPEG"), plain("PNG"), plain("WEBP")
PDF = b"%PDF-1.7 a certificate"


async def sent(
    client: httpx.AsyncClient,
    job: dict[str, Any],
    headers: Headers,
    content: bytes = JPEG,
    media_type: str = "image/jpeg",
    kind: str = "photo",
) -> httpx.Response:
    path = f"/v1/repairs/{job['reference']}/attachments"
    return await client.post(
        path, params={"kind": kind}, content=content, headers={**headers, "Content-Type": media_type}
    )


async def test_a_photo_is_had_in_a_small_size_by_whoever_sees_it_whole(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """For pages that show many; who has it already is told so, and who may not see it finds nothing."""
    job = await assigned(repairs, callers.officer())
    answer = await sent(repairs, job, callers.contractor(), jpeg(picture((1200, 800)), orientation=None))
    at, size = answer.headers["Location"], {"size": "small"}
    found = await repairs.get(at, params=size, headers=callers.officer())
    assert (opened(found.content).size, found.headers["Content-Type"]) == ((320, 213), "image/jpeg")
    assert found.headers["Cache-Control"] == "private, no-cache"
    has_it = {"If-None-Match": found.headers["ETag"]}
    again = await repairs.get(at, params=size, headers={**callers.officer(), **has_it})
    assert (again.status_code, again.content) == (304, b"")
    others = await repairs.get(at, params=size, headers={**callers.contractor("Other"), **has_it})
    assert others.status_code == 404
    document = await sent(repairs, job, callers.contractor(), PDF, "application/pdf")
    whole = await repairs.get(document.headers["Location"], params=size, headers=callers.officer())
    assert (whole.content, "ETag" in whole.headers) == (PDF, False), "no picture goes as it is kept"


async def listed(client: httpx.AsyncClient, job: dict[str, Any], headers: Headers) -> list[str]:
    """The ids of what the caller sees."""
    answer = await client.get(f"/v1/repairs/{job['reference']}/attachments", headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("media_type", "content", "ending"),
    [
        ("image/jpeg", JPEG, "jpg"),
        ("image/png", PNG, "png"),
        ("image/webp", WEBP, "webp"),
        ("application/pdf", PDF, "pdf"),
        ("Image/JPEG; charset=binary", JPEG, "jpg"),
    ],
)
async def test_what_was_sent_comes_back_byte_by_byte(
    repairs: httpx.AsyncClient, callers: Callers, media_type: str, content: bytes, ending: str
) -> None:
    """It is to be saved, never run: a browser may neither guess its type nor show it as a page."""
    job = await assigned(repairs, callers.officer())
    answer = await sent(repairs, job, callers.contractor(), content, media_type)
    assert answer.status_code == 201, answer.text
    kept = answer.json()
    assert (kept["kind"], kept["size"], kept["firm"]) == ("photo", len(content), "Fixit")
    found = await repairs.get(answer.headers["Location"], headers=callers.officer())
    assert found.content == content
    assert found.headers["Content-Type"] == kept["media_type"]
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    name = f"{job['reference']}-photo-{kept['id']}.{ending}"
    assert found.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in found.headers["Cache-Control"]


@pytest.mark.parametrize("kind", ["photo", "signature"])
@pytest.mark.parametrize(
    ("media_type", "content"), [("image/jpeg", jpeg()), ("image/png", png()), ("image/webp", webp())]
)
async def test_a_picture_is_kept_without_its_place_and_its_owner(
    repairs: httpx.AsyncClient, callers: Callers, media_type: str, content: bytes, kind: str
) -> None:
    """A photo from a resident's phone says where they live; of that only which way is up is handed out."""
    job = await assigned(repairs, callers.officer())
    first, again = [await sent(repairs, job, callers.contractor(), content, media_type, kind) for _ in "12"]
    assert (first.status_code, again.json()) == (201, first.json())
    found = await repairs.get(first.headers["Location"], headers=callers.officer())
    assert [word for word in TELLTALE if word in found.content] == []
    assert dict(opened(found.content).getexif()) == {ExifTags.Base.Orientation: 6}
    assert opened(found.content).tobytes() == opened(content).tobytes()
    assert len(found.content) == first.json()["size"] < len(content)
    assert await listed(repairs, job, callers.officer()) == [first.json()["id"]]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/jpeg", PNG),
        ("image/png", b"<script>alert(1)</script>"),
        ("image/webp", b"RIFF\x10\x00\x00\x00WAVEfmt "),
        ("image/jpeg", JPEG[:-40]),
        ("image/webp", b"RIFF\x10\x00\x00\x00WEBPVP8 a picture of a tap"),
        ("application/pdf", b""),
    ],
    ids=["png as jpeg", "script", "sound", "half a photo", "no picture", "nothing"],
)
async def test_what_is_not_what_it_says_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, media_type: str, content: bytes
) -> None:
    """A file is judged by its first bytes, a picture by all of them; nothing of a refused one is kept."""
    job = await assigned(repairs, callers.officer())
    answer = await sent(repairs, job, callers.contractor(), content, media_type)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "")
    assert await listed(repairs, job, callers.officer()) == []


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/json", ""])
async def test_other_types_of_file_are_not_taken(
    repairs: httpx.AsyncClient, callers: Callers, media_type: str
) -> None:
    """A page or a drawing with a script in it could run in whoever's browser opens it."""
    job = await assigned(repairs, callers.officer())
    assert (await sent(repairs, job, callers.contractor(), JPEG, media_type)).status_code == 415
    assert await listed(repairs, job, callers.officer()) == []


async def test_twelve_mebibytes_are_the_most(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Exactly so much is taken; one byte more is not."""
    job = await assigned(repairs, callers.officer())
    largest = JPEG.ljust(MOST_BYTES, b"\x00")
    assert (await sent(repairs, job, callers.contractor(), largest)).status_code == 201
    assert (await sent(repairs, job, callers.contractor(), largest + b"\x00")).status_code == 413


async def test_a_repair_keeps_a_bounded_number(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """One case cannot fill the database; what is there already may still be sent again."""
    job = await assigned(repairs, callers.officer())
    photos = [plain("PNG", number) for number in range(MOST_OF_A_CASE + 1)]
    for photo in photos[:-1]:
        assert (await sent(repairs, job, callers.contractor(), photo, "image/png")).status_code == 201
    refused = await sent(repairs, job, callers.officer(), photos[-1], "image/png")
    assert (refused.status_code, "cancellation" in refused.json()["allowed"]) == (409, True)
    assert (await sent(repairs, job, callers.contractor(), photos[0], "image/png")).status_code == 201
    assert len(await listed(repairs, job, callers.officer())) == MOST_OF_A_CASE


async def test_the_same_photo_sent_twice_is_kept_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A phone that never heard our answer sends again, and hears the same."""
    job = await assigned(repairs, callers.officer())
    first, second = [await sent(repairs, job, callers.contractor()) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    keyed = callers.contractor() | {"Idempotency-Key": "the photo of the tap"}
    replayed = [await sent(repairs, job, keyed) for _ in range(2)][1]
    assert (replayed.json(), replayed.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert len(await listed(repairs, job, callers.officer())) == 1


async def test_each_sees_what_concerns_them(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Officers all, the resident the photos, the firm what it uploaded itself."""
    job = await reported(repairs, callers.resident())
    await given_to(repairs, job, "Fixit", callers.officer())
    own = (await sent(repairs, job, callers.resident())).json()["id"]
    photo = (await sent(repairs, job, callers.contractor(), PNG, "image/png")).json()["id"]
    signature = (await sent(repairs, job, callers.contractor(), PDF, "application/pdf", "signature")).json()
    assert set(await listed(repairs, job, callers.officer())) == {own, photo, signature["id"]}
    assert set(await listed(repairs, job, callers.resident())) == {own, photo}
    assert set(await listed(repairs, job, callers.contractor())) == {photo, signature["id"]}
    for id, headers, status in (
        (signature["id"], callers.resident(), 404),
        (own, callers.contractor(), 404),
        (photo, callers.resident(), 200),
        (photo, callers.resident("kim"), 404),
        (photo, callers.contractor("Bodgit"), 404),
        (photo, callers.officer("asb"), 404),
        (photo, callers.frontend(), 403),
        (str(uuid4()), callers.officer(), 404),
    ):
        found = await repairs.get(f"/v1/repairs/{job['reference']}/attachments/{id}", headers=headers)
        assert found.status_code == status


async def test_a_front_end_adds_photos_to_what_it_reported_and_reads_none(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Whoever reports without signing in sends a photo too; of other cases there is nothing."""
    job = await reported(repairs, callers.frontend())
    added = await sent(repairs, job, callers.frontend())
    assert added.status_code == 201, added.text
    assert await listed(repairs, job, callers.officer()) == [added.json()["id"]]
    path = f"/v1/repairs/{job['reference']}/attachments"
    assert (await repairs.get(path, headers=callers.frontend())).status_code == 403
    others = await reported(repairs, callers.officer())
    unsafe = await reported(
        repairs,
        callers.frontend(),
        contact={"name": "Sam Jones", "phone": "01632 960001", "safe_to_contact": False},
    )
    for case in (others, unsafe):
        assert (await sent(repairs, case, callers.frontend())).status_code == 404


async def test_the_next_firm_sees_nothing_of_the_last(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Bodgit takes the job over, without Fixit's photos; and Fixit sees the case no more."""
    job = await assigned(repairs, callers.officer())
    photo = (await sent(repairs, job, callers.contractor("Fixit"))).headers["Location"]
    await given_to(repairs, job, "Bodgit", callers.officer())
    assert await listed(repairs, job, callers.contractor("Bodgit")) == []
    for firm in ("Fixit", "Bodgit"):
        assert (await repairs.get(photo, headers=callers.contractor(firm))).status_code == 404
    assert (await sent(repairs, job, callers.contractor("Fixit"), PNG, "image/png")).status_code == 404


async def test_photos_of_finished_work_may_come_late(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The phone finds a signal after the repair is done; keeping a photo changes no version."""
    job = await assigned(repairs, callers.officer())
    done = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
    path = f"/v1/repairs/{job['reference']}"
    answer = await repairs.post(f"{path}/updates", json=done, headers=callers.contractor())
    assert (await sent(repairs, job, callers.contractor())).status_code == 201
    case = (await repairs.get(path, headers=callers.officer())).json()
    assert case["version"] == answer.json()["version"]


async def test_nothing_is_sent_without_saying_what_it_is(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The kind is asked for; an unknown one is refused, and so is whoever has no token."""
    job = await assigned(repairs, callers.officer())
    assert (await sent(repairs, job, callers.contractor(), kind="film")).status_code == 422
    assert (await sent(repairs, job, {})).status_code == 401


async def given_to(client: httpx.AsyncClient, job: dict[str, Any], firm: str, officer: Headers) -> None:
    path = f"/v1/repairs/{job['reference']}/assignment"
    answer = await client.post(path, json={"contractor": firm}, headers=officer)
    assert answer.status_code == 201


async def test_the_files_that_are_taken_are_described(repairs: httpx.AsyncClient) -> None:
    """A developer reads in the OpenAPI document that the body is the file itself, and of which types."""
    paths = (await repairs.get("/openapi.json")).json()["paths"]
    body = paths["/v1/repairs/{reference}/attachments"]["post"]["requestBody"]
    assert (body["required"], set(body["content"])) == (True, set(MEDIA_TYPES))
    found = paths["/v1/repairs/{reference}/attachments/{id}"]["get"]["responses"]["200"]
    assert set(found["content"]) == {"application/octet-stream"}
    assert found["description"] == f"The file, as {', '.join(MEDIA_TYPES)}"
