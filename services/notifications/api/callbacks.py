"""The routes by which providers call back: what became of a letter that they took."""

from typing import Annotated

from services.notifications.api.callbacks_schemas import Heard, NotifyReceipt
from services.notifications.notices import receipts
from shared.caller import PROVIDER
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.work import UnitOfWork

router = routes_of(prefix="/v1/callbacks/notify", tags=["callbacks"])

Provider = Annotated[UnitOfWork, requires(PROVIDER)]


@router.post("/receipts", status_code=201, summary="Take a delivery receipt of GOV.UK Notify")
async def take_receipt(body: NotifyReceipt, work: Provider) -> Heard:
    """Twice, late, out of order, or of a message that is none of ours: it is always taken."""
    state, failure = body.state()
    return Heard(changed=await receipts.hear(work, str(body.id), body.letter(), state, failure, body.status))
