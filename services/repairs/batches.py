"""Many job updates in one request, each judged on its own: one that is refused leaves the others standing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import queries, service
from services.repairs.update_schemas import BatchedUpdate, BatchOut, BatchResult
from shared.app_state import AppState
from shared.caller import Caller
from shared.db.transaction import savepoint
from shared.errors import Invalid, Refusal
from shared.http.problems import FieldError, pointer_of, problem_of
from shared.references import normalised


async def update_many(
    session: AsyncSession, resources: AppState, updates: Sequence[object], *, by: Caller, now: datetime
) -> BatchOut:
    """Record each update that can be, in the order sent; nothing of a refused one stays.

    Other batches that name a repair of this one wait until this one has ended.
    """
    await queries.lock_all(session, _references(updates), by)
    return BatchOut(results=[await _one(session, resources, raw, by, now) for raw in updates])


def _references(updates: Sequence[object]) -> set[str]:
    named = [item.get("reference") for item in updates if isinstance(item, dict)]
    return {form for name in named if isinstance(name, str) and (form := normalised(name)) is not None}


async def _one(
    session: AsyncSession, resources: AppState, item: object, by: Caller, now: datetime
) -> BatchResult:
    raw = item if isinstance(item, dict) else {}  # no object has none of the fields, and is told so
    named = raw.get("reference")
    # half a letter, which JSON can write, cannot be said back
    reference = named if isinstance(named, str) and named.isprintable() else None
    try:
        words = BatchedUpdate.model_validate(raw)
        async with savepoint(session):
            repair = await service.update(session, resources, words.reference, words, by=by, now=now)
            await session.flush()
        return BatchResult(reference=repair.reference, status=201)
    except ValidationError as wrong:
        errors = [_field_error(dict(error)) for error in wrong.errors()]
        refusal: Refusal = Invalid(f"{len(errors)} field(s) cannot be accepted; see errors.")
        return BatchResult(reference=reference, status=422, problem=problem_of(refusal, errors))
    except Refusal as refused:
        return BatchResult(reference=reference, status=refused.status, problem=problem_of(refused))


def _field_error(error: dict[str, Any]) -> FieldError:
    return FieldError(pointer=pointer_of(error), detail=error["msg"].removeprefix("Value error, "))
