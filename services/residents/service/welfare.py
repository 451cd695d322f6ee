"""Use cases of worries about residents: opened for a problem that estates refers, looked into, and closed."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.residents import events, queries
from services.residents.events import WelfareOutcome
from services.residents.models import Read, Welfare, WelfareRead, WelfareReferral
from services.residents.policy import (
    DEPARTMENT,
    WELFARE,
    WELFARE_FOLLOWS,
    Needs,
    WelfareAction,
    WelfareStatus,
)
from services.residents.schemas.welfare import (
    ReferredIssue,
    WelfareAssignment,
    WelfareClosure,
    WelfareOut,
    WelfareVisit,
)
from shared.app_state import AppState
from shared.caller import Role
from shared.cases.acts import check
from shared.cases.address_book import spelt_both_ways
from shared.cases.asking import POLL_SECONDS, ask_due
from shared.cases.deadlines import deadlines_of
from shared.cases.queries import get_for_update
from shared.cases.reads import note_reads
from shared.cases.schemas import Channel, common_fields
from shared.cases.summaries import in_words
from shared.cases.times import in_order
from shared.events import Event
from shared.references import new_reference
from shared.work import UnitOfWork, unit_of_work

ESTATES, OURS = "estates", "residents"
BY_ESTATES = "the estates service"
NOT_TOLD_YET = "Seen on an estate; the estates team knows what the worry is."
NOT_KNOWN_YET = {"address": "Not known yet; the estates team has been asked", "postcode": "unknown"}
# Nobody is written to about it, and whoever is worried may not claim what is kept of somebody else.
CONTACT = {"safe_to_contact": False}
A_WORRY = "a worry about a resident"


async def take_in(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Open a case for each worry that estates refers and that has none, and tell estates which it is."""
    told = {event.reference: event for event in received if event.facts["to"] == OURS}
    known = await queries.welfare_made_from(work, list(told)) if told else {}
    for issue in sorted(told):
        case = known.get(issue) or await _open(work, told[issue])
        work.record(case, events.IssueTakenUp(issue_reference=issue))


async def _open(work: UnitOfWork, event: Event) -> Welfare:
    case = Welfare(
        reference=new_reference("WEL"),
        status=WelfareStatus.OPEN,
        channel=Channel.OFFICER,
        received_at=min(event.occurred_at, work.now),
        imported=False,
        department=DEPARTMENT,
        contact=CONTACT,
        reported_by=BY_ESTATES,
        property=NOT_KNOWN_YET,
        made_from=event.reference,
        description=NOT_TOLD_YET,
    )
    work.add(case)
    work.record(case, events.WelfareCaseOpened(department=DEPARTMENT, imported=False), at=case.received_at)
    await work.session.flush()  # the case, to which the next row refers
    work.add(WelfareReferral(issue=event.reference, reference=case.reference, ask_again_at=work.now))
    return case


async def run(state: AppState) -> None:
    """Ask estates about what it referred, until cancelled."""
    while True:
        await ask_due(state, WelfareReferral, ask_about)
        await asyncio.sleep(POLL_SECONDS)


async def ask_about(state: AppState, referral: WelfareReferral) -> None:
    """Ask estates what the worry is and where, and keep it with what we know of the household there.

    Raises httpx.HTTPError when estates is away or refuses, ValueError for an answer that cannot be read.
    """
    answer = await state.services.get(ESTATES, f"/internal/referrals/{referral.issue}")
    told = ReferredIssue.model_validate_json(answer.raise_for_status().content)
    async with unit_of_work(state) as work:
        case = await get_for_update(work, Welfare, referral.reference)
        case.description = told.description
        case.contact = {**(told.contact.kept() if told.contact else {}), **CONTACT}
        case.property = (told.property or told.place).model_dump(mode="json", exclude_none=True)
        if told.property is not None:
            [household] = await queries.households(work, [told.property])
            note_reads(work, Read, [tenancy.reference for tenancy in household], A_WORRY)
            case.household = asdict(Needs.of_household([tenancy.needs for tenancy in household]))
        (await work.session.get_one(WelfareReferral, referral.issue)).answered_at = work.now


async def _to_act_on(
    work: UnitOfWork,
    reference: str,
    action: WelfareAction,
    body: WelfareAssignment | WelfareVisit | WelfareClosure,
) -> tuple[Welfare, datetime]:
    """A worry that allows the act, locked, and the instant of the act; raises as `occurred_at` does."""
    case = await queries.welfare_for_update(work, reference)
    check(WELFARE, action, case.situation)
    at = await in_order(work, case, body, WELFARE_FOLLOWS.get(action, ()))
    case.move(action)
    return case, at


async def assign(work: UnitOfWork, reference: str, body: WelfareAssignment) -> Welfare:
    """Give a worry to an officer."""
    case, at = await _to_act_on(work, reference, WelfareAction.ASSIGNMENT, body)
    case.handler_name, case.handler_subject = body.handler.name, body.handler.subject
    work.record(case, events.WelfareCaseAssigned(handler=body.handler.subject or ""), at=at)
    return case


async def visit(work: UnitOfWork, reference: str, body: WelfareVisit) -> Welfare:
    """Record that an officer called at the home."""
    case, at = await _to_act_on(work, reference, WelfareAction.VISIT, body)
    case.visited_at, case.seen, case.visit_notes = at, body.seen, body.notes
    work.record(case, events.WelfareVisited(seen=body.seen), at=at)
    return case


async def close(work: UnitOfWork, reference: str, body: WelfareClosure) -> Welfare:
    """End a worry, and tell estates; one whose resident was not reached is not dealt with."""
    case, at = await _to_act_on(work, reference, WelfareAction.CLOSURE, body)
    case.closed_at, case.outcome, case.closing_notes = at, body.outcome, body.notes
    work.record(case, events.WelfareCaseClosed(outcome=body.outcome), at=at)
    dealt_with = body.outcome is not WelfareOutcome.NOT_REACHED
    work.record(case, events.IssueEnded(issue_reference=case.made_from, dealt_with=dealt_with), at=at)
    return case


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a worry allows the caller now."""
    return _allowed(work, await queries.welfare(work, reference))


def _allowed(work: UnitOfWork, case: Welfare) -> list[str]:
    return sorted(WELFARE.allowed(work.caller.roles, case.situation))


async def present(work: UnitOfWork, case: Welfare, purpose: str) -> WelfareOut:
    """One worry as the caller sees it; the reading of it is noted."""
    [shown] = await present_all(work, [case], purpose)
    return shown


async def present_all(work: UnitOfWork, found: Sequence[Welfare], purpose: str) -> list[WelfareOut]:
    """Worries as the caller sees them, in the order given; the reading of each is noted."""
    await work.session.flush()
    references = [case.reference for case in found]
    note_reads(work, WelfareRead, references, purpose)
    promised = await deadlines_of(work, references)
    homes = await spelt_both_ways(work, [case.property for case in found])
    to_officer = work.caller.is_a(Role.OFFICER)
    shown: list[WelfareOut] = []
    for case, home in zip(found, homes, strict=True):
        common: dict[str, Any] = common_fields(
            case,
            promised[case.reference],
            work.now,
            _allowed(work, case),
            summary=in_words("Worry about a resident", case),
            to_officer=to_officer,
        )
        shown.append(WelfareOut(**common, **WelfareOut.own_fields(case, home)))
    return shown
