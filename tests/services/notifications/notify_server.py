"""A stand-in for GOV.UK Notify on a port of its own, held to the errors and answers of its documentation."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
from aiohttp import web

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"housing-{SERVICE}-{SECRET}"
TEMPLATES = {
    "email": "f33517ff-2a88-4f6e-b855-c550268ce08a",
    "text": "c550268c-e08a-4f6e-b855-f33517ff2a88",
    "letter": "b855f335-17ff-4f6e-8a88-c550268ce08a",
}
FIELDS = {"email": "email_address", "sms": "phone_number"}
INTERNAL_ERROR = (500, "Exception", "Internal server error")
RATE_LIMIT = (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
DAILY_LIMIT = (429, "TooManyRequestsError", "Exceeded send limits (250000) for today")
NO_ADDRESS = (400, "ValidationError", "email_address Not a valid email address")
TRIAL = (400, "BadRequestError", "Can't send to this recipient when service is in trial mode")


@dataclass
class NotifyServer:
    """The stand-in as its tests see it: what it took and was asked for, and what it refuses from now on.

    It `refuses` requests in their order, and all messages to those addresses that it `refuses_for`.
    """

    url: str = ""
    refuses: list[tuple[int, str, str]] = field(default_factory=list)
    refuses_for: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    answers_nothing: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def sent_to(self, address: str) -> list[dict[str, Any]]:
        """The messages that it took for an address or a number."""
        return [
            one for one in self.messages if address in (one.get("email_address"), one.get("phone_number"))
        ]

    async def take(self, request: web.Request) -> web.Response:
        """Take a message: its reference does not keep it from being taken twice."""
        if problem := self._refusal(request):
            return problem
        kind, body = request.match_info["kind"], await request.json()
        if problem := _invalid(kind, body):
            return problem
        if refused := self.refuses_for.get(body.get(FIELDS.get(kind, ""), "")):
            return _error(*refused)
        message = {"id": str(uuid4()), "type": kind, "status": "created", "created_at": _now(), **body}
        self.messages.append(message)
        if self.answers_nothing:
            return _error(*INTERNAL_ERROR)
        return web.json_response({"id": message["id"], "reference": body.get("reference")}, status=201)

    async def list(self, request: web.Request) -> web.Response:
        """The messages of a reference, the latest first."""
        if problem := self._refusal(request):
            return problem
        asked = request.query.get("reference")
        found = [one for one in reversed(self.messages) if asked in (None, one.get("reference"))]
        return web.json_response({"notifications": found, "links": {"current": str(request.url)}})

    async def show(self, request: web.Request) -> web.Response:
        """One message by its id, with how it fared."""
        if problem := self._refusal(request):
            return problem
        self.asked.append(request.match_info["id"])
        found = [one for one in self.messages if one["id"] == request.match_info["id"]]
        return web.json_response(found[0]) if found else _error(404, "NoResultFound", "No result found")

    def _refusal(self, request: web.Request) -> web.Response | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
            assert claims["iss"] == SERVICE
        except (jwt.PyJWTError, AssertionError):
            return _error(403, "AuthError", "Invalid token: API key not found")
        return _error(*self.refuses.pop(0)) if self.refuses else None


MOBILE = re.compile(r"(\+?44|0)7\d{9}")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")
LONGEST_TEXT = 918


def _invalid(kind: str, body: dict[str, Any]) -> web.Response | None:
    """The refusals of the documented API."""
    if body["template_id"] not in TEMPLATES.values():
        return _error(400, "BadRequestError", "Template not found")
    address, said = str(body.get(FIELDS.get(kind, ""), "")), body["personalisation"]
    if kind == "email" and "@" not in address:
        return _error(400, "ValidationError", "email_address Not a valid email address")
    if kind == "sms":
        if MOBILE.fullmatch(address.replace(" ", "")) is None:
            return _error(400, "ValidationError", "phone_number Not a UK mobile number")
        if len(said["body"]) > LONGEST_TEXT:
            return _error(400, "BadRequestError", f"Messages cannot be longer than {LONGEST_TEXT} characters")
    lines = [said[name] for name in sorted(said) if name.startswith("address_line_")]
    if kind == "letter" and not 3 <= len(lines) <= 7:
        return _error(400, "ValidationError", "Address must be at least 3 lines, and no more than 7 lines")
    if kind == "letter" and POSTCODE.fullmatch(lines[-1]) is None:
        return _error(400, "ValidationError", "Last line of address must be a real UK postcode")
    return None


def _error(status: int, kind: str, message: str) -> web.Response:
    errors = [{"error": kind, "message": message}]
    return web.json_response({"status_code": status, "errors": errors}, status=status)


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


@asynccontextmanager
async def notify_server() -> AsyncIterator[NotifyServer]:
    """Run the stand-in."""
    shown = NotifyServer()
    app = web.Application()
    app.router.add_post("/v2/notifications/{kind:email|sms|letter}", shown.take)
    app.router.add_get("/v2/notifications", shown.list)
    app.router.add_get("/v2/notifications/{id}", shown.show)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        shown.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield shown
    finally:
        await runner.cleanup()
