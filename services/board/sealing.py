"""Sealed texts: encrypted and signed, for cookies and hidden fields that come back as they were given."""

import json
import secrets
import zlib
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.telemetry import get_logger

log = get_logger(__name__)


class Sealer:
    """Seals values, each for one purpose: what was sealed for another does not open."""

    def __init__(self, secret: str) -> None:
        if not secret:
            log.warning("BOARD_SECRET is not set: sessions are good in this process alone")
        self._secret = (secret or secrets.token_urlsafe(32)).encode()
        self._by_purpose: dict[str, Fernet] = {}

    def seal(self, purpose: str, value: Any) -> str:
        """A value of JSON as a text that only `open` can read."""
        packed = zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 9)
        return self._fernet(purpose).encrypt(packed).decode()

    def open(self, purpose: str, sealed: str | None, seconds: int | None = None) -> Any:
        """The value, or None for what was not sealed so, or longer than `seconds` ago."""
        if not sealed:
            return None
        try:
            return json.loads(zlib.decompress(self._fernet(purpose).decrypt(sealed, ttl=seconds)))
        except (InvalidToken, ValueError):
            return None

    def _fernet(self, purpose: str) -> Fernet:
        if purpose not in self._by_purpose:
            key = HKDF(SHA256(), 32, salt=None, info=f"board {purpose}".encode()).derive(self._secret)
            self._by_purpose[purpose] = Fernet(urlsafe_b64encode(key))
        return self._by_purpose[purpose]
