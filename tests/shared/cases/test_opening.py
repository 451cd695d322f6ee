"""Opening a case: its reference, who may bring over history, and the reasons given for what follows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import DeclarativeBase

from shared.app_state import AppState
from shared.caller import RESIDENT
from shared.cases.contact import Contact
from shared.cases.opening import may_import, open_case
from shared.cases.reasons import ReasonColumns, ReasonOut, give_reason, reasons_of
from shared.cases.schemas import Channel
from shared.db.transaction import transaction
from shared.errors import Forbidden, Invalid
from shared.references import normalised
from shared.work import Creation, Work, commit_creation, unit_of_work
from tests.shared.cases.rows import ADA, RECEIVED_AT, SAM, a_case, caller
from tests.shared.example.events import PermitIssued
from tests.shared.example.models import Permit
from tests.shared.messaging.facts import NOW

IMPORTER = caller(departments=("permits",), scopes=("import",))


class Base(DeclarativeBase):
    """The one table of this test."""


class Reason(ReasonColumns, Base):
    """The reason for an act on a case."""

    __tablename__ = "reasons"


@dataclass
class Report:
    """A case as it is reported."""

    received_at: datetime | None = None
    imported: bool = False
    channel: Channel = Channel.PHONE
    contact: Contact = field(default_factory=lambda: Contact(name="Sam Jones", phone="01708 000000"))


def opened(work: Work, body: Report) -> Permit:
    """The case of a report, with the columns that are a permit's own."""
    own = {"description": "A red van."}
    return open_case(work, Permit, "PER", body, status="requested", department="permits", version=0, **own)


async def test_a_report_becomes_a_case(state: AppState) -> None:
    """With a reference of its own, received now, by whoever reported it; nothing is asked of the database."""
    work = Creation(state, SAM, NOW)
    case = opened(work, Report())
    work.record(case, PermitIssued())
    await commit_creation(work)
    async with transaction(state.database) as session:
        stored = await session.get_one(Permit, case.reference)
    assert stored.reference == normalised(stored.reference)
    assert (stored.status, stored.department, stored.channel) == ("requested", "permits", "phone")
    assert (stored.received_at, stored.imported, stored.reported_by) == (NOW, False, "resident-1")
    assert stored.contact == {
        "name": "Sam Jones",
        "phone": "01708 000000",
        "phone_e164": "+441708000000",
        "safe_to_contact": True,
    }
    assert not work.keeps_answer


async def test_a_new_case_can_be_acted_on_in_the_same_unit_of_work(state: AppState) -> None:
    """It is an object as any other: what is changed after it was inserted is updated."""
    async with unit_of_work(state, SAM, now=NOW) as work:
        case = opened(work, Report())
        await work.session.flush()
        assert (case.status, case.handler_name) == ("requested", None)
        case.handler_name = "Ola Reyes"
    async with transaction(state.database) as session:
        stored = await session.get_one(Permit, case.reference)
    assert stored.handler_name == "Ola Reyes"


async def test_a_report_may_have_waited(state: AppState) -> None:
    """A letter that came on Friday counts from Friday; none comes from the future."""
    async with unit_of_work(state, ADA, now=NOW) as work:
        assert opened(work, Report(NOW - timedelta(days=3))).received_at == NOW - timedelta(days=3)
        with pytest.raises(Invalid) as refused:
            opened(work, Report(NOW + timedelta(hours=1)))
    assert refused.value.pointer == "/received_at"


@pytest.mark.parametrize(
    ("by", "may"),
    [
        (IMPORTER, True),
        (ADA, False),
        (SAM, False),
        (caller("resident-1", RESIDENT, scopes=("import",)), False),
    ],
)
async def test_old_cases_are_brought_over_by_an_officer_with_the_scope(
    state: AppState, by: Any, may: bool
) -> None:
    """The answer is kept for good: a file that is sent again years later must find its rows again."""
    assert may_import(by) is may
    async with unit_of_work(state, by, now=NOW) as work:
        if may:
            assert opened(work, Report(imported=True)).imported
        else:
            with pytest.raises(Forbidden):
                opened(work, Report(imported=True))
        assert work.keeps_answer is may


async def test_reasons_are_kept_with_the_event_that_tells_of_the_act(state: AppState) -> None:
    """In order, with who gave them; the event has not a word of them."""
    async with state.database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with unit_of_work(state, ADA, now=NOW) as work:
        work.add(case := a_case())
        await work.session.flush()
        for act in ("priority", "cancellation"):
            event = work.record(case, PermitIssued(), at=RECEIVED_AT)
            give_reason(work, Reason, case, act, f"Because of {act}.", event.occurred_at)
            assert not event.facts
    async with unit_of_work(state, ADA) as work:
        kept = [ReasonOut.of(row) for row in await reasons_of(work, Reason, case.reference)]
        assert await reasons_of(work, Reason, "PER-0000-0000") == []
    assert [(each.act, each.reason, each.given_by) for each in kept] == [
        ("priority", "Because of priority.", "officer-7"),
        ("cancellation", "Because of cancellation.", "officer-7"),
    ]
    assert {each.occurred_at for each in kept} == {RECEIVED_AT}
