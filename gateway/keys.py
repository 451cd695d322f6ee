"""The keys that sign access tokens: PEM files in a folder that the gateway's replicas share.

`python -m gateway.keys rotate` adds a key and removes those that are no longer needed. A running gateway
sees it without a restart.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from gateway.files import write_atomically
from shared.clock import system_clock
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

PUBLISHED_FIRST = timedelta(minutes=2)
"""A new key is shown in the JWKS for so long before it signs: replicas and mounted secrets lag behind."""

NAME_FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One ES256 key; `kid` is its thumbprint (RFC 7638)."""

    kid: str
    created_at: datetime
    private: ec.EllipticCurvePrivateKey
    path: Path

    @property
    def public_jwk(self) -> dict[str, str]:
        """The public half as a JSON Web Key."""
        return {**_jwk(self.private), "kid": self.kid, "use": "sig", "alg": "ES256"}


class KeyRing:
    """The keys in a folder, read again at each use; a key file is parsed once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parsed: dict[Path, SigningKey] = {}

    def read(self) -> list[SigningKey]:
        """All keys, the oldest first; a file that is no key is logged and left out."""
        files = set(self._folder.glob("*.pem"))
        self._parsed = {path: key for path, key in self._parsed.items() if path in files}
        for path in files - self._parsed.keys():
            try:
                self._parsed[path] = _read(path)
            except (OSError, ValueError, TypeError) as wrong:
                log.error(
                    "a signing key cannot be read: %s", path.name, extra={"error": type(wrong).__name__}
                )
        return sorted(self._parsed.values(), key=lambda key: (key.created_at, key.kid))

    def signer(self, now: datetime) -> SigningKey:
        """The newest key that has been published for long enough, or else the oldest there is.

        Raises NoSigningKey.
        """
        keys = self.read()
        if not keys:
            raise NoSigningKey(
                f"There is no signing key in {self._folder}; make one: python -m gateway.keys rotate"
            )
        published = [key for key in keys if key.created_at <= now - PUBLISHED_FIRST]
        return published[-1] if published else keys[0]

    async def jwks(self) -> Mapping[str, Any]:
        """The public halves as a JWKS document; this is what a `KeySource` in this process fetches."""
        return {"keys": [key.public_jwk for key in self.read()]}

    def ensure(self, now: datetime) -> None:
        """Make the first key if there is none yet."""
        if not self.read():
            self.add(now)

    def add(self, now: datetime) -> SigningKey:
        """Make a key; it signs once it has been published for long enough."""
        private = ec.generate_private_key(ec.SECP256R1())
        kid = _thumbprint(private)
        path = self._folder / f"{now.astimezone(UTC):{NAME_FORMAT}}-{kid[:8]}.pem"
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_atomically(path, pem)
        return SigningKey(kid, now, private, path)

    def retire(self, now: datetime, keep: timedelta) -> list[SigningKey]:
        """Remove the keys whose successor is older than `keep`; tokens signed by them have long expired.

        Their own age says nothing: with one rotation a year the key in use is always an old one.
        """
        retired = [key for key, successor in pairwise(self.read()) if successor.created_at <= now - keep]
        for key in retired:
            key.path.unlink(missing_ok=True)
        return retired


class NoSigningKey(RuntimeError):
    """The folder holds no key, so no token can be signed."""


def _read(path: Path) -> SigningKey:
    created_at = datetime.strptime(path.name.partition("-")[0], NAME_FORMAT).replace(tzinfo=UTC)
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise ValueError("not an EC P-256 key")
    return SigningKey(_thumbprint(private), created_at, private, path)


def _jwk(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    return ECAlgorithm.to_jwk(private.public_key(), as_dict=True)


def _thumbprint(private: ec.EllipticCurvePrivateKey) -> str:
    required = {name: value for name, value in _jwk(private).items() if name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gateway.keys", description="The keys that sign tokens.")
    commands = parser.add_subparsers(dest="command", required=True)
    rotate = commands.add_parser("rotate", help="make a new key, and remove those no longer needed")
    rotate.add_argument("--keep-days", type=float, default=7, help="how long a replaced key stays (7)")
    rotate.add_argument("--folder", type=Path, help="where the keys are (setting SIGNING_KEYS)")
    given = parser.parse_args(arguments)
    if given.keep_days < 1:
        parser.error("--keep-days is at least 1: a replaced key still signs until the new one is known.")
    ring = KeyRing(given.folder or Settings().signing_keys_folder())
    now = system_clock()
    try:
        new = ring.add(now)
        retired = ring.retire(now, timedelta(days=given.keep_days))
    except OSError as wrong:
        print(f"The keys cannot be written: {wrong}", file=sys.stderr)
        return 1
    signs = "at once" if ring.signer(now).kid == new.kid else f"in {PUBLISHED_FIRST.seconds // 60} minutes"
    print(f"New key {new.kid}; it signs {signs}.")
    for key in retired:
        print(f"Removed key {key.kid} of {key.created_at:%Y-%m-%d}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
