"""Small pictures of photos, for pages that show many: the whole one is read on a tap.

A small one is painted anew, so nothing that the file says of place, time or owner can be in it. It is made as
it is asked for, and not kept: a reader who has it already is told so by its tag, and nothing is painted.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Semaphore

from PIL import Image, ImageOps

from shared.cases.attachments.images import FORMATS, reading, within_most_pixels
from shared.errors import Unavailable

MEDIA_TYPE = "image/jpeg"
LONGEST_SIDE = 320
"""Twice the width at which a page shows it, for screens that are as fine as phones' are."""

QUALITY = 75
MOST_IN_HAND = 8

# A thread of their own: pages that are looked at must not keep out photos that are sent. One picture is
# unpacked at a time, which bounds the memory; each that waits holds a database connection, so few may.
_thread = ThreadPoolExecutor(1, thread_name_prefix="small-images")
_places = Semaphore(MOST_IN_HAND)


async def small(content: bytes, media_type: str) -> bytes:
    """Paint a photo small, in a thread; raises Invalid for what is no such image, and Unavailable."""
    if not _places.acquire(blocking=False):
        raise Unavailable("Many pictures are being made small; please ask for this one again.")
    try:
        return await asyncio.get_running_loop().run_in_executor(_thread, painted_small, content, media_type)
    finally:
        _places.release()


def painted_small(content: bytes, media_type: str) -> bytes:
    """The photo upright and small, as a JPEG without metadata; raises Invalid for what cannot be read."""
    with reading(media_type, ""):
        image = Image.open(BytesIO(content), formats=[FORMATS[media_type]])
        pixels = image.width * image.height
    within_most_pixels(pixels, "")
    painted = BytesIO()
    with reading(media_type, ""):
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # of a JPEG only as much is unpacked as it takes
        upright = ImageOps.exif_transpose(image)
        _on_white(upright).save(painted, "JPEG", quality=QUALITY)
    return painted.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """The pixels alone, on a new ground: what a file says beside them is written with it, such as a comment.

    A JPEG cannot be seen through.
    """
    ground = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground.paste(layer, mask=layer)
    else:
        ground.paste(image.convert("RGB"))
    return ground
