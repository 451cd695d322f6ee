"""The routes of enquiries."""

from typing import Annotated

from fastapi import Body, Depends, Path, Response

from services.enquiries.models import Attachment, Enquiry
from services.enquiries.policy.enquiry import LIFECYCLE, Action
from services.enquiries.queries import enquiry as queries
from services.enquiries.schemas.acts import (
    Acknowledgement,
    Assignment,
    Closure,
    ComplaintWanted,
    HoldingReply,
    NeedMet,
    NeedTold,
    Referral,
    Reply,
    Response as FullAnswer,
    TimeExtension,
)
from services.enquiries.schemas.answers import EnquiryOut, MessageOut
from services.enquiries.schemas.receipt import EnquiryFilters, NewEnquiry
from services.enquiries.service import answering, information, receiving
from services.enquiries.service.handing_over import handover
from services.enquiries.service.presenting import allowed, present, present_messages, present_one
from services.enquiries.service.writing import written_letter
from shared.caller import FRONTEND, OFFICER, RESIDENT, SERVICE
from shared.cases.attachments.routers import TO_BE_SAVED, attachments_router
from shared.cases.contact import ContactCorrection
from shared.cases.handover import Handover
from shared.cases.reasons import ReasonOut, Reasons
from shared.cases.routers import Reference, action, case_router
from shared.cases.schemas import WrittenLetter
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.case_route import routes_of
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import Creation, UnitOfWork

router = case_router("/v1/enquiries", tags=["enquiries"], allowed=allowed)
attachments = attachments_router(
    "/v1/enquiries",
    Attachment,
    find=queries.enquiry,
    find_for_update=queries.enquiry_for_update,
    allowed=allowed,
    tags=["enquiries"],
    brought=Enquiry,
)

internal = routes_of(prefix="/internal", tags=["internal"])

Notifier = Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
Sequence = Annotated[int, Path(ge=1, description="The sequence of the event that it tells of")]
Enquirer = Annotated[Creation, requires(RESIDENT | FRONTEND | OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
Assigner = Annotated[UnitOfWork, may(LIFECYCLE, Action.ASSIGNMENT)]
Acknowledger = Annotated[UnitOfWork, may(LIFECYCLE, Action.ACKNOWLEDGEMENT)]
Holder = Annotated[UnitOfWork, may(LIFECYCLE, Action.HOLDING_REPLY)]
Referrer = Annotated[UnitOfWork, may(LIFECYCLE, Action.REFERRAL)]
NeedTeller = Annotated[UnitOfWork, may(LIFECYCLE, Action.NEED)]
NeedRecorder = Annotated[UnitOfWork, may(LIFECYCLE, Action.NEED_MET)]
Extender = Annotated[UnitOfWork, may(LIFECYCLE, Action.EXTENSION)]
Responder = Annotated[UnitOfWork, may(LIFECYCLE, Action.RESPONSE)]
Replier = Annotated[UnitOfWork, may(LIFECYCLE, Action.REPLY)]
Complainer = Annotated[UnitOfWork, may(LIFECYCLE, Action.COMPLAINT)]
Closer = Annotated[UnitOfWork, may(LIFECYCLE, Action.CLOSURE)]
Corrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONTACT)]
Number = Annotated[int, Path(ge=1, le=100_000, description="The number in its list")]

