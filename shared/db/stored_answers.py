"""Stored answers: what was answered to a POST with an Idempotency-Key, kept with the work it answers for."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.db.encrypted import decrypt, encrypt
from shared.db.tables import idempotency_keys
from shared.encryption import Ciphertext, Keyring, Place, place

IN_USE = "The first request with this Idempotency-Key is still being worked on."


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer; `standing` is what decided, besides the case, how much of it the caller was shown.

    `fingerprint` tells the request from any other. None as `expires_at` keeps the answer for good.
    `reference` is the case that was created with the answer, None for the answer to an act.
    """

    caller: str
    key: str
    fingerprint: bytes
    standing: Mapping[str, Any] | None
    status: int
    headers: Mapping[str, str]
    body: str
    created_at: datetime
    expires_at: datetime | None
    reference: str | None = None

    def row(self) -> dict[str, Any]:
        """The answer by the columns of its table."""
        return {name: getattr(self, name) for name in COLUMNS}


def encrypted(answer: StoredAnswer, keyring: Keyring | None) -> StoredAnswer:
    """An answer as it is stored: of a service that encrypts, with what was asked and answered encrypted.

    The body is in base64, for other services keep text there. A fingerprint too is secret: a telephone number
    is guessed by the digest of the request that it was in.
    """
    if keyring is None:
        return answer
    body = encrypt(keyring, _place(answer, "body"), answer.body)
    fingerprint = encrypt(keyring, _place(answer, "fingerprint"), answer.fingerprint)
    return replace(answer, body=b64encode(body).decode(), fingerprint=fingerprint)


def decrypted(answer: StoredAnswer, keyring: Keyring | None) -> StoredAnswer:
    """A stored answer as it was given; raises CannotDecrypt."""
    if keyring is None:
        return answer
    body = decrypt(keyring, _place(answer, "body"), Ciphertext(b64decode(answer.body)))
    fingerprint = decrypt(keyring, _place(answer, "fingerprint"), Ciphertext(answer.fingerprint))
    return replace(answer, body=body, fingerprint=fingerprint)


def _place(answer: StoredAnswer, column: str) -> Place:
    return place(idempotency_keys.name, column, answer.caller, answer.key)


COLUMNS = tuple(StoredAnswer.__dataclass_fields__)


def try_lock(caller: Any, key: Any) -> ColumnElement[bool]:
    """Take a key until the end of the transaction, or be told false while another transaction holds it.

    It is the one lock of a key, and never waited for; both arguments may be columns.
    """
    number = func.hashtextextended(func.concat(caller, "\n", key), 0)
    return func.pg_try_advisory_xact_lock(number)


async def lock(session: AsyncSession, caller: str, key: str) -> bool:
    """Take the key until the end of the transaction; False while another request holds it."""
    return bool(await session.scalar(select(try_lock(caller, key))))


async def find(asked: AsyncSession | AsyncConnection, caller: str, key: str) -> StoredAnswer | None:
    """The answer that a caller's key was given, if it was."""
    query = select(*(idempotency_keys.c[name] for name in COLUMNS)).filter_by(caller=caller, key=key)
    row = (await asked.execute(query)).first()
    return None if row is None else StoredAnswer(**row._mapping)


async def keep(session: AsyncSession, answer: StoredAnswer) -> None:
    """Keep an answer, in the transaction of the work it answers for."""
    await session.execute(insert(idempotency_keys).values(answer.row()))


async def forget_expired(session: AsyncSession, now: datetime, limit: int) -> int:
    """Delete at most so many of the answers whose time is over; returns how many."""
    key = (idempotency_keys.c.caller, idempotency_keys.c.key)
    over = select(*key).where(idempotency_keys.c.expires_at < now).limit(limit)
    gone = delete(idempotency_keys).where(tuple_(*key).in_(over)).returning(*key)
    return len((await session.execute(gone)).all())
