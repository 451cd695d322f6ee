"""The rules of attachments."""

import pytest

from shared.cases.attachments.images import FORMATS
from shared.cases.attachments.policy import MEDIA_TYPES, has_signature_of
from tests.support.images import plain


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_first_bytes(name: str) -> None:
    """It is one type, and no other."""
    media_types = [media_type for media_type in MEDIA_TYPES if has_signature_of(plain(name), media_type)]
    assert media_types == [f"image/{name.lower()}"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"RIFF\x10\x00\x00\x00WAVEfmt ", b" %PDF-1.7", b"<svg/>"]
)
def test_other_content_is_of_no_type(content: bytes) -> None:
    """Nothing, half a mark, a sound, a page: a mark counts only at its own place."""
    assert not any(has_signature_of(content, media_type) for media_type in MEDIA_TYPES)


def test_every_picture_that_is_kept_can_be_rid_of_its_metadata() -> None:
    """A type that is added to the one table must be added to the other."""
    assert {media_type for media_type in MEDIA_TYPES if media_type.startswith("image/")} == set(FORMATS)
