"""The headers that an answer about a case carries."""

from typing import TypeVar

from starlette.responses import Response

from shared.http.schemas import CaseOut

Shown = TypeVar("Shown", bound=CaseOut)


def created(response: Response, case: Shown, collection: str) -> Shown:
    """The case after a POST: where it is, and its version."""
    response.headers["Location"] = f"/v1/{collection}/{case.reference}"
    return answered(response, case)


def answered(response: Response, case: Shown) -> Shown:
    """The case with its version as ETag."""
    response.headers["ETag"] = f'"{case.version}"'
    return case
