"""The promises to whoever writes, rings, or moves in: sections 2 to 4 and 8."""

from collections.abc import Mapping
from typing import Any

from tests.end_to_end.houses import House
from tests.end_to_end.promises.telling import CONTACT, HOME, Promise, at, day, reported

ASKED: Mapping[str, Any] = {"subject": "Bins", "message": "Where do the bins go?", "contact": CONTACT}
OLA: Mapping[str, Any] = {"name": "Ola Reyes", "subject": "ola"}
TENANCY: Mapping[str, Any] = {"tenant": "Sam Jones", "property": HOME, "contact": CONTACT}


async def mail_acknowledged(house: House) -> str:
    """The letter that names who deals with it has arrived."""
    mail = await reported(house, "/v1/enquiries", channel="email", **ASKED)
    await house.act(f"/v1/enquiries/{mail}/assignment", {"handler": OLA})
    await house.act(f"/v1/enquiries/{mail}/acknowledgement", {})
    return mail


async def mail_left(house: House) -> str:
    return await reported(house, "/v1/enquiries", channel="email", received_at=at(), **ASKED)


async def letter_answered(house: House) -> str:
    letter = await letter_left(house)
    answer = {"message": "On the left.", "occurred_at": at(days=3)}
    await house.act(f"/v1/enquiries/{letter}/response", answer)
    return letter


async def letter_left(house: House) -> str:
    return await reported(house, "/v1/enquiries", channel="letter", received_at=at(), **ASKED)


async def date_kept(house: House) -> str:
    spoken = await date_given(house)
    answer = {"message": "On the left.", "occurred_at": at(days=3)}
    await house.act(f"/v1/enquiries/{spoken}/response", answer)
    return spoken


async def date_given(house: House) -> str:
    told = {"channel": "phone", "received_at": at(), "expected_answer_on": day(5)}
    return await reported(house, "/v1/enquiries", **told, **ASKED)


async def call_answered(house: House) -> str:
    spoken = {"answered_by": {"name": "Ola", "department": "enquiries"}, "resolved_at_first_contact": True}
    return await reported(house, "/v1/calls", queued_at=at(), answered_at=at(hours=0.01), **spoken)


async def call_queued(house: House) -> str:
    return await reported(house, "/v1/calls", queued_at=at())


async def settled_in(house: House) -> str:
    tenancy = await moved_in(house)
    visit = {"completed_at": at(days=7), "support_plan": None, "why_no_plan": "None wished."}
    await house.act(f"/v1/tenancies/{tenancy}/settling-in-visit", visit)
    return tenancy


async def moved_in(house: House) -> str:
    return await reported(house, "/v1/tenancies", started_on=day(), received_at=at(), **TENANCY)


PROMISES = (
    Promise("enquiries.email.acknowledgement", mail_acknowledged, mail_left),
    Promise("enquiries.response", letter_answered, letter_left),
    Promise("enquiries.promised-answer", date_kept, date_given),
    Promise("calls.answered", call_answered, call_queued),
    Promise("residents.settling-in-visit", settled_in, moved_in),
)
