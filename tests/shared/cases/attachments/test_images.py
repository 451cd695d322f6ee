"""Images lose what they say of place, time, camera and owner, and stay what they show."""

import asyncio
import struct
import time
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageCms, ImageOps

from shared.cases.attachments import images
from shared.cases.attachments.images import stripped, without_metadata
from shared.errors import Invalid, Unavailable
from tests.support.images import TELLTALE, jpeg, opened, picture, plain, png, webp

MAKERS: dict[str, Any] = {"image/jpeg": jpeg, "image/png": png, "image/webp": webp}


def shows(content: bytes) -> Image.Image:
    """The picture in a viewer that heeds the orientation."""
    return ImageOps.exif_transpose(opened(content))


@pytest.mark.parametrize("media_type", MAKERS)
def test_nothing_of_the_metadata_is_left(media_type: str) -> None:
    """Neither camera, owner, place, time and comment, nor what stands behind the end of the picture."""
    sent = MAKERS[media_type]()
    assert [word for word in TELLTALE if word in sent] != []
    kept = without_metadata(sent, media_type)
    assert [word for word in TELLTALE if word in kept] == []
    assert dict(opened(kept).getexif()) == {ExifTags.Base.Orientation: 6}
    assert not set(opened(kept).info) & {"xmp", "comment", "photoshop", "Author", "Comment", "mp"}
    assert without_metadata(kept, media_type) == kept


@pytest.mark.parametrize("orientation", [None, 0, *range(1, 10)])
@pytest.mark.parametrize("media_type", MAKERS)
def test_the_picture_is_the_right_way_up(media_type: str, orientation: int | None) -> None:
    """Phones do not turn the pixels but say which way is up; all eight ways look as they did."""
    sent = MAKERS[media_type](orientation=orientation)
    kept = without_metadata(sent, media_type)
    assert shows(kept).tobytes() == shows(sent).tobytes()


