"""The route by which mail comes in."""

from typing import Annotated, Any

from services.enquiries.schemas.mail import MailOut
from services.enquiries.service import mail
from shared.caller import OFFICER
from shared.errors import Unavailable
from shared.http.auth import requires
from shared.http.bodies import FileBody, Upload, file_body
from shared.http.case_route import routes_of
from shared.http.problems import problems
from shared.work import UnitOfWork

MEDIA_TYPES = ("message/rfc822",)
MOST_BYTES = 32 * 1024 * 1024
MAIL_BODY: dict[str, Any] = {"requestBody": FileBody(MEDIA_TYPES, MOST_BYTES).described}

router = routes_of(prefix="/v1/mail", tags=["mail"])

MailSystem = Annotated[UnitOfWork, requires(OFFICER, scope="mail")]
Mail = Annotated[Upload, file_body(MEDIA_TYPES, most=MOST_BYTES)]


@router.post(
    "",
    status_code=201,
    summary="Take a mail in",
    responses=problems(Unavailable),
    openapi_extra=MAIL_BODY,
)
async def take_mail_in(file: Mail, work: MailSystem) -> MailOut:
    """Take in a message (RFC 5322): it opens an enquiry or joins the one it quotes; a machine's is filed."""
    return MailOut.of(await mail.take_in(work, file))
