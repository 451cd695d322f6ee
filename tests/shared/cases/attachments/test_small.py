"""Small pictures: upright, without a word of the file's, and bounded in what they cost."""

import asyncio
import time
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from shared.cases.attachments import small as module
from shared.cases.attachments.small import LONGEST_SIDE, MOST_IN_HAND, painted_small, small
from shared.errors import Invalid, Unavailable
from tests.support.images import TELLTALE, jpeg, opened, picture, plain, png, webp

MAKERS: dict[str, Any] = {"image/jpeg": jpeg, "image/png": png, "image/webp": webp}


@pytest.mark.parametrize("media_type", MAKERS)
def test_it_is_upright_and_says_nothing_of_place_or_owner(media_type: str) -> None:
    """Painted anew: a photo that was taken on its side stands, and its pixels are all that is left."""
    painted = painted_small(MAKERS[media_type](picture((1200, 800))), media_type)
    shown = opened(painted)
    assert (shown.format, shown.size) == ("JPEG", (213, LONGEST_SIDE))
    assert [word for word in TELLTALE if word in painted] == []
    assert not shown.getexif()
    colour = shown.convert("RGB").getpixel((200, 160))
    assert isinstance(colour, tuple)
    red, _, blue = colour
    assert (red > 200, blue < 60) == (True, True), "what was above is at the right once it is turned"


def test_a_picture_that_is_small_already_grows_no_larger() -> None:
    """Nothing is made up."""
    assert opened(painted_small(png(orientation=None), "image/png")).size == picture().size


def test_what_can_be_seen_through_is_white_behind() -> None:
    """As it is on the page; a JPEG would make it black."""
    glass, saved = Image.new("RGBA", (40, 40), (0, 0, 0, 0)), BytesIO()
    glass.save(saved, "PNG")
    assert opened(painted_small(saved.getvalue(), "image/png")).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"no picture", plain("JPEG")[:-200]])
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    """Files that came with a mail are kept as they are, whatever they call themselves."""
    with pytest.raises(Invalid):
        painted_small(content, "image/jpeg")


def test_a_picture_of_too_many_pixels_is_never_unpacked() -> None:
    """A file of some kilobytes that would fill gigabytes of memory is refused by its head alone."""
    huge, saved = Image.new("1", (20_000, 20_000)), BytesIO()
    huge.save(saved, "PNG")
    began = time.perf_counter()
    with pytest.raises(Invalid, match="may have 50,000,000 pixels"):
        painted_small(saved.getvalue(), "image/png")
    assert time.perf_counter() - began < 1


def slowly(*_: object) -> bytes:
    time.sleep(0.02)
    return b"small"


async def test_only_so_many_wait_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that waits holds a database connection: one too many is told to ask again, and others go on."""
    monkeypatch.setattr(module, "painted_small", slowly)
    asked = [small(b"photo", "image/jpeg") for _ in range(MOST_IN_HAND + 2)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert answers.count(b"small") == MOST_IN_HAND
    assert [type(each) for each in answers if each != b"small"] == [Unavailable] * 2
    assert await small(b"photo", "image/jpeg") == b"small"
