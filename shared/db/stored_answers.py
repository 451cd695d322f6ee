"""Stored answers: what was answered to a POST with an Idempotency-Key, kept with the work it answers for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.tables import idempotency_keys


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer; `standing` is what decided, besides the case, how much of it the caller was shown.

    `fingerprint` tells the request from any other. None as `expires_at` keeps the answer for good.
    """

    caller: str
    key: str
    fingerprint: bytes
    standing: Mapping[str, Any] | None
    status: int
    headers: Mapping[str, str]
    body: bytes
    created_at: datetime
    expires_at: datetime | None


async def lock(session: AsyncSession, caller: str, key: str) -> bool:
    """Take the key until the end of the transaction; False while another request holds it."""
    number = func.hashtextextended(f"{caller}\n{key}", 0)
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(number))))


async def find(session: AsyncSession, caller: str, key: str) -> StoredAnswer | None:
    """The answer that a caller's key was given, if it was."""
    row = (await session.execute(select(idempotency_keys).filter_by(caller=caller, key=key))).first()
    return None if row is None else StoredAnswer(**row._mapping)


async def keep(session: AsyncSession, answer: StoredAnswer) -> None:
    """Keep an answer, in the transaction of the work it answers for."""
    row = {name: getattr(answer, name) for name in StoredAnswer.__dataclass_fields__}
    await session.execute(insert(idempotency_keys).values(row))


async def forget_expired(session: AsyncSession, now: datetime) -> None:
    """Delete the answers whose time is over."""
    await session.execute(delete(idempotency_keys).where(idempotency_keys.c.expires_at < now))
