"""Encryption of what people say: AES-256-GCM under keys that have ids, and keyed digests.

A ciphertext names its key, so that a key is rotated while what older ones encrypted is still read. It opens
in the place for which it was made and in no other: table, column and row are its associated data, so that a
value that was moved to another case is refused.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import NewType, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import Unavailable
from shared.telemetry import UNDECRYPTABLE, get_logger, service_name

log = get_logger(__name__)

FORMAT = 1
"""The first byte of every ciphertext, which no text and no JSON begins with."""

KEY_BYTES = 32
NONCE_BYTES = 12
READ_AGAIN_SECONDS = 1.0
RETRY_SECONDS = 60
CANNOT_DECRYPT = (
    "What is kept of this cannot be decrypted at the moment. Nothing is lost by trying again later."
)

Place = NewType("Place", bytes)
"""The place of a value: its table, its column, and the row."""


def place(*parts: object) -> Place:
    """The place that is named by these parts."""
    return Place("\n".join(map(str, parts)).encode())


class Ciphertext(bytes):
    """Encrypted bytes: FORMAT, the length of the key's id, the id, a nonce, and what AES-GCM made."""

    __slots__ = ()

    @property
    def key_id(self) -> str:
        """The id of the key that it was encrypted with."""
        return self[2 : 2 + self[1]].decode("ascii", "replace")


def beginning(key_id: str) -> bytes:
    """The bytes with which every ciphertext under this key begins."""
    return bytes((FORMAT, len(key_id))) + key_id.encode("ascii")


class KeysMissing(RuntimeError):
    """The keys of a service that encrypts are not where they should be, or are no keys."""


class CannotDecrypt(Unavailable):
    """A value under a key that is not here, or changed or moved by somebody else than this software."""

    def __init__(self) -> None:
        super().__init__(CANNOT_DECRYPT, RETRY_SECONDS)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one service by id; the primary encrypts, and all decrypt. `for_digests` is no such key."""

    primary: str
    by_id: Mapping[str, bytes] = field(repr=False)
    for_digests: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """New keys, of which nothing else knows."""
        return cls("", {}, secrets.token_bytes(KEY_BYTES)).with_new_primary()

    @property
    def pseudonym_key(self) -> str:
        """The key of pseudonyms, which all services share; it tells nothing of those that encrypt."""
        return hmac.digest(self.for_digests, b"pseudonyms", "sha256").hex()

    def with_new_primary(self) -> Self:
        """These keys and a new one, which encrypts from now on."""
        name = f"k{secrets.token_hex(4)}"
        return type(self)(name, {**self.by_id, name: secrets.token_bytes(KEY_BYTES)}, self.for_digests)

    def without(self, key_id: str) -> Self:
        """These keys but for one, which is not the primary."""
        left = {name: key for name, key in self.by_id.items() if name != key_id}
        return type(self)(self.primary, left, self.for_digests)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The keys in a file; raises KeysMissing, which repeats nothing of what is in it."""
        try:
            said = json.loads(path.read_bytes())
            by_id = {str(name): base64.b64decode(key) for name, key in said["keys"].items()}
            keys = cls(said["primary"], by_id, base64.b64decode(said["digests"]))
        except OSError as problem:
            raise KeysMissing(f"there are no encryption keys at {path} ({problem.strerror})") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise KeysMissing(f"the file {path} has no encryption keys in it") from None
        if keys.primary not in by_id or {len(key) for key in (*by_id.values(), keys.for_digests)} != {
            KEY_BYTES
        }:
            raise KeysMissing(f"the file {path} lacks its primary key, or has a key of another length")
        return keys

    def as_file(self) -> bytes:
        """The content of the file from which `read` reads them."""
        said = {
            "primary": self.primary,
            "keys": {name: base64.b64encode(key).decode() for name, key in self.by_id.items()},
            "digests": base64.b64encode(self.for_digests).decode(),
        }
        return json.dumps(said, indent=2).encode() + b"\n"


class Keyring:
    """The keys of a running service; a file that is replaced is read again within READ_AGAIN_SECONDS.

    Raises KeysMissing where the file is missing at the start; one that goes later leaves the keys in use.
    `undecryptable` counts the readings that failed under the keys in use.
    """

    undecryptable: int

    def __init__(self, path: Path) -> None:
        self._path = path
        self._use(Keys.read(path))

    def encrypt(self, plain: bytes, at: Place) -> Ciphertext:
        """Encrypt for one place, under the primary key."""
        self._read_again()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._keys.primary].encrypt(nonce, plain, at)
        return Ciphertext(beginning(self._keys.primary) + nonce + sealed)

    def decrypt(self, sealed: Ciphertext, at: Place) -> bytes:
        """Decrypt what was encrypted for this place; raises CannotDecrypt, which the log tells."""
        name = sealed.key_id
        if name not in self._ciphers:
            self._read_again(at_once=True)
        cipher = self._ciphers.get(name)
        if cipher is None:
            log.error("no encryption key %s: what it encrypted cannot be read", name)
            raise self._failure()
        start = 2 + len(name)
        nonce, rest = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, rest, at)
        except (InvalidTag, ValueError):
            log.error("a value under encryption key %s was changed or moved, and is not read", name)
            raise self._failure() from None

    def digest(self, text: str) -> str:
        """A keyed digest (HMAC-SHA-256): by a plain one a name is guessed."""
        return self.digest_of_bytes(text.encode()).hex()

    def digest_of_bytes(self, content: bytes) -> bytes:
        """A keyed digest of bytes."""
        return hmac.digest(self._keys.for_digests, content, "sha256")

    @property
    def primary(self) -> str:
        """The id of the key that encrypts."""
        return self._keys.primary

    @property
    def pseudonym_key(self) -> str:
        """See Keys."""
        return self._keys.pseudonym_key

    def _failure(self) -> CannotDecrypt:
        self.undecryptable += 1
        UNDECRYPTABLE.labels(service_name.get()).inc()
        return CannotDecrypt()

    def _use(self, keys: Keys) -> None:
        self._keys, self.undecryptable = keys, 0
        self._ciphers = {name: AESGCM(key) for name, key in keys.by_id.items()}
        self._changed_at, self._looked_at = _changed_at(self._path), monotonic()

    def _read_again(self, *, at_once: bool = False) -> None:
        if not at_once and monotonic() < self._looked_at + READ_AGAIN_SECONDS:
            return
        self._looked_at = monotonic()
        if _changed_at(self._path) in (None, self._changed_at):
            return
        try:
            self._use(Keys.read(self._path))
        except KeysMissing:
            log.error("the encryption keys cannot be read again; those read before stay in use")


def _changed_at(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
