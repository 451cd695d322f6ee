"""Persons for whom a page is: whoever signed in, in a role; others are sent to sign in, or find nothing."""

from typing import Annotated

from fastapi import Depends, Request

from services.board.frame import ROOT
from services.board.signin import Session, current, sign_in_at
from shared.caller import Role


class SignInNeeded(Exception):
    """A page that needs somebody to sign in first; `then` is where they wanted to go."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        query = request.url.query
        wanted = request.scope["path"] + (f"?{query}" if query else "")
        self.then = sign_in_at(wanted if request.method == "GET" else ROOT)


class NotHere(Exception):
    """A page that is not there, or not for this person: both are told alike."""


async def _officer(request: Request) -> Session:
    return signed_in(request, Role.OFFICER)


async def _ops(request: Request) -> Session:
    return signed_in(request, Role.OPS)


async def _contractor(request: Request) -> Session:
    return signed_in(request, Role.CONTRACTOR)


def signed_in(request: Request, role: Role) -> Session:
    """The session of somebody in that role; raises SignInNeeded, NotHere."""
    session = current(request)
    if session is None:
        raise SignInNeeded(request)
    if role not in session.roles:
        raise NotHere
    return session


async def _resident(request: Request) -> Session:
    return signed_in(request, Role.RESIDENT)


Officer = Annotated[Session, Depends(_officer)]
Contractor = Annotated[Session, Depends(_contractor)]
Ops = Annotated[Session, Depends(_ops)]
Resident = Annotated[Session, Depends(_resident)]