@pytest.mark.parametrize(
    ("image", "media_type", "options"),
    [
        (picture(mode="L"), "image/jpeg", {}),
        (picture(mode="CMYK"), "image/jpeg", {}),
        (picture((333, 111)), "image/jpeg", {"quality": 30, "subsampling": 1, "progressive": True}),
        (picture((1, 1)), "image/jpeg", {"quality": 100, "subsampling": 0}),
        (Image.effect_noise((200, 100), 90), "image/jpeg", {"restart_marker_blocks": 2}),
        (Image.effect_noise((200, 100), 90), "image/jpeg", {"progressive": True, "quality": 95}),
        *((picture(mode=mode), "image/png", {}) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")),
        (picture(mode="RGBA"), "image/webp", {}),
        (picture(mode="RGBA"), "image/webp", {"lossless": True}),
    ],
)
def test_pictures_of_every_mode_stay_what_they_are(
    image: Image.Image, media_type: str, options: dict[str, Any]
) -> None:
    """Grey, print colours, palettes, transparency, sixteen bits, many scans: not a pixel changes."""
    sent = MAKERS[media_type](image, **options)
    before, after = opened(sent), opened(without_metadata(sent, media_type))
    assert (after.mode, after.size) == (before.mode, before.size)
    assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_colours(kind: str) -> None:
    """A phone's red is another red without its profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    saved = BytesIO()
    picture().save(saved, kind, icc_profile=profile)
    kept = without_metadata(saved.getvalue(), f"image/{kind.lower()}")
    assert opened(kept).info["icc_profile"] == profile


def test_the_preview_in_an_old_cameras_header_goes() -> None:
    """It may show what was cut away from the picture before it was sent."""
    content = plain("JPEG")
    assert content[2:11] == b"\xff\xe0\x00\x10JFIF\x00"
    header = content[11:18] + b"\x05\x05" + b"preview, Kim Smith".ljust(75)
    sent = content[:2] + b"\xff\xe0" + struct.pack(">H", 7 + len(header)) + b"JFIF\0" + header + content[20:]
    kept = without_metadata(sent, "image/jpeg")
    assert b"Kim Smith" not in kept
    assert opened(kept).tobytes() == opened(content).tobytes()


def test_a_preview_picture_goes_and_the_photo_stays() -> None:
    """A phone's JPEG may hold several pictures, the first of which is the photo."""
    saved = BytesIO()
    picture().save(saved, "MPO", save_all=True, append_images=[picture((24, 16))])
    assert opened(saved.getvalue()).format == "MPO"
    kept = opened(without_metadata(saved.getvalue(), "image/jpeg"))
    assert (kept.format, kept.size) == ("JPEG", picture().size)


def moving(kind: str) -> bytes:
    saved = BytesIO()
    picture().save(saved, kind, save_all=True, append_images=[picture().rotate(180)])
    return saved.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type", "why"),
    [
        (b"\xff\xd8\xff\xe0 a picture of a tap", "image/jpeg", "cannot be read as image/jpeg"),
        (jpeg()[:-60], "image/jpeg", "cannot be read"),
        (b"\x89PNG\r\n\x1a\n a picture of a tap", "image/png", "cannot be read as image/png"),
        (plain("PNG")[:-20], "image/png", "cannot be read"),
        (plain("PNG")[:-12], "image/png", "cannot be read"),
        (plain("WEBP")[:-20], "image/webp", "cannot be read as image/webp"),
        (b"", "image/webp", "cannot be read"),
        (plain("GIF"), "image/png", "cannot be read"),
        (moving("PNG"), "image/png", "moves"),
        (moving("WEBP"), "image/webp", "moves"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, media_type: str, why: str) -> None:
    """Nonsense, half a file, another kind, a film: each with a word on what is wrong."""
    with pytest.raises(Invalid, match=why):
        without_metadata(content, media_type)


@pytest.mark.parametrize("size", [(8000, 6300), (20_000, 20_000)])
def test_a_small_file_may_not_unpack_to_a_giant(size: tuple[int, int]) -> None:
    """One colour packs a thousand to one; the size that the file names is judged before it is unpacked."""
    saved = BytesIO()
    Image.new("1", size).save(saved, "PNG")
    assert len(saved.getvalue()) < 2**20
    with pytest.raises(Invalid, match="may have 50,000,000 pixels"):
        without_metadata(saved.getvalue(), "image/png")


def test_a_broken_exif_block_is_no_reason_to_refuse_a_photo() -> None:
    """Editors leave such; it goes like any other."""
    content = plain("JPEG")
    segment = b"\xff\xe1\x00\x20Exif\0\0broken Kim Smith".ljust(34, b"!")
    kept = without_metadata(content[:2] + segment + content[2:], "image/jpeg")
    assert b"Kim Smith" not in kept
    assert opened(kept).size == (16, 16)


async def test_others_have_their_turn_meanwhile() -> None:
    """Twelve mebibytes of a photo take a processor's time, and none of the loop that serves everybody."""
    sent = jpeg(Image.effect_noise((5000, 4000), 60).convert("RGB"), quality=85)
    assert 8 * 2**20 < len(sent) < 12 * 2**20
    longest, before, done = 0.0, time.perf_counter(), asyncio.ensure_future(stripped(sent, "image/jpeg"))
    began = before
    while not done.done():
        await asyncio.sleep(0.005)
        longest, before = max(longest, time.perf_counter() - before), time.perf_counter()
    took = before - began
    assert b"Kim Smith" not in await done
    assert longest < took / 2


async def test_few_wait_at_once() -> None:
    """More are asked to come again, before they hold what reports of emergencies need; then all is free."""
    sent = jpeg(picture((2000, 1500)))
    many = [stripped(sent, "image/jpeg") for _ in range(images.MOST_IN_HAND + 3)]
    answers = await asyncio.gather(*many, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert (len(refused), refused[0].retry_after) == (3, 1)
    assert len([answer for answer in answers if isinstance(answer, bytes)]) == images.MOST_IN_HAND
    assert await stripped(sent, "image/jpeg")
