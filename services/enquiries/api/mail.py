"""The routes of mail: it comes in, and what belongs to no case is read."""

from typing import Annotated, Any

from services.enquiries.queries import mail as queries
from services.enquiries.schemas.mail import FiledMailOut, MailOut
from services.enquiries.service import mail
from shared.caller import OFFICER
from shared.cases.mail.joining import MEDIA_TYPES, MOST_BYTES
from shared.errors import Unavailable
from shared.http.auth import requires
from shared.http.bodies import FileBody, Upload, file_body
from shared.http.case_route import routes_of
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

MAIL_BODY: dict[str, Any] = {"requestBody": FileBody(MEDIA_TYPES, MOST_BYTES).described}

router = routes_of(prefix="/v1/mail", tags=["mail"])

MailSystem = Annotated[UnitOfWork, requires(OFFICER, scope="mail")]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
Mail = Annotated[Upload, file_body(MEDIA_TYPES, most=MOST_BYTES)]


@router.post(
    "",
    status_code=201,
    summary="Take a mail in",
    responses=problems(Unavailable),
    openapi_extra=MAIL_BODY,
)
async def take_mail_in(file: Mail, work: MailSystem) -> MailOut:
    """Take in a message (RFC 5322): it opens an enquiry or joins the case it quotes; a machine's is filed."""
    return MailOut.of(await mail.take_in(work, file))


@router.get("", summary="Mails and text messages that belong to no case")
async def list_filed_mails(work: Officer, page: Paging) -> Page[FiledMailOut]:
    """Those of machines, and letters of ours that came back, the latest first; for officers of enquiries."""
    rows, following = await queries.of_no_case(work, page)
    return Page(items=[FiledMailOut.of(row) for row in rows], next=following)
