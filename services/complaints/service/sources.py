"""Complaints made from another service's case, once each: an enquiry, feedback, a survey's answers."""

import asyncio
from collections.abc import Mapping, Sequence

from pydantic import ConfigDict

from services.complaints import queries
from services.complaints.events import About, AccessChanged
from services.complaints.models import Complaint, Source
from services.complaints.schemas.receipt import NewComplaint
from services.complaints.service.receiving import open_complaint, received
from shared.app_state import AppState
from shared.cases.asking import POLL_SECONDS, ask_due
from shared.cases.contact import Contact, unless_corrected
from shared.cases.property import Property
from shared.cases.queries import get_for_update
from shared.cases.schemas import Channel, RequestModel
from shared.cases.words import Words
from shared.events import Event
from shared.work import UnitOfWork, unit_of_work

ABOUT: Mapping[str, About] = {each: each for each in About if each is not About.STAFF}
"""By the service that it is about, as other services name it; whatever is not here is another service."""

ONCE = 0
"""Instead of the sequence of answers: the case itself was made a complaint, which it is once."""

NOT_KNOWN_YET = "The words of the complaint are with the case that it was made from, and are being asked for."


NOBODY_YET = Contact.model_construct(safe_to_contact=False)
ASB = "asb"


class SourceWords(RequestModel):
    """The complaint in its maker's words, as the other service kept them; anything more is left unread."""

    model_config = ConfigDict(extra="ignore")

    description: Words
    contact: Contact
    property: Property | None = None


class SourceAccess(RequestModel):
    """The digests of those from whom the case is kept, as of the sequence of its latest event."""

    model_config = ConfigDict(extra="ignore")

    kept_from: list[str]
    as_of: int


async def take_in(work: UnitOfWork, made: Sequence[Event]) -> None:
    """Open a complaint for each case or answers made one, and none yet; its clocks count from the wish."""
    told = {(event.reference, int(event.facts.get("answers", ONCE))): event for event in made}
    known = await queries.known_sources(work, told.keys())
    for reference, answers in sorted(told.keys() - known):
        event = told[reference, answers]
        # nothing of the maker is known here before the other service was asked
        about = ABOUT.get(event.facts.get("about", event.service), About.OTHER_SERVICE)
        body = NewComplaint.model_construct(
            about=about,
            description=NOT_KNOWN_YET,
            channel=Channel.OFFICER,
            contact=NOBODY_YET,
            received_at=min(event.occurred_at, work.now),
        )
        complaint = open_complaint(work, body, about=about, made_from=reference)
        complaint.resident = event.facts.get("resident")
        complaint.kept_from, complaint.kept_from_as_of = event.facts.get("kept_from"), event.sequence
        work.record(complaint, received(complaint), at=complaint.received_at)
        await work.session.flush()
        source = Source(
            source=reference,
            answers=answers,
            service=event.service,
            complaint=complaint.reference,
            ask_again_at=work.now,
        )
        work.add(source)


async def keep_from(work: UnitOfWork, changed: Sequence[Event]) -> None:
    """Keep complaints from whoever the cases that they were made from are kept from now."""
    latest = {event.reference: event for event in sorted(changed, key=lambda event: event.sequence)}
    for complaint in await queries.made_from(work, latest.keys()):
        event = latest[str(complaint.made_from)]
        _keep_from(work, complaint, event.facts["kept_from"], event.sequence)


def _keep_from(work: UnitOfWork, complaint: Complaint, kept_from: list[str], as_of: int) -> None:
    """Keep a complaint from these, unless what is known of its case is later."""
    if as_of <= (complaint.kept_from_as_of or 0):
        return
    complaint.kept_from_as_of, before = as_of, complaint.kept_from or []
    complaint.kept_from = kept_from
    if kept_from != before:
        work.record(complaint, AccessChanged(kept_from=kept_from))


async def ask_about(state: AppState, source: Source) -> None:
    """Ask the other service for the words of a complaint, and from whom it is kept; what is corrected stands.

    Events say from whom, too; but one may have come before the complaint was there. Raises httpx.HTTPError
    when it is away or refuses, ValueError for an answer that cannot be read.
    """
    about = {} if source.answers == ONCE else {"answers": source.answers}
    answer = await state.services.get(source.service, f"/internal/complaints/{source.source}", **about)
    words = SourceWords.model_validate_json(answer.raise_for_status().content)
    access = await _access(state, source) if source.service == ASB else None
    async with unit_of_work(state) as work:
        complaint = await get_for_update(work, Complaint, source.complaint)
        if complaint.description == NOT_KNOWN_YET:
            complaint.description = words.description
        complaint.contact = unless_corrected(complaint.contact, words.contact, at_first=NOBODY_YET.kept())
        if words.property is not None and not complaint.property:
            complaint.property = words.property.model_dump(mode="json", exclude_none=True)
        if access is not None:
            _keep_from(work, complaint, access.kept_from, access.as_of)
        await queries.note_answered(work, source.source, source.answers)


async def _access(state: AppState, source: Source) -> SourceAccess:
    answer = await state.services.get(source.service, f"/internal/access/{source.source}")
    return SourceAccess.model_validate_json(answer.raise_for_status().content)


async def ask_enquiries(state: AppState) -> None:
    """Ask enquiries until cancelled."""
    await _ask(state, "enquiries")


async def ask_asb(state: AppState) -> None:
    """Ask asb until cancelled."""
    await _ask(state, ASB)


async def _ask(state: AppState, service: str) -> None:
    while True:
        await ask_due(state, Source, ask_about, queries.of_service(service))
        await asyncio.sleep(POLL_SECONDS)
