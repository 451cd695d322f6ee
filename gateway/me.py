"""`GET /v1/me`: who calls, and what they may, as their token says and every service will judge it.

A front end need not know how the council's sign-in names roles: it asks here.
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from shared.caller import Caller
from shared.http.auth import requires
from shared.http.parameters import NO_QUERY

router = APIRouter(tags=["gateway"])

Anyone = Annotated[Caller, requires()]


class Me(BaseModel):
    """A caller, and what their token lets them do."""

    subject: str
    issuer: str = Field(description="The sign-in that vouches for the subject; empty for our own clients")
    roles: list[str]
    scopes: list[str]
    departments: list[str]
    firm: str | None


@router.get("/v1/me", summary="Who I am, and what I may", dependencies=NO_QUERY)
async def read_me(caller: Anyone) -> Me:
    """Everything that the token says; a token that is refused is refused with the reason."""
    return Me(
        subject=caller.subject,
        issuer=caller.issuer,
        roles=sorted(caller.roles),
        scopes=sorted(caller.scopes),
        departments=sorted(caller.departments),
        firm=caller.firm,
    )
