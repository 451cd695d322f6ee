"""Removal of metadata from images: place, time, camera, owner, comments, previews.

Metadata hides in many places (EXIF, XMP, IPTC, text, previews, bytes after the end), and a list of them
misses the next one; so here is a list of what stays instead. Pillow reads the whole image, which says that it
is one; then the parts of its file that paint are copied, with which way is up, and no other. To encode the
pixels anew would blur a photo that may be evidence, and takes up to a minute for a large PNG or WebP.
"""

import asyncio
import base64
import binascii
import contextlib
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Semaphore

from PIL import ExifTags, Image
from PIL.PngImagePlugin import putchunk

from shared.errors import Invalid, Unavailable

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_PIXELS = 50_000_000  # as phones take; 4 bytes of memory each, however small the file is
TURNED = range(2, 9)  # the values of EXIF's Orientation for all but upright

START_OF_IMAGE, END_OF_IMAGE, START_OF_SCAN = b"\xd8", b"\xd9", b"\xda"
# frames, Huffman and quantisation tables, scans, lines, restart intervals
JPEG_PAINTS = {*(bytes([code]) for code in range(0xC0, 0xD0)), b"\xda", b"\xdb", b"\xdc", b"\xdd"}
JPEG_COLOURS = {b"\xe2": b"ICC_PROFILE\0", b"\xee": b"Adobe"}
JFIF_SEGMENT, JFIF_MARK, JFIF_LENGTH = b"\xe0", b"JFIF\0", 12  # before the size of its preview
EXIF_SEGMENT, EXIF_MARK = b"\xe1", b"Exif\0\0"
JPEG_STANDS_ALONE = {b"\x01", *(bytes([code]) for code in range(0xD0, 0xD9))}
JPEG_MARKER = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
AFTER_SCAN = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)  # escapes and restarts are of the scan

PNG_PAINTS = {
    b"IHDR",
    b"PLTE",
    b"tRNS",
    b"cHRM",
    b"gAMA",
    b"iCCP",
    b"sBIT",
    b"sRGB",
    b"cICP",
    b"IDAT",
    b"IEND",
}
WEBP_PAINTS = {b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"}
WEBP_HAS_EXIF, WEBP_HAS_XMP = 0x08, 0x04  # flags of VP8X

# A request with an Idempotency-Key holds a database connection meanwhile; so few may wait, or photos would
# keep reports of emergencies out.
AT_ONCE, MOST_IN_HAND = 2, 10
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="images")
_places = Semaphore(MOST_IN_HAND)


async def stripped(content: bytes, media_type: str, pointer: str = "") -> bytes:
    """Remove an image's metadata, in a thread; raises Invalid for what is no such image, and Unavailable."""
    if not _places.acquire(blocking=False):
        raise Unavailable("Many pictures are being taken in; please send this one again.")
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_threads, without_metadata, content, media_type, pointer)
    finally:
        _places.release()


async def stripped_data_url(url: str, pointer: str) -> str:
    """Remove the metadata of an image in a data URL; raises Invalid for any other, and Unavailable."""
    head, _, encoded = url.partition(",")
    media_type = head.removeprefix("data:").removesuffix(";base64")
    if media_type not in FORMATS or head != f"data:{media_type};base64":
        raise Invalid(f"A data URL must be in base64 and one of {', '.join(FORMATS)}.", pointer)
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("This data URL is not in base64.", pointer) from None
    kept = await stripped(content, media_type, pointer)
    return f"{head},{base64.b64encode(kept).decode()}"


def without_metadata(content: bytes, media_type: str, pointer: str = "") -> bytes:
    """Keep what paints an image; raises Invalid for what cannot be read as that type."""
    image = _read(content, media_type, pointer)
    exif = _orientation_only(image)
    with reading(media_type, pointer):
        return COPYING[media_type](content, exif)


def _read(content: bytes, media_type: str, pointer: str) -> Image.Image:
    """The image with its pixels; its size is judged before they are unpacked."""
    with reading(media_type, pointer):
        image = Image.open(BytesIO(content), formats=[FORMATS[media_type]])
        pixels, pictures = image.width * image.height, getattr(image, "n_frames", 1)
    within_most_pixels(pixels, pointer)
    if pictures > 1 and media_type != "image/jpeg":  # in a JPEG the further ones are previews
        raise Invalid("This picture moves; send a still one.", pointer)
    with reading(media_type, pointer):
        image.load()
    return image


