"""The keys that sign access tokens: PEM files in a folder that the gateway's replicas share.

`python -m gateway.keys rotate` adds a key and removes those that are no longer needed; `withdraw` removes one
at once, such as one that was stolen. A running gateway sees both without a restart.
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
from shared.clients.jwks import BELIEVED_SECONDS
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


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A key that was withdrawn, and the new one that signs in its place, if it was the one that signed."""

    kid: str
    successor: SigningKey | None


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
        """Make a key; it signs once it has been published for long enough, counted from `now`."""
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

    def withdraw(self, beginning: str, now: datetime) -> Withdrawal:
        """Remove the key whose id begins so, at once; in the place of the one that signs a new one signs.

        The new one is there before the other goes: no request for a token is refused meanwhile. It counts as
        published, since services fetch a key that they do not know. Raises UnknownKey.
        """
        kid = self._kid(beginning)
        successor = self.add(now - PUBLISHED_FIRST) if self.signer(now).kid == kid else None
        for key in self.read():  # the same key may lie there under two names
            if key.kid == kid:
                key.path.unlink(missing_ok=True)
        return Withdrawal(kid, successor)

    def _kid(self, beginning: str) -> str:
        kids = [key.kid for key in self.read()]
        meant = {kid for kid in kids if beginning and kid.startswith(beginning)}
        if len(meant) > 1:
            raise UnknownKey(f"More than one key's id begins with {beginning}:", sorted(meant))
        if not meant:
            raise UnknownKey(
                f"No key in {self._folder} has an id that begins with {beginning!r}; there are:", kids
            )
        return meant.pop()


class UnknownKey(LookupError):
    """No key's id begins as given, or more than one does; `kids` are those that may have been meant."""

    def __init__(self, problem: str, kids: Sequence[str]) -> None:
        super().__init__(problem)
        self.kids = kids


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway.keys", description="The keys that sign tokens.")
    commands = parser.add_subparsers(dest="command", required=True)
    rotate = commands.add_parser("rotate", help="make a new key, and remove those no longer needed")
    rotate.add_argument("--keep-days", type=float, default=7, help="how long a replaced key stays (7)")
    withdraw = commands.add_parser("withdraw", help="remove a key at once, and so refuse its tokens")
    withdraw.add_argument("key", help="its id or the beginning of it; write -- before a leading hyphen")
    for command in (rotate, withdraw):
        command.add_argument("--folder", type=Path, help="where the keys are (setting SIGNING_KEYS)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; answers the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.command == "rotate" and given.keep_days < 1:
        parser.error("--keep-days is at least 1: a replaced key still signs until the new one is known.")
    ring = KeyRing(given.folder or Settings().signing_keys_folder())
    now = system_clock()
    try:
        if given.command == "withdraw":
            _withdraw(ring, given.key, now)
        else:
            _rotate(ring, timedelta(days=given.keep_days), now)
    except UnknownKey as wrong:
        print(f"Nothing withdrawn. {wrong}", *wrong.kids or ["none"], sep="\n  ", file=sys.stderr)
        return 1
    except OSError as wrong:
        print(f"The keys cannot be written: {wrong}", file=sys.stderr)
        return 1
    return 0


def _rotate(ring: KeyRing, keep: timedelta, now: datetime) -> None:
    new = ring.add(now)
    retired = ring.retire(now, keep)
    signs = "at once" if ring.signer(now).kid == new.kid else f"in {PUBLISHED_FIRST.seconds // 60} minutes"
    print(f"New key {new.kid}; it signs {signs}.")
    for key in retired:
        print(f"Removed key {key.kid} of {key.created_at:%Y-%m-%d}.")


def _withdraw(ring: KeyRing, beginning: str, now: datetime) -> None:
    done = ring.withdraw(beginning, now)
    print(f"Withdrew key {done.kid}; its tokens are refused within {BELIEVED_SECONDS:.0f} seconds.")
    if done.successor is not None:
        print(f"New key {done.successor.kid}; it signs at once.")


if __name__ == "__main__":
    sys.exit(main())
