"""`POST /v1/me/cases/claims`: a case that was taken for its resident becomes their own.

The owner of the case judges the claim (shared/cases/claims.py); here it is found, and tries are counted.
"""

from typing import Any

import httpx
from fastapi import APIRouter, Request, Response

from gateway.asking import ask
from gateway.gathering import GatheredCase, Silent, asking_headers, listed
from gateway.my_cases import MINE, Resident
from gateway.resources import Resources, Running
from shared.cases.claims import Claim
from shared.directory import ServiceRow
from shared.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable, UnsupportedMediaType
from shared.http.bodies import parsed
from shared.http.case_route import IDEMPOTENCY_KEY
from shared.http.parameters import NO_QUERY
from shared.http.problems import problems
from shared.references import normalised, prefix_of

CLAIMS = "/internal/claims"
PASSED_ON = ("content-type", "content-encoding", "idempotency-key")
PASSED_BACK = ("content-type", "accept-encoding", "retry-after")
REPLAYED = "idempotent-replayed"

router = APIRouter(tags=["gateway"])

OPERATION: dict[str, Any] = {
    "responses": problems(NotFound, Conflict, TooLarge, UnsupportedMediaType),
    "openapi_extra": {
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Claim.model_json_schema()}},
        },
    },
}


@router.post(
    "/v1/me/cases/claims",
    status_code=201,
    response_model=GatheredCase,
    summary="Claim a case that was taken for me",
    dependencies=NO_QUERY,
    **OPERATION,
)
async def claim_case(caller: Resident, request: Request, running: Running) -> Response:
    """Claim a case by its reference, surname and postcode, all of them right; few tries are allowed.

    The address that the case has is told of it. Cases of anti-social behaviour, and those that are not safe
    to contact, are 404 as any other refusal is.
    """
    body = await request.body()
    reference = _reference_in(body)
    await running.limits.take_claim(caller, reference)
    owner = _owner(running, reference)
    claimed = await _judged(running, owner, request, body)
    if claimed.status_code != httpx.codes.CREATED:
        kept = {name: claimed.headers[name] for name in PASSED_BACK if name in claimed.headers}
        return Response(claimed.content, claimed.status_code, kept)
    return await _shown(running, owner, claimed, request.headers["authorization"])


def _reference_in(body: bytes) -> str | None:
    """The reference that a claim is about; None where it names none, and will be refused.

    The body is parsed as its owner parses it: one in UTF-16 that is not read here would not be counted.
    """
    try:
        return normalised(parsed(body)["reference"])
    except (Invalid, LookupError, TypeError, AttributeError):
        return None


def _owner(running: Resources, reference: str | None) -> ServiceRow:
    """The service that judges the claim; what is nobody's is refused in the words of one like any other."""
    owners = running.settings.directory.owner_rows
    return next((row for row in owners if reference and prefix_of(reference) in row.prefixes), owners[0])


async def _judged(running: Resources, owner: ServiceRow, request: Request, body: bytes) -> httpx.Response:
    """The owner's answer to a claim; raises Unavailable where there is none."""
    passed = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    headers = {**passed, **asking_headers(request.headers["authorization"])}
    service, seconds = running.upstreams.get(owner.name), running.settings.upstream_timeout
    answer = await ask(service, "POST", CLAIMS, headers=headers, content=body, seconds=seconds)
    if answer is None:
        raise Unavailable(f"The {owner.name} service does not answer. Claim the case again.", 2)
    return answer


async def _shown(
    running: Resources, owner: ServiceRow, claimed: httpx.Response, authorization: str
) -> Response:
    """The claimed case as its resident now sees it; raises Unavailable where it cannot be read."""
    reference: str = claimed.json()["reference"]
    path, service = owner.collections[prefix_of(reference)], running.upstreams.get(owner.name)
    try:
        [case] = await listed(service, owner.name, path, authorization, {**MINE, "reference": reference})
    except (Silent, ValueError):
        raise Unavailable("The case is yours, and cannot be shown just now.", 2) from None
    headers = {"Location": f"{path}/{reference}", "ETag": f'"{case.version}"'}
    if REPLAYED in claimed.headers:
        headers["Idempotent-Replayed"] = "true"
    return Response(case.model_dump_json(), 201, headers, "application/json")
