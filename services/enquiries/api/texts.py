"""The route by which GOV.UK Notify brings text messages that people sent us."""

from typing import Annotated

from services.enquiries.schemas.mail import MailOut
from services.enquiries.schemas.texts import NotifyText
from services.enquiries.service import texts
from shared.caller import PROVIDER
from shared.errors import Unavailable
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.problems import problems
from shared.work import UnitOfWork

router = routes_of(prefix="/v1/callbacks/notify/inbound", tags=["callbacks"])

Provider = Annotated[UnitOfWork, requires(PROVIDER)]


@router.post(
    "", status_code=201, summary="Take a text message of GOV.UK Notify in", responses=problems(Unavailable)
)
async def take_text_in(body: NotifyText, work: Provider) -> MailOut:
    """Take in a text message: it opens an enquiry or joins the case it quotes, however often it comes."""
    return MailOut.of(await texts.take_in(work, body))
