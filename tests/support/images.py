"""Photos as phones and scanners make them, with all that they say of who took them and where."""

import struct
from io import BytesIO

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

# what must be found nowhere in a file that is kept
TELLTALE = (b"Canon", b"EOS", b"Kim Smith", b"Romford", b"2026:03:03", b"GPS", b"Secret", b"preview")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Kim Smith took this in Romford, GPS</x:xmpmeta>'
SIZE = (48, 32)


def picture(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """Red at the top, blue at the bottom: seen at once if it is turned."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0], size[1] // 2))
    return image.convert(mode)


def exif(orientation: int | None = 6) -> Image.Exif:
    """The camera, its owner, the place and the time."""
    block = Image.Exif()
    block[ExifTags.Base.Make], block[ExifTags.Base.Model] = "Canon", "EOS R5"
    block[ExifTags.Base.Artist], block[ExifTags.Base.Copyright] = "Kim Smith", "Kim Smith"
    block[ExifTags.Base.ImageDescription] = "Secret"
    if orientation is not None:
        block[ExifTags.Base.Orientation] = orientation
    details = block.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:03:03 10:00:00"
    details[ExifTags.Base.MakerNote] = b"Secret"
    place = block.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (51.0, 34.0, 30.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (0.0, 11.0, 0.0)
    place[ExifTags.GPS.GPSAreaInformation] = b"Romford"
    return block


def jpeg(image: Image.Image | None = None, orientation: int | None = 6, **options: object) -> bytes:
    """A JPEG with EXIF, XMP, IPTC, a comment and a preview after its end."""
    saved, kept = BytesIO(), image or picture()
    kept.save(saved, "JPEG", exif=exif(orientation), xmp=XMP, comment=b"Secret", **options)
    iptc = b"Photoshop 3.0\0Kim Smith"
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    content = saved.getvalue()
    return content[:2] + segment + content[2:] + b"\xff\xd8 a preview \xff\xd9"


def png(image: Image.Image | None = None, orientation: int | None = 6) -> bytes:
    """A PNG with EXIF, texts of each kind, and bytes after its end."""
    saved, texts = BytesIO(), PngInfo()
    texts.add_text("Author", "Kim Smith")
    texts.add_text("Comment", "Secret", zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    (image or picture()).save(saved, "PNG", exif=exif(orientation), pnginfo=texts)
    return saved.getvalue() + b"Secret"


def webp(image: Image.Image | None = None, orientation: int | None = 6, **options: object) -> bytes:
    """A WebP with EXIF and XMP, and bytes after its end."""
    saved = BytesIO()
    (image or picture()).save(saved, "WEBP", exif=exif(orientation), xmp=XMP, **options)
    return saved.getvalue() + b"Secret"


def plain(kind: str, number: int = 0) -> bytes:
    """A picture of that kind without metadata; those of other numbers are other pictures."""
    saved = BytesIO()
    Image.new("RGB", (16, 16), (number, 100, 50)).save(saved, kind)
    return saved.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image
