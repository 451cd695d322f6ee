"""Presenting enquiries: each with its deadlines, and the acts that the caller may do now."""

from collections.abc import Sequence

from services.enquiries.models import Enquiry
from services.enquiries.policy.enquiry import LIFECYCLE, WHAT_IT_IS, Kind
from services.enquiries.queries import enquiry as queries
from services.enquiries.schemas.answers import EnquiryOut, MessageOut
from services.enquiries.service.judging import situation_of
from shared.caller import Role
from shared.cases.access import reference_shown
from shared.cases.deadlines import deadlines_of
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words
from shared.http.paging import Page, PageRequest
from shared.standards.deadlines import Deadline
from shared.work import UnitOfWork, Work


async def present(work: Work, *enquiries: Enquiry) -> list[EnquiryOut]:
    """Enquiries that the caller sees."""
    promised = await deadlines_of(work, [enquiry.reference for enquiry in enquiries])
    return [_shown(work, enquiry, promised[enquiry.reference]) for enquiry in enquiries]


async def present_one(work: Work, enquiry: Enquiry) -> EnquiryOut:
    """One enquiry that the caller sees, or that came in just now."""
    if isinstance(work, UnitOfWork):
        await work.session.flush()  # for the instant of its change
    [shown] = await present(work, enquiry)
    return shown


async def present_messages(work: UnitOfWork, reference: str, page: PageRequest) -> Page[MessageOut]:
    """A page of what was written to and fro about an enquiry that the caller sees; raises NotFound."""
    enquiry = await queries.enquiry(work, reference)
    written, following = await queries.messages(work, enquiry.reference, page)
    files = await queries.attachments_of(work, enquiry.reference, [each.number for each in written])
    return Page(items=[MessageOut.of(each, files[each.number]) for each in written], next=following)


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that an enquiry allows the caller now; asked after an act on it was refused."""
    enquiry = await queries.enquiry(work, reference)
    promised = await deadlines_of(work, [enquiry.reference])
    return _allowed(work, enquiry, promised[enquiry.reference])


def _allowed(work: Work, enquiry: Enquiry, promises: Sequence[Deadline]) -> list[str]:
    return sorted(LIFECYCLE.allowed(work.caller.roles, situation_of(enquiry, promises, work.now)))


def _shown(work: Work, enquiry: Enquiry, promises: Sequence[Deadline]) -> EnquiryOut:
    acts, to_officer = _allowed(work, enquiry, promises), work.caller.is_a(Role.OFFICER)
    summary = in_words(WHAT_IT_IS[Kind(enquiry.kind)], enquiry)
    common = common_fields(enquiry, promises, work.now, acts, summary=summary, to_officer=to_officer)
    kept = EnquiryOut.kept(enquiry) | {"about_reference": reference_shown(work, enquiry.about_reference)}
    return EnquiryOut(**common, **kept)
