"""Bringing notices to people: once, to the right place, and again when it did not work."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy import func, text, update

from services.notifications.models import Notice
from services.notifications.notices import delivery
from services.notifications.notices.queries.leaving import Delivered
from services.notifications.notices.queries.letters import claim
from services.notifications.policy import DEPARTMENT, RESIDENT, RETRY_SECONDS, Delivery, Kind
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.work import UnitOfWork, unit_of_work
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.notifications.consuming import ago, consume, consume_history, emergency, notices, swept
from tests.services.notifications.posting import (
    Interrupted,
    a_reported_repair,
    claimed,
    deliver_all,
    mail,
    make_due,
    post,
)
from tests.services.repairs.appointments.booking import published
from tests.services.repairs.reporting import REPORT, assigned, zulu
from tests.support.eventually import eventually


@pytest.mark.usefixtures("owner")
async def test_the_resident_is_told_reference_handler_and_date(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The acknowledgement goes to the address they gave, once, and the notice says where it went."""
    await published(repairs, callers.contractor())
    case = await assigned(repairs, callers.officer(), received_at=zulu(ago(minutes=5)))
    await consume_history(resources, case["reference"])
    assert await deliver_all(resources) == 1
    assert await deliver_all(resources) == 0
    (letter,) = mail(resources)
    assert letter["To"] == "Sam Jones <sam@example.org>"
    assert letter["From"] == resources.settings.mail_from
    text = letter.get_content()
    assert case["reference"] in letter["Subject"]
    for said in (case["reference"], "Pat Smith of the repairs team", "28 working days", "Havering Council"):
        assert said in text
    assert text.count("That is by ") == len(case["deadlines"])
    (notice,) = await notices(resources, case["reference"])
    assert (notice.status, notice.channel, notice.receipt) == ("sent", "mailbox", f"{notice.sent_with}.eml")
    assert notice.sent_at is not None


