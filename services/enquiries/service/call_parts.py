"""Parts of a call as a telephone system tells them, in any order: what comes too early waits for its call."""

from services.enquiries.models import Call, EarlyCallPart
from services.enquiries.policy.call import CallStatus
from services.enquiries.queries import office as queries
from services.enquiries.schemas.calls import CallAbandonment, CallAnswer, CallPart, CallPartOut, LoadedCall
from services.enquiries.service.calls import abandon, answer, take
from shared.work import UnitOfWork

NOT_OF_AN_ANSWER = {"call_id", "queued_at", "abandoned_at"}


async def take_part(work: UnitOfWork, body: CallPart) -> CallPartOut:
    """Take a part of a call in, once; raises Invalid for parts that contradict one another."""
    await queries.lock_call(work, body.call_id)
    call = await queries.call_of_id(work, body.call_id)
    if call is None:
        call = await _begun(work, body)
    elif call.status == CallStatus.QUEUED:
        await _go_on(work, call, body)
    return CallPartOut(call_id=body.call_id, reference=call.reference if call else None)


async def _begun(work: UnitOfWork, body: CallPart) -> Call | None:
    """The call, if it is known by now that it was queued; its part is kept otherwise."""
    early = await work.session.get(EarlyCallPart, body.call_id)
    told = {**(early.part if early else {}), **body.model_dump(mode="json", exclude_unset=True)}
    if "queued_at" in told:
        if early is not None:
            await work.session.delete(early)
        return await take(work, LoadedCall.of_parsed(told), call_id=body.call_id)
    if early is None:
        work.add(EarlyCallPart(call_id=body.call_id, part=told, kept_at=work.now))
    else:
        early.part = told
    return None


async def _go_on(work: UnitOfWork, call: Call, body: CallPart) -> None:
    """Answer or abandon a call that waits; what was told before is told once."""
    if body.answered_at is not None:
        told = body.model_dump(mode="json", exclude_unset=True, exclude=NOT_OF_AN_ANSWER)
        await answer(work, call.reference, CallAnswer.of_parsed(told))
    elif body.abandoned_at is not None:
        await abandon(work, call.reference, CallAbandonment(abandoned_at=body.abandoned_at))
