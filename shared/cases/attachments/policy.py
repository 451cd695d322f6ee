"""Rules of attachments: kinds, media types, sizes and how many."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 12 * 1024 * 1024
"""Photos come from phones in full size, and are evidence."""

MOST_OF_A_CASE = 30


class AttachmentKind(StrEnum):
    """A kind of attachment."""

    PHOTO = "photo"
    SIGNATURE = "signature"
    MAIL = "mail"
    """The words of a mail about the case, or a file that came with it; by no other way than with the mail."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of file that is kept: the ending of its names, and the bytes at fixed places that show it."""

    ending: str
    marks: tuple[tuple[int, bytes], ...]


# Only what shows itself by its first bytes: a page or a script that calls itself a picture is no attachment.
MEDIA_TYPES: Mapping[str, MediaType] = {
    "image/jpeg": MediaType("jpg", ((0, b"\xff\xd8\xff"),)),
    "image/png": MediaType("png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    "image/webp": MediaType("webp", ((0, b"RIFF"), (8, b"WEBP"))),
    "application/pdf": MediaType("pdf", ((0, b"%PDF-"),)),
}


def has_signature_of(content: bytes, media_type: str) -> bool:
    """Tell whether the content begins as a file of that type does."""
    return all(content.startswith(mark, place) for place, mark in MEDIA_TYPES[media_type].marks)
