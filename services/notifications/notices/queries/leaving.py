"""The statements about what letters say of notices: noted before they leave, and as told once they have."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, Text, Uuid, case, cast, func, literal, null, update
from sqlalchemy.dialects.postgresql import JSONB

from services.notifications.models import Notice
from services.notifications.policy import Delivery
from shared.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Said:
    """The content of a letter about one notice: its reader, message, version of the words, and dates."""

    reader: str
    message: str
    version: str
    digest: str
    told_dates: Sequence[dict[str, Any]] = ()
    handler_named: bool = False

    def to_row(self) -> dict[str, Any]:
        """The JSON object for its column."""
        return asdict(self)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        """Read what `to_row` wrote; in a rolling restart it may have fields of a later version."""
        return cls(**{name: value for name, value in row.items() if name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Delivered:
    """One notice that reached a reader in a letter, what that said, and the channel's receipt."""

    notice: Notice
    said: Said
    channel: str
    receipt: str


async def note_leaving(work: UnitOfWork, said: Mapping[UUID, Said]) -> None:
    """Note what letters say of these notices, before they leave: a retry may say something else."""
    if not said:
        return
    columns = func.unnest(
        literal([*said], ARRAY(Uuid)),
        literal([orjson.dumps(one.to_row()).decode() for one in said.values()], ARRAY(Text)),
    )
    given = columns.table_valued("id", "said").render_derived()
    noted = update(Notice).where(Notice.id == given.c.id).values(leaving=cast(given.c.said, JSONB))
    await work.session.execute(noted.execution_options(synchronize_session=False))


async def note_sent(work: UnitOfWork, delivered: Sequence[Delivered]) -> set[UUID]:
    """Note that notices reached their readers; returns the ids of those withdrawn on their way."""
    columns = func.unnest(
        literal([one.notice.id for one in delivered], ARRAY(Uuid)),
        literal([one.said.reader for one in delivered], ARRAY(Text)),
        literal([one.channel for one in delivered], ARRAY(Text)),
        literal([one.receipt for one in delivered], ARRAY(Text)),
        literal([orjson.dumps(one.said.told_dates).decode() for one in delivered], ARRAY(Text)),
        literal([one.said.digest for one in delivered], ARRAY(Text)),
        literal([one.said.message for one in delivered], ARRAY(Text)),
        literal([one.said.version for one in delivered], ARRAY(Text)),
    )
    names = ("id", "reader", "channel", "receipt", "dates", "digest", "message", "version")
    told = columns.table_valued(*names).render_derived()
    values = {
        "told": told.c.reader,
        "channel": told.c.channel,
        "receipt": told.c.receipt,
        "digest": told.c.digest,
        "message": told.c.message,
        "message_version": told.c.version,
        "told_dates": func.nullif(cast(told.c.dates, JSONB), literal([], JSONB)),
        "leaving": null(),
        "sent_at": work.now,
        "status": case((Notice.status == Delivery.PENDING, Delivery.SENT), else_=Notice.status),
    }
    noted = update(Notice).where(Notice.id == told.c.id).values(values).returning(Notice.id, Notice.status)
    rows = await work.session.execute(noted.execution_options(synchronize_session=False))
    return {row.id for row in rows if row.status == Delivery.WITHDRAWN}
