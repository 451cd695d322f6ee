"""The calendar: bank holidays and closures; what a closure would move is shown before it is entered."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.board.client import Refused
from services.board.frame import ROOT, go_on, page
from services.board.people import NotHere, Officer
from services.board.presenting.calendar import effect, typed_date
from services.board.presenting.times import day_of, weekday_date
from services.board.signin import Session, checked_form
from services.board.state import state_of

router = APIRouter(prefix=ROOT)

CALENDAR = f"{ROOT}/calendar"
SCOPE = "calendar"
LONGEST = 200
Year = Annotated[int | None, Query(ge=1990, le=2100)]


@router.get("/calendar")
async def read_calendar(request: Request, officer: Officer, year: Year = None) -> Response:
    """The days that are no working days, and for who may, a form to close the office on one more."""
    return await _shown(request, officer, year)


@router.post("/calendar")
async def preview_or_close(request: Request, officer: Officer) -> Response:
    """Show what a closure, or taking one back, would move; once that was read, do it."""
    if SCOPE not in officer.scopes:
        raise NotHere
    form = await checked_form(request)
    typed = {name: str(form.get(name, ""))[:LONGEST] for name in ("act", "date", "reason", "sure", "key")}
    on = typed_date(typed["date"])
    if on is None:
        wrong = {"date": "Enter the day on which the office is closed"}
        return await _shown(request, officer, None, typed=typed, errors=wrong)
    try:
        return await _closed(request, officer, typed, on)
    except Refused as refused:
        if refused.status not in {409, 422}:
            raise
        return await _shown(request, officer, on.year, typed=typed, errors=_errors(refused))


async def _closed(request: Request, officer: Session, typed: Mapping[str, str], on: date) -> Response:
    is_withdrawal, api = typed["act"] == "withdraw", state_of(request).api(officer.token)
    path = f"/v1/calendar/closures/{on}/withdrawal" if is_withdrawal else "/v1/calendar/closures"
    body = {"reason": typed["reason"]} | ({} if is_withdrawal else {"date": on.isoformat()})
    words = weekday_date(on, day_of(state_of(request).clock()))
    if typed["sure"] == "yes":
        await api.post(path, body, key=typed["key"][:64])
        said = f"The office is {'open' if is_withdrawal else 'closed'} on {words}. Dates are being moved."
        return go_on(request, f"{CALENDAR}?year={on.year}", said)
    preview = await api.post(f"{path}?dry_run=true", body)
    return page(
        request,
        "calendar_preview.html",
        f"{'Open' if is_withdrawal else 'Close'} the office on {words}?",
        effect=effect(preview.body),
        date=on.isoformat(),
        reason=typed["reason"],
        is_withdrawal=is_withdrawal,
        key=uuid4().hex,
    )


async def _shown(
    request: Request,
    officer: Session,
    year: int | None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    today = day_of(state_of(request).clock())
    shown = year or today.year
    answer = await state_of(request).api(officer.token).get("/v1/calendar", {"year": shown})
    days = {
        name: [(date.fromisoformat(each["date"]), each["reason"]) for each in answer.body[name]]
        for name in ("bank_holidays", "closures")
    }
    return page(
        request,
        "calendar.html",
        "Error: Calendar" if errors else "Calendar",
        status=422 if errors else 200,
        year=shown,
        holidays=[(weekday_date(day, today), reason) for day, reason in days["bank_holidays"]],
        closures=[(day.isoformat(), weekday_date(day, today), reason) for day, reason in days["closures"]],
        may_close=SCOPE in officer.scopes,
        typed=typed or {},
        errors=errors or {},
    )


def _errors(refused: Refused) -> dict[str, str]:
    by_field = {each["pointer"].removeprefix("/"): each["detail"] for each in refused.errors}
    known = {name: detail for name, detail in by_field.items() if name in {"date", "reason"}}
    return known or {"date": refused.detail}
