"""Use cases of telephone calls, one by one and by the file of a telephone system."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from services.enquiries import events
from services.enquiries.events import Channel, Service
from services.enquiries.models import Call
from services.enquiries.policy import DEPARTMENT
from services.enquiries.policy.call import LIFECYCLE, Action, CallStatus, Situation
from services.enquiries.queries import office as queries
from services.enquiries.schemas.calls import (
    CallAbandonment,
    CallAnswer,
    CallLine,
    CallOut,
    CallResolution,
    CallsLoaded,
    Loaded,
    LoadedCall,
    NewCall,
)
from services.enquiries.service.receiving import as_fact
from shared.caller import Role
from shared.cases.acts import check
from shared.cases.deadlines import deadlines_of
from shared.cases.registers import Cells, Line, Register, iso_day
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words
from shared.cases.times import instant_of_act, occurred_at, past_instant
from shared.errors import Invalid
from shared.references import new_reference
from shared.text import compared
from shared.work import UnitOfWork, Work

NEEDED = ("call_id", "queued_at")
OPTIONAL = (
    *("answered_at", "abandoned_at", "answered_by", "department", "resolved_at_first_contact"),
    *("referred_to", "expected_answer_on", "told_about_online", "recording_reference"),
)
YES_OR_NO = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
BY = {"answered_by": "name", "department": "department"}
QUEUED = "the call was queued"


async def take(work: Work, body: NewCall, *, call_id: str | None = None) -> Call:
    """Record a call, whole or as far as it has come; raises Invalid for a time in the future."""
    for name in ("answered_at", "abandoned_at"):
        past_instant(work, getattr(body, name), f"/{name}")
    call = Call(
        reference=new_reference("CAL"),
        status=CallStatus.QUEUED,
        channel=Channel.PHONE,
        received_at=past_instant(work, body.queued_at, "/queued_at"),
        imported=False,
        department=DEPARTMENT,
        contact={},  # a call tells no address; who is to be written to makes an enquiry
        reported_by=work.caller.identity,
        call_id=call_id,
        recording_reference=body.recording_reference,
        told_about_online=body.told_about_online,
    )
    work.add(call)
    fact = events.CallQueued(channel=Channel.PHONE, department=call.department, imported=call.imported)
    work.record(call, fact, at=call.received_at)
    if body.answered_at is not None and body.answered_by is not None:
        _answer(work, call, CallAnswer.model_construct(**dict(body)), body.answered_at)
    elif body.abandoned_at is not None:
        _abandon(work, call, body.abandoned_at)
    return call


def _answer(work: Work, call: Call, body: CallAnswer, at: datetime) -> None:
    call.move(Action.ANSWER)
    if body.resolved_at_first_contact:
        call.status = CallStatus.RESOLVED
    call.answered_at, call.handler_name = at, body.answered_by.name
    call.answered_in, call.resolved_at_first_contact = (
        body.answered_by.department,
        body.resolved_at_first_contact,
    )
    call.referred_to, call.expected_answer_on = body.referred_to, body.expected_answer_on
    call.told_about_online = body.told_about_online
    call.recording_reference = body.recording_reference or call.recording_reference
    fact = events.CallAnswered(
        resolved_at_first_contact=body.resolved_at_first_contact,
        told_about_online=body.told_about_online,
        expected_answer_on=as_fact(body.expected_answer_on),
        referred_to=Service(body.referred_to) if body.referred_to else None,
    )
    work.record(call, fact, at=at)


def _abandon(work: Work, call: Call, at: datetime) -> None:
    call.move(Action.ABANDONMENT)
    call.abandoned_at = at
    work.record(call, events.CallAbandoned(), at=at)


async def _begin(work: UnitOfWork, reference: str, action: Action) -> Call:
    call = await queries.found_for_update(work, Call, reference)
    check(LIFECYCLE, action, Situation(status=CallStatus(call.status)))
    return call


async def answer(work: UnitOfWork, reference: str, body: CallAnswer) -> Call:
    """Answer a call that waits."""
    call = await _begin(work, reference, Action.ANSWER)
    at = await instant_of_act(work, call, body.answered_at, pointer="/answered_at", what=QUEUED)
    _answer(work, call, body, at)
    return call


async def abandon(work: UnitOfWork, reference: str, body: CallAbandonment) -> Call:
    """Record that the caller hung up before anybody answered."""
    call = await _begin(work, reference, Action.ABANDONMENT)
    _abandon(
        work,
        call,
        await instant_of_act(work, call, body.abandoned_at, pointer="/abandoned_at", what=QUEUED),
    )
    return call


async def resolve(work: UnitOfWork, reference: str, body: CallResolution) -> Call:
    """Record that the answer promised in a call was given."""
    call = await _begin(work, reference, Action.RESOLUTION)
    at = await occurred_at(work, call, body, not_before=call.answered_at, what="the call was answered")
    call.move(Action.RESOLUTION)
    work.record(call, events.CallResolved(), at=at)
    return call


async def load(work: UnitOfWork, file: IO[bytes]) -> CallsLoaded:
    """Record every call in the file that is not there yet; the same file again records none.

    Raises Invalid for what is no such file at all: another encoding than UTF-8, or other columns.
    """
    register = Register(NEEDED, OPTIONAL, _read, lambda row: [row.call_id], _same_as)
    lines: list[CallLine] = []
    for batch in register.batches(file):
        known = await queries.calls_known(work, [line.row.call_id for line in batch if line.row])
        lines += [await _loaded(work, line, known) for line in batch]
        await work.session.flush()
    return CallsLoaded.of(lines)


async def _loaded(work: UnitOfWork, line: Line[LoadedCall], known: dict[str, str]) -> CallLine:
    if line.row is None:
        return CallLine(line=line.number, outcome=Loaded.REFUSED, problem=line.problem)
    earlier = known.get(line.row.call_id)
    if earlier is not None:
        return CallLine(line=line.number, outcome=Loaded.ALREADY_LOADED, reference=earlier)
    call = await take(work, line.row, call_id=line.row.call_id)
    return CallLine(line=line.number, outcome=Loaded.LOADED, reference=call.reference)


def _read(cells: Cells) -> LoadedCall:
    """A line as the same call sent alone; a telephone system writes "yes" and "no"."""
    told: dict[str, Any] = {name: cell for name, cell in cells.items() if name not in BY}
    for name in ("resolved_at_first_contact", "told_about_online"):
        if name in told:
            told[name] = YES_OR_NO.get(compared(told[name]), told[name])
    told["expected_answer_on"] = iso_day(told.get("expected_answer_on"))
    if BY.keys() & cells.keys():
        told["answered_by"] = {BY[name]: cells.get(name) for name in BY}
    return LoadedCall.of_parsed(told)


def _same_as(first: int) -> Invalid:
    return Invalid(f"Line {first} has the same call_id.", "/call_id")


async def present(work: Work, calls: Sequence[Call]) -> list[CallOut]:
    """Calls that the caller sees, each with its promises."""
    promised = await deadlines_of(work, [call.reference for call in calls])
    to_officer = work.caller.is_a(Role.OFFICER)
    return [
        CallOut(
            **common_fields(
                call,
                promised[call.reference],
                work.now,
                _allowed(work, call),
                summary=in_words("Phone call", call),
                to_officer=to_officer,
            ),
            **CallOut.kept(call),
        )
        for call in calls
    ]


async def present_one(work: Work, call: Call) -> CallOut:
    """One call that the caller sees, or that was recorded just now."""
    if isinstance(work, UnitOfWork):
        await work.session.flush()
    [shown] = await present(work, [call])
    return shown


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a call allows the caller now; asked after an act on it was refused."""
    return _allowed(work, await queries.found(work, Call, reference))


def _allowed(work: Work, call: Call) -> list[str]:
    return sorted(LIFECYCLE.allowed(work.caller.roles, Situation(status=CallStatus(call.status))))
