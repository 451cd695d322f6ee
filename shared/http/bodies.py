"""Request bodies: read within a limit, of a media type that the route takes, well-formed, and valid."""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, NoReturn

import orjson
from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shared.errors import Invalid, TooLarge, UnsupportedMediaType
from shared.http.problems import Error, errors_of

JSON = re.compile(r"application/(?:[\w.+-]+\+)?json", re.IGNORECASE)
HALF_A_LETTER = re.compile("[\ud800-\udfff]")


REFUSED_BODY = "x-body-refused"
"""The header of a request to a front end whose body the gateway kept back, as it is larger than may be.

The front end answers in a page of its own. No client can send it: the gateway passes on no such header.
"""


class EncodedBody(UnsupportedMediaType):
    """A compressed body, of which nobody could say how large it becomes (RFC 9110 section 15.5.16)."""

    def headers(self) -> dict[str, str]:
        return {"Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is the whole body, with the media type it was sent as."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SpooledUpload:
    """A file that is the whole body, too long to be held in memory: it is read from the disk."""

    media_type: str
    file: IO[bytes]


class Spooled(bytes):
    """The digest of a body that was written to a temporary file as it arrived, with the file."""

    file: IO[bytes]

    def __new__(cls, digest: bytes, file: IO[bytes]) -> "Spooled":
        spooled = super().__new__(cls, digest)
        spooled.file = file
        return spooled


@dataclass(frozen=True, slots=True)
class FileBody:
    """A marker in a route's signature: the body is a file of one of these types, of at most so many bytes."""

    media_types: tuple[str, ...]
    most: int
    is_spooled: bool = False

    async def __call__(self) -> Upload:
        """Refuse to be called: CaseRoute reads the body before it solves any dependency."""
        raise AssertionError("a file is read by CaseRoute")

    @property
    def described(self) -> dict[str, Any]:
        """The `requestBody` of the OpenAPI document."""
        content = {name: {"schema": {"type": "string", "format": "binary"}} for name in self.media_types}
        return {"required": True, "content": content}


def file_body(media_types: Collection[str], most: int) -> Any:
    """Take the body as an Upload, as in `file: Annotated[Upload, file_body({"image/png"}, most=MIB)]`."""
    return Depends(FileBody(tuple(media_types), most))


def spooled_body(media_types: Collection[str], most: int) -> Any:
    """Take the body as a SpooledUpload."""
    return Depends(FileBody(tuple(media_types), most, is_spooled=True))


class BodyReader:
    """The body of one route: JSON for a model, a file, or none at all."""

    def __init__(self, dependant: Dependant) -> None:
        files = [each for each in dependant.dependencies if isinstance(each.call, FileBody)]
        self.dependency = files[0] if files else None
        self._file = files[0].call if files else None
        self._name = files[0].name if files else None
        self._adapter: TypeAdapter[Any] | None = None
        if dependant.body_params:
            assert len(dependant.body_params) == 1, f"{dependant.path} has more than one body"
            field = dependant.body_params[0]
            self._name, self._field = field.name, field.field_info
            given: Any = Annotated[field.field_info.annotation, field.field_info]
            self._adapter = TypeAdapter(given)

    @classmethod
    def of_model(cls, model: type[BaseModel]) -> "BodyReader":
        """The reader of a route that is not a service's, whose body is this model."""
        reader = cls(Dependant())
        reader._name, reader._field, reader._adapter = "body", FieldInfo(annotation=model), TypeAdapter(model)
        return reader

    async def model(self, request: Request, most: int) -> Any:
        """Read the body and validate it; raises what `read` raises, Invalid, and RequestValidationError."""
        raw = await self.read(request, most)
        self.check_well_formed(raw)
        values, errors = self.validated(raw, request)
        if errors:
            raise RequestValidationError(errors)
        return values[str(self._name)]

    async def read(self, request: Request, most: int) -> bytes:
        """Read the body, of at most `most` bytes if it is JSON; raises UnsupportedMediaType, TooLarge."""
        check_not_encoded(request)
        if self._name is None:
            return await _read(request, most)
        if isinstance(self._file, FileBody):
            _media_type(request, self._file.media_types)
            return await (_spool if self._file.is_spooled else _read)(request, self._file.most)
        announced = request.headers.get("content-type")
        is_none = request.headers.get("content-length") == "0"  # `curl -d ''` names a type of nothing
        if announced is not None and not is_none and JSON.fullmatch(_without_parameters(announced)) is None:
            raise UnsupportedMediaType("The body must be JSON, with Content-Type: application/json.")
        body = await _read(request, most)
        if body and announced is None:
            raise UnsupportedMediaType("The body needs a Content-Type: application/json.")
        return body

    def check_well_formed(self, raw: bytes) -> None:
        """Raise Invalid for what is no JSON; what is wrong with its fields is the model's to say."""
        if self._adapter is None or not raw:
            return
        parsed(raw)

    def by_value(self, raw: bytes) -> bytes:
        """One form for all JSON bodies of the same value; 1 and 1.0 differ, as do the bytes of a file."""
        if self._adapter is None:
            return raw
        try:
            return orjson.dumps(parsed(raw), option=orjson.OPT_SORT_KEYS)
        except (Invalid, TypeError):  # no body, half of a surrogate pair, an integer of 65 bits
            return raw

    def validated(self, raw: bytes, request: Request) -> tuple[dict[str, Any], list[Error]]:
        """The argument that the endpoint takes, by name, or what is wrong with it."""
        if self._name is None:
            return {}, []
        if isinstance(self._file, FileBody):
            media_type = _media_type(request, self._file.media_types)
            if isinstance(raw, Spooled):
                raw.file.seek(0)  # a retried request reads it again
                return {self._name: SpooledUpload(media_type, raw.file)}, []
            return {self._name: Upload(media_type, raw)}, []
        assert self._adapter is not None
        if not raw:
            default = self._field.get_default(call_default_factory=True)
            if default is PydanticUndefined:
                return {}, [{"type": "missing", "loc": ("body",), "msg": "Field required"}]
            return {self._name: default}, []
        try:
            return {self._name: self._validate(self._adapter, raw)}, []
        except ValidationError as wrong:
            return {}, errors_of(wrong)

    @staticmethod
    def _validate(adapter: TypeAdapter[Any], raw: bytes) -> Any:
        """Validate the bytes themselves: of parsed objects strict mode takes no text for a date or a code."""
        try:
            return adapter.validate_json(raw)
        except ValidationError as wrong:
            if errors_of(wrong)[0]["type"] != "json_invalid":
                raise
        return adapter.validate_json(_in_plain_utf8(raw))


def check_not_encoded(request: Request) -> None:
    """Raise EncodedBody for a request whose body is compressed."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise EncodedBody("The body must be sent as it is, without a Content-Encoding.")


def parsed(raw: bytes) -> Any:
    """Parse JSON in any encoding of Unicode; raises Invalid, also for a key that an object has twice.

    pydantic takes the last of two keys, and somebody else on the way may have judged the first.
    """
    try:
        return json.loads(raw, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Invalid("The body is no well-formed JSON.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Invalid("An object in the body has the same key twice.")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _in_plain_utf8(raw: bytes) -> bytes:
    """JSON that the quick parser takes, from JSON in UTF-16, with a byte order mark, or with half a letter.

    A phone that cuts a note in the middle of an emoji sends the last. It becomes U+FFFF, which is no
    character and which no text may have: that field alone is then at fault, and not the other 499 updates
    of its batch.
    """
    return HALF_A_LETTER.sub("\uffff", json.dumps(parsed(raw), ensure_ascii=False)).encode()


async def _read(request: Request, most: int) -> bytes:
    """Read the body; raises TooLarge as soon as it is longer, announced or not."""
    return b"".join([chunk async for chunk in _chunks(request, most)])


async def _spool(request: Request, most: int) -> Spooled:
    """Write the body to a file that is closed with the request; raises TooLarge as `_read` does."""
    file, digest = request.scope["fastapi_inner_astack"].enter_context(_temporary_file()), hashlib.sha256()
    async for chunk in _chunks(request, most):
        digest.update(chunk)
        file.write(chunk)
    return Spooled(digest.digest(), file)


@contextmanager
def _temporary_file() -> Iterator[IO[bytes]]:
    with TemporaryFile() as file:
        yield file


async def _chunks(request: Request, most: int) -> AsyncIterator[bytes]:
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > most:
        raise TooLarge(f"A body may have {most} bytes here.")
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge(f"A body may have {most} bytes here.")
        yield chunk


def _media_type(request: Request, taken: Collection[str]) -> str:
    media_type = _without_parameters(request.headers.get("content-type", ""))
    if media_type not in taken:
        raise UnsupportedMediaType(f"The body must be one of {', '.join(sorted(taken))}.")
    return media_type


def _without_parameters(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