def within_most_pixels(pixels: int, pointer: str) -> None:
    """Raise Invalid for more pixels than are unpacked."""
    if pixels > MOST_PIXELS:
        raise Invalid(f"A picture may have {MOST_PIXELS:,} pixels; this has {pixels:,}.", pointer)


@contextlib.contextmanager
def reading(media_type: str, pointer: str) -> Iterator[None]:
    """Raise Invalid for whatever is raised where a picture is read."""
    try:
        yield
    except Image.DecompressionBombError:
        raise Invalid(f"A picture may have {MOST_PIXELS:,} pixels.", pointer) from None
    except Exception as problem:  # of a broken file, decoders raise whatever they stumble upon
        raise Invalid(f"The content cannot be read as {media_type}.", pointer) from problem


def _orientation_only(image: Image.Image) -> bytes:
    """An EXIF block of the orientation alone, or none where the image is upright."""
    orientation = None
    with contextlib.suppress(Exception):  # a broken block says nothing
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    if not isinstance(orientation, int) or orientation not in TURNED:
        return b""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif.tobytes().removeprefix(EXIF_MARK)


def _jpeg(content: bytes, exif: bytes) -> bytes:
    kept, place = BytesIO(), 2
    kept.write(b"\xff" + START_OF_IMAGE)
    if exif:
        kept.write(_segment(EXIF_SEGMENT, EXIF_MARK + exif))
    while True:
        marker, place = _next(JPEG_MARKER, content, place)
        if marker == END_OF_IMAGE:
            kept.write(b"\xff" + marker)
            return kept.getvalue()
        if marker in JPEG_STANDS_ALONE:
            continue
        (length,) = struct.unpack_from(">H", content, place)
        kept.write(_painting_segment(marker, content[place + 2 : place + length]))
        place += length
        if marker == START_OF_SCAN:
            begun = place
            _, ended = _next(AFTER_SCAN, content, place)
            place = ended - 2
            kept.write(content[begun:place])


def _next(pattern: re.Pattern[bytes], content: bytes, place: int) -> tuple[bytes, int]:
    """The next marker, and where it ends."""
    found = pattern.search(content, place)
    if found is None:
        raise ValueError("the image has no end")
    return found[1], found.end()


def _painting_segment(marker: bytes, data: bytes) -> bytes:
    """The segment, without the preview that a JFIF header may hold; empty where it is none that paints."""
    if marker == JFIF_SEGMENT and data.startswith(JFIF_MARK):
        return _segment(marker, data[:JFIF_LENGTH] + b"\0\0")
    of_colours = data.startswith(JPEG_COLOURS.get(marker, b"none"))
    return _segment(marker, data) if marker in JPEG_PAINTS or of_colours else b""


def _segment(marker: bytes, data: bytes) -> bytes:
    return b"\xff" + marker + struct.pack(">H", 2 + len(data)) + data


def _png(content: bytes, exif: bytes) -> bytes:
    source, kept, kind = BytesIO(content), BytesIO(), b""
    kept.write(source.read(8))
    while kind != b"IEND":
        head = source.read(8)
        length, kind = struct.unpack(">I4s", head)
        data_and_checksum = source.read(length + 4)
        if kind in PNG_PAINTS:
            kept.write(head + data_and_checksum)
        if kind == b"IHDR" and exif:
            putchunk(kept, b"eXIf", exif)
    return kept.getvalue()


def _webp(content: bytes, exif: bytes) -> bytes:
    (length,) = struct.unpack_from("<I", content, 4)
    source, kept = BytesIO(content[: 8 + length]), BytesIO()
    source.seek(12)
    while head := source.read(8):
        kind, length = struct.unpack("<4sI", head)
        data = bytearray(source.read(length + length % 2))
        if kind == b"VP8X":
            data[0] &= ~(WEBP_HAS_EXIF | WEBP_HAS_XMP)
            data[0] |= WEBP_HAS_EXIF if exif else 0
        if kind == b"ANMF":
            raise ValueError("a moving picture")
        if kind in WEBP_PAINTS:
            kept.write(head + data)
    if exif:
        kept.write(struct.pack("<4sI", b"EXIF", len(exif)) + exif + b"\0" * (len(exif) % 2))
    return struct.pack("<4sI4s", b"RIFF", 4 + len(kept.getvalue()), b"WEBP") + kept.getvalue()


COPYING: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
