"""Stylesheets, scripts and images, under one address that changes when any of them does.

Scripts import each other by relative names, so all stand under one digest. They are read, compressed and
kept in memory at start-up.
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).with_name("static")
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"

FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
GDS_TRANSPORT = "GDS Transport,"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    media_type: str
    content: bytes
    compressed: bytes


class Assets:
    """An ASGI application for the files of `static/`, and their addresses for templates."""

    def __init__(self, root: str, folder: Path = STATIC) -> None:
        self._files = {
            path.name: _read(path) for path in sorted(folder.rglob("*")) if path.suffix in MEDIA_TYPES
        }
        digest = sha256()
        for name, file in self._files.items():
            digest.update(name.encode() + b"\0" + file.content)
        self.base = f"{root}/{digest.hexdigest()[:12]}"

    @property
    def sizes(self) -> Mapping[str, int]:
        """The bytes of each file, compressed."""
        return {name: len(file.compressed) for name, file in self._files.items()}

    def url(self, name: str) -> str:
        """The address of a file; raises KeyError for one that is not there."""
        self._files[name]
        return f"{self.base}/{name}"

    def content(self, name: str) -> bytes:
        """A file, for a page that answers with it under an address of its own; raises KeyError."""
        return self._files[name].content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a file under its present address; an old address leads nowhere: its page is old too."""
        folder, _, name = scope["path"].rpartition("/")
        file = self._files.get(name) if folder == self.base else None
        await (Response(status_code=404) if file is None else _answer(file, Headers(scope=scope)))(
            scope, receive, send
        )


def _answer(file: Asset, headers: Headers) -> Response:
    is_compressed = "gzip" in headers.get("accept-encoding", "")
    told = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if is_compressed:
        told["Content-Encoding"] = "gzip"
    return Response(
        file.compressed if is_compressed else file.content, headers=told, media_type=file.media_type
    )


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    if path.suffix == ".css":
        content = without_gds_transport(content.decode()).encode()
    return Asset(MEDIA_TYPES[path.suffix], content, gzip.compress(content, 9, mtime=0))


def without_gds_transport(css: str) -> str:
    """GOV.UK's stylesheet without its typeface, which is for gov.uk alone.

    With the family name gone and its @font-face still there, every page would ask for fonts that the
    Content-Security-Policy refuses.
    """
    return FONT_FACE.sub("", css).replace(GDS_TRANSPORT, "")
