"""Batches: one act for each item of a list, each judged alone, so that a refused one leaves the others."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.cases.schemas import RequestModel
from shared.errors import Refusal, RefusedAct
from shared.http.case_route import Allowed
from shared.http.problems import InvalidFields, Problem, errors_of, problem_of
from shared.telemetry import get_logger
from shared.work import Case, UnitOfWork

__all__ = ["Allowed", "BatchResult", "each_alone"]

log = get_logger(__name__)

LIKE_A_REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{0,39}")
"""The references that are said back, a mistyped one too; nothing else of what was sent is."""

Item = TypeVar("Item", bound=RequestModel)


class BatchResult(BaseModel):
    """The outcome of one item: the status and the problem that the same act sent alone is answered with."""

    reference: str | None
    status: int
    problem: Problem | None = None


async def each_alone(
    work: UnitOfWork,
    items: Sequence[object],
    model: type[Item],
    act: Callable[[UnitOfWork, Item], Awaitable[Case]],
    *,
    allowed: Allowed,
    action: str,
) -> list[BatchResult]:
    """Do an act for each item, in the order sent; nothing of a refused one stays.

    `model` has a field `reference`, the case's. `allowed` reads the acts that a case allows: a refused act is
    answered with those but `action` itself. Whoever may meet other batches about the same cases locks them
    all first, in order of reference.
    """
    return [await _one(work, item, model, act, allowed, action) for item in items]


async def _one(
    work: UnitOfWork,
    item: object,
    model: type[Item],
    act: Callable[[UnitOfWork, Item], Awaitable[Case]],
    allowed: Allowed,
    action: str,
) -> BatchResult:
    raw = item if isinstance(item, dict) else {}  # no object has none of the fields, and is told so
    try:
        body = model.of_parsed(raw)
    except ValidationError as wrong:
        return _refused(raw, InvalidFields(errors_of(wrong)))
    try:
        async with work.savepoint():
            case = await act(work, body)
        return BatchResult(reference=case.reference, status=201)
    except RefusedAct as refused:
        refused.allowed = await _instead(work, raw["reference"], allowed, action)
        return _refused(raw, refused)
    except Refusal as refused:
        return _refused(raw, refused)


def _refused(raw: Mapping[Any, Any], refusal: Refusal) -> BatchResult:
    named = raw.get("reference")
    reference = named if isinstance(named, str) and LIKE_A_REFERENCE.fullmatch(named) else None
    return BatchResult(reference=reference, status=refusal.status, problem=problem_of(refusal))


async def _instead(work: UnitOfWork, reference: str, allowed: Allowed, action: str) -> list[str] | None:
    """The other acts that the case allows the caller; None where that cannot be read just now.

    Read in a savepoint of its own: after an error PostgreSQL takes nothing more in a transaction.
    """
    try:
        async with work.savepoint():
            acts = await allowed(work, reference)
    except Exception as problem:  # the refusal stands, whatever keeps us from saying more
        log.warning("what a case allows could not be read", extra={"error": type(problem).__name__})
        return None
    return [act for act in acts if act != action]
