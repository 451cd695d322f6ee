"""What notifications does when it hears something: derive the case's deadlines again, and say what is owed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, queries
from services.notifications.models import Notice, WatchedCase, WatchedDeadline
from services.notifications.policy import Delivery, Kind, Ladder, Rung
from shared.events import Event
from shared.resources import Resources
from shared.standards.deadlines import Deadline, deadlines

SERVICE = "notifications"


async def take_in(resources: Resources, session: AsyncSession, events: Sequence[Event]) -> None:
    """Store what was heard, derive each touched case's deadlines from all of its facts, acknowledge new cases."""
    heard = sorted((event for event in events if event.service != SERVICE), key=_order)
    if not heard:
        return
    await queries.store_events(session, heard)
    await queries.lock_cases(session, [_case(list(of_one)) for _, of_one in groupby(heard, _reference)])
    references = sorted({event.reference for event in heard})
    await derive(resources, session, references)
    await _acknowledge(session, heard)


async def derive(
    resources: Resources, session: AsyncSession, references: Sequence[str], because: str | None = None
) -> None:
    """Replace the deadlines of these cases, whose rows are locked, by what their facts give now.

    `because` is what moved dates, when it was not a fact of the case.
    """
    now = resources.clock()
    histories = await queries.histories(session, references)
    stored = await queries.stored_deadlines(session, references)
    cases = await queries.cases(session, references)
    rows = []
    for reference in references:
        known = stored.get(reference, {})
        for deadline in deadlines(histories[reference], resources.catalogue, resources.calendar):
            previous = known.get((deadline.standard, deadline.started_by))
            row = _row(deadline, cases[reference], previous, because, now)
            if previous is not None and policy.breach_is_undone(previous.rungs_fired, deadline.state(now)):
                await _withdraw_breach(session, row, now)
            rows.append(row)
    await _store(session, rows)


def _order(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


def _reference(event: Event) -> str:
    return event.reference


def _case(events: Sequence[Event]) -> dict[str, Any]:
    """What these events of one case say of the case itself; later ones win."""
    facts: dict[str, Any] = {}
    for event in events:
        facts |= {name: value for name, value in event.facts.items() if value is not None}
    return {
        "reference": events[0].reference,
        "service": events[0].service,
        "version": events[-1].sequence,
        "department": facts.get("department"),
        "resident": facts.get("resident"),
        "imported": bool(facts.get("imported", False)),
    }


def _row(
    deadline: Deadline,
    case: WatchedCase,
    previous: WatchedDeadline | None,
    because: str | None,
    now: datetime,
) -> dict[str, Any]:
    rungs = tuple(Rung(rung.name, rung.at, rung.tell) for rung in deadline.rungs)
    ladder = Ladder(rungs, frozenset(previous.rungs_fired if previous else ()))
    moves = list(previous.moves) if previous else []
    if previous is not None and previous.due_at != deadline.due_at:
        ladder = ladder.after_move(previous.due_at, deadline.due_at, now)
        moves.append(
            {
                "from": previous.due_at.isoformat(),
                "to": deadline.due_at.isoformat(),
                "because": because or "something new became known about the case",
            }
        )
    watched = policy.is_watched(
        met=deadline.met_at is not None, cancelled=deadline.cancelled_at is not None, imported=case.imported
    )
    return {
        "reference": case.reference,
        "standard": deadline.standard,
        "started_by": deadline.started_by,
        "regime": deadline.regime,
        "service": case.service,
        "department": case.department,
        "started_at": deadline.started_at,
        "due_at": deadline.due_at,
        "met_at": deadline.met_at,
        "cancelled_at": deadline.cancelled_at,
        "rungs": [rung.to_row() for rung in rungs],
        "rungs_fired": sorted(ladder.fired),
        "next_rung_at": ladder.next_at() if watched else None,
        "moves": moves,
    }


async def _store(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    new = insert(WatchedDeadline.__table__)
    changing = set(rows[0]) - {"reference", "standard", "started_by"}
    upsert = new.on_conflict_do_update(
        index_elements=["reference", "standard", "started_by"],
        set_={column: new.excluded[column] for column in changing},
    )
    await session.execute(upsert, rows)


async def _withdraw_breach(session: AsyncSession, row: dict[str, Any], now: datetime) -> None:
    """Take an announced breach back, visibly: its notices are marked, and whoever was told is told."""
    row["rungs_fired"] = [rung for rung in row["rungs_fired"] if rung != policy.BREACH_RUNG]
    undone = (
        update(Notice)
        .where(
            Notice.reference == row["reference"],
            Notice.standard == row["standard"],
            Notice.started_by == row["started_by"],
            Notice.kind.in_([Kind.BREACH, Kind.ESCALATION]),
            Notice.status != Delivery.WITHDRAWN,
        )
        .values(status=Delivery.WITHDRAWN)
        .returning(Notice.audience, Notice.sent_at, Notice.due_at)
    )
    told = {(audience, due_at) for audience, sent_at, due_at in await session.execute(undone) if sent_at}
    for audience, due_at in sorted(told):
        session.add(
            Notice(
                reference=row["reference"],
                kind=Kind.WITHDRAWAL,
                audience=audience,
                standard=row["standard"],
                started_by=row["started_by"],
                rung="withdrawal",
                due_at=due_at,
                owed_at=now,
            )
        )
    await session.flush()


async def _acknowledge(session: AsyncSession, events: Iterable[Event]) -> None:
    """Owe the resident an acknowledgement of each case that opens; none about imported history."""
    rows = [
        {
            "reference": event.reference,
            "kind": Kind.ACKNOWLEDGEMENT,
            "audience": policy.RESIDENT,
            "rung": Kind.ACKNOWLEDGEMENT,
            "due_at": event.occurred_at,
            "owed_at": event.recorded_at,
            "request_id": event.request_id,
        }
        for event in events
        if event.type in policy.ACKNOWLEDGED and not event.facts.get("imported")
    ]
    if rows:
        await session.execute(insert(Notice).on_conflict_do_nothing(), rows)