# what has nothing to say but its time may come without a body
AcknowledgementBody = Annotated[Acknowledgement, Body(default_factory=Acknowledgement)]
ComplaintBody = Annotated[ComplaintWanted, Body(default_factory=ComplaintWanted)]
NeedMetBody = Annotated[NeedMet, Body(default_factory=NeedMet)]
DOWNLOADED = {
    "description": "The file as it came",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


@router.post("", status_code=201, summary="Ask something, or ask for information")
async def make_enquiry(body: NewEnquiry, work: Enquirer) -> EnquiryOut:
    """Say how it came in, and what was told by word of mouth; sections 2 to 5, and the information laws."""
    return await present_one(work, await receiving.receive(work, body))


@router.get("", summary="Enquiries that the caller may see")
async def list_enquiries(
    work: Reader, page: Paging, filters: Annotated[EnquiryFilters, Depends()]
) -> Page[EnquiryOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await queries.listed(work, filters, page)
    return Page(items=await present(work, *rows), next=following)


@router.get("/{reference}", summary="One enquiry", responses=problems(NotFound))
async def read_enquiry(reference: Reference, work: Reader) -> EnquiryOut:
    """An enquiry with its dates, and what was told about it."""
    return await present_one(work, await queries.enquiry(work, reference))


@router.get("/{reference}/messages", summary="What was written to and fro", responses=problems(NotFound))
async def list_enquiry_messages(reference: Reference, work: Reader, page: Paging) -> Page[MessageOut]:
    """The messages in order, word for word, with the files that came with them."""
    return await present_messages(work, reference, page)


@router.get(
    "/{reference}/messages/{message}/attachments/{number}",
    summary="A file that came with a message",
    response_class=Response,
    responses={**problems(NotFound), 200: DOWNLOADED},
)
async def download_enquiry_message_attachment(
    reference: Reference, message: Number, number: Number, work: Reader
) -> Response:
    """Sent to be saved, and never to be run or shown as part of a page."""
    enquiry = await queries.enquiry(work, reference)
    kept = await queries.attachment(work, enquiry.reference, message, number)
    headers = {"Content-Disposition": "attachment", **TO_BE_SAVED}
    return Response(kept.content, media_type="application/octet-stream", headers=headers)


@router.post("/{reference}/assignment", **action("Give an enquiry to an officer"))
async def assign_enquiry(reference: Reference, body: Assignment, work: Assigner) -> EnquiryOut:
    """Give it to an officer; with one of another department it goes there."""
    return await present_one(work, await receiving.assign(work, reference, body))


@router.post("/{reference}/acknowledgement", **action("Write who deals with an enquiry"))
async def acknowledge_enquiry(
    reference: Reference, body: AcknowledgementBody, work: Acknowledger
) -> EnquiryOut:
    """It counts once the letter is delivered."""
    return await present_one(work, await answering.acknowledge(work, reference, body))


@router.post("/{reference}/holding-reply", **action("Tell that the full answer takes longer"))
async def hold_enquiry(reference: Reference, body: HoldingReply, work: Holder) -> EnquiryOut:
    """Send a holding reply; before the day that was promised, it moves that day to the one it gives."""
    return await present_one(work, await answering.hold(work, reference, body))


@router.post("/{reference}/referral", **action("Pass an enquiry on"))
async def refer_enquiry(reference: Reference, body: Referral, work: Referrer) -> EnquiryOut:
    """Refer it to the service that will help, with a date."""
    return await present_one(work, await answering.refer(work, reference, body))


@router.post("/{reference}/need", **action("Ask for what is needed before the answer"))
async def tell_enquiry_need(reference: Reference, body: NeedTold, work: NeedTeller) -> EnquiryOut:
    """A clarification, a proof of identity, or a fee, as the law on the request has it."""
    return await present_one(work, await information.tell_need(work, reference, body))


@router.post("/{reference}/need/met", **action("Record that what was needed is there"))
async def meet_enquiry_need(reference: Reference, body: NeedMetBody, work: NeedRecorder) -> EnquiryOut:
    """The time goes on, or begins anew, as the law on the request has it."""
    return await present_one(work, await information.meet_need(work, reference, body))


@router.post("/{reference}/extension", **action("Tell that the law gives longer"))
async def extend_enquiry(reference: Reference, body: TimeExtension, work: Extender) -> EnquiryOut:
    """Once, and before the last day is past."""
    return await present_one(work, await information.extend(work, reference, body))


@router.post("/{reference}/response", **action("Answer an enquiry in full"))
async def answer_enquiry(reference: Reference, body: FullAnswer, work: Responder) -> EnquiryOut:
    """Send a holding reply to an enquiry that cannot be answered in full yet."""
    return await present_one(work, await answering.respond(work, reference, body))


@router.post("/{reference}/reply", **action("Write back"))
async def reply_to_enquiry(reference: Reference, body: Reply, work: Replier) -> EnquiryOut:
    """Take in what the resident writes back; after the answer the enquiry is taken up again."""
    return await present_one(work, await answering.reply(work, reference, body))


@router.post("/{reference}/complaint", **action("Make an enquiry a complaint as well"))
async def complain_by_enquiry(reference: Reference, body: ComplaintBody, work: Complainer) -> EnquiryOut:
    """Once; the enquiry goes on beside it."""
    return await present_one(work, await answering.make_complaint(work, reference, body))


@router.post("/{reference}/closure", **action("End an enquiry without an answer"))
async def close_enquiry(reference: Reference, body: Closure, work: Closer) -> EnquiryOut:
    """Its promises fall away."""
    return await present_one(work, await answering.close(work, reference, body))


@router.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_enquiry_contact(
    reference: Reference, body: ContactCorrection, work: Corrector
) -> EnquiryOut:
    """Change only the fields given; `safe_to_contact` counts at once, also for letters that are owed."""
    return await present_one(work, await answering.correct_contact(work, reference, body))


@router.get("/{reference}/reasons", summary="Why acts were done", responses=problems(NotFound))
async def list_enquiry_reasons(reference: Reference, work: Officer) -> Reasons:
    """The reasons in the words of those who did the acts, which no event carries."""
    return Reasons(items=[ReasonOut.of(row) for row in await queries.reasons(work, reference)])


@internal.get("/letters/{reference}/{sequence}", summary="A letter to be sent", responses=problems(NotFound))
async def read_written_letter(reference: Reference, sequence: Sequence, work: Notifier) -> WrittenLetter:
    """Asked at the moment it is sent."""
    return await written_letter(work, reference, sequence)


@internal.get("/complaints/{reference}", summary="The words of a complaint", responses=problems(NotFound))
async def read_complaint_words(reference: Reference, work: Notifier) -> Handover:
    """Asked by complaints, of an enquiry or feedback that was made one."""
    return handover(await queries.made_complaint(work, reference))