@pytest.mark.usefixtures("owner")
async def test_whoever_has_no_email_is_for_the_post_room(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A mobile number is enough to report a repair, and enough to be told, in a text that names no home."""
    await a_reported_repair(
        resources, repairs, callers, contact={"name": "Sam Jones", "phone": "07700 900123"}
    )
    await deliver_all(resources)
    (letter,) = mail(resources)
    assert letter["X-Phone"] == "07700 900123"
    assert letter["To"].addresses == ()
    assert "within 28 working days" in letter.get_content()
    assert REPORT["property"]["address"] not in letter.get_content()


@pytest.mark.usefixtures("owner")
async def test_what_a_resident_cannot_read_is_told_to_their_department(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """They are written to in English; the department gets a copy, and in which language to tell it."""
    contact = {**REPORT["contact"], "language": "Somali"}
    reference = await a_reported_repair(resources, repairs, callers, contact=contact)
    await deliver_all(resources)
    copy, theirs = sorted(mail(resources), key=lambda letter: "Sam Jones" in letter["To"])
    assert theirs["Subject"] == f"We have your report: {reference}"
    assert copy["To"] == "repairs department <repairs-department@council.example>"
    assert "Language: Somali" in copy.get_content()
    assert "> Thank you for telling us." in copy.get_content()


@pytest.mark.usefixtures("owner")
async def test_nobody_writes_to_a_resident_for_whom_it_is_not_safe(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, notifications: httpx.AsyncClient
) -> None:
    """Whoever opens the post of a victim of domestic abuse learns nothing; the department is told instead."""
    contact = {**REPORT["contact"], "safe_to_contact": False}
    reference = await a_reported_repair(resources, repairs, callers, contact=contact)
    await deliver_all(resources)
    (letter,) = mail(resources)
    assert letter["To"].addresses[0].addr_spec == "repairs-department@council.example"
    assert letter["Subject"] == f"Do not write to the resident: {reference}"
    assert "It is not safe to write to the resident" in letter.get_content()
    assert "28 working days" in letter.get_content()
    for private in (contact["name"], contact["email"], contact["phone"], contact["address"]):
        assert private not in str(letter)
    (notice,) = await notices(resources, reference)
    assert (notice.kind, notice.told, notice.status) == ("acknowledgement", "department", "sent")
    seen = await notifications.get(f"/v1/cases/{reference}/timeline", headers=callers.resident())
    assert [entry["entry"] for entry in seen.json()["entries"]] == ["event"]


@pytest.mark.usefixtures("owner")
async def test_it_is_unsafe_to_write_from_the_moment_somebody_says_so(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Also for a letter that was owed before: the owner is asked as it leaves, and no copy is kept."""
    reference = await a_reported_repair(resources, repairs, callers)
    (owed,) = await notices(resources, reference)
    assert (owed.audience, owed.status) == (RESIDENT, Delivery.PENDING)
    path = f"/v1/repairs/{reference}/contact"
    answer = await repairs.post(path, json={"safe_to_contact": False}, headers=callers.resident())
    assert answer.status_code == 201
    assert await deliver_all(resources) == 1
    (letter,) = mail(resources)
    assert letter["To"].addresses[0].addr_spec == "repairs-department@council.example"
    assert REPORT["contact"]["email"] not in str(letter)
    (sent,) = await notices(resources, reference)
    assert (sent.status, sent.told) == (Delivery.SENT, DEPARTMENT)


@pytest.mark.usefixtures("owner")
async def test_a_letter_goes_where_the_contact_says_when_it_leaves(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An address corrected after the letter was owed is the one it goes to."""
    reference = await a_reported_repair(resources, repairs, callers)
    path = f"/v1/repairs/{reference}/contact"
    corrected = {"email": "sam.jones@example.org"}
    assert (await repairs.post(path, json=corrected, headers=callers.officer())).status_code == 201
    await deliver_all(resources)
    (letter,) = mail(resources)
    assert letter["To"] == "Sam Jones <sam.jones@example.org>"


@pytest.mark.usefixtures("owner")
async def test_who_is_told_in_a_residents_place_may_be_told_already(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A missed right to repair is told to department and resident; both notices may reach the department."""
    contact = {**REPORT["contact"], "safe_to_contact": False}
    words = {"fault": "total-loss-of-water", "received_at": zulu(ago(days=4)), "contact": contact}
    unsafe = await a_reported_repair(resources, repairs, callers, **words)
    innocent = await a_reported_repair(resources, repairs, callers)
    await swept(resources)
    assert await deliver_all(resources) > 0
    told = [*await notices(resources, unsafe), *await notices(resources, innocent)]
    assert {notice.status for notice in told} == {Delivery.SENT}
    meant_for_them = [notice for notice in told if notice.reference == unsafe and notice.audience == RESIDENT]
    assert len(meant_for_them) > 1
    assert {notice.told for notice in meant_for_them} == {DEPARTMENT}
    assert {notice.told for notice in await notices(resources, innocent)} == {RESIDENT}


@pytest.mark.usefixtures("owner")
async def test_one_that_cannot_be_noted_keeps_no_other_waiting(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It alone is tried again later; the others are sent, and stay so."""
    spoilt = await a_reported_repair(resources, repairs, callers)
    sound = await a_reported_repair(resources, repairs, callers)
    note = delivery.note_sent

    async def refuse(work: UnitOfWork, delivered: Sequence[Delivered]) -> None:
        if any(one.notice.reference == spoilt for one in delivered):
            await work.session.execute(text("SELECT 1 / 0"))
        await note(work, delivered)

    monkeypatch.setattr(delivery, "note_sent", refuse)
    assert await deliver_all(resources) == 2
    assert [notice.status for notice in await notices(resources, sound)] == [Delivery.SENT]
    (waiting,) = await notices(resources, spoilt)
    assert (waiting.status, waiting.attempts) == (Delivery.PENDING, 1)


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("audience", "to"),
    [
        ("department", "repairs department <repairs-department@council.example>"),
        ("manager", "repairs manager <repairs-manager@council.example>"),
        ("handler", "Pat Smith <repairs-department@council.example>"),
    ],
)
async def test_each_who_deals_with_a_case_has_an_address(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, audience: str, to: str
) -> None:
    """A manager reads apart from the department; a handler, whose own address is unknown, at theirs."""
    job = await assigned(repairs, callers.officer(), fault="loss-of-gas", received_at=zulu(ago(hours=5)))
    await consume_history(resources, job["reference"])
    await swept(resources)
    await make_due(resources, audience=audience)
    await deliver_all(resources)
    assert {letter["To"] for letter in mail(resources)} == {to}


async def test_an_owner_that_is_away_is_asked_again_later(
    resources: AppState, repairs: httpx.AsyncClient, owner: Line, callers: Callers
) -> None:
    """The contact is asked for at the moment of sending; as long as nobody answers, the notice waits."""
    reference = await a_reported_repair(resources, repairs, callers)
    owner.is_cut = True
    assert await deliver_all(resources) == 1
    (waiting,) = await notices(resources, reference)
    assert (waiting.status, waiting.attempts) == (Delivery.PENDING, 1)
    assert await claimed(resources) == []
    assert mail(resources) == []
    owner.is_cut = False

    async def sent() -> bool:
        await deliver_all(resources)
        return bool(mail(resources))

    await eventually(sent, seconds=10)
    (notice,) = await notices(resources, reference)
    assert (notice.status, notice.attempts) == (Delivery.SENT, 2)


@pytest.mark.usefixtures("owner")
async def test_a_case_that_its_owner_does_not_know_is_given_up_on_in_the_end(resources: AppState) -> None:
    """For a day it may be a mistake that somebody mends; then it is a failure, shown with its reason."""
    case = emergency(ago(minutes=5), priority=2)
    await consume(resources, *case.history)
    assert await deliver_all(resources) == 1
    assert (await notices(resources))[0].status == Delivery.PENDING
    await make_due(resources, attempts=len(RETRY_SECONDS))
    assert await deliver_all(resources) == 1
    (notice,) = await notices(resources)
    assert (notice.status, notice.reason) == (Delivery.FAILED, "UnknownToItsOwner")
    await make_due(resources)
    assert await deliver_all(resources) == 0


@pytest.mark.usefixtures("owner")
async def test_one_notice_that_cannot_be_written_keeps_no_other_waiting(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Whatever is wrong with it, such as a kind of a later version, the others go out."""
    spoilt = await a_reported_repair(resources, repairs, callers)
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).values(kind="carrier pigeon"))
    good = await a_reported_repair(resources, repairs, callers)
    assert await deliver_all(resources) == 2
    assert (await notices(resources, spoilt))[0].status == Delivery.PENDING
    assert (await notices(resources, good))[0].status == Delivery.SENT


@pytest.mark.usefixtures("owner")
async def test_two_workers_share_the_work(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Each notice is carried by one of them; every resident gets one letter.

    Each looks twice: the first look of one may find only cases whose notices the other took a moment before.
    """
    references = [await a_reported_repair(resources, repairs, callers) for _ in range(8)]

    async def looked_twice() -> list[Notice]:
        return [*await claimed(resources, 5), *await claimed(resources, 5)]

    one, other = await asyncio.gather(looked_twice(), looked_twice())
    both = [notice.id for notice in (*one, *other)]
    assert len(both) == len(set(both)) == 8
    await asyncio.gather(*(post(resources, theirs) for theirs in (one, other)))
    assert len(mail(resources)) == len(references)


@pytest.mark.usefixtures("owner")
async def test_an_emergency_waits_behind_nobody(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """However many letters were owed before it."""
    for _ in range(3):
        await a_reported_repair(resources, repairs, callers)
    emergency = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    first = await claimed(resources, 1)
    assert {notice.reference for notice in first} == {emergency}
    assert "emergency" in {notice.kind for notice in first}


@pytest.mark.usefixtures("owner")
async def test_a_worker_that_dies_leaves_its_letters_to_others(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A letter that was claimed and never delivered is free again when the claim runs out."""
    await a_reported_repair(resources, repairs, callers)
    assert len(await claimed(resources)) == 1
    assert await claimed(resources) == []
    await make_due(resources)
    assert await deliver_all(resources) == 1
    assert len(mail(resources)) == 1


@pytest.mark.usefixtures("owner")
async def test_a_breach_withdrawn_on_its_way_is_taken_back_where_it_went(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The letter left just before the late fact came: it shows that it went, and another goes after it."""
    officer = callers.officer()
    job = await assigned(repairs, officer, fault="loss-of-gas", received_at=zulu(ago(hours=4, minutes=30)))
    await consume_history(resources, job["reference"])
    await swept(resources)
    done = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
    done["occurred_at"] = zulu(ago(hours=2))
    path = f"/v1/repairs/{job['reference']}/updates"
    assert (await repairs.post(path, json=done, headers=officer)).status_code == 201
    mailbox = Interrupted(resources, lambda: consume_history(resources, job["reference"]))
    await post(resources, await claimed(resources), mailbox)
    told = await notices(resources, job["reference"])
    breaches = [row for row in told if row.kind == Kind.BREACH]
    assert {row.status for row in breaches} == {Delivery.WITHDRAWN}
    assert all(row.sent_at for row in breaches)
    after = {(row.audience, row.standard) for row in told if row.kind == Kind.WITHDRAWAL}
    assert after == {(row.audience, row.standard) for row in breaches}
    assert await deliver_all(resources) == len(after) + 2  # and nobody need go out, and it is done
    assert any("That is taken back." in letter.get_content() for letter in mail(resources))


@pytest.mark.usefixtures("owner")
async def test_a_letter_waits_two_seconds_for_what_belongs_with_it(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """One act is published event by event, and the sweep looks each second: then all of it leaves at once."""
    reference = await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")

    async def ready() -> set[str]:
        async with unit_of_work(resources) as work:
            taken_up = await claim(work, delivery.BATCH, delivery.GATHER, delivery.GATHER)
        return {notice.kind for notice in taken_up}

    assert await ready() == set()
    async with transaction(resources.database) as session:
        older = update(Notice).where(Notice.reference == reference, Notice.kind == "emergency")
        await session.execute(older.values(created_at=func.now() - delivery.GATHER))
    assert await ready() == {"emergency", "acknowledgement"}
