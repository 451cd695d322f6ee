"""The service of anti-social behaviour: `python -m deploy.serve services.asb.main:app 8105`."""

from functools import partial

from services import asb
from services.asb.api import ROUTERS
from services.asb.consumer import CONSUMES
from services.asb.models import AsbCase, Attachment
from services.asb.policy import LIFECYCLE
from services.asb.service import estate_issues, referrals
from services.asb.service.mail import keep_words
from shared.app import Service, create_app
from shared.cases.mail.joining import Mailbox
from shared.cases.queries import Owned
from shared.cases.routers import internal_router

OWNED: Owned = {AsbCase: LIFECYCLE.ended}

SERVICE = Service(
    name="asb",
    title="Anti-social behaviour",
    description=asb.__doc__ or "",
    owned=OWNED,
    routers=(
        *ROUTERS,
        internal_router(OWNED, mailbox=Mailbox(AsbCase, Attachment, keep_words)),
    ),
    consumes=CONSUMES,
    workers=(("referrals", referrals.run), ("estate-issues", estate_issues.run)),
    asks={"referrals": referrals.COMPLAINTS, "estate-issues": estate_issues.ESTATES},
)

app = partial(create_app, SERVICE)
